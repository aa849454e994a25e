"""Change one row at a time as a careless editor would, and see who notices.

`make mutate` changes rows in a copy of the checkout, renews the hashes as
``partnership check --refresh`` does, and asks what `partnership check` finds; only
if it finds nothing, the tests that look at data run. With ``--nbval 20`` the first 20
are also held against the notebooks, which nbval runs anew. Seeded: mutation N of a seed
is the same on every machine. Each result is a line of ``.cache/mutate/*.jsonl``, and a
run that was stopped goes on where it was.

What a reader sees is used: rows that the notebooks' calls of `partnership.series` and
`partnership.statements` select, and of the other tables that they load every row.
Chosen rows are those that stand for a period. All rows of all tables are random. Named
are, without running a notebook, rows of every series whose name a notebook holds.
"""

import argparse
import collections
import contextlib
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
TESTS = "tests/study tests/verdicts tests/evidence tests/test_documents.py"
ROWS = ("used", "chosen", "named", "random")
LARGE = ("trade_world", "pair_geography", "economy_codes", "units", "languages")
NAMES = ("digit", "factor", "sign", "year", "swap", "unit", "gone", "doubled")
NAMES += ("source", "word", "speaker", "statement", "reliability", "published")
SIDES = ("reporter", "partner"), ("host", "origin"), ("from_place", "to_place")
SIDES += (("visitor_country", "host_country"),)
WORDS = ("qualifier", "stance", "date_kind", "status", "verdict", "period_type")
WORDS += ("known_by_precision", "direction", "comparison", "date_precision")


# ---- ways to change a row ----


def shifted(text, rng):
    """A period or a date, a year earlier or later."""
    step = rng.choice((-1, 1))
    return re.sub(r"\b(?:19|20)\d\d\b", lambda y: str(int(y[0]) + step), text)


def swapped(text, rng):
    """A number with two unlike digits beside each other swapped, or one changed."""
    at = [n for n in range(len(text) - 1) if text[n : n + 2].isdigit()]
    at = [n for n in at if text[n] != text[n + 1] and (text[n + 1] != "0" or n)]
    if at:
        n = rng.choice(at)
        return text[:n] + text[n + 1] + text[n] + text[n + 2 :]
    n = next(n for n, sign in enumerate(text) if sign.isdigit())
    return text[:n] + str((int(text[n]) + rng.randint(1, 8)) % 10 or 9) + text[n + 1 :]


def scaled(text, rng):
    """A number a factor 10 or 1,000 off."""
    factor = rng.choice((10, 1000, 0.1, 0.001))
    number = float(text) * factor
    return f"{number:.0f}" if number.is_integer() else f"{number:.10g}"


class Change:
    """One change of one row: file, rows afterwards, and what was done in words."""

    def __init__(self, base, table, at, way, rng):
        self.table, self.way, self.rng, self.told = table, way, rng, ""
        frame, fields = base.raw[table], base.fields(table)
        self.row = dict(frame.iloc[at])
        self.key = base.key(table)
        numbers = [f for f in fields if fields[f].get("type") in ("number", "integer")]
        numbers = [f for f in numbers if self.row[f] and f != "year"]
        dates = [f for f in fields if fields[f].get("holds") == "date"]
        dates = [f for f in (*dates, "period", "year") if self.row.get(f)]
        if way in ("digit", "factor", "sign") and numbers:
            column = "value" if "value" in numbers else rng.choice(numbers)
            old = self.row[column]
            new = {"digit": swapped, "factor": scaled}.get(way, self._sign)(old, rng)
            self._put(frame, at, {column: new})
        elif way == "year" and dates:
            column = "period" if "period" in dates else rng.choice(dates)
            self._put(frame, at, {column: shifted(self.row[column], rng)})
        elif way == "swap":
            for one, other in SIDES:
                if one in frame and self.row[one] != self.row[other]:
                    new = {one: self.row[other], other: self.row[one]}
                    self._put(frame, at, new)
        elif way == "gone":
            self.after = frame.drop(index=at)
            self.told = "row gone"
        elif way == "doubled" and len(self.key) == 1:
            again = frame.iloc[[at]].assign(**{self.key[0]: self._new_id(frame)})
            self.after = base.join([frame.iloc[: at + 1], again, frame.iloc[at + 1 :]])
            self.told = "row doubled"
        elif way in ("reliability", "published"):
            self._source(base, way)
        else:
            self._other(frame, at)

    def _other(self, frame, at):
        """Another word of the column instead of the one that is there."""
        column = {"unit": "unit", "speaker": "stated_by", "statement": "statement_id"}
        column = column.get(self.way)
        if self.way == "source":
            column = "source_id" if "source_id" in frame else "source_ids"
        if self.way == "word":
            column = self.rng.choice([w for w in WORDS if w in frame] or [None])
        if column in frame.columns:
            words = sorted({*frame[column]} - {self.row[column], ""})
            if words and self.row[column]:
                self._put(frame, at, {column: self.rng.choice(words)})

    def _source(self, base, way):
        """Change the source behind a row instead."""
        names = (self.row.get("source_id") or self.row.get("source_ids") or "").split(
            ";"
        )
        sources = base.raw["sources"]
        places = sources.index[sources["source_id"] == self.rng.choice(names)]
        if not len(places):
            return
        self.table, at = "sources", places[0]
        self.row, self.key = dict(sources.iloc[at]), ["source_id"]
        if way == "published" and self.row["published"]:
            new = shifted(self.row["published"], self.rng)
            self._put(sources, at, {"published": new})
        elif way == "reliability":
            words = {"primary", "secondary", "tertiary"} - {self.row["reliability"]}
            self._put(sources, at, {"reliability": self.rng.choice(sorted(words))})

    def _put(self, frame, at, new):
        if all(self.row[column] == cell for column, cell in new.items()):
            return
        self.after = frame.copy()
        for column, cell in new.items():
            self.after.at[at, column] = cell
        parts = [f"{c}: {self.row[c]} > {cell}" for c, cell in new.items()]
        self.told = "; ".join(parts)

    def _sign(self, text, _rng):
        return text.removeprefix("-") if text[:1] in "-0" else f"-{text}"

    def _new_id(self, frame):
        ids = frame[self.key[0]]
        letters = re.match(r"\D*", self.row[self.key[0]])[0]
        numbers = [re.search(r"\d+$", one) for one in ids if one.startswith(letters)]
        number = max((int(n[0]) for n in numbers if n), default=0) + 1
        digits = max((len(n[0]) for n in numbers if n), default=1)
        return f"{letters}{number:0{digits}}" if digits > 1 else f"{ids[0]}2"


