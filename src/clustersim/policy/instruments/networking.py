"""Instruments that involve actors and link them."""

from __future__ import annotations

from typing import Literal

from clustersim.policy.instruments.base import Effect, Instrument


class AwarenessEvents(Instrument):
    """Events that bring firms together: more meetings and a warmer climate."""

    use: Literal["awareness_events"] = "awareness_events"
    effects = (Effect("events", 1.0, 60.0, per="hundred firms"),)
    source = "ILO table 2; ILO §3.3.i; cost assumed"
    grade = "argued"


class ClusterMapping(Instrument):
    """A map of who does what: better choice of partners, and better targeting of every other instrument."""

    use: Literal["cluster_mapping"] = "cluster_mapping"
    effects = (Effect("matching", 1.0, 60.0, per="hundred firms"), Effect("targeting", 1.0, 60.0, per="hundred firms"))
    source = "ILO table 2; ILO §3.8; cost assumed"
    grade = "argued"


class Facilitator(Instrument):
    """Neutral brokers: meetings, assurance at first contact, mediation after failed deals, help for projects."""

    use: Literal["facilitator"] = "facilitator"
    recipient = "facilitator"
    effects = (Effect("facilitation", 1.0, 80.0),)
    source = "ILO §3.4 table 6; DINI; cost of a person assumed"
    grade = "argued"


class ConsensusWorkshops(Instrument):
    """Workshops that build a shared vision and choose a few key activities."""

    use: Literal["consensus_workshops"] = "consensus_workshops"
    effects = (Effect("consensus", 1.0, 80.0),)
    source = "ILO table 2; ILO §3.3.iii; EC phase 2; cost assumed"
    grade = "argued"


class NetworkIncentives(Instrument):
    """Pays part of the coordination cost of new links and groups."""

    use: Literal["network_incentives"] = "network_incentives"
    effects = (Effect("tie_subsidy", 0.5, 150.0, per="hundred firms"),)
    source = "ILO table 2; DINI; cost assumed"
    grade = "argued"


class CompetenceAudit(Instrument):
    """An audit of who can do what: complementary partners come to light."""

    use: Literal["competence_audit"] = "competence_audit"
    effects = (Effect("matching", 0.7, 40.0, per="hundred firms"),)
    source = "ILO §3.3.ii; cost assumed"
    grade = "argued"


class Benchmarking(Instrument):
    """A comparison with the best: firms see the distance to the frontier and search more."""

    use: Literal["benchmarking"] = "benchmarking"
    effects = (Effect("benchmarking", 1.0, 50.0, per="hundred firms"),)
    source = "ILO table 2; cost assumed"
    grade = "assumed"


class ClusterLinkage(Instrument):
    """Missions, twinning and exchange: links to other clusters at home and abroad."""

    use: Literal["cluster_linkage"] = "cluster_linkage"
    effects = (Effect("linking", 3.0, 120.0, per="hundred firms"),)
    source = "ILO annex 2 step 11; ILO §2.6 gap 7; cost assumed"
    grade = "argued"
