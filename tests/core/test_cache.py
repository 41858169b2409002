"""The compile cache cannot go stale, and needs neither a writable installation nor a home.

A package of three small files stands in for the real one: `accelerate.py` itself, and two kernels of which one calls the other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clustersim.core import accelerate

INNER = "from clustersim.core.accelerate import kernel\n\n\n@kernel\ndef inner(x):\n    return {} * x\n"
OUTER = """from clustersim.core.accelerate import kernel
from clustersim.core.draws import inner


@kernel(entry=True)
def outer(x):
    return inner(x) + 1.0
"""
ASK = """
from clustersim.core import accelerate
from clustersim.model.state import outer
print(outer(2.0), accelerate.CACHE, sum(outer.stats.cache_hits.values()) if hasattr(outer, "stats") else -1)
"""


@pytest.fixture
def package(tmp_path):
    """Return the folder of a package with a kernel `outer`, in state.py, that calls a kernel `inner`, in draws.py."""
    folder = tmp_path / "installed" / "clustersim"
    for room in ("core", "model"):
        (folder / room).mkdir(parents=True)
        (folder / room / "__init__.py").write_text("")
    shutil.copy(accelerate.__file__, folder / "core" / "accelerate.py")
    (folder / "__init__.py").write_text("")
    (folder / "core" / "draws.py").write_text(INNER.format(3.0))
    (folder / "model" / "state.py").write_text(OUTER)
    return folder


def ask(package: Path, **environment: str | None) -> tuple[float, Path, int]:
    """Call `outer(2)` in a fresh interpreter; return the answer, the cache folder, and how many kernels came from the cache."""
    usual = {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(package.parents[1]),
             "CLUSTERSIM_CACHE": str(package.parents[1] / "cache"), "XDG_CACHE_HOME": None, "NUMBA_CACHE_DIR": None,
             "NUMBA_DISABLE_JIT": "0", "CLUSTERSIM_ALL_ENTRIES": None}  # fmt: skip
    merged = {k: v for k, v in (os.environ | usual | environment).items() if v is not None}
    done = subprocess.run([sys.executable, "-c", ASK], env=merged, cwd=package.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer, folder, hits = done.stdout.split()
    return float(answer), Path(folder), int(hits)


def uncached(package: Path) -> float:
    """Return the answer of the present sources, from plain Python."""
    return ask(package, NUMBA_DISABLE_JIT="1")[0]


def test_editing_a_called_kernel_changes_folder_and_result(package):
    first, folder, _ = ask(package)
    assert first == uncached(package) == 7.0
    assert ask(package) == (7.0, folder, 1), "the second start does not use the cache"
    (package / "core" / "draws.py").write_text(INNER.format(5.0))  # the same length; the caller's file stays untouched
    second, other, hits = ask(package)
    assert second == uncached(package) == 11.0
    assert other != folder and hits == 0
    (package / "core" / "draws.py").write_text(INNER.format(3.0))
    assert ask(package) == (7.0, folder, 1), "going back to the old sources does not find their cache"


def test_a_new_kernel_file_changes_the_folder(package):
    folder = ask(package, NUMBA_DISABLE_JIT="1")[1]
    (package / "model" / "mechanisms").mkdir()
    (package / "model" / "mechanisms" / "trust.py").write_text("")
    changed = ask(package, NUMBA_DISABLE_JIT="1")[1]
    (package / "model" / "mechanisms" / "trust.py").rename(package / "model" / "mechanisms" / "faith.py")
    assert len({folder, changed, ask(package, NUMBA_DISABLE_JIT="1")[1]}) == 3


def test_wrappers_for_tests_have_a_folder_of_their_own(package):
    plain, wrapped = (ask(package, NUMBA_DISABLE_JIT="1", CLUSTERSIM_ALL_ENTRIES=flag)[1] for flag in ("0", "1"))
    assert plain != wrapped


def test_the_named_cache_is_used_and_filled(package, tmp_path):
    named = tmp_path / "my cache".replace(" ", "_")
    _, folder, _ = ask(package, CLUSTERSIM_CACHE=str(named))
    assert folder.parent == named
    assert any(named.rglob("*.nbi")) and any(named.rglob("*.nbc"))
    assert not any((tmp_path / "cache").rglob("*.nbi"))


def test_the_users_cache_is_used_where_none_is_named(package, tmp_path):
    _, folder, _ = ask(package, CLUSTERSIM_CACHE=None, XDG_CACHE_HOME=str(tmp_path / "xdg"))
    assert folder.parent == tmp_path / "xdg" / "clustersim"
    _, folder, _ = ask(package, CLUSTERSIM_CACHE=None, HOME=str(tmp_path / "home"))
    assert folder.parent == tmp_path / "home" / ".cache" / "clustersim"


def test_a_read_only_installation_works_and_stays_untouched(package):
    before = sorted(package.rglob("*"))
    for path in [*before, package]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert ask(package)[0] == 7.0
        assert ask(package)[2] == 1
        assert sorted(package.rglob("*")) == before  # also where the tests run as root, whom permissions do not stop
    finally:
        package.chmod(0o755)


@pytest.mark.parametrize("named", [None, os.devnull + "/cache"], ids=["none named", "named in vain"])
def test_an_unwritable_home_works(package, tmp_path, named):
    answer, folder, _ = ask(package, HOME=os.devnull + "/nowhere", CLUSTERSIM_CACHE=named)
    assert answer == 7.0
    assert folder.is_relative_to(tmp_path), "not in the temporary folder"


@pytest.mark.parametrize("by", ["CLUSTERSIM_CACHE", "XDG_CACHE_HOME"])
@pytest.mark.parametrize(("trap", "why"), [("open", "open"), ("open above", "open"), ("link", "link"), ("open group", "open")])
def test_a_cache_that_others_may_write_is_not_used(package, tmp_path, by, trap, why):
    named = tmp_path / "given"
    place = named if by == "CLUSTERSIM_CACHE" else named / "clustersim"
    place.mkdir(parents=True, mode=0o700)
    if trap == "link":
        place.rmdir()
        (tmp_path / "others").mkdir()
        place.symlink_to(tmp_path / "others")
    else:
        above = tmp_path / "others"
        above.mkdir(mode=0o700)
        if trap == "open above":
            place.parent.rename(above / "in") if by == "XDG_CACHE_HOME" else place.rename(above / "in")
            named, place = above / "in", above / "in" / ("clustersim" if by == "XDG_CACHE_HOME" else "")
            above.chmod(0o777)
        else:
            place.chmod(0o777 if trap == "open" else 0o770)
    other = {"CLUSTERSIM_CACHE": None, "HOME": str(tmp_path / "home")} if by == "XDG_CACHE_HOME" else {}
    answer, folder, _ = ask(package, **{by: str(named), "XDG_CACHE_HOME": str(tmp_path / "mine")} | other | {by: str(named)})
    assert answer == 7.0 and not folder.resolve().is_relative_to(place.resolve()), "the open folder is used"
    assert not any(path.suffix in (".nbi", ".nbc") for path in place.resolve().rglob("*"))
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert accelerate.distrust(place) == why


@pytest.mark.parametrize("trap", ["open", "link", "owner", "inner owner", "inner open", "inner link"])
def test_a_folder_of_kernels_inside_the_cache_that_may_be_anothers_is_not_used(package, tmp_path, trap):
    if "owner" in trap and os.getuid():
        pytest.skip("only root can give files away")
    _, folder, _ = ask(package)
    file = next(folder.rglob("*.nbi"))
    place = file if trap.startswith("inner") else folder
    if trap.endswith("owner"):
        os.chown(place, 12345, -1)
    elif trap.endswith("open"):
        folder.chmod(0o755)
        place.chmod(0o777)
    else:
        place.rename(tmp_path / "elsewhere")
        place.symlink_to(tmp_path / "elsewhere")
    answer, other, hits = ask(package, HOME=str(tmp_path / "home"))
    assert answer == 7.0 and hits == 0 and other.name == folder.name and other.parent != folder.parent
    assert other.parent == tmp_path / "home" / ".cache" / "clustersim"


def test_a_folder_of_kernels_is_closed_to_others_whatever_mask_files_are_made_with(package):
    old = os.umask(0o002)
    try:
        _, folder, _ = ask(package)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert ask(package)[1:] == (folder, 1), "it is used again"
    finally:
        os.umask(old)


def test_a_cache_of_another_user_is_not_used(package, tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    assert accelerate.distrust(theirs) == ""
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert accelerate.distrust(theirs) == ("owner" if theirs.stat().st_uid else "")


def test_the_sticky_folder_for_temporary_files_is_trusted_above_ones_own(tmp_path):
    sticky = tmp_path / "tmp"
    (sticky / "mine").mkdir(parents=True, mode=0o700)
    sticky.chmod(0o1777)
    assert accelerate.distrust(sticky / "mine") == "" and accelerate.distrust(sticky) == "open"


def test_numbas_own_variable_does_not_lead_elsewhere(package, tmp_path):
    trap = tmp_path / "trap"
    trap.mkdir()
    trap.chmod(0o777)
    answer, folder, _ = ask(package, NUMBA_CACHE_DIR=str(trap))
    assert answer == 7.0 and any(folder.rglob("*.nbi")) and not any(trap.iterdir())


def test_old_caches_are_dropped_when_a_new_one_is_complete(monkeypatch, tmp_path):
    for k in range(6):
        old = tmp_path / f"old{k}"
        (old / "deep").mkdir(parents=True)
        (old / "deep" / "kernel.nbc").write_text("x")
        for path in (old / "deep", old):
            os.utime(path, (k, k))
    for name in ("compiling", "complete"):  # of another version, at work at this moment
        (tmp_path / "busy" / name).mkdir(parents=True)
    os.utime(tmp_path / "busy", (0, 0))
    now = tmp_path / "now"
    monkeypatch.setattr(accelerate, "CACHE", now)
    monkeypatch.setattr(accelerate, "_COMPLETE", now / "complete")
    assert not accelerate.is_warm()
    accelerate.mark_warm()
    assert accelerate.is_warm()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["busy", "now", "old3", "old4", "old5"]


def test_a_cache_whose_kernels_are_asked_for_counts_as_used(monkeypatch, tmp_path):
    monkeypatch.setattr(accelerate, "_COMPLETE", tmp_path / "complete")
    accelerate._COMPLETE.touch()
    for path in (accelerate._COMPLETE, tmp_path):
        os.utime(path, (5, 5))
    assert accelerate._last_used(tmp_path) == 5.0
    assert accelerate.is_warm()
    assert accelerate._last_used(tmp_path) > 5.0


def test_the_hash_covers_every_file_of_the_model():
    names = {path.relative_to(accelerate.PACKAGE).as_posix() for path in accelerate.kernel_sources()}
    assert {path.relative_to(accelerate.PACKAGE).as_posix() for path in (accelerate.PACKAGE / "model").rglob("*.py")} <= names
    assert {"core/accelerate.py", "core/draws.py", "model/network.py", "model/mechanisms/trust.py"} <= names
