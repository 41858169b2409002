"""How the suite runs: side by side, and the unit tests of the mechanisms as plain Python, all else with compiled kernels.

``make test`` gives each processor a process. Tests that watch the clock, or keep several processes busy themselves, are of the
group ``alone`` (`pytest.mark.xdist_group`): one process runs them all, so that no two of them meet. The kernels are compiled
before the processes start.

Single kernels have no Python wrappers when they are compiled, and compiled lines are not counted as covered. So
``tests/model/mechanisms`` runs with ``NUMBA_DISABLE_JIT=1`` in a process of its own: ``tests/model/test_coverage.py`` starts it,
and ``pytest tests/model/mechanisms`` does the same by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MECHANISMS = Path(__file__).parent / "model" / "mechanisms"
ALONE = "alone"  # the group of tests that must not meet each other
COMPILE = "from clustersim.simulation.compiling import compile_kernels; compile_kernels()"


def _mechanisms(config: pytest.Config) -> list[bool]:
    """Return, for each path that was asked for, whether it lies among the mechanisms."""
    asked = [(config.invocation_params.dir / str(word).partition("::")[0]).resolve() for word in config.args]
    return [path.is_relative_to(MECHANISMS) for path in asked]


def _is_worker(config: pytest.Config) -> bool:
    """Whether this is one of the processes that share the tests."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to mix the two kinds of test in one process; compile before several processes would do it at once."""
    asked = _mechanisms(config)
    if any(asked) and not all(asked):
        raise pytest.UsageError("tests/model/mechanisms runs with compilation switched off: give it alone, or leave it out")
    if config.getoption("numprocesses", None) and not _is_worker(config) and not all(asked):
        subprocess.run([sys.executable, "-c", COMPILE], env=os.environ, check=True)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes ``-n auto`` means: as many as there are processors for us, the limits of containers included."""
    from clustersim.core.machine import processors

    return processors()


@pytest.hookimpl(tryfirst=True)  # before the names of groups are read
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what shares a module's fixture, and put slow tests first, so that no process is left with one at the end."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.slow)
    if not _is_worker(config):
        return

    def group(item: pytest.Item) -> str | None:
        mark = item.get_closest_marker("xdist_group")
        return mark.args[0] if mark else None

    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs.values()
        if group(item) is None and any(found[-1].scope == "module" for found in fixtures):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: (group(item) != ALONE, item.get_closest_marker("slow") is None))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the unit tests of the mechanisms to their own process."""
    return True if collection_path == MECHANISMS and not all(_mechanisms(config)) else None


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave the process as it was: a command loads plugins and sets a language for all of it, and other tests come after."""
    yield
    from clustersim.core import language
    from clustersim.policy.plugins import registry, use_files

    language.put(None)
    use_files(())
    registry.forget_registered()


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Call the command line in an empty folder; returns exit status, stdout and stderr."""
    from clustersim.cli import command_line as cli

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    monkeypatch.setenv("CLUSTERSIM_LANG", "en")

    def _call(*arguments):
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _call
