"""What is particular to a scenario: the sentences that its page has beyond those of every page."""

from __future__ import annotations

import csv
import resource
from pathlib import Path

import numpy as np
from measures import Pair, Run, band, effect, number, percent
from scipy import stats

from clustersim.model.state import PHASES
from clustersim.simulation.announcing import merits
from clustersim.simulation.engine import processors
from clustersim.studies.validation.lab import Laboratory
from clustersim.studies.validation.patterns.anchors import BETTER, outcomes

HERE = Path(__file__).parent
SHORT_PROJECTS = 5  # ILO annex 2 step 7


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


def groups(pair: Pair) -> list[str]:
    """What it changes that instruments for firms are for those of groups alone."""
    programme = pair.scenario.programme
    (stage,) = programme.stages
    open_to_all = tuple(one.model_copy(update={"target": "everyone"}) for one in stage.instruments)
    everyone = pair.varied(
        programme=programme.model_copy(update={"stages": (stage.model_copy(update={"instruments": open_to_all}),)})
    )
    begun = pair.run.started()[:, 0].max()
    busy = pair.run["projects_running"][:, 0, begun : begun + stage.quarters] > 0

    def more(indicator: str, scale: float = 1.0) -> list[str]:
        """Return the differences to no programme at the end of the fifth year: for groups alone, and for all firms."""
        without = pair.without[indicator][:, 0, 19]
        return [band(scale * (run[indicator][:, 0, 19] - without)) for run in (pair.run, everyone)]

    jobs, certified = more("employment"), more("certified_share", 100.0)
    spent = [band(run["public_spending"][:, 0].sum(axis=1)) for run in (pair.run, everyone)]
    return [
        *projects(pair),
        f"If the instruments for firms reached all of them and not those of groups alone, jobs at the end of the fifth year "
        f"would be {jobs[1]} more than without the programme instead of {jobs[0]}, and certified firms {certified[1]} percentage "
        f"points instead of {certified[0]}, for {spent[1]} kUSD of public money instead of {spent[0]}. A joint project runs in "
        f"{percent(busy)} of the quarters of the stage, in {percent(~busy.any(axis=1))} of the replicates in none; what is for "
        "groups is paid in these quarters and the year after, and not at all before the first.",
    ]


