"""What is particular to a scenario: the sentences that its page has beyond those of every page."""

from __future__ import annotations

import csv
import resource
from pathlib import Path

import numpy as np
from measures import Pair, band, effect, number, percent

from clustersim.model.state import PHASES
from clustersim.simulation.engine import processors
from clustersim.studies.validation.lab import Laboratory
from clustersim.studies.validation.patterns.anchors import BETTER, outcomes

HERE = Path(__file__).parent


def redesigned(pair: Pair) -> list[str]:
    """What the restart changes, against the same break left to itself."""
    programme = pair.scenario.programme
    first = pair.varied(programme=programme.model_copy(update={"stages": programme.stages[:1]}))
    low = [PHASES.index(name) for name in ("decline", "museum")]
    risen = PHASES.index("renaissance")
    run = pair.run
    again = (run.phases == risen).any(axis=2)
    before = round(4 * min(shock.year for shock in pair.scenario.environment.shocks)) - 1
    early = [percent(one.phases[:, :, before] == low[0]) for one in (run, pair.without)]
    jobs = [band(one["employment"][:, 0, before]) for one in (run, pair.without)]
    return [
        f"In the quarter before the break {early[0]} of the replicates are in decline, and {early[1]} without a programme, with "
        f"{jobs[0]} and {jobs[1]} jobs. A fall is called decline only where a place has reached development before.",
        *effect(pair, first, "the same break after the first programme, but without the restart"),
        f"In decline or a museum at the end: {percent(np.isin(run.phases[:, :, -1], low))} with the restart and "
        f"{percent(np.isin(first.phases[:, :, -1], low))} without; a renaissance at some time: {percent(again)} and "
        f"{percent((first.phases == risen).any(axis=2))}. Firms that cooperate: {band(run['linked_share'][:, 0, -1])} and "
        f"{band(first['linked_share'][:, 0, -1])} of all.",
    ]


def projects(pair: Pair) -> list[str]:
    """What Dini's types differ in: joint projects, trade inside the cluster, certificates, members, early on."""

    def both(indicator: str) -> str:
        """Return an indicator at the end of the fifth year, with and without the programme."""
        return f"{band(pair.run[indicator][:, 0, 19])}, without {band(pair.without[indicator][:, 0, 19])}"

    won = [percent(run["projects_succeeded"][:, 0, 4:24].any(axis=1)) for run in (pair.run, pair.without)]
    return [
        f"In the five years from the launch a joint project succeeds in {won[0]} of the replicates, and in {won[1]} without the "
        "programme.",
        f"At the end of the fifth year: sales to buyers in the cluster {both('supplier_sales')} kUSD a quarter; share of "
        f"certified firms {both('certified_share')}; members of the association {both('members')}.",
    ]


def basque_machine_tools(pair: Pair) -> list[str]:
    """What the facts of the Basque case speak of."""
    run = pair.run
    late = slice(-20, None)
    income = run["income_public"][:, 0, late].sum(axis=1), run["income_private"][:, 0, late].sum(axis=1)
    total = income[0] + income[1]
    public = band(income[0][total > 0] / total[total > 0])
    return [
        f"In the last five years the public share of the association's income is {public}; at the end the association has "
        f"{band(run['members'][:, 0, -1])} members, and exports are {band(run['export_share'][:, 0, -1])} of sales; "
        "[evidence.md](../evidence.md) sets these beside what was reported.",
    ]


# Facts of the Basque case (ILO §2.5; of associations worldwide, §2.1) that its page sets beside the run.
MONTHS, EURO, MATURE, SMALL = 3, 1.1, 40, 50  # of a quarter; USD of a euro, assumed; quarters from the launch; firms


