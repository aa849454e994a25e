"""Files: what is read is whole, what is written is whole, and nothing stays behind."""

import errno
import json
import os
import signal
import subprocess
import sys

import pytest

from partnership.evidence import files


def test_writing_is_all_or_nothing_and_a_link_stays_one(tmp_path, monkeypatch):
    file, link = tmp_path / "a.md", tmp_path / "b.md"
    assert files.write_atomically(file, "one\n")
    assert not files.write_atomically(file, b"one\n")
    file.chmod(0o640)
    link.symlink_to(file)
    assert files.write_atomically(link, "two\n")
    assert link.is_symlink() and file.read_bytes() == b"two\n"
    assert file.stat().st_mode & 0o777 == 0o640

    def fail(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match=r"No space left on device; .*a\.md") as error:
        files.write_atomically(file, "three\n")
    assert files.said(error.value).startswith(f"{file}: No space left on device; the ")
    assert file.read_bytes() == b"two\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md"]


def test_a_draft_that_cannot_be_made_names_the_folder(tmp_path):
    with pytest.raises(OSError) as error, files.draft(tmp_path / "none"):
        pass
    assert files.said(error.value) == f"{tmp_path / 'none'}: No such file or directory"


KILLED = """
import pathlib, sys, time
from partnership.evidence import files
with files.draft(pathlib.Path(sys.argv[1])) as folder:
    (folder / "a").mkdir()
    print(flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="nothing is locked there")
def test_what_a_killed_run_left_is_swept_and_what_one_holds_is_not(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        run.stdout.readline()
    assert len(list(tmp_path.iterdir())) == 2
    try:
        files.sweep(tmp_path)
        assert len(list(tmp_path.iterdir())) == 2, "they run"
        runs[0].send_signal(signal.SIGKILL)
        runs[0].wait()
        with files.draft(tmp_path) as third:
            assert len(list(tmp_path.iterdir())) == 2 and third.is_dir()
    finally:
        for run in runs:
            run.kill()
            run.wait()
            run.stdout.close()
    os.symlink(tmp_path.parent, tmp_path / ".partnership-link.draft")
    files.sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".partnership-link.draft"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.json: is empty"),
        ("[1,\n2", "a.json, line 2: is no valid JSON: it ends too early"),
        ('["a\nb"]', "a.json, line 1: is no valid JSON: Invalid control character"),
        ("[1] 2", "a.json, line 1: is no valid JSON: Extra data"),
        (
            '{"a": {"b": 1, "b": 2}}',
            "a.json: is no valid JSON: the key 'b' stands twice",
        ),
        ("[Infinity]", "a.json: is no valid JSON: found Infinity; allowed: finite"),
        ('["\\ud800"]', "a.json: holds half of a character"),
        ("9" * 5000, "a.json: is no valid JSON: Exceeds the limit"),
        ("{\n>>>>>>> x\n}", "a.json, line 2: found >>>>>>>, a mark of two versions"),
    ],
)
def test_json_that_is_none_is_one_line(text, message):
    with pytest.raises(files.FormFault) as error:
        files.json_of("a.json", text)
    assert str(error.value).startswith(message) and "\n" not in str(error.value)


def test_json_that_is_some():
    text = '{"a": ["\\ud83d\\ude00", 1.5, null, {"=======": "<<<<<<< HEAD"}]}'
    assert files.json_of("a.json", text.encode()) == json.loads(text)


def test_a_file_that_cannot_be_read_or_never_ends(tmp_path, monkeypatch):
    with pytest.raises(files.FormFault, match=r"^b: cannot be read: No such file"):
        files.content(tmp_path / "a", "b")
    with pytest.raises(files.FormFault, match=r": cannot be read: Is a directory"):
        files.content(tmp_path)
    monkeypatch.setattr(files, "LARGEST", 10)
    (tmp_path / "a").write_bytes(b"a" * 11)
    with pytest.raises(files.FormFault, match=r"^a: is larger than 10 bytes"):
        files.content(tmp_path / "a")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"\xef\xbb\xbfa", "starts with a byte order mark"),
        (b"\xff\xfea\0", "is UTF-16 or UTF-32, or no text"),
        (b"\xfe\xff\0a", "is UTF-16 or UTF-32, or no text"),
        (b"\0abcd", "is UTF-16 or UTF-32, or no text"),
        (b"abc\0d", "is UTF-16 or UTF-32, or no text"),
        (b"abcd\0", "line 1: found a NUL byte"),
        (b"ab\ncd\n\0", "line 3: found a NUL byte"),
        (b"ab\ncd\xff", "line 2: is not UTF-8"),
    ],
)
def test_text_that_is_none(found, said):
    with pytest.raises(files.FormFault) as error:
        files.decoded("a", found)
    apart = ", " if said.startswith("line") else ": "
    allowed = "allowed: UTF-8 without a byte order mark; save it so"
    assert str(error.value) == f"a{apart}{said}; {allowed}"


def test_text_and_what_is_held(tmp_path):
    assert files.decoded("a", "Größe\n".encode()) == "Größe\n"
    file = tmp_path / "a"
    file.write_text("é", encoding="utf-8")
    assert files.holds(file, "é") and files.holds(file, "é".encode())
    assert not files.holds(file, "e") and not files.holds(tmp_path / "b", "")
    assert files.content(file) == "é".encode()
    for mark in ("<<<<<<< HEAD", "|||||||", "=======", ">>>>>>> x"):
        with pytest.raises(files.FormFault) as error:
            files.conflict("a", f"one\n{mark}\n")
        assert str(error.value) == (
            f"a, line 2: found {mark.split()[0]}, a mark of two versions that git "
            "could not join; allowed: one of the two"
        )
    assert files.conflict("a", "======== \n <<<<<<<") is None
    assert files.json_of("a", '{"a": 1}', tuple) == (("a", 1),)
    deep = "[" * 100_000
    with pytest.raises(files.FormFault, match="it is nested too deep"):
        files.json_of("a", deep)


def test_what_the_system_says():
    error = OSError(errno.ENOENT, "No such\nfile", "a")
    assert files.said(error) == "a: No such\\nfile"
    assert files.said(OSError("odd")) == "odd"
