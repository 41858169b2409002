"""Market, finance, demography: who sells and at which price, who gets a loan, who closes and who comes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from clustersim.model.mechanisms.demography import enter, hazard, leave
from clustersim.model.mechanisms.finance import credit_limit, lend
from clustersim.model.mechanisms.market import advantages, bargain, rate_fitness, shift_markets, source
from clustersim.model.state import BANK, FREE
from curves.look import axes, band, legend, level, line, panels
from curves.stage import Stage


def market() -> Figure:
    """Fitness over the share that the place holds; markets of young and known products; the price of a supply contract."""
    figure, (a, b, c) = panels("Fitness on the market", "Size of the market", "Price that a supplier gets")
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
    weights = np.linspace(0.02, 1.0, 26)
    for k, needs in enumerate((0.6, 0.3, 0.1)):
        prices = [_price(weight, needs) for weight in weights]
        line(c, [x for x, _ in prices], [y for _, y in prices], f"{100 * needs:.0f} %", k)
    level(c, 1.0)
    axes(c, "buyer's part of local demand", "price (share of list price)", zero=False)
    c.set_xlim(0.0, 1.0)
    c.set_ylim(0.88, 1.03)
    legend(c, "buyer's part of the sales", where="lower left")
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
