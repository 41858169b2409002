"""The criteria by which activities are chosen for support, each declared once."""

from __future__ import annotations

from dataclasses import dataclass

QUANTITATIVE, QUALITATIVE, RULE = "quantitative", "qualitative", "programme rule"
CHOICE = "ILO manual, criteria for choosing activities"


@dataclass(frozen=True)
class Criterion:
    """One criterion; more is always better.

    Attributes
    ----------
    kind : str
        "quantitative", "qualitative" or "programme rule".
    label, etiqueta : str
        Its name in English and Spanish.
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
    """

    kind: str
    label: str
    etiqueta: str
    measure: str
    unit: str
    register: str
    run: str
    source: str = CHOICE
    counts: bool = False


CRITERIA: dict[str, Criterion] = {
    "experience": Criterion(
        QUANTITATIVE, "Experience", "Experiencia", "years of activity in the region", "years",
        "start year - 10th percentile of the years in which firms were founded",
        "90th percentile of the age of firms at the end"),
    "exports": Criterion(
        QUANTITATIVE, "Exports", "Exportaciones", "revealed comparative advantage; export share", "ratio or share",
        "with the nation's exports: (exports / exports of all candidates) / (the same in the nation) (Balassa 1965); "
        "without: exports / sales of firms that give both", "exports / sales at the end"),
    "employment": Criterion(
        QUANTITATIVE, "Employment", "Empleo", "direct and indirect jobs", "persons",
        "sum of employees over firms that give them, plus indirect jobs where facts give them", "jobs at the end", counts=True),
    "domestic_value_added": Criterion(
        QUANTITATIVE, "Domestic value added", "Valor agregado nacional",
        "local share of value added in exports; backward and forward links", "share",
        "", "inputs bought in the cluster / all inputs at the end"),
    "economic_weight": Criterion(
        QUANTITATIVE, "Economic weight", "Peso económico", "share of output or of exports", "share",
        "sales / the nation's sales, or those of all candidates", "sales / sales of all clusters at the end"),
    "dynamism": Criterion(
        QUANTITATIVE, "Dynamism", "Dinamismo", "growth over about five years and growth of world demand", "1/year",
        "mean of the yearly growth of jobs since an earlier register and of world demand, as far as each is given",
        "yearly growth of jobs over the last five years"),
    "global_value_chain": Criterion(
        QUANTITATIVE, "Global value chain", "Cadena global de valor",
        "presence of multinational firms of medium or high technology", "share",
        "employees in foreign-owned firms / employees in firms whose owner is known, times the share of medium or high "
        "technology where facts give it", ""),
    "latent_potential": Criterion(
        QUANTITATIVE, "Latent potential", "Potencial latente", "world demand trend where experience is still small", "1/year",
        "growth of world demand * (1 - experience / largest experience)", ""),
    "tractor_firms_willing": Criterion(
        QUALITATIVE, "Willing tractor firms", "Empresas tractoras dispuestas", "tractor firms exist and want to take part",
        "firms",
        "tractor firms whose register says that they are willing", "tractor firms that are members at the end", counts=True),
    "coordination_experience": Criterion(
        QUALITATIVE, "Experience of coordination", "Experiencia de coordinación",
        "history of joint action with public bodies and training or research centres", "0 to 1 or projects/100 firms",
        "", "joint projects started in the run / 100 firms at the end"),
    "guild_experience": Criterion(
        QUALITATIVE, "Experience of guilds", "Experiencia gremial", "history of business associations", "0 to 1 or years",
        "", "years of the run in which an association existed"),
    "critical_mass": Criterion(
        RULE, "Critical mass", "Masa crítica", "number of firms", "firms",
        "firms", "firms at the end", "PE; DINI; UNIDO method", counts=True),
    "geographic_concentration": Criterion(
        RULE, "Geographic concentration", "Concentración geográfica", "firms per area; location quotient", "ratio or firms/km²",
        "with the nation's employment: location quotient = (jobs / jobs of all candidates) / (the same in the nation); without: "
        "firms / area of the circle that holds 95 % of them", "location quotient at the end", "PE; EC", counts=True),
    "value_chain_links": Criterion(
        RULE, "Links of the chain", "Eslabones de la cadena", "several links of the chain present", "segments",
        "segments of the activity map that have firms", "segments that have firms at the end", "PE; EC"),
    "non_local_demand": Criterion(
        RULE, "Non-local demand", "Demanda no local", "sells beyond the local market", "share",
        "firms that export / firms that say whether they do (a lower bound: sales elsewhere in the nation are not known)",
        "firms that export / firms at the end", "PE; EC"),
}  # fmt: skip
