"""Indicators: functions of the state, recorded for each cluster at the end of each quarter.

Each file declares a family (name, labels, unit, formula) and fills it in one kernel, in the declared order. To add an indicator,
add its line and its value in the family's file; documentation, tables and results follow.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.indicators import economy, institution, knowledge, relations, structure, success

INDICATORS: dict[str, Indicator] = {
    **structure.INDICATORS,
    **relations.INDICATORS,
    **institution.INDICATORS,
    **knowledge.INDICATORS,
    **economy.INDICATORS,
    **success.INDICATORS,
}
_RELATIONS = len(structure.INDICATORS)
_INSTITUTION = _RELATIONS + len(relations.INDICATORS)
_KNOWLEDGE = _INSTITUTION + len(institution.INDICATORS)
_ECONOMY = _KNOWLEDGE + len(knowledge.INDICATORS)
_SUCCESS = _ECONOMY + len(economy.INDICATORS)
_YOUNG, _UNIVERSITY, _SALES, _EXPORTS = (
    list(INDICATORS).index(name) for name in ("young_share", "university_links", "sales", "exports")
)


@kernel
def record(actors, ties, cluster, world, out):
    """Fill `out`, one place for each indicator in the order of `INDICATORS`."""
    structure.measure(actors, cluster, world, out[:_RELATIONS])
    relations.measure(actors, ties, cluster, out[_RELATIONS:_INSTITUTION])
    institution.measure(actors, cluster, out[_INSTITUTION:_KNOWLEDGE])
    knowledge.measure(actors, cluster, world, out[_KNOWLEDGE:_ECONOMY])
    economy.measure(actors, cluster, out[_ECONOMY:_SUCCESS])
    success.measure(actors, cluster, out[_YOUNG], out[_UNIVERSITY], out[_SALES], out[_EXPORTS], out[_SUCCESS:])
