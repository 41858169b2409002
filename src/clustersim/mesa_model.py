"""The Mesa model; a documented import."""

from clustersim.simulation.mesa_model import *  # noqa: F403
from clustersim.simulation.mesa_model import __all__ as __all__
