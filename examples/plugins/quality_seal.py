"""A regional quality seal: one programme that pays independent tests and promotes the seal. Made up, as an example.

    clustersim compare no_policy quality_seal.yaml --plugin quality_seal.py
"""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from clustersim.instruments import Effect, Instrument


class QualitySeal(Instrument):
    """A seal of quality for the place's products: independent tests of firms, and promotion of the seal."""

    use: Literal["quality_seal"] = "quality_seal"
    etiqueta = "Sello de calidad"
    descripcion = "Un sello de calidad para los productos del lugar: ensayos independientes y promoción del sello."

    # The same 150 kUSD a year for each hundred firms buy both.
    effects = (
        Effect("standards", 1.0, 150.0, per="hundred firms"),
        Effect("brand", 0.2, 150.0, per="hundred firms"),
    )
    payer = "firms"
    source = "assumed; made up as an example"
    grade = "assumed"

    # What it takes may be narrowed: this seal is not given away.
    @field_validator("cofinance")
    @classmethod
    def _firms_pay_a_fifth_at_least(cls, share: float) -> float:
        if share < 0.2:
            raise ValueError(f"cofinance: found {share:g}; firms pay at least 0.2 of a quality seal.")
        return share
