"""Policy instruments: frozen, self-checking classes, one file for each family; see `clustersim.policy.instruments.base`."""

from __future__ import annotations

from clustersim.policy.instruments import firms, government, institution, networking, place, sharing
from clustersim.policy.instruments.base import Effect, Instrument

INSTRUMENTS: dict[str, type[Instrument]] = {
    kind.model_fields["use"].default: kind
    for family in (networking, institution, firms, place, government, sharing)
    for kind in vars(family).values()
    if isinstance(kind, type) and issubclass(kind, Instrument) and kind is not Instrument
}

__all__ = ["INSTRUMENTS", "Effect", "Instrument"]
