"""The same numbers, to the last bit, whatever the threads, the chunks, the neighbours, the room and the compiler."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from clustersim.model.indicators import INDICATORS
from clustersim.model.state import ACTORS, CLUSTERS, OUTSIDE, TIES, WORLDS
from clustersim.scenario.model import Scenario
from clustersim.simulation import initial
from clustersim.simulation.engine import Simulation

# Where things lie in the arrays depends on who else is there; it is left out, or counted from the cluster's own first row.
PLACES = {"world", "first", "firms", "last", "room", "ties", "tie_room", "rows_first", "rows_last", "related"}
PROGRAMME = {
    "announced": 2,
    "lag_quarters": 1,
    "stages": [
        {"name": "start", "quarters": 12, "instruments": [{"use": "facilitator", "per_year": 160}]},
        {"name": "build", "quarters": 20, "instruments": [
            {"use": "association_founding", "per_year": 40, "quarters": 4}, {"use": "project_cofinance", "per_year": 90},
            {"use": "association_grant", "per_year": 120, "taper": 1}]},
    ],
}  # fmt: skip
GROWTH = {"startup_rate": 0.05, "startup_floor": 2.0, "closure": 0.003}


def scenario(*names: str, programme: dict | None = PROGRAMME, smes: int = 40, **parameters: dict) -> Scenario:
    """Return a scenario with these clusters, each a little larger than the one before."""
    clusters = [{"name": name, "smes": smes + 5 * k, "tractors": 2, "trust": 0.4} for k, name in enumerate(names)]
    shocks = [{"kind": "demand", "year": 1, "years": 1, "size": -0.2}, {"kind": "technology", "year": 4, "size": 0.2}]
    return Scenario.model_validate(
        {"title": "t", "place": {"clusters": clusters}, "environment": {"shocks": shocks}, "programme": programme,
         "parameters": parameters}
    )  # fmt: skip


def nation() -> Scenario:
    """Return a nation: related clusters that send links and firms to each other, a programme that selects, and elections."""
    clusters = [{"name": name, "smes": 20 + 8 * k, "tractors": 1, "trust": 0.45, "activity": (0.0, 0.04, 0.08, 0.5, 0.97)[k]}
                for k, name in enumerate(("alpha", "beta", "gamma", "delta", "omega"))]  # fmt: skip
    choice = {"mode": "calls", "rounds": [{"clusters": 2}, {"year": 2, "clusters": 1}]}
    eager = {"meeting": {"pipeline_rate": 0.05, "domestic": 1.0}, "diversification": {"rate": 0.2, "advantage": 0.0}}
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": clusters, "nation_jobs": 30_000},
        "environment": {"shocks": [{"kind": "technology", "year": 2, "size": 0.06},
                                   {"kind": "tractor_exit", "year": 5, "size": 1}]},
        "institutions": {"government": {"election_years": 2}}, "parameters": eager,
        "programme": PROGRAMME | {"selection": choice, "lead": "mixed", "budget": {"per_year": 300, "shared": True}},
    })  # fmt: skip


ONE, THREE, NATION = scenario("alpha"), scenario("alpha", "beta", "gamma"), nation()


def facts(simulation: Simulation, c: int = 0) -> dict[str, bytes]:
    """Return every number of one cluster and its world, as bytes by name, counted from the cluster's own rows."""
    s = simulation.state
    cluster = s.clusters[c]
    rows = slice(int(cluster.first), int(cluster.last))
    links = slice(int(cluster.ties), int(cluster.ties + cluster.tie_count))
    actors = {name: getattr(s.actors, name)[rows].copy() for name in ACTORS}
    del actors["root"]  # work space: found anew in each quarter, and not kept when rows move
    actors["around"] -= 2 * cluster.ties
    ties = {name: getattr(s.ties, name)[links].copy() for name in TIES}
    ties["a"] -= cluster.first
    ties["b"] = np.where(ties["b"] == OUTSIDE, OUTSIDE, ties["b"] - cluster.first)
    listed = s.ties.by_actor[2 * int(cluster.ties) :][: int(actors["degree"].sum())] - cluster.ties
    found = {f"actors.{name}": column.tobytes() for name, column in actors.items()}
    found |= {f"ties.{name}": column.tobytes() for name, column in ties.items()}
    found |= {f"cluster.{name}": cluster[name].tobytes() for name in set(CLUSTERS) - PLACES}
    related = np.where(cluster.related < 0, -1, cluster.related - s.worlds[cluster.world].first_cluster)
    found |= {"cluster.related": related.tobytes()}
    found |= {f"world.{name}": s.worlds[cluster.world][name].tobytes() for name in WORLDS if not name.endswith("_cluster")}
    return found | {"listed": listed.tobytes()}


