"""The verdict of a comparison: two plain sentences, and what they rest on, in English or Spanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clustersim.studies.comparison.numbers import (
    HARD,
    chance_said,
    money,
    percent,
    signed_whole,
    simulations,
    to,
    whole,
    years,
)
from clustersim.studies.comparison.titles import title

if TYPE_CHECKING:
    from clustersim.studies.comparison.comparison import Comparison

TEXTS = {
    "more": (
        "{jobs} more jobs than {base} after {years} ({relative}): that is what {best}{lead} brings on average (90{h}% interval "
        "{interval}){cost}.",
        "{jobs} empleos más que {base} al cabo de {years} ({relative}): eso aporta {best}{lead} en promedio (intervalo del "
        "90{h}%: {interval}){cost}.",
    ),
    "fewer": (
        "{jobs} fewer jobs than {base} after {years} ({relative}): that is what {best}{lead} costs on average (90{h}% interval "
        "{interval}){cost}.",
        "{jobs} empleos menos que {base} al cabo de {years} ({relative}): eso cuesta {best}{lead} en promedio (intervalo del "
        "90{h}%: {interval}){cost}.",
    ),
    "unsure": (
        "No sure difference in jobs between {best}{lead} and {base} after {years}: {jobs} on average, with a 90{h}% interval "
        "({interval}) that includes zero{cost}.",
        "Sin diferencia segura en el empleo entre {best}{lead} y {base} al cabo de {years}: {jobs} en promedio, con un "
        "intervalo del 90{h}% ({interval}) que incluye el cero{cost}.",
    ),
    "one": (
        "No answer from a single simulation of each: after {years} {best} and {base} differ by {jobs} jobs, which may be "
        "chance{cost}.",
        "Sin respuesta con una sola simulación de cada opción: al cabo de {years} {best} y {base} difieren en {jobs} empleos, "
        "lo que puede ser azar{cost}.",
    ),
    "same": (
        "0 jobs of difference: {best}{lead} ends with exactly the jobs of {base} in all {n} simulations{cost}.",
        "0 empleos de diferencia: {best}{lead} termina exactamente con el empleo de {base} en las {n} simulaciones{cost}.",
    ),
    "lead": (", the best of the {n} alternatives,", ", la mejor de las {n} alternativas,"),
    "cost": (", for {amount} of public money", ", con {amount} de dinero público"),
    "per": (", about {n} jobs per million USD", ", es decir, unos {n} empleos por millón de USD"),
    "saves": (", and with {amount} less of public money", ", y con {amount} menos de dinero público"),
    "chance": (
        "The chance that it ends with more jobs is {chance}, from {runs}; in the worst tenth of {cases} it ends with {worst} "
        "than {base} on average.",
        "La probabilidad de que termine con más empleo es {chance}, según {runs}; en el peor 10{h}% de {cases} termina en "
        "promedio con {worst} que {base}.",
    ),
    "nothing": (
        "For every outcome measured it makes no difference which of the two is chosen.",
        "En ninguno de los resultados medidos importa cuál de las dos se elija.",
    ),
    "only_jobs": ("Other outcomes differ; see the tables.", "Otros resultados sí difieren; véanse las tablas."),
    "single": (
        "How likely that is to hold cannot be said from one simulation; ask for more with --replicates.",
        "Con una simulación no se puede decir cuán probable es; pida más con --replicates.",
    ),
    "replicates": ("them", "ellas"),
    "worlds": ("{n} uncertain worlds", "los {n} mundos inciertos"),
    "plus": ("{n} more jobs", "{n} empleos más"),
    "minus": ("{n} fewer jobs", "{n} empleos menos"),
    "displaced": (
        "Up to {lost} of these jobs may be lost by other firms of the country, which sell less at home; at least {net} are "
        "left (an upper bound of displacement; see “Who gains”).",
        "Hasta {lost} de estos empleos pueden perderse en otras empresas del país, que venden menos en el mercado interno; "
        "quedan al menos {net} (cota superior del desplazamiento; véase «Quién gana»).",
    ),
    "displaced_all": (
        "As many jobs may be lost by other firms of the country, which sell less at home: up to {lost} (an upper bound of "
        "displacement; see “Who gains”).",
        "Otras empresas del país, que venden menos en el mercado interno, pueden perder otros tantos empleos: hasta {lost} "
        "(cota superior del desplazamiento; véase «Quién gana»).",
    ),
    "rests_paired": (
        "Rests on {runs} of each option that share their random draws (replicates; seed {seed}, {years}, money discounted at "
        "{rate} a year)",
        "Se basa en {runs} de cada opción que comparten sus sorteos aleatorios (réplicas; semilla {seed}, {years}, dinero "
        "descontado al {rate} anual)",
    ),
    "rests_unpaired": (
        "Rests on {runs} of each option (replicates; seed {seed} and those that follow, {years}, money discounted at {rate} a "
        "year)",
        "Se basa en {runs} de cada opción (réplicas; semilla {seed} y siguientes, {years}, dinero descontado al {rate} anual)",
    ),
    "mixed": (
        "The options begin with different places, so their simulations are not paired, and differences mix the programme with "
        "the place.",
        "Las opciones parten de lugares distintos, por lo que sus simulaciones no son pareadas, y las diferencias mezclan el "
        "programa con el lugar.",
    ),
    "rests_worlds": (
        ", and on {worlds} worlds with other parameters, {each} simulations in each",
        ", y en {worlds} mundos con otros parámetros, {each} simulaciones en cada uno",
    ),
    "rests_one_world": (", all with one set of parameters", ", todas con un mismo juego de parámetros"),
    "few": (
        "With fewer than {least} simulations the intervals themselves are rough.",
        "Con menos de {least} simulaciones los propios intervalos son imprecisos.",
    ),
    "bands": (
        "Intervals and bands show chance between simulations, not uncertainty about the model itself.",
        "Los intervalos y las bandas muestran el azar entre simulaciones, no la incertidumbre sobre el propio modelo.",
    ),
}
LEAST = 30  # replicates from which bootstrap intervals are worth their name


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two sentences and what they rest on.

    Attributes
    ----------
    sentences : tuple of str
        The answer, and how sure it is.
    rests_on : str
        Runs behind it, and what intervals do and do not show.
    best : str
        Name of the option that the sentences are about.
    """

    sentences: tuple[str, str]
    rests_on: str
    best: str


