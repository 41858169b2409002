"""A simulation in mid-run: what can change and what cannot, copies under another programme, and files to go on from."""

from __future__ import annotations

import re
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from clustersim import ClusterModel, InputError, Simulation, load_scenario, read_result, simulate, write_result
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.plugins import load_plugin
from clustersim.scenario.model import Scenario
from clustersim.simulation import checkpoint
from clustersim.simulation.changing import START_ONLY
from clustersim.simulation.mesa_model import SME

SOURCE = Path(__file__).parents[2] / "src" / "clustersim"
PLACE = {"clusters": [{"name": "a", "smes": 30, "tractors": 2}]}
JOBS = list(INDICATORS).index("employment")


def bare(**more) -> Scenario:
    return Scenario.model_validate({"title": "t", "horizon": {"years": 10}, "place": PLACE} | more)


def helped(announced: float = 0.0) -> Scenario:
    """Return the place under the shipped programme, announced after some years."""
    programme = load_scenario("designed").programme.model_copy(update={"announced": announced})
    return bare().with_(programme=programme)


def refused(what: str, call, *arguments) -> None:
    with pytest.raises(InputError, match=what) as caught:
        call(*arguments)
    assert len(caught.value.message.splitlines()) == 1


# what decides a run is not written by the way


@pytest.mark.parametrize("name", ["scenario", "seed", "replicates", "workers", "state"])
def test_what_a_simulation_is_cannot_be_set(name):
    simulation = Simulation(bare())
    before = getattr(simulation, name)
    refused("cannot be set", setattr, simulation, name, 5)
    assert getattr(simulation, name) is before


def test_arrays_are_to_be_read_and_say_how_to_change():
    simulation, twin = Simulation(bare(), workers=1), Simulation(bare(), workers=1)
    for records in (simulation.state.parameters.trust, simulation.state.parameters[:1].trust):
        refused(re.escape('change({"parameters.trust.gain": 0.1})'), setattr, records, "gain", 9.0)
    refused("are to be read", simulation.state.plan.shocks.__setitem__, slice(None), 0)
    for column in (simulation.state.actors.cash, simulation.state.clusters["wage"], simulation.state.worlds.frontier):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1.0
    assert simulation.advance(8).indicators.tobytes() == twin.advance(8).indicators.tobytes()
    assert simulation.state.actors.cash[7] == simulation._state.actors.cash[7]  # the same memory, as it is now


# changes


def test_a_change_acts_from_the_coming_quarter_and_is_noted():
    base, changed = Simulation(bare(), 3, range(4)), Simulation(bare(), 3, range(4))
    same = [run.advance(8).indicators for run in (base, changed)]
    changed.change({"parameters.trust.gain": 0.12})
    then = [run.advance(12).indicators for run in (base, changed)]
    assert same[0].tobytes() == same[1].tobytes() and then[0].tobytes() != then[1].tobytes()
    assert changed.changes == [{"quarter": 8, "key": "parameters.trust.gain", "before": 0.06, "now": 0.12}]
    assert changed.scenario.parameters["trust"]["gain"] == 0.12 and not base.changes


def test_a_change_at_the_start_is_a_scenario_that_begins_so():
    changed = Simulation(bare(), 3, range(3))
    changed.change({"parameters.trust.gain": 0.12, "institutions.government.coordination": 0.9})
    other = bare().with_({"parameters.trust.gain": 0.12, "institutions.government.coordination": 0.9})
    # Ties of the years before the start have their trust from the gain that held then.
    assert changed.scenario == other
    assert changed.state.clusters.coordination[0] == Simulation(other, 3).state.clusters.coordination[0]


@pytest.mark.parametrize(("change", "said"), [
    ({"parameters.trust.gain": 9.0}, "from 0.03 to 0.12"), ({"parameters.trust.gian": 0.1}, "Did you mean 'gain'"),
    ({"parameters.population.size_median": 9.0}, "only the first state"), ({"place.clusters.a.smes": 9},
    "decided at the start"),
    ({"horizon.years": 3}, "decided at the start"), ({"seed": 3}, "decided at the start"), ({}, "a mapping of dotted key"),
    ({"programme.announced": 3}, "decided at the start"), ({"programme.stages[0].instruments": []}, "another programme"),
    ({"programme.stages[0].lead": "mixed"}, "when the programme is announced"), ({"parameters.trust": {}},
    "one parameter at a time"),
    ({"environment.shocks": [{"kind": "demand", "year": 0.5, "size": 1}]}, "shocks before year 2 have been"),
])  # fmt: skip
def test_what_cannot_change_is_refused_and_nothing_happens(change, said):
    simulation, twin = Simulation(helped(), 3), Simulation(helped(), 3)
    for run in (simulation, twin):
        run.advance(8)
    refused(re.escape(said), simulation.change, change)
    assert simulation.advance(4).indicators.tobytes() == twin.advance(4).indicators.tobytes() and not simulation.changes


