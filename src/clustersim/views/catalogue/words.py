"""What the codes of the catalogue of instruments mean; names of channels, mechanisms and keys stay what they are."""

from __future__ import annotations

from clustersim.core.words import N_, _c

FAMILIES = {
    "networking": N_("Involving actors and linking them"),
    "institution": N_("The institution and joint projects"),
    "sharing": N_("Risk, goods and prospects in common"),
    "firms": N_("Firms, finance, knowledge and markets"),
    "place": N_("Skills, infrastructure, rules and public demand"),
    "government": N_("Public bodies and how they work"),
    "plugin": N_("Your own"),
}
PER = {
    "cluster": N_("cluster"),
    "hundred firms": N_("hundred firms reached, as counted at the start"),
    "thousand jobs": N_("thousand jobs of the firms reached, as counted at the start"),
}
UNIT = {"1": "", "share": N_("(share)"), "persons": N_("persons"), "persons/quarter": N_("persons a quarter"),
        "teams": N_("teams")}
REACHES = {
    "firms": N_("single firms, chosen by classes and segments"),
    "cluster": N_("the cluster as a whole"),
    "both": N_("single firms, chosen by classes and segments, and in part the whole cluster"),
    "money": N_("whoever is paid"),
}
RECIPIENT = {
    "nation": N_("suppliers anywhere in the nation"),
    "facilitator": N_("the facilitator"),
    "association": N_("the association; nothing while there is none"),
    "university": N_("the university"),
    "projects": N_("a fund for joint projects"),
    "guarantees": N_("a guarantee fund"),
    "ventures": N_("a venture fund"),
}
PAYER = {
    "association": N_("the association, the part that cofinance says"),
    "firms": N_("the firms that it reaches, the part that cofinance says"),
}


def grade(name: str) -> str:
    """Return the name of a grade of evidence, in the gender that Spanish gives to evidence."""
    return {
        "measured": _c("grade", "measured"), "reported": _c("grade", "reported"), "argued": _c("grade", "argued"),
        "assumed": _c("grade", "assumed"),
    }[name]  # fmt: skip
