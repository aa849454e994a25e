"""The conventions of the notebooks: facts, sources, the index, and their checks.

Numbers in prose
----------------
A number in a markdown cell that states a result is followed at once by an HTML
comment that names the value::

    Goods turnover reached 319<!--record_goods--> million US dollars.

The comment is invisible in JupyterLab and in exports.  A code cell of the same
section (from one heading of level 1 or 2 to the next heading of level 1 or 2)
prints the value under that name, or asserts it::

    facts("USD million", record_goods=turnover["value"].max())
    # prints: record_goods = 319 USD million

    assert record_goods == 319

`prose_numbers` compares the number in the sentence with the printed or asserted
value, at the precision of the sentence: 2.7 agrees with 2.66, 319 with 319.0,
14,000 with 14000.  Trailing zeros count: a sentence that says 14,000 for 13,962
binds the rounded value, ``facts(about=round(total, -3))``.  Scale words belong to the
prose, nothing is converted: for "1.4 Mt" bind 1.4, for "35 percent" bind 35.  A minus
sign (− or a hyphen) counts.  A number word may be bound too, ``eleven<!--signed-->``,
but need not be.  The comment stands directly behind the digits, or behind ``%``, an
ordinal ending or closing emphasis: ``35 %<!--share-->``, ``**319**<!--goods-->``.

What needs no name (with a comment it is checked all the same):

- years 1900-2100 that are plainly years (not "2000 tractors", "more than 2000",
  "USD 2000"), decades (the 1990s), ranges (2006–2023, 2006–23), academic years
  (2016/17), dates (30 March 2017, 29–31 March, 2017-03-30);
- ordinals (1st, 4th), numbers of list items and headings (``## 1. Trade``), references
  (section 3, step 2, table 1, exercise 4, cell 5, page 7, decree No. 145);
- codes behind their classification (SITC 7, HS 8701, ISO 3166), notebook names
  (01_trade), names written with letters and a hyphen (MTZ-82) or without a gap (G20);
- code (fenced or inline, unless the code is a bare number), formulas, link targets,
  HTML tags and footnote marks;
- the part **Time.** of the first cell.

A period can be bound as well: ``2013<!--record_year-->`` with
``facts(record_year="2013")``; an academic year prints as 2016/2017, a range as
2006..2023, a date as 2017-03-30.

The other rules are the functions of `RULES`; each takes a notebook and yields
messages, and `problems` runs them.  Only reading notebooks needs nbformat, so
``from partnership.notebooks import facts`` stays light.
"""

from __future__ import annotations

import ast
import base64
import difflib
import html
import math
import numbers
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = [
    "RULES",
    "facts",
    "headline",
    "index_table",
    "is_current",
    "numbers_in",
    "problems",
    "sources_used",
    "write_index",
]


