"""What is particular to a scenario: the sentences that its page has beyond those of every page."""

from __future__ import annotations

import csv
import resource
from pathlib import Path

import numpy as np
from measures import Pair, Run, band, effect, number, percent
from scipy import stats

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


def basque_country(pair: Pair) -> list[str]:
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


WITHHELD = "withheld for testing"  # outcomes that are known, but not to those who build the model
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
            if said not in ("", WITHHELD) and key != "improved":
                known += 1
                low, high = np.quantile(values, (0.1, 0.9))
                inside += bool(low <= float(said) <= high)
            cells += [said or "not reported", band(values)]
        rows.append(f"| {' | '.join(cells)} |")
    withheld = [name for name, row in reported.items() if row["jobs_created"] == WITHHELD]
    spent = 1000 * found["spent"].sum(axis=1)
    jobs = found["jobs"].sum(axis=1)
    return [
        f"Two years after the projects began the nine chains together have {band(jobs)} jobs more than without, for "
        f"{number(np.median(spent))} USD of public and private money. The table sets each chain beside what was reported of it "
        f"after about one year; {inside} of the {known} reported values lie between the 10th and the 90th percentile of the run. "
        f"Growth is a share of sales before the projects. Outcomes of {', '.join(withheld).replace('_', ' ')} are withheld for "
        "testing: what the run gives for them was written down without them. Where nothing was reported of a chain, nothing can "
        "be compared.",
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
        _associations(pair, (5, 10, 15)),
        f"The multilateral bank pays {band(100 * _foreign(run))} % of all public money.",
    ]


def _foreign(run: Run) -> np.ndarray:
    """Return the share of public money that came from abroad, of each replicate."""
    return run["foreign_spending"].sum(axis=(1, 2)) / run["public_spending"].sum(axis=(1, 2))


def _associations(pair: Pair, years: tuple[int, ...]) -> str:
    """How many people associations have as the money recedes, and who pays them."""
    run, start = pair.run, pair.scenario.horizon.start_year
    formal, income = run["formal"] > 0, run["income_public"] + run["income_private"]
    parts = []
    for year in years:
        last = slice(4 * year - 4, 4 * year)
        there = formal[:, :, 4 * year - 1]
        paid = income[:, :, last].sum(axis=2)
        share = run["income_public"][:, :, last].sum(axis=2)[there & (paid > 0)].sum() / paid[there].sum()
        people = run["staff"][:, :, 4 * year - 1][there]
        parts.append(f"at the end of {start + year - 1} there is one in {percent(there)} of the places, with {band(people)} "
                     f"people on its staff and {100 * share:.0f} % of its income from public money")  # fmt: skip
    return f"Associations over all places and replicates: {'; '.join(parts)}."