# ---- inside of the copy ----


class Base:
    """The tables as they are, read once; a child of this process changes one."""

    def __init__(self, root):
        import pandas as pd

        from partnership import verdicts
        from partnership.evidence import totals
        from partnership.evidence.package import default
        from partnership.workshop import upkeep

        self.root, self.data, self.join = root, default(), pd.concat
        self.join = lambda frames: pd.concat(frames, ignore_index=True)
        self.raw = {
            table: self.data._raw(table, self.data._text(table))
            for table in self.data.tables()
            if table not in LARGE[:2]
        }
        self.text = (root / "data" / "datapackage.json").read_text(encoding="utf-8")
        totals.lines(self.data)  # which loads every table
        self.board, self.shown = verdicts.both(), upkeep.figures(root)

    def fields(self, table):
        fields = self.data.resource(table)["schema"]["fields"]
        return {field["name"]: field for field in fields}

    def key(self, table):
        key = self.data.resource(table)["schema"].get("primaryKey") or []
        return [key] if isinstance(key, str) else key

    def refers(self, table):
        """The table and those that name it, which are checked again."""
        kin = {table}
        for name in self.raw:
            schema = self.data.resource(name)["schema"]
            keys = [
                k["reference"].get("resource") for k in schema.get("foreignKeys") or ()
            ]
            keys += [f.get("listOf", {}).get("resource") for f in schema["fields"]]
            if table in keys or (table == "series" and "series" in self.raw[name]):
                kin.add(name)
        return [name for name in self.raw if name in kin]


def written(base, change):
    """Write a changed table, and record it as `check --refresh` does."""
    resource = base.data.resource(change.table)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(change.after.columns)
    writer.writerows(change.after.itertuples(index=False))
    content = out.getvalue().encode()
    (base.root / "data" / resource["path"]).write_bytes(content)
    descriptor = json.loads(base.text)
    (own,) = (one for one in descriptor["resources"] if one["name"] == change.table)
    digest = hashlib.sha256(content).hexdigest()
    own.update(rows=len(change.after), bytes=len(content), hash=f"sha256:{digest}")
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (base.root / "data" / "datapackage.json").write_text(text, encoding="utf-8")


def restored(base, table, before):
    """Put back what was changed."""
    (base.root / "data" / base.data.resource(table)["path"]).write_bytes(before)
    (base.root / "data" / "datapackage.json").write_text(base.text, encoding="utf-8")


