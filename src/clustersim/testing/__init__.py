"""Tests for a user's own instruments and rules, each in a small place."""

from __future__ import annotations

from clustersim.testing.instrument import Checked, check_instrument
from clustersim.testing.rule import Decided, check_rule

__all__ = ["Checked", "Decided", "check_instrument", "check_rule"]
