"""Many at once on one folder, some of them killed, and some in process namespaces of their own, as containers are."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

from . import works
from .attack import Attack, Fault, scratch
from .children import Child, cannot_go_apart, spoken
from .kills import STATUSES, ended_whole

MOST = 8


class Writers(Attack):
    """Up to eight commands at once on one folder."""

    name, what = "writers", "two to eight runs, comparisons, sweeps, reports and exports at once on one folder, a third killed"
    short, long = 4, 300
    apart = False
    kills = True

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = {kind: works.Whole(kind, folder) for kind in works.COMMANDS}

    def command(self, what: str, out: Path) -> list[str]:
        """Return a command line; reports and exports are of the run, which may not be there yet."""
        run = out / self.whole["run"].folder.name
        if what == "report":
            return ["report", str(run)]
        if what == "export":
            return ["results", "export", str(run), "csv", "--to", str(out / "run.csv")]
        return works.command(what, out)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        found: list[Fault] = []
        with scratch() as place:
            out = place / "results"
            out.mkdir()
            kinds = [draw.choice(("run", "run", "comparison", "sweep", "sweep", "report", "export"))
                     for _ in range(draw.randint(2, MOST))]  # fmt: skip
            children, victims = [], []
            for k, what in enumerate(kinds):
                apart = self.apart and k % 2 == 0
                children.append(Child(self.command(what, out), place / f"said-{k}.txt", apart=apart))
                time.sleep(draw.choice((0.0, draw.uniform(0.0, 0.2))))
            for k, child in enumerate(children):
                if self.kills and draw.random() < 0.3:
                    victims.append(k)
                    time.sleep(draw.uniform(0.0, 0.1))
                    child.send(draw.choice((signal.SIGKILL, signal.SIGTERM)))
            for k, child in enumerate(children):
                child.end()
                reads = kinds[k] in ("report", "export")
                found += spoken(child, (*STATUSES, 137, 143) if k in victims else (0, 2) if reads else (0,))
            for kind in sorted({kind for kind in kinds if kind in works.COMMANDS}):
                found += ended_alone(self.whole[kind], kinds, out, place)
        return found


def ended_alone(whole: works.Whole, kinds: list[str], out: Path, place: Path) -> list[Fault]:
    """Return what is wrong with one of the results at the end, but for a report that somebody wrote into it."""
    pages = list(out.glob("small-*/report_*.html"))
    if whole.kind == "run" and "report" in kinds:
        for page in pages:
            page.unlink()
    return ended_whole(whole, out, place / f"last-{whole.kind}.txt")


class Namespaces(Writers):
    """The same, where every second writer is in a process namespace of its own with the same host name."""

    name = "namespaces"
    what = "the same, every second of them in a process namespace of its own, where it is number 1 and sees nobody; a third killed"

    apart = True

    def impossible(self) -> str:
        return cannot_go_apart()


class Together(Namespaces):
    """The same, and nobody is killed: all of them must end well."""

    name = "together"
    what = "the same with nobody killed: each must end well and find its work in place"
    kills = False