def test_parameters_that_only_the_start_reads_are_all_listed():
    """A change of another one would be taken and do nothing: each must be read by name in a mechanism of its own."""
    texts = {path.stem: path.read_text() for path in (SOURCE / "model" / "mechanisms").glob("*.py")}
    texts["population"] = (SOURCE / "model" / "population.py").read_text().split("@kernel", 1)[1] + texts["demography"]
    unread = {(group, name) for group, own in PARAMETERS.items() for name in own
              if not any(re.search(rf"\b(p|{group})\.{name}\b", text) for stem, text in texts.items()
                         if stem == group or group != "population")}  # fmt: skip
    listed = {(group, name) for group, names in START_ONLY.items() for name in names}
    assert unread <= listed
    assert all(name in PARAMETERS[group] for group, name in listed)


def test_what_a_programme_pays_changes_in_a_coming_quarter():
    simulation, twin = Simulation(helped(), 3), Simulation(helped(), 3)
    for run in (simulation, twin):
        run.advance(12)
    key = next(f"programme.stages[{s}].instruments[{i}].per_year" for s, stage in enumerate(helped().programme.stages)
               for i, _instrument in enumerate(stage.instruments) if int(simulation.state.clusters.stage[0]) == s)  # fmt: skip
    simulation.change({key: 0.0})
    row = list(simulation.state.plan.rows.money).index(0.0)
    paid, usual = (run.advance(1).spending[0, :, 0] for run in (simulation, twin))
    assert paid[row] == 0.0 < usual[row] and simulation.changes[0]["before"] > 0.0


def test_a_shock_now():
    simulation, twin = Simulation(bare(), 3, range(4)), Simulation(bare(), 3, range(4))
    for run in (simulation, twin):
        run.advance(8)
    simulation.shock("demand", -0.5, years=1)
    assert simulation.scenario.environment.shocks[0].year == 2.0
    hit, usual = (run.advance(4).indicators[-1, :, JOBS] for run in (simulation, twin))
    assert (hit < usual).all()
    refused("Did you mean 'demand'|demand, technology", simulation.shock, "demnd", 1.0)


def test_a_result_says_its_changes_and_can_be_run_again(tmp_path):
    simulation = Simulation(bare(), 3, range(3))
    parts = [simulation.advance(6).indicators]
    simulation.change({"parameters.trust.gain": 0.12})
    parts.append(simulation.advance(4).indicators)
    simulation.shock("demand", -0.3)
    parts.append(simulation.advance(30).indicators)
    result = simulate(bare(), 3, 3, changes=simulation.changes)
    assert result.indicators["employment"].tolist() == np.concatenate(parts)[:, :, JOBS].T.ravel().tolist()
    assert result.provenance["changes"] == simulation.changes and result.folder_name != simulate(bare(), 3, 3).folder_name
    again = read_result(write_result(result, tmp_path / "r"))
    assert simulate(again.scenario, again.seed, 3, changes=again.provenance["changes"]).indicators.equals(result.indicators)


def test_the_mesa_model_changes_in_the_same_way():
    model, simulation = ClusterModel(bare(), 3), Simulation(bare(), 3)
    for _ in range(6):
        model.step()
    simulation.advance(6)
    for run in (model, simulation):
        run.change({"parameters.trust.gain": 0.12})
        run.shock("demand", -0.3, 1)
    model.step()
    assert model.changes == simulation.changes
    assert next(iter(model.indicators.values()))["employment"] == simulation.advance(1).indicators[0, 0, JOBS]
    assert len(model.agents_by_type[SME]) > 0


# branches and files


def test_a_branch_is_what_a_programme_announced_then_would_have_been():
    whole = Simulation(helped(announced=5), 3, (0, 4)).advance(40).indicators
    base = Simulation(bare(), 3, (0, 4))
    first = base.advance(20).indicators
    branch = base.branch(helped())
    assert np.concatenate([first, branch.advance(20).indicators]).tobytes() == whole.tobytes()
    assert base.advance(20).indicators.tobytes() == Simulation(bare(), 3, (0, 4)).advance(40).indicators[20:].tobytes()
    assert branch.changes[0]["key"] == "programme" and not base.changes


