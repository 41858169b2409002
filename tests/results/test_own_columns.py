"""Columns of own indicators: no number moves, batches do not matter, results are read, gone on with, and made again."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustersim import InputError, compare, read_result, reproduce, simulate, sweep, write_result
from clustersim.plugins import load_plugin, use_files
from clustersim.results.exporting import export_run
from clustersim.results.running import planned_folder_name
from clustersim.scenario.model import Scenario
from clustersim.simulation import batches

CLUSTERS = [{"name": n, "smes": 8, "tractors": 1} for n in ("a", "b")]
TINY = Scenario.model_validate({"title": "tiny", "horizon": {"years": 2}, "place": {"clusters": CLUSTERS}})
FILE = '''from typing import Literal
from clustersim.plugins import Indicator, Look

class Jobs(Indicator):
    """Jobs of all firms, and the trust of the quarter in thousandths."""

    use: Literal["jobs_and_trust"] = "jobs_and_trust"
    unit, etiqueta = "persons", "Empleos"

    def measure(self, look: Look):
        return look.firms.employees.sum() + look.indicators["trust"] / 1000.0

class Ties(Indicator):
    """Ties."""

    use: Literal["tie_count"] = "tie_count"
    unit, etiqueta, every = "ties", "Vínculos", 3

    def measure(self, look: Look):
        return len(look.ties)
'''


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, with the plugin in it, not loaded."""
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_each_cluster_and_quarter_has_its_own_value_and_no_number_moves(monkeypatch):
    plain = simulate(TINY, replicates=3)
    load_plugin("own.py")
    found = simulate(TINY, replicates=3, workers=2)
    frame = found.indicators
    assert frame.columns.tolist() == [*plain.indicators, "jobs_and_trust", "tie_count"]
    assert frame[list(plain.indicators)].equals(plain.indicators) and found.phases.equals(plain.phases)
    assert np.allclose(frame["jobs_and_trust"], frame["employment"] + frame["trust"] / 1000.0, rtol=1e-14)
    assert frame.loc[frame["tie_count"].notna(), "quarter"].unique().tolist() == [2, 5, 7]
    probed = simulate(TINY, replicates=3, probes={"ties": lambda look: len(look.ties)}, probe_at=[2, 5, 7], indicators=()).probes
    assert probed["ties"].tolist() == frame["tie_count"].dropna().tolist()
    assert frame.attrs["units"] == plain.indicators.attrs["units"] | {"jobs_and_trust": "persons", "tie_count": "ties"}
    monkeypatch.setattr(batches, "batch_size", lambda *_given: 1)
    assert simulate(TINY, replicates=3).indicators.equals(frame), "one batch or three"
    assert simulate(TINY, replicates=[2]).indicators.equals(frame[frame["replicate"] == 2].reset_index(drop=True))


def test_the_result_says_what_they_are_and_is_named_after_them():
    plain = simulate(TINY)
    load_plugin("own.py")
    idle, one, both = (simulate(TINY, indicators=asked) for asked in ((), ["tie_count"], None))
    assert len({result.folder_name for result in (plain, idle, one, both)}) == 4
    assert "indicators" not in plain.provenance and "indicators" not in idle.provenance
    assert one.provenance["indicators"] == [{"use": "tie_count", "etiqueta": "Vínculos", "unit": "ties", "meaning": "Ties.",
                                             "every": 3}]  # fmt: skip
    assert both.provenance["plugins"][0]["file"] == "own.py"
    assert planned_folder_name(both.scenario.model_copy(update={"replicates": 1}), both.name) == both.folder_name


def test_it_is_read_and_exported_without_the_plugin_and_made_again_with_it(folder):
    load_plugin("own.py")
    made = simulate(TINY, replicates=2)
    place = write_result(made, folder / "r")
    use_files(())
    again = read_result(place)
    assert again.indicators.equals(made.indicators) and again.indicators.attrs["units"]["tie_count"] == "ties"
    assert export_run(place, folder / "out.csv", "csv") == 2 * 2 * 8
    assert pd.read_csv(folder / "out.csv")["tie_count"].notna().sum() == 2 * 2 * 3
    with pytest.raises(InputError, match="needs jobs_and_trust, tie_count, which no plugin at hand brings"):
        reproduce(place)
    load_plugin("own.py")
    assert reproduce(place).equal
    Path("own.py").write_text(FILE.replace("len(look.ties)", "len(look.ties) + 1"), encoding="utf-8")
    load_plugin("own.py")
    found = reproduce(place)
    assert [column.name for column in found.tables[0].columns] == ["tie_count"] and "plugins.tie_count" in found.differs


def test_a_run_that_was_stopped_goes_on_to_the_same_table(folder, monkeypatch):
    load_plugin("own.py")
    whole = simulate(TINY, replicates=3).indicators
    monkeypatch.setattr(batches, "batch_size", lambda *_given: 1)
    stop = threading.Event()

    def listen(done, _total):
        if done >= 12:
            stop.set()

    with pytest.raises(batches.Stopped):
        simulate(TINY, replicates=3, keep=folder, stop=stop, progress=listen)
    said = []
    found = simulate(TINY, replicates=3, keep=folder, tell=said.append)
    assert said and found.indicators.equals(whole) and found.indicators.attrs["units"]["tie_count"] == "ties"


def test_the_command_measures_those_that_are_named(call, folder):
    Path("s.yaml").write_text("extends: no_policy\ntitle: t\nhorizon: {years: 1}\nplace: {clusters: [{name: v, smes: 8}]}\n")
    code, out, _ = call("run", "s.yaml", "--plugin", "own.py", "--indicator", "tie_count", "--replicates", "1", "--no-figures",
                        "--json")  # fmt: skip
    assert code == 0
    (place,) = (folder / "results").iterdir()
    assert read_result(place).indicators.columns[-1] == "tie_count" and json.loads(out)
    code, _, err = call("run", "s.yaml", "--plugin", "own.py", "--indicator", "tie_cont")
    assert code == 2 and "--indicator: 'tie_cont' is not an own indicator" in err and "Did you mean" in err


def test_comparisons_leave_them_out_and_sweeps_say_so():
    load_plugin("own.py")
    compared = compare({"one": TINY, "two": TINY}, replicates=2)
    assert "tie_count" not in compared.yearly
    design = {"title": "t", "question": "q", "scenarios": ["no_policy"], "replicates": 1,
              "outputs": {"indicators": ["tie_count"]}, "levers": {"keys": {"parameters.trust.gain": [0.05]}}}  # fmt: skip
    with pytest.raises(InputError, match="'tie_count' is an indicator of your own, which sweeps do not measure; runs do"):
        sweep(design, out="sweeps")
