"""Phase: a life cycle with hysteresis in which every transition can happen, and the stages beside it."""

from __future__ import annotations

import pytest

from clustersim.model.mechanisms.phase import classify
from clustersim.model.state import (
    AGGLOMERATION,
    CREATION,
    DECLINE,
    DEVELOPMENT,
    DISSOLVED,
    MATURITY,
    MUSEUM,
    PHASES,
    RENAISSANCE,
    TRANSFORMATION,
)  # fmt: skip

# What a cluster shows that has just reached a phase, by the pinned thresholds.
SHOWS = {
    AGGLOMERATION: {},
    CREATION: {"smooth_linked": 0.30, "smooth_component": 0.15},
    DEVELOPMENT: {"smooth_linked": 0.30, "smooth_component": 0.40, "smooth_vision": 0.25, "formal": 1},
    MATURITY: {"smooth_linked": 0.30, "smooth_component": 0.60, "smooth_vision": 0.25, "formal": 1, "smooth_pipelines": 0.20,
               "smooth_employment": 345.0},
}  # fmt: skip


@pytest.fixture
def at(make):
    """Return a maker of clusters that show what is given, in a phase that began long ago; nothing is smoothed away."""

    def _at(phase, shows=AGGLOMERATION, lasted=100, firms=30, **more):
        case = make(firms)
        p = case.p.phase
        p.smoothing = p.trend_memory = p.peak_leak = 0.0
        case.world.quarter, case.cluster.phase, case.cluster.phase_since = 200, phase, 200 - lasted
        for name, value in ({"smooth_employment": 300.0, "peak": 300.0} | SHOWS[shows] | more).items():
            case.cluster[name] = value
        return case

    return _at


def after(case):
    """Return the name of the phase that follows."""
    classify(case.actors, case.ties, case.cluster, case.world, case.p.phase)
    return PHASES[case.cluster.phase]


FALL = {"trend": -1.0, "smooth_employment": 100.0, "peak": 1000.0}  # falling, and far below the peak
LOW = {"trend": 0.0, "smooth_employment": 100.0, "peak": 1000.0, "trough": 100.0}  # no longer falling
RISE = {"trend": 1.0, "smooth_employment": 1000.0, "peak": 1000.0, "trough": 100.0}


@pytest.mark.parametrize(
    ("before", "then", "shows", "more"),
    [
        (AGGLOMERATION, CREATION, CREATION, {}),
        (AGGLOMERATION, DEVELOPMENT, DEVELOPMENT, {}),
        (AGGLOMERATION, DEVELOPMENT, MATURITY, {}),  # maturity needs development before it
        (CREATION, AGGLOMERATION, AGGLOMERATION, {}),
        (CREATION, DEVELOPMENT, DEVELOPMENT, {}),
        (CREATION, CREATION, DEVELOPMENT, {"formal": 0}),
        (DEVELOPMENT, MATURITY, MATURITY, {}),
        (DEVELOPMENT, CREATION, CREATION, {}),
        (DEVELOPMENT, AGGLOMERATION, AGGLOMERATION, {}),
        (DEVELOPMENT, DECLINE, DEVELOPMENT, FALL),
        (MATURITY, DEVELOPMENT, DEVELOPMENT, {}),
        (MATURITY, TRANSFORMATION, MATURITY, {"gap_then": 0.061, "smooth_gap": 0.0}),
        (MATURITY, MATURITY, MATURITY, {"gap_then": 0.059, "smooth_gap": 0.0}),
        (MATURITY, DECLINE, MATURITY, FALL | {"gap_then": 0.3}),
        (TRANSFORMATION, MATURITY, MATURITY, {}),
        (TRANSFORMATION, CREATION, CREATION, {}),
        (TRANSFORMATION, DECLINE, MATURITY, FALL),
        (DECLINE, DECLINE, AGGLOMERATION, FALL),
        (DECLINE, MUSEUM, AGGLOMERATION, LOW),
        (DECLINE, RENAISSANCE, AGGLOMERATION, RISE),
        (MUSEUM, MUSEUM, MATURITY, LOW),
        (MUSEUM, RENAISSANCE, AGGLOMERATION, RISE),
        (RENAISSANCE, MATURITY, MATURITY, {}),
        (RENAISSANCE, AGGLOMERATION, AGGLOMERATION, {}),
        (RENAISSANCE, DECLINE, MATURITY, FALL),
        (CREATION, CREATION, CREATION, FALL),  # what has not developed does not decline
        (AGGLOMERATION, AGGLOMERATION, AGGLOMERATION, FALL),
    ],
    ids=lambda value: PHASES[value] if isinstance(value, int) else None,
)
def test_each_transition(at, before, then, shows, more):
    assert after(at(before, shows, **more)) == PHASES[then]


@pytest.mark.parametrize("phase", range(len(PHASES) - 1), ids=PHASES[:-1])
def test_a_place_without_firms_dissolves_and_may_come_back(at, phase):
    dissolved = int(at(AGGLOMERATION).p.phase.dissolved)
    assert after(at(phase, MATURITY, firms=dissolved - 1)) == "dissolved"
    case = at(DISSOLVED, MATURITY, firms=11)
    assert after(case) == "dissolved"
    assert after(at(DISSOLVED, MATURITY, firms=12)) == "agglomeration"


@pytest.mark.parametrize("phase", range(len(PHASES)), ids=PHASES)
def test_every_phase_can_be_left_after_its_stay_and_not_before(at, phase):
    away = {"shows": MATURITY, "firms": 30} if phase in (AGGLOMERATION, DISSOLVED) else {"shows": AGGLOMERATION, "firms": 1}
    stay = int(at(phase).p.phase.stay)
    assert after(at(phase, lasted=stay - 1, **away)) == PHASES[phase]
    assert after(at(phase, lasted=stay, **away)) != PHASES[phase]


