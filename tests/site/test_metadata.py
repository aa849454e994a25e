"""The citation of the index page: what CITATION.cff says, or one line."""

from pathlib import Path

import pytest

import partnership as p
from partnership.site import metadata

ROOT = Path(__file__).resolve().parents[2]
WHOLE = """\
cff-version: 1.2.0
title: "Of A: and B"
authors:
  - name: Those of A
  - given-names: B
    family-names: C
version: 1.10
date-released: 2026-11-27
"""
LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 29)
)
LAUGHS += "title: *a28\n"


def said(folder, text):
    (folder / "CITATION.cff").write_bytes(text.encode())
    with pytest.raises(p.DataError) as error:
        metadata.citation(folder / "CITATION.cff")
    return str(error.value)


def test_what_is_whole_is_text(tmp_path):
    (tmp_path / "CITATION.cff").write_text(WHOLE)
    found = metadata.citation(tmp_path / "CITATION.cff")
    assert found["version"] == "1.10" and found["date-released"] == "2026-11-27"
    assert found["authors"] == [{"name": "Those of A"}, {"name": "B C"}]
    assert metadata.citation(tmp_path / "none") == {}
    own = metadata.citation(ROOT / "CITATION.cff")
    assert own["version"] == p.__version__ and own["authors"][0]["name"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version: 1.10", "version: 1: 10", ", line 7: found no YAML: mapping values"),
        ("  - name", "\t- name", ", line 4: found no YAML: found character"),
        ("version: 1.10", "version: [1", ", line 8: found no YAML: expected ',' or"),
        ("version: 1.10", "version: *a", ", line 7: found no YAML: found undefined"),
        ("version: 1.10", "version: \x07", ": found no YAML: unacceptable character"),
        ("version: 1.10", "version: " + "{" * 5000, ": found no YAML: "),
        (
            "version: 1.10",
            "<<<<<<< HEAD\nversion: 1",
            ", line 7: found <<<<<<<, a mark of two",
        ),
        (WHOLE, "- a", ", line 1: found a list; allowed: key: value"),
        (WHOLE, "", ", line 1: found None; allowed: key: value"),
        ("version: 1.10\n", "", ", line 1: found no version; allowed: version, a ver"),
        ("version: 1.10", "version:", ", line 7: version: found ''; allowed: a versi"),
        ("version: 1.10", "title: B", ", line 7: found the key 'title' a second tim"),
        ("2026-11-27", "27.11.2026", ", line 8: date-released: found '27.11.2026'; a"),
        (
            "  - name: Those of A\n",
            "  - A\n",
            ", line 3: authors 1: found 'no name'; all",
        ),
        ("name: Those of A", "alias: A", ", line 3: authors 1: found 'no name'; all"),
        ("title: ", "\ufefftitle: ", ", line 1: found no title; "),
        ("  - given-names: B", "  - name: [B]", ", line 3: authors 2: found 'no name'"),
        ("authors:\n", "authors: A\nx:\n", ", line 3: authors: found 'A'; allowed: a"),
        ('"Of A: and B"', "&a [" + "*a, " * 9 + "]", ", line 2: found no YAML: found"),
        (WHOLE, LAUGHS, ", line 30: title: found a list or keys; allowed: a title"),
        ("cff", "\ufeffcff", " starts with a byte order mark; allowed: UTF-8"),
    ],
)
def test_what_is_not_is_one_line(tmp_path, old, new, message):
    assert old in WHOLE
    found = said(tmp_path, WHOLE.replace(old, new))
    assert found.startswith("CITATION.cff") and found.isprintable()
    assert message in found and len(found) < 200
