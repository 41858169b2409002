"""The instruments, one by one: their money, their channels, what they move and through which mechanism, and how they end.

Each instrument is given to a small place and not given to its twin: the same seed, so that both draw the same numbers. What an
instrument does must pass through the parameters that its trial names: with them switched off, money is spent for nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.levers import LEVERS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from instrument_cases import (
    AT,
    BACK,
    BEGIN,
    END,
    LEFT,
    OPEN,
    REPLICATES,
    SPENT,
    TRIALS,
    Story,
    full_cost,
    given,
    scale,
    simulate,
    told,
)

CHANNELS = list(LEVERS)
BILLED = {"rd_support", "export_support", "certification", "paperwork"}
TARGETING = PARAMETERS["programme"]["targeting"].default
FLOOR = PARAMETERS["programme"]["delivery_floor"].default
EVERY = pytest.mark.parametrize("use", sorted(INSTRUMENTS))


def test_every_instrument_is_tried_and_every_channel_moved():
    assert sorted(TRIALS) == sorted(INSTRUMENTS) and len(INSTRUMENTS) == 44
    moved = {effect.channel for kind in INSTRUMENTS.values() for effect in kind.effects}
    assert moved == set(LEVERS)
    assert all(kind.source and kind.__doc__ for kind in INSTRUMENTS.values())


def paid(story: Story, use: str) -> np.ndarray:
    """Return the public money of the instrument itself, without those beside it: (quarter, replicate)."""
    return story.spending[:, :, len(TRIALS[use].beside) :, 0].sum(axis=2)


@EVERY
def test_its_money_is_spent_while_it_lasts_and_recorded(use):
    story, twin = told(use), told(use, None)
    due = np.zeros((END + LEFT, REPLICATES))
    due[BEGIN:END] = TRIALS[use].times * full_cost(use) / 4.0
    if INSTRUMENTS[use].recipient == "association":  # nothing is paid where there was none in the quarter before
        due[1:] *= story.of("formal")[:-1]
        assert due.any()
    assert paid(story, use) == pytest.approx(due)
    assert story.of("public_spending") == pytest.approx(due + twin.of("public_spending"))
    assert not story.spending[:, :, :, 1].any(), "nobody was asked for a part"


@EVERY
def test_it_moves_its_channels_by_its_strength_and_no_other_and_lets_go_of_them(use):
    story = told(use)
    moved = np.zeros((END + LEFT, REPLICATES, len(CHANNELS)))
    for part in given(use, 1.0):
        effects = INSTRUMENTS[part["use"]].effects
        for effect in effects:
            share = part["per_year"] / (effect.full_cost * scale(effect.per, story.jobs[0]))
            kept = (FLOOR + (1.0 - FLOOR) * story.of("coordination")) * story.of("local_knowledge")
            delivered = (kept * story.of("credibility") * (1.0 + TARGETING * story.of("mapped")))[BEGIN:END]
            moved[BEGIN:END, :, CHANNELS.index(effect.channel)] += effect.strength * share * delivered
    assert story.levers == pytest.approx(moved)
    assert not story.levers[END:].any() and not story.levers[:BEGIN].any()
    assert (story.levers[BEGIN:END].any(axis=(0, 1)) == moved.any(axis=(0, 1))).all()


@EVERY
def test_it_moves_what_it_is_for(use):
    trial = TRIALS[use]
    change = trial.sign * (trial.measure(told(use)) - trial.measure(told(use, None)))
    assert change.mean() > 0.0 and (change > 0.0).sum() > REPLICATES / 2 > (change < 0.0).sum() * 2, change


@EVERY
def test_with_its_mechanism_switched_off_money_alone_is_spent(use):
    trial, story, twin = TRIALS[use], told(use, off=True), told(use, None, off=True)
    np.testing.assert_array_equal(trial.measure(story), trial.measure(twin))
    assert paid(story, use).any()
    different = {name for name in AT if not np.array_equal(story.of(name), twin.of(name))}
    assert different <= SPENT | trial.also


@EVERY
def test_nothing_moves_before_it_starts_or_without_money(use):
    story, twin, poor = told(use), told(use, None), told(use, 0.0)
    np.testing.assert_array_equal(story.indicators[:BEGIN], twin.indicators[:BEGIN])
    np.testing.assert_array_equal(poor.indicators, twin.indicators)
    np.testing.assert_array_equal(poor.levers, twin.levers)


@EVERY
def test_books_balance_through_it(use):
    for story in (told(use), told(use, off=True)):
        start, size = story.money[0], np.abs(story.size).max()
        assert np.abs(story.money - start).max() < 1e-11 * size


@EVERY
def test_what_is_left_in_its_fund_goes_back(use):
    back = END + BACK  # the first quarter with more than BACK quarters behind it in which nothing was planned
    for off in (False, True):
        story = told(use, off=off)
        funds, returned = story.of("funds"), story.of("returned")
        unclaimed = INSTRUMENTS[use].effects and INSTRUMENTS[use].effects[0].channel in BILLED  # goes back in the same quarter
        assert unclaimed or not returned[:back].any()
        assert not returned[back + 1 :].any()
        assert not funds[back:].any()
        if INSTRUMENTS[use].recipient in ("projects", "guarantees", "ventures"):
            assert returned[back] == pytest.approx(funds[back - 1])
            assert returned[back].any() or not off, "nothing was spent where nothing could be bought"
        else:
            assert not funds.any() and (unclaimed or not returned.any())
            assert (returned <= story.of("public_spending") + 1e-9).all()


@EVERY
def test_who_shares_the_cost_pays_half_of_what_is_spent(use):
    """Half is asked of firms or of the association; what they cannot pay is not paid by the state either."""
    asked = [{"use": "association_founding", "per_year": 40.0}, {"use": use, "per_year": full_cost(use), "cofinance": 0.5}]
    spending = simulate(asked, 6, dict(OPEN)).advance(6).spending.reshape(6, REPLICATES, -1, 2)[:, :, 1:].sum(axis=2)
    assert spending[..., 0] == pytest.approx(spending[..., 1])
    whole = full_cost(use) / 4.0
    if INSTRUMENTS[use].payer == "firms":
        assert spending.sum(axis=2) == pytest.approx(whole), "they have cash enough"
    else:
        assert (spending.sum(axis=2) <= whole * (1 + 1e-12)).all()
        assert not spending[0].any() and spending[2:].any(), "an association has to be founded first"


def test_a_programme_may_say_who_shares_the_cost():
    """Firms pay for a plan where no association stands yet; an association for what firms would pay."""
    for use, payer in (("competitiveness_plan", "firms"), ("supplier_development", "association")):
        asked = [{"use": use, "per_year": full_cost(use), "cofinance": 0.5, "paid_by": payer}]
        spending = simulate(asked, 1, dict(OPEN)).advance(1).spending.reshape(1, REPLICATES, -1, 2).sum(axis=2)
        assert spending[..., 0] == pytest.approx(spending[..., 1])
        assert spending.sum(axis=2) == pytest.approx(full_cost(use) / 4.0 if payer == "firms" else 0.0)


@pytest.mark.parametrize(("classes", "segments"), [(("micro",), None), (("small", "medium"), ("producers",)), (("large",), None)])
@pytest.mark.parametrize("use", ["rd_tax_credit", "supplier_development"])
def test_full_effect_costs_what_those_who_are_reached_cost(use, classes, segments):
    """Half the money of full effect for the firms, or their jobs, that belong to the classes and segments at the start."""
    part = {"use": use, "per_year": 1000.0, "classes": classes} | ({"segments": segments} if segments else {})
    simulation = simulate([part], 4, {})
    a, expected = simulation.state.actors, []
    for c in simulation.state.clusters:
        jobs, segment = a.employees[c.firms : c.last], a.segment[c.firms : c.last]
        size = np.array(["micro", "small", "medium", "large"])[np.digitize(jobs, (10, 50, 250))]
        there = np.isin(size, classes) & ((segment == 1) | (segments is None))
        units = there.sum() / 100.0 if use == "rd_tax_credit" else jobs[there].sum() / 1000.0
        (effect,) = INSTRUMENTS[use].effects
        expected.append(effect.strength * 1000.0 / (effect.full_cost * units))
    simulation.advance()
    channel = CHANNELS.index(INSTRUMENTS[use].effects[0].channel)
    assert simulation.state.clusters.levers[:, channel] == pytest.approx(expected)