class _Pattern:
    """A regular expression, compiled when first used.

    Compiling them all takes longer than the rest of the import, and a notebook that
    calls `facts` needs one of them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        return getattr(re.compile(self.pattern, self.flags), name)  # re caches it


# --------------------------------------------------------------------------------------
# What notebooks call: facts and sources


def facts(unit: str = "", /, **values: Any) -> None:
    """Print named values, one line each, for the sentences of a section.

    Parameters
    ----------
    unit : str, optional
        Unit of all values, as in ``facts("USD million", goods=319.0)``.
    **values : number, date or period
        One number each (Python or NumPy); or a date, or a period as text
        (``"2013"``, ``"2016/2017"``, ``"2017-03-30"``, ``"2006..2023"``).

    Raises
    ------
    TypeError
        If a value is not one number, date or period, or no value is given.
    ValueError
        If a value is missing or infinite.

    Notes
    -----
    Integers print in full, other numbers with six significant digits and at least two
    decimals, so that the last digits of a float never make an output differ.

    Examples
    --------
    >>> facts("USD million", record_goods=319.0, change=-12.345678)
    record_goods = 319 USD million
    change = -12.3457 USD million
    >>> facts(record_year="2013")
    record_year = 2013
    """
    if not isinstance(unit, str):
        raise TypeError(f"facts() takes names, facts(total={unit!r}), and a unit first")
    if not values:
        raise TypeError("facts() needs at least one named value: facts(total=319)")
    for name, value in values.items():
        print(f"{name} = {_printed(name, value)} {unit}".rstrip())


_PERIOD = _Pattern(
    r"\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?(?:\.\.\d{4}(?:/\d{4}|-\d\d(?:-\d\d)?)?)?"
)


def _printed(name: str, value: Any) -> str:
    """One value as `facts` prints it."""
    if hasattr(value, "isoformat"):  # a date; pandas' NaT gives "NaT", not a period
        value = value.isoformat()[:10]
    if isinstance(value, str):
        if _PERIOD.fullmatch(value):
            return value
        raise TypeError(f"{name} = {value!r}: facts() prints numbers, dates, periods")
    is_bool = type(value).__name__ in ("bool", "bool_")
    # A one-element Series has __float__ as well, but a sentence needs one number.
    if is_bool or not hasattr(value, "__float__") or hasattr(value, "__len__"):
        kind = type(value).__name__
        raise TypeError(f"{name}: facts() prints one number a name, not a {kind}")
    if isinstance(value, numbers.Integral):
        return str(int(value))
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name} = {number}: a sentence cannot rest on this value")
    if number == 0 or number.is_integer():
        return str(int(number))
    decimals = max(2, 5 - math.floor(math.log10(abs(number))))
    text = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class SourceTable:
    """The table that `sources_used` returns: HTML for readers, text for the rest."""

    columns = ("publisher", "title", "published", "kind", "url")

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        lines = ["Sources used in this notebook"]
        for row in self.rows:
            parts = [row["publisher"], row["title"], row["published"], row["kind"]]
            text = ", ".join(part for part in parts if part)
            lines.append(f"{row['source_id']}: {text} {row['url']}".rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        # JupyterLab sets the cells of tables to the right; titles read from the left.
        left = ' style="text-align: left"'
        heads = ("Id", "Publisher", "Title", "Date", "Kind")
        head = "".join(f'<th scope="col"{left}>{name}</th>' for name in heads)
        lines = ["<table>", "<caption>Sources used in this notebook</caption>"]
        lines += [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
        for row in self.rows:
            safe = {key: html.escape(value) for key, value in row.items()}
            title = safe["title"] or safe["source_id"]
            if safe["url"]:
                title = f'<a href="{safe["url"]}">{title}</a>'
            cells = (safe["publisher"], title, safe["published"], safe["kind"])
            body = "".join(f"<td{left}>{cell}</td>" for cell in cells)
            key = f'<th scope="row"{left}>{safe["source_id"]}</th>'
            lines.append(f"<tr>{key}{body}</tr>")
        return "\n".join([*lines, "</tbody>", "</table>"])


def sources_used(*used: Any, sources: Any = None) -> SourceTable:
    """List the sources behind frames, for the last cell of a notebook.

    Parameters
    ----------
    *used : pandas.DataFrame or str or iterable of str
        Frames with a column ``source_id`` or ``source_ids`` (joined by ";"), such as
        the results of ``series()``, ``statements()`` and ``load()``; or source ids.
    sources : pandas.DataFrame, optional
        The table of sources; by default the one of the data package.

    Returns
    -------
    SourceTable
        One row a source, sorted by id: id, publisher, title (the link), date, kind.

    Raises
    ------
    partnership.DataError
        If a source is not in the table, or a frame has no column of sources.
    ValueError
        If nothing was given.
    """
    from partnership import data  # late: reading facts and rules needs no pandas

    wanted: set[str] = set()
    for item in used:
        by_id = hasattr(item, "columns") and item.index.name == "source_id"
        wanted.update(data.source_ids(item.index if by_id else item))
    if not wanted:
        raise ValueError("sources_used() needs frames with sources, or source ids")
    if sources is None:
        table = data.sources(sorted(wanted))
    else:
        by_id = "source_id" not in sources.columns
        table = sources if by_id else sources.set_index("source_id")
        for one in sorted(wanted):
            if one not in table.index:
                raise data.nearest(one, table.index, "source")
    rows = []
    for one in sorted(wanted):
        row = {key: _plain(table.loc[one].get(key)) for key in SourceTable.columns}
        rows.append({"source_id": one} | row)
    return SourceTable(rows)


def _plain(value: Any) -> str:
    """Text of a cell; dates without time, missing values as nothing."""
    try:
        missing = value is None or bool(value != value)
    except TypeError:  # pandas.NA has no truth value
        missing = True
    if missing:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()[:10])
    return str(value).strip()


# --------------------------------------------------------------------------------------
# The index in the README

START, END = "<!-- notebooks:start -->", "<!-- notebooks:end -->"


def index_table(notebooks_dir: str | Path) -> str:
    """Table of the notebooks with the question and the answer of each.

    Parameters
    ----------
    notebooks_dir : path
        The folder of the notebooks; subfolders are left out.

    Returns
    -------
    str
        A markdown table; links start with the name of the folder.

    Raises
    ------
    ValueError
        If the first cell of a notebook has no question or no answer.
    """
    folder = Path(notebooks_dir).resolve()
    lines = ["| Notebook | Question | Answer |", "|---|---|---|"]
    for path in sorted(folder.glob("*.ipynb")):
        notebook = _read(path)
        cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        parts = dict(_parts(cells[0].source)) if cells else {}
        for name in ("Question", "Answer"):
            if name not in parts:
                raise ValueError(f"{path.name}: first cell without **{name}.**")
        row = [f"[{path.stem}]({folder.name}/{path.name})"]
        for name in ("Question", "Answer"):
            text = " ".join(_COMMENT.sub("", parts[name]).split())
            row.append(re.sub(r"(?<!\\)\|", r"\\|", text))
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def write_index(readme: str | Path, notebooks_dir: str | Path | None = None) -> bool:
    """Write the table of the notebooks into the README, between its markers.

    Parameters
    ----------
    readme : path
        A file with the lines ``<!-- notebooks:start -->`` and
        ``<!-- notebooks:end -->``.
    notebooks_dir : path, optional
        By default the folder ``notebooks`` beside the file.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    ValueError
        If a marker is missing, doubled or out of order.
    """
    path = Path(readme)
    old = path.read_text(encoding="utf-8")
    new = _with_index(path, old, notebooks_dir)
    if new != old:
        path.write_text(new, encoding="utf-8", newline="\n")
    return new != old


def headline(notebooks_dir: str | Path) -> bytes:
    """Return the first picture of the first notebook, as PNG.

    Parameters
    ----------
    notebooks_dir : path

    Raises
    ------
    ValueError
        If the first notebook has no picture.
    """
    first = min(Path(notebooks_dir).glob("*.ipynb"))
    for _, cell in _cells(_read(first), "code"):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output.data["image/png"])
    raise ValueError(f"{first.name} has no picture")


def is_current(readme: str | Path, notebooks_dir: str | Path | None = None) -> bool:
    """Whether the README holds the table that `write_index` would write."""
    path = Path(readme)
    text = path.read_text(encoding="utf-8")
    return _with_index(path, text, notebooks_dir) == text


def _with_index(readme: Path, text: str, notebooks_dir: str | Path | None) -> str:
    folder = Path(notebooks_dir or readme.resolve().parent / "notebooks")
    if re.findall(f"{START}|{END}", text) != [START, END]:
        raise ValueError(f"{readme.name}: needs one {START}, then one {END}")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n\n{index_table(folder)}\n\n{END}{after}"


# --------------------------------------------------------------------------------------
# Reading a notebook


def _read(path: str | Path) -> Any:
    import nbformat  # late: only the checks and the index need it

    return nbformat.read(str(path), as_version=4)


def _cells(notebook: Any, kind: str = "") -> list[tuple[int, Any]]:
    """Cells with their number from 1, all or those of one kind."""
    every = enumerate(notebook.cells, start=1)
    return [(n, cell) for n, cell in every if kind in ("", cell.cell_type)]


def _own(notebook: Any) -> list[tuple[int, Any]]:
    """Return the code cells, without the generated one that prepares Colab."""
    from partnership.hosting import is_colab  # late: notebooks import this module

    return [item for item in _cells(notebook, "code") if not is_colab(item[1])]


def _at(number: int, cell: Any) -> str:
    """How messages name a cell: its place, and the prompt that a reader sees."""
    if cell.cell_type == "code" and cell.get("execution_count"):
        return f"cell {number} (In [{cell.execution_count}])"
    return f"cell {number} ({cell.cell_type})"


_FILL = "\0"  # stands for hidden text: no digit, no letter, no space
_FENCE = _Pattern(
    r"^ {0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)
_CODE = _Pattern(r"(?<!`)(`+)(?!`)(?P<code>.+?)(?<!`)\1(?!`)", re.S)
_COMMENT = _Pattern(r"<!--(.*?)-->", re.S)
_HEADING = _Pattern(r" {0,3}(?P<level>#{1,6})(?:[ \t]+(?P<title>.*?))?[ \t]*#*[ \t]*$")


def _hide(pattern: _Pattern, text: str) -> str:
    """Blank what matches, keeping lengths and line ends."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", _FILL, found[0]), text)


