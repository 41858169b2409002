"""The one hash of what decides numbers: a change in any of the five rooms changes it, for runs, comparisons and sweeps alike."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clustersim.core.accelerate import PACKAGE
from clustersim.core.code import ROOMS, code_files

ASK = """
import json
from clustersim.core.code import model_code
from clustersim.experiments.planning import make_plan
from clustersim.results import provenance
from clustersim.scenario.loading import load_scenario
from clustersim.studies.comparison.comparison import Comparison
from clustersim.studies.comparison.options import options_of
from clustersim.studies.comparison.provenance import comparison_hash, describe
import pandas as pd
scenario = load_scenario("designed")
run = provenance.result_hash(provenance.describe(scenario, "designed", 1, [0, 1]))
options = options_of(["no_policy", "designed"], 2, None, None)
found = Comparison(options, "no_policy", 1, 2, True, 0.03, pd.DataFrame(), pd.DataFrame())
print(json.dumps([model_code(), run, comparison_hash(describe(found)), make_plan("launch_lag")[0].hash]))
"""
# A number in each room, and one instrument's strength.
CHANGES = {
    "core/draws.py": None,
    "model/mechanisms/trust.py": None,
    "policy/instruments/networking.py": None,
    "policy/programme.py": None,
    "scenario/size.py": ("DAYS_MAX = 7.0", "DAYS_MAX = 8.0"),
    "simulation/initial.py": ("7 * firms + 384", "8 * firms + 384"),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return a copy of the package, with the shipped scenarios and experiments beside it as in a source checkout."""
    top = tmp_path_factory.mktemp("checkout")
    shutil.copytree(PACKAGE, top / "src" / "clustersim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("scenarios", "experiments"):
        shutil.copytree(PACKAGE.parents[1] / name, top / name)
    return top / "src" / "clustersim"


def ask(package: Path) -> list[str]:
    """Return the hash of the code, of a run, of a comparison and of a plan, from a fresh interpreter."""
    environment = os.environ | {"PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, cwd=package.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def changed(path: Path, change: tuple[str, str] | None) -> str:
    """Return a file's text with one number changed: the one named, or the first decimal one."""
    text = path.read_text(encoding="utf-8")
    if change is not None:
        assert change[0] in text
        return text.replace(*change, 1)
    import io
    import tokenize

    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NUMBER and "." in token.string:
            lines = text.splitlines(keepends=True)
            row = token.start[0]
            lines[row - 1] = lines[row - 1][: token.end[1]] + "1" + lines[row - 1][token.end[1] :]
            return "".join(lines)
    raise AssertionError(f"{path} holds no decimal number")


@pytest.mark.slow
def test_any_change_in_the_rooms_that_decide_numbers_changes_every_hash(package):
    before = ask(package)
    assert {name.split("/")[0] for name in CHANGES} == set(ROOMS)
    for name, change in CHANGES.items():
        path = package / name
        text = path.read_text(encoding="utf-8")
        path.write_text(changed(path, change), encoding="utf-8")
        after = ask(package)
        path.write_text(text, encoding="utf-8")
        assert all(one != other for one, other in zip(before, after, strict=True)), name
    (package / "policy" / "instruments" / "strengths.yaml").write_text("grant: 1.0\n")
    assert all(one != other for one, other in zip(before, ask(package), strict=True)), "shipped data do not count"
    (package / "policy" / "instruments" / "strengths.yaml").unlink()
    for name in ("views/documentation.py", "cli/doctor.py", "core/locale/es/LC_MESSAGES/clustersim.po"):
        with (package / name).open("a", encoding="utf-8") as file:
            file.write("\n# a remark\n")
    assert ask(package) == before


def test_the_rooms_are_taken_whole():
    found = {path.relative_to(PACKAGE).as_posix() for path in code_files()}
    there = {path.relative_to(PACKAGE).as_posix() for room in ROOMS for path in (PACKAGE / room).rglob("*.py")}
    assert there <= found and {"core/draws.py", "model/state.py", "policy/instruments/base.py", "simulation/batches.py"} <= found
    assert not [name for name in found if "__pycache__" in name or "locale" in name or name.split("/")[0] not in ROOMS]
