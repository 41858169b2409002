"""What there is: world, clusters, actors and ties, each a plain object (docs/odd.md, sections 2 and 4)."""

from __future__ import annotations

import math
from types import SimpleNamespace

import mesa
import numpy as np

from clustersim import draws
from clustersim.levers import LEVERS
from clustersim.state import (
    ASSOCIATION,
    BANK,
    EXTERNAL,
    FACILITATOR,
    GOVERNMENT,
    PROJECTS_MAX,
    SME,
    STAGES_MAX,
    TECHNOLOGY_CENTRE,
    TRACTOR,
    UNIVERSITY,
)  # fmt: skip

WORD = 2**64


def above_zero(x: float) -> float:
    """[x]+ of the notation."""
    return x if x > 0.0 else 0.0


def clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def turn(a: float, b: float) -> float:
    """Distance of two positions on the circle of technologies."""
    return min(abs(a - b), 1.0 - abs(a - b))


def wrap(x: float) -> float:
    """Signed offset on that circle, in [-1/2, 1/2)."""
    return x - math.floor(x + 0.5)


def gumbel(u: float) -> float:
    return -math.log(-math.log(u))


class World:
    """What the clusters share; it also gives the draws of the present quarter."""

    def __init__(self, seed: int, replicate: int, parameters: SimpleNamespace):
        self.key = draws.world_key(seed, replicate)
        self.parameters = parameters
        self.quarter = 0
        self.frontier = 0.0
        self.regime = 0.5
        self.cycle_local = self.cycle_export = 0.0
        self.shock_demand = self.rivalry = self.unrest = 0.0
        self.wage = parameters.population.wage
        self.output = parameters.population.output
        self.growth = parameters.environment.frontier_growth

    def _stream(self, name: str, quarter: int | None):
        return np.uint64(draws.stream(np.uint64(self.key), self.quarter if quarter is None else quarter, draws.PROCESS[name]))

    def uniform(self, name: str, who: int, quarter: int | None = None) -> float:
        return draws.uniform(self._stream(name, quarter), np.uint64(who % WORD))

    def normal(self, name: str, who: int, quarter: int | None = None) -> float:
        return draws.normal(self._stream(name, quarter), np.uint64(who % WORD))

    def laplace(self, name: str, who: int) -> float:
        return draws.laplace(self._stream(name, None), np.uint64(who % WORD))

    def bell(self, name: str, who: int) -> float:
        return draws.bell(self._stream(name, None), np.uint64(who % WORD))

    def whole(self, name: str, who: int, mean: float) -> int:
        return int(draws.whole(self._stream(name, None), np.uint64(who % WORD), mean))


def identity(parent: int, quarter: int, number: int) -> int:
    return int(draws.identity(np.uint64(parent), quarter, number))


def pair(a: int, b: int) -> int:
    return int(draws.pair(np.uint64(a % WORD), np.uint64(b % WORD)))


class Actor(mesa.Agent):
    """Anybody in a cluster; `ties` are its listed ties, `taken` counts those just formed too."""

    kind = -1
    is_firm = False

    def __init__(self, cluster: Cluster, uid: int):
        super().__init__(cluster.model)
        self.cluster = cluster
        self.uid = uid
        self.row = -1  # within the cluster, institutions first
        self.ties: list[Tie] = []
        self.taken = 0
        self.parent = 0
        self.segment = -1
        self.born = 0
        self.certified = self.member = self.innovated = 0
        self.project = self.top = -1
        self.search = 1.0
        for name in (
            "x", "y", "employees", "knowledge", "technology", "absorptive", "rd_share", "productivity", "quality", "cash", "debt",
            "assets", "base", "export_share", "local_share", "sales", "exports", "trade", "purchases", "dependence", "wage_bill",
            "profit", "margin", "cost_saving", "reach", "threshold", "wariness", "climate", "climate_start", "bond", "belief",
            "log_size",
        ):  # fmt: skip
            setattr(self, name, 0.0)

    def knows(self, other: Actor) -> bool:
        """Whether the two share a listed tie."""
        return self.tie_with(other) is not None

    def tie_with(self, other: Actor) -> Tie | None:
        return next((tie for tie in self.ties if tie.other(self) is other), None)


class Firm(Actor):
    is_firm = True


class TractorFirm(Firm):
    kind = TRACTOR


class SmallFirm(Firm):
    kind = SME