def _headings(notebook: Any) -> Iterator[tuple[int, int, str]]:
    """Number of the cell, level and title of every heading."""
    for number, cell in _cells(notebook, "markdown"):
        for line in _hide(_FENCE, cell.source).split("\n"):
            if found := _HEADING.match(line):
                title = _COMMENT.sub("", found["title"] or "").strip()
                yield number, len(found["level"]), title


@dataclass
class _Section:
    """From one heading of level 1 or 2 to the next."""

    title: str
    prose: list[tuple[int, Any, str]] = field(default_factory=list)
    code: list[tuple[int, Any]] = field(default_factory=list)


def _sections(notebook: Any) -> list[_Section]:
    sections = [_Section("before the title")]
    for number, cell in _cells(notebook):
        if cell.cell_type == "code":
            sections[-1].code.append((number, cell))
        if cell.cell_type != "markdown":
            continue
        chunk: list[str] = []
        visible = _hide(_FENCE, cell.source).split("\n")
        for line, seen in zip(cell.source.split("\n"), visible, strict=True):
            heading = _HEADING.match(seen)
            if heading and len(heading["level"]) <= 2:
                sections[-1].prose.append((number, cell, "\n".join(chunk)))
                title = _COMMENT.sub("", heading["title"] or "").strip()
                sections.append(_Section(title))
                chunk = []
            chunk.append(line)
        sections[-1].prose.append((number, cell, "\n".join(chunk)))
    return sections


def _parts(source: str) -> list[tuple[str, str]]:
    """Paragraphs of the first cell that open with a bold word: ``**Time.** ...``."""
    found = []
    for paragraph in re.split(r"\n[ \t]*\n", source.strip()):
        if match := re.match(r"\*\*([A-Z][a-z ]+)\.\*\*\s+(.+)", paragraph, re.S):
            found.append((match[1], match[2].strip()))
    return found


def _python(source: str) -> str:
    """A code cell without its magics, for `ast`; line numbers stay."""
    lines = [
        "" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n")
    ]
    return "\n".join(lines)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(_python(source))
    except SyntaxError:
        return None


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _stdout(cell: Any) -> str:
    streams = (one for one in cell.outputs if one.output_type == "stream")
    return "".join(_text(one.text) for one in streams if one.name == "stdout")