def test_a_branch_ends_a_programme_and_a_copy_goes_on_as_the_first():
    base = Simulation(helped(), 3)
    base.advance(8)
    ended, copy = base.branch(bare()), base.branch()
    assert ended.advance(4).spending.shape[1] == 0 and ended.scenario.programme is None
    assert copy.advance(12).indicators.tobytes() == base.advance(12).indicators.tobytes()
    changed = base.branch(changes={"parameters.trust.gain": 0.12})
    assert changed.scenario.parameters["trust"]["gain"] == 0.12 and not base.scenario.parameters


def growing() -> Scenario:
    clusters = [{"name": name, "smes": 30, "tractors": 1} for name in ("one", "two")]
    return Scenario.model_validate({
        "title": "g", "place": {"clusters": clusters}, "parameters": {"demography": {"startup_rate": 0.05,
        "startup_floor": 2.0}},
    })  # fmt: skip


RULE = '''"""A rule."""
from typing import Literal

from clustersim.programme_rules import Rule, Seen


class Steer(Rule):
    """Pays by how far jobs have grown since it first looked."""

    use: Literal["steer"] = "steer"
    etiqueta = "Timón"
    source = "assumed"

    def decide(self, seen: Seen):
        return {"facilitator": min(2.0, seen.now["employment"] / seen.first["employment"])}
'''


@pytest.fixture
def steered(tmp_path):
    """Return a scenario that a rule of a plugin steers."""
    (tmp_path / "steer.py").write_text(RULE, encoding="utf-8")
    load_plugin(tmp_path / "steer.py")
    return lambda: helped().with_({"programme.rule": {"use": "steer", "every": 3}})


@pytest.mark.parametrize("make", [helped, growing, "steered"])
def test_a_saved_simulation_goes_on_as_if_it_had_never_stopped(make, tmp_path, request):
    make = request.getfixturevalue(make) if isinstance(make, str) else make
    simulation = Simulation(make(), 3, (0, 2), workers=1)
    simulation.advance(9)
    simulation.change({"parameters.trust.gain": 0.1})
    path = simulation.save(tmp_path / "half.npz")
    again = Simulation.load(path, workers=2)
    assert (again.quarter, again.changes, again.seed, again.scenario) == (9, simulation.changes, 3, simulation.scenario)
    one, other = (run.advance(31) for run in (simulation, again))
    assert one.indicators.tobytes() == other.indicators.tobytes() and one.spending.tobytes() == other.spending.tobytes()
    assert again.branch().advance(4).indicators.tobytes() == simulation.advance(4).indicators.tobytes()


def test_a_saved_simulation_that_is_damaged_or_of_another_model_is_refused(tmp_path, monkeypatch):
    simulation = Simulation(bare(), 3)
    data = bytearray(simulation.save(tmp_path / "s.npz").read_bytes())
    rng = np.random.default_rng(1)
    for _ in range(60):
        place, bit = int(rng.integers(len(data))), 1 << int(rng.integers(8))
        data[place] ^= bit
        (tmp_path / "bad.npz").write_bytes(data)
        try:
            found = Simulation.load(tmp_path / "bad.npz")
        except InputError as error:
            assert "is damaged" in error.message
        else:  # a bit that no number depends on, such as a date in the archive
            assert found.branch().advance(2).indicators.tobytes() == simulation.branch().advance(2).indicators.tobytes()
        data[place] ^= bit
    monkeypatch.setattr(checkpoint, "model_code", lambda: "0" * 16)
    refused("was saved by another model", Simulation.load, tmp_path / "s.npz")
    refused("no such file", Simulation.load, tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("not this")
    refused("is damaged", Simulation.load, tmp_path / "text.npz")


@pytest.mark.parametrize("header", ["{'shape': (9,),(}", "{'descr': '|u1'", "(" * 999, "1\n 2", "{'a': 1}", "\0", "'", "[]"])
def test_a_saved_array_may_say_anything_of_itself(tmp_path, header):
    path = Simulation(bare(), 1).save(tmp_path / "s.npz")
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(tmp_path / "bad.npz", "w") as bad:
        for name in good.namelist():
            said = (header + "\n").encode()
            bad.writestr(name, b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said + b"123456789")
    refused("is damaged", Simulation.load, tmp_path / "bad.npz")


def test_branches_run_side_by_side_in_threads():
    base = Simulation(bare(), 3, workers=1)
    base.advance(4)
    alone = base.branch().advance(8).indicators
    found: list = []
    runs = [base.branch() for _ in range(4)]
    threads = [threading.Thread(target=lambda run=run: found.append(run.advance(8).indicators)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(one.tobytes() == alone.tobytes() for one in found)
