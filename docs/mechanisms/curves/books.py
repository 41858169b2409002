"""Market, finance, demography: who sells and at which price, who gets a loan, who closes and who comes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from clustersim.model.mechanisms.demography import enter, hazard, leave
from clustersim.model.mechanisms.finance import credit_limit, lend, share_out
from clustersim.model.mechanisms.market import (
    advantages,
    bargain,
    find_suppliers,
    place_orders,
    rate_fitness,
    shift_markets,
    sourced,
)
from clustersim.model.reach import RD_BILL
from clustersim.model.state import BANK, FREE
from curves.look import axes, band, legend, level, line, panels
from curves.stage import Stage


def market() -> Figure:
    """Fitness over the share that the place holds; markets of young and known products; what is bought nearby, at which price."""
    figure, (a, b, c, d) = panels("Fitness on the market", "Size of the market", "Inputs bought nearby",
                                  "Price that a supplier gets", rows=2)  # fmt: skip
    shares = np.geomspace(1.0 / 8.0, 8.0, 49)
    for k, apart in enumerate((0.0, 0.1, 0.2)):
        line(a, shares, [_fitness(share, apart) for share in shares], f"{apart:g} turn", k)
    level(a, 1.0)
    axes(a, "place's share (1 = its first)", "fitness (1 = rival outside)")
    a.set_xscale("log", base=2)
    a.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    a.set_ylim(0.0, 1.6)
    legend(a, "distance to what is asked", where="lower left")
    for k, adoption in enumerate((0.02, 0.1, 1.0)):
        sizes = _markets(adoption)
        band(b, np.arange(sizes.shape[1]) / 4.0, sizes, f"{100 * adoption:g} % of buyers", k)
    axes(b, "time (years)", "market (1 = at full adoption)")
    b.set_ylim(0.0, 2.6)
    legend(b, "product has found at first", where="upper left")
    numbers = np.arange(21)
    for k, (label, tie, trust) in enumerate((
        ("cooperation, trust 0.9", 2, 0.9), ("cooperation, trust 0.5", 2, 0.5), ("at arm's length", 0, 0.9))):  # fmt: skip
        line(c, numbers, [_bought(number, tie, trust) for number in numbers], label, k)
    axes(c, "qualified suppliers whom the buyer knows", "share of its inputs", percent=True)
    c.set_xticks(range(0, 21, 5))
    c.set_ylim(0.0, 0.65)
    legend(c, where="upper left")
    for k, needs in enumerate((0.6, 0.3, 0.1)):
        weights = np.linspace(needs, 1.0, 26)
        line(d, weights, [_price(weight, needs) for weight in weights], f"{100 * needs:.0f} %", k)
    level(d, 1.0)
    axes(d, "buyer's part of what it sells in the cluster", "price (share of list price)", zero=False)
    d.set_xlim(0.0, 1.0)
    d.set_ylim(0.9, 1.01)
    legend(d, "buyer's part of its sales", where="lower left")
    return figure


def _fitness(share: float, apart: float) -> float:
    """Return the fitness of firms as able as outsiders, where the place holds `share` of its first share of the market."""
    stage = Stage(smes=1)
    c, p = stage.cluster, stage.p.market
    c.asked[:], c.rivals[:], c.held[:] = 0.5, advantages(c, stage.world, p)[0], share * c.share_start * c.market
    stage.set(technology=0.5 - apart, quality=p.quality_usual, knowledge=-p.rival_lag)
    rate_fitness(stage.actors, c, stage.world, p)
    return float(stage.get("best")[0])


def _markets(adoption: float, worlds: int = 200, quarters: int = 160) -> np.ndarray:
    """Return the size of a product's market over what it would be at full adoption at first, by world and quarter."""
    stage, sizes = Stage(smes=1), np.empty((worlds, quarters))
    c = stage.cluster
    for w in range(worlds):
        stage.world.key, c.adoption[:], c.market[:] = np.uint64(w + 1), adoption, adoption
        for q in range(quarters):
            stage.world.quarter = q
            shift_markets(c, stage.world, stage.p.market)
            sizes[w, q] = c.market[0]
    return sizes