class Institution(Actor):
    def __init__(self, cluster: Cluster, uid: int):
        super().__init__(cluster, uid)
        self.climate = self.climate_start = self.bond = 0.6
        self.threshold = 0.3
        self.absorptive = 0.5
        self.technology = 0.5
        self.log_size = math.log(101.0)


class GovernmentBody(Institution):
    kind = GOVERNMENT


class FacilitatorTeam(Institution):
    kind = FACILITATOR


class Bank(Institution):
    kind = BANK


class AssociationOffice(Institution):
    kind = ASSOCIATION


class University(Institution):
    kind = UNIVERSITY


class TechnologyCentre(Institution):
    kind = TECHNOLOGY_CENTRE


class Tie:
    """A tie of a and b (None for a partner outside); a is the end in the lower row."""

    def __init__(self, a: Actor, b: Actor | None, uid: int, since: int, kind: int):
        self.a, self.b, self.uid, self.since, self.kind = a, b, uid, since, kind
        self.level = 0
        self.last = 0
        self.trust_ab = self.trust_ba = 0.0
        self.fit = 0.5
        self.value = 0.0
        self.target = 0.0

    @property
    def outside(self) -> bool:
        return self.kind == EXTERNAL

    @property
    def between_firms(self) -> bool:
        return self.b is not None and self.a.is_firm and self.b.is_firm

    def other(self, actor: Actor) -> Actor | None:
        return self.b if actor is self.a else self.a

    def trust_of(self, actor: Actor) -> float:
        """Trust of this end in the other."""
        return self.trust_ab if actor is self.a else self.trust_ba

    def set_trust_of(self, actor: Actor, trust: float) -> None:
        if actor is self.a:
            self.trust_ab = trust
        else:
            self.trust_ba = trust


class Cluster:
    """A cluster; `rows` are the firm rows in use, None for a free one."""

    def __init__(self, model, world: World, name: str):
        self.model, self.world, self.name = model, world, name
        self.p = world.parameters
        self.uid = 0
        self.institutions: list[Institution] = []
        self.rows: list[Firm | None] = []
        self.ties: list[Tie] = []
        self.levers = dict.fromkeys(LEVERS, 0.0)
        self.stage = self.founded = self.announced = -1
        self.began = [-1] * STAGES_MAX
        self.credibility = self.reference = 1.0
        self.interrupted = self.formal = self.origin = self.distress = 0
        self.project_kind = [-1] * PROJECTS_MAX
        self.project_end = [0] * PROJECTS_MAX
        self.project_partners = [0] * PROJECTS_MAX
        self.phase = self.phase_since = self.clusterisation = self.facilitation_state = 0
        for field in (
            "nation", "abroad", "project_fund", "guarantee_fund", "written_off", "bank_capital", "loans", "skilled", "employment",
            "trust", "members", "vision", "wins", "losses", "staff", "brand", "income_public", "income_private",
            "public_spending", "private_cofinance", "projects_started", "projects_succeeded", "projects_failed", "entries",
            "spinoffs", "exits", "innovations", "component", "pipelines", "linked", "smooth_linked", "smooth_component",
            "smooth_vision", "smooth_pipelines", "smooth_employment", "trend", "peak", "trough", "gap_then", "smooth_gap",
            "firm_count",
        ):  # fmt: skip
            setattr(self, field, 0.0)

    @property
    def firms(self) -> list[Firm]:
        """Firms in row order."""
        return [firm for firm in self.rows if firm is not None]

    @property
    def actors(self) -> list[Actor]:
        return [*self.institutions, *self.firms]

    @property
    def live_ties(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.level >= 0]

    @property
    def facilitator(self) -> Institution:
        return self.institutions[1]

    @property
    def bank(self) -> Institution:
        return self.institutions[2]

    @property
    def association(self) -> Institution:
        return self.institutions[3]

    @property
    def schools(self) -> list[Institution]:
        """Universities, then technology centres."""
        return self.institutions[4:]

    def put(self, firm: Firm) -> None:
        """Give the firm the lowest free row, or the next after the last."""
        place = next((k for k, there in enumerate(self.rows) if there is None), len(self.rows))
        if place == len(self.rows):
            self.rows.append(None)
        self.rows[place] = firm
        firm.row = len(self.institutions) + place

    def list_ties(self) -> None:
        """Rebuild each actor's listed ties, in order of formation."""
        for actor in self.actors:
            actor.ties = []
        for tie in self.ties:
            tie.a.ties.append(tie)
            if tie.b is not None:
                tie.b.ties.append(tie)
        for actor in self.actors:
            actor.taken = len(actor.ties)
