"""Synergy: what instruments, stages or other levers do together beyond the sum of what each does alone."""

from clustersim.studies.synergy.apart import take_apart
from clustersim.studies.synergy.interactions import Interactions
from clustersim.studies.synergy.reading import interactions

__all__ = ["Interactions", "interactions", "take_apart"]
