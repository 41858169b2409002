"""Files and folders appear whole or not at all, never through a link, and damage is told when they are read."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from clustersim.core import files, leases
from clustersim.core.errors import InputError
from lease_cases import in_a_container, script, wait_for


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


def test_a_device_or_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "stdout").symlink_to("/proc/self/fd/1")  # as /dev/stdout is one, whatever it leads to
    before = listed(tmp_path)
    for name in before:
        with pytest.raises(InputError, match="not a file; nothing was written"):
            files.write(tmp_path / name, b"table")
    assert listed(tmp_path) == before and (tmp_path / "pipe").is_fifo() and os.readlink(tmp_path / "link") == "pipe"


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
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mine").write_text("mine")
    with files.appearing_together(tmp_path, last="a") as place:
        (place / "in").mkdir()
        (place / "in" / "c").write_text("new")
        (place / "a").write_text("newer")
    assert listed(tmp_path) == ["a", "b", "in"] and listed(tmp_path / "in") == ["c", "mine"]


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


def test_a_new_folder_in_the_place_of_a_link_takes_nothing_from_where_the_link_leads(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter").write_text("mine")
    (tmp_path / "r").symlink_to(tmp_path / "mine")
    with files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("new")
    assert not (tmp_path / "r").is_symlink() and [path.name for path in (tmp_path / "r").iterdir()] == ["a"]
    assert (tmp_path / "mine" / "letter").read_text() == "mine" and listed(tmp_path) == ["mine", "r"]


def test_files_that_appear_together_go_nowhere_through_a_link(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.png").write_text("mine")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "figures").symlink_to(tmp_path / "mine")
    with files.appearing_together(tmp_path / "r") as place:
        (place / "figures").mkdir()
        (place / "figures" / "a.png").write_text("new")
        (place / "b").write_text("new")
    assert (tmp_path / "mine" / "a.png").read_text() == "mine" and listed(tmp_path / "r") == ["b", "figures"]
    assert not (tmp_path / "r" / "figures").is_symlink() and (tmp_path / "r" / "figures" / "a.png").read_text() == "new"
    (tmp_path / "way").symlink_to(tmp_path / "r")  # what its user calls the folder is the user's own choice
    with files.appearing_together(tmp_path / "way") as place:
        (place / "c").write_text("new")
    assert (tmp_path / "way").is_symlink() and listed(tmp_path / "r") == ["b", "c", "figures"]


@pytest.mark.parametrize("linked", ["set aside", "in its place"])
def test_what_comes_back_moves_nothing_through_a_link(tmp_path, linked):
    aside = tmp_path / ".r.old-lease-aa"
    for place in ("mine", "ours", aside.name):
        (tmp_path / place).mkdir()
    (aside / leases.LEASE).touch()
    (tmp_path / "mine" / "letter").write_text("mine")
    (tmp_path / "ours" / "note").write_text("ours")
    old, new = ("mine", "ours") if linked == "set aside" else ("ours", "mine")
    for place, target in ((aside / "r", old), (tmp_path / "r", new)):
        if target == "mine":
            place.symlink_to(tmp_path / target)
        else:
            (tmp_path / target).rename(place)
    files.sweep_leftovers(tmp_path, -1.0)  # however young
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter"], "nothing taken, nothing put there"
    assert (tmp_path / "r").is_symlink() == (linked == "in its place")
    assert (aside / "r" / "note").exists() or (tmp_path / "r" / "note").exists(), "and nothing lost"


FOREIGN = [
    ".backup.partial-7", ".download.partial-1", ".partial-3", ".x.partial-here-4194000-ab_9", ".my.old-host-12-abc",
    ".x.partial-lease-aa", ".x.old-lease-aa", "x.partial-lease-aa", ".x.partial-", ".x.old-notes",
]  # fmt: skip


def test_what_has_no_lease_is_somebody_elses_and_stays_whatever_its_name(tmp_path):
    for name in FOREIGN:
        (tmp_path / name).mkdir()
        (tmp_path / name / "inside").write_text("mine")
    for name in (".backup.partial-7", ".x.partial-", ".my.old-host-12-abc"):
        (tmp_path / name / leases.LEASE).write_text("{}")  # a lease under another name is nothing either
    (tmp_path / ".f.partial-9").write_text("mine")
    (tmp_path / ".f.partial-lease-9").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    for name in ("inside", leases.LEASE):
        (tmp_path / "elsewhere" / name).write_text("mine")
    (tmp_path / ".l.old-lease-aa").symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    for path in before:
        os.utime(path, (0, 0), follow_symlinks=False)
    assert not files.set_aside(tmp_path)
    files.sweep_leftovers(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_leftovers_whose_lease_proves_nothing_stay_until_they_are_old(tmp_path):
    left = [".x.partial-lease-ab_9", "..partial-lease-aa", ".a\nb.partial-lease-aa"]
    for name in left:
        (tmp_path / name).mkdir()
        (tmp_path / name / leases.LEASE).touch()
    files.sweep_leftovers(tmp_path)
    assert listed(tmp_path) == sorted(left)
    for name in left:
        os.utime(tmp_path / name / leases.LEASE, (0, 0))
        os.utime(tmp_path / name, (0, 0))
    files.sweep_leftovers(tmp_path)
    assert listed(tmp_path) == []


HOLD = """
    import sys, time
    from pathlib import Path
    from clustersim.core import files
    with files.appearing_folder(Path("out") / "r") as place:
        (place / "a").write_text("mine")
        Path("holds").touch()
        while not Path("go").exists():
            time.sleep(0.01)