def _shown(cell: Any) -> Iterator[tuple[str, str]]:
    """Type and text of all that a code cell shows, pictures aside."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield "text/plain", _text(output.text)
        elif output.output_type == "error":
            yield "text/plain", "\n".join(output.get("traceback", []))
        else:
            for kind, value in output.data.items():
                if not kind.startswith("image/"):
                    yield kind, _text(value)


def _pictures(cell: Any) -> Iterator[tuple[str, Any]]:
    """Type of each picture, and the output that holds it."""
    for output in cell.outputs:
        for kind in output.get("data", {}):
            if kind.startswith("image/") or kind == "application/pdf":
                yield kind, output


# --------------------------------------------------------------------------------------
# Numbers in prose


@dataclass(frozen=True)
class Number:
    """A number in prose: its text, value, place and name, and whether it needs one."""

    text: str
    value: float | None
    decimals: int
    period: str
    start: int
    name: str
    free: bool
    context: str


_SPACE = "[ \u00a0\u202f\u2009]"
_MEASURE = (
    r"million|billion|thousand|hundred|bn|mln|percent|per cent|percentage|points?"
    r"|times|dollars?|euros?|roubles?|USD|EUR|BYN|t|kt|Mt|kg|tonnes?|tons?|m|km"
    r"|kilometres?|ha|hectares?|kW|MW|GWh|bcm"
)
_THINGS = (
    r"tractors|trucks|vehicles|machines|buses|wagons|units|pieces|deliveries|students"
    r"|graduates|people|persons|places|workers|jobs|engineers|documents|visits"
    r"|agreements|observations|statements|rows|sources|products|mentions|companies"
    r"|years|months|weeks|days|hours|minutes"
)
_ADJECTIVE = r"(?:[Nn]ew|[Ff]oreign|Turkmen|Belarus(?:ian)?)[ ]"
# A number before one of these counts something: no year, no reference, no code.
_COUNTED = _Pattern(
    rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_ADJECTIVE})?(?:{_MEASURE}|{_THINGS})\b"
)
_MEASURED = _Pattern(rf"{_SPACE}?%|(?:{_SPACE}|-)?(?:{_MEASURE})\b")
_AMOUNT = _Pattern(
    r"(?:[$€£]|\b(?:USD|EUR|BYN|TMT|RUB)|\b(?:[Mm]ore|[Ll]ess|[Ff]ewer) than"
    r"|\b(?:[Aa]lmost|[Nn]early|[Rr]oughly|[Aa]pproximately|[Ss]ome|[Tt]otal of))"
    rf"{_SPACE}?$"
)
_NUMBER = _Pattern(
    r"(?:(?<![^\W_])(?P<sign>[-−–+])[$€£]?)?"
    r"(?:(?<![^\W_])|(?<=USD)|(?<=EUR)|(?<=BYN)|(?<=TMT)|(?<=RUB))"
    r"(?P<digits>[0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)*"
    r"|[0-9]+(?:\.[0-9]+)*|(?<![0-9])\.[0-9]+)"
)
# What may stand between a number and its comment.
_TAIL = _Pattern(r"(?:st|nd|rd|th|s)?(?:" + _SPACE + r"?%)?[*_`]{0,3}")
_YEAR = r"(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_MONTH = rf"(?P<month>{_MONTH}|Sept)\b\.?"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_DATE = _Pattern(
    rf"(?<![\w.,])(?:{_DAY}(?:[ ]?[–-][ ]?|[ ](?:to|and|or)[ ]))*(?P<day>{_DAY})"
    rf"\s+{_MONTH}(?:\s+(?P<year>{_YEAR})(?!\w))?"
)
_US_DATE = _Pattern(rf"\b{_MONTH}\s+(?P<day>{_DAY}),\s+(?P<year>{_YEAR})(?!\w)")
_ISO = _Pattern(rf"(?<![\w.-]){_YEAR}-(?:0[1-9]|1[0-2])(?:-{_DAY})?(?![\w-])")
_YEARS = _Pattern(
    rf"(?<![\w.,])(?P<first>{_YEAR})(?P<gap>[ ]?[–—-][ ]?|\.\.|/)"
    rf"(?P<last>{_YEAR}|[0-9]{{2}})(?!\w|[.,][0-9])"
)
_ITEM = r"[0-9][0-9.]*+"
_LABELS = [
    _Pattern(r"(?<![\w.,])[0-9]{1,3}(?:st|nd|rd|th)\b"),
    _Pattern(r"(?<!\w)[0-9]{2}_[a-z]\w*"),
    _Pattern(r"^[ \t>]*#{1,6}[ \t]+[0-9]{1,2}(?:\.[0-9]{1,2})*\.(?=\s)", re.M),
    _Pattern(
        r"\b(?:[Ss]ections?|[Ss]teps?|[Tt]ables?|[Tt]asks?|[Ee]xercises?|[Cc]hapters?"
        r"|[Cc]ells?|[Pp]ages?|[Aa]rticles?|(?<=[a-z][ ])[Nn]o\.)[ \u00a0][0-9]{1,3}+"
        rf"(?![.,]?[0-9])(?!{_COUNTED.pattern})"
    ),
    _Pattern(
        r"\b(?:HS|SITC|CN|ISIC|CPC|ISO)\b(?:[ ](?:sections?|codes?|chapters?|headings?"
        rf"|divisions?|groups?|[Rr]ev\.?|[Rr]evision))*[ \u00a0]{_ITEM}"
        rf"(?:(?:,[ ]|,?[ ](?:and|or|to)[ ]|[–-]){_ITEM}(?!{_COUNTED.pattern}))*"
    ),
    _Pattern(rf"(?<=[^\W\d_]-){_ITEM}(?!{_COUNTED.pattern})"),
    _Pattern(r"\[\^[^\]]+\]"),
]
_LINK = _Pattern(
    r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\]\[[^\]]*\]"
    r"|^ {0,3}\[[^\]^][^\]]*\]:.*$|<?\b(?:https?|doi|mailto):[^\s<>)]+>?",
    re.M,
)
_TAG = _Pattern(r"</?[A-Za-z][^<>]*>|&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
_DOLLARS = _Pattern(r"(\$\$?)((?:(?!\n[ \t]*\n)[^$])+)\1")
_BULLET = _Pattern(r"[ \t>]*(?P<item>(?P<n>[0-9]{1,2})[.)])(?=\s)")
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen", "twenty"),
)
_WORD = _Pattern(rf"\b({'|'.join(_WORDS)})[*_]{{0,3}}$", re.I)


def numbers_in(text: str) -> list[Number]:
    """Find the numbers of a markdown text, with the names that comments give them.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    list of Number
        In the order of the text.  ``free`` marks those that need no name; a number
        word appears only where a comment follows it, and a comment that names a value
        but follows no number appears with an empty text.
    """
    masked = _hide(_FENCE, text)
    # A bare number in code type is a number in prose that would like to hide.
    masked = _CODE.sub(
        lambda m: m[0] if _NUMBER.fullmatch(m["code"].strip()) else _FILL * len(m[0]),
        masked,
    )
    clean, seen, names = _without_comments(text, masked)
    for pattern in (_LINK, _TAG):
        seen = _hide(pattern, seen)
    seen = _DOLLARS.sub(lambda m: _FILL * len(m[0]) if _is_formula(m) else m[0], seen)
    spans = _free_spans(seen)
    found = []
    for match in _NUMBER.finditer(seen):
        start, end = match.span("digits")
        span = next((s for s in spans if s[0] <= start and end <= s[1]), None)
        period = ""
        ends = {end}
        if span and not re.search("[0-9]", seen[end : span[1]]):
            period = span[2]
            ends.add(span[1])
        name = ""
        for place in sorted(ends):
            for at in range(place, _TAIL.match(seen, place).end() + 1):
                name = name or names.pop(at, "")
        free = span is not None
        if not free and _is_year(seen, match):
            free, period = True, match["digits"]
        digits = re.sub(r"[^0-9.]", "", match["digits"])
        value = float(digits) if digits.count(".") < 2 else None
        if value is not None and match["sign"] and match["sign"] != "+":
            value = -value
        decimals = len(digits.partition(".")[2])
        found.append(
            Number(
                match[0],
                value,
                decimals,
                period,
                start,
                name,
                free,
                _context(clean, match.start(), end),
            )
        )
    for at, name in names.items():
        word = _WORD.search(seen[:at])
        place = word.start() if word else at
        if word or name.isidentifier():  # any other comment is just a comment
            found.append(
                Number(
                    word[1] if word else "",
                    float(_WORDS.index(word[1].lower())) if word else None,
                    0,
                    "",
                    place,
                    name,
                    False,
                    _context(clean, place, at),
                )
            )
    return sorted(found, key=lambda number: number.start)


def _without_comments(text: str, masked: str) -> tuple[str, str, dict[int, str]]:
    """Text and masked text without comments, and the comments by their place there."""
    clean, seen, names, last, removed = [], [], {}, 0, 0
    for match in _COMMENT.finditer(masked):
        clean.append(text[last : match.start()])
        seen.append(masked[last : match.start()])
        place, name = match.start() - removed, match[1].strip()
        names[place] = f"{names[place]} {name}" if place in names else name
        removed += len(match[0])
        last = match.end()
    return "".join([*clean, text[last:]]), "".join([*seen, masked[last:]]), names


def _context(text: str, start: int, end: int, width: int = 30) -> str:
    left = text[max(0, start - width) : start]
    right = text[end : end + width]
    if start > width:
        left = "…" + left.partition(" ")[2]
    if end + width < len(text):
        right = right.rpartition(" ")[0] + "…"
    return " ".join(f"{left}{text[start:end]}{right}".split())


def _is_formula(match: re.Match[str]) -> bool:
    """Whether the text between dollar signs is a formula and not prose."""
    mark, inside = match.groups()
    if mark == "$$":
        return True
    words = re.search(r"(?<![\\{A-Za-z])[A-Za-z]{2,} [A-Za-z]{2,}", inside)
    return not words and not re.match(r"[\s0-9]", inside) and inside == inside.rstrip()


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Whether a number is plainly a year."""
    if match["sign"] or not re.fullmatch(_YEAR, match["digits"]):
        return False
    before = text[max(0, match.start() - 20) : match.start()]
    # "The 2013 deliveries" has a year, "2000 deliveries" has not.
    counted = _MEASURED if re.search(r"\b[Tt]he $", before) else _COUNTED
    return not (
        counted.match(text, match.end())
        or _AMOUNT.search(before)
        or text[match.end() : match.end() + 1] == "/"  # 2016/2018 is no period
        or before.endswith("/")
    )


