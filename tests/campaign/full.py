"""Disks that are full, and limits of files and memory: one sentence, nothing half-written, and the work goes on afterwards."""

from __future__ import annotations

import os
import random
import resource
import subprocess
from pathlib import Path

from . import works
from .attack import Attack, Fault, scratch
from .children import Child, spoken
from .kills import ended_whole
from .points import Points


class FullAtEachPoint(Attack):
    """No room at each call that needs some: from then on, or once."""

    short, long = 8, 10_000

    def __init__(self, kind: str) -> None:
        self.kind, self.name = kind, f"full-{kind}"
        self.what = f"a {kind} meets a full disk at each call that takes room, for good or once, and goes on when there is room"

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = works.Whole(self.kind, folder)
        points = Points()
        with scratch() as place:
            Child(works.command(self.kind, place / "results"), place / "said.txt", points.watch).end()
        self.total = points.counted()
        step = max(1, self.total // (self.short // 2))
        self.order = [*range(step // 2, self.total, step)]
        self.order += sorted(set(range(self.total)) - set(self.order))

    def cases(self) -> int:
        return 2 * self.total

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        what = ("full", "full once")[number % 2]
        with scratch() as place:
            out = place / "results"
            child = Child(works.command(self.kind, out), place / "said.txt", Points(self.order[number // 2], what).watch)
            child.end()
            found = spoken(child, (0, 1, 2))
            left = [path.name for path in works.hidden(out) if ".kept-" not in path.as_posix()]
            if left:
                found.append(Fault("left", f"after {what} at call {self.order[number // 2]}: {', '.join(left)[:200]}"))
            return found + ended_whole(self.whole, out, place / "last.txt")


class SmallDisk(Attack):
    """A file system of memory that is too small."""

    name, what = "full-disk", "runs, comparisons and sweeps on real file systems of 4 to 400 KiB, which then grow"
    short, long = 6, 150

    def impossible(self) -> str:
        with scratch() as place:
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", place], capture_output=True, text=True)
            if done.returncode == 0:
                subprocess.run(["umount", "-l", place], check=True)
            return f"no file system can be mounted ({done.stderr.strip()})" if done.returncode else ""

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = {kind: works.Whole(kind, folder) for kind in works.COMMANDS}

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        kind = tuple(works.COMMANDS)[number % 3]
        size = draw.choice((4, 8, 16, 32, 64, 100, 150, 200, 300, 400))
        with scratch() as place:
            disk = place / "disk"
            disk.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], check=True)
            try:
                out = disk / "results"
                child = Child(works.command(kind, out), place / "said.txt")
                child.end()
                found = spoken(child, (0, 1, 2))
                subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
                return found + ended_whole(self.whole[kind], out, place / "last.txt")
            finally:
                subprocess.run(["umount", "-l", disk], check=True)


class Limits(Attack):
    """Limits of a process: size of files, files open at once, address space."""

    name, what = "limits", "runs, comparisons and sweeps under `ulimit -f`, `-n` and `-v` of random height, then without"
    short, long = 9, 300

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.whole = {kind: works.Whole(kind, folder) for kind in works.COMMANDS}
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        self.size = pages * os.sysconf("SC_PAGE_SIZE")  # of address space that a child has before it does anything

    def impossible(self) -> str:
        return "" if Path("/proc/self/statm").exists() else "the system does not tell its processes' size"

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        kind = tuple(works.COMMANDS)[number % 3]
        which = ("FSIZE", "NOFILE", "AS")[number // 3 % 3]
        high = {"FSIZE": draw.randrange(4000, 60_000), "NOFILE": draw.randrange(3, 40),
                "AS": self.size + draw.randrange(0, 400) * 2**20}[which]  # fmt: skip
        limit = getattr(resource, f"RLIMIT_{which}")
        with scratch() as place:
            out, said = place / "results", place / "said.txt"
            child = Child(works.command(kind, out), said, lambda: resource.setrlimit(limit, (high, high)))
            child.end()
            found = [fault._replace(what=f"{which} {high}: {fault.what}") for fault in spoken(child, (0, 1, 2))]
            return found + ended_whole(self.whole[kind], out, place / "last.txt")
