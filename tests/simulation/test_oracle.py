"""The kernel against the oracle of `tests/reference`: side by side, quarter by quarter, every column of the state."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import groupby

import pytest

import oracle_cases
import oracle_government
import oracle_rules
import oracle_sharing
import oracle_targets
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.scenario.model import Scenario
from oracle_anywhere import any_programme, scattered
from oracle_cases import BUSY, bounded, cut, ended, scenario, unequal, well_known
from oracle_government import able, in_part_from_abroad, short_of_funds, under_way
from oracle_policy import EVALUATIONS, OBSERVED, every_instrument
from oracle_register import any_register, footwear
from oracle_rules import moved
from oracle_targets import twice
from reference.compare import Comparison
from reference.model import ReferenceModel

CASES = oracle_cases.CASES | oracle_sharing.CASES | oracle_government.CASES | oracle_targets.CASES | oracle_rules.CASES
QUARTERS = 40
SHOWN = 12


def compare(
    given: Scenario, seed: int, quarters: int = QUARTERS, replicate: int = 0, expected: tuple[str | Callable, ...] = ()
) -> None:
    """Fail at the first quarter in which the two differ, and say where; or if something expected never left 0."""
    comparison = Comparison(given, seed, replicate)
    missing = set(expected)
    while not comparison.found and comparison.quarter < quarters - 1:
        comparison.advance()
        for cluster in comparison.oracle.clusters:
            missing = {what for what in missing if not came_about(cluster, what)}
    report(comparison)
    assert not missing, "never came about"


def came_about(cluster, what: str | Callable) -> bool:
    return bool(what(cluster) if callable(what) else getattr(cluster, what, cluster.indicators.get(what, 0)))


def report(comparison: Comparison) -> None:
    """Fail if there is a difference, naming quarter, cluster, actor, variable and both values."""
    if comparison.found:
        lines = [f"{len(comparison.found)} differences (seed {comparison.seed}), first:"]
        pytest.fail("\n".join(lines + [str(difference) for difference in comparison.found[:SHOWN]]), pytrace=False)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", CASES)
def test_kernel_and_oracle_agree(name, seed):
    compare(CASES[name].make(), seed, expected=CASES[name].expected)


def test_every_instrument_is_used():
    stages = every_instrument()["stages"]
    assert {instrument["use"] for stage in stages for instrument in stage["instruments"]} == set(INSTRUMENTS)


def test_every_reading_is_evaluated():
    assert set(EVALUATIONS) == set(OBSERVED)


def test_evaluations_take_money_and_give_it_back():
    model = ReferenceModel(CASES["evaluated by vision"].make(), seed=1)
    kept = []
    for _ in range(QUARTERS):
        model.step()
        kept.append(model.clusters[0].kept)
    assert [value for value, _ in groupby(kept)][:3] == [1.0, EVALUATIONS["vision"]["keep"], 1.0]


def seen(name: str, *variables: str) -> list[list[tuple]]:
    """Return these variables of a case's clusters, quarter by quarter."""
    model = ReferenceModel(CASES[name].make(), seed=1)
    story = []
    for _ in range(QUARTERS):
        model.step()
        story.append([tuple(getattr(cluster, variable) for variable in variables) for cluster in model.clusters])
    return story


def test_a_map_is_drawn_where_it_is_paid_and_fades():
    north, south = zip(*seen("mapped", "mapped", "stage", "public_spending"), strict=True)
    drawn = [share for share, *_ in north]
    top = drawn.index(max(drawn))
    assert max(drawn) > 0.5 and drawn[top] > drawn[top + 1] > drawn[top + 2] > drawn[top + 3]
    assert 0.0 < drawn[-1] < 0.95**10 * max(drawn)
    first = [(share, spent) for share, stage, spent in south if stage == 0]
    assert all(share == 0.0 and spent > 0.0 for share, spent in first) and len(first) == 8
    assert max(share for share, *_ in south) > 0.0


def test_each_stage_has_its_lead_from_its_begin_on():
    story = seen("mapped between elections", "stage", "exposure_to_politics", "turnover_factor", "interrupted")
    for cluster in zip(*story, strict=True):
        leads = [lead for lead, _ in groupby(terms[:3] for terms in cluster)]
        assert leads == [(-1, 0.5, 1.0), (0, 1.0, 1.0), (1, 0.2, 1.5), (2, 0.5, 1.0)]
        assert any(interrupted > 0 for *_, interrupted in cluster)


def test_another_replicate():
    compare(CASES["high trust"].make(), seed=7, quarters=12, replicate=5)


def set_cluster(comparison: Comparison, **values: float) -> None:
    """Give the (one) cluster these values, in the kernel and in the oracle."""
    for name, value in values.items():
        comparison.kernel._state.clusters[name][0] = value
        setattr(comparison.oracle.clusters[0], name, value)


