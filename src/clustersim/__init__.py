"""clustersim: an agent-based simulator of the life cycle of industrial clusters.

The names below are the public interface; each is imported when it is first used: ``import clustersim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from clustersim.core.handed import hand_down
from clustersim.core.version import __version__

if TYPE_CHECKING:
    from clustersim.core.errors import InputError
    from clustersim.experiments.reading import read_result
    from clustersim.experiments.sweeping import sweep
    from clustersim.results import RunResult, replicate, simulate, write_result
    from clustersim.scenario.loading import load_scenario
    from clustersim.scenario.registers.making import make_scenario
    from clustersim.scenario.registers.plan import read_plan
    from clustersim.simulation.engine import Simulation
    from clustersim.simulation.mesa_model import ClusterModel
    from clustersim.studies.comparison import Comparison, compare, read_comparison, write_comparison
    from clustersim.studies.evidence import Evidence, evidence
    from clustersim.studies.reproducing import reproduce
    from clustersim.studies.synergy import Interactions, interactions, take_apart

_HOME = {
    "ClusterModel": "clustersim.simulation.mesa_model",
    "Comparison": "clustersim.studies.comparison",
    "Evidence": "clustersim.studies.evidence",
    "InputError": "clustersim.core.errors",
    "Interactions": "clustersim.studies.synergy",
    "RunResult": "clustersim.results",
    "Simulation": "clustersim.simulation.engine",
    "compare": "clustersim.studies.comparison",
    "evidence": "clustersim.studies.evidence",
    "interactions": "clustersim.studies.synergy",
    "load_scenario": "clustersim.scenario.loading",
    "make_scenario": "clustersim.scenario.registers.making",
    "read_comparison": "clustersim.studies.comparison",
    "read_plan": "clustersim.scenario.registers.plan",
    "read_result": "clustersim.experiments.reading",
    "replicate": "clustersim.results",
    "reproduce": "clustersim.studies.reproducing",
    "simulate": "clustersim.results",
    "sweep": "clustersim.experiments.sweeping",
    "take_apart": "clustersim.studies.synergy",
    "write_comparison": "clustersim.studies.comparison",
    "write_result": "clustersim.results",
}
_DRAWING, _CATALOGUE = "clustersim.views.figures.plotting", "clustersim.views.catalogue"
hand_down("plot", lambda: import_module(_DRAWING).plot)
hand_down("label", lambda: import_module(_CATALOGUE).label)

__all__ = [
    "ClusterModel", "Comparison", "Evidence", "InputError", "Interactions", "RunResult", "Simulation", "__version__", "compare",
    "evidence", "interactions", "load_scenario", "make_scenario", "read_comparison", "read_plan", "read_result", "replicate",
    "reproduce", "simulate", "sweep", "take_apart", "write_comparison", "write_result",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'clustersim' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
