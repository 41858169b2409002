"""The criteria by which activities are chosen for support, each declared once.

Fifteen can be measured, in a register or in a run, and weigh the same unless said otherwise. `MORE` are judgements that only a
table of facts can give, and weigh nothing unless they are given a weight; a user's own are made by `own_criteria`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.columns import plain

QUANTITATIVE, QUALITATIVE, RULE, OWN = "quantitative", "qualitative", "programme rule", "own"
CHOICE = "ILO manual, criteria for choosing activities"


@dataclass(frozen=True)
class Criterion:
    """One criterion; more is better, unless `less`.

    Attributes
    ----------
    kind : str
        "quantitative", "qualitative" or "programme rule".
    label : str
        Its name.
    measure : str
        What it is meant to measure.
    unit : str
        Unit of its values.
    register, run : str
        The formula with which it is computed from a register of firms, and from a finished run; empty where it cannot be.
    source : str
        Where the criterion comes from.
    counts : bool
        Whether values are amounts that spread over orders of magnitude: they are compared by their logarithm, log(1 + value).
    less : bool
        Whether less is better.
    needs : str
        Where it has no formula: what must be given for it.
    weight : float
        Its weight unless one is given.
    """

    kind: str
    label: str
    measure: str
    unit: str
    register: str
    run: str
    source: str = CHOICE
    counts: bool = False
    less: bool = False
    needs: str = ""
    weight: float = 1.0


CRITERIA: dict[str, Criterion] = {
    "experience": Criterion(
        QUANTITATIVE, N_("Experience"), "years of activity in the region", "years",
        N_("start year - 10th percentile of the years in which firms were founded"),
        N_("90th percentile of the age of firms at the end")),
    "exports": Criterion(
        QUANTITATIVE, N_("Exports"), "revealed comparative advantage; export share", "ratio or share",
        N_("with the nation's exports: (exports / exports of all candidates) / (the same in the nation) (Balassa 1965); "
        "without: exports / sales of firms that give both"), N_("exports / sales at the end")),
    "employment": Criterion(
        QUANTITATIVE, N_("Employment"), "direct and indirect jobs", "persons",
        N_("sum of employees over firms that give them, plus indirect jobs where facts give them"),
        N_("jobs at the end"), counts=True),
    "domestic_value_added": Criterion(
        QUANTITATIVE, N_("Domestic value added"),
        "local share of value added in exports; backward and forward links", "share",
        "", N_("inputs bought in the cluster / all inputs at the end")),
    "economic_weight": Criterion(
        QUANTITATIVE, N_("Economic weight"), "share of output or of exports", "share",
        N_("sales / the nation's sales, or those of all candidates"), N_("sales / sales of all clusters at the end")),
    "dynamism": Criterion(
        QUANTITATIVE, N_("Dynamism"), "growth over about five years and growth of world demand", "1/year",
        N_("mean of the yearly growth of jobs since an earlier register and of world demand, as far as each is given"),
        N_("yearly growth of jobs over the last five years")),
    "global_value_chain": Criterion(
        QUANTITATIVE, N_("Global value chain"),
        "presence of multinational firms of medium or high technology", "share",
        N_("employees in foreign-owned firms / employees in firms whose owner is known, times the share of medium or high "
        "technology where facts give it"), ""),
    "latent_potential": Criterion(
        QUANTITATIVE, N_("Latent potential"), "world demand trend where experience is still small", "1/year",
        N_("growth of world demand * (1 - experience / largest experience)"), ""),
    "tractor_firms_willing": Criterion(
        QUALITATIVE, N_("Willing tractor firms"), "tractor firms exist and want to take part",
        "firms",
        N_("tractor firms whose register says that they are willing"),
        N_("tractor firms that are members at the end"), counts=True),
    "coordination_experience": Criterion(
        QUALITATIVE, N_("Experience of coordination"),
        "history of joint action with public bodies and training or research centres", "0 to 1 or projects/100 firms",
        "", N_("joint projects started in the run / 100 firms at the end")),
    "guild_experience": Criterion(
        QUALITATIVE, N_("Experience of guilds"), "history of business associations", "0 to 1 or years",
        "", N_("years of the run in which an association existed")),
    "critical_mass": Criterion(
        RULE, N_("Critical mass"), "number of firms", "firms",
        N_("firms"), N_("firms at the end"), "PE; DINI; UNIDO method", counts=True),
    "geographic_concentration": Criterion(
        RULE, N_("Geographic concentration"), "firms per area; location quotient", "ratio or firms/km²",
        N_("with the nation's employment: location quotient = (jobs / jobs of all candidates) / (the same in the nation); "
        "without: firms / area of the circle that holds 95 % of them"),
        N_("location quotient at the end"), "PE; EC", counts=True),
    "value_chain_links": Criterion(
        RULE, N_("Links of the chain"), "several links of the chain present", "segments",
        N_("segments of the activity map that have firms"), N_("segments that have firms at the end"), "PE; EC"),
    "non_local_demand": Criterion(
        RULE, N_("Non-local demand"), "sells beyond the local market", "share",
        N_("firms that export / firms that say whether they do (a lower bound: sales elsewhere in the nation are not known)"),
        N_("firms that export / firms at the end"), "PE; EC"),
}  # fmt: skip

MORE: dict[str, Criterion] = {
    "environment": Criterion(
        QUALITATIVE, N_("Environment"), "how little it burdens the environment", "0 to 1", "", "",
        "UNIDO method (environmental risk); EC (sustainability)", needs=N_("--facts with a column environment"), weight=0.0),
    "replicability": Criterion(
        QUALITATIVE, N_("Replicability"), "how well what is learnt can be used in other places", "0 to 1", "", "",
        "UNIDO method", needs=N_("--facts with a column replicability"), weight=0.0),
    "visibility": Criterion(
        QUALITATIVE, N_("Visibility"), "how well its results can be shown", "0 to 1", "", "",
        "DINI", needs=N_("--facts with a column visibility"), weight=0.0),
    "cofinance": Criterion(
        RULE, N_("Co-finance"), "part of the cost that its firms offer to pay", "share", "", "",
        "DINI; PE", needs=N_("--facts with a column cofinance"), weight=0.0),
    "same_business": Criterion(
        RULE, N_("Same business"), "firms of one business with some specialisation: channels, customers and threats in common",
        "0 to 1", "", "", "PE", needs=N_("--facts with a column same_business"), weight=0.0),
}  # fmt: skip
ALL = CRITERIA | MORE
BETTER = ("more", "less")


def own_criteria(settings: Iterable[str]) -> dict[str, Criterion]:
    """Return a user's own criteria, columns of the table of facts: ``NAME``, or ``NAME=less`` where less is better.

    Raises
    ------
    InputError
        If a name is empty, stands twice or belongs to a criterion that there is, or what stands behind it is neither.

    Examples
    --------
    >>> own_criteria(["Jobs of women", "water=less"])["water"].less
    True
    """
    found: dict[str, Criterion] = {}
    for text in settings:
        label, _equals, better = (part.strip() for part in text.partition("="))
        name = plain(label)
        if not name or name in found or (better or "more") not in BETTER:
            message = _("must be the name of a column of --facts, each once, with =less behind it where less is better.")
            raise InputError("--criterion", clip(text), message)
        if name in ALL:
            message = _("is a criterion already; its weight is set with --set {name}=WEIGHT.", name=name)
            raise InputError("--criterion", clip(label), message)
        found[name] = Criterion(OWN, clip(label, 30), clip(label), "as given", "", "", "own", less=better == "less")
    return found
