"""Trust: asymmetric learning, conditional cooperation, decay, assurance and mediation."""

from __future__ import annotations

from functools import partial

import pytest
from pairs import ALWAYS, NEVER, pair_of, step

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.trust import outcome, willing


@pytest.fixture
def pair(make):
    """Return the maker of two firms with one tie."""
    return partial(pair_of, make)


def both(case):
    """Return the trust of both sides."""
    return float(case.ties.trust_ab[case.t]), float(case.ties.trust_ba[case.t])


def test_success_raises_trust_toward_one(pair):
    case = pair(trust=0.5, back=0.8)
    step(case)
    gain = case.p.trust.gain
    assert both(case) == pytest.approx((0.5 + gain * 0.5, 0.8 + gain * 0.2))
    assert case.ties.last[case.t] == 1


def test_a_let_down_lowers_it_by_more_than_a_success_raises_it(pair):
    case = pair(trust=0.5)
    case.set(1, threshold=NEVER)
    step(case)
    fall = 0.5 - both(case)[0]
    assert fall == pytest.approx(case.p.trust.loss * 0.5)
    assert fall > 2 * case.p.trust.gain * 0.5
    assert case.ties.last[case.t] == -1
    p = case.p.trust  # the one that let down was not let down itself: it loses only what misfortune costs
    assert both(case)[1] == pytest.approx(0.5 * (1 - p.loss * p.misfortune))


def test_without_gain_and_loss_nothing_is_learnt(pair):
    for threshold in (ALWAYS, NEVER):
        case = pair(trust=0.4)
        case.p.trust.gain = case.p.trust.loss = 0.0
        case.all(threshold=threshold)
        step(case)
        assert both(case) == (0.4, 0.4)


def test_misfortune_costs_less_than_a_let_down(pair):
    case = pair(trust=0.5)
    case.p.trust.luck = 0.0
    step(case)
    assert both(case) == pytest.approx((0.5 * (1 - 0.3 * case.p.trust.loss),) * 2)
    case = pair(trust=0.5)
    case.p.trust.luck = case.p.trust.misfortune = 0.0
    step(case)
    assert both(case) == (0.5, 0.5)


def test_facilitators_mend_a_part_of_the_loss(pair):
    case = pair(trust=0.5)
    case.all(threshold=NEVER)
    case.cluster.mediators = 1.0  # one person serves two firms fully
    step(case)
    p = case.p.trust
    assert both(case)[0] == pytest.approx(0.5 * (1 - p.loss * (1 - p.mediation)))
    other = pair(trust=0.5)
    other.all(threshold=NEVER)
    other.cluster.mediators = 1.0
    other.p.trust.mediation = 0.0
    step(other)
    assert both(other)[0] == pytest.approx(0.5 * (1 - p.loss))


def test_facilitators_serve_only_so_many_firms(make):
    losses = []
    for firms in (10, 30, 120):
        case = make(firms)
        case.p.trust.gossip, case.p.trust.contact_0 = 0.0, 1.0
        case.all(threshold=NEVER)
        t = case.tie(0, 1, trust=0.5)
        case.cluster.mediators = 1.0
        step(case)
        losses.append(0.5 - case.ties.trust_ab[t])
    assert losses[0] == pytest.approx(losses[1])
    assert losses[2] == pytest.approx(0.5 * case.p.trust.loss * (1 - 0.25 * case.p.trust.mediation))


def test_trust_decays_toward_the_climate_without_contact(pair):
    case = pair(trust=0.9, back=0.1)
    case.p.trust.contact_0 = 1e-300
    step(case)
    decay = case.p.trust.decay
    assert both(case) == pytest.approx((0.9 + decay * (0.5 - 0.9), 0.1 + decay * (0.5 - 0.1)))
    assert case.ties.last[case.t] == 0
    case.p.trust.decay = 0.0
    before = both(case)
    step(case)
    assert both(case) == before


