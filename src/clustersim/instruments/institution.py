"""Instruments that build the cluster's institution and its joint projects."""

from __future__ import annotations

from typing import Literal

from clustersim.instruments.base import Effect, Instrument


class AssociationFounding(Instrument):
    """Prepares statutes and a first assembly, so that an association is founded by design."""

    use: Literal["association_founding"] = "association_founding"
    etiqueta = "Fundación de la asociación"
    effects = (Effect("founding", 1.0, 40.0),)
    source = "PE component I (legal incorporation of the managing group); cost assumed"


class AssociationGrant(Instrument):
    """Operating money for the cluster organisation; nothing is paid while there is none."""

    use: Literal["association_grant"] = "association_grant"
    etiqueta = "Subvención a la asociación"
    recipient = "association"
    source = "ILO §2.5; PE component I; ILO §2.2"


class ProjectCofinance(Instrument):
    """A fund that pays a part of the cost of joint projects."""

    use: Literal["project_cofinance"] = "project_cofinance"
    etiqueta = "Cofinanciación de proyectos conjuntos"
    recipient = "projects"
    effects = (Effect("cofinance", 0.5, 120.0, per_hundred_firms=True),)
    source = "ILO §1.8 (second phase: pay for common projects); ILO §2.2; amount assumed"
