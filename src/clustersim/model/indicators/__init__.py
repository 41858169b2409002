"""Indicators: functions of the state, recorded for each cluster at the end of each quarter.

Each file declares a family (name, label, unit, formula) and fills it in one kernel, by name. To add an indicator, add its line
and its value in the family's file; documentation, tables and results follow.
"""

from __future__ import annotations

import numpy as np

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
AT = {name: place for place, name in enumerate(INDICATORS)}  # where each stands in an array (quarter, cluster, indicator)
_ROW = np.dtype((np.record, [(name, "f8") for name in INDICATORS]))


def by_name(indicators: np.ndarray) -> np.recarray:
    """Return an array (…, indicator) as records over the same memory: a misspelled or missing indicator is an error.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.model.indicators import INDICATORS, by_name
    >>> array = np.zeros((8, 1, len(INDICATORS)))
    >>> by_name(array).firms.shape
    (8, 1)
    """
    return indicators.view(_ROW).reshape(indicators.shape[:-1]).view(np.recarray)


@kernel
def measure(actors, ties, cluster, world, out):
    """Fill `out`, a record of all indicators; the last family reads what the others have filled."""
    structure.measure(actors, cluster, world, out)
    relations.measure(actors, ties, cluster, out)
    institution.measure(actors, cluster, world, out)
    knowledge.measure(actors, cluster, world, out)
    economy.measure(actors, cluster, out)
    success.measure(actors, cluster, out)
