"""Tests for a user's own instruments, rules and indicators, each in a small place."""

from __future__ import annotations

from clustersim.testing.indicator import Measured, check_indicator
from clustersim.testing.instrument import Checked, check_instrument
from clustersim.testing.rule import Decided, check_rule

__all__ = ["Checked", "Decided", "Measured", "check_indicator", "check_instrument", "check_rule"]
