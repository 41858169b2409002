"""Actors and ties, each a plain object (docs/odd.md, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from clustersim.model.state import (
    ASSOCIATION,
    BANK,
    DONOR,
    EXTERNAL,
    FACILITATOR,
    GOVERNMENT,
    SME,
    TECHNOLOGY_CENTRE,
    TRACTOR,
    UNIVERSITY,
)  # fmt: skip

if TYPE_CHECKING:
    from reference.cluster import Cluster

CLASS_ENDS = (10.0, 50.0, 250.0)  # micro, small and medium firms have fewer employees
BILLS = ("rd_support", "export_support", "certification", "paperwork")  # channels that pay a part of a bill of firms


def size_class(employees: float) -> int:
    """Return 0 micro, 1 small, 2 medium, 3 large."""
    return sum(employees >= end for end in CLASS_ENDS)


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
        self.targets, self.together = 0, -1000
        self.search = self.fitness = self.capacity = 1.0
        self.asking = 0
        for name in (
            "x", "y", "employees", "knowledge", "technology", "absorptive", "rd_share", "productivity", "quality", "cash", "debt",
            "assets", "base", "export_share", "local_share", "sales", "exports", "trade", "purchases", "premium", "dependence",
            "wage_bill", "profit", "margin", "cost_saving", "reach", "threshold", "wariness", "climate", "climate_start", "bond",
            "belief", "log_size", "referrals", "employees_then", "sales_then", "earned_then", "lent",
        ):  # fmt: skip
            setattr(self, name, 0.0)

    def knows(self, other: Actor) -> bool:
        """Whether the two share a listed tie."""
        return self.tie_with(other) is not None

    def tie_with(self, other: Actor) -> Tie | None:
        return next((tie for tie in self.ties if tie.other(self) is other), None)


class Firm(Actor):
    is_firm = True

    def lever(self, channel: str) -> float:
        """The lever of the firm: what reaches its present size class and its segment, and what it is picked for."""
        lever = self.cluster.aimed[channel][size_class(self.employees)][self.segment]
        for aim, picked in enumerate(self.cluster.picked[channel]):
            if self.targets >> aim & 1:
                lever += picked
        return lever

    def aid(self, channel: str, most: float) -> float:
        """The part of a bill that public money pays, as of the finance step last done."""
        return min(most, self.lever(channel)) * self.cluster.part[BILLS.index(channel)]

    @property
    def asked(self) -> float:
        """The technology that the market of its segment asks for."""
        return self.cluster.asked[self.segment]


class TractorFirm(Firm):
    kind = TRACTOR


class SmallFirm(Firm):
    kind = SME


class Institution(Actor):
    def __init__(self, cluster: Cluster, uid: int):
        super().__init__(cluster, uid)
        self.climate = self.climate_start = self.bond = cluster.p.population.institution_climate
        self.threshold = cluster.p.population.institution_threshold
        self.technology = 0.5


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


class Donor(Institution):
    kind = DONOR


class Tie:
    """A tie of a and b (None for a partner outside); a is the end in the lower row."""

    def __init__(self, a: Actor, b: Actor | None, uid: int, since: int, kind: int):
        self.a, self.b, self.uid, self.since, self.kind = a, b, uid, since, kind
        self.level = 0
        self.last = 0
        self.trust_ab = self.trust_ba = 0.0
        self.fit = a.cluster.p.meeting.fit_start
        self.value = 0.0
        self.target = 0.0
        self.home = -1
        self.asker = 0  # 0: a asks b, 1: b asks a

    @property
    def outside(self) -> bool:
        return self.kind == EXTERNAL

    @property
    def between_firms(self) -> bool:
        return self.b is not None and self.a.is_firm and self.b.is_firm

    @property
    def seeker(self) -> Actor | None:
        """The end that asks the other for advice."""
        return self.b if self.asker else self.a

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
