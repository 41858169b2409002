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


class Installed:
    """A wheel of this code in an environment of its own, in a folder whose name has a blank and letters beyond ASCII.

    The environment takes its dependencies from the one that runs the tests: only the wheel itself is put to the test.
    """

    def __init__(self, folder: Path) -> None:
        self.home = folder / "año de pruebas"
        outside(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
        (self.wheel,) = folder.glob("*.whl")
        outside(sys.executable, "-m", "venv", "--without-pip", self.home)
        (scripts,) = {path.parent for path in self.home.rglob("python*") if path.parent.name in {"bin", "Scripts"}}
        self.python, self.command = scripts / "python", scripts / "clustersim"
        outside(sys.executable, "-m", "pip", "-qq", "--python", self.python, "install", "--no-deps", self.wheel)
        where = outside(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        (Path(where) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def call(self, *words: object) -> str:
        """Call the command there; return what it prints."""
        return outside(self.command, *words, cwd=self.home)


def outside(*words: object, cwd: Path = ROOT) -> str:
    """Call a program that knows nothing of this checkout; return what it prints."""
    outer = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "CLUSTERSIM_LANG"}}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=outer, capture_output=True, text=True)
    assert done.returncode == 0, f"{words[-1]}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """Return the environment that all tests below share."""
    return Installed(tmp_path_factory.mktemp("installed"))


pytestmark = pytest.mark.xdist_group("installed")


@pytest.mark.slow
def test_the_wheel_holds_what_the_package_needs(installed):
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    for folder, shipped in (("scenarios", "scenarios"), ("experiments", "experiment_files")):
        assert {f"clustersim/{shipped}/{path.name}" for path in (ROOT / folder).glob("*.yaml")} <= names
    assert "clustersim/core/locale/es/LC_MESSAGES/clustersim.mo" in names
    outside(sys.executable, "-m", "pip", "--python", installed.python, "check")


@pytest.mark.slow
def test_an_installed_wheel_runs_anywhere(installed):
    assert installed.call("--version").split()[-1] == __version__
    assert "organic" in installed.call("scenario", "list")
    installed.call("doctor")
    installed.call("run", "organic", "--years", 1, "--replicates", 2)
    (result,) = (installed.home / "results").glob("organic-*")
    assert (result / "indicators.parquet").is_file() and list((result / "figures").glob("*.png"))
    assert "</html>" in (page := Path(installed.home, installed.call("report", result).strip())).read_text(encoding="utf-8")
    assert page.is_relative_to(result)
    assert "every number is equal to the last bit" in installed.call("reproduce", result)


@pytest.mark.slow
def test_an_installed_wheel_can_be_used_from_python(installed):
    code = """
import clustersim
from clustersim import ClusterModel, simulate
model = ClusterModel("organic")
model.step()
result = simulate("organic", replicates=1, years=1)
result.plot("life_cycle", "es").savefig("figura.png")
print(model.quarter, result, clustersim.__file__)
"""
    said = outside(installed.python, "-c", code, cwd=installed.home)
    assert said.startswith("1 <RunResult Organic agglomeration") and "año de pruebas" in said
    assert (installed.home / "figura.png").stat().st_size > 1000