def _bought(number: int, tie: int, trust: float) -> float:
    """Return the share of its inputs that a buyer wants to buy from so many suppliers at this level and trust."""
    stage = Stage(smes=1 + number)
    stage.set(quality=1.0).set(0, segment=1)
    for k in range(1, 1 + number):
        stage.tie(0, k, level=tie, trust_ab=trust, trust_ba=trust)
    find_suppliers(stage.actors, stage.ties, stage.cluster, stage.p.market)
    return float(sourced(stage.actors, stage.first, stage.p.market))


def _price(weight: float, needs: float, suppliers: int = 10) -> float:
    """Return the price over the list price that a buyer pays to equal suppliers.

    It takes a part `needs` of what each sells, which is a part `weight` of what it sells in the cluster; one other buyer takes
    the rest of that.
    """
    stage = Stage(smes=suppliers + 2, market__contract_most=1.0)
    p, sales = stage.p.market, 1000.0
    stage.set(quality=1.0, local_share=0.5, sales=0.5 * p.inputs * sales / suppliers / needs)
    stage.set(0, segment=1, sales=sales).set(1, segment=1, sales=sales * (1.0 / weight - 1.0))
    for k in range(2, suppliers + 2):
        for buyer in (0, 1):
            stage.tie(buyer, k, level=2, trust_ab=0.7, trust_ba=0.7)
    find_suppliers(stage.actors, stage.ties, stage.cluster, p)
    stage.set(weight=0.0)  # orders are summed where suppliers were weighed
    place_orders(stage.actors, stage.ties, stage.cluster, p)
    bargain(stage.actors, stage.ties, stage.cluster, p)
    return float(stage.get("purchases")[0] / stage.get("weight")[0])


def finance() -> Figure:
    """Debt that a firm can have; the part of a request that a bank with losses grants; what a programme pays of bills."""
    figure, (a, b, c) = panels("Debt that the bank allows", "Part of a request that is granted", "Money for firms' bills")
    bonds = np.linspace(0.0, 1.0, 11)
    for k, guarantee in enumerate((0.0, 0.5, 1.0)):
        stage = Stage(smes=1).lever(guarantee=guarantee)
        limits = []
        for bond in bonds:
            stage.set(bond=bond, assets=1000.0)
            limits.append(credit_limit(stage.actors, stage.cluster, stage.first, stage.p.finance) / 1000.0)
        line(a, bonds, limits, f"{guarantee:g}", k)
    axes(a, "mean trust in its partners (1)", "limit of debt (share of assets)", percent=True)
    a.set_ylim(0.0, 1.9)
    legend(a, "covered by a guarantee", where="upper left")
    losses = np.linspace(0.0, 0.15, 31)
    for k, room in enumerate((1e9, 50.0)):
        stage, granted = Stage(smes=1), []
        for lost in losses:
            stage.cluster.bad_debt = lost
            bank = int(stage.cluster.first) + BANK
            granted.append(lend(stage.actors, stage.cluster, stage.first, bank, 100.0, room, stage.p.finance) / 100.0)
        line(b, 100.0 * losses, granted, ("collateral for all of it", "collateral for half of it")[k], k)
    axes(b, "loans lost in a quarter (% of all)", "part granted", percent=True)
    b.set_ylim(0.0, 1.0)
    legend(b, where="upper right")
    given = np.linspace(0.0, 2.0, 41)
    paid = np.array([_paid(money) for money in given])
    for k, label in enumerate(("paid to firms", "back to the nation")):
        line(c, given, paid[:, k], label, k)
    axes(c, "money given (1 = promised aid)", "part of the promised aid", percent=True)
    c.set_ylim(0.0, 1.4)
    legend(c, where="upper left")
    return figure


