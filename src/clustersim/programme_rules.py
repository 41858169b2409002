"""The contract of a user's own rule; a documented import."""

from clustersim.policy.rule import FACTOR_MAX, Others, Rule, Seen

__all__ = ["FACTOR_MAX", "Others", "Rule", "Seen"]
