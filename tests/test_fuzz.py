"""Broken input to every reader: it is taken whole, or refused in one line.

The examples are the same in every run; with TEST_LONG=1 there are ten times as many.
"""

import base64
import copy
import csv
import gzip
import io
import json
import os
import re
import resource
import struct
import time
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import partnership as p
from partnership.charts import map as maps
from partnership.evidence import patterns
from partnership.readers import COLUMNS, read
from partnership.site import convert, metadata
from partnership.workshop import exercises, reading, rules

pytestmark = pytest.mark.wider
MANY = 400 if os.environ.get("TEST_LONG") == "1" else 40
MOST_SECONDS, MOST_MEMORY = 5, 1_000_000  # for one file; KB more than before
fuzz = settings(
    max_examples=MANY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SNIPPETS = [
    *(
        b'"',
        b'""',
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\x1b[31m",
    ),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"{", b"}", b"[", b"]", b":", b"-", b"1e999"),
    *(b"9" * 400, b"a" * 200_000, b"NaN", b"null", b"true", b"\\ud800", "é".encode()),
    *(b"<<<<<<< HEAD\n", b"=", b"../../etc/passwd", b"http://a/b.csv", b"[" * 5000),
    *("٣".encode(), "\u2028".encode(), b"<script>alert(1)</script>", b"(a+)+$"),
]
ODD = st.sampled_from(
    [
        *(None, True, 0, -1, 1e300, 10**30, "", "a\nb", "a,b", "../a.csv", "x" * 5000),
        *("(a|a)*b", "\u2028", "number", "integer", [], {}, [None], [[1]], {"a": 1}),
        ["a", "a"],
    ]
)


@st.composite
def edited(draw, content):
    """Bytes with a few snippets put in, or parts taken out or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        end = draw(st.integers(at, min(len(content), at + 40)))
        how = draw(st.sampled_from(["put", "cut", "twice", "end"]))
        if how == "put":
            content = content[:at] + draw(st.sampled_from(SNIPPETS)) + content[at:]
        elif how == "cut":
            content = content[:at] + content[end:]
        elif how == "twice":
            content = content[:end] + content[at:]
        else:
            content = content[:at]
    return content


def places(value, path=()):
    """Paths of all parts of a JSON value."""
    yield path
    parts = value.items() if isinstance(value, dict) else ()
    parts = enumerate(value) if isinstance(value, list) else parts
    for key, part in parts:
        yield from places(part, (*path, key))


@st.composite
def altered(draw, value):
    """JSON with a few parts replaced or gone; or its text edited."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(places(value))[1:] or [("gone",)]))
        part = value
        for key in way:
            part = part[key]
        if last == "gone":
            break
        if draw(st.booleans()):
            part[last] = copy.deepcopy(draw(ODD))
        else:
            del part[last]
    text = json.dumps(value).encode()
    return draw(edited(text)) if draw(st.integers(0, 2)) == 0 else text


def taken(make, names):
    """What a reader makes of its input, or None where it refuses it in one line."""
    began = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return make()
    except p.DataError as error:
        said = str(error)
        assert said.isprintable() and len(said) < 2000, said
        assert any(name in said for name in names), said
        return None
    finally:
        assert time.process_time() - began < MOST_SECONDS
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert after - before < MOST_MEMORY


FIELDS = [{"name": "code", "constraints": {"required": True, "pattern": "[a-z]+"}}]
FIELDS += [{"name": "value", "type": "number"}, {"name": "note", "holds": "date"}]
FIELDS += [{"name": "whole", "type": "integer", "constraints": {"minimum": 0}}]
FOREIGN = [{"name": "code", "constraints": {"minLength": 1, "enum": ["a", "b"]}}]
FOREIGN += [{"name": "day", "type": "date", "constraints": {"minimum": "2015-01-01"}}]
FOREIGN += [{"name": "in", "type": "year", "constraints": {"exclusiveMaximum": 2020}}]
FOREIGN += [{"name": "at", "type": "geopoint", "format": "array"}]
KEYS = {"fields": ["code", "day"], "reference": {"fields": ["code", "day"]}}
DESCRIPTOR = {
    "name": "few",
    "pair": ["AAA", "BBB"],
    "resources": [
        {
            "name": "few",
            "path": "few.csv",
            "rows": 3,
            "licenses": [{"name": "a", "title": "A"}],
            "schema": {"fields": FIELDS, "primaryKey": "code"},
        },
        {
            "name": "more",
            "path": "more.csv",
            "schema": {
                "fields": [{"name": "code"}, {"name": "many"}],
                "foreignKeys": [
                    {
                        "fields": "code",
                        "reference": {"resource": "few", "fields": "code"},
                    }
                ],
            },
        },
    ],
}
SCHEMA = {"fields": FOREIGN, "uniqueKeys": [["code", "in"]], "foreignKeys": [KEYS]}
OTHER = {"resources": [{"name": "few", "path": "few.csv", "schema": SCHEMA}]}
LONG_NAMES = json.dumps(OTHER).replace('e": {"fields": ["code", ', 'e": {"fields": [')
LONG_NAMES = LONG_NAMES.replace("day", "x" * 5000)
OTHERS = b"code,day,in,at\na,2016-02-29,2016,1\nb,2015-01-01,2019,\n"
FEW = b'code,value,note,whole\na,1.5,2015,1\nb,,"2016-01",\nc,-2e3,,3\n'


def everything(folder, descriptor, few):
    """All that is read of a package: faults, descriptions and frames."""
    (folder / "datapackage.json").write_bytes(descriptor)
    (folder / "few.csv").write_bytes(few)
    (folder / "more.csv").write_bytes(b'code,many\na,"x\ny"\n')
    package = p.open(folder)
    faults = package.check()
    for fault in faults:
        assert str(fault).isprintable()
    frames = {}
    for table in package.tables():
        package.describe(table)
        frames[table] = None if faults else package.load(table)
    return frames


NAMES = ("datapackage.json", "few.csv", "more.csv", "few", "more")


def test_a_package_that_is_whole_is_taken(tmp_path):
    frames = everything(tmp_path, json.dumps(DESCRIPTOR).encode(), FEW)
    assert [len(frame) for frame in frames.values()] == [3, 1]


@fuzz
@given(descriptor=altered(DESCRIPTOR))
def test_descriptors(tmp_path, descriptor):
    taken(lambda: everything(tmp_path, descriptor, FEW), NAMES)


@fuzz
@given(descriptor=altered(OTHER), few=edited(OTHERS))
@example(descriptor=json.dumps(OTHER).encode(), few=OTHERS)
@example(descriptor=LONG_NAMES.encode(), few=OTHERS)
def test_packages_of_others(tmp_path, descriptor, few):
    found = taken(lambda: everything(tmp_path, descriptor, few), NAMES)
    whole = descriptor == json.dumps(OTHER).encode() and few == OTHERS
    assert not whole or len(found["few"]) == 2


SIGNS = st.text(st.sampled_from("ab01.*+?(){}[]|\\^$:=!<P>,-"), max_size=40)


@fuzz
@given(pattern=SIGNS, cells=st.lists(st.text("ab01", max_size=300), max_size=20))
@example(pattern="(?:a?){60}b", cells=["a" * 60])
@example(pattern="a?" * 40 + "a" * 40, cells=["a" * 40])
@example(pattern="(?:a|aa)" * 50 + "b", cells=["a" * 80])
def test_patterns_end(pattern, cells):
    began = time.process_time()
    if not patterns.wrong(pattern):
        odd = patterns.odd(pattern, cells)
        rest = [cell for cell in cells if cell not in odd]
        assert all(re.fullmatch(pattern, cell) for cell in rest)
    assert time.process_time() - began < MOST_SECONDS


@fuzz
@given(few=edited(FEW), packed=st.booleans())
@example(few=b"code,value,note,whole\na,1,2015,1\nb,1\n", packed=False)
def test_tables_are_whole_or_refused(tmp_path, few, packed):
    descriptor = copy.deepcopy(DESCRIPTOR)
    del descriptor["resources"][0]["rows"]
    content = gzip.compress(few, mtime=0) if packed else few
    made = json.dumps(descriptor).encode()
    frames = taken(lambda: everything(tmp_path, made, content), NAMES)
    if frames and frames["few"] is not None:
        text = few.decode().replace("\r\n", "\n").replace("\r", "\n")
        csv.field_size_limit(10**6)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows} == {4}
        found = frames["few"].astype(object).fillna("")
        assert found["code"].tolist() == [row[0] for row in rows[1:]]
        assert found["note"].tolist() == [row[2] for row in rows[1:]]