def same(one: Simulation, other: Simulation, pairs=((0, 0),)) -> None:
    """Fail, with the names of what differs, unless the clusters of the two runs are equal."""
    for c, d in pairs:
        left, right = facts(one, c), facts(other, d)
        assert [name for name in left if left[name] != right[name]] == []


def equal(one: np.ndarray, other: np.ndarray) -> None:
    """Fail unless two arrays hold the same bytes."""
    assert one.shape == other.shape
    assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("workers", [2, 8])
@pytest.mark.parametrize(("place", "replicates"), [(ONE, 12), (THREE, 1), (THREE, 5), (NATION, 3)],
                         ids=["many", "one world", "several", "nation"])  # fmt: skip
def test_threads_change_nothing(place, replicates, workers):
    alone = Simulation(place, 3, range(replicates), workers=1)
    many = Simulation(place, 3, range(replicates), workers=workers)
    first, second = alone.advance(40), many.advance(40)
    equal(first.indicators, second.indicators)
    equal(first.spending, second.spending)
    same(alone, many, [(c, c) for c in range(len(alone.state.clusters))])


@pytest.mark.parametrize("chunks", [(1,) * 40, (7, 33), (39, 1)], ids=["1x40", "7+33", "39+1"])
@pytest.mark.parametrize(("place", "replicates"), [(ONE, 3), (THREE, 1), (NATION, 2)], ids=["worlds", "clusters", "nation"])
def test_chunks_change_nothing(place, replicates, chunks):
    whole, parts = Simulation(place, 3, range(replicates)), Simulation(place, 3, range(replicates))
    once = whole.advance(40)
    records = [parts.advance(quarters) for quarters in chunks]
    equal(once.indicators, np.concatenate([record.indicators for record in records]))
    equal(once.spending, np.concatenate([record.spending for record in records]))
    assert parts.quarter == whole.quarter == 40
    same(whole, parts, [(c, c) for c in range(len(whole.state.clusters))])


def test_run_is_advance():
    one, other = Simulation(ONE, 3), Simulation(ONE, 3)
    equal(one.run(21, chunk=8).indicators, other.advance(21).indicators)


@pytest.mark.parametrize("place", [ONE, THREE, NATION], ids=["one cluster", "three clusters", "nation"])
def test_a_replicate_is_the_same_alone_or_among_many_in_any_order(place):
    size = len(place.place.clusters)
    among, shuffled = Simulation(place, 3, range(6)), Simulation(place, 3, [4, 9, 0])
    together, mixed = among.advance(30), shuffled.advance(30)
    for k, at in ((4, 0), (0, 2)):
        alone = Simulation(place, 3, [k])
        record = alone.advance(30)
        equal(record.indicators, together.indicators[:, k * size : (k + 1) * size])
        equal(record.indicators, mixed.indicators[:, at * size : (at + 1) * size])
        same(alone, among, [(c, k * size + c) for c in range(size)])
        same(alone, shuffled, [(c, at * size + c) for c in range(size)])


def test_a_nation_is_one():
    """The case uses what a nation has: related clusters, links between them, firms that move, and a choice of whom to serve."""
    run = Simulation(NATION, 3, range(3))
    indicators = run.advance(40).indicators
    names = list(INDICATORS)
    assert (run.state.clusters.related >= 0).any(axis=1).reshape(3, 5).tolist() == [[True, True, True, False, True]] * 3
    assert indicators[-1, :, names.index("home_links")].any() and indicators[-1, :, names.index("branch_share")].any()
    served = run.state.clusters.announced.reshape(3, 5)
    assert (np.sort(served, axis=1) == [-1, -1, 8, 8, 16]).all() and len(set(map(tuple, served.tolist()))) > 1
    assert len(set(run.state.clusters.nation_index.tolist())) == 3, "one figure for each world"


def test_replicates_and_seeds_differ():
    runs = Simulation(ONE, 3, range(4)).advance(8).indicators
    assert len({runs[:, k].tobytes() for k in range(4)}) == 4
    assert runs[:, 0].tobytes() != Simulation(ONE, 4).advance(8).indicators[:, 0].tobytes()


@pytest.mark.parametrize(("names", "replicates"), [(("alpha",), 3), (("alpha", "beta"), 1), (None, 1)],
                         ids=["worlds", "clusters", "nation"])  # fmt: skip
