"""The errors that a user's input can cause; a documented import."""

from clustersim.core.errors import InputError, Interrupted, RuleFault

__all__ = ["InputError", "Interrupted", "RuleFault"]