"""


def test_a_folder_in_work_elsewhere_is_not_touched_though_its_process_number_is_nobodys_here(tmp_path):
    first = in_a_container(script(HOLD), tmp_path)
    wait_for((tmp_path / "holds").exists)
    files.sweep_leftovers(tmp_path / "out")
    sweep = "from clustersim.core import files; from pathlib import Path; files.sweep_leftovers(Path('out'))"
    second = in_a_container(script(sweep), tmp_path)
    assert second.wait(60) == 0
    (tmp_path / "go").touch()
    said = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert listed(tmp_path / "out") == ["r"] and (tmp_path / "out" / "r" / "a").read_text() == "mine"


def test_what_a_killed_container_left_goes_though_the_next_has_the_same_process_number(tmp_path):
    for kills in range(2):
        process = in_a_container(script(HOLD), tmp_path)
        wait_for((tmp_path / "holds").exists)
        (tmp_path / "holds").unlink()
        assert len(listed(tmp_path / "out")) == 1, kills
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    (tmp_path / "go").touch()
    process = in_a_container(script(HOLD), tmp_path)
    assert process.wait(60) == 0 and listed(tmp_path / "out") == ["r"]


def test_without_locks_the_time_of_the_file_system_decides(tmp_path, monkeypatch):
    monkeypatch.setattr(leases, "fcntl", None)
    monkeypatch.setattr(time, "time", lambda: 1e12)  # this machine's clock is of no consequence
    with pytest.raises(KeyboardInterrupt), files.appearing(tmp_path / "a") as place:
        place.write_text("half")
        files.sweep_leftovers(tmp_path)
        assert place.exists()
        for path in (place.parent, place.parent / leases.LEASE):
            os.utime(path, (0, 0))
        files.sweep_leftovers(tmp_path)
        assert not place.exists()
        raise KeyboardInterrupt
    assert listed(tmp_path) == []


def test_a_lock_seen_through_another_kernel_proves_nothing(tmp_path):
    place = tmp_path / ".r.partial-lease-aa"
    place.mkdir()
    (place / leases.LEASE).write_text(json.dumps({"kernel": "another", "device": 1}))
    files.sweep_leftovers(tmp_path)
    assert place.exists()
    for path in (place, place / leases.LEASE):
        os.utime(path, (0, 0))
    files.sweep_leftovers(tmp_path)
    assert not place.exists()


def test_what_was_killed_before_it_had_a_lease_or_after_goes_at_once(tmp_path):
    for name in (".r.partial-lease-aa", ".r.old-lease-aa"):
        (tmp_path / name).mkdir()
    files.sweep_leftovers(tmp_path)
    assert listed(tmp_path) == []


def refused(*_, **__):
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("unnamed", [True, False])
def test_nobody_loses_a_folder_to_those_who_sweep_meanwhile(tmp_path, monkeypatch, unnamed):
    if not unnamed:
        monkeypatch.setattr(os, "link", refused)
    over = threading.Event()

    def tidy():
        while not over.is_set():
            files.sweep_leftovers(tmp_path)

    sweepers = [threading.Thread(target=tidy) for _ in range(3)]
    for thread in sweepers:
        thread.start()
    try:
        for number in range(40):
            files.write(tmp_path / f"{number}", "x")
            with files.appearing_folder(tmp_path / "r") as place:
                (place / "a").write_text(f"{number}")
    finally:
        over.set()
        for thread in sweepers:
            thread.join()
    assert listed(tmp_path) == sorted(["r", *map(str, range(40))])


def test_nobody_waits_for_a_lock_that_he_or_another_has_on_the_folder(tmp_path):
    lock = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        writer = threading.Thread(target=files.write, args=(tmp_path / "a", "x"), daemon=True)
        writer.start()
        writer.join(20.0)
        assert not writer.is_alive() and listed(tmp_path) == ["a"]
    finally:
        os.close(lock)


def test_a_lease_is_renewed(tmp_path, monkeypatch):
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.01)
    with leases.held(tmp_path, leases.take(tmp_path)):
        os.utime(tmp_path / leases.LEASE, (0, 0))
        wait_for(lambda: (tmp_path / leases.LEASE).stat().st_mtime > 0)


def test_what_arrives_in_a_folder_that_is_just_set_aside_is_not_lost(tmp_path, monkeypatch):
    """Another, who put that folder there, moves a user's file into it while this process looks what is in it."""
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "a").write_text("old")
    listing = Path.iterdir

    def late(folder):
        found = list(listing(folder))
        if ".old-lease-" in folder.parent.name and not (tmp_path / "r" / "notes").exists():
            (folder / "notes").write_text("mine")
        return found

    with files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("new")
        monkeypatch.setattr(Path, "iterdir", late)
    monkeypatch.undo()
    assert listed(tmp_path) == ["r"] and listed(tmp_path / "r") == ["a", "notes"]
    assert (tmp_path / "r" / "a").read_text() == "new" and (tmp_path / "r" / "notes").read_text() == "mine"


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_being_removed_is_nobodys_to_bring_back(tmp_path, monkeypatch, fails):
    """Else it comes back half removed, and what others move into it then is removed with it."""
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "a").write_text("old")
    unlink, seen = Path.unlink, []

    def asked(path, missing_ok=False):
        seen.extend(leases.is_left(hidden) for hidden in path.parents if "-lease-" in hidden.name and path.name != leases.LEASE)
        return unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", asked)
    with contextlib.suppress(KeyError), files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("new")
        if fails:
            raise KeyError
    assert seen and not any(seen)
    assert listed(tmp_path) == ["r"] and (tmp_path / "r" / "a").read_text() == ("old" if fails else "new")


