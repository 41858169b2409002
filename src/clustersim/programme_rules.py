"""The contract of a user's own rule; a documented import."""

from clustersim.policy.rule import FACTOR_MAX, Rule, Seen

__all__ = ["FACTOR_MAX", "Rule", "Seen"]
