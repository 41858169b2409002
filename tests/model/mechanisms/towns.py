"""Towns in which nobody is born and nobody closes, and quarters in which books and counts must balance."""

from __future__ import annotations

import pytest

from clustersim.model.mechanisms.demography import renew


def town_of(make, firms=10, change=None, **firm):
    """Return a cluster in which nothing happens but what `change` switches on."""
    case = make(firms, room=3 * firms + 40)
    p = case.p.demography
    p.closure = p.startup_rate = p.startup_floor = p.spinoff_rate = p.attraction_rate = 0.0
    for name, value in (change or {}).items():
        p[name] = value
    case.p.population.climate_spread = case.p.population.knowledge_spread = case.p.population.technology_spread = 0.0
    case.all(**firm)
    case.cluster.loans = case.cluster.bank_capital = case.get("debt").sum()
    case.cluster.employment = case.get("employees").sum()
    case.world.quarter = 20
    return case


def step(case):
    """Let firms leave and come; books and counts balance."""
    before, count, lost = case.books(), float(case.cluster.firm_count), float(case.cluster.written_off)
    renew(case.actors, case.ties, case.cluster, case.world, case.p.demography, case.p.population)
    c = case.cluster
    assert case.books() == pytest.approx(before, abs=1e-6)
    assert c.firm_count == len(case.alive()) == count + c.entries + c.spinoffs - c.exits
    assert case.actors.debt[case.alive()].sum() == pytest.approx(c.loans, abs=1e-6)
    assert case.actors.employees[case.alive()].sum() == pytest.approx(c.employment, abs=1e-6)
    assert c.lost == pytest.approx(c.written_off - lost)
    case.world.quarter += 1


def born(case):
    """Return the rows of firms born in the last quarter."""
    return [i for i in case.alive() if case.actors.born[i] == case.world.quarter - 1]
