"""All declared parameters, by mechanism: the one place that docs, schema, sweep bounds and the kernels read."""

from __future__ import annotations

import numpy as np

from clustersim.core.schema import Parameter, parameter_dtype
from clustersim.model import population
from clustersim.model.mechanisms import (
    association,
    complacency,
    conduct,
    demography,
    diversification,
    environment,
    facilitation,
    finance,
    government,
    joint_action,
    knowledge,
    linkage,
    market,
    meeting,
    nation,
    phase,
    programme,
    trust,
)  # fmt: skip

PARAMETERS: dict[str, dict[str, Parameter]] = {
    "population": population.PARAMETERS,
    "environment": environment.PARAMETERS,
    "government": government.PARAMETERS,
    "programme": programme.PARAMETERS,
    "facilitation": facilitation.PARAMETERS,
    "meeting": meeting.PARAMETERS,
    "trust": trust.PARAMETERS,
    "linkage": linkage.PARAMETERS,
    "association": association.PARAMETERS,
    "joint_action": joint_action.PARAMETERS,
    "conduct": conduct.PARAMETERS,
    "knowledge": knowledge.PARAMETERS,
    "market": market.PARAMETERS,
    "finance": finance.PARAMETERS,
    "demography": demography.PARAMETERS,
    "complacency": complacency.PARAMETERS,
    "diversification": diversification.PARAMETERS,
    "phase": phase.PARAMETERS,
    "nation": nation.PARAMETERS,
}
DTYPE = parameter_dtype(PARAMETERS)
_DEFAULTS = np.array([tuple(tuple(p.default for p in declared.values()) for declared in PARAMETERS.values())], DTYPE)


def defaults(worlds: int = 1) -> np.recarray:
    """Return one record of default parameters for each world."""
    return np.repeat(_DEFAULTS, worlds).view(np.recarray)
