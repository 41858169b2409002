"""A test for a user's own instrument: a small place with the instrument, and its twin without it."""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np

from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS
from clustersim.policy.instruments import Instrument
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.registry import kinds, trying, use_of
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import Laboratory
from clustersim.testing.place import new_laboratory, place, same

BEGIN, PAID, LEFT = 2, 8, 4  # quarters before the money, with it, and after it
END = BEGIN + PAID
GRANT = 100.0  # kUSD a year, of an instrument without effects
ACCOUNTS = ("nation", "abroad", "project_fund", "guarantee_fund", "venture_fund", "outside_fund", "mutual_pool")
CHANNELS = list(LEVERS)


class Checked(NamedTuple):
    """What an instrument did in a small place.

    Attributes
    ----------
    use : str
        Its name.
    public : float
        Public money spent, kUSD, mean over replicates.
    moved : dict
        For each channel the mean movement in the quarters with money, in the channel's unit.
    differs : tuple of str
        Indicators that differ from the twin's in some quarter and replicate.

    Examples
    --------
    >>> from clustersim.testing import Checked
    >>> Checked("breakfasts", 60.0, {"events": 0.8}, ("trust",)).moved
    {'events': 0.8}
    """

    use: str
    public: float
    moved: dict[str, float]
    differs: tuple[str, ...]


class _Story(NamedTuple):
    """What happened, quarter by quarter: arrays of (quarter, replicate, …)."""

    indicators: np.ndarray
    public: np.ndarray  # money of the last instrument
    private: np.ndarray
    levers: np.ndarray
    money: np.ndarray  # all that is held anywhere
    size: float  # largest sum of absolute holdings, for rounding


def check_instrument(kind: type[Instrument], replicates: int = 4, seed: int = 1, **fields: Any) -> Checked:
    """Run a small place with an instrument, without it, and with the instrument but no money, under the same random draws.

    Parameters
    ----------
    kind : type
        The instrument's class.
    replicates : int
        Paired replicates.
    seed : int
        Seed of all runs.
    **fields
        What a programme gives the instrument beside time and money, such as ``cofinance=0.5``.

    Returns
    -------
    Checked
        What the money moved.

    Raises
    ------
    InputError
        If the class does not meet the contract.
    AssertionError
        If money is not spent as planned, a channel does not move or does not let go, something moves without money, or the
        books do not balance.

    Examples
    --------
    >>> from clustersim.instruments import INSTRUMENTS
    >>> from clustersim.testing import check_instrument
    >>> found = check_instrument(INSTRUMENTS["awareness_events"], replicates=1)
    >>> found.use, found.public > 0
    ('awareness_events', True)
    """
    check(kind)
    use = use_of(kind)
    laboratory = new_laboratory(replicates, seed)
    per_year = kind.effects[0].full_cost if kind.effects else GRANT
    with nullcontext() if kinds().get(use) is kind else trying(kind):
        told = _tell(laboratory, kind, per_year, fields)
        poor = _tell(laboratory, kind, 0.0, fields)
    twin = _tell(laboratory, kind, None, fields)
    _check_money(kind, told, per_year / 4.0, float(fields.get("cofinance", 0.0)))
    moved = _check_channels(kind, told, twin)
    assert same(poor.indicators, twin.indicators).all(), _("{use}: something moves without money", use=use)
    assert np.array_equal(poor.levers, twin.levers), _("{use}: a channel moves without money", use=use)
    assert same(told.indicators[:BEGIN], twin.indicators[:BEGIN]).all(), _("{use}: something moves before it starts", use=use)
    gap = np.abs(told.money - told.money[0]).max()
    assert gap <= 1e-9 * told.size, _("{use}: {gap} kUSD came from nowhere or were lost", use=use, gap=f"{gap:g}")
    alike = same(told.indicators, twin.indicators)
    differs = tuple(name for k, name in enumerate(INDICATORS) if not alike[:, :, k].all())
    return Checked(use, float(told.public.sum(axis=0).mean()), moved, differs)