def test_a_change_is_dated(at):
    case = at(AGGLOMERATION, CREATION)
    after(case)
    assert case.cluster.phase_since == 200
    case.world.quarter += 50
    after(case)
    assert case.cluster.phase_since == 200


THRESHOLDS = [
    (AGGLOMERATION, CREATION, "smooth_linked"), (AGGLOMERATION, CREATION, "smooth_component"),
    (CREATION, DEVELOPMENT, "smooth_component"), (CREATION, DEVELOPMENT, "smooth_vision"),
    (DEVELOPMENT, MATURITY, "smooth_component"), (DEVELOPMENT, MATURITY, "smooth_pipelines"),
    (DEVELOPMENT, MATURITY, "smooth_employment"),
]  # fmt: skip


@pytest.mark.parametrize(("lower", "upper", "name"), THRESHOLDS)
def test_hysteresis(at, lower, upper, name):
    """Entered at the threshold, left below four fifths of it; and with no hysteresis, left below the threshold."""

    def case(phase, part):
        return at(phase, upper, firms_start=100.0, peak=400.0, **{name: part * SHOWS[upper][name]})  # jobs alone have grown

    assert after(case(lower, 1.0)) == PHASES[upper]
    assert after(case(lower, 0.99)) == PHASES[lower]
    assert after(case(upper, 0.81)) == PHASES[upper]
    assert after(case(upper, 0.79)) == PHASES[lower]
    sharp = case(upper, 0.99)
    sharp.p.phase.leave = 1.0
    assert after(sharp) == PHASES[lower]


def test_firms_have_thresholds_too(at):
    assert after(at(AGGLOMERATION, CREATION, firms=11)) == "agglomeration"
    assert after(at(AGGLOMERATION, CREATION, firms=12)) == "creation"
    assert after(at(CREATION, DEVELOPMENT, firms=19)) == "creation"
    assert after(at(CREATION, DEVELOPMENT, firms=20)) == "development"
    assert after(at(DEVELOPMENT, DEVELOPMENT, firms=16)) == "development"
    assert after(at(DEVELOPMENT, DEVELOPMENT, firms=15)) == "creation"


def test_more_firms_mature_a_cluster_as_more_jobs_do(at):
    grown = {"smooth_employment": 300.0}
    assert after(at(DEVELOPMENT, MATURITY, **grown)) == "development"
    assert after(at(DEVELOPMENT, MATURITY, firms_start=26.0, **grown)) == "maturity"


@pytest.mark.parametrize("change", [{"trend": -0.001}, {"peak": 101.0}], ids=["not falling", "still high"])
def test_decline_needs_a_fall_that_is_deep(at, change):
    assert after(at(DEVELOPMENT, DEVELOPMENT, **(FALL | change))) == "development"


@pytest.mark.parametrize("change", [{"trend": -0.5}, {"peak": 101.0}], ids=["still falling", "not low"])
def test_a_museum_is_low_and_flat(at, change):
    assert after(at(DECLINE, **(LOW | change))) == "decline"


def test_a_museum_takes_its_time(at):
    stay = int(at(DECLINE).p.phase.museum_stay)
    assert after(at(DECLINE, lasted=stay - 1, **LOW)) == "decline"
    assert after(at(DECLINE, lasted=stay, **LOW)) == "museum"


@pytest.mark.parametrize("phase", [TRANSFORMATION, RENAISSANCE])
def test_transformation_and_renaissance_last_a_while(at, phase):
    stay = int(at(phase).p.phase.museum_stay)
    assert after(at(phase, MATURITY, lasted=stay - 1)) == PHASES[phase]
    assert after(at(phase, MATURITY, lasted=stay)) == "maturity"


@pytest.mark.parametrize("change", [{"trend": 0.0}, {"trough": 999.0}], ids=["no trend", "no rise"])
def test_renaissance_needs_a_trend_and_a_rise(at, change):
    assert after(at(DECLINE, **(RISE | {"peak": 1001.0} | change))) != "renaissance"


def test_maturity_remembers_its_distance_and_decline_its_level(at):
    case = at(DEVELOPMENT, MATURITY, smooth_gap=0.12, gap_then=0.9)
    after(case)
    assert case.cluster.gap_then == 0.12
    case.cluster.smooth_gap = 0.15
    after(case)
    assert case.cluster.gap_then == 0.15  # the largest since
    case = at(DEVELOPMENT, DEVELOPMENT, **FALL, trough=5.0)
    after(case)
    assert case.cluster.trough == 100.0


def test_stages_of_clusterisation_come_in_their_order(make):
    case = make(10)
    p = case.p.phase
    for k in range(10):
        case.set(k, top=2)
    stages = []
    for name, value in (("trust", 0.0), ("trust", p.trust_stage), ("vision", p.development_vision), ("wins", 0.6)):
        case.cluster[name] = value
        after(case)
        stages.append(int(case.cluster.clusterisation))
    assert stages == [0, 2, 3, 4]
    case.all(top=1)
    after(case)
    assert case.cluster.clusterisation == 1  # vision and action without links are not yet stages


def test_the_state_that_asks_for_a_facilitator(make):
    case = make(10)
    after(case)
    assert case.cluster.facilitation_state == 0  # a potential cluster
    for k in range(0, 8, 2):
        case.tie(k, k + 1, level=2)
    case.set(slice(0, 8), top=2)
    after(case)
    assert case.cluster.facilitation_state == 1  # latent: links, but no core and no association
    for k in range(0, 7):
        case.tie(k, k + 1, level=2)
    after(case)
    assert case.cluster.facilitation_state == 1
    case.cluster.formal = 1
    after(case)
    assert case.cluster.facilitation_state == 2  # consolidated