def pipso_twelve_steps(pair: Pair) -> list[str]:
    """Whether five short projects run, as step 7 of the source asks."""
    stages = [stage.name for stage in pair.scenario.programme.stages]
    begun = pair.run.started(stages.index("action_agenda"))[:, 0]
    running = pair.run["projects_running"][:, 0]
    most = np.array([running[r, q : q + 4].max() for r, q in enumerate(begun) if q >= 0])
    return [
        "The source asks for at least five short projects at once. In the year in which the action teams begin, "
        f"{band(most)} run in its busiest quarter, and five or more in {percent(most >= SHORT_PROJECTS)} of the replicates.",
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


MEANS = "What a rule changes is the mean over replicates under the same draws, with its 95 % interval in brackets."


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Return the mean and the ends of its 95 % interval."""
    wide = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values))
    return float(np.mean(values)), float(np.mean(values) - wide), float(np.mean(values) + wide)


def average(values: np.ndarray) -> str:
    """Return the mean, and its 95 % interval in brackets."""
    mean, low, high = interval(values)
    return f"{number(mean)} ({number(low)} to {number(high)})"


def differs(pair: Pair, other: Run, what: str) -> str:
    """Say what a rule changes: the run against another under the same draws."""
    gain = pair.run.jobs[:, -1] - other.jobs[:, -1]
    spent = (pair.run["public_spending"] - other["public_spending"]).sum(axis=(1, 2))
    _mean, low, high = interval(gain)
    sure = "" if low > 0 or high < 0 else ", which is no sure difference"
    money = number(spent.mean())
    return f"{what}: jobs at the end differ by {average(gain)} on average{sure}; public money differs by {money} kUSD."


def programme_with(pair: Pair, **change: object) -> Run:
    """Run the same places under the programme with something changed."""
    return pair.varied(programme=pair.scenario.programme.model_copy(update=change))


def peru_pac(pair: Pair) -> list[str]:
    """How winners of each call fare, what the rules of the plan change, and how many work in an association."""
    run, programme = pair.run, pair.scenario.programme
    begun = run.started()
    calls = sorted(int(q) for q in np.unique(begun) if q >= 0)
    gain, after = run["employment"] - pair.without["employment"], 20
    parts = []
    for quarter in calls:
        who = np.argwhere(begun == quarter)
        parts.append(band(np.array([gain[r, c, quarter + after] for r, c in who])))
    plan, *later = programme.stages
    paid = tuple(one.model_copy(update={"cofinance": 0.0}) for one in plan.instruments)
    by_group = tuple(one.model_copy(update={"paid_by": None}) for one in plan.instruments)
    home = tuple(one for one in plan.instruments if one.use not in ("benchmarking", "cluster_linkage"))
    all_paid, unpaid, at_home = (
        programme_with(pair, stages=(plan.model_copy(update={"instruments": found}), *later)) for found in (paid, by_group, home)
    )
    first = programme.selection.rounds[0].model_copy(update={"clusters": tuple(run.clusters)})
    at_once = programme_with(pair, selection=programme.selection.model_copy(update={"rounds": (first,)}))
    staff = run["staff"][run["formal"] > 0]
    return [
        "Five years after its own start, jobs of a cluster differ from those without the programme by "
        f"{', '.join(parts[:-1])} and {parts[-1]} where it won the first, second and third call.",
        MEANS,
        differs(pair, all_paid, "What co-financing the plan changes, against a plan that the programme pays alone"),
        differs(pair, unpaid, "What it changes that firms pay that part, against an association that has to and does not exist "
                "yet, so that there is almost no plan"),
        differs(pair, at_home, "What the international comparison and the reference trip change"),
        differs(pair, at_once, "What three calls change, against all ten in the first"),
        f"An association has {band(staff)} staff (over all quarters in which there is one), where half of those known have 3 or "
        "fewer and the mean is 4 (ILO §2.1): the run falls short of it, and nothing was set to mend that.",
    ]


KINDS = {"strong": "strong", "middling": "middling", "weak": "weak", "named": "those named in the sources"}


def kinds(run: Run) -> dict[str, np.ndarray]:
    """Return which clusters are of each kind of candidate."""
    stems = [name.rpartition("_")[0] for name in run.clusters]
    each = np.array([stem if stem in KINDS else "named" for stem in stems])
    return {kind: each == kind for kind in KINDS}


def gains_by_kind(pair: Pair) -> dict[str, np.ndarray]:
    """Return jobs at the end in the places served, in per cent more than without the programme, by kind of candidate."""
    run, without = pair.run, pair.without["employment"][:, :, -1]
    gain = 100 * (run["employment"][:, :, -1] / np.maximum(without, 1.0) - 1)
    served = run.started() >= 0
    return {kind: gain[:, own][served[:, own]] for kind, own in kinds(run).items()}


def served_by_kind(pair: Pair) -> list[str]:
    """Who is served, where a rule chooses, and what that does to jobs in a place of each kind."""
    found, places = gains_by_kind(pair), kinds(pair.run)
    total = sum(map(len, found.values()))
    shares = [f"{KINDS[kind]} {100 * len(gain) / total:.0f} % ({100 * places[kind].mean():.0f} % of the candidates)"
              for kind, gain in found.items()]  # fmt: skip
    gains = [f"{KINDS[kind]} {average(gain)}" for kind, gain in found.items() if len(gain) >= 10]
    return [
        f"Of the clusters served, these shares fall to: {', '.join(shares)}.",
        "Jobs at the end in a place served, in per cent more than without the programme, on average with the 95 % interval of "
        f"the mean, where there are ten cases or more: {', '.join(gains)}.",
    ]


def mode(pair: Pair, name: str) -> Run:
    """Run the same places where clusters are chosen in another way."""
    return programme_with(pair, selection=pair.scenario.programme.selection.model_copy(update={"mode": name}))


def argentina(pair: Pair) -> list[str]:
    """What choice by politics and the lag change."""
    return [
        *served_by_kind(pair),
        MEANS,
        differs(pair, mode(pair, "competitiveness"), "What choice by politics changes, against choice by competitiveness"),
        differs(pair, programme_with(pair, lag_quarters=0), "What the lag of three years changes, against none"),
    ]


def brazil(pair: Pair) -> list[str]:
    """What choice by competitiveness changes."""
    return [
        *served_by_kind(pair),
        MEANS,
        differs(pair, mode(pair, "politics"), "What choice by competitiveness changes, against choice by politics"),
    ]


def chile(pair: Pair) -> list[str]:
    """What the centralised regime and the additional instruments change, and how gains vary with what a place brings."""
    institutions = pair.scenario.institutions

    def governed(**change: object) -> Run:
        government = institutions.government.model_copy(update=change)
        return pair.varied(institutions=institutions.model_copy(update={"government": government}))

    programme = pair.scenario.programme
    plan, actions = programme.stages
    usual = tuple(one for one in actions.instruments if one.use not in ("enabling_public_goods", "technology_centre"))
    fewer = programme_with(pair, stages=(plan, actions.model_copy(update={"instruments": usual})))
    gains = gains_by_kind(pair)
    strong, weak = gains["strong"], gains["weak"]
    apart = float(np.mean(strong) - np.mean(weak))
    wide = 1.96 * float(np.sqrt(np.var(strong, ddof=1) / len(strong) + np.var(weak, ddof=1) / len(weak)))
    surely = "not surely different" if abs(apart) <= wide else "larger" if apart > 0 else "smaller"
    return [
        *served_by_kind(pair),
        "Success is reported to have varied with local capability. Here the gain in per cent is "
        f"{surely} where a place brings a chamber, more trust and more firms (strong) than where it does not (weak).",
        MEANS,
        differs(pair, governed(regime="decentralised"), "What the centralised regime changes, against a decentralised one"),
        differs(pair, governed(orientation="mixed"), "What policy from the top down changes, against a mixed orientation"),
        differs(pair, fewer, "What public goods and the extension of technology change, against the instruments of the others"),
    ]


def shortfall(begun: np.ndarray, merit: np.ndarray) -> list[float]:
    """Return by how much the winner of each call has less merit than the best place that no call before has taken."""
    found = []
    for quarter in sorted(int(q) for q in np.unique(begun) if q >= 0):
        left = np.where((begun < 0) | (begun >= quarter), merit, -np.inf).max(axis=1)
        won = np.where(begun == quarter, merit, -np.inf).max(axis=1)
        found.append(float(np.mean(left - won)))
    return found


def uruguay(pair: Pair) -> list[str]:
    """How well each call judges, and what it changes that calls learn."""
    merit = merits(list(pair.scenario.place.clusters))
    parameters = pair.scenario.parameters
    never = pair.varied(parameters=parameters | {"programme": parameters.get("programme", {}) | {"calls_learning": 1.0}})
    short, blind = ([number(value) for value in shortfall(run.started(), merit)] for run in (pair.run, never))
    return [
        *served_by_kind(pair),
        MEANS,
        "The merit of the winner (five features of the start, standardised, their mean) falls short of that of the best place "
        f"left by {', '.join(short[:-1])} and {short[-1]} on average in the first to the fourth call; were calls not to learn, "
        f"by {', '.join(blind[:-1])} and {blind[-1]}.",
        differs(pair, never, "What it changes that calls learn, against four calls that err as much as the first"),
    ]


def southern_cone(pair: Pair) -> list[str]:
    """What the lag, the coordination of public bodies, the hand-overs and the evaluation change."""
    programme, institutions = pair.scenario.programme, pair.scenario.institutions
    government = institutions.government.model_copy(update={"coordination": 0.8})
    coordinated = pair.varied(institutions=institutions.model_copy(update={"government": government}))
    strict = programme.evaluation.model_copy(update={"keep": 0.5})
    cut = programme_with(pair, evaluation=strict)
    halved = (cut["kept"] < 1).any(axis=2)
    return [
        MEANS,
        differs(pair, programme_with(pair, lag_quarters=0), "What a lag of a year and a half changes, against none"),
        differs(pair, coordinated, "What weak coordination of public bodies changes (0.4), against 0.8"),
        differs(pair, programme_with(pair, levels=None), "What three levels change, hand-overs and their cost, against one"),
        differs(pair, cut, "What it changes that evaluations cut no money, against half where less is found"),
        f"With it {percent(halved)} of the clusters lose half of their money at some time.",
    ]


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
    "complex_network": groups,
    "cluster_project": projects,
    "basque_country": basque_country,
    "basque_machine_tools": basque_machine_tools,
    "ecuador_anchor_chains": anchor_chains,
    "ecuador_national_strategy": national_strategy,
    "ecuador_red_productiva": red_productiva,
    "peru_pac": peru_pac,
    "idb_argentina": argentina,
    "idb_brazil": brazil,
    "idb_chile": chile,
    "idb_southern_cone": southern_cone,
    "idb_uruguay": uruguay,
    "pipso_twelve_steps": pipso_twelve_steps,
    "technology_shock": technology_shock,
    "national_1m": national,
}
