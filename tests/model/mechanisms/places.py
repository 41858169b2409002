"""Places without noise, growth, congestion, agglomeration, exports and schools' graduates; quarters of trade."""

from __future__ import annotations

from clustersim.model.mechanisms.market import trade

QUIET = ("noise", "agglomeration", "congestion", "span", "rival_lag", "export_speed", "graduates", "upgrading")


def place_of(make, firms=4, change=None, schools=1, **firm):
    """Return a cluster in which nothing happens but what `change` switches on."""
    case = make(firms, schools=schools)
    p = case.p.market
    for name in QUIET:
        p[name] = 0.0
    for name, value in (change or {}).items():
        p[name] = value
    case.all(**({"quality": 0.5} | firm))
    return case


def step(case):
    """Let a quarter of trade pass."""
    trade(case.actors, case.ties, case.cluster, case.world, case.p.market)
    case.world.quarter += 1


def chain_of(place, suppliers=1, trust=1.0, level=2, buyer=None, change=None, **seller):
    """Return a buyer (firm 0, downstream) with suppliers, which sources all that it can at once."""
    case = place(1 + suppliers, change={"local_speed": 1.0} | (change or {}))
    case.set(0, segment=1, **(buyer or {}))
    case.set(slice(1, None), **seller)
    for k in range(1, 1 + suppliers):
        case.tie(0, k, level=level, trust=trust)
    return case