def _tell(laboratory: Laboratory, kind: type[Instrument], per_year: float | None, fields: dict[str, Any]) -> _Story:
    """Run the place with the instrument at a cost (kUSD a year), or without it (None)."""
    time = {"start": BEGIN, "quarters": PAID}
    payer = fields.get("paid_by") or kind.payer
    needed = kind.recipient == "association" or (payer == "association" and fields.get("cofinance", 0.0) > 0.0)
    beside = [{"use": "association_founding", "per_year": 40.0, "quarters": END}] if needed else []
    own = [] if per_year is None else [{"use": use_of(kind), "per_year": per_year, **time, **fields}]
    programme = {"stages": [{"name": "stage", "quarters": END + LEFT, "instruments": [*beside, *own]}]}
    simulation = Simulation(place(laboratory, programme), laboratory.seed, range(laboratory.replicates))
    quarters = []
    for _quarter in range(END + LEFT):
        record = simulation.advance()
        spent = record.spending[0].reshape(laboratory.replicates, -1, 2)
        rows = max(1, len(kind.effects)) if own else 0
        held = [[*simulation.state.actors.cash[c.first : c.room].tolist(), *(float(c[name]) for name in ACCOUNTS)]
                for c in simulation.state.clusters]  # fmt: skip
        quarters.append((
            record.indicators[0], spent[:, spent.shape[1] - rows :].sum(axis=1), simulation.state.clusters.levers.copy(),
            [math.fsum(all_) for all_ in held], max(math.fsum(map(abs, all_)) for all_ in held),
        ))  # fmt: skip
    parts = list(zip(*quarters, strict=True))
    indicators, spending, levers, money = map(np.array, parts[:4])
    return _Story(indicators, spending[:, :, 0], spending[:, :, 1], levers, money, max(parts[4]))


def _check_money(kind: type[Instrument], told: _Story, due: float, cofinance: float) -> None:
    """Refuse money that is spent outside the time of the instrument, or is not what was planned; due is in kUSD a quarter."""
    use = use_of(kind)
    planned = np.zeros_like(told.public)
    planned[BEGIN:END] = due
    if kind.recipient == "association":  # nothing is paid where there was none in the quarter before
        planned[1:] *= told.indicators[:-1, :, list(INDICATORS).index("formal")]
    assert planned.any(), _("{use}: nothing could be paid, for no association was founded", use=use)
    asked = np.allclose(told.public * cofinance, told.private * (1.0 - cofinance))
    assert asked, _("{use}: the private part is not {share} of what is paid", use=use, share=f"{cofinance:g}")
    paid = told.public + told.private
    less = cofinance > 0.0 and paid.any()  # who cannot pay his part brings less of the public money as well
    assert np.allclose(np.maximum(paid, planned) if less else paid, planned, rtol=1e-9), _(
        "{use}: {paid} kUSD were spent in all replicates, {planned} were planned", use=use, paid=f"{paid.sum():g}",
        planned=f"{planned.sum():g}")  # fmt: skip


def _check_channels(kind: type[Instrument], told: _Story, twin: _Story) -> dict[str, float]:
    """Refuse channels that do not move while money is spent, or move at another time, or are none of the instrument's."""
    use = use_of(kind)
    change = told.levers - twin.levers
    own = {effect.channel for effect in kind.effects}
    moved = {}
    for k, channel in enumerate(CHANNELS):
        if channel not in own:
            assert not change[:, :, k].any(), _("{use}: moves {channel}, which is none of its effects", use=use, channel=channel)
            continue
        during = change[BEGIN:END, :, k][told.public[BEGIN:END] > 0.0]
        assert (during > 0.0).all(), _("{use}: {channel} does not move although money is spent", use=use, channel=channel)
        outside = np.concatenate([change[:BEGIN, :, k], change[END:, :, k]])
        assert not outside.any(), _("{use}: {channel} does not let go when the money ends", use=use, channel=channel)
        moved[channel] = float(during.mean())
    return moved
