"""The page of a comparison, section by section: the answer first, then what it rests on."""

from __future__ import annotations

from typing import Any

from clustersim.model.state import PHASES
from clustersim.studies.comparison import Comparison, units, verdict
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.outcomes import CHAIN, HORIZONS, PAIRED, REACHED
from clustersim.studies.comparison.titles import title
from clustersim.studies.comparison.verdict import alternatives, displacement_note
from clustersim.views.figures.words import Words
from clustersim.views.report import assumptions, ranked, who
from clustersim.views.report.drawing import Drawing, factor
from clustersim.views.report.figures import FIGURES, drawn
from clustersim.views.report.page import Block, Card, Page, Section
from clustersim.views.report.svg import inline
from clustersim.views.report.tables import DataTables, Table
from clustersim.views.report.words import say

EFFECTS = (
    "jobs", "job_years", "improved_net", "firms", "sales", "exports", "productivity", "wage", "projects", "association_years",
    "years_to_development", "years_to_maturity", "public_cost", "private_cost",
)  # fmt: skip
MONEY = ("jobs_per_million", "job_years_per_million", "cost_per_job", "cost_per_job_improved")


def comparison_page(comparison: Comparison, lang: str) -> Page:
    """Return the page of a comparison."""
    return _Writer(comparison, lang).page()


