"""First links, then projects: the same money, moved from events to joint projects once firms are linked. Made up, as an example.

    clustersim compare links_and_projects.yaml links_then_projects.yaml --plugin links_then_projects.py
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from clustersim.programme_rules import Rule, Seen


class LinksThenProjects(Rule):
    """All money for events until more firms are linked than at first, then all of it for joint projects."""

    use: Literal["links_then_projects"] = "links_then_projects"
    etiqueta = "Primero vínculos, luego proyectos"
    descripcion = "Todo el dinero a eventos hasta que haya más empresas vinculadas que al inicio; luego, a proyectos conjuntos."
    source = "assumed; made up as an example, after the order of ILO §1.8: brokering first, common projects second"
    grade = "assumed"

    rise: float = Field(0.15, ge=0, le=1, description="Rise of the share of firms with a cooperative tie at which money moves.")

    def decide(self, seen: Seen) -> Mapping[str, float]:
        linked = seen.now["linked_share"] - seen.first["linked_share"] >= self.rise
        return {"awareness_events": 0.0 if linked else 2.0, "project_cofinance": 2.0 if linked else 0.0}
