"""The doctor vouches for nothing that it has not used; its small model is that of today."""

from __future__ import annotations

import json

import numpy as np
import pytest

import clustersim
from clustersim.cli.doctor import names
from clustersim.core import accelerate
from clustersim.core.words import speaking
from clustersim.results import installation
from clustersim.results.installation import CHECKS, KNOWN, examine, known, rounding, small_model


def test_the_numbers_that_are_kept_are_those_of_the_model():
    kept = json.loads(KNOWN.read_text(encoding="utf-8"))
    here = known(small_model())
    np.testing.assert_allclose(here["last"], kept["last"], rtol=1e-9, atol=1e-9, err_msg=(
        "the model's numbers changed: if that is meant, renew them with python -m clustersim.results.installation"))  # fmt: skip
    if rounding() == kept["rounding"]:
        assert here["digest"] == kept["digest"], "renew them with python -m clustersim.results.installation"


@pytest.fixture
def quick(monkeypatch):
    """Leave out checks that take long."""
    for name in ("kernels", "parquet", "duckdb", "netcdf", "jobqueue"):
        monkeypatch.setitem(CHECKS, name, lambda folder: "")


def test_what_works_is_said_with_its_version(quick, tmp_path):
    found = examine(tmp_path, {"more": lambda folder: f"{len(list(folder.iterdir()))} files"})
    assert found["ok"] and all(check["works"] for check in found["checks"].values())
    assert found["checks"]["numbers"]["message"] == "the same to the last bit"
    assert found["checks"]["mesa"]["version"] == found["checks"]["mesa"]["version"].strip() != ""
    assert found["checks"]["more"]["message"] == "0 files"
    json.dumps(found)


def test_a_public_name_that_cannot_be_imported_is_a_fault(quick, tmp_path, monkeypatch):
    monkeypatch.setitem(clustersim._HOME, "ClusterModel", "clustersim.no_such_module")
    monkeypatch.delitem(vars(clustersim), "ClusterModel", raising=False)
    found = examine(tmp_path, {"package": names})
    assert not found["ok"] and not found["checks"]["package"]["works"]
    assert "ModuleNotFoundError" in found["checks"]["package"]["message"]


def test_a_mesa_that_cannot_step_is_a_fault(quick, tmp_path, monkeypatch):
    from clustersim.simulation.mesa_model import ClusterModel

    def step(self):
        raise SystemExit("no more")

    monkeypatch.setattr(ClusterModel, "step", step)
    found = examine(tmp_path)["checks"]["mesa"]
    assert not found["works"] and found["message"] == "SystemExit: no more"


@pytest.mark.parametrize(("here", "change", "works", "said"), [
    ("another", 1e-12, True, "the C library of this machine rounds differently"),
    ("another", 1e-3, False, "gives other numbers than it should"),
    (None, 1e-12, False, "gives other numbers than it should"),
])  # fmt: skip
def test_other_numbers_are_a_fault_unless_the_c_library_rounds_otherwise(quick, tmp_path, monkeypatch, here, change, works, said):
    record = small_model() * (1.0 + change)
    monkeypatch.setattr(installation, "small_model", lambda: record)
    if here is not None:
        monkeypatch.setattr(installation, "rounding", lambda: here)
    monkeypatch.setitem(CHECKS, "mesa", lambda folder: "")
    found = examine(tmp_path)
    assert found["checks"]["numbers"]["works"] == works == found["ok"] and said in found["checks"]["numbers"]["message"]


def test_an_extra_that_is_not_installed_is_no_fault(quick, tmp_path, monkeypatch):
    monkeypatch.setitem(installation.EXTRAS, "netcdf", "no_such_package")
    found = examine(tmp_path)
    assert found["ok"] and found["checks"]["netcdf"] == {
        "installed": False, "works": False, "version": "", "seconds": 0.0, "message": ""}  # fmt: skip


def test_a_folder_that_is_not_used_for_the_cache_is_named(quick, tmp_path, monkeypatch):
    monkeypatch.setattr(accelerate, "REFUSED", [(tmp_path, "open")])
    (refused,) = examine(tmp_path)["cache"]["refused"]
    assert refused == {"folder": str(tmp_path), "reason": "others may write it, or a folder above it"}
    with speaking("es"):
        assert examine(tmp_path)["ok"]
