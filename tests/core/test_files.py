"""Files and folders appear whole or not at all, never through a link, and damage is told when they are read."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from clustersim.core import files
from clustersim.core.errors import InputError


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_the_usual_rights_and_its_content(tmp_path):
    mask = os.umask(0o022)
    try:
        files.write(tmp_path / "a.txt", "año\n")
    finally:
        os.umask(mask)
    assert (tmp_path / "a.txt").read_bytes() == "año\n".encode() and (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644
    assert listed(tmp_path) == ["a.txt"]


def test_what_fails_leaves_the_older_file(tmp_path):
    files.write(tmp_path / "a", b"old")
    with pytest.raises(ZeroDivisionError), files.appearing(tmp_path / "a") as place:
        place.write_bytes(b"half")
        raise ZeroDivisionError
    assert (tmp_path / "a").read_bytes() == b"old" and listed(tmp_path) == ["a"]
    with pytest.raises(FileExistsError):
        files.write(tmp_path / "a", b"new", replace=False)
    assert (tmp_path / "a").read_bytes() == b"old" and listed(tmp_path) == ["a"]


def test_a_link_is_replaced_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    files.write(tmp_path / "link", b"result")
    assert (tmp_path / "mine").read_text() == "mine" and not (tmp_path / "link").is_symlink()


def test_hidden_names_cannot_be_foretold(tmp_path):
    seen = set()
    for _ in range(20):
        with files.appearing(tmp_path / "a") as place:
            seen.add(place.parent.name)
            place.write_bytes(b"")
    assert len(seen) == 20 and all(name.startswith(".a.partial-") for name in seen)


def test_files_that_appear_together(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(ZeroDivisionError), files.appearing_together(tmp_path) as place:
        (place / "a").write_text("new")
        raise ZeroDivisionError
    assert (tmp_path / "a").read_text() == "old" and listed(tmp_path) == ["a"]
    with files.appearing_together(tmp_path) as place:
        (place / "a").write_text("new")
        (place / "b").write_text("new")
    assert listed(tmp_path) == ["a", "b"] and (tmp_path / "a").read_text() == "new"


def test_a_folder_takes_over_what_only_the_older_one_holds(tmp_path):
    for text in ("first", "second"):
        with files.appearing_folder(tmp_path / "deep" / "r") as place:
            (place / "a").write_text(text)
            (place / text).mkdir()
    assert listed(tmp_path / "deep") == ["r"] and listed(tmp_path / "deep" / "r") == ["a", "first", "second"]
    assert (tmp_path / "deep" / "r" / "a").read_text() == "second"


def test_a_folder_that_cannot_take_its_place_leaves_the_older_one(tmp_path, monkeypatch):
    with files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("old")
    plain = os.rename

    def refuse(source, target):
        if ".partial-" in str(source):
            raise OSError(errno.EIO, "Input/output error")
        return plain(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OSError, match="Input/output"), files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("new")
    assert listed(tmp_path) == ["r"] and (tmp_path / "r" / "a").read_text() == "old"


def test_leftovers_of_every_age_of_the_program(tmp_path):
    here = socket.gethostname()
    gone = [f".x.partial-{here}-4194000-ab_9", f".partial-{here}-4194000-aa", ".organic.partial-999999999"]
    ours = [f".x.partial-{here}-{os.getpid()}-ab_9", f".x.partial-{os.getppid()}"]
    stay = [*ours, ".x.partial-elsewhere-1-ab", "x.partial-1", ".x.partial-"]
    for name in (*gone, *stay):
        (tmp_path / name).mkdir()
        (tmp_path / name / "inside").write_text("x")
    files.sweep_leftovers(tmp_path)
    assert listed(tmp_path) == sorted(stay)
    files.sweep_leftovers(tmp_path, old_seconds=-1.0)
    assert listed(tmp_path) == sorted(name for name in stay if "elsewhere" not in name)


@pytest.mark.parametrize(
    ("text", "match"),
    [("{", "not a JSON document"), ("[1]", "not a JSON object"), ("\xff", "not a JSON document"), ("[" * 100_000, "not a JSON")],
)
def test_damaged_json_is_told(tmp_path, text, match):
    (tmp_path / "a.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=match):
        files.read_json(tmp_path / "a.json")
