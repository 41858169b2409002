"""What figures and reports call phases, indicators, instruments and replicates, in the language in force."""

from __future__ import annotations

import hashlib
import re

from clustersim.core.words import N_, _, _n
from clustersim.model.indicators import INDICATORS
from clustersim.policy.instruments.base import EVALUATION
from clustersim.views.catalogue import label

PHASE_NAMES = {
    "agglomeration": N_("Agglomeration"),
    "creation": N_("Creation"),
    "development": N_("Development"),
    "maturity": N_("Maturity"),
    "transformation": N_("Transformation"),
    "decline": N_("Decline"),
    "museum": N_("Museum"),
    "renaissance": N_("Renaissance"),
    "dissolved": N_("Dissolved"),
}
FIGURES = {
    "phase_strip": N_("Life-cycle phase"),
    "life_cycle": N_("Life-cycle curve"),
    "trust_and_ties": N_("Trust and ties"),
    "firms_and_jobs": N_("Firms and jobs"),
    "knowledge": N_("Knowledge and diversity"),
    "money_by_source": N_("Money by source"),
    "map_and_network": N_("Map and network by phase"),
}


LONGEST = 60  # signs of a name in files and pages, before the hash of what was left out


def identifier(name: str) -> str:
    """Return a name that may stand in markup and name a file: letters, digits, hyphens and underscores.

    What is changed ends in a hash of the whole, so that different names stay different.

    Examples
    --------
    >>> from clustersim.views.figures.names import identifier
    >>> identifier("time-lines")
    'time-lines'
    >>> identifier("a b"), identifier('a"b')
    ('a-b-c8687a08', 'a-b-39a01277')
    """
    bare = re.sub(r"[^\w-]+", "-", name)[:LONGEST]
    if bare == name != "":
        return name
    return f"{bare.strip('-')}-{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}".lstrip("-")


def figure_title(name: str) -> str:
    """Return the title of a figure of a run, by the name of its files."""
    return _(FIGURES[name])


def phase(name: str) -> str:
    """Return the name of a phase."""
    return _(PHASE_NAMES[name])


def indicator(name: str) -> str:
    """Return the name of an indicator."""
    return _(INDICATORS[name].label)


def instrument(name: str) -> str:
    """Return the name of an instrument, or of a programme's evaluation."""
    return _("Evaluation") if name == EVALUATION else label(name)


def replicates(count: int) -> str:
    """Return "20 replicates"."""
    return _n("{n} replicate", "{n} replicates", count)