@pytest.mark.parametrize("writers", [4, 8])
def test_many_put_their_folder_in_the_same_place_at_once(tmp_path, writers):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "notes").write_text("mine")
    faults = []

    def work(number):
        try:
            for k in range(20):
                with files.appearing_folder(tmp_path / "r") as place:
                    (place / "a").write_text(f"{number} {k}")
                    (place / "b").write_text(f"{number} {k}")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert listed(tmp_path) == ["r"] and listed(tmp_path / "r") == ["a", "b", "notes"]
    assert (tmp_path / "r" / "a").read_text() == (tmp_path / "r" / "b").read_text()


def killed_between(tmp_path, at):
    """Let a process end, without a word, before its so-manyth renaming of a folder that replaces an older one."""
    with files.appearing_folder(tmp_path / "out" / "r") as place:
        (place / "a").write_text("old")
        (place / "notes").write_text("mine")
    process = in_a_container(script(f"""
        import os
        from pathlib import Path
        from clustersim.core import files
        plain, seen = os.rename, []
        def rename(source, target):
            seen.append(target)
            if len(seen) == {at}:
                os._exit(9)
            return plain(source, target)
        os.rename = rename
        with files.appearing_folder(Path("out") / "r") as place:
            (place / "a").write_text("new")
    """), tmp_path)  # fmt: skip
    assert process.wait(60) == 9, process.communicate()
    return tmp_path / "out"


def test_a_folder_set_aside_is_named_and_comes_back_when_its_place_is_empty(tmp_path):
    out = killed_between(tmp_path, 3)  # it is occupied; it is set aside; the new one comes
    assert not (out / "r").exists()
    ((where, place),) = files.set_aside(out)
    assert place == out / "r" and (where / "a").read_text() == "old"
    files.sweep_leftovers(out)
    assert listed(out) == ["r"] and (out / "r" / "a").read_text() == "old" and not files.set_aside(out)


def test_a_newer_folder_takes_over_the_rest_of_one_that_was_set_aside(tmp_path):
    out = killed_between(tmp_path, 4)  # the new one is there, but has not taken over the notes
    assert (out / "r" / "a").read_text() == "new" and not (out / "r" / "notes").exists() and not files.set_aside(out)
    files.sweep_leftovers(out)
    assert listed(out) == ["r"] and listed(out / "r") == ["a", "notes"] and (out / "r" / "a").read_text() == "new"


def test_a_folder_that_cannot_go_back_is_not_removed(tmp_path, monkeypatch):
    with files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("old")
    plain, seen = os.rename, []

    def refuse(source, target):
        seen.append(source)
        if len(seen) > 2:
            raise OSError(errno.EIO, "Input/output error")
        return plain(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OSError, match="Input/output"), files.appearing_folder(tmp_path / "r") as place:
        (place / "a").write_text("new")
    monkeypatch.undo()
    ((where, _place),) = files.set_aside(tmp_path)
    assert (where / "a").read_text() == "old"
    files.sweep_leftovers(tmp_path)
    assert listed(tmp_path) == ["r"] and (tmp_path / "r" / "a").read_text() == "old"


@pytest.mark.parametrize(
    ("text", "match"),
    [("{", "not a JSON document"), ("[1]", "not a JSON object"), ("\xff", "not a JSON document"), ("[" * 100_000, "not a JSON")],
)
def test_damaged_json_is_told(text, match):
    with pytest.raises(InputError, match=match):
        files.json_object(Path("a.json"), text.encode("latin-1"))