MAP = {
    "type": "FeatureCollection",
    "neighbours": ["AAA-BBB"],
    "features": [
        {
            "type": "Feature",
            "properties": {"kind": "border", "scale": "50m", "between": "AAA-BBB"},
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [[[1.5, 2], [3, 4]]],
            },
        },
        {
            "type": "Feature",
            "properties": {"kind": "label", "iso3": "AAA", "name": "A"},
            "geometry": {"type": "Point", "coordinates": [1.0, 2.0]},
        },
    ],
}


@fuzz
@given(content=altered(MAP))
@example(content=json.dumps(MAP).encode())
def test_maps(tmp_path, content):
    (tmp_path / "map.geojson").write_bytes(content)
    found = taken(lambda: maps.read(tmp_path / "map.geojson"), ["map.geojson"])
    for _, _, points in found["lines"] if found else ():
        assert points.shape[1:] == (2,)
    assert found or content != json.dumps(MAP).encode()


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 20, 10)
SHOWN = {"image/png": base64.b64encode(PNG).decode(), "text/plain": ["a\n", "b"]}
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "P"}},
    "cells": [
        {
            "cell_type": "markdown",
            "id": "a",
            "metadata": {},
            "source": ["# A\n", "\n", "**Question.** Is it 3<!--a-->?"],
        },
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"jupyter": {"source_hidden": True}, "tags": ["a"]},
            "execution_count": 1,
            "source": "import a",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": "a"},
                {
                    "output_type": "display_data",
                    "data": SHOWN,
                    "metadata": {"image/png": {"alt": "A", "width": 10}},
                },
                {
                    "output_type": "error",
                    "ename": "E",
                    "evalue": "e",
                    "traceback": ["f"],
                },
            ],
        },
    ],
}


