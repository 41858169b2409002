"""The tutorials run as they stand, at small size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
TUTORIALS = sorted((REPOSITORY / "docs" / "tutorials").glob("*.py"))


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs(path, tmp_path):
    sources = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(path), "6"], cwd=tmp_path, capture_output=True, text=True, timeout=300,
        env=os.environ | {"PYTHONPATH": sources},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 8 and list((tmp_path / "results").iterdir())


def test_there_are_two_and_the_list_names_them():
    listed = (REPOSITORY / "docs" / "tutorials" / "README.md").read_text(encoding="utf-8")
    assert len(TUTORIALS) == 2 and all(path.name in listed for path in TUTORIALS)