def noticed(base, change, slow):
    """Who notices, in the order of an editor's day; what verdicts change; the prose.

    The last is whether a sentence of a notebook shows another figure than its row.
    """
    from partnership import verdicts
    from partnership.evidence import package, plausible
    from partnership.workshop import upkeep

    package.shipped.cache_clear()
    data = package.shipped()
    kin = base.refers(change.table)
    seen = {name: raw for name, raw in base.raw.items() if name not in kin}
    faults = [fault for name in kin for fault in data.problems(name, seen)]
    if faults:
        return "cells", str(faults[0]), [], False
    same = [name for name in data.tables() if name not in (*kin, "totals")]
    for key in (*same, *(("totals", name) for name in same)):
        data._frames[key] = base.data._frames[key]
    shown = [*upkeep.outdated(base.shown, data)]
    faults = plausible.faults(data)
    if others := [fault for fault in faults if fault.file != "totals.csv"]:
        return "plausible", str(others[0]), [], bool(shown)
    if others := [*verdicts.faults(data), *shown]:
        return "shown", str(others[0]), [], bool(shown)
    if faults := faults or verdicts.changed(data):
        return "totals", str(faults[0]), [], False
    try:
        board = verdicts.both(data)
    except Exception as error:  # whatever stops the board is seen by its tests
        return "tests", f"the board: {error}", [], False
    names = [c for c in board if c in base.board and "verdict" in c]
    moved = (board[names] != base.board[names]).any(axis=1)
    moved = sorted(board.index[moved])
    if not slow:
        return "", "", moved, False
    return *tested(base.root), moved, False


def tested(root):
    """The first test that fails on the folder, if one does."""
    import pytest

    warnings.resetwarnings()  # a test may wait for one
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        paths = [str(root / part) for part in TESTS.split()]
        rules = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(root)]
        code = pytest.main([*rules, *paths])
    found = re.findall(r"^(?:FAILED|ERROR) (\S+)", out.getvalue(), re.MULTILINE)
    return ("tests", found[0] if found else str(code)) if code else ("", "")