def _paid(money: float) -> tuple[float, float]:
    """Return what firms get of the aid to their R&D and what goes back, over the promised aid, where so much was given for it."""
    stage = Stage(smes=10).lever(rd_support=0.5)
    stage.set(rd_share=0.04, sales=1000.0)
    promised = 10 * 0.5 * 0.04 * 1000.0
    stage.cluster.granted[RD_BILL] = money * promised
    share_out(stage.actors, stage.cluster, stage.p.finance, stage.p.market, stage.p.knowledge)
    return float(stage.cluster.part[RD_BILL]), float(stage.cluster.returned) / promised


def demography() -> Figure:
    """Survival by size, and under incubation; closure over fitness, margin and experience; start-ups over the mean margin."""
    figure, (a, b, c) = panels("Survival of 400 firms", "Closures by fitness", "Start-ups, 100 firms")
    for k, (label, size, incubation) in enumerate((
        ("250 persons", 250.0, 0.0), ("10 persons", 10.0, 0.0), ("1 person, incubated", 1.0, 1.0), ("1 person", 1.0, 0.0))):
        stage = Stage(smes=400).lever(incubation=incubation)
        usual = stage.p.demography.usual_margin
        stage.set(employees=size, log_size=np.log1p(size), born=0, cash=1e6, debt=0.0, margin=usual)
        alive = [1.0]
        for q in range(60):
            stage.world.quarter, stage.cluster.exits = q, 0.0
            leave(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.demography)
            alive.append(float((stage.get("kind") != FREE).mean()))
        line(a, np.arange(61) / 4.0, alive, label, k)
    axes(a, "age (years)", "firms still there", percent=True)
    a.set_ylim(0.0, 1.02)
    legend(a, where="lower left")
    fits = np.geomspace(0.25, 4.0, 41)
    for k, (label, off, spun) in enumerate((
        ("margin 10 points lower", -0.1, 0), ("usual margin", 0.0, 0), ("margin 10 points higher", 0.1, 0),
        ("usual margin, a spin-off", 0.0, 1))):  # fmt: skip
        line(b, fits, [_closes(fit, off, spun) for fit in fits], label, k)
    axes(b, "fitness (1 = its market's mean)", "closes in a quarter (%)")
    b.set_xscale("log", base=2)
    b.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    b.set_ylim(0.0, 1.25 * b.get_ylim()[1])
    legend(b, where="upper right")
    margins = np.linspace(-0.2, 0.2, 21)
    for k, (label, incubation, adoption) in enumerate((
        ("young product", 0.0, 0.1), ("incubation at full effect", 1.0, 1.0), ("neither", 0.0, 1.0))):  # fmt: skip
        line(c, 100.0 * margins, [_starts(margin, incubation, adoption) for margin in margins], label, k)
    axes(c, "mean margin (% of sales)", "start-ups a year")
    legend(c, where="upper left")
    return figure


def _closes(fitness: float, margin: float, spun: int) -> float:
    """Return the chance (%) that a firm of ten persons, two years old, with such a lead in margin, closes in a quarter."""
    stage = Stage(smes=1)
    p = stage.p.demography
    stage.set(fitness=fitness, margin=p.usual_margin + margin, parent=spun, born=0)
    return 100.0 * hazard(stage.actors, stage.first, 8, p)


def _starts(margin: float, incubation: float, adoption: float, quarters: int = 200) -> float:
    """Return the mean number of start-ups a year in a place as strong as the nation's mean, its markets without luck."""
    stage, total = Stage(smes=100, market__industry_noise=0.0).lever(incubation=incubation), 0.0
    c, last = stage.cluster, int(stage.cluster.last)
    jobs = float(stage.get("employees").sum())
    c.adoption[:], c.quotient_start, c.employment_start = adoption, 1.0, jobs
    shift_markets(c, stage.world, stage.p.market)
    for q in range(quarters):
        stage.world.quarter, c.entries, c.last, c.employment = q, 0.0, last, jobs
        stage.actors.kind[last : int(c.room)] = FREE
        enter(stage.actors, c, stage.world, margin, -0.3, 0.5, stage.p.demography, stage.p.population)
        total += float(c.entries)
    return 4.0 * total / quarters