def best_of(comparison: Comparison) -> str:
    """Return the intervention with the largest mean difference in jobs."""
    found = comparison.answers["differences"]
    return max(comparison.interventions, key=lambda name: found[name]["jobs"]["estimate"])


def alternatives(comparison: Comparison) -> list[str]:
    """Return the interventions that differ in anything at all from the baseline and from those named before them."""
    same = {frozenset(pair) for pair in comparison.answers["same"]}
    found: list[str] = []
    for name in comparison.interventions:
        if not any(frozenset((name, other)) in same for other in (comparison.baseline, *found)):
            found.append(name)
    return found


def signed_jobs(value: float, lang: str) -> str:
    """Return a number of jobs with its sign and its word."""
    one = abs(value) == 1.0
    word = ("job" if one else "jobs") if lang == "en" else ("empleo" if one else "empleos")
    return f"{signed_whole(value, lang)} {word}"


def quoted(comparison: Comparison, name: str, lang: str) -> str:
    """Return an option's title in the language's quotation marks."""
    text = title(comparison, name, lang)
    return f"“{text}”" if lang == "en" else f"«{text}»"


def verdict(comparison: Comparison, lang: str = "en") -> Verdict:
    """Return the verdict of a comparison.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    lang : str
        "en" or "es".
    """
    best = best_of(comparison)
    found = comparison.answers
    gain, chances = found["differences"][best]["jobs"], found["chances"][best][comparison.baseline]

    def say(key: str, **values: object) -> str:
        return TEXTS[key][lang == "es"].format(h=HARD, **values)

    base = quoted(comparison, comparison.baseline, lang)
    same = chances["ties"] == chances["of"]
    several = len(alternatives(comparison))
    kind = "one" if comparison.replicates == 1 else "same" if same else {1: "more", -1: "fewer", 0: "unsure"}[gain["sign"]]
    before = found["options"][comparison.baseline]["jobs"]["mean"]
    size = gain["estimate"] / before if before else 0.0
    first = say(
        kind,
        lead=say("lead", n=several) if several > 1 else "",
        best=quoted(comparison, best, lang),
        base=base,
        jobs=signed_jobs(gain["estimate"], lang) if kind == "unsure" else whole(abs(gain["estimate"]), lang),
        years=years(comparison.quarters, lang),
        interval=to(signed_whole(gain["low"], lang), signed_whole(gain["high"], lang), lang),
        relative=("+" if size > 0 else "") + percent(size, lang).replace("-", "−"),
        n=comparison.replicates,
        cost=_cost(found["money"][best], kind, lang, say),
    )
    return Verdict((first, _sureness(comparison, best, kind, lang, say)), rests_on(comparison, lang), best)


