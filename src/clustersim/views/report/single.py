"""The page of a single run: one option, nothing compared; trajectories, phases, money, and where it comes from."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clustersim.core import numbers
from clustersim.core.words import N_, _, language
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.results.summary import Summary, summaries
from clustersim.studies.comparison.chances import always_or_never, bound, chance, counted, simulations
from clustersim.studies.comparison.titles import title
from clustersim.views.figures import BY_CLUSTER, WHOLE, FigureData
from clustersim.views.figures.names import figure_title, indicator, instrument, phase
from clustersim.views.figures.style import bands
from clustersim.views.report import assumptions
from clustersim.views.report.page import Block, Card, Page, Section, phases_lead
from clustersim.views.report.svg import inline
from clustersim.views.report.tables import Table, kept_years

if TYPE_CHECKING:
    from clustersim.results import RunResult

MOST_CLUSTERS = 2  # with figures of their own, so that the page stays small
# The indicators behind each figure of one cluster.
BEHIND = {
    "trust_and_ties": ("trust", "climate", "linked_share", "core_share", "vision", "belief"),
    "firms_and_jobs": ("firms", "employment", "entries", "exits", "sales", "exports"),
    "knowledge": ("knowledge", "frontier_gap", "diversity", "innovations", "external_ties"),
    "money_by_source": ("public_spending", "private_cofinance", "income_public", "income_private"),
}
Array = NDArray[Any]


def run_page(result: RunResult) -> Page:
    """Return the page of a run in the language in force."""
    return _Writer(result).page()


class _Writer:
    """Writes the sections of one run."""

    def __init__(self, result: RunResult) -> None:
        self.result = result
        self.data, self.whole = FigureData(result), Summary(result)
        self.title = title(result.scenario)

    def count(self) -> str:
        """Return "20 simulations"."""
        return simulations(self.result.replicates)

    def page(self) -> Page:
        """Return the page."""
        scenario = self.result.scenario
        years = numbers.years(scenario.quarters)
        spent = numbers.money(float(np.median(self._total("public_spending").sum(axis=1))))
        reached = next(m for m in self.whole.milestones() if m["name"] == "development")
        jobs, low, high = self._jobs_at_end()
        cards = [
            Card(jobs, _("jobs after {years}, middle of the simulations", years=years), numbers.to(low, high) if low else ""),
            self._reach_card(reached),
            Card(spent, _("of public money, not discounted")),
        ]
        sections = [
            Section("time", _("Over time"), self._time()),
            Section("milestones", _("Phases reached"), self._milestones()),
            Section("indicators", _("Key indicators"), self._indicators()),
            Section("spending", _("Money"), self._spending()),
            Section("assumptions", _("Assumptions and their sources"), assumptions.of_run(scenario)),
            Section("provenance", _("How this was made"), self._provenance()),
        ]
        subtitle = _("{years} from {start} · {n}", years=years, start=scenario.horizon.start_year, n=self.count())
        rests_on = _(
            "Rests on {n} of one scenario with one set of parameters (seed {seed}); it compares nothing, so it does not say what "
            "a programme changes: for that, use clustersim compare. Bands show chance between simulations, not uncertainty about "
            "the model itself.",
            n=self.count(),
            seed=self.result.seed,
        )
        sentences = [self._answer(years), self._reach(reached, spent)]
        return Page(
            language(), _("One scenario of an industrial cluster"), self.title, subtitle, cards, sentences, rests_on, [], sections
        )

    def _jobs_at_end(self) -> tuple[str, str, str]:
        """Return the median of jobs at the end and the ends of its band; empty where a single simulation has none."""
        low, middle, high = np.quantile(self._total("employment")[:, -1], (0.1, 0.5, 0.9)).tolist()
        if self.result.replicates == 1:
            return numbers.whole(middle), "", ""
        return numbers.whole(middle), numbers.whole(low), numbers.whole(high)

    def _answer(self, years: str) -> str:
        jobs, low, high = self._jobs_at_end()
        start = numbers.whole(float(np.median(self._total("employment")[:, 0])))
        if not low:
            return _(
                "{jobs} jobs after {years} in the one simulated history of “{title}”, which began with {start}: one of many "
                "possible histories.", jobs=jobs, years=years, title=self.title, start=start,
            )  # fmt: skip
        return _(
            "{jobs} jobs after {years}: the middle of {n} simulated histories of “{title}”, which began with {start}; the "
            "middle 80 % of them end between {low} and {high}.",
            jobs=jobs, years=years, n=self.result.replicates, title=self.title, start=start, low=low, high=high,
        )  # fmt: skip

    def _reach(self, found: dict[str, Any], spent: str) -> str:
        reached, cases = self._counted(found)
        if not always_or_never(reached, cases):
            return _(
                "The chance that the cluster reaches the phase of development in that time is {chance}; public money spent is "
                "{money} in the middle of the histories.", chance=chance(reached, cases), money=spent,
            )  # fmt: skip
        return _(
            "The cluster reaches the phase of development in that time in {count} simulations, so the chance of that is {bound}; "
            "public money spent is {money} in the middle of the histories.",
            count=counted(reached, cases), bound=bound(reached, cases), money=spent,
        )  # fmt: skip

    def _reach_card(self, found: dict[str, Any]) -> Card:
        reached, cases = self._counted(found)
        if not always_or_never(reached, cases):
            return Card(numbers.percent(reached / cases), _("chance of reaching development"))
        return Card(counted(reached, cases), _("reach development"), _("so the chance is {bound}", bound=bound(reached, cases)))

    def _counted(self, found: dict[str, Any]) -> tuple[float, int]:
        """Return in how many simulations a phase is reached, and of how many; each counts by the share of its clusters.

        Clusters of one simulation share its chance: they are not further simulations.
        """
        simulations = self.result.replicates
        return found["reached"] * simulations / found["cases"], simulations

    def _total(self, name: str) -> Array:
        """Return an indicator summed over clusters (replicate, quarter)."""
        return np.sum([self.data.values(name, cluster) for cluster in self.data.clusters], axis=0)

    def _time(self) -> list[Block]:
        blocks = [phases_lead()]
        for figure in WHOLE:
            blocks.append(self._figure(figure, figure.__name__, None, self._whole_tables(figure.__name__)))
        for cluster in self.data.clusters[:MOST_CLUSTERS]:
            if len(self.data.clusters) > 1:
                blocks.append(Block("heading", _("Cluster {name}", name=cluster.replace("_", " "))))
            for figure in BY_CLUSTER:
                names = BEHIND[figure.__name__]
                blocks.append(self._figure(figure, f"{figure.__name__}_{cluster}", cluster, self._yearly(names, cluster)))
        return blocks

    def _figure(self, figure: Any, name: str, cluster: str | None, tables: list[Table]) -> Block:
        drawn = figure(self.data) if cluster is None else figure(self.data, cluster)
        heading = figure_title(figure.__name__)
        described = _(
            "{figure} of “{title}”. The data follow in tables: {tables}.",
            figure=heading, title=self.title, tables="; ".join(table.caption for table in tables),
        )  # fmt: skip
        return Block("figure", "", inline(drawn, name, heading, described), tables)

    def _whole_tables(self, figure: str) -> list[Table]:
        if figure == "phase_strip":
            return [self._phases(cluster) for cluster in self.data.shown]
        cells = {cluster.replace("_", " "): self.data.relative_employment(cluster) for cluster in self.data.shown}
        return [self._bands(_("relative employment (start\u00a0=\u00a0100)").replace("\xa0", " "), cells, "life_cycle")]

    def _phases(self, cluster: str) -> Table:
        shares = self.data.phase_shares(cluster).shares
        shown = [k for k in range(len(PHASES)) if shares[k].any()]
        ends, calendar = self._ends()
        rows = [
            [str(year), *(numbers.number(100.0 * shares[k, quarter], 0) for k in shown)]
            for quarter, year in zip(ends, calendar, strict=True)
        ]
        raw: list[list[Any]] = [["year", *(PHASES[k] for k in shown)]]
        raw += [[int(y), *(float(shares[k, q]) for k in shown)] for q, y in zip(ends, calendar, strict=True)]
        heads = [_("Year"), *(phase(PHASES[k]) for k in shown)]
        return Table(_("{what}: % of the simulations", what=cluster.replace("_", " ")), heads, rows, raw, f"phases_{cluster}")

    def _ends(self) -> tuple[Array, Array]:
        """Return the last quarter of the years that tables show, and the years."""
        quarters = self.result.scenario.quarters
        ends = np.append(np.arange(3, quarters - 1, 4), quarters - 1)
        kept = kept_years(ends)
        return ends[kept], self.result.scenario.horizon.start_year + ends[kept] // 4

    def _yearly(self, names: Sequence[str], cluster: str) -> list[Table]:
        cells = {f"{indicator(name)} ({_(INDICATORS[name].unit)})": self.data.values(name, cluster) for name in names}
        columns = [f"{name} [{INDICATORS[name].unit}]" for name in names]
        return [self._bands(cluster.replace("_", " "), cells, f"{cluster}_{names[0]}", columns)]

    def _bands(self, caption: str, cells: dict[str, Array], name: str, columns: list[str] | None = None) -> Table:
        """Return medians with 10-90 % bands at the end of each year, one column for each name."""
        ends, calendar = self._ends()
        rows = [[str(year)] for year in calendar]
        raw: list[list[Any]] = [[int(year)] for year in calendar]
        for values in cells.values():
            found = bands(values[:, ends])
            decimals = numbers.decimals_for(float(np.nanmax(np.abs(found.median), initial=0.0)))
            for k in range(len(ends)):
                three = (found.low, found.median, found.high)
                low, middle, high = (numbers.number(float(part[k]), decimals) for part in three)
                rows[k].append(middle if self.result.replicates == 1 else f"{middle} ({numbers.to(low, high)})")
                raw[k] += [float(found.median[k]), float(found.low[k]), float(found.high[k])]
        heads = ["year", *(f"{column}_{part}" for column in columns or list(cells) for part in ("median", "p10", "p90"))]
        return Table(_("{what}: median (10–90 %)", what=caption), [_("Year"), *cells], rows, [heads, *raw], name)

    def _milestones(self) -> list[Block]:
        blocks = []
        for summary in summaries(self.result):
            rows = []
            for said in summary.milestones():
                years = said["years"]
                low, text, high = (numbers.number(years[key], 1) for key in ("p10", "p50", "p90"))
                if said["reached"] > 1:
                    text += f" ({numbers.to(low, high)})"
                rows.append([phase(said["name"]), chance(*self._counted(said)), text])
            heads = [_("Phase"), _("Chance to reach it"), _("After years, median (10–90 %)")]
            blocks.append(Block("table", tables=[Table(self._whose(summary), heads, rows)]))
        return blocks

    def _whose(self, summary: Summary) -> str:
        if summary.cluster is None:
            return _("All clusters pooled")
        return _("Cluster {name}", name=summary.cluster.replace("_", " "))

    def _indicators(self) -> list[Block]:
        blocks = []
        for summary in summaries(self.result):
            rows = []
            for said in summary.indicators():
                start = "" if said["start"] is None else numbers.number(said["start"]["p50"])
                low, middle, high = (numbers.number(said["end"][key]) for key in ("p10", "p50", "p90"))
                end = middle if summary.cases == 1 else f"{middle} ({numbers.to(low, high)})"
                unit = _(UNITS.get(said["unit"], said["unit"]))
                name = said["name"]
                label = indicator(name.removesuffix("_total"))
                label = label if name in INDICATORS else _("{label}, total", label=label)
                rows.append([f"{label} ({unit})" if unit else label, start, end])
            heads = [_("Indicator"), _("First quarter, median"), _("End, median (10–90 %)")]
            blocks.append(Block("table", tables=[Table(self._whose(summary), heads, rows)]))
        return blocks

    def _spending(self) -> list[Block]:
        frame = self.result.spending
        if not len(frame):
            return [Block("text", _("No programme: no public money is spent."))]
        sums = frame.groupby("instrument", observed=True)[["public", "private"]].sum() / self.result.replicates
        sums = sums.sort_values("public", ascending=False)
        rows = [
            [instrument(str(name)), *(numbers.number(row[source], 0) for source in ("public", "private"))]
            for name, row in sums.iterrows()
        ]
        heads = [_("Instrument"), _("Public, thousand USD, mean"), _("Private, thousand USD, mean")]
        return [Block("table", tables=[Table(_("Money by instrument over the whole time"), heads, rows)])]

    def _provenance(self) -> list[Block]:
        said = self.result.provenance
        scenario = self.result.scenario
        if self.result.changes or said["replicate_numbers"] != f"0-{self.result.replicates - 1}":
            # The command line runs replicates from 0 on, and changes nothing in mid-run.
            command = ["clustersim", "reproduce", f"results/{self.result.folder_name}"]
        else:
            command = ["clustersim", "run", self.result.name, "--replicates", str(self.result.replicates)]
            command += ["--years", numbers.plain(scenario.horizon.years), "--seed", str(self.result.seed)]
        command += [f"--plugin={plugin['file']}" for plugin in said.get("plugins", ()) if "file" in plugin]
        remark = _("Values changed with --set are part of the result but not of this command; they are listed in run.json.")
        return [
            Block("text", _("The command that makes this run again, and this page:")),
            Block("code", f"{shlex.join(command)}\n{assumptions.report_command(self.result.folder_name)}"),
            Block("text", remark),
            Block("terms", pairs=assumptions.made(said)),
            Block("heading", _("How to read the numbers")),
            Block("terms", pairs=assumptions.glossary("band", "model")),
        ]


# What units are called beside the name of an indicator; empty where the name says it.
UNITS = {
    "1": N_("0 to 1"), "firms": "", "persons": "", "share": N_("share"), "ratio": "", "ties": "", "log points": N_("log points"),
    "kUSD": N_("thousand USD"), "kUSD/quarter": N_("thousand USD a quarter"),
    "kUSD/person/quarter": N_("thousand USD per person and quarter"), "1/quarter": N_("per quarter"),
}  # fmt: skip