def test_outside_links_do_not_decay_and_their_partner_always_cares(pair):
    case = pair()
    t = case.tie(0, None, trust=0.3, fit=1.0)
    case.p.trust.contact_0 = 1e-300
    step(case)
    assert case.ties.trust_ab[t] == 0.3
    case.p.trust.contact_0 = 1.0
    before = case.get("climate")[1]
    step(case)
    assert case.ties.trust_ab[t] == pytest.approx(0.3 + 0.7 * case.p.trust.gain)
    assert case.get("climate")[0] == case.get("climate")[1] > before  # one success in one contact, with or without it
    assert case.get("bond")[0] == pytest.approx((case.ties.trust_ab[case.t] + case.ties.trust_ab[t]) / 2)


def crowd(make, level, **firm):
    """Return many separate pairs of firms that always meet and always succeed if both care."""
    case = make(400)
    p = case.p.trust
    p.contact_0 = p.contact_1 = p.contact_2 = p.contact_3 = p.luck = 1.0
    p.gossip = p.mediation = p.misfortune = 0.0
    case.all(**({"threshold": 0.5} | firm))
    for k in range(200):
        case.tie(2 * k, 2 * k + 1, level=level, trust=0.5, fit=1.0)
    return case


def successes(case):
    """Return how many of the ties succeeded in a quarter."""
    step(case)
    return int((case.ties.last == 1).sum())


def test_cooperation_is_conditional_on_trust(make):
    counts = []
    for threshold in (0.2, 0.5, 0.8):
        case = crowd(make, 0)
        case.all(threshold=threshold)
        counts.append(successes(case))
    assert counts[0] > 180 and 30 < counts[1] < 70 and counts[2] < 10  # at the threshold half care, so a quarter of pairs


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_assurance_works_at_low_levels_only(make, level):
    alone, assisted, empty = (crowd(make, level) for _ in range(3))
    assisted.cluster.mediators = 100.0
    empty.cluster.mediators = 100.0
    empty.p.trust.assurance = 0.0
    counts = [successes(case) for case in (alone, assisted, empty)]
    assert counts[2] == counts[0]
    assert counts[1] > counts[0] + 20 if level < 2 else counts[1] == counts[0]


def test_stress_and_misfit_lower_the_chance_of_success(make):
    usual, pressed, without, unfit = (crowd(make, 2, threshold=ALWAYS) for _ in range(4))
    for case in (pressed, without):
        case.all(margin=-0.1)
    without.p.trust.stress = 0.0
    unfit.ties.fit[:200] = 0.0
    counts = [successes(case) for case in (usual, pressed, without, unfit)]
    assert counts[0] == counts[2] == 200
    assert 75 < counts[1] < 125  # half
    assert 140 < counts[3] < 180  # four fifths


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_contact_comes_at_the_rate_of_the_level(make, level):
    case = crowd(make, level)
    rates = case.p.trust
    rates.contact_0, rates.contact_1, rates.contact_2, rates.contact_3 = 0.2, 0.5, 0.8, 1.0
    step(case)
    met = int((case.ties.last[:200] != 0).sum())
    assert met == pytest.approx((40, 100, 160, 200)[level], abs=25 if level < 3 else 0)


def test_outcome_cuts_the_unit_interval_into_five():
    care_a, care_b, chance = 0.6, 0.5, 0.5
    cuts = {0.1: (1, 0, 0), 0.2: (0, 0.3, 0.3), 0.5: (0, 1, 0.3), 0.7: (0, 0.3, 1), 0.9: (0, 1, 1)}
    for draw, expected in cuts.items():
        assert outcome(draw, care_a, care_b, chance, 0.3) == pytest.approx(expected), draw


def test_willing_is_a_step_at_the_threshold(make):
    p = make().p.trust
    assert willing(0.0, 1.0 / p.spread) == 0.5
    assert willing(5 * p.spread, 1.0 / p.spread) > 0.99 and willing(-5 * p.spread, 1.0 / p.spread) < 0.01


def test_contact_uses_the_draw_of_the_pair(pair):
    case = pair()
    draw = case.draw(PROCESS["contact"], case.ties.uid[case.t])
    case.p.trust.contact_0 = draw * 0.999
    step(case)
    assert case.ties.last[case.t] == 0
    case.world.quarter -= 1
    case.p.trust.contact_0 = draw * 1.001
    case.p.trust.luck = 2.0  # works whenever they meet
    step(case)
    assert case.ties.last[case.t] == 1
