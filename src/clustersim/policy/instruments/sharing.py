"""Instruments by which firms of a place share risk, public goods, bargaining, prospects and work."""

from __future__ import annotations

from typing import Literal

from clustersim.policy.instruments.base import Effect, Instrument


class MutualGuarantee(Instrument):
    """Members guarantee each other's loans out of a pool of their own, as far as they trust; the state stands behind it."""

    use: Literal["mutual_guarantee"] = "mutual_guarantee"
    recipient = "guarantees"
    effects = (Effect("mutual", 0.5, 100.0, per="hundred firms"),)
    source = "ILO table 5 (mutualise risk among firms); size and cost assumed"
    grade = "assumed"


class EnablingPublicGoods(Instrument):
    """Norms, transport, security and profiles of competence that serve all firms of the place alike, and wear."""

    use: Literal["enabling_public_goods"] = "enabling_public_goods"
    effects = (Effect("public_goods", 1.0, 200.0, per="hundred firms"),)
    source = "ILO table 5; ILO §2.4 (food safety norms, competence profiles); DINI (transport, schools, security); cost assumed"
    grade = "argued"


class OrganisedSuppliers(Instrument):
    """Suppliers that bargain with a tractor firm as a group: better prices, less haggling, and a group to keep up."""

    use: Literal["organised_suppliers"] = "organised_suppliers"
    effects = (Effect("bargaining", 1.0, 60.0, per="hundred firms"),)
    source = "DINI (vertical networks of organised suppliers); cost assumed"
    grade = "argued"


class ProjectPreparation(Instrument):
    """Officers who turn ideas into files: outside funds approve a few, and some ideas become firms."""

    use: Literal["project_preparation"] = "project_preparation"
    effects = (Effect("preparation", 1.0, 60.0),)
    source = "RP (14 officers, more than 60 projects, 2 of 19 million USD approved; 15 firms of 299 ideas); cost assumed"
    grade = "reported"


class ActionTeams(Instrument):
    """Teams of firms that take up short, cost-saving projects off their core business, several side by side."""

    use: Literal["action_teams"] = "action_teams"
    effects = (Effect("teams", 5.0, 100.0),)
    source = "ILO annex 2 step 7 (at least five short projects); DINI (pilot projects); cost assumed"
    grade = "argued"


class TalentAttraction(Instrument):
    """Draws skilled people from outside, more of them where the place has a name."""

    use: Literal["talent_attraction"] = "talent_attraction"
    effects = (Effect("talent", 1.0, 100.0),)
    source = "ILO table 5 (attract talent); cost and effect assumed"
    grade = "assumed"
