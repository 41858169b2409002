"""Comparisons: options run under common random numbers, and what their paired differences answer."""

from clustersim.studies.comparison.comparison import Comparison
from clustersim.studies.comparison.outcomes import OUTCOMES
from clustersim.studies.comparison.running import compare
from clustersim.studies.comparison.storage import read_comparison, write_comparison
from clustersim.studies.comparison.verdict import verdict

__all__ = ["Comparison", "OUTCOMES", "compare", "read_comparison", "verdict", "write_comparison"]