def basque_country(pair: Pair) -> list[str]:
    """Twelve associations beside what was reported of them, and what each place had of the programme."""
    run, late = pair.run, slice(-20, None)
    begun, formal = run.started(), run["formal"] > 0
    there, quarters = formal[:, :, -1], np.arange(formal.shape[2])
    members = np.where(there, run["members"][:, :, -1], np.nan)
    public, private = (run[f"income_{kind}"][:, :, late].sum(axis=2) for kind in ("public", "private"))
    budget = np.where(there, (public + private) / 5, np.nan)
    share = np.where(there & (public + private > 0), public / np.maximum(public + private, 1e-9), np.nan)
    mature = begun[0] + MATURE <= quarters[late][0]

    def first(what: np.ndarray) -> np.ndarray:
        """Return the quarters from the launch to the first in which something holds, NaN where none does."""
        since = what & (quarters >= begun[:, :, None])
        return np.where(since.any(axis=2), since.argmax(axis=2) - begun, np.nan)

    founded = MONTHS * (first(formal) + 1)
    alone = MONTHS * first(formal & (run["staff"] >= 1) & (run["facilitators"] <= 0))
    before = np.arange(len(begun))[:, None], np.arange(begun.shape[1]), begun - 1  # the quarter before the launch
    stood, staffed = formal[before], run["staff"][before] >= 0.5
    closed = (formal[:, :, :-1] & ~formal[:, :, 1:]).sum(axis=2)
    small = np.array([cluster.tractors + cluster.smes < SMALL for cluster in pair.scenario.place.clusters])
    associations = np.isfinite(members)
    exports = run["exports"][:, :, -4:].sum(axis=(1, 2)) / run["sales"][:, :, -4:].sum(axis=(1, 2))
    gain = run["employment"] - pair.without["employment"]
    rows = [
        "| cluster | launched | association before its launch | association founded, months | runs by itself, months | members "
        "at the end | budget, thousand euro a year | public share | jobs more than without |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for c, name in enumerate(run.clusters):
        when = pair.scenario.horizon.start_year + begun[0, c] / 4
        new = founded[~stood[:, c], c]
        cells = (f"`{name}`", f"{when:g}", percent(stood[:, c]), known(new), known(alone[:, c]), known(members[:, c]),
                 known(budget[:, c] / EURO), known(share[:, c]), band(gain[:, c, -1]))  # fmt: skip
        rows.append(f"| {' | '.join(cells)} |")
    return [
        f"The smallest association at the end has {band(np.nanmin(members, axis=1))} members and the largest "
        f"{band(np.nanmax(members, axis=1))}, where 8 and 240 are reported. Of all, {percent(members[associations] < 20)} have "
        f"fewer than 20 and {percent(members[associations] >= 100)} have 100 or more (worldwide 24 % and 23 %).",
        f"In the last five years {percent(budget[associations] <= 500 * EURO)} have a budget of at most 500 thousand euro a year "
        f"and {percent(budget[associations] > 2000 * EURO)} one above 2 million, at {EURO:g} USD a euro (assumed); reported are "
        "53.8 % and 8 %.",
        f"In these years the public share of income is {known(share[:, mature])} in the {mature.sum()} clusters that were "
        "launched ten years or more before them, where about a third is reported of mature associations, and "
        f"{known(share[:, ~mature])} in the {(~mature).sum()} others.",
        f"Where no association stood before the launch one is founded within {known(founded[~stood])} months of it, to the end "
        f"of the quarter; the cluster runs by itself (a person of staff, no consultant at work) from month {known(alone)} on, "
        f"and from month 15 at the latest in {percent(alone <= 15)}, where about 12 months (9 to 15) are reported.",
        f"In {percent(stood)} of the cases an association that firms founded themselves stands before the launch, in "
        f"{percent(stood & staffed)} one with half a person of staff or more. In small places associations come and go: one "
        f"closes {number(closed[:, small].mean())} times in {pair.scenario.horizon.years:g} years on average where there are "
        f"fewer than {SMALL} firms at first, {number(closed[:, ~small].mean())} times elsewhere.",
        f"Exports are {band(exports)} of the sales of all twelve at the end, where 0.41 is reported of eleven.",
        "\n".join(rows),
    ]


def known(values: np.ndarray) -> str:
    """Return a band over the cases in which there is a value."""
    there = values[np.isfinite(values)]
    return band(there) if there.size else "none"


# What the model gives of the chains, by what the reports call it.
COMPARED = {"jobs": "jobs_created", "improved": "jobs_improved", "anchor": "anchor_sales_growth",
            "supplier": "supplier_sales_growth"}  # fmt: skip


def anchor_chains(pair: Pair) -> list[str]:
    """The nine chains beside what was reported of them."""
    found = outcomes(Laboratory(8 * pair.replicates, pair.scenario.seed), {})
    with (HERE / "reported.csv").open(encoding="utf-8") as stream:
        reported = {row["chain"]: row for row in csv.DictReader(stream)}
    rows = [
        "| chain | jobs created, reported | jobs more than without | jobs improved, reported | jobs improved | anchor's sales, "
        "reported | anchor's sales | suppliers' sales, reported | suppliers' sales |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    inside = known = 0
    for k, name in enumerate(pair.run.clusters):
        cells = [f"`{name}`"]
        for key, column in COMPARED.items():
            values = found[key][:, k]
            values = values[np.isfinite(values)]
            said = reported[name][column]
            if said and key != "improved":
                known += 1
                low, high = np.quantile(values, (0.1, 0.9))
                inside += bool(low <= float(said) <= high)
            cells += [said or "not known", band(values)]
        rows.append(f"| {' | '.join(cells)} |")
    spent = 1000 * found["spent"].sum(axis=1)
    jobs = found["jobs"].sum(axis=1)
    return [
        f"Two years after the projects began the nine chains together have {band(jobs)} jobs more than without, for "
        f"{number(np.median(spent))} USD of public and private money. The table sets each chain beside what was reported of it "
        f"after about one year; {inside} of the {known} reported values lie between the 10th and the 90th percentile of the run. "
        "Growth is a share of sales before the projects; where nothing was reported, the run is a prediction.",
        "Jobs improved, in the reports those with better income or conditions, are here the jobs of SMEs whose quality is more "
        f"than {100 * BETTER:g} % above the same firm's without the project. The numbers of suppliers were set with the reported "
        "jobs in view, so likeness in that column is no test of the model, and it is not counted above.",
        "\n".join(rows),
    ]


def national_strategy(pair: Pair) -> list[str]:
    """How many initiatives get past each gate, and which."""
    run, stages = pair.run, pair.scenario.programme.stages
    passed = [(run.started(k) >= 0) for k in range(len(stages))]
    names = [stage.name.replace("_", "-") for stage in stages]
    counts = ", ".join(f"{name} {band(there.sum(axis=1))}" for name, there in zip(names, passed, strict=True))
    share = passed[-1].mean(axis=0)
    order = np.argsort(-share, kind="stable")

    def named(places: np.ndarray) -> str:
        return ", ".join(f"{run.clusters[k].replace('_', ' ')} {100 * share[k]:.0f} %" for k in places)

    return [
        f"Of the {len(run.clusters)} initiatives these reach each stage: {counts}.",
        f"Consolidation is reached most often by {named(order[:3])}, least often by {named(order[-3:])}: what is assumed of "
        "trust and size decides it, so this says how the gates work and not who will pass them.",
    ]


def peru_pac(pair: Pair) -> list[str]:
    """How those served early and late fare, and how the drawn winners compare with the real ones."""
    run, other = pair.run, pair.without
    begun = run.started()
    calls = sorted(int(q) for q in np.unique(begun) if q >= 0)
    gain, after = run["employment"] - other["employment"], 20
    parts = []
    for quarter in calls:
        who = np.argwhere(begun == quarter)
        parts.append(band(np.array([gain[r, c, quarter + after] for r, c in who])))
    names = [pair.scenario.sources[f"place.clusters.{name}.name"].split(",")[0] for name in run.clusters]
    real = np.array([sorted(set(names)).index(text) for text in names])
    drawn = np.searchsorted(calls, begun)
    chance = sum(np.mean(real == k) ** 2 for k in range(len(calls)))
    return [
        "Five years after its own start, jobs of a cluster differ from those without the programme by "
        f"{', '.join(parts[:-1])} and {parts[-1]} where it won the first, second and third call.",
        f"The model draws the winners: {percent(drawn == real)} of the clusters win in the call in which they did win, where "
        f"pure chance gives {100 * chance:.0f} %.",
    ]


def southern_cone(pair: Pair) -> list[str]:
    """Who is served, where a rule chooses."""
    run = pair.run
    served = run.started() >= 0
    stems = [name.rpartition("_")[0] for name in run.clusters]
    kinds = [stem if stem in ("strong", "middling", "weak") else "named" for stem in stems]
    total = served.sum()
    parts = []
    for kind in ("strong", "middling", "weak", "named"):
        own = np.array([k == kind for k in kinds])
        called = "those named in the sources" if kind == "named" else kind
        parts.append(f"{called} {100 * served[:, own].sum() / total:.0f} % ({100 * own.mean():.0f} % of the candidates)")
    return [f"Of the clusters served, these shares fall to: {', '.join(parts)}."]


def technology_shock(pair: Pair) -> list[str]:
    """What the shock leaves of each cluster."""
    run, other = pair.run, pair.without
    before = round(4 * pair.scenario.environment.shocks[0].year) - 1
    parts = []
    for k, name in enumerate(run.clusters):
        left = [run_["employment"][:, k, -1] / np.maximum(run_["employment"][:, k, before], 1.0) for run_ in (run, other)]
        parts.append(f"`{name}` {band(100 * left[0])} % (without {band(100 * left[1])} %)")
    gap = [run_["regime_gap"][:, 0, before + 20] for run_ in (run, other)]
    branch = [100 * run_["branch_share"][:, 0, -1] for run_ in (run, other)]
    return [
        f"Of the jobs in the quarter before the turn these are there at the end: {'; '.join(parts)}.",
        f"Five years after the turn, firms of machinery stand {band(gap[0])} turns from what their market asks for (without "
        f"{band(gap[1])}); at the end {band(branch[0])} % of them have moved into a related activity ({band(branch[1])} %).",
    ]


def national(pair: Pair) -> list[str]:
    """How long it took and what memory it held at most, both runs of this page."""
    run = pair.run
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # kB on Linux
    firms = run["firms"][0, :, -1].sum()
    seconds, cores = run.result.provenance["seconds"], processors()
    return [
        f"The run of {pair.scenario.quarters} quarters, with {number(firms)} firms at the end, took {number(seconds)} seconds on "
        f"{cores} processors; the most memory that this page's two runs held was {gigabytes:.1f} GB.",
    ]


FINDINGS = {
    "redesigned": redesigned,
    "simple_network": projects,
    "complex_network": projects,
    "cluster_project": projects,
    "basque_country": basque_country,
    "basque_machine_tools": basque_machine_tools,
    "ecuador_anchor_chains": anchor_chains,
    "ecuador_national_strategy": national_strategy,
    "peru_pac": peru_pac,
    "idb_argentina": southern_cone,
    "idb_brazil": southern_cone,
    "idb_chile": southern_cone,
    "idb_uruguay": southern_cone,
    "technology_shock": technology_shock,
    "national_1m": national,
}