@pytest.mark.parametrize("room", ["none", "plenty"])
def test_room_changes_nothing(monkeypatch, names, replicates, room):
    """A run whose arrays had to grow equals one that had all the room from the start, or none to spare."""
    place = scenario(*names, demography=GROWTH) if names else NATION
    usual = Simulation(place, 3, range(replicates))
    describe = initial.describe_clusters

    def describe_with_room(place, clusters, worlds):
        describe(place, clusters, worlds)
        clusters.room = clusters.last if room == "none" else clusters.room + 4000
        clusters.tie_room += 0 if room == "none" else 40_000  # the history before the start needs some

    monkeypatch.setattr(initial, "describe_clusters", describe_with_room)
    other = Simulation(place, 3, range(replicates))
    if room == "none":
        other._state.clusters.tie_room = other.state.clusters.tie_count
    ties = other.state.clusters.tie_room.copy()
    sizes = other.state.actors.uid.size, other.state.ties.uid.size
    equal(usual.advance(80).indicators, other.advance(80).indicators)
    same(usual, other, [(c, c) for c in range(len(usual.state.clusters))])
    after = other.state.actors.uid.size, other.state.ties.uid.size
    assert after == sizes if room == "plenty" else after[0] > sizes[0] and (other.state.clusters.tie_room > ties).all()


def programme(instrument: str, announced: float = 3, start: int = 0) -> dict:
    """Return a programme of one instrument."""
    stage = {"name": "s", "quarters": 40, "instruments": [{"use": instrument, "per_year": 400, "start": start}]}
    return {"announced": announced, "stages": [stage]}


TRIED = ("facilitator", "awareness_events", "consensus_workshops", "export_network", "incubator")


def test_interventions_share_all_draws_until_the_quarter_in_which_they_start():
    """Announced after three years: quarters 0 to 11 are those of the run without a programme, bit for bit."""
    base = Simulation(scenario("alpha", programme=None), 3, range(4)).advance(60).indicators
    for instrument in TRIED:
        changed = Simulation(scenario("alpha", programme=programme(instrument)), 3, range(4)).advance(60).indicators
        equal(changed[:12], base[:12])
        assert (changed[12] != base[12]).any(axis=1).all(), f"{instrument} changes nothing in its first quarter"


def test_two_programmes_are_the_same_until_their_instruments_differ():
    runs = [
        Simulation(scenario("alpha", programme=programme(instrument, 0, start=10)), 3).advance(40).indicators
        for instrument in TRIED
    ]
    for other in runs[1:]:
        equal(other[:10], runs[0][:10])
        assert other[10:].tobytes() != runs[0][10:].tobytes()


def test_a_programme_in_one_cluster_leaves_the_draws_of_its_firms():
    """A firm that exists in both runs has the same identity, place and threshold, whatever policy did around it."""
    states = []
    for plan in (None, programme("incubator", 0)):
        run = Simulation(scenario("alpha", programme=plan), 3)
        run.advance(24)
        a = run.state.actors
        states.append({int(uid): (x, threshold) for uid, x, threshold in zip(a.uid, a.x, a.threshold, strict=True) if uid})
    shared = states[0].keys() & states[1].keys()
    assert len(shared) > 40
    assert all(states[0][uid] == states[1][uid] for uid in shared)


PLAIN = """
import sys
import numpy as np
np.seterr(over="ignore")
from clustersim.simulation.engine import Simulation
from test_determinism import small
for k, (place, replicates, quarters) in enumerate(small()):
    np.save(f"{sys.argv[1]}/{k}.npy", Simulation(place, 5, range(replicates), workers=1).advance(quarters).indicators)
"""


def small() -> list[tuple[Scenario, int, int]]:
    """Return what is run both compiled and plain: two replicates with a programme, two clusters of one world, a nation."""
    early = PROGRAMME | {"announced": 0, "lag_quarters": 0}
    return [
        (scenario("alpha", programme=early, smes=30, demography=GROWTH), 2, 24),
        (scenario("alpha", "beta", programme=None, smes=20), 1, 8), (NATION, 1, 12),
    ]


def test_compiled_and_plain_runs_are_the_same(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, str(tmp_path)], env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        cwd=os.path.dirname(__file__), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for k, (place, replicates, quarters) in enumerate(small()):
        compiled = Simulation(place, 5, range(replicates)).advance(quarters).indicators
        np.testing.assert_allclose(np.load(tmp_path / f"{k}.npy"), compiled, rtol=1e-12, atol=1e-12)
