"""Instruments that change public bodies themselves: how they coordinate, what they can do, what they hear."""

from __future__ import annotations

from typing import Literal

from clustersim.policy.instruments.base import Effect, Instrument


class InterAgencyTeams(Instrument):
    """Cluster teams of several public bodies: they coordinate more, as long as the teams are paid."""

    use: Literal["inter_agency_teams"] = "inter_agency_teams"
    effects = (Effect("coordination", 1.0, 120.0),)
    source = "ILO table 5; ILO §2.4 (coordination is the weakest point); cost assumed"
    grade = "assumed"


class ClusterDepartments(Instrument):
    """Departments organised around clusters: coordination that comes more slowly, and methods that stay."""

    use: Literal["cluster_departments"] = "cluster_departments"
    effects = (Effect("coordination", 0.5, 200.0), Effect("capability", 1.0, 200.0))
    source = "ILO fig 17; cost assumed"
    grade = "assumed"


class InstitutionStrengthening(Instrument):
    """Institutions learn methods and keep them: later programmes arrive better, and a new facilitator need not begin anew."""

    use: Literal["institution_strengthening"] = "institution_strengthening"
    effects = (Effect("capability", 1.0, 100.0),)
    source = "RP (institutions as depositaries of methods, 2 100 people trained); cost assumed"
    grade = "argued"


class PolicyDialogue(Instrument):
    """Regular exchange of cluster and government: what firms and their association know reaches those who decide."""

    use: Literal["policy_dialogue"] = "policy_dialogue"
    effects = (Effect("dialogue", 1.0, 40.0),)
    source = "ILO table 5; ILO §2.5 (link officers on every board); cost assumed"
    grade = "assumed"