def compared(root):
    """The first cell whose output is another on the folder, as nbval finds."""
    words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "nbval_kernels", "--nbval"]
    names = sorted(str(path) for path in (root / "notebooks").glob("*.ipynb"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "--nbval-current-env", *names],
        cwd=root,
        capture_output=True,
        text=True,
    )
    found = re.search(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    return (found[1] if found else str(done.returncode)) if done.returncode else ""


def apart(work):
    """What a function gives that runs in a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            found = work()
        except BaseException as error:
            found = ("tests", f"stopped: {type(error).__name__}: {error}", [], False)
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            json.dump(found, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


def used(root):
    """Rows that the notebooks ask for: selected, chosen, and tables as a whole."""
    import nbformat

    from partnership.evidence import package, series

    found = {"used": set(), "chosen": set(), "tables": set()}
    select, settled, load = series._select, series._settled, package.DataPackage.load

    def selecting(*args):
        told, at, about = select(*args)
        ids = told.rows["observation_id"].iloc[at]
        found["used"] |= {f"{about['table']} {one}" for one in ids}
        return told, at, about

    def settling(told, at, about, each):
        frame = settled(told, at, about, each)
        ids = frame["observation_id"]
        found["chosen"] |= {f"{about['table']} {one}" for one in ids}
        return frame

    def loading(self, table):
        found["tables"].add(str(table))
        return load(self, table)

    series._select, series._settled = selecting, settling
    package.DataPackage.load = loading
    folder = root / "notebooks"
    for path in [*folder.glob("*.ipynb"), *folder.glob("exercises/*_solution.ipynb")]:
        os.chdir(path.parent)
        names = {"__name__": "__main__", "display": lambda *a, **k: None}
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                with contextlib.redirect_stdout(io.StringIO()):
                    try:
                        exec(cell.source, names)
                    except Exception as error:  # magic of IPython, or a shown error
                        print(path.stem, error, file=sys.stderr)
        import matplotlib.pyplot as plt

        plt.close("all")
    return {name: sorted(ids) for name, ids in found.items()}


def named(base):
    """Rows of series whose name stands in a notebook, and all other tables."""
    texts = [p.read_text("utf-8") for p in (base.root / "notebooks").glob("*.ipynb")]
    words = set(re.findall(r"\w+", " ".join(texts)))
    kept = {
        f"{table} {row}"
        for table in base.data.observation_tables()
        for row, series in base.raw[table][["observation_id", "series"]].to_numpy()
        if series in words
    }
    return {"named": kept, "tables": [*base.raw]}


def pool(base, rows, told):
    """Places of rows, as (table, number); of a long table a share of its rows."""
    tables = base.data.observation_tables()
    ids = {t: base.raw[t]["observation_id"].tolist() for t in tables}
    places = [(t, n) for t in tables for n in range(len(ids[t]))]
    if rows != "random":
        kept = set(told[rows])
        places = [(t, n) for t, n in places if f"{t} {ids[t][n]}" in kept]
    if rows == "chosen":
        return places
    others = [t for t in base.raw if t not in (*tables, *LARGE)]
    if rows in ("used", "named"):
        others = [t for t in others if t in told["tables"]]
    share = max(1, len(places) // 2 // max(1, len(others)))
    for table in others:
        count = len(base.raw[table])
        places += [(table, n * count // share) for n in range(min(share, count))]
    return places


def mutations(base, places, number, seed):
    """Changes 1 to `number`, each by a seed of its own."""
    for n in range(1, number + 1):
        rng = random.Random(f"{seed} {n}")
        for _ in range(200):
            table, at = rng.choice(places)
            change = Change(base, table, at, rng.choice(NAMES), rng)
            if change.told:
                break
        yield n, change


def inside(root, asked):
    """Run in the copy; write one line a mutation, and say what survived."""
    from tqdm import tqdm

    warnings.simplefilter("ignore")
    out = Path(asked.output)
    out.mkdir(parents=True, exist_ok=True)
    base = Base(root)
    if not asked.quick and (failed := apart(lambda: tested(root))[1]):
        raise SystemExit(f"nothing can be told: without a change, {failed} fails")
    told, record = None, out / "used.json"
    version = versions(root, "data", "src", "tests")
    asking = versions(root, "notebooks")
    if record.is_file():
        told = json.loads(record.read_text(encoding="utf-8"))
    traced = asked.rows in ("used", "chosen")
    if traced and (told is None or told["version"] != asking):
        told = apart(lambda: used(root)) | {"version": asking}
        record.write_text(json.dumps(told), encoding="utf-8")
    lines = out / f"{asked.rows}-{asked.seed}.jsonl"
    done = {}
    if lines.is_file() and not asked.again:
        rows = map(json.loads, lines.read_text(encoding="utf-8").splitlines())
        done = {row["n"]: row for row in rows if row["version"] == version}
    told = told if traced else named(base)
    places = pool(base, asked.rows, told)
    changes = mutations(base, places, asked.number, asked.seed)
    with tqdm(total=asked.number, unit="row", disable=None) as bar:
        for n, change in changes:
            if n not in done:
                done[n] = row = result(base, n, change, asked) | {"version": version}
                mode = "a" if len(done) > 1 else "w"
                with lines.open(mode, encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            bar.update()
    return [done[n] for n in sorted(done) if n <= asked.number]


def versions(root, *folders):
    """One hash of all files of some folders."""
    files = [file for name in folders for file in sorted((root / name).rglob("*"))]
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()


def result(base, n, change, asked):
    """One mutation from beginning to end."""
    began, file = time.monotonic(), base.data.resource(change.table)["path"]
    before = (base.root / "data" / file).read_bytes()
    try:
        written(base, change)
        by, said, moved, prose = apart(lambda: noticed(base, change, not asked.quick))
        nbval = compared(base.root) if n <= asked.nbval else None
    finally:
        restored(base, change.table, before)
    key = " ".join(change.row[column] for column in change.key)
    seconds = round(time.monotonic() - began, 1)
    row = {"n": n, "table": change.table, "row": key, "way": change.way}
    return row | {
        "change": change.told,
        "by": by,
        "said": said,
        "verdicts": moved,
        "prose": prose,
        "nbval": nbval,
        "seconds": seconds,
    }


def summary(rows):
    """Counts in words, and what survived."""
    by = collections.Counter(row["by"] or "nobody" for row in rows)
    yield f"{len(rows)} mutations; noticed by: " + ", ".join(
        f"{name} {number}" for name, number in by.most_common()
    )
    prose = sum(row["prose"] for row in rows)
    yield f"  a sentence of a notebook shows another figure than its row: {prose}"
    if rerun := [row["nbval"] for row in rows if row.get("nbval") is not None]:
        yield f"  nbval finds another output: {sum(map(bool, rerun))} of {len(rerun)}"
    for row in rows:
        if not row["by"]:
            moved = f"; VERDICTS {row['verdicts']}" if row["verdicts"] else ""
            place = f"{row['n']} {row['table']} {row['row']}"
            yield f"  survived: {place}: {row['way']}, {row['change']}{moved}"


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", choices=ROWS, default="used")
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="no tests, only check")
    parser.add_argument("--nbval", type=int, default=0, help="first to rerun, too")
    parser.add_argument("--again", action="store_true", help="forget earlier results")
    parser.add_argument("--output", default=str(HERE / ".cache" / "mutate"))
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    return parser.parse_args(words)


def main():
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the copy goes as well
    if asked.inside:
        for line in summary(inside(Path(asked.inside), asked)):
            print(line)
        return
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        copy = Path(folder) / "checkout"
        names = subprocess.check_output(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=HERE, text=True
        )
        for name in names.splitlines():
            if (HERE / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(HERE / name, copy / name)
        paths = [str(copy / "src"), str(copy / "tests")]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "MPLBACKEND": "agg"}
        script = [sys.executable, str(copy / "tests/benchmarks/mutate.py")]
        words = [*sys.argv[1:], "--inside", str(copy), "--output", asked.output]
        subprocess.run([*script, *words], cwd=copy, env=env, check=True)


if __name__ == "__main__":
    main()
