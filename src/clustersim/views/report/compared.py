"""The page of a comparison, section by section: the answer first, then what it rests on."""

from __future__ import annotations

from typing import Any

from clustersim.core import numbers
from clustersim.core.numbers import NONE
from clustersim.core.words import N_, _, language
from clustersim.model.state import PHASES
from clustersim.studies.comparison import Comparison, units, verdict
from clustersim.studies.comparison.chances import always_or_never, bound, chance, counted, simulations
from clustersim.studies.comparison.outcomes import CHAIN, HORIZONS, PAIRED, REACHED
from clustersim.studies.comparison.titles import option_title
from clustersim.studies.comparison.verdict import alternatives, displacement_note
from clustersim.views.figures.names import indicator, phase
from clustersim.views.report import assumptions, ranked, who
from clustersim.views.report.captions import CAPTIONS, UNITS
from clustersim.views.report.drawing import Drawing, factor
from clustersim.views.report.figures import FIGURES, drawn
from clustersim.views.report.page import Block, Card, Page, Section, phases_lead
from clustersim.views.report.svg import inline
from clustersim.views.report.tables import DataTables, Table

EFFECTS = (
    "jobs", "job_years", "improved_net", "firms", "sales", "exports", "productivity", "wage", "projects", "association_years",
    "years_to_development", "years_to_maturity", "public_cost", "private_cost",
)  # fmt: skip
RATES = {
    "jobs_per_million": N_("Jobs per million USD of public money"),
    "job_years_per_million": N_("Job-years per million USD, discounted"),
    "cost_per_job": N_("Public cost per additional job"),
    "cost_per_job_improved": N_("Public cost per job improved, net of jobs worsened"),
}
RISKS = {
    "worst_tenth_difference": N_("Difference in its worst tenth"), "best_tenth_difference": N_("Difference in its best tenth"),
    "worst_tenth_jobs": N_("Jobs in its worst tenth"), "regret_mean": N_("Regret, mean"), "regret_most": N_("Regret, at most"),
}  # fmt: skip
REACHES = {"development": N_("Reaches development within {n} years"), "maturity": N_("Reaches maturity within {n} years")}


def comparison_page(comparison: Comparison) -> Page:
    """Return the page of a comparison in the language in force."""
    return _Writer(comparison).page()


