"""What the experiment `instrument_by_state` answers: what each instrument does alone at each state, and whether sources agree.

`docs/answers/write.py instrument_by_state` calls `answer`, which writes the marked parts of `instrument_by_state.md` and of its
Spanish page, the pictures, and `instrument_by_state_effects.csv` with every difference and its band.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from clustersim import sweep
from clustersim.core.words import _, language, speaking
from clustersim.views.catalogue import label
from clustersim.views.figures.style import settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME, BASELINE = "instrument_by_state", "no instrument"
PAGES = {"en": HERE / f"{NAME}.md", "es": ROOT / "docs" / "es" / "instrumento_y_estado.md"}
STATES = ("agglomeration", "creation", "development", "maturity", "decline")
MEANT = (("agglomeration",), ("creation",), ("development", "maturity"), ("development", "maturity"), ("decline",))  # by world
BEFORE, AFTER = 23, {5: 43, 10: 63}  # quarters: the last before money, and five and ten years after it
OUTCOMES = ("employment", "value_added", "exports", "linked_share", "trust")
FLOWS = ("value_added", "exports")  # kUSD a quarter: shown by year
SHARES = ("linked_share", "trust")  # shown in points of a hundred
RESAMPLES, PERMUTATIONS, ERROR = 2000, 20_000, 0.05
EARLY, LATE = [0, 1], [2, 3]  # states before development, and from it on
WORDS = {
    "employment": ("jobs", "empleos"), "value_added": ("value added", "valor agregado"), "exports": ("exports", "exportaciones"),
    "linked_share": ("linked firms", "empresas vinculadas"), "trust": ("trust", "confianza"),
    "kUSD a year": ("kUSD a year", "kUSD al año"), "points": ("points", "puntos"), "instrument": ("instrument", "instrumento"),
    "source": ("source expects", "la fuente espera"), "state": ("state", "estado"), "set-up": ("set-up", "lugar"),
    "runs": ("runs counted", "simulaciones que cuentan"), "money": ("net public money", "dinero público neto"),
    "any": ("any", "cualquiera"), "said": ("stage named by a source", "etapa según una fuente"), "years": ("years", "años"),
    "measure": ("judged by", "se juzga por"), "hits": ("does most there", "logra más allí"), "chance": ("chance", "azar"),
    "p": ("p", "p"), "gain": ("there less elsewhere", "allí menos en otra parte"), "none": ("none", "ninguno"),
    "purpose": ("what it is for, 10 years", "su propósito, 10 años"), "percent": ("jobs in %, 10 years", "empleos en %, 10 años"),
    "with inferred": ("jobs, 10 years, with 4 stages inferred", "empleos, 10 años, con 4 etapas inferidas"),
    "jobs10": ("jobs, 10 years", "empleos, 10 años"), "jobs5": ("jobs, 5 years", "empleos, 5 años"),
    "sure": ("surely more", "seguro más"), "less": ("surely less", "seguro menos"), "most": ("most", "los que más logran"),
    "figure": ("Jobs more or less than without it, ten years after money comes",
               "Empleos de más o de menos, diez años después de que llega el dinero"),
    "key": ("frame: stage that a source names; dot: sure after 220 looks",
            "marco: etapa que nombra una fuente; punto: seguro tras 220 miradas"),
    "panel": ("Four more outcomes after ten years", "Cuatro resultados más, a los diez años"),
}  # fmt: skip


def word(key: str) -> str:
    """Return a word of these pages in the language in force."""
    return WORDS[key][language() == "es"]


class Effects(NamedTuple):
    """Differences to no instrument: by instrument and state their mean, and the means of resampled replicates."""

    mean: NDArray
    drawn: NDArray  # resample, instrument, state

    def band(self, looks: int) -> tuple[NDArray, NDArray]:
        """Return the band that holds in all of so many looks together."""
        wide = norm.ppf(1 - ERROR / 2 / looks) * self.drawn.std(axis=0)
        return self.mean - wide, self.mean + wide

    def sign(self) -> NDArray:
        """Return 1 where it is surely more, -1 where surely less, after as many looks as there are instruments and states."""
        low, high = self.band(self.mean.size)
        return (low > 0).astype(int) - (high < 0)


class Study:
    """All runs of the experiment, by option, world and replicate."""

    def __init__(self, frame: pd.DataFrame) -> None:
        said = pd.read_csv(HERE / f"{NAME}.csv", keep_default_na=False)
        self.said = said.set_index("instrument")
        self.uses = list(self.said.index)
        self.frame = frame.assign(option=frame["option"].astype(str), phase=frame["phase"].astype(str))
        self.frame["net"] = self.frame["total_public_spending"] - self.frame["total_returned"]
        phase = self.values("phase", BEFORE)
        assert (phase == phase[0]).all(), "an option changes what was before its money"
        assert (self.values("employment", BEFORE) == self.values("employment", BEFORE)[0]).all()
        self.phase = phase[0]
        meant = np.array([[state in MEANT[world] for state in STATES] for world in range(len(MEANT))])
        self.counts = np.array([self.phase == state for state in STATES]) & meant.T[:, :, None]  # state, world, replicate
        self.known: dict[tuple[str, int], Effects] = {}
        self.weights = np.random.default_rng(1).multinomial(self.phase.shape[1], [1 / self.phase.shape[1]] * self.phase.shape[1],
                                                            RESAMPLES)  # fmt: skip

    def values(self, column: str, quarter: int) -> NDArray:
        """Return what a column says in a quarter, by option (no instrument first), world and replicate."""
        part = self.frame[self.frame["quarter"] == quarter].set_index(["option", "world", "replicate"])[column]
        worlds, replicates = len(MEANT), int(self.frame["replicate"].max()) + 1
        index = pd.MultiIndex.from_product([[BASELINE, *self.uses], range(worlds), range(replicates)])
        return part.reindex(index).to_numpy().reshape(-1, worlds, replicates)

    def means(self, values: NDArray) -> Effects:
        """Return means by state of what stands by instrument, world and replicate; replicates are resampled whole.

        Worlds share the draws of a replicate, so that replicates are the independent units.
        """
        sums = np.einsum("owr,swr->osr", values, self.counts.astype(float))
        number = self.counts.sum(axis=1).astype(float)
        drawn = np.einsum("br,osr->bos", self.weights, sums, optimize=True) / (self.weights @ number.T)[:, None, :]
        return Effects(sums.sum(axis=2) / number.sum(axis=1), drawn)

    def effects(self, outcome: str, years: int) -> Effects:
        """Return differences of an outcome so many years after money comes; flows of money by year."""
        if (outcome, years) not in self.known:
            values = self.amounts(outcome, AFTER[years])
            self.known[outcome, years] = self.means(values[1:] - values[0])
        return self.known[outcome, years]

    def amounts(self, column: str, quarter: int) -> NDArray:
        """Return the numbers of a column in a quarter; flows of money by year."""
        return self.values(column, quarter).astype(float) * (4 if column in FLOWS else 1)

    def base(self, outcome: str, quarter: int) -> NDArray:
        """Return the mean of an outcome without an instrument, by state."""
        return self.means(self.amounts(outcome, quarter)[:1]).mean[0]

    def expected(self, *basis: str) -> tuple[list[int], NDArray]:
        """Return the instruments whose stage is known on such a basis, and for each at which states."""
        chosen = [k for k, use in enumerate(self.uses) if self.said["basis"][use] in basis]
        rows = [[state in self.said["states"][self.uses[k]].split("; ") for state in STATES] for k in chosen]
        return chosen, np.array(rows)


class Score(NamedTuple):
    """How often an instrument does most at the stage that a source names, and what chance gives."""

    hits: int
    of: int
    chance: float
    p: float
    gain: float
    low: float
    high: float
    gain_p: float


def score(found: Effects, chosen: list[int], there: NDArray) -> Score:
    """Compare the best states with those expected; chance permutes the expected states among the instruments."""
    draw = np.random.default_rng(2)
    mean, drawn = found.mean[chosen], found.drawn[:, chosen]
    best = mean.argmax(axis=1)

    def gain(values: NDArray, at: NDArray) -> NDArray:
        inside = (values * at).sum(axis=-1) / at.sum(axis=-1)
        return (inside - (values * ~at).sum(axis=-1) / (~at).sum(axis=-1)).mean(axis=-1)

    orders = [draw.permutation(len(chosen)) for _k in range(PERMUTATIONS)]
    by_chance = np.array([there[order, best].sum() for order in orders])
    gains = np.array([gain(mean, there[order]) for order in orders])
    hits, value, band = int(there[np.arange(len(chosen)), best].sum()), float(gain(mean, there)), gain(drawn, there)
    return Score(hits, len(chosen), float(by_chance.mean()), float((by_chance >= hits).mean()), value,
                 *map(float, np.quantile(band, [ERROR / 2, 1 - ERROR / 2])), float((gains >= value).mean()))  # fmt: skip


def scores(study: Study) -> dict[str, Score]:
    """Return the score by each measure."""
    named, there = study.expected("named")
    jobs = study.effects("employment", 10)
    purpose = {outcome: study.effects(outcome, 10) for outcome in OUTCOMES}
    own = [purpose[study.said["purpose"][use]] for use in study.uses]

    def scaled(found: Effects, k: int) -> tuple[NDArray, NDArray]:
        size = np.abs(found.mean[k]).max() or 1.0  # outcomes have different units: each instrument in parts of its largest
        return found.mean[k] / size, found.drawn[:, k] / size

    parts = [scaled(found, k) for k, found in enumerate(own)]
    mixed = Effects(np.array([mean for mean, _d in parts]), np.stack([drawn for _m, drawn in parts], axis=1))
    base = study.base("employment", AFTER[10])
    percent = Effects(100 * jobs.mean / base, 100 * jobs.drawn / base)
    return {"jobs10": score(jobs, named, there), "jobs5": score(study.effects("employment", 5), named, there),
            "percent": score(percent, named, there), "purpose": score(mixed, named, there),
            "with inferred": score(jobs, *study.expected("named", "inferred"))}  # fmt: skip


def number(value: float, digits: int = 0, sign: bool = True) -> str:
    """Return a number as text in the language in force."""
    value = round(value, digits) + 0.0
    text = f"{value:{'+' if sign and value else ''},.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "es" else text


def rows(heads: list[str], lines: list[list[str]]) -> str:
    """Return a Markdown table; all columns but the first are numbers."""
    table = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join([*table, *("| " + " | ".join(line) + " |" for line in lines)])


def states_table(study: Study) -> str:
    """Return which phase each set-up is in before money comes, and how many runs count for each state."""
    phases = [*STATES, *sorted(set(study.phase.ravel()) - set(STATES))]
    lines = []
    for world, meant in enumerate(MEANT):
        shares = [(study.phase[world] == phase).mean() for phase in phases]
        lines.append([f"{world + 1}: {', '.join(_(state) for state in meant)}", *(number(share, 2, False) for share in shares)])
    first = rows([word("set-up"), *(_(phase) for phase in phases)], lines)
    runs = study.counts.sum(axis=(1, 2))
    before = {outcome: study.base(outcome, BEFORE) for outcome in OUTCOMES}
    kept = []
    for k, state in enumerate(STATES):
        cells = [number(values[k], 2 if outcome in SHARES else 0, False) for outcome, values in before.items()]
        kept.append([_(state), number(runs[k], 0, False), *cells])
    return f"{first}\n\n{rows([word('state'), word('runs'), *(headed(o) for o in OUTCOMES)], kept)}"


def headed(outcome: str, change: bool = False) -> str:
    """Return the name of an outcome, with its unit where it is money, or the change of a share."""
    unit = word("kUSD a year") if outcome in FLOWS else word("points") if change and outcome in SHARES else ""
    return f"{word(outcome)} [{unit}]" if unit else word(outcome)


def scores_table(found: dict[str, Score]) -> str:
    """Return the score by each measure: hits, chance, and how much more there than elsewhere."""
    lines = []
    for name, s in found.items():
        digits = 2 if name in ("percent", "purpose") else 0
        gain = f"{number(s.gain, digits)} ({number(s.low, digits)} {_to()} {number(s.high, digits)})"
        hits = f"{s.hits} / {s.of}"
        lines.append([word(name), hits, number(s.chance, 1, False), number(s.p, 2, False), gain, number(s.gain_p, 2, False)])
    return rows([word(key) for key in ("measure", "hits", "chance", "p", "gain", "p")], lines)


def _to() -> str:
    return "a" if language() == "es" else "to"


def jobs_table(study: Study, found: Effects) -> str:
    """Return jobs after ten years by instrument and state: sure ones in bold; the state that a source names with a star."""
    sign, lines = found.sign(), []
    for k, use in enumerate(study.uses):
        expected = study.said["states"][use].split("; ") if study.said["basis"][use] == "named" else []
        cells = []
        for s, state in enumerate(STATES):
            text = number(found.mean[k, s])
            cells.append((f"**{text}**" if sign[k, s] else text) + ("*" if state in expected else ""))
        lines.append([label(use), *cells, _(STATES[int(found.mean[k].argmax())]) if np.ptp(found.mean[k]) else word("none")])
    return rows([word("instrument"), *(_(state) for state in STATES), word("most")], lines)


def money_table(study: Study) -> str:
    """Return for each instrument, at the state where it brings most jobs, what a million USD of net public money brings."""
    jobs = study.effects("employment", 10)
    net = study.amounts("net", AFTER[10])
    spent = study.means(net[1:] - net[0]).mean
    lines = []
    for k, use in enumerate(study.uses):
        if not np.ptp(jobs.mean[k]):
            continue
        s = int(jobs.mean[k].argmax())
        cells = []
        for outcome, years in (("employment", 5), *((outcome, 10) for outcome in OUTCOMES)):
            share, value = outcome in SHARES, study.effects(outcome, years).mean[k, s] / spent[k, s]
            cells.append(number(value * (1e5 if share else 1e3), 1 if share else 0))
        line = [label(use), _(STATES[s]), number(spent[k, s], 0, False), *cells]
        lines.append((jobs.mean[k, s] / spent[k, s], line))
    heads = [word("instrument"), word("state"), f"{word('money')} [kUSD]", word("jobs5"),
             *(word("jobs10") if o == "employment" else headed(o, change=True) for o in OUTCOMES)]  # fmt: skip
    return rows(heads, [line for _value, line in sorted(lines, key=lambda pair: -pair[0])])


def state_table(study: Study) -> str:
    """Return for each state and outcome the three instruments that do most after ten years, and how many surely do."""
    lines = []
    for s, state in enumerate(STATES):
        for outcome in OUTCOMES:
            found, share, cells = study.effects(outcome, 10), outcome in SHARES, []
            low, high = found.band(found.mean.size)
            for k in np.argsort(-found.mean[:, s])[:3]:
                values = [(100 if share else 1) * v[k, s] for v in (found.mean, low, high)]
                mean, least, most = (number(v, 1 if share else 0) for v in values)
                cells.append(f"{label(study.uses[k])} {mean} ({least} {_to()} {most})")
            sign, name = found.sign()[:, s], f"{_(state)}: {headed(outcome, change=True)}"
            lines.append([name, "; ".join(cells), str((sign > 0).sum()), str((sign < 0).sum())])
    return rows([word("state"), word("most"), word("sure"), word("less")], lines)


def heat(ax: plt.Axes, study: Study, found: Effects, order: list[int], digits: int = 0, factor: float = 1.0) -> None:
    """Draw differences by instrument and state: colour by sign and size, a dot where sure, a frame where a source names it."""
    values, sign = factor * found.mean[order], found.sign()[order]
    most = np.abs(values).max()
    ax.imshow(values, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    for row, k in enumerate(order):
        use = study.uses[k]
        for s, state in enumerate(STATES):
            dark = abs(values[row, s]) > 0.6 * most
            text = number(values[row, s], digits) + (" •" if sign[row, s] else "")
            ax.text(s, row, text, ha="center", va="center", fontsize=6.5, color="white" if dark else "black")
            if study.said["basis"][use] == "named" and state in study.said["states"][use].split("; "):
                ax.add_patch(plt.Rectangle((s - 0.47, row - 0.45), 0.94, 0.9, fill=False, edgecolor="black", linewidth=1.1))
    ax.set_xticks(range(len(STATES)), [_(state) for state in STATES], rotation=30, ha="right")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)


def pictures(study: Study) -> None:
    """Draw jobs, and the four other outcomes, in the language in force."""
    ending = "" if language() == "en" else f".{language()}"
    jobs = study.effects("employment", 10)
    order = sorted(range(len(study.uses)), key=lambda k: -jobs.mean[k].mean())
    names = [label(study.uses[k]) for k in order]
    with settings():
        figure, ax = plt.subplots(figsize=(6.6, 9.2))
        heat(ax, study, jobs, order)
        ax.set_yticks(range(len(order)), names)
        ax.set_title(f"{word('figure')}\n({word('key')})", fontsize=8)
        figure.savefig(HERE / "images" / f"{NAME}{ending}.png", dpi=110, bbox_inches="tight")
        plt.close(figure)
        figure, axes = plt.subplots(1, 4, figsize=(15, 9.2), sharey=True)
        for ax, outcome in zip(axes, OUTCOMES[1:], strict=True):
            share = outcome in SHARES
            heat(ax, study, study.effects(outcome, 10), order, 1 if share else 0, 100.0 if share else 1.0)
            ax.set_title(headed(outcome, change=True), fontsize=8)
        axes[0].set_yticks(range(len(order)), names)
        figure.suptitle(f"{word('panel')} ({word('key')})", fontsize=9, y=0.92)
        figure.savefig(HERE / "images" / f"{NAME}_outcomes{ending}.png", dpi=100, bbox_inches="tight")
        plt.close(figure)


def everything(study: Study) -> pd.DataFrame:
    """Return every difference with its band, one row each; `net` is public money less what came back, in kUSD."""
    parts = []
    for years in AFTER:
        for outcome in (*OUTCOMES, "net"):
            found = study.effects(outcome, years)
            low, high = found.band(found.mean.size)
            for k, use in enumerate(study.uses):
                for s, state in enumerate(STATES):
                    parts.append((use, state, years, outcome, found.mean[k, s], low[k, s], high[k, s]))
    table = pd.DataFrame(parts, columns=["instrument", "state", "years", "outcome", "difference", "low", "high"])
    return table.assign(**{name: [f"{value:.4g}" for value in table[name]] for name in ("difference", "low", "high")})


def contrasts(study: Study) -> str:
    """Return what the sentences of the answers rest on beside the tables, as lines for the terminal."""
    jobs, sign = study.effects("employment", 10), study.effects("employment", 10).sign()
    lines = []
    for kinds in (("relations",), ("firms", "markets"), ("firms",), ("markets",), ("place",)):
        at = [k for k, use in enumerate(study.uses) if study.said["kind"][use] in kinds]
        drawn = (jobs.drawn[:, at][:, :, EARLY].mean(axis=2) - jobs.drawn[:, at][:, :, LATE].mean(axis=2)).mean(axis=1)
        value = (jobs.mean[at][:, EARLY].mean(axis=1) - jobs.mean[at][:, LATE].mean(axis=1)).mean()
        low, high = np.quantile(drawn, [ERROR / 2, 1 - ERROR / 2])
        means = ", ".join(f"{m:.1f}" for m in jobs.mean[at].mean(axis=0))
        lines.append(f"{'+'.join(kinds)}: early less late {value:+.1f} ({low:+.1f} to {high:+.1f}); by state {means}")
    base, acts = study.base("employment", AFTER[10]), np.ptp(jobs.mean, axis=1) > 0
    for s, state in enumerate(STATES):
        best, relative = (jobs.mean[acts].argmax(axis=1) == s).sum(), ((jobs.mean / base)[acts].argmax(axis=1) == s).sum()
        mean = jobs.mean[:, s].mean()
        lines.append(f"{state}: mean {mean:.2f} jobs, {100 * mean / base[s]:.2f} % of {base[s]:.0f}; best state of {best}, "
                     f"in % of {relative}; surely more {(sign[:, s] > 0).sum()}")  # fmt: skip
    lines.append(f"surely more at all states: {[use for k, use in enumerate(study.uses) if (sign[k] > 0).all()]}")
    lines.append(f"sure at none: {[use for k, use in enumerate(study.uses) if not sign[k].any()]}")
    chosen, there = study.expected("named")
    wide = norm.ppf(1 - ERROR / 2 / (len(chosen) * (len(STATES) - 1)))
    for k, named in zip(chosen, there, strict=True):
        own, other = (int(np.where(at, jobs.mean[k], -np.inf).argmax()) for at in (named, ~named))
        gap, spread = jobs.mean[k, own] - jobs.mean[k, other], (jobs.drawn[:, k, own] - jobs.drawn[:, k, other]).std()
        sure = " SURE" if abs(gap) > wide * spread else ""
        lines.append(f"{study.uses[k]}: named {STATES[own]} less best other {STATES[other]} {gap:+.1f} (s.e. {spread:.1f}){sure}")
    hits = np.array([there[np.arange(len(chosen)), drawn.argmax(axis=1)].sum() for drawn in jobs.drawn[:, chosen]])
    lines.append(f"hits, resampled: {np.quantile(hits, [ERROR / 2, 1 - ERROR / 2])}")
    bodies = [k for k, use in enumerate(study.uses) if study.said["kind"][use] == "bodies"]
    lines.append(f"bodies: largest difference {np.abs(jobs.mean[bodies]).max()}")
    return "\n".join(lines)


def answer(write: Callable[[Path, str, str], None]) -> None:
    """Write tables, pictures and the file of all differences."""
    study = Study(sweep(NAME, ROOT / "results").indicators)
    everything(study).to_csv(HERE / f"{NAME}_effects.csv", index=False, lineterminator="\n")
    jobs, found = study.effects("employment", 10), scores(study)
    for lang, page in PAGES.items():
        with speaking(lang):
            pictures(study)
            texts = {"states": states_table(study), "scores": scores_table(found), "jobs": jobs_table(study, jobs),
                     "best": state_table(study), "money": money_table(study)}  # fmt: skip
            for part, text in texts.items():
                write(page, f"{NAME} {part}", text)
    print(contrasts(study))
