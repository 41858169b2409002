"""Policy instruments, and the base class of a user's own; a documented import."""

from clustersim.policy.instruments import INSTRUMENTS, Effect, Instrument

__all__ = ["INSTRUMENTS", "Effect", "Instrument"]
