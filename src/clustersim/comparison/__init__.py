"""Comparisons: options run under common random numbers, and what their paired differences answer."""

from clustersim.comparison.comparison import Comparison
from clustersim.comparison.outcomes import OUTCOMES
from clustersim.comparison.running import compare
from clustersim.comparison.storage import read_comparison, write_comparison
from clustersim.comparison.verdict import verdict

__all__ = ["Comparison", "OUTCOMES", "compare", "read_comparison", "verdict", "write_comparison"]