@pytest.mark.parametrize("smes", [6, 12, 20])
def test_next_phase_from_anywhere(smes):
    """Put the cluster into any phase, with indicators on either side of every threshold, and compare what follows."""
    rng = random.Random(smes)
    inert = {"smoothing": 0.05, "trend_memory": 0.02, "reference_speed": 0.02}
    given = bounded(BUSY | {"demography": {"startup_floor": smes / 100, "closure": 0.01}, "phase": inert})
    comparison = Comparison(scenario({"trust": 0.7, "smes": smes}, parameters=given), seed=smes)
    cluster, p = comparison.oracle.clusters[0], comparison.oracle.world.parameters.phase

    def near(threshold: float) -> float:
        return threshold * rng.choice((0.5, 0.75, 0.85, 0.95, 1.05, 1.3))

    phases = set()
    while not comparison.found and comparison.quarter < 250:
        employment = (cluster.employment + 1.0) * rng.uniform(0.95, 1.05)
        set_cluster(
            comparison, phase=rng.choice((0, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 8)),
            phase_since=comparison.quarter + 1 - rng.choice((0, 3, 4, 15, 16, 16, 20)),
            smooth_employment=employment, peak=employment / near(rng.choice((p.museum_level, p.decline_depth))),
            trough=employment / near(p.renaissance_rise), trend=near(rng.choice((p.renaissance_trend, p.decline_trend))),
            employment_start=cluster.employment / near(p.maturity_growth),
            firms_start=cluster.firm_count / near(p.maturity_growth),
            smooth_linked=near(p.creation_linked),
            smooth_component=near(rng.choice((p.creation_core, p.development_core, p.maturity_core, 1.0))),
            smooth_vision=near(p.development_vision), smooth_pipelines=near(p.maturity_pipelines), smooth_gap=0.2,
            gap_then=0.2 + near(p.transformation_shift),
        )  # fmt: skip
        comparison.advance()
        phases.add(cluster.phase)
    report(comparison)
    assert smes < 20 or len(phases) == 9


def many(values: Sequence, few: int = 8) -> list:
    """Return values of a parameter, all but the first few of them for the long form of the suite."""
    return [*values[:few], *(pytest.param(value, marks=pytest.mark.long) for value in values[few:])]


def firms(given: Scenario) -> int:
    return sum(cluster.tractors + cluster.smes for cluster in given.expanded().place.clusters)


# A million firms are too many for plain Python; the scenario's mechanisms are those of the others.
SHIPPED = [name for name in shipped_scenarios() if firms(load_scenario(name)) < 10_000]
BY_SIZE = sorted(SHIPPED, key=lambda name: firms(load_scenario(name)))


def test_only_the_nation_of_a_million_is_left_out():
    assert set(shipped_scenarios()) - set(SHIPPED) == {"national_1m"}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name):
    given = load_scenario(name).expanded()
    compare(given, seed=1, quarters=24 if firms(given) < 500 else 5)


@pytest.mark.parametrize("seed", range(10))
def test_parameters_anywhere_in_their_ranges(seed):
    compare(scattered(seed), seed)


ANY_PROGRAMMES = range(12)


@pytest.mark.parametrize("seed", ANY_PROGRAMMES)
def test_any_programme(seed):
    compare(any_programme(seed), seed)


@pytest.mark.slow
def test_any_programmes_bring_about_what_they_are_for():
    least = {
        cut: 4, ended: 1, unequal: 8, well_known: 8, moved: 2, short_of_funds: 4, in_part_from_abroad: 2, able: 4, under_way: 6,
        twice: 4,
    }  # fmt: skip
    came = dict.fromkeys(least, 0)
    for seed in ANY_PROGRAMMES:
        model = ReferenceModel(any_programme(seed), seed)
        seen = set()
        for _ in range(QUARTERS):
            model.step()
            seen |= {what for what in least if any(map(what, model.clusters))}
        for what in seen:
            came[what] += 1
    assert all(came[what] >= number for what, number in least.items()), list(came.values())


@pytest.mark.parametrize("programme", [None, "asociacion", "proveedores"])
def test_the_examples_register(programme, tmp_path):
    compare(footwear(tmp_path, programme), seed=1, quarters=12)


@pytest.mark.parametrize("seed", range(8))
def test_any_register(seed, tmp_path):
    compare(any_register(tmp_path, seed), seed, quarters=24)


@pytest.mark.parametrize("member", [False, True])
def test_named_firms_of_a_register(member, tmp_path):
    compare(oracle_targets.listed(tmp_path, member), seed=1, quarters=24)


@pytest.mark.slow
@pytest.mark.parametrize("seed", many(range(12, 40)))
def test_any_programme_more(seed):
    compare(any_programme(seed), seed, quarters=60)


@pytest.mark.slow
@pytest.mark.parametrize("programme", [None, "asociacion", "proveedores"])
def test_the_examples_register_for_longer(programme, tmp_path):
    compare(footwear(tmp_path, programme), seed=2, quarters=60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", many(range(8, 40)))
def test_any_register_more(seed, tmp_path):
    compare(any_register(tmp_path, seed), seed, quarters=60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", many(range(10, 40)))
def test_more_parameters_anywhere(seed):
    compare(scattered(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", many(BY_SIZE))
def test_shipped_scenarios_to_their_horizon(name):
    given = load_scenario(name).expanded()
    compare(given, seed=3, quarters=min(given.quarters, 30_000 // firms(given)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 13))
@pytest.mark.parametrize("name", CASES)
def test_more_seeds(name, seed):
    compare(CASES[name].make(), seed, quarters=80)