def _cost(paid: dict[str, Any], kind: str, lang: str, say: Any) -> str:
    amount, rate = paid["public_cost"]["estimate"], paid["jobs_per_million"]
    if abs(amount) < 1e-9:
        return ""
    if amount < 0.0:
        return str(say("saves", amount=money(-amount, lang)))
    text = say("cost", amount=money(amount, lang))
    if kind == "more" and rate is not None:
        text += say("per", n=whole(rate["estimate"], lang))
    return str(text)


def _sureness(comparison: Comparison, best: str, kind: str, lang: str, say: Any) -> str:
    if kind == "same":
        identical = {best, comparison.baseline}
        return str(say("nothing" if any(set(pair) == identical for pair in comparison.answers["same"]) else "only_jobs"))
    if kind == "one":
        return str(say("single"))
    found = comparison.answers
    chances, risk = found["chances"][best][comparison.baseline], found["risk"]
    worst = risk["options"][best]["worst_tenth_difference"]
    cases = say("replicates") if risk["cases"] == "replicates" else say("worlds", n=risk["count"])
    share = chance_said(chances["wins"], chances["of"], lang)
    fewer = say("minus" if worst < 0.0 else "plus", n=whole(abs(worst), lang))
    runs = simulations(chances["of"], lang, "paired" if comparison.paired else "unpaired")
    base = quoted(comparison, comparison.baseline, lang)
    return str(say("chance", chance=share, runs=runs, cases=cases, worst=fewer, base=base))


def displacement_note(comparison: Comparison, option: str, lang: str) -> str | None:
    """Return how many of an option's jobs may come at the expense of the rest of the country; None where there are none."""
    found = comparison.answers["displacement"]
    if found is None or comparison.answers["differences"][option]["jobs"]["sign"] <= 0:
        return None
    lost, net = found[option]["displaced_at_most"]["estimate"], found[option]["net_at_least"]["estimate"]
    if lost <= 0.0:
        return None
    text = TEXTS["displaced_all" if net <= 0.0 else "displaced"][lang == "es"]
    return text.format(lost=whole(lost, lang), net=whole(net, lang))


def rests_on(comparison: Comparison, lang: str) -> str:
    """Return what the verdict rests on, and what intervals show."""

    def say(key: str, **values: object) -> str:
        return TEXTS[key][lang == "es"].format(**values)

    text = say(
        "rests_paired" if comparison.paired else "rests_unpaired", seed=comparison.seed,
        runs=simulations(comparison.replicates, lang, "" if comparison.paired else "unpaired"),
        years=years(comparison.quarters, lang),
        rate=percent(comparison.discount, lang),
    )  # fmt: skip
    if comparison.world_count:
        text += say("rests_worlds", worlds=comparison.world_count, each=comparison.replicates_each)
    else:
        text += say("rests_one_world")
    few = f" {say('few', least=LEAST)}" if 1 < comparison.replicates < LEAST else ""
    mixed = "" if comparison.paired else f" {say('mixed')}"
    return f"{text}.{mixed}{few} {say('bands')}"
