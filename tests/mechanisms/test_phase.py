"""Phase: measured links, smoothing, and a life cycle with hysteresis in which every transition can happen."""

from __future__ import annotations

import math

import pytest

from clustersim.mechanisms.phase import classify, measure_links, smooth
from clustersim.state import (
    AGGLOMERATION,
    CREATION,
    DECLINE,
    DEVELOPMENT,
    DISSOLVED,
    FREE,
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


def links(make, firms, *ties, free=()):
    """Return linked share and component share of a hand-made network of ties (a, b, level)."""
    case = make(firms)
    for a, b, level in ties:
        case.tie(a, b, level=level)
        for k in (a, b):
            if b is not None:
                case.set(k, top=max(level, int(case.get("top")[k])))
    case.set(0, top=int(case.get("top")[0]))
    for k in free:
        case.set(k, kind=FREE)
    case.cluster.firm_count = firms - len(free)
    measure_links(case.actors, case.ties, case.cluster)
    return float(case.cluster.linked), float(case.cluster.component)


def test_links_are_cooperative_ties_between_firms(make):
    assert links(make, 10) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 1), (1, 2, 0)) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 2), (2, 3, 3)) == (0.4, 0.2)
    assert links(make, 10, (0, 1, 2), (1, 2, 2), (2, 3, 3), (5, 6, 2)) == pytest.approx((0.6, 0.4))
    assert links(make, 10, (8, 9, 2), (7, 8, 2), (0, 9, 2), (3, 4, 2), (4, 7, 2)) == pytest.approx((0.6, 0.6))
    assert links(make, 10, (0, None, 3)) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 2), free=(8, 9)) == (0.25, 0.25)


def test_ties_to_institutions_link_no_firms(make):
    case = make(4)
    for k in range(4):
        case.school_tie(k, level=2)
    measure_links(case.actors, case.ties, case.cluster)
    assert case.cluster.component == 0.0


def test_a_long_chain_is_one_component(make):
    chain = [(k, k + 1, 2) for k in range(0, 99)]
    assert links(make, 100, *chain) == (1.0, 1.0)
    assert links(make, 100, *reversed(chain)) == (1.0, 1.0)


def test_indicators_are_smoothed_and_employment_is_measured_against_the_nation(make):
    case = make(10)
    c, w = case.cluster, case.world
    c.linked, c.component, c.vision, c.pipelines = 0.8, 0.6, 0.4, 5.0
    c.smooth_vision = 0.2
    case.all(technology=0.7)
    w.cycle_local, w.shock_demand, c.employment = 0.1, 0.1, 150.0
    smooth(case.actors, c, w, case.p.phase)
    assert [c.smooth_linked, c.smooth_component, c.smooth_vision, c.smooth_pipelines, c.smooth_gap] == pytest.approx(
        [0.2, 0.15, 0.25, 0.125, 0.05])  # fmt: skip
    expected = 100.0 + 0.25 * (150.0 / math.exp(0.2) - 100.0)
    assert c.smooth_employment == c.peak == pytest.approx(expected) and c.trough == 100.0
    assert c.trend == pytest.approx(case.p.phase.trend_memory * 4 * math.log(expected / 100.0))


def test_the_nation_follows_its_demand_at_its_speed(make):
    case = make(10)
    case.p.phase.reference_speed = 0.2
    case.world.shock_demand = -0.5
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.reference == pytest.approx(1 + 0.2 * (math.exp(-0.5) - 1))


def test_the_peak_leaks_and_the_trough_does_not(make):
    case = make(10)
    case.p.phase.smoothing = 1.0
    case.cluster.peak, case.cluster.trough = 500.0, 20.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.peak == pytest.approx(500.0 * (1 - case.p.phase.peak_leak)) and case.cluster.trough == 20.0
    case.cluster.employment = 10.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.trough == 10.0


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
