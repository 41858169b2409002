"""Work that is killed, at random moments and at each call that changes the file system, and then goes on."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

from . import works
from .attack import Attack, Fault, scratch
from .children import Child, spoken
from .points import Points

NUMBERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STATUSES = (0, 1, 130, 143, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)
NOTE = "notes.txt"


def ended_whole(whole: works.Whole, out: Path, said: Path, others: str = "") -> list[Fault]:
    """Run the command to its end; return what is wrong with its words, with what it leaves, and with what stays hidden.

    What a killed process left may stay for as long as it could still be somebody else's; a run days later must remove it.
    Files of such names as `others` may stand beside the result.
    """
    last = Child(works.command(whole.kind, out), said)
    last.end()
    found = spoken(last, (0,)) or whole.differs(out, others)
    if found or not (there := works.hidden(out)):
        return found
    works.age(there)
    last = Child(works.command(whole.kind, out), said)
    last.end()
    found = spoken(last, (0,)) or whole.differs(out, others)
    if there := works.hidden(out):
        found.append(Fault("left", ", ".join(sorted(path.name for path in there))[:300]))
    return found


class Kills(Attack):
    """Kills at random moments."""

    short, long = 8, 400

    def __init__(self, kind: str) -> None:
        self.kind, self.name = kind, f"kills-{kind}"
        self.what = f"a {kind} gets SIGKILL, SIGTERM or SIGINT at random moments, up to four times, and goes on"

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = works.Whole(self.kind, folder)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        found: list[Fault] = []
        with scratch() as place:
            out, said = place / "results", place / "said.txt"
            for _ in range(draw.choice((1, 1, 2, 4))):
                child = Child(works.command(self.kind, out), said)
                time.sleep(draw.uniform(0.0, 1.1 * self.whole.seconds))
                child.send(draw.choice(NUMBERS))
                child.end()
                found += spoken(child, STATUSES)
            return found + ended_whole(self.whole, out, place / "last.txt")


class CommitPoints(Attack):
    """Kills at each call that changes the file system."""

    short, long = 6, 10_000

    def __init__(self, kind: str, over: bool = False) -> None:
        self.kind, self.over = kind, over
        self.name = f"points-{kind}" + ("-over" if over else "")
        again = ", where an older result with a user's note stands" if over else ""
        self.what = f"a {kind} is killed at each call that changes the file system, half-way through writes{again}, and goes on"

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = works.Whole(self.kind, folder)
        points = Points()
        with scratch() as place:
            Child(works.command(self.kind, self.there(place)), place / "said.txt", points.watch).end()
        self.total = points.counted()
        step = max(1, self.total // self.short)
        self.order = [*range(step // 2, self.total, step)]  # spread over all first
        self.order += sorted(set(range(self.total)) - set(self.order))

    def there(self, place: Path) -> Path:
        """Return the folder for results, with an older one in it if that is asked for."""
        out = place / "results"
        if self.over:
            Child(works.command(self.kind, out), place / "first.txt").end()
            (self.result(out) / NOTE).write_text("mine", "utf-8")
        return out

    def result(self, out: Path) -> Path:
        """Return the folder of the result."""
        return works.result_in(out, self.kind) or out

    def cases(self) -> int:
        return self.total

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        with scratch() as place:
            out = self.there(place)
            child = Child(works.command(self.kind, out), place / "said.txt", Points(self.order[number]).watch)
            child.end()
            found = spoken(child, STATUSES)
            if self.over and not self.held(out, place):
                return [*found, Fault("lost", f"after call {self.order[number]} the note is nowhere that is listed or restored")]
            if self.over:
                (self.result(out) / NOTE).unlink()
            return found + ended_whole(self.whole, out, place / "last.txt")

    def held(self, out: Path, place: Path) -> bool:
        """Whether the note stands in the result after the same command ran again."""
        Child(works.command(self.kind, out), place / "again.txt").end()
        return (self.result(out) / NOTE).is_file()
