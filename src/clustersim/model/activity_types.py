"""Types of activity: what differs between kinds of cluster, as factors on a few named quantities, in one table.

The types follow the groups by which sectors innovate, and by which clusters of Latin America upgrade: natural resources,
traditional manufacture, complex products of a chain of suppliers, specialised suppliers (Pavitt 1984; Giuliani, Pietrobelli &
Rabellotti 2005), and tourism beside them. Where a source is named it says which way a type differs; every size is assumed.
Nothing here says what a policy or a lead firm does in a type: that is left to come of it.
"""

from __future__ import annotations

from typing import Literal, get_args

ActivityType = Literal["extractive", "light", "supplier_driven", "specialised_services", "tourism"]
TYPES: tuple[ActivityType, ...] = get_args(ActivityType)

MEANINGS: dict[ActivityType, str] = {
    "extractive": "natural resources: mines, farms, fishing, and what is made of them nearby",
    "light": "traditional manufacture: garments, footwear, furniture, food",
    "supplier_driven": "complex products of a chain of suppliers: vehicles, aircraft, electronics",
    "specialised_services": "specialised suppliers: software, design, engineering",
    "tourism": "tourism, and other services whose foreign buyers come to the place",
}

# What a factor multiplies, each named after the parameter.
QUANTITIES: dict[str, str] = {
    "surplus": "what buyer and supplier bargain over (market.surplus): how hard the stronger side can press",
    "contract": "the largest part of a supplier's output that one contract takes (market.contract_most)",
    "research_from": "the least scale of R&D (complacency.rd_staff)",
    "span": "what size costs (market.span): low where production has economies of scale",
    "closeness": "how distance hinders contact, and with it knowledge (meeting.closeness)",
    "pipelines": "how often links to the outside form (meeting.pipeline_rate)",
    "export_cost": "the fixed cost of selling abroad (market.export_cost)",
    "brand": "what the reputation of the place does for its sales (market.brand_weight)",
}
SURPLUS, CONTRACT, RESEARCH_FROM, SPAN, CLOSENESS, PIPELINES, EXPORT_COST, PLACE_BRAND = range(len(QUANTITIES))

PAVITT = "Pavitt 1984 (sign); value assumed"
CHAINS = "Giuliani, Pietrobelli & Rabellotti 2005: sectors differ (groups); sign and value assumed"
ASSUMED = "assumed"

# By type and quantity: factor and source; 1 where nothing is said.
FACTORS: dict[ActivityType, dict[str, tuple[float, str]]] = {
    "extractive": {
        "surplus": (1.3, CHAINS), "contract": (1.3, CHAINS), "research_from": (1.5, ASSUMED), "span": (0.8, PAVITT),
        "closeness": (0.6, ASSUMED), "brand": (0.5, ASSUMED),
    },
    "light": {
        "surplus": (1.2, CHAINS), "research_from": (2.0, PAVITT), "span": (1.2, PAVITT), "pipelines": (0.8, ASSUMED),
    },
    "supplier_driven": {
        "surplus": (1.3, CHAINS), "contract": (1.3, CHAINS), "research_from": (1.5, PAVITT), "span": (0.6, PAVITT),
        "pipelines": (1.2, ASSUMED), "export_cost": (1.3, ASSUMED), "brand": (0.7, ASSUMED),
    },
    "specialised_services": {
        "surplus": (0.7, CHAINS), "contract": (0.7, ASSUMED), "research_from": (0.5, PAVITT), "span": (1.2, PAVITT),
        "closeness": (1.5, ASSUMED), "pipelines": (1.3, ASSUMED), "export_cost": (0.5, ASSUMED),
    },
    "tourism": {
        "surplus": (0.8, ASSUMED), "contract": (0.7, ASSUMED), "research_from": (2.0, ASSUMED), "span": (1.3, ASSUMED),
        "pipelines": (1.2, ASSUMED), "export_cost": (0.1, ASSUMED), "brand": (2.0, ASSUMED),
    },
}  # fmt: skip


def factors(kind: ActivityType | None) -> list[float]:
    """Return the factor of each quantity for a type of activity, 1 without one.

    Examples
    --------
    >>> factors("tourism")[EXPORT_COST], set(factors(None))
    (0.1, {1.0})
    """
    own = FACTORS[kind] if kind is not None else {}
    return [own.get(name, (1.0, ""))[0] for name in QUANTITIES]