class _Writer:
    """Writes the sections of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.c, self.answers = comparison, comparison.answers
        self.drawing, self.data = Drawing(comparison, bare=True), DataTables(comparison)
        self.drawn = drawn(comparison)

    def name(self, option: str) -> str:
        return option_title(self.c, option)

    def years(self) -> str:
        return numbers.years(self.c.quarters)

    def page(self) -> Page:
        """Return the page."""
        said, several = verdict(self.c), len(alternatives(self.c))
        if several > 1:
            heading = _("Which of {n} programmes helps most?", n=several)
        else:
            heading = _("{best}: does it help?", best=self.name(said.best))
        subtitle = _(
            "{options} · {years} from {start} · {n} of each",
            options=" · ".join(self.name(name) for name in self.c.names), years=self.years(), start=self.c.start_year,
            n=simulations(self.c.replicates, self.c.paired),
        )  # fmt: skip
        moved = displacement_note(self.c, said.best)
        return Page(
            language(), _("Comparison of programmes for an industrial cluster"), heading, subtitle, self._cards(said.best),
            list(said.sentences), said.rests_on, [*([moved] if moved else []), *self._same()], self._sections(),
        )  # fmt: skip

    def _same(self) -> list[str]:
        """Return which options do not differ in anything."""
        return [
            _(
                "“{a}” and “{b}” gave exactly the same outcomes in every simulation: nothing that matters to the model differs "
                "between them.", a=self.name(a), b=self.name(b),
            )
            for a, b in self.answers["same"]
        ]  # fmt: skip

    def _sections(self) -> list[Section]:
        return [
            Section("options", _("The options side by side"), self._options()),
            Section("chances", _("Chance that one option beats another"), self._chances()),
            Section("risk", _("Risk and regret"), self._risk()),
            Section("time", _("Over time"), self._time()),
            Section("who", _("Who gains, and at whose expense"), who.blocks(self.c, self._figure("who"))),
            Section("chain", _("Where the change comes from"), self._chain()),
            Section("ranking", _("What would change the ranking"), ranked.blocks(self.c)),
            Section("assumptions", _("Assumptions and their sources"), assumptions.of_comparison(self.c)),
            Section("provenance", _("How this was made"), assumptions.provenance(self.c)),
        ]

    def _cards(self, best: str) -> list[Card]:
        gain, paid = self.answers["differences"][best]["jobs"], self.answers["money"][best]
        cost = numbers.money(paid["public_cost"]["estimate"])
        rate = numbers.rate(self.c.discount)
        cards = [
            Card(
                numbers.signed_whole(gain["estimate"]),
                _("jobs after {years}, against {base}", years=self.years(), base=self.name(self.c.baseline)),
                _interval(numbers.signed_whole(gain["low"]), numbers.signed_whole(gain["high"])),
            ),
            self._chance_card(self.answers["chances"][best][self.c.baseline]),
            Card(cost, _("of public money, discounted at {rate} a year", rate=rate)),
        ]
        per = paid["jobs_per_million"]
        if per is not None:
            note = _interval(numbers.whole(per["low"]), numbers.whole(per["high"]))
            cards.append(Card(numbers.whole(per["estimate"]), _("jobs per million USD of public money"), note))
        return cards

    def _chance_card(self, found: dict[str, Any]) -> Card:
        """Return the chance of more jobs with its interval; a count where it is all or none, which is a bound."""
        wins, of = found["wins"], found["of"]
        if found["ties"] == of:
            return Card(_("equal in all {n}", n=of), _("chance of ending with more jobs"), simulations(of))
        if always_or_never(wins, of):
            note = _("so the chance is {bound}", bound=bound(wins, of))
            return Card(counted(wins, of), _("simulations end with more jobs"), note)
        share, low, high = (numbers.percent(found[key]) for key in ("estimate", "low", "high"))
        return Card(share, _("chance of ending with more jobs"), _interval(low, high))

    def _chance(self, found: dict[str, Any]) -> str:
        if found["ties"] == found["of"]:
            return _("equal in all {n}", n=found["of"])
        return chance(found["wins"], found["of"])

    def _figure(self, name: str, text: str = "", tables: list[Table] | None = None) -> Block:
        """Return a figure with its description, note and the tables behind it."""
        c, caption = self.c, CAPTIONS[name]
        shows = _(caption.shows, base=self.name(c.baseline), first=c.start_year, last=int(c.start_year + c.quarters / 4),
                  facts=" ".join(self._facts(name)))  # fmt: skip
        svg = inline(FIGURES[name](self.drawing), name, _(caption.title), shows)
        return Block("figure", text or caption.noted(), svg, self.data.behind(name) if tables is None else tables)

    def _facts(self, figure: str) -> list[str]:
        """Return the main numbers of a figure in words."""
        found = []
        for option in self.c.names:
            name, levels = self.name(option), self.answers["options"][option]
            if figure == "phases":
                found.append(self._last_phase(option))
            elif figure == "trajectories":
                jobs = numbers.whole(levels["jobs"]["mean"])
                found.append(_("{option}: {value} jobs on average at the end.", option=name, value=jobs))
            elif figure == "money":
                paid = numbers.money(levels["public_paid"]["mean"])
                found.append(_("{option}: {value} in all, not discounted.", option=name, value=paid))
            elif option != self.c.baseline:
                gain = numbers.signed_whole(self.answers["differences"][option]["jobs"]["estimate"])
                found.append(_("{option}: {value} jobs on average.", option=name, value=gain))
        return found

    def _last_phase(self, option: str) -> str:
        """Say which phase is the most frequent at the end, or which two are."""
        found, name = self.c.phase_shares(option), self.name(option)
        told, close = found.most_frequent()[-1], found.close()[-1]
        most = phase(PHASES[told]).lower()
        if close < 0:
            return _("{option}: most often in {phase} at the end.", option=name, phase=most)
        other = phase(PHASES[close]).lower()
        return _("{option}: about as often in {phase} as in {other} at the end.", option=name, phase=most, other=other)

    def _heads(self) -> list[str]:
        base = self.c.baseline
        names = [_("{option} (baseline)", option=self.name(n)) if n == base else self.name(n) for n in self.c.names]
        return [_("Measure"), *names]

    def _options(self) -> list[Block]:
        base, levels, differences = self.c.baseline, self.answers["options"], self.answers["differences"]
        rows = []
        for outcome in EFFECTS:
            if outcome not in self.c.outcome_names:
                continue
            row = [units.named(outcome)]
            for name in self.c.names:
                if name == base and outcome in PAIRED:
                    row.append(NONE)
                elif name == base:
                    row.append(units.value(levels[name][outcome]["mean"], outcome))
                else:
                    row.append(units.difference(differences[name][outcome], outcome))
            rows.append(row)
        rows += [self._money_row(key) for key in RATES]
        effect = [_("First year of a lasting effect on jobs")]
        for name in self.c.names:
            effect.append(NONE if name == base else _year(self.answers["time_to_effect"][name]["years"]))
        rows.append(effect)
        lead = _(
            "“{base}” is the baseline. Its column shows averages; the others show the difference to it, with the 90 % interval "
            "of that difference in brackets. An interval that includes zero means: no sure difference.",
            base=self.name(base),
        )
        chance_lead = _(
            "Share of the simulations in which it happens, with the interval of that share in brackets (90 %, Wilson)."
        )
        return [
            Block("text", lead),
            Block("table", tables=[Table(_("Effects and costs of each option"), self._heads(), rows)]),
            Block("text", chance_lead),
            Block("table", tables=[self._reach_table()]),
            self._figure("forest"),
        ]

    def _money_row(self, key: str) -> list[str]:
        """Return jobs per million or the cost per job, or the reason why there is none."""
        row = [_(RATES[key])]
        for name in self.c.names:
            if name == self.c.baseline:
                row.append(NONE)
                continue
            paid = self.answers["money"][name]
            found, reason = paid[key], self._reason(key, paid)
            if found is None or self._no_rate(paid):
                row.append(reason)
            else:
                shown = numbers.money if key.startswith("cost") else numbers.whole
                row.append(f"{shown(found['estimate'])} ({numbers.to(shown(found['low']), shown(found['high']))})")
        return row

    def _no_rate(self, paid: dict[str, Any]) -> bool:
        """Whether money bought nothing that a rate could be made of: none is spent, or the places differ."""
        cost = paid["public_cost"]
        return not self.c.paired or (cost["high"] if cost["high"] is not None else cost["estimate"]) <= 0.0

    def _reason(self, key: str, paid: dict[str, Any]) -> str:
        """Return why there is no rate or cost per job, should there be none."""
        if key == "cost_per_job_improved" and not self.c.paired:
            return _("not defined: the simulations are not paired")
        cost = paid["public_cost"]
        if (cost["high"] if cost["high"] is not None else cost["estimate"]) <= 0.0:
            return _("spends no more")
        if not self.c.paired:
            return _("none: the places differ")
        if key == "cost_per_job":
            return _("not given: it loses jobs") if paid["jobs_sign"] < 0 else _("not given: more jobs are not sure")
        if key == "cost_per_job_improved" and paid["improved_sign"] < 0:
            return _("not given: more jobs worsen than improve")
        if key == "cost_per_job_improved":
            return _("not given: a net improvement is not sure")
        return _("not defined")

    def _reach_table(self) -> Table:
        reached = self.answers["reached"]

        def cells(*keys: str) -> list[str]:
            found = []
            for name in self.c.names:
                share = reached[name]
                for key in keys:
                    share = share[key]
                found.append(chance(share["count"], share["of"]))
            return found

        rows = [[_("Association alive at the end"), *cells("association")]]
        for name in REACHED:
            for years in HORIZONS:
                if 4 * years <= self.c.quarters:
                    rows.append([_(REACHES[name], n=years), *cells(name, str(years))])
        return Table(_("Chance that the association is alive and that phases are reached in time"), self._heads(), rows)

    def _chances(self) -> list[Block]:
        rows = []
        for row in self.c.names:
            cells = [self.name(row)]
            for column in self.c.names:
                cells.append(NONE if row == column else self._chance(self.answers["chances"][row][column]))
            rows.append(cells)
        heads = [_("Option"), *(self.name(name) for name in self.c.names)]
        lead = _(
            "Each cell: the chance that the option of the row ends with more jobs than the option of the column, from "
            "simulations with the same random draws. All or none of a finite number of simulations is never certainty, so there "
            "the count stands with a bound of the chance."
        )
        table = Table(_("Chance that the row ends with more jobs than the column"), heads, rows)
        return [Block("text", lead), Block("table", tables=[table])]

    def _risk_lead(self) -> str:
        risk = self.answers["risk"]
        if risk["cases"] == "replicates":
            return _(
                "Over the {n} simulations, which differ only by chance. Regret is how many jobs are forgone by choosing an "
                "option where another would have ended with more; cost is not part of it. For uncertainty about the model's "
                "parameters, compare with --worlds.",
                n=risk["count"],
            )
        return _(
            "Over {n} uncertain worlds: {k} parameters of the model drawn together from ranges around their values, the same "
            "draws for all options. Each holds {each} simulations, so part of what differs between worlds is chance. Regret is "
            "how many jobs are forgone by choosing an option where another would have ended with more; cost is not part of it.",
            n=risk["count"],
            k=len(self.c.draws),
            each=self.c.replicates_each,
        )

    def _risk(self) -> list[Block]:
        risk = self.answers["risk"]
        rows = [[_("Chance of fewer jobs than the baseline")]]
        for name in self.c.names:
            found = risk["options"][name]["loses"]
            same = name == self.c.baseline or {name, self.c.baseline} in [set(pair) for pair in self.answers["same"]]
            rows[0].append(NONE if same else chance(found["count"], found["of"]))
        for key, text in RISKS.items():
            difference = key.endswith("difference")
            shown = numbers.signed_whole if difference else numbers.whole
            cells = [shown(risk["options"][name][key]) for name in self.c.names]
            if difference:
                cells[self.c.names.index(self.c.baseline)] = NONE
            rows.append([_(text), *cells])
        if risk["cases"] == "worlds":
            shares = [numbers.percent(risk["options"][name]["chance_share"]) for name in self.c.names]
            rows.append([_("Part of the differences between worlds that is chance (of their variance)"), *shares])
        table = Table(_("Risk of each option, in jobs at the end"), self._heads(), rows)
        return [Block("text", self._risk_lead()), Block("table", tables=[table]), self._figure("risk")]

    def _time(self) -> list[Block]:
        blocks = [phases_lead()]
        for name in ("phases", "trajectories", "paired", "money"):
            if name in self.drawn:
                blocks += [Block("heading", _(CAPTIONS[name].title)), self._figure(name)]
        return blocks

    def _chain(self) -> list[Block]:
        lead = _(
            "The model works through a chain: trust, ties, shared vision, joint projects, knowledge, jobs. When a link first "
            "moves, and how strongly, shows how a programme works. Strength is in standard deviations of the baseline's "
            "simulations, so that links compare; where those do not differ at all, there is none."
        )
        heads = [
            _("Link"), _("First sure change"), _("Strongest, in standard deviations"), _("At the end (same unit)"),
            _("Change at the end (90 %)"),
        ]  # fmt: skip
        blocks = [Block("text", lead)]
        for option in alternatives(self.c) or self.c.interventions[:1]:
            rows = []
            for link in CHAIN:
                found = self.answers["chain"][option][link]
                peak = numbers.signed(found["peak_scaled"], 2)
                if peak != NONE:
                    peak = _("{value} in year {n}", value=peak, n=found["peak_years"])
                end = numbers.signed(found["end_scaled"], 2)
                rows.append([indicator(link), _year(found["first_moved"]), peak, end, _link_change(link, found["end"])])
            caption = _("The chain from trust to jobs: {option}", option=self.name(option))
            blocks.append(Block("table", tables=[Table(caption, heads, rows)]))
        blocks.append(self._figure("chain", tables=self.data.chain(CHAIN)))
        return blocks


def _interval(low: str, high: str) -> str:
    return _("90 % interval: {interval}", interval=numbers.to(low, high))


def _year(count: int | None) -> str:
    return _("none that is sure") if count is None else _("year {n}", n=count)


def _link_change(link: str, end: dict[str, Any]) -> str:
    """Return the change of a link at the end with its interval and unit."""
    scale = factor(link)
    decimals = min(numbers.decimals_for(scale * end["estimate"]), 3)
    values = [None if end[key] is None else scale * end[key] for key in ("estimate", "low", "high")]
    mean, low, high = (numbers.signed(value, decimals) for value in values)
    shown = mean if low == NONE else f"{mean} ({numbers.to(low, high)})"
    if link == "linked_share":
        return _("{value} percentage points", value=shown)
    return shown if UNITS[link] == UNITS["trust"] else f"{shown} {_(UNITS[link])}"
