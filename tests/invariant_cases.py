"""Any scenario of small clusters, and a watch over each of them that knows what must hold at the end of every quarter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import strategies as st

from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.model.sizes import CLASSES
from clustersim.model.state import (
    ACTORS,
    ASSOCIATION,
    BANK,
    CLUSTERS,
    EXTERNAL,
    FREE,
    OUTSIDE,
    PHASES,
    SHOCKS,
    TIES,
    TRACTOR,
    WORLDS,
)
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation

FUNDS = ("project_fund", "guarantee_fund", "venture_fund")
ACCOUNTS = (*FUNDS, "outside_fund", "mutual_pool")
SHARES = ("vision", "brand", "trust", "climate", "linked", "component", "credibility", "board_private", "board_large", "groups",
          "collusion", "clustering", "rapport", "nation_share", "public_goods", "backing")  # fmt: skip
WHOLES = {  # what is divided, and into which parts
    "sales": ("supplier_sales", "domestic_sales", "exports"),
    "income_private": ("income_fees", "income_services", "income_sponsors"),
    "income_public": ("income_local", "income_national", "income_foreign"),
}
QUARTERS = 24
AT = {name: k for k, name in enumerate(INDICATORS)}
FLOATS = [name for name, variable in ACTORS.items() if variable.dtype == "f8"]

share = st.floats(0.0, 1.0).map(lambda x: round(x, 3))
instrument = st.fixed_dictionaries(
    {"use": st.sampled_from(sorted(INSTRUMENTS)), "per_year": st.sampled_from([0.0, 20.0, 300.0, 3000.0, 1e6])},
    optional={"start": st.integers(0, 10), "quarters": st.integers(1, 20), "taper": share, "cofinance": share,
              "paid_by": st.sampled_from(["association", "firms"]),
              "classes": st.lists(st.sampled_from(CLASSES), min_size=1, unique=True), "until_private": st.floats(0.01, 1.0),
              "segments": st.lists(st.sampled_from(["s0", "s1", "s2", "s3"]), min_size=1, unique=True)},
)
reporting = st.fixed_dictionaries({"use": st.just("association_grant"), "per_year": st.just(300.0), "report": st.just(True)})
GATES = {"climate": 0.6, "linked": 0.5, "vision": 0.3, "members": 10.0, "component": 0.5, "formal": 1.0, "private": 0.9}
gate = st.sampled_from(sorted(GATES)).flatmap(
    lambda name: st.fixed_dictionaries({"indicator": st.just(name), "at_least": share.map(lambda x: x * GATES[name])})
)
stage = st.fixed_dictionaries(
    {"name": st.just("s"), "quarters": st.integers(1, 16), "instruments": st.lists(instrument | reporting, max_size=5)},
    optional={"not_before": st.integers(0, 8), "gate": gate},
)
selection = st.fixed_dictionaries(
    {"mode": st.sampled_from(["politics", "competitiveness", "calls"]),
     "rounds": st.lists(st.fixed_dictionaries({"year": st.integers(0, 3), "clusters": st.integers(1, 3)}), min_size=1)}
)  # fmt: skip
budget = st.fixed_dictionaries({"per_year": st.sampled_from([1.0, 200.0, 1e5])}, optional={"shared": st.booleans()})
leader = st.sampled_from(["public", "mixed", "private"])
level = st.fixed_dictionaries({}, optional={"run": leader, "overhead": st.floats(0.0, 0.9)})
tender = st.fixed_dictionaries({"bidders": st.integers(1, 5)}, optional={"every_years": st.sampled_from([0.25, 1.0])})
levels = st.fixed_dictionaries(
    {"execution": st.fixed_dictionaries({}, optional={"run": leader, "tender": tender})},
    optional={"direction": level, "coordination": level},
)
funders = st.tuples(st.integers(0, 2), st.integers(1, 2), share, st.sampled_from(["donor", "multilateral"])).map(
    lambda one: [{"name": "abroad", "kind": one[3], "share": 0.3 + 0.3 * one[2], "from_year": one[0], "until_year": sum(one[:2])},
                 {"name": "home", "kind": "state", "share": 0.4}]
)  # fmt: skip
programme = st.fixed_dictionaries(
    {"stages": st.lists(stage, min_size=1, max_size=4), "announced": st.sampled_from([0.0, 0.5, 2.0])},
    optional={"lag_quarters": st.integers(0, 6), "budget": budget, "lead": leader, "levels": levels,
              "funders": funders,
              "scale": st.just({"c0": 0.5}), "clusters": st.just(["c0"]), "selection": selection},
)
shock = st.fixed_dictionaries(
    {"kind": st.sampled_from(list(SHOCKS)), "year": st.integers(0, 5),
     "size": st.floats(-0.6, 0.6).map(lambda x: round(x, 3))},
    optional={"years": st.integers(0, 3)},
)  # fmt: skip
cluster = st.fixed_dictionaries(
    {"smes": st.integers(1, 70), "tractors": st.integers(0, 4), "trust": share, "universities": st.integers(0, 2),
     "segments": st.integers(1, 4).map(lambda n: [f"s{k}" for k in range(n)])},
    optional={"technology_centres": st.integers(0, 2), "export_share": st.floats(0, 0.9), "market_share": st.floats(0.01, 0.9),
              "activity": st.sampled_from([0.0, 0.05, 0.3, 0.95]),
              "radius_km": st.sampled_from([0.5, 12.0, 200.0]), "size_median": st.sampled_from([1.0, 40.0, 2000.0])},
)  # fmt: skip


@st.composite
def parameters(draw):
    """Set a few parameters anywhere in their declared ranges."""
    chosen: dict[str, dict[str, float]] = {}
    for group in draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=4, unique=True)):
        for name in draw(st.lists(st.sampled_from(sorted(PARAMETERS[group])), max_size=3, unique=True)):
            p = PARAMETERS[group][name]
            chosen.setdefault(group, {})[name] = p.low + draw(share) * (p.high - p.low)
    return chosen


reform = st.fixed_dictionaries(
    {"year": st.integers(0, 4), "regime": st.sampled_from(["decentralised", "feedback", "centralised"])},
    optional={"coordination": share, "autonomy": share},
)
elections = st.just({}) | st.fixed_dictionaries({"election_years": st.integers(1, 4)}, optional={"turnover": share})


@st.composite
def scenarios(draw):
    """Return any scenario of one to three small clusters."""
    clusters = [{"name": f"c{k}", **part} for k, part in enumerate(draw(st.lists(cluster, min_size=1, max_size=3)))]
    clusters[0]["segments"] = sorted({*clusters[0]["segments"], "s0", "s1", "s2", "s3"})  # all that a programme may name
    jobs = draw(st.none() | st.just(1e4))
    return Scenario.model_validate(
        {
            "title": "t", "place": {"clusters": clusters, "nation_jobs": jobs}, "seed": draw(st.integers(0, 2**62)),
            "environment": {"shocks": draw(st.lists(shock, max_size=3))},
            "institutions": {"government": {
                "coordination": draw(share), "regime": draw(st.sampled_from(["decentralised", "feedback", "centralised"])),
                "orientation": draw(st.sampled_from(["bottom_up", "mixed", "top_down"])),
                "autonomy": draw(share), "reforms": draw(st.lists(reform, max_size=2)), **draw(elections)}},
            "programme": draw(st.none() | programme), "parameters": draw(parameters()),
        }
    )  # fmt: skip


class Watch:
    """One cluster of a simulation, before and after each quarter."""

    def __init__(self, simulation: Simulation, c: int) -> None:
        self.simulation, self.c = simulation, c
        self.start, self.size = self.money()
        self.firms, self.jobs, self.degrees = float(self.cluster.firm_count), float(self.cluster.employment), {}
        self.remember()

    @property
    def cluster(self) -> np.record:
        return self.simulation.state.clusters[self.c]

    @property
    def actors(self) -> dict[str, np.ndarray]:
        """Columns of the cluster's rows in use."""
        rows = slice(int(self.cluster.first), int(self.cluster.last))
        return {name: getattr(self.simulation.state.actors, name)[rows] for name in ACTORS}

    @property
    def ties(self) -> dict[str, np.ndarray]:
        """Columns of the cluster's ties."""
        rows = slice(int(self.cluster.ties), int(self.cluster.ties + self.cluster.tie_count))
        return {name: getattr(self.simulation.state.ties, name)[rows] for name in TIES}

    def money(self) -> tuple[float, float]:
        """Return the sum of all accounts, and the sum of their sizes."""
        c, cash = self.cluster, self.simulation.state.actors.cash[int(self.cluster.first) : int(self.cluster.room)]
        accounts = [*cash.tolist(), float(c.nation), float(c.abroad), *(float(c[name]) for name in ACCOUNTS)]
        return math.fsum(accounts), math.fsum(map(abs, accounts))

    def limits(self) -> np.ndarray:
        """Return how many ties each actor's attention allows at most: it may take one more while it has fewer."""
        p, a = self.simulation.state.parameters[0].meeting, self.actors
        own = p.attention * a["capacity"] * np.exp(p.attention_growth * a["log_size"])
        own = np.where(a["kind"] == TRACTOR, own * (1.0 + p.contract_attention), own)  # as much as help to suppliers allows
        return np.where(a["kind"] >= TRACTOR, own, p.institution_attention)

    def remember(self) -> None:
        """Keep degrees and limits as they are when the next quarter's meetings begin."""
        a = self.actors
        self.degrees = {
            int(uid): (int(d), float(m)) for uid, d, m in zip(a["uid"], a["degree"], self.limits(), strict=True)
        }

    def books(self) -> None:
        total, size = self.money()
        size = self.size = max(size, self.size)  # what is rounded off stays, also when accounts shrink later
        assert total == pytest.approx(self.start, abs=1e-9 * size)
        c, a = self.cluster, self.actors
        assert a["debt"].sum() == pytest.approx(c.loans, rel=1e-9, abs=1e-9 * max(size, 1.0))
        assert (a["debt"] >= -1e-9).all() and (a["assets"] >= 0).all()
        assert all(c[name] >= -1e-9 * size for name in ACCOUNTS)
        assert 0.0 <= c.credit_granted <= c.credit_wanted * (1 + 1e-12) and 0.0 <= c.lost and 0.0 <= c.bad_debt <= 1.0
        assert a["cash"][BANK] + c.loans - c.bank_capital <= 1e-9 * size  # the bank hands out what it earns, and never more

    def bounds(self) -> None:
        a, t, c = self.actors, self.ties, self.cluster
        alive = a["kind"] != FREE
        firms = a["kind"] >= TRACTOR
        for name in FLOATS:
            assert np.isfinite(a[name][alive]).all(), name
        for record, names in ((c, CLUSTERS), (self.simulation.state.worlds[c.world], WORLDS)):
            for name in names:
                assert np.isfinite(record[name]).all(), name
        for values in (t["trust_ab"], t["trust_ba"], t["fit"], a["climate"][alive], a["bond"][alive], a["belief"][firms]):
            assert ((values >= 0.0) & (values <= 1.0)).all()
        for name in SHARES:
            assert 0.0 <= c[name] <= 1.0, name
        assert min(c.brokers, c.mediators, c.promoters) >= 0.0 and c.board_large <= c.board_private + 1e-9 + (1 - c.formal)
        assert c.branch in (-1, c.segments - 1) and (c.branch < 0) == (c.branch_of < 0)
        assert ((a["segment"][firms] >= 0) & (a["segment"][firms] < c.segments)).all()
        assert ((a["quality"][firms] >= 0.0) & (a["quality"][firms] <= 1.0) & (a["absorptive"][firms] <= 1.0)).all()
        assert set(a["certified"].tolist()) <= {0, 1} and not a["certified"][~firms & alive].any()
        assert ((a["technology"][alive] >= 0.0) & (a["technology"][alive] <= 1.0)).all()
        assert (a["employees"][firms] > 0.0).all()
        assert (a["employees"][firms & (a["born"] < self.simulation.quarter - 1)] >= 1.0).all()
        assert ((a["export_share"][firms] >= 0.0) & (a["export_share"][firms] < 1.0)).all()
        assert (a["sales"][firms] >= 0.0).all() and (a["exports"][firms] <= a["sales"][firms] * (1 + 1e-12)).all()
        assert c.staff >= 0.0 and c.skilled >= 0.0 and c.wage > 0.0

    def counts(self) -> None:
        a, c = self.actors, self.cluster
        firms = a["kind"] >= TRACTOR
        assert c.firm_count == firms.sum() == self.firms + c.entries + c.spinoffs - c.exits
        self.firms = float(c.firm_count)
        self.jobs = max(self.jobs, float(c.employment))
        assert c.employment >= 0.0
        assert c.employment == pytest.approx(a["employees"][firms].sum(), abs=1e-9 * self.jobs)
        assert len(set(a["uid"][a["kind"] != FREE])) == (a["kind"] != FREE).sum()
        members = (a["member"][firms] != 0).sum()
        assert c.members == members
        assert c.formal or (members == 0 == c.members)
        assert not a["member"][: c.firms - c.first].any()
        slots = set(a["project"][firms]) - {-1}
        assert all(c.project_kind[slot] >= 0 for slot in slots)

    def network(self) -> None:
        a, t, c = self.actors, self.ties, self.cluster
        first, ends_a, ends_b = int(c.first), t["a"] - int(c.first), t["b"] - int(c.first)
        inside = t["b"] != OUTSIDE
        assert c.tie_count <= c.tie_room and c.last <= c.room
        assert ((t["level"] >= 0) & (t["level"] <= 3)).all()
        assert (a["kind"][ends_a] != FREE).all() and (a["kind"][ends_b[inside]] != FREE).all()
        assert (t["a"][inside] < t["b"][inside]).all()
        assert len(set(zip(ends_a[inside], ends_b[inside], strict=True))) == inside.sum()
        assert len(set(t["uid"])) == len(t["uid"])
        assert ((t["kind"] == EXTERNAL) == ~inside).all()
        degree = np.bincount(ends_a, minlength=len(a["kind"])) + np.bincount(ends_b[inside], minlength=len(a["kind"]))
        assert (degree == a["degree"]).all() and (degree == a["taken"]).all()
        by_actor = self.simulation.state.ties.by_actor
        for i in range(len(degree)):
            listed = by_actor[a["around"][i] : a["around"][i] + degree[i]]
            assert (np.diff(listed) > 0).all()
            both = (self.simulation.state.ties.a[listed] == first + i) | (self.simulation.state.ties.b[listed] == first + i)
            assert both.all()
        outward = t["home"] >= 0
        assert (t["kind"][outward] == EXTERNAL).all() and (c.related[t["home"][outward]] >= 0).all()
        for uid, now in zip(a["uid"].tolist(), degree.tolist(), strict=True):
            before, limit = self.degrees.get(uid, (0, math.inf))
            assert now <= before or now < limit + 1.0, "more ties than attention allows"
        self.remember()

    def recorded(self, line: np.ndarray, spending: np.ndarray) -> None:
        c, a, plan = self.cluster, self.actors, self.simulation.scenario.programme
        assert np.isfinite(line).all()
        classes = line[[AT[n] for n in ("micro", "small", "medium", "large")]].sum()
        assert line[AT["firms"]] == c.firm_count == classes
        levels = [AT[n] for n in ("acquaintances", "information_ties", "commercial_ties", "strategic_ties")]
        assert line[AT["ties"]] == line[levels].sum() == line[AT["vertical_ties"]] + line[AT["horizontal_ties"]]
        assert line[AT["phase"]] in range(len(PHASES)) and line[AT["clusterisation"]] in range(5)
        assert line[AT["association_cash"]] == a["cash"][ASSOCIATION]
        self.divided(line)
        for name in (name for name in AT if name.startswith("gap_") or name in ("success", "clustering", "branch_share")):
            assert -1e-12 <= line[AT[name]] <= 1.0 + 1e-12, name
        rows = spending[int(c.rows_first) : int(c.rows_last)]
        assert line[AT["public_spending"]] == pytest.approx(rows[:, 0].sum(), rel=1e-9)
        assert line[AT["private_cofinance"]] >= rows[:, 1].sum() * (1.0 - 1e-9)
        assert (rows >= -1e-12).all()
        assert line[AT["funds"]] == pytest.approx(sum(c[fund] for fund in FUNDS))
        if c.announced < 0 or self.simulation.quarter <= c.announced + c.lag:
            assert line[AT["public_spending"]] == 0.0 == rows.sum() == line[AT["funds"]] == line[AT["returned"]]
            assert not c.levers.any()
        assert (c.aimed <= c.levers[:, None, None] * (1.0 + 1e-12)).all() and (c.aimed >= 0.0).all(), "at most all is aimed"
        assert (c.aimed.any(axis=(1, 2)) == (c.levers > 0.0)).all(), "somebody is reached by what is done, and by nothing else"
        if plan is not None and plan.budget is not None:
            assert line[AT["public_spending"]] <= c.budget * (1.0 + 1e-9) <= plan.budget.per_year / 4.0 * (1.0 + 1e-6)

    def divided(self, line: np.ndarray) -> None:
        """Check that what is divided by source, kind or buyer adds up to the whole."""
        of = {name: float(line[k]) for name, k in AT.items()}
        a, c = self.actors, self.cluster
        for whole, parts in WHOLES.items():
            assert sum(of[part] for part in parts) == pytest.approx(of[whole], rel=1e-9, abs=1e-9), whole
            assert all(of[part] >= -1e-9 * max(of[whole], 1.0) for part in parts), whole
        kinds = [value for name, value in of.items() if name.startswith("started_")]
        assert sum(kinds) == of["projects_started"] == c.started.sum()
        for member, name in enumerate(("productivity_others", "productivity_members")):
            here = (a["kind"] >= TRACTOR) & (a["member"] == member) & (a["wage_bill"] > 0.0)
            earned, jobs = (a["wage_bill"] + a["profit"])[here].sum(), a["employees"][here].sum()
            assert of[name] * jobs == pytest.approx(earned, rel=1e-9, abs=1e-9 * max(of["sales"], 1.0)), name
        assert of["loans_guaranteed"] <= of["loans_placed"] and (of["loans_placed"] > 0.0) == (c.credit_granted > 0.0)
        assert of["settlers"] <= of["entries"] and of["growing_small"] <= of["growing_firms"]
        assert 0.0 <= of["investment_called"] <= of["investment_attracted"] * (1.0 + 1e-12)
        assert of["network_institutions"] <= c.firms - c.first and of["network_organisations"] >= of["members"]
        assert of["formal_membership"] == (of["members"] > 0.0)

    def check(self, line: np.ndarray, spending: np.ndarray) -> None:
        """Check everything at the end of a quarter."""
        self.books()
        self.bounds()
        self.counts()
        self.network()
        self.recorded(line, spending)


def watch(scenario: Scenario, quarters: int = QUARTERS) -> Simulation:
    """Run a scenario and check every cluster in every quarter."""
    simulation = Simulation(scenario, workers=1)
    watches = [Watch(simulation, c) for c in range(len(simulation.state.clusters))]
    for one in watches:
        one.network()
    for _ in range(quarters):
        record = simulation.advance()
        for one in watches:
            one.check(record.indicators[0, one.c], record.spending[0])
    return simulation
