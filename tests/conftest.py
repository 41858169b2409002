"""How the suite runs: the unit tests of the mechanisms as plain Python, everything else with compiled kernels.

Single kernels have no Python wrappers when they are compiled, and compiled lines are not counted as covered. So
``tests/model/mechanisms`` runs with ``NUMBA_DISABLE_JIT=1`` in a process of its own: ``tests/model/test_coverage.py`` starts it,
and ``pytest tests/model/mechanisms`` does the same by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

MECHANISMS = Path(__file__).parent / "model" / "mechanisms"


def _mechanisms(config: pytest.Config) -> list[bool]:
    """Return, for each path that was asked for, whether it lies among the mechanisms."""
    asked = [(config.invocation_params.dir / str(word).partition("::")[0]).resolve() for word in config.args]
    return [path.is_relative_to(MECHANISMS) for path in asked]


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to mix the two kinds of test in one process."""
    asked = _mechanisms(config)
    if any(asked) and not all(asked):
        raise pytest.UsageError("tests/model/mechanisms runs with compilation switched off: give it alone, or leave it out")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the unit tests of the mechanisms to their own process."""
    return True if collection_path == MECHANISMS and not all(_mechanisms(config)) else None


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