class _Writer:
    """Writes the sections of one comparison in one language."""

    def __init__(self, comparison: Comparison, lang: str) -> None:
        self.c, self.lang, self.answers = comparison, lang, comparison.answers
        self.drawing, self.data, self.words = Drawing(comparison, lang, bare=True), DataTables(comparison, lang), Words(lang)
        self.drawn = drawn(comparison)

    def say(self, key: str, **values: object) -> str:
        return say(key, self.lang, **values)

    def name(self, option: str) -> str:
        return title(self.c, option, self.lang)

    def years(self) -> str:
        return write.years(self.c.quarters, self.lang)

    def page(self) -> Page:
        """Return the page."""
        said = verdict(self.c, self.lang)
        others = alternatives(self.c)
        heading = self.say("heading_many", n=len(others)) if len(others) > 1 else self.say("heading", best=self.name(said.best))
        subtitle = self.say(
            "subtitle", options=" · ".join(self.name(n) for n in self.c.names),
            years=self.years(), start=self.c.start_year,
            n=write.simulations(self.c.replicates, self.lang, "paired" if self.c.paired else "unpaired"),
        )  # fmt: skip
        notes = [self.say("same", a=self.name(a), b=self.name(b)) for a, b in self.answers["same"]]
        if (moved := displacement_note(self.c, said.best, self.lang)) is not None:
            notes.insert(0, moved)
        sections = [
            Section("options", self.say("options"), self._options()),
            Section("chances", self.say("chances"), self._chances()),
            Section("risk", self.say("risk"), self._risk()),
            Section("time", self.say("time"), self._time()),
            Section("who", self.say("who"), who.blocks(self.c, self.lang, self._figure("who"))),
            Section("chain", self.say("chain"), self._chain()),
            Section("ranking", self.say("ranking"), ranked.blocks(self.c, self.lang)),
            Section("assumptions", self.say("assumptions"), assumptions.of_comparison(self.c, self.lang)),
            Section("provenance", self.say("provenance"), assumptions.provenance(self.c, self.lang)),
        ]
        return Page(
            self.lang, self.say("kind"), heading, subtitle, self._cards(said.best), list(said.sentences), said.rests_on, notes,
            sections,
        )  # fmt: skip

    def _cards(self, best: str) -> list[Card]:
        gain, paid = self.answers["differences"][best]["jobs"], self.answers["money"][best]
        chances = self.answers["chances"][best][self.c.baseline]
        interval = write.to(write.signed_whole(gain["low"], self.lang), write.signed_whole(gain["high"], self.lang), self.lang)
        base = self.name(self.c.baseline)
        cards = [
            Card(write.signed_whole(gain["estimate"], self.lang), self.say("key_jobs", years=self.years(), base=base),
                 self.say("interval_short", interval=interval)),
            Card(self._chance(chances, ends=False), self.say("key_chance"), self._from(chances)),
            Card(write.money(paid["public_cost"]["estimate"], self.lang),
                 self.say("key_cost", rate=write.percent(self.c.discount, self.lang))),
        ]  # fmt: skip
        per = paid["jobs_per_million"]
        if per is not None:
            ends = write.to(write.whole(per["low"], self.lang), write.whole(per["high"], self.lang), self.lang)
            note = self.say("interval_short", interval=ends)
            cards.append(Card(write.whole(per["estimate"], self.lang), self.say("key_per"), note))
        return cards

    def _from(self, chances: dict[str, Any]) -> str:
        """Return the interval of a chance; the number of simulations where the chance itself is a bound."""
        if chances["wins"] in (0, chances["of"]):
            return write.simulations(chances["of"], self.lang)
        low, high = (write.percent(chances[end], self.lang) for end in ("low", "high"))
        return self.say("interval_short", interval=write.to(low, high, self.lang))

    def _chance(self, chances: dict[str, Any], ends: bool = True) -> str:
        if chances["ties"] == chances["of"]:
            return self.say("equal_runs", n=chances["of"])
        return write.chance(chances["wins"], chances["of"], self.lang, ends)

    def _figure(self, name: str, text: str = "", tables: list[Table] | None = None) -> Block:
        """Return a figure with its description, note and the tables behind it."""
        c = self.c
        alt = self.say(f"alt_{name}", base=self.name(c.baseline), first=c.start_year, last=int(c.start_year + c.quarters / 4),
                       facts=" ".join(self._facts(name)))  # fmt: skip
        svg = inline(FIGURES[name](self.drawing), name, self.say(f"title_{name}"), alt)
        return Block("figure", text or self.say(f"note_{name}"), svg, self.data.behind(name) if tables is None else tables)

    def _facts(self, figure: str) -> list[str]:
        """Return the main numbers of a figure in words."""
        found = []
        for option in self.c.names:
            if figure == "phases":
                last = [self.c.series(option, f"in_{phase}")[:, -1].mean() for phase in PHASES]
                phase = self.words.phase(PHASES[max(range(len(last)), key=last.__getitem__)]).lower()
                found.append(self.say("fact_phase", option=self.name(option), phase=phase))
            elif figure == "trajectories":
                jobs = self.answers["options"][option]["jobs"]["mean"]
                found.append(self.say("fact_jobs", option=self.name(option), value=write.whole(jobs, self.lang)))
            elif figure == "money":
                paid = self.answers["options"][option]["public_paid"]["mean"]
                found.append(self.say("fact_cost", option=self.name(option), value=write.money(paid, self.lang)))
            elif option != self.c.baseline:
                gain = write.signed_whole(self.answers["differences"][option]["jobs"]["estimate"], self.lang)
                found.append(self.say("fact_difference", option=self.name(option), value=gain))
        return found

    def _heads(self, first: str) -> list[str]:
        base = self.c.baseline
        return [self.say(first), *(self.name(n) + (f" ({self.say('baseline')})" if n == base else "") for n in self.c.names)]

    def _options(self) -> list[Block]:
        lang, base = self.lang, self.c.baseline
        levels, differences = self.answers["options"], self.answers["differences"]
        rows = []
        for outcome in EFFECTS:
            if outcome not in self.c.outcome_names:
                continue
            row = [units.named(outcome, lang)]
            for name in self.c.names:
                if name == base and outcome in PAIRED:
                    row.append(write.NONE)
                elif name == base:
                    row.append(units.value(levels[name][outcome]["mean"], outcome, lang))
                else:
                    row.append(units.difference(differences[name][outcome], outcome, lang))
            rows.append(row)
        rows += [self._money_row(key) for key in MONEY]
        effect = [self.say("time_to_effect")]
        for name in self.c.names:
            years = None if name == base else self.answers["time_to_effect"][name]["years"]
            effect.append(write.NONE if name == base else self.say("no_effect") if years is None else self.say("year_n", n=years))
        rows.append(effect)
        table = Table(self.say("effects_caption"), self._heads("measure"), rows)
        return [
            Block("text", self.say("options_lead", base=self.name(base))),
            Block("table", tables=[table]),
            Block("text", self.say("chance_lead")),
            Block("table", tables=[self._reach_table()]),
            self._figure("forest"),
        ]

    def _money_row(self, key: str) -> list[str]:
        """Return jobs per million or the cost per job, or the reason why there is none."""
        row = [self.say(key)]
        for name in self.c.names:
            if name == self.c.baseline:
                row.append(write.NONE)
                continue
            paid = self.answers["money"][name]
            found, reason = paid[key], self._reason(key, paid)
            if found is None or reason in ("no_cost", "rate_mixed"):
                row.append(self.say(reason))
            else:
                shown = write.money if key.startswith("cost") else write.whole
                ends = write.to(shown(found["low"], self.lang), shown(found["high"], self.lang), self.lang)
                row.append(f"{shown(found['estimate'], self.lang)} ({ends})")
        return row

    def _reason(self, key: str, paid: dict[str, Any]) -> str:
        """Return why there is no rate or cost per job, should there be none."""
        cost = paid["public_cost"]
        if key == "cost_per_job_improved" and not self.c.paired:
            return "rate_unpaired"
        if (cost["high"] if cost["high"] is not None else cost["estimate"]) <= 0.0:
            return "no_cost"
        if not self.c.paired:
            return "rate_mixed"
        if key == "cost_per_job":
            return "cost_loses" if paid["jobs_sign"] < 0 else "cost_unsure"
        if key == "cost_per_job_improved":
            return "improved_loses" if paid["improved_sign"] < 0 else "improved_unsure"
        return "rate_unsure"

    def _reach_table(self) -> Table:
        reached = self.answers["reached"]

        def cells(*keys: str) -> list[str]:
            found = []
            for name in self.c.names:
                share = reached[name]
                for key in keys:
                    share = share[key]
                found.append(write.chance(share["count"], share["of"], self.lang))
            return found

        rows = [[self.say("association_row"), *cells("association")]]
        for phase in REACHED:
            for years in HORIZONS:
                if 4 * years <= self.c.quarters:
                    text = self.say("reach_row", phase=self.say(f"phase_{phase}"), n=years)
                    rows.append([text, *cells(phase, str(years))])
        return Table(self.say("reach_caption"), self._heads("measure"), rows)

    def _chances(self) -> list[Block]:
        rows = []
        for row in self.c.names:
            cells = [self.name(row)]
            for column in self.c.names:
                cells.append(write.NONE if row == column else self._chance(self.answers["chances"][row][column]))
            rows.append(cells)
        heads = [self.say("option"), *(self.name(name) for name in self.c.names)]
        return [Block("text", self.say("matrix_lead")), Block("table", tables=[Table(self.say("matrix_caption"), heads, rows)])]

    def _risk(self) -> list[Block]:
        risk = self.answers["risk"]
        lead = self.say(
            f"risk_lead_{risk['cases']}", n=risk["count"], k=len(self.c.draws), each=self.c.replicates_each,
        )  # fmt: skip
        keys = {
            "worst_difference": "worst_tenth_difference", "best_difference": "best_tenth_difference",
            "worst_jobs": "worst_tenth_jobs", "regret_mean": "regret_mean", "regret_most": "regret_most",
        }  # fmt: skip
        rows = [[self.say("loses")]]
        for name in self.c.names:
            found = risk["options"][name]["loses"]
            same = name == self.c.baseline or {name, self.c.baseline} in [set(pair) for pair in self.answers["same"]]
            rows[0].append(write.NONE if same else write.chance(found["count"], found["of"], self.lang))
        for text, key in keys.items():
            difference = key.endswith("difference")
            shown = write.signed_whole if difference else write.whole
            cells = [shown(risk["options"][name][key], self.lang) for name in self.c.names]
            if difference:
                cells[self.c.names.index(self.c.baseline)] = write.NONE
            rows.append([self.say(text), *cells])
        if risk["cases"] == "worlds":
            shares = [write.percent(risk["options"][name]["chance_share"], self.lang) for name in self.c.names]
            rows.append([self.say("chance_share"), *shares])
        table = Table(self.say("risk_caption"), self._heads("measure"), rows)
        return [Block("text", lead), Block("table", tables=[table]), self._figure("risk")]

    def _time(self) -> list[Block]:
        blocks = [Block("text", self.say("phases_lead"))]
        for name in ("phases", "trajectories", "paired", "money"):
            if name in self.drawn:
                blocks += [Block("heading", self.say(f"title_{name}")), self._figure(name)]
        return blocks

    def _chain(self) -> list[Block]:
        blocks = [Block("text", self.say("chain_lead"))]
        for option in alternatives(self.c) or self.c.interventions[:1]:
            rows = []
            for link in CHAIN:
                found = self.answers["chain"][option][link]
                first = found["first_moved"]
                end = found["end"]
                rows.append([
                    self.words.indicator(link),
                    self.say("no_effect") if first is None else self.say("year_n", n=first),
                    self.say("peak_at", value=write.signed(found["peak_scaled"], self.lang, 2), n=found["peak_years"]),
                    write.signed(found["end_scaled"], self.lang, 2),
                    self._link_change(link, end),
                ])  # fmt: skip
            heads = [self.say(key) for key in ("link", "first_moved", "peak", "end_scaled", "end_change")]
            blocks.append(Block("table", tables=[Table(self.say("chain_caption", option=self.name(option)), heads, rows)]))
        return [*blocks, self._figure("chain", tables=self.data.chain(CHAIN))]

    def _link_change(self, link: str, end: dict[str, Any]) -> str:
        """Return the change of a link of the chain at the end, in the unit of its panel."""
        scale = factor(link)
        decimals = min(write.decimals_for(scale * end["estimate"]), 3)
        values = [None if end[key] is None else scale * end[key] for key in ("estimate", "low", "high")]
        mean, low, high = (write.signed(value, self.lang, decimals) for value in values)
        shown = mean if low == write.NONE else f"{mean} ({write.to(low, high, self.lang)})"
        if link == "linked_share":
            return f"{shown} {units.POINTS[self.lang == 'es']}"
        return shown if self.say(f"unit_{link}") == self.say("unit_trust") else f"{shown} {self.say(f'unit_{link}')}"
