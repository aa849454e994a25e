"""Text and addresses of the data where they become HTML, Markdown, CSV or a screen.

The data holds text: a title means what it says, whatever signs are in it. It is kept
and handed on as it is, and passes one of these functions once, where it is written for
a browser, a spreadsheet or a terminal. Signs that are harmless where they stand stay as
they are.
"""

import html as _html
import re
from urllib.parse import quote

_SCHEMES = re.compile(r"https?://[^/?#]|mailto:.", re.I)


# Signs that Markdown may read as markup. They become character references, which all
# readers of Markdown take for plain text, unlike a backslash before a sign.
_SIGNS = re.compile(
    r"[*`<\[\]~]"  # emphasis, code, tags, links, strikethrough
    r"|(?<!\w)_+"  # emphasis as well; inside or after a word it begins none
    r"|&(?=[#\w])"  # what may be a character reference
    r"|^(?:[-+=>#:]|\d+[.)](?= |$))"  # lists, headings, quotations
)


# Formulas are looked for in the finished page as well, where a reference has become
# its sign; a sign that stands in an element by itself begins none.
_FORMULA = re.compile(r"[$\\]")


# A cell that a spreadsheet would take for a formula; a number with a sign is none.
_SPREADSHEET = re.compile(r"[=@\t\r]|[-+](?!\d[\d.,]*%?$)")
# What moves the cursor, changes colours or turns the direction of what follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def csv(frame, *, index: bool = False, raw: bool = False) -> str:
    """Write a frame as CSV with LF, whatever the system.

    Parameters
    ----------
    frame : pandas.DataFrame
    index : bool
        With the index as first columns.
    raw : bool
        Texts as they are. By default one that a spreadsheet would run as a formula,
        since it begins with ``=``, ``+``, ``-`` or ``@``, gets an apostrophe before it;
        numbers stay numbers.

    Returns
    -------
    str
    """
    frame = frame.reset_index() if index else frame
    safe = frame if raw else frame.map(spreadsheet)
    return safe.to_csv(index=False, lineterminator="\n")


def spreadsheet(cell: object) -> object:
    """Write a cell for a spreadsheet; see `csv`."""
    if isinstance(cell, str) and _SPREADSHEET.match(cell):
        return f"'{cell}"
    return cell


def screen(text: object, instead="") -> str:
    """Write text for a terminal: without control characters, lines and tabs apart."""
    return _CONTROL.sub(instead, str(text))


def html(text: object) -> str:
    """Write text as HTML, for an element or an attribute in quotes.

    Parameters
    ----------
    text : object
        What ``str`` makes of it is written.

    Returns
    -------
    str

    Examples
    --------
    >>> html("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return _html.escape(str(text))


def markdown(text: object) -> str:
    r"""Write text as Markdown of one line, for a paragraph or the cell of a table.

    Parameters
    ----------
    text : object
        What ``str`` makes of it is written; line breaks become spaces.

    Returns
    -------
    str

    Examples
    --------
    >>> markdown("GDP (2017), per_capita & more")
    'GDP (2017), per_capita & more'
    >>> markdown("<b> [x](y) a|b")
    '&#60;b> &#91;x&#93;(y) a\\|b'
    """
    line = _SIGNS.sub(_reference, " ".join(str(text).split()))
    line = _FORMULA.sub(lambda sign: f"<span>{_reference(sign)}</span>", line)
    return line.replace("|", r"\|")


def _reference(signs: re.Match[str]) -> str:
    return "".join(f"&#{ord(sign)};" for sign in signs[0])


def address(text: object) -> str:
    """Return an address that a link may have, or nothing.

    Parameters
    ----------
    text : object
        What ``str`` makes of it is looked at.

    Returns
    -------
    str
        The address if it is an http, https or mailto one, or relative; else empty.

    Examples
    --------
    >>> address("https://example.org/a?b=c")
    'https://example.org/a?b=c'
    >>> address("javascript:alert(1)")
    ''
    """
    found = str(text)
    # Browsers drop control characters and read a backslash as a slash: such an address
    # is not what it seems.
    if not found.isprintable() or set(' \\<>"') & set(found) or found.startswith("//"):
        return ""
    if ":" in re.split("[/?#]", found)[0] and not _SCHEMES.match(found):
        return ""
    return found


def link(target: object, text: object) -> str:
    """Write a link as HTML, or the text and the target as text where none may be.

    Parameters
    ----------
    target : object
        The address; empty: there is only text.
    text : object

    Returns
    -------
    str

    Examples
    --------
    >>> link("https://example.org", "A & B")
    '<a href="https://example.org">A &amp; B</a>'
    >>> link("javascript:alert(1)", "A")
    'A (javascript:alert(1))'
    """
    if found := address(target):
        return f'<a href="{html(found)}">{html(text)}</a>'
    return html(text) + (f" ({html(target)})" if target else "")


def markdown_link(target: object) -> str:
    """Write an address as Markdown: a link if it is on the web, else text.

    Parameters
    ----------
    target : object

    Returns
    -------
    str
        A bare address, which is read as a link, if nothing in it is markup.

    Examples
    --------
    >>> markdown_link("https://example.org/a_b")
    'https://example.org/a_b'
    >>> markdown_link("https://example.org/_$_")
    '<https://example.org/_%24_>'
    """
    found, text = address(target), markdown(target)
    if text == found or not found.lower().startswith("http"):
        return text
    return f"<{quote(found, safe='/:?#@!&(),;=+%~')}>"