ODD_PICTURE = json.dumps(NOTEBOOK).replace("iVBORw0K", "iVBORw0K\ufeff").encode()


@fuzz
@given(content=altered(NOTEBOOK))
@example(content=ODD_PICTURE)
@example(content=json.dumps(NOTEBOOK).replace('"alt": "A"', '"alt": null').encode())
@example(content=json.dumps(NOTEBOOK).replace('"alt": "A"', '"title": 5').encode())
@example(content=json.dumps(NOTEBOOK).replace('"id": "a"', '"id": []').encode())
@example(content=json.dumps(NOTEBOOK).replace('minor": 5', 'minor": null').encode())
def test_notebooks(tmp_path, content):
    file = tmp_path / "01_a.ipynb"
    file.write_bytes(content)
    found = taken(lambda: reading.read(file), [file.name])
    if found is not None:
        for message in rules.problems(found):
            assert message
    page = taken(lambda: convert.notebook(file, convert.Pictures()), [file.name])
    if page is not None:
        convert.page_body(page)


TASKS = {"hints": {"a": "b"}, "quiz": {"01_a": []}}
TASKS["quiz"]["01_a"] += [
    {"task": "t", "ask": "q", "options": {"A": "a"}, "key": "k", "hint": "h"}
]


@fuzz
@given(content=altered(TASKS))
def test_hints_and_quizzes(tmp_path, content):
    (tmp_path / "tasks.json").write_bytes(content)
    taken(lambda: exercises.told(tmp_path / "tasks.json"), ["tasks.json"])


CITATION = b"""cff-version: 1.2.0
title: "Of A: and B"
authors:
  - name: &a Those
  - given-names: *a
    family-names: C
version: 1.10
date-released: 2026-11-27
"""


@fuzz
@given(content=edited(CITATION))
@example(content=CITATION)
def test_citations(tmp_path, content):
    file = tmp_path / "CITATION.cff"
    file.write_bytes(content)
    found = taken(lambda: metadata.citation(file), [file.name])
    assert found or content != CITATION


BACI = b"t,i,j,k,v,q\n2016,112,795,010121,1.5,NA\n2016,842,516,870190,20,3\n"
PLAIN = b'exporter;importer;year;value;unit\nBLR;TKM;2016;"1.234,5";USD\n'
PLAIN += b"TKM;BLR;2016;7;USD\n"
ROWS = [{"exporter": "BLR", "importer": "TKM", "year": 2016, "value": 1, "unit": "USD"}]


@st.composite
def trade(draw):
    """A trade file: delimited, JSON, packed or not, and what is broken of it."""
    content = draw(st.one_of(edited(BACI), edited(PLAIN), altered({"data": ROWS})))
    how = draw(st.sampled_from(["plain", "gz", "zip", "broken"]))
    if how == "plain":
        return content
    if how == "gz":
        return gzip.compress(content, mtime=0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), content)
    return draw(edited(packed.getvalue())) if how == "broken" else packed.getvalue()


@fuzz
@given(content=trade())
@example(content=b"PAR1" + b"\0" * 20 + b"PAR1")
@example(content=b"a" * 200_000 + BACI)
@example(content=b't,i,"' + b"a" * 200_000 + b'",k,v\n1')
def test_trade_files(tmp_path, content):
    (tmp_path / "flows.csv").write_bytes(content)
    found = taken(lambda: read(tmp_path / "flows.csv"), ["flows.csv", "files: found"])
    if found is not None:
        assert list(found) == list(COLUMNS)
        assert (found["value"].fillna(0) >= 0).all()


@pytest.mark.long
def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path):
    file = tmp_path / "flows.csv.gz"
    with gzip.open(file, "wb") as packed:
        for _ in range(1100):
            packed.write(b"\0" * 1_000_000)
    with pytest.raises(p.DataError, match="unpacks to more than"):
        read(file)