def _free_spans(text: str) -> list[tuple[int, int, str]]:
    """Places of dates, year ranges, ordinals, references and codes, with the period."""
    spans = []
    for pattern in (_DATE, _US_DATE):
        for m in pattern.finditer(text):
            month = [name[:3] for name in _MONTHS].index(m["month"][:3]) + 1
            day = f"{month:02d}-{int(m['day']):02d}"
            spans.append((*m.span(), f"{m['year']}-{day}" if m["year"] else ""))
    for m in _ISO.finditer(text):
        spans.append((*m.span(), m[0]))
    for m in _YEARS.finditer(text):
        first, last = int(m["first"]), m["last"]
        last = int(last) if len(last) == 4 else first - first % 100 + int(last)
        if last < first and len(m["last"]) == 2:
            last += 100  # 1999/00
        academic = m["gap"] == "/"
        fits = last == first + 1 if academic else first < last <= first + 50
        if fits and not _COUNTED.match(text, m.end()):
            spans.append((*m.span(), f"{first}{'/' if academic else '..'}{last}"))
    for pattern in _LABELS:
        spans.extend((*m.span(), "") for m in pattern.finditer(text))
    return [*spans, *_bullets(text)]


def _bullets(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers of list items; a wrapped line that starts with "35." is no list."""
    place, blank, listed = 0, True, False
    for line in text.split("\n"):
        match = _BULLET.match(line)
        if match and (blank or listed or match["n"] == "1"):
            yield place + match.start("item"), place + match.end("item"), ""
            listed = True
        blank = not line.strip()
        listed = listed and not blank
        place += len(line) + 1


@dataclass(frozen=True)
class _Fact:
    """A value that a code cell prints or asserts under a name."""

    text: str
    value: float | None
    where: str


_LINE = _Pattern(r"^(?P<name>[^\W\d]\w*) = (?P<value>\S+)(?: .*)?$", re.M)


def _facts_of(section: _Section) -> dict[str, list[_Fact]]:
    """Values bound by the executed code cells of a section."""
    bound: dict[str, list[_Fact]] = {}
    for number, cell in section.code:
        failed = any(one.output_type == "error" for one in cell.outputs)
        if failed or not cell.get("execution_count"):
            continue
        where = _at(number, cell)
        for line in _LINE.finditer(_stdout(cell)):
            text = line["value"]
            if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
                fact = _Fact(text, float(text), where)
            elif _PERIOD.fullmatch(text):
                fact = _Fact(text, None, where)
            else:
                continue
            bound.setdefault(line["name"], []).append(fact)
        for name, value in _asserted(cell.source):
            bound.setdefault(name, []).append(_Fact(f"{value:g}", value, where))
    return bound


def _asserted(source: str) -> Iterator[tuple[str, float]]:
    """Names and numbers of ``assert name == 319``, ``assert round(name, 1) == 2.7``."""
    tree = _tree(source)
    for statement in tree.body if tree else []:
        if not isinstance(statement, ast.Assert):
            continue
        tests = [statement.test]
        if isinstance(statement.test, ast.BoolOp) and isinstance(
            statement.test.op, ast.And
        ):
            tests = statement.test.values
        for test in tests:
            if not (
                isinstance(test, ast.Compare)
                and len(test.ops) == 1
                and isinstance(test.ops[0], ast.Eq)
            ):
                continue
            left = test.left
            if isinstance(left, ast.Call) and ast.unparse(left.func) == "round":
                left = left.args[0]
            try:
                value = ast.literal_eval(test.comparators[0])
            except ValueError:
                continue
            if isinstance(left, ast.Name) and isinstance(value, (int, float)):
                yield left.id, float(value)


def _agrees(number: Number, fact: _Fact) -> bool:
    """Whether a sentence says what was computed, at the precision of the sentence."""
    if number.period and number.period == fact.text:
        return True
    if fact.value is None or number.value is None:
        return False
    half = 0.5 * 10.0**-number.decimals
    return abs(number.value - fact.value) <= half * (1 + 1e-9) + 1e-12 * abs(fact.value)


def prose_numbers(notebook: Any) -> Iterator[str]:
    """Check that every number of the prose agrees with a value of its section."""
    sections = _sections(notebook)
    bound = [_facts_of(section) for section in sections]
    first = next((n for n, _ in _cells(notebook, "markdown")), 0)
    for section, here in zip(sections, bound, strict=True):
        for cell_number, cell, text in section.prose:
            if cell_number == first:
                text = re.sub(
                    r"^\*\*Time\.\*\*.*?(?=\n[ \t]*\n|\Z)", "", text, flags=re.M | re.S
                )
            for number in numbers_in(text):
                message = _judge(number, section, here, sections, bound)
                if message:
                    yield f"{_at(cell_number, cell)}, section “{section.title}”: " + (
                        f"{message} [“{number.context}”]"
                    )


def _judge(
    number: Number,
    section: _Section,
    here: dict[str, list[_Fact]],
    sections: list[_Section],
    bound: list[dict[str, list[_Fact]]],
) -> str:
    """What is wrong with one number, and the way out; nothing if all is well."""
    name, text = number.name, number.text
    if not name:
        if number.free:
            return ""
        return (
            f"{text} is bound to no value: write {text}<!--name--> and, in a code cell "
            "of this section, facts(name=...)"
        )
    if not text:
        return (
            f"<!--{name}--> follows no number: put it right behind the digits, "
            f"319<!--{name}--> million"
        )
    if not name.isidentifier():
        return f"{text}<!--{name}-->: the comment behind a number must be one name"
    if name not in here:
        homes = [s.title for s, b in zip(sections, bound, strict=True) if name in b]
        if homes:
            hint = f"it is bound in section “{homes[0]}” only: repeat it here, "
        elif near := difflib.get_close_matches(name, here, n=1):
            hint = f"did you mean {near[0]}? Otherwise "
        else:
            hint = "add "
        return (
            f"{text} is named {name}, which no code cell of this section prints or "
            f"asserts; {hint}facts({name}=...)"
        )
    for fact in here[name]:
        if not _agrees(number, fact):
            return (
                f"{text} is named {name}, but {fact.where} has {name} = {fact.text}; "
                f"{_hint(number, fact)}"
            )
    return ""


def _hint(number: Number, fact: _Fact) -> str:
    value, said, text = fact.value, number.value, number.text
    if value and said:
        for factor in (100, 1e3, 1e6, 1e9):
            for scaled in (value * factor, value / factor):
                if math.isclose(scaled, said, rel_tol=0.005):
                    return (
                        "nothing is converted: bind the number in the unit of the "
                        "sentence"
                    )
        if math.isclose(value, -said, rel_tol=0.005):
            return "the sign differs: bind the number as the sentence has it"
        if text.endswith("0") and math.isclose(value, said, rel_tol=0.05):
            return "correct the sentence, or bind the rounded value, round(..., -2)"
    return "correct the sentence or the name"


# --------------------------------------------------------------------------------------
# The other rules


def well_formed(notebook: Any) -> Iterator[str]:
    """Check for a valid notebook, kernel python3, no raw or empty code cells."""
    import nbformat

    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        yield f"not a valid notebook: {str(error).splitlines()[0]}"
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if kernel != "python3":
        yield f"kernel {kernel!r} exists on one machine only: choose python3"
    for number, cell in _cells(notebook):
        if cell.cell_type == "raw":
            yield f"{_at(number, cell)}: raw cells are shown to nobody: use markdown"
        elif cell.cell_type == "code" and not cell.source.strip():
            yield f"{_at(number, cell)}: empty code cell: delete it"


def executed(notebook: Any) -> Iterator[str]:
    """Check that every code cell was run, in order, in a fresh kernel."""
    for expected, (number, cell) in enumerate(_cells(notebook, "code"), start=1):
        count = cell.get("execution_count")
        if count is None:
            yield f"{_at(number, cell)}: not executed: run all cells and save"
        elif count != expected:
            yield (
                f"{_at(number, cell)}: executed out of order, expected "
                f"In [{expected}]: restart the kernel and run all cells"
            )


def no_errors(notebook: Any) -> Iterator[str]:
    """Check that no cell failed or wrote to stderr, unless meant to, with a reason."""
    for number, cell in _cells(notebook, "code"):
        expected = "raises" in " ".join(_exempting(cell)).lower() and _reason(cell)
        for output in cell.outputs:
            if output.output_type == "error" and not expected:
                text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
                yield f"{_at(number, cell)}: ended with an error, {text}"
            elif output.output_type == "stream" and output.name == "stderr":
                first = (_text(output.text).strip().splitlines() or [""])[0]
                yield f"{_at(number, cell)}: wrote to stderr: {first[:80]}"


_MARKERS = (
    "NBVAL_IGNORE_OUTPUT",
    "NBVAL_SKIP",
    "NBVAL_RAISES_EXCEPTION",
    "PYTEST_VALIDATE_IGNORE_OUTPUT",
)
_TAGS = (
    *(m.lower().replace("_", "-") for m in _MARKERS),
    "raises-exception",
    "skip-execution",
)


def _exempting(cell: Any) -> list[str]:
    """Tags and comments by which nbval does not compare, or not run, a cell."""
    tags = [t for t in cell.metadata.get("tags", []) if str(t).lower() in _TAGS]
    return tags + [m for m in _MARKERS if re.search(rf"#\s*{m}\b", cell.source)]


def _reason(cell: Any) -> str:
    said = re.search(r"#\s*why:[ \t]*(\S.*)", cell.source)
    return str(cell.metadata.get("reason", "")).strip() or (said[1] if said else "")


def compared(notebook: Any) -> Iterator[str]:
    """Check that no cell evades the comparison of its output without a reason."""
    for number, cell in _cells(notebook, "code"):
        used = _exempting(cell)
        if used and not _reason(cell):
            yield (
                f"{_at(number, cell)}: {used[0]} without a reason: make the output "
                "stable, or say why in a comment, # why: ..."
            )


def pictures(notebook: Any) -> Iterator[str]:
    """Check that every picture is a PNG with alt text, title and sources."""
    for number, cell in _cells(notebook, "code"):
        at = _at(number, cell)
        for kind, output in _pictures(cell):
            if kind != "image/png":
                yield f"{at}: {kind} cannot be compared: show pictures as PNG"
                continue
            about = output.get("metadata", {}).get("image/png", {})
            alt, title = (str(about.get(k) or "").strip() for k in ("alt", "title"))
            listed = about.get("sources")
            shown = "use charts.show(ax, alt=...)"
            if not alt:
                yield f"{at}: picture without alt text: {shown}"
            elif len(alt) < 40:
                yield (
                    f"{at}: alt text of {len(alt)} characters ({alt!r}): say what the "
                    "picture shows, in 40 or more"
                )
            elif alt == title:
                yield f"{at}: alt text repeats the title: say what the picture shows"
            if not title:
                yield f"{at}: picture without title: {shown}"
            if not isinstance(listed, list) or not [
                s for s in listed if str(s).strip()
            ]:
                yield f"{at}: picture without sources: {shown}"
            if _text(output.data.get("text/plain", "")).startswith("<Figure"):
                yield f"{at}: the figure's size stands in the output: {shown}"


def first_picture(notebook: Any) -> Iterator[str]:
    """Check that the first picture comes within the first three code cells."""
    early = [cell for _, cell in _own(notebook)[:3]]
    if not any(True for cell in early for _ in _pictures(cell)):
        yield "no picture in the first three code cells: show the finding first"


PARTS = ("Question", "Answer", "Time", "You learn", "Data")
_ABBREVIATED = _Pattern(
    r"\b(?:c\.i\.f|f\.o\.b|e\.g|i\.e|U\.S|vs|approx|ca|Rev)\.|\bNo\.(?=\s[0-9])"
)


def first_cell(notebook: Any) -> Iterator[str]:
    """Check the first cell: title, question, answer, time, aims, data vintage."""
    if not notebook.cells or notebook.cells[0].cell_type != "markdown":
        yield "the first cell must be markdown, with the title and the answer"
        return
    source = _COMMENT.sub("", notebook.cells[0].source)
    title = _HEADING.match(source.strip().split("\n")[0])
    if not title or len(title["level"]) != 1 or not title["title"]:
        yield "cell 1 (markdown): starts without a title, # ..."
    found = _parts(source)
    parts = dict(found)
    for name in PARTS:
        if name not in parts:
            yield (
                f"cell 1 (markdown): no paragraph **{name}.** (a blank line, then "
                f"**{name}.** and its text)"
            )
    order = [name for name, _ in found if name in PARTS]
    if len(order) == len(PARTS) and order != list(PARTS):
        yield f"cell 1 (markdown): the parts must be in order: {', '.join(PARTS)}"
    if "Question" in parts and not parts["Question"].endswith("?"):
        yield "cell 1 (markdown): **Question.** does not end with a question mark"
    if "Answer" in parts:
        answer = _ABBREVIATED.sub("x", parts["Answer"])
        sentences = len(re.findall(r"[.!?]+(?=[\"”’)*_]*(?:\s|$))", answer))
        if not 1 <= sentences <= 3:
            yield (
                f"cell 1 (markdown): **Answer.** has {sentences} sentences: two are "
                "best, one to three allowed"
            )
    if "Time" in parts and not re.search(r"[0-9]+.*\b(minute|hour)", parts["Time"]):
        yield "cell 1 (markdown): **Time.** says no minutes: About 20 minutes."
    if "Data" in parts and not re.search(rf"\b{_YEAR}\b", parts["Data"]):
        yield "cell 1 (markdown): **Data.** has no date: say of when the data is"


def imports(notebook: Any) -> Iterator[str]:
    """Check that the first code cell holds all imports, and nothing is installed."""
    for place, (number, cell) in enumerate(_own(notebook)):
        at = _at(number, cell)
        command = re.search(
            r"^\s*(?:!|%%|%(?:pip|conda|run|load)\b).*", cell.source, re.M
        )
        if command:
            yield f"{at}: {command[0].strip()[:40]!r} is not Python: keep it out"
        tree = _tree(cell.source)
        if tree is None:
            if not command:
                yield f"{at}: not valid Python"
            continue
        kinds = (ast.Import, ast.ImportFrom)
        found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
        if place == 0 and not found:
            yield f"{at}: the first code cell must be the import cell"
        elif place > 0 and found:
            line = ast.unparse(found[0])
            yield f"{at}: {line!r} outside the import cell, the first code cell"


LONGEST_CELL, MOST_LINES = 10, 15


def short_cells(notebook: Any) -> Iterator[str]:
    """Check that a code cell has at most ten statements and fifteen lines.

    Statements are counted, for the formatter spreads one call over several lines;
    blank lines and comments do not count.
    """
    for number, cell in _cells(notebook, "code"):
        tree = _tree(cell.source) or ast.Module([], [])
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
        lines = [line.strip() for line in cell.source.split("\n")]
        written = sum(bool(line) and line[0] != "#" for line in lines)
        for found, allowed, what in (
            (statements, LONGEST_CELL, "statements"),
            (written, MOST_LINES, "lines of code"),
        ):
            if found > allowed:
                yield (
                    f"{_at(number, cell)}: {found} {what}, {allowed} are allowed: "
                    "split it, or move the work into the package"
                )


def headings(notebook: Any) -> Iterator[str]:
    """Check for one title, no skipped level, no empty heading."""
    titles, last = 0, 0
    for number, level, title in _headings(notebook):
        at = f"cell {number} (markdown)"
        titles += level == 1
        if level == 1 and titles == 2:
            yield f"{at}: second title of level 1, {title!r}: use ##"
        if last and level > last + 1:
            yield f"{at}: {title!r} skips from level {last} to level {level}"
        if not title:
            yield f"{at}: empty heading"
        last = level
    if titles == 0:
        yield "no title of level 1"
    for number, cell in _cells(notebook, "markdown"):
        if found := re.search(
            r"^(?![ \t]*[|>#-])(\S.*)\n=+[ \t]*$", _hide(_FENCE, cell.source), re.M
        ):
            yield f"cell {number} (markdown): write {found[1]!r} with #, not underlined"


LAST_SECTIONS = ("What we learned", "Limits", "Your turn", "Sources used")


def last_sections(notebook: Any) -> Iterator[str]:
    """Check that the last four sections are the usual ones, and not empty."""
    titles = [title for _, level, title in _headings(notebook) if level == 2]
    if tuple(titles[-4:]) != LAST_SECTIONS:
        wanted = ", ".join(f"## {title}" for title in LAST_SECTIONS)
        yield f"the last sections must be {wanted}; found {', '.join(titles[-4:])}"
    for section in _sections(notebook):
        if section.title not in LAST_SECTIONS:
            continue
        words = "".join(text for *_, text in section.prose).strip().split("\n", 1)
        if len(words) < 2 and not section.code:
            yield f"section “{section.title}” is empty"


def sources_listed(notebook: Any) -> Iterator[str]:
    """Check that the last section lists the sources, those of pictures included."""
    last = _sections(notebook)[-1]
    calls = [cell for _, cell in last.code if "sources_used(" in cell.source]
    if not calls:
        yield f"section “{last.title}” calls no sources_used(...)"
        return
    text = "\n".join(text for cell in calls for _, text in _shown(cell))
    listed = set(re.findall(r"[\w.-]*[\w-]", html.unescape(text)))
    for number, cell in _cells(notebook, "code"):
        for _, output in _pictures(cell):
            about = output.get("metadata", {}).get("image/png", {})
            for source in about.get("sources") or []:
                if str(source) not in listed:
                    yield (
                        f"{_at(number, cell)}: source {source} of the picture is not "
                        "among the sources used"
                    )


_PATH = _Pattern(
    r"(?<![\w.:/<>~-])(?:~/[\w.-]+|/[A-Za-z_][\w.-]*/[\w./-]+)|\b[A-Z]:\\\w|file://\S*"
)


def portable(notebook: Any) -> Iterator[str]:
    """Check that outputs are plain: no Styler, addresses, paths, widgets."""
    if "widgets" in notebook.metadata:
        yield "widget state in the notebook's metadata: clear it, use plain output"
    for number, cell in _cells(notebook):
        at = _at(number, cell)
        if path := _PATH.search(_LINK.sub("", cell.source)):
            yield f"{at}: absolute path {path[0]!r}: paths start at the notebook"
        if cell.cell_type != "code":
            continue
        for kind, text in _shown(cell):
            if "widget" in kind or "javascript" in kind or "<script" in text.lower():
                yield f"{at}: output of type {kind} needs scripts: use plain output"
            if kind == "text/html" and re.search(r"[\"#]T_[0-9a-f]{3,}", text):
                yield f"{at}: pandas Styler changes its ids each run: show the frame"
            elif address := re.search(r"\bat 0x[0-9A-Fa-f]+", text):
                yield f"{at}: memory address {address[0]!r} in the output: end with ;"
            if path := _PATH.search(re.sub(r"https?://[^\s\"'<>]+", "", text)):
                yield f"{at}: absolute path {path[0]!r} in the output"


def dollar_signs(notebook: Any) -> Iterator[str]:
    """Check that no paragraph has two dollar signs that are no formula.

    JupyterLab sets what stands between them as mathematics, and escaping them works
    differently in its exports, so amounts are written with USD.
    """
    for number, cell in _cells(notebook, "markdown"):
        text = _hide(_CODE, _hide(_FENCE, cell.source))
        for paragraph in re.split(r"\n[ \t]*\n", text):
            rest = _DOLLARS.sub(lambda m: "" if _is_formula(m) else m[0], paragraph)
            if len(re.findall(r"\$|&#36;|&dollar;", rest)) > 1:
                line = next(one for one in rest.split("\n") if "$" in one or "&" in one)
                yield (
                    f"{_at(number, cell)}: two dollar signs in a paragraph become a "
                    f"formula: write USD 300 million [“{line.strip()[:60]}”]"
                )


def facts_printed(notebook: Any) -> Iterator[str]:
    """Check that the output of a cell has the names of its call of facts()."""
    for number, cell in _cells(notebook, "code"):
        printed = {line["name"] for line in _LINE.finditer(_stdout(cell))}
        for node in ast.walk(_tree(cell.source) or ast.Module([], [])):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for name in [k.arg for k in node.keywords if k.arg]:
                if called == "facts" and name not in printed:
                    yield (
                        f"{_at(number, cell)}: facts({name}=...) is not in the output: "
                        "run all cells and save"
                    )


Rule = Callable[[Any], Iterator[str]]
RULES: tuple[Rule, ...] = (
    well_formed,
    executed,
    no_errors,
    compared,
    facts_printed,
    portable,
    pictures,
    first_picture,
    first_cell,
    imports,
    short_cells,
    headings,
    last_sections,
    sources_listed,
    dollar_signs,
    prose_numbers,
)
# An exercise has its own first cell and leaves the sources to the notebook it is about.
EXERCISE_RULES: tuple[Rule, ...] = tuple(
    rule
    for rule in RULES
    if rule not in (first_picture, first_cell, last_sections, sources_listed)
)


def problems(notebook: Any, rules: Iterable[Rule] = RULES) -> list[str]:
    """Check one notebook.

    Parameters
    ----------
    notebook : path or nbformat.NotebookNode
        The notebook, version 4.
    rules : iterable of functions, optional
        By default all of `RULES`; exercises keep `EXERCISE_RULES`.

    Returns
    -------
    list of str
        One message a problem: notebook, cell, what is wrong, the way out.  Cells count
        from 1, of all kinds.
    """
    name = "notebook"
    if isinstance(notebook, (str, Path)):
        name = Path(notebook).stem
        try:
            notebook = _read(notebook)
        except Exception as error:  # nbformat raises many kinds for a broken file
            first = (str(error).splitlines() or [type(error).__name__])[0]
            return [f"{name}: cannot be read as a notebook: {first[:120]}"]
    return [f"{name}: {message}" for rule in rules for message in rule(notebook)]
