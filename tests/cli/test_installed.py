"""As users have it: `python -m clustersim`, and a wheel in an environment of its own, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from clustersim import __version__

ROOT = Path(__file__).parents[2]


def test_the_module_is_the_command():
    done = subprocess.run([sys.executable, "-m", "clustersim", "--version"], env=os.environ, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()[-1]) == (0, __version__), done.stderr


@pytest.mark.slow
def test_an_installed_wheel_runs_anywhere(tmp_path):
    """The environment takes its dependencies from the one that runs the tests: only the wheel itself is put to the test."""

    def call(*words: object, cwd: Path = ROOT) -> str:
        outside = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "CLUSTERSIM_LANG"}}
        done = subprocess.run([str(word) for word in words], cwd=cwd, env=outside, capture_output=True, text=True)
        assert done.returncode == 0, f"{words[-1]}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, shipped in (("scenarios", "scenarios"), ("experiments", "experiment_files")):
        assert {f"clustersim/{shipped}/{path.name}" for path in (ROOT / folder).glob("*.yaml")} <= names
    assert "clustersim/core/locale/es/LC_MESSAGES/clustersim.mo" in names

    home = tmp_path / "año de pruebas"
    call(sys.executable, "-m", "venv", "--without-pip", home)
    (scripts,) = {path.parent for path in home.rglob("python*") if path.parent.name in {"bin", "Scripts"}}
    call(sys.executable, "-m", "pip", "-qq", "--python", scripts / "python", "install", "--no-deps", wheel)
    where = call(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    (Path(where) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    command = scripts / "clustersim"
    assert call(command, "--version", cwd=home).split()[-1] == __version__
    assert "organic" in call(command, "scenario", "list", cwd=home)
    call(command, "run", "organic", "--years", 1, "--replicates", 2, "--no-figures", cwd=home)
    call(command, "doctor", cwd=home)
    (result,) = (home / "results").glob("organic-*")
    assert (result / "indicators.parquet").is_file()
    call(sys.executable, "-m", "pip", "--python", scripts / "python", "check")
