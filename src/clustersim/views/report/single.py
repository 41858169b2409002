"""The page of a single run: one option, nothing compared; trajectories, phases, money, and where it comes from."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.results.summary import Summary, summaries
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.titles import in_language
from clustersim.views.figures import BY_CLUSTER, WHOLE, FigureData
from clustersim.views.figures.style import bands
from clustersim.views.figures.words import Words
from clustersim.views.report import assumptions
from clustersim.views.report.page import Block, Card, Page, Section
from clustersim.views.report.svg import inline
from clustersim.views.report.tables import Table, kept_years
from clustersim.views.report.words import say

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


def run_page(result: RunResult, lang: str) -> Page:
    """Return the page of a run."""
    return _Writer(result, lang).page()


class _Writer:
    """Writes the sections of one run in one language."""

    def __init__(self, result: RunResult, lang: str) -> None:
        self.result, self.lang, self.words = result, lang, Words(lang)
        self.data, self.whole = FigureData(result), Summary(result)
        self.title = in_language(result.scenario.title, lang)

    def say(self, key: str, **values: object) -> str:
        return say(key, self.lang, **values)

    def count(self) -> str:
        """Return "20 simulations"."""
        return write.simulations(self.result.replicates, self.lang)

    def page(self) -> Page:
        """Return the page."""
        scenario = self.result.scenario
        years = write.years(scenario.quarters, self.lang)
        jobs = self._total("employment")
        low, middle, high = (write.whole(float(value), self.lang) for value in np.quantile(jobs[:, -1], (0.1, 0.5, 0.9)))
        start = write.whole(float(np.median(jobs[:, 0])), self.lang)
        one = self.result.replicates == 1
        first = self.say("run_answer_one" if one else "run_answer", jobs=middle, years=years, n=self.result.replicates,
                         title=self.title, low=low, high=high, start=start)  # fmt: skip
        spent = float(np.median(self._total("public_spending").sum(axis=1)))
        reached = next(m for m in self.whole.milestones() if m["name"] == "development")
        chance = write.chance_said(reached["reached"], reached["cases"], self.lang)
        second = self.say("run_reach", chance=chance, money=write.money(spent, self.lang))
        cards = [
            Card(middle, self.say("key_jobs_run", years=years), "" if one else write.to(low, high, self.lang)),
            Card(write.chance(reached["reached"], reached["cases"], self.lang, ends=False), self.say("key_reach")),
            Card(write.money(spent, self.lang), self.say("key_spent")),
        ]
        sections = [
            Section("time", self.say("time"), self._time()),
            Section("milestones", self.say("milestones"), self._milestones()),
            Section("indicators", self.say("indicators"), self._indicators()),
            Section("spending", self.say("spending"), self._spending()),
            Section("assumptions", self.say("assumptions"), assumptions.of_run(scenario, self.lang)),
            Section("provenance", self.say("provenance"), self._provenance()),
        ]
        return Page(
            self.lang, self.say("kind_run"), self.title, self.say("subtitle_run", years=years, start=scenario.horizon.start_year,
            n=self.count()), cards, [first, second], self.say("run_rests", n=self.count(), seed=self.result.seed), [], sections,
        )  # fmt: skip

    def _total(self, name: str) -> Array:
        """Return an indicator summed over clusters (replicate, quarter)."""
        return np.sum([self.data.values(name, cluster) for cluster in self.data.clusters], axis=0)

    def _time(self) -> list[Block]:
        blocks = [Block("text", self.say("phases_lead"))]
        for figure in WHOLE:
            blocks.append(self._figure(figure, figure.__name__, None, self._whole_tables(figure.__name__)))
        for cluster in self.data.clusters[:MOST_CLUSTERS]:
            if len(self.data.clusters) > 1:
                blocks.append(Block("heading", self.say("cluster", name=cluster.replace("_", " "))))
            for figure in BY_CLUSTER:
                names = BEHIND[figure.__name__]
                blocks.append(self._figure(figure, f"{figure.__name__}_{cluster}", cluster, self._yearly(names, cluster)))
        return blocks

    def _figure(self, figure: Any, name: str, cluster: str | None, tables: list[Table]) -> Block:
        drawn = figure(self.data, lang=self.lang) if cluster is None else figure(self.data, cluster, lang=self.lang)
        title = self.words(figure.__name__)
        described = self.say("alt_run", figure=title, title=self.title, tables="; ".join(table.caption for table in tables))
        return Block("figure", "", inline(drawn, name, title, described), tables)

    def _whole_tables(self, figure: str) -> list[Table]:
        if figure == "phase_strip":
            return [self._phases(cluster) for cluster in self.data.shown]
        cells = {cluster.replace("_", " "): self.data.relative_employment(cluster) for cluster in self.data.shown}
        return [self._bands(self.words("axis_dynamism").replace("\xa0", " "), cells, "life_cycle")]

    def _phases(self, cluster: str) -> Table:
        shares = self.data.phase_shares(cluster)
        shown = [k for k in range(len(PHASES)) if shares[k].any()]
        ends, calendar = self._ends()
        rows = [
            [str(year), *(write.number(100.0 * shares[k, quarter], self.lang, 0) for k in shown)]
            for quarter, year in zip(ends, calendar, strict=True)
        ]
        raw: list[list[Any]] = [["year", *(PHASES[k] for k in shown)]]
        raw += [[int(y), *(float(shares[k, q]) for k in shown)] for q, y in zip(ends, calendar, strict=True)]
        heads = [self.say("year"), *(self.words.phase(PHASES[k]) for k in shown)]
        return Table(f"{cluster.replace('_', ' ')}: {self.say('cell_share')}", heads, rows, raw, f"phases_{cluster}")

    def _ends(self) -> tuple[Array, Array]:
        """Return the last quarter of the years that tables show, and the years."""
        quarters = self.result.scenario.quarters
        ends = np.append(np.arange(3, quarters - 1, 4), quarters - 1)
        kept = kept_years(ends)
        return ends[kept], self.result.scenario.horizon.start_year + ends[kept] // 4

    def _yearly(self, names: Sequence[str], cluster: str) -> list[Table]:
        cells = {self.words.indicator(name): self.data.values(name, cluster) for name in names}
        columns = [f"{name} [{INDICATORS[name].unit}]" for name in names]
        return [self._bands(cluster.replace("_", " "), cells, f"{cluster}_{names[0]}", columns)]

    def _bands(self, caption: str, cells: dict[str, Array], name: str, columns: list[str] | None = None) -> Table:
        """Return medians with 10-90 % bands at the end of each year, one column for each name."""
        ends, calendar = self._ends()
        rows = [[str(year)] for year in calendar]
        raw: list[list[Any]] = [[int(year)] for year in calendar]
        for values in cells.values():
            found = bands(values[:, ends])
            decimals = write.decimals_for(float(np.nanmax(np.abs(found.median), initial=0.0)))
            for k in range(len(ends)):
                three = (found.low, found.median, found.high)
                low, middle, high = (write.number(float(part[k]), self.lang, decimals) for part in three)
                rows[k].append(middle if self.result.replicates == 1 else f"{middle} ({write.to(low, high, self.lang)})")
                raw[k] += [float(found.median[k]), float(found.low[k]), float(found.high[k])]
        heads = ["year", *(f"{column}_{part}" for column in columns or list(cells) for part in ("median", "p10", "p90"))]
        return Table(f"{caption}: {self.say('cell_median')}", [self.say("year"), *cells], rows, [heads, *raw], name)

    def _milestones(self) -> list[Block]:
        blocks = []
        for summary in summaries(self.result):
            rows = []
            for said in summary.milestones():
                years = said["years"]
                low, text, high = (write.number(years[key], self.lang, 1) for key in ("p10", "p50", "p90"))
                if said["reached"] > 1:
                    text += f" ({write.to(low, high, self.lang)})"
                rows.append([self.words.phase(said["name"]), write.chance(said["reached"], said["cases"], self.lang), text])
            heads = [self.say(key) for key in ("milestone", "milestone_share", "milestone_years")]
            blocks.append(Block("table", tables=[Table(self._whose(summary), heads, rows)]))
        return blocks

    def _whose(self, summary: Summary) -> str:
        if summary.cluster is None:
            return self.say("all_clusters_pooled")
        return self.say("cluster", name=summary.cluster.replace("_", " "))

    def _indicators(self) -> list[Block]:
        blocks = []
        for summary in summaries(self.result):
            rows = []
            for said in summary.indicators():
                start = "" if said["start"] is None else write.number(said["start"]["p50"], self.lang)
                low, middle, high = (write.number(said["end"][key], self.lang) for key in ("p10", "p50", "p90"))
                end = middle if summary.cases == 1 else f"{middle} ({write.to(low, high, self.lang)})"
                unit = UNITS.get(said["unit"], (said["unit"],) * 2)[self.lang == "es"]
                label = said["label"] if self.lang == "en" else said["etiqueta"]
                rows.append([f"{label} ({unit})" if unit else label, start, end])
            heads = [self.say(key) for key in ("indicator", "first_quarter", "end_median")]
            blocks.append(Block("table", tables=[Table(self._whose(summary), heads, rows)]))
        return blocks

    def _spending(self) -> list[Block]:
        frame = self.result.spending
        if not len(frame):
            return [Block("text", self.say("no_spending"))]
        sums = frame.groupby("instrument", observed=True)[["public", "private"]].sum() / self.result.replicates
        sums = sums.sort_values("public", ascending=False)
        rows = [
            [self.words.instrument(str(name)), *(write.number(row[source], self.lang, 0) for source in ("public", "private"))]
            for name, row in sums.iterrows()
        ]
        heads = [self.say(key) for key in ("instrument", "public", "private")]
        return [Block("table", tables=[Table(self.say("spending_caption"), heads, rows)])]

    def _provenance(self) -> list[Block]:
        said = self.result.provenance
        scenario = self.result.scenario
        command = ["clustersim", "run", self.result.name, "--replicates", str(self.result.replicates)]
        command += ["--years", f"{scenario.horizon.years:g}", "--seed", str(self.result.seed)]
        command += [f"--plugin={plugin['file']}" for plugin in said.get("plugins", ()) if "file" in plugin]
        report = f"clustersim report results/{self.result.folder_name}" + (" --lang es" if self.lang == "es" else "")
        terms = [(self.say(f"term_{name}"), self.say(f"def_{name}")) for name in ("band", "model")]
        return [
            Block("text", f"{self.say('run_command')}, {self.say('command_report')}:"),
            Block("code", f"{shlex.join(command)}\n{report}"),
            Block("text", self.say("run_changed")),
            Block("terms", pairs=assumptions.made(said, self.lang)),
            Block("heading", self.say("glossary")),
            Block("terms", pairs=terms),
        ]


UNITS = {
    "1": ("0 to 1", "0 a 1"), "firms": ("", ""), "persons": ("", ""), "share": ("share", "proporción"),
    "ratio": ("", ""), "ties": ("", ""), "log points": ("log points", "puntos logarítmicos"),
    "kUSD": ("thousand USD", "miles de USD"), "kUSD/quarter": ("thousand USD a quarter", "miles de USD por trimestre"),
    "kUSD/person/quarter": ("thousand USD per person and quarter", "miles de USD por persona y trimestre"),
    "1/quarter": ("per quarter", "por trimestre"),
}  # fmt: skip
