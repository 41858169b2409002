"""Instruments that build the cluster's institution and its joint projects."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from clustersim.policy.instruments.base import Effect, Instrument


class AssociationFounding(Instrument):
    """Prepares statutes and a first assembly, so that an association is founded by design."""

    use: Literal["association_founding"] = "association_founding"
    effects = (Effect("founding", 1.0, 40.0),)
    source = "PE component I (legal incorporation of the managing group); cost assumed"
    grade = "argued"


class AssociationGrant(Instrument):
    """Operating money for the cluster organisation; nothing is paid while there is none."""

    use: Literal["association_grant"] = "association_grant"
    recipient = "association"
    source = "ILO §2.5; PE component I; ILO §2.2"
    grade = "argued"
    report: bool = Field(False, description="Whether the second half of each year is paid only on an accepted report: staff, and "
                         "projects that run or ended lately.")


class ProjectCofinance(Instrument):
    """A fund that pays a part of the cost of joint projects."""

    use: Literal["project_cofinance"] = "project_cofinance"
    recipient = "projects"
    effects = (Effect("cofinance", 0.5, 120.0, per="hundred firms"),)
    source = "ILO §1.8 (second phase: pay for common projects); ILO §2.2; amount assumed"
    grade = "argued"


class CompetitivenessPlan(Instrument):
    """Segmentation, value chain analysis, benchmarks abroad and an action plan: vision and better projects."""

    use: Literal["competitiveness_plan"] = "competitiveness_plan"
    effects = (Effect("consensus", 0.5, 120.0), Effect("planning", 1.0, 120.0),)
    source = "PE component I; ILO §2.4 (PMC); cost assumed"
    grade = "argued"


class JointPurchasing(Instrument):
    """A fund for joint purchases: an easy first project."""

    use: Literal["joint_purchasing"] = "joint_purchasing"
    recipient = "projects"
    effects = (Effect("purchasing", 0.5, 40.0, per="hundred firms"),)
    source = "ILO table 2; DINI; cost assumed"
    grade = "argued"


class JointRdGrant(Instrument):
    """A fund that pays a part of the cost of R&D consortia of firms with universities."""

    use: Literal["joint_rd_grant"] = "joint_rd_grant"
    recipient = "projects"
    effects = (Effect("consortia", 0.6, 400.0, per="hundred firms"),)
    source = "ILO table 2; ILO §2.5; cost assumed"
    grade = "argued"


class TechnologyObservatory(Instrument):
    """Watches technologies and tells members early what is coming."""

    use: Literal["technology_observatory"] = "technology_observatory"
    effects = (Effect("observatory", 1.0, 120.0),)
    source = "ILO table 2; ILO table 5; cost assumed"
    grade = "assumed"


class SharedServicesCentre(Instrument):
    """Design, testing, CAD and training as a club good for members."""

    use: Literal["shared_services_centre"] = "shared_services_centre"
    effects = (Effect("services", 1.0, 250.0, per="hundred firms"),)
    source = "DINI; ILO table 2; cost assumed"
    grade = "argued"
