"""The unit tests of the mechanisms, as plain Python: they pass, and they reach nine lines in ten of every mechanism."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEAST = 90.0  # per cent of lines and branches


@pytest.mark.slow
def test_the_mechanisms_pass_their_unit_tests_and_are_covered(tmp_path):
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "COVERAGE_FILE": str(tmp_path / "coverage")}
    settings = tmp_path / "coveragerc"  # its own: the mechanisms alone, whatever the project measures elsewhere
    settings.write_text("[run]\nbranch = true\nsource_pkgs = clustersim.model.mechanisms\n[report]\nprecision = 1\n", "utf-8")

    def python(*words: str) -> str:
        done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(words[:3])}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    tests = str(Path("tests", "model", "mechanisms"))
    python("coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", "-p", "no:cacheprovider", tests)
    print(python("coverage", "report", f"--rcfile={settings}", "--show-missing"))
    python("coverage", "json", f"--rcfile={settings}", "-o", str(tmp_path / "coverage.json"))
    report = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))
    covered = {Path(name).stem: part["summary"]["percent_covered"] for name, part in report["files"].items()}
    assert len(covered) >= 17, f"only {sorted(covered)} were measured"
    assert report["totals"]["percent_covered"] > LEAST
    assert {name: share for name, share in covered.items() if share <= LEAST} == {}
