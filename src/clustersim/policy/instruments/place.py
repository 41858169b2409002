"""Instruments that shape the place: skills, infrastructure, rules and public demand."""

from __future__ import annotations

from typing import Literal

from clustersim.policy.instruments.base import Effect, Instrument


class TrainingCentre(Instrument):
    """Specialised training: supply and quality of labour."""

    use: Literal["training_centre"] = "training_centre"
    payer = "firms"
    effects = (Effect("training", 1.0, 300.0, per="hundred firms"),)
    source = "ILO table 2; ILO fig 17; DINI; cost assumed"
    grade = "argued"


class IndustrialPark(Instrument):
    """Serviced land and shared infrastructure: less congestion, and a place for settlers."""

    use: Literal["industrial_park"] = "industrial_park"
    effects = (Effect("park", 1.0, 600.0, per="hundred firms"),)
    source = "ILO §2.5; ILO fig 17; cost assumed"
    grade = "argued"


class SingleWindow(Instrument):
    """Lower cost and delay of paperwork."""

    use: Literal["single_window"] = "single_window"
    effects = (Effect("paperwork", 1.0, 120.0, per="hundred firms"),)
    source = "EC; RP; DINI; cost assumed"
    grade = "argued"


class CompetitionPolicy(Instrument):
    """Rivalry and open entry: no price agreements."""

    use: Literal["competition_policy"] = "competition_policy"
    effects = (Effect("competition", 1.0, 60.0, per="hundred firms"),)
    source = "ILO fig 17; ILO table 5; cost assumed"
    grade = "assumed"


class PublicProcurement(Instrument):
    """Public buyers as demanding first customers of firms of high quality; paid are premium and administration only."""

    use: Literal["public_procurement"] = "public_procurement"
    effects = (Effect("procurement", 0.05, 200.0, per="hundred firms"),)
    source = "ILO §1.8; ILO fig 17; cost assumed"
    grade = "argued"


class Standards(Instrument):
    """Technical standards and independent tests: quality rises faster."""

    use: Literal["standards"] = "standards"
    effects = (Effect("standards", 1.0, 100.0, per="hundred firms"),)
    source = "ILO table 2; ILO fig 17; cost assumed"
    grade = "assumed"
