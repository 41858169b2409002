"""Many at once on one folder, some of them killed, and some in process namespaces of their own, as containers are."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from errno import ENOENT
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from . import works
from .attack import Attack, Fault, scratch
from .children import Child, cannot_go_apart, spoken
from .kills import STATUSES, ended_whole

MOST = 8


class Writers(Attack):
    """Up to eight commands at once on one folder."""

    name, what = "writers", "two to eight runs, comparisons, sweeps, reports and exports at once on one folder, a third killed"
    short, long = 4, 100
    seconds = 120.0
    apart = False
    kills = True

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = {kind: works.Whole(kind, folder) for kind in works.COMMANDS}

    def before(self, k: int, draw: random.Random) -> Callable[[], object] | None:
        """Return what the k-th writer is to do before its command."""
        return None

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
                children.append(Child(self.command(what, out), place / f"said-{k}.txt", self.before(k, draw), apart))
                time.sleep(draw.choice((0.0, draw.uniform(0.0, 0.2))))
            for k, child in enumerate(children):
                if self.kills and draw.random() < 0.3:
                    victims.append(k)
                    time.sleep(draw.uniform(0.0, 0.1))
                    child.send(draw.choice((signal.SIGKILL, signal.SIGTERM)))
            for k, child in enumerate(children):
                child.end()
                reads = kinds[k] in ("report", "export")
                allowed = (*STATUSES, 137) if k in victims else (0,)
                found += spoken(child, (*allowed, 2) if reads else allowed)  # what is to be read may not be there yet
            for kind in sorted({kind for kind in kinds if kind in works.COMMANDS}):
                found += ended_alone(self.whole[kind], kinds, out, place)
        return found


def ended_alone(whole: works.Whole, kinds: list[str], out: Path, place: Path) -> list[Fault]:
    """Return what is wrong with one of the results at the end, but for a report that somebody wrote into it.

    It may have been set aside with the result that it was written into, and comes back with it.
    """
    pages = "report_*.html" if whole.kind == "run" and "report" in kinds else ""
    return ended_whole(whole, out, place / f"last-{whole.kind}.txt", pages)


class Namespaces(Writers):
    """The same, where every second writer is in a process namespace of its own with the same host name."""

    name = "namespaces"
    what = "the same, every second of them in a process namespace of its own, where it is number 1; a third killed"

    apart = True

    def impossible(self) -> str:
        return cannot_go_apart()


class Together(Namespaces):
    """The same, and nobody is killed: all of them must end well."""

    name = "together"
    what = "the same with nobody killed: each must end well and find its work in place"
    kills = False


class Clocks(Writers):
    """On machines whose clocks differ."""

    name = "clocks"
    what = "the same on machines of other names whose clocks are up to ten days apart, nobody killed"
    kills = False

    def before(self, k: int, draw: random.Random) -> Callable[[], object]:
        days = draw.choice((-10, -2, 0, 0, 2, 10))
        host = f"host-{k % 3}"

        def differ() -> None:
            now = time.time
            time.time = lambda: now() + 86400.0 * days
            socket.gethostname = lambda: host

        return differ


class LateFiles(Writers):
    """On a file system that shows late what others have written."""

    name = "late-files"
    what = "the same where each sees for up to a second nothing of what others have just renamed or made, nobody killed"
    kills = False

    def before(self, k: int, draw: random.Random) -> Callable[[], object]:
        late = draw.uniform(0.1, 1.0)
        return lambda: see_late(late)


def see_late(seconds: float) -> None:
    """Hide from this process, in lists and when asked for, what others have made within the last seconds."""
    own: set[str] = set()
    stat, scandir, listdir = os.stat, os.scandir, os.listdir

    def noted(call: Callable[..., Any], place: int) -> Callable[..., Any]:
        def making(*given: Any, **options: Any) -> Any:
            if len(given) > place:
                own.add(os.path.basename(os.fspath(given[place])))
            return call(*given, **options)

        return making

    def young(path: Any) -> bool:
        if isinstance(path, int) or "results" not in os.fspath(path) or os.path.basename(os.fspath(path)) in own:
            return False
        try:
            return time.time() - stat(path).st_ctime < seconds
        except OSError:
            return False

    def late_stat(path: Any, *given: Any, **options: Any) -> Any:
        found = stat(path, *given, **options)
        if young(path) and not S_ISDIR(found.st_mode):
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), os.fspath(path))
        return found

    class Entries:
        def __init__(self, path: Any) -> None:
            self.entries = scandir(path)

        def __iter__(self) -> Any:
            return (entry for entry in self.entries if not young(entry.path))

        def __next__(self) -> Any:
            return next(iter(self))

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *given: Any) -> None:
            self.entries.close()

        def close(self) -> None:
            self.entries.close()

    for name, place in (("rename", 1), ("replace", 1), ("link", 1), ("mkdir", 0)):
        setattr(os, name, noted(getattr(os, name), place))
    os.stat = late_stat
    os.scandir = Entries  # type: ignore[assignment,misc]
    os.listdir = lambda path=".": [  # type: ignore[assignment,misc]
        name for name in listdir(path) if not young(os.path.join(os.fspath(path), name))
    ]
