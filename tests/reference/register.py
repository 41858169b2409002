"""Firms and ties that a register lists: docs/odd.md, section 5."""

from __future__ import annotations

import csv
import hashlib
import math

from clustersim.model.state import LEVELS
from reference.entities import Firm, TractorFirm
from reference.meetings import bring_together
from reference.world import clip

LARGE = 250.0  # employees from which a listed firm is a tractor firm, if the register does not say


class Listed:
    """One row of a table of firms; None where its cell is empty."""

    def __init__(self, cells: dict[str, str]):
        self.id = cells["id"]
        self.uid = identity_of(self.id)
        self.segment = cells.get("segment") or None
        self.employees, self.year, self.x, self.y, self.certified, self.member = (
            _number(cells, name) for name in ("employees", "year", "x", "y", "certified", "member")
        )
        self.sales, self.exports = (_quarterly(cells, name) for name in ("sales", "exports"))
        marked = _number(cells, "tractor")
        self.tractor = (self.employees or 0.0) >= LARGE if marked is None else marked == 1.0

    def before_settling(self, firm: Firm, spec, start_year: int) -> None:
        """Put what the register says of the firm in the place of what was drawn."""
        p, output = firm.cluster.p.population, firm.cluster.world.output
        if self.segment is not None:
            firm.segment = spec.segments.index(self.segment)
        if self.year is not None:
            firm.born = -int(max(0.0, 4.0 * (start_year - self.year) - 2.0))
        if self.employees is not None:
            firm.employees = max(1.0, self.employees)
        elif self.sales is not None:
            firm.employees = max(1.0, self.sales / (output * math.exp(firm.knowledge)))
        if self.employees is not None and self.sales is not None:
            mean = -p.knowledge_gap + (p.tractor_lead if isinstance(firm, TractorFirm) else 0.0)
            reach = p.listed_reach * p.knowledge_spread
            firm.knowledge = clip(math.log(self.sales / (self.employees * output)), mean - reach, mean + reach)

    def after_settling(self, firm: Firm) -> None:
        """Put the place, the certificate and the books that the register tells in the place of what settling gave."""
        p, certificate = firm.cluster.p.population, firm.cluster.p.knowledge.certificate
        if self.x is not None and self.y is not None:
            firm.x, firm.y = self.x, self.y
        if self.certified is not None:
            firm.certified = int(self.certified)
            firm.quality = max(firm.quality, certificate) if firm.certified else min(firm.quality, p.uncertified * certificate)
        firm.member = int(self.member or 0)
        if self.employees is not None:
            firm.employees, firm.log_size = self.employees, math.log(1.0 + self.employees)
        if self.sales is not None:
            firm.sales = self.sales
        if self.exports is not None:
            firm.sales = max(firm.sales, self.exports)
            firm.exports = self.exports
            firm.export_share = min(p.listed_exports, self.exports / firm.sales)
        firm.base = firm.sales
        firm.cash, firm.assets = p.cash * firm.sales, p.assets * firm.sales


def identity_of(id_: str) -> int:
    """Return the identity of the firm that a register lists under this id."""
    return int.from_bytes(hashlib.blake2b(id_.encode(), digest_size=8, person=b"register").digest(), "little")


def _number(cells: dict[str, str], name: str) -> float | None:
    return float(cells[name]) if cells.get(name) else None


def _quarterly(cells: dict[str, str], name: str) -> float | None:
    yearly = _number(cells, name)
    return None if yearly is None else yearly / 4.0


def _table(file) -> list[dict[str, str]]:
    with file.path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def listed_firms(spec) -> list[Listed]:
    """Return the firms that the cluster's table lists, tractor firms first."""
    if spec.firms is None:
        return []
    rows = [Listed(cells) for cells in _table(spec.firms) if cells["cluster"] == spec.name]
    return sorted(rows, key=lambda row: not row.tractor)


def listed_ties(cluster) -> None:
    """Form the ties that the cluster's table lists."""
    spec = cluster.spec
    if spec.ties is None:
        return
    firms = {row.id: firm for row, firm in zip(listed_firms(spec), cluster.firms)}
    for cells in _table(spec.ties):
        if cells["a"] not in firms:
            continue
        first, second = firms[cells["a"]], firms[cells["b"]]
        lower, higher = sorted((first, second), key=lambda firm: firm.row)
        tie = bring_together(first, second, higher if higher.knowledge < lower.knowledge else lower, brokered=False)
        tie.level = LEVELS.index(cells.get("level") or "acquaintance")
        for firm, name in ((first, "trust_ab"), (second, "trust_ba")):
            given = _number(cells, name)
            if given is not None:
                tie.set_trust_of(firm, given)
    cluster.list_ties()
