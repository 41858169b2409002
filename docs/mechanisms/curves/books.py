"""Market, finance, demography: who sells and at which price, who gets a loan, who closes and who comes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from clustersim.model.mechanisms.demography import enter, leave
from clustersim.model.mechanisms.finance import credit_limit, lend
from clustersim.model.mechanisms.market import bargain, rate_fitness, source
from clustersim.model.state import BANK, FREE
from curves.look import axes, legend, level, line, panels
from curves.stage import Stage


def market() -> Figure:
    """Fitness over the distance to the technology asked for; the price of a supply contract over the buyer's dominance."""
    figure, (a, b) = panels("Fitness of a firm on its market", "Price that a supplier gets")
    apart = np.linspace(0.0, 0.4, 41)
    for k, (label, values) in enumerate((
        ("knowledge at the frontier", {}), ("as much knowledge as rivals", {"lag": 1.0}),
        ("the same, buys 40 % nearby", {"lag": 1.0, "nearby": 0.4}))):  # fmt: skip
        stage = Stage(smes=apart.size)
        c = stage.cluster
        c.asked[:], c.employment = 0.5, 2000.0
        behind = values.get("lag", 0.0) * stage.p.market.rival_lag
        stage.set(technology=0.5 - apart, quality=0.5, knowledge=-behind, local_share=values.get("nearby", 0.0))
        rate_fitness(stage.actors, c, stage.world, stage.p.market)
        line(a, apart, stage.get("best"), label, k)
    level(a, 1.0)
    axes(a, "distance to the technology asked for (turn)", "fitness (1 = rival outside)")
    a.set_ylim(0.0, 2.0)
    legend(a, where="upper right")
    weights = np.linspace(0.02, 1.0, 26)
    for k, needs in enumerate((0.6, 0.3, 0.1)):
        prices = [_price(weight, needs) for weight in weights]
        line(b, [x for x, _ in prices], [y for _, y in prices], f"{100 * needs:.0f} %", k)
    level(b, 1.0)
    axes(b, "buyer's part of all local demand (share)", "price (share of list price)", zero=False)
    b.set_xlim(0.0, 1.0)
    b.set_ylim(0.88, 1.03)
    legend(b, "part of the supplier's sales to this buyer", where="lower left")
    return figure


def _price(weight: float, needs: float, suppliers: int = 10) -> tuple[float, float]:
    """Return a buyer's part of local demand, and the price that it pays to suppliers which sell it a part `needs` each."""
    stage = Stage(smes=suppliers + 3, market__local_speed=0.0)
    p, sales, other = stage.p.market, 1000.0, suppliers + 1
    own = 0.5 * p.inputs * sales  # what the buyer seeks in the cluster
    stage.set(quality=1.0, local_share=0.5, sales=own / suppliers / needs)
    stage.set(0, segment=1, sales=sales).set(other, segment=1, sales=max(sales * (1.0 / weight - 1.0), 1e-9))
    for k in range(1, suppliers + 1):
        stage.tie(0, k, level=2, trust_ab=0.7, trust_ba=0.7)
    stage.tie(other, other + 1, level=2, trust_ab=0.7, trust_ba=0.7)
    demand = source(stage.actors, stage.ties, stage.cluster, p)
    bargain(stage.actors, stage.ties, stage.cluster, demand, p)
    return own / demand, float(stage.actors.trade[stage.first + 1] / stage.ties.value[stage.cluster.ties])


def finance() -> Figure:
    """Debt that collateral, relationship and guarantee secure; the part of a request that a bank with losses grants."""
    figure, (a, b) = panels("Debt that the bank allows", "Part of a request that is granted")
    bonds = np.linspace(0.0, 1.0, 11)
    for k, guarantee in enumerate((0.0, 0.5, 1.0)):
        stage = Stage(smes=1).lever(guarantee=guarantee)
        limits = []
        for bond in bonds:
            stage.set(bond=bond, assets=1000.0)
            limits.append(credit_limit(stage.actors, stage.cluster, stage.first, stage.p.finance) / 1000.0)
        line(a, bonds, limits, f"{guarantee:g}", k)
    axes(a, "mean trust in its partners, the bank among them (1)", "limit of debt (share of assets)", percent=True)
    a.set_ylim(0.0, 1.9)
    legend(a, "share covered by a public guarantee", where="upper left")
    losses = np.linspace(0.0, 0.15, 31)
    for k, room in enumerate((1e9, 50.0)):
        stage, granted = Stage(smes=1), []
        for lost in losses:
            stage.cluster.bad_debt = lost
            bank = int(stage.cluster.first) + BANK
            granted.append(lend(stage.actors, stage.cluster, stage.first, bank, 100.0, room, stage.p.finance) / 100.0)
        line(b, 100.0 * losses, granted, ("collateral for all of it", "collateral for half of it")[k], k)
    axes(b, "loans lost in a quarter, smoothed (% of all loans)", "part granted", percent=True)
    b.set_ylim(0.0, 1.0)
    legend(b, where="upper right")
    return figure


def demography() -> Figure:
    """Survival by size, and under incubation; start-ups over the mean margin."""
    figure, (a, b) = panels("Survival of 400 firms born together", "Start-ups in a cluster of 100 firms")
    for k, (label, size, incubation) in enumerate((
        ("250 persons", 250.0, 0.0), ("10 persons", 10.0, 0.0), ("1 person, incubated", 1.0, 1.0), ("1 person", 1.0, 0.0))):
        stage = Stage(smes=400).lever(incubation=incubation)
        stage.set(employees=size, log_size=np.log1p(size), born=0, cash=1e6, debt=0.0)
        alive = [1.0]
        for q in range(60):
            stage.world.quarter, stage.cluster.exits = q, 0.0
            leave(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.demography)
            alive.append(float((stage.get("kind") != FREE).mean()))
        line(a, np.arange(61) / 4.0, alive, label, k)
    axes(a, "age (years)", "firms still there", percent=True)
    a.set_ylim(0.0, 1.02)
    legend(a, where="lower left")
    margins = np.linspace(-0.2, 0.2, 21)
    for k, (label, incubation) in enumerate((("incubation at full effect", 1.0), ("without", 0.0))):
        line(b, 100.0 * margins, [_starts(margin, incubation) for margin in margins], label, k)
    axes(b, "mean margin of the cluster's firms (% of sales)", "start-ups a year")
    legend(b, where="upper left")
    return figure


def _starts(margin: float, incubation: float, quarters: int = 60) -> float:
    """Return the mean number of start-ups a year."""
    stage, total = Stage(smes=100).lever(incubation=incubation), 0.0
    c, q = stage.cluster, 0
    last = int(c.last)
    for q in range(quarters):
        stage.world.quarter, c.entries, c.last = q, 0.0, last
        stage.actors.kind[last : int(c.room)] = FREE
        enter(stage.actors, c, stage.world, margin, -0.3, 0.5, stage.p.demography, stage.p.population)
        total += float(c.entries)
    return 4.0 * total / quarters