def red_productiva(pair: Pair) -> list[str]:
    """What each component does alone, what all do, and what the crisis takes; mean effects with 95 % intervals."""
    programme, run = pair.scenario.programme, pair.run
    names = [stage.name for stage in programme.stages]
    calm = pair.scenario.environment.model_copy(update={"shocks": ()})

    def only(name: str, **change: object) -> Run:
        stages = (s if s.name == name else s.model_copy(update={"instruments": ()}) for s in programme.stages)
        return pair.varied(programme=programme.model_copy(update={"stages": tuple(stages)}), **change)

    def mean(values: np.ndarray) -> str:
        reach = stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
        return f"{number(values.mean())} [{number(values.mean() - reach)}, {number(values.mean() + reach)}]"

    alone = {name: only(name) for name in names}
    first = pair.scenario.horizon.start_year
    looks = {f"end of {year}": 4 * (year - first) + 3 for year in (2010, 2013)}
    rows = [f"| component | {' | '.join(f'jobs, {when}' for when in looks)} | public money, kUSD |", "| --- | --- | --- | --- |"]
    gains = {name: {when: one.jobs[:, q] - pair.without.jobs[:, q] for when, q in looks.items()}
             for name, one in {**alone, "all four": run}.items()}  # fmt: skip
    for name, gain in gains.items():
        spent = (run if name == "all four" else alone[name])["public_spending"].sum(axis=(1, 2)).mean()
        label = f"{name} alone" if name in alone else name
        rows.append(f"| {label} | {' | '.join(mean(values) for values in gain.values())} | {number(spent)} |")
    more = {when: gains["all four"][when] - sum(gains[name][when] for name in names) for when in looks}
    rows.append(f"| all four, less the sum of each alone | {' | '.join(mean(values) for values in more.values())} | |")
    told = pair.scenario.parameters
    quiet = {"parameters": {**told, "association": {**told.get("association", {}), "politicisation": 0.0}}}
    idle = pair.varied(programme=None, **quiet).jobs
    parts = [pair.varied(**quiet).jobs - idle, *(idle - only(name, **quiet).jobs for name in names)]
    rows.append(f"| the same where public money spoils no vision | "
                f"{' | '.join(mean(sum(part[:, q] for part in parts)) for q in looks.values())} | |")  # fmt: skip
    trough = 4 * (2009 - first) + 3
    spared, alike = pair.varied(environment=calm), pair.varied(environment=calm, programme=None)
    lost = [a.jobs[:, trough] - b.jobs[:, trough] for a, b in ((pair.without, alike), (run, spared))]
    last = looks["end of 2010"]
    late = spared.jobs[:, last] - alike.jobs[:, last]
    early = np.isin(run.clusters, programme.stages[names.index("dialogue")].instruments[0].clusters)

    def held(places: np.ndarray, look: int) -> str:
        return band(run["capability"][:, places, list(looks.values())[look]])

    end = int(np.flatnonzero(run["public_spending"].any(axis=(0, 1)))[-1])
    applied, approved = (band(run[key][:, :, -1].sum(axis=1) / 1000) for key in ("applied", "approved"))
    return [
        "The table has what each component changes when it is alone, under the same draws as the places without a programme: "
        f"means of {pair.replicates} replicates, 95 % interval in square brackets. The line below all four is the synergy that "
        f"the programme's report speaks of: {mean(more['end of 2010'])} jobs at the end of 2010, {mean(more['end of 2013'])} "
        "three years later. But in the model public money of any kind, from a government that sets priorities, spoils a part of "
        "the shared vision (`association.politicisation`), however little it is: each component alone pays that price, and all "
        "four together pay it once. The last line has the same sum without such a price: what the components do for each other.",
        f"The crisis takes {mean(-lost[0])} jobs at the end of 2009 where there is no programme, and {mean(-lost[1])} where "
        f"there is. Without it the programme would have brought {mean(late)} jobs at the end of 2010, with it "
        f"{mean(gains['all four']['end of 2010'])}.",
        f"Methods that institutions hold (0 to 1): where there is an agency since 2007, {held(early, 0)} at the end of 2010 and "
        f"{held(early, 1)} three years later, with nothing paid in between; where there is one since 2010, {held(~early, 0)} and "
        f"{held(~early, 1)}.",
        f"Project officers apply for {applied} million USD at outside funds and get {approved}; reported were 19 applied for in "
        f"less than a year, and 2 approved. The donor pays {100 * _foreign(run).mean():.0f} % of all public money, the last of "
        f"it in quarter {end % 4 + 1} of {first + end // 4}.",
        "\n".join(rows),
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
    "ecuador_anchor_chains": anchor_chains,
    "ecuador_national_strategy": national_strategy,
    "ecuador_red_productiva": red_productiva,
    "peru_pac": peru_pac,
    "idb_argentina": southern_cone,
    "idb_brazil": southern_cone,
    "idb_chile": southern_cone,
    "idb_uruguay": southern_cone,
    "technology_shock": technology_shock,
    "national_1m": national,
}
