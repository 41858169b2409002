"""What an attack is, what can be wrong with the answer to one, and how a row of attacks is gone through and resumed."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "src" / "clustersim"
FAULTS = {
    "lost": "work or files that were there are gone, or the same command does not go on",
    "wrong": "other numbers than those written, or a check that finds nothing, without a word",
    "traceback": "a traceback, an unexpected failure, or an exception that is no sentence",
    "left": "something half-written or hidden that stays",
    "words": "an answer too long, empty, or with a status other than 0, 1 or 2",
    "hung": "no answer in time",
}
EXAMPLES_MAX = 5  # kept of each kind of fault
SAVE_SECONDS = 2.0
READY_SECONDS = 1200.0  # learning, before the first case of a run that goes on
MESSAGE_MAX = 500


class Fault(NamedTuple):
    """What was wrong with the answer in one case."""

    kind: str
    what: str


class Unprepared(Exception):
    """An attack whose preparation failed."""


class Hung(BaseException):
    """A case that took too long."""


class Attack:
    """One kind of attack.

    Attributes
    ----------
    name : str
        By which the command line calls it.
    what : str
        What is done, for the table.
    short, long : int
        Cases in the short and in the long form.
    seconds : float
        That a case may take.
    gigabytes : float
        Of address space that its process may have; 0 is no limit.
    """

    name = what = ""
    short, long = 10, 1000
    seconds = 60.0
    gigabytes = 0.0

    def impossible(self) -> str:
        """Return why it cannot be done on this machine, empty if it can."""
        return ""

    def prepare(self, folder: Path) -> None:
        """Make in an empty folder, which is then the working folder, what all cases need."""

    def finish(self) -> None:
        """Stop what `prepare` started."""

    def cases(self) -> int | None:
        """Return how many cases there are in all, known after `prepare`; None if there are as many as one likes."""
        return None

    def ready(self, number: int) -> None:
        """Learn what a case needs of those before it; this is not of the case's time."""

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        """Do one case; return what was wrong."""
        raise NotImplementedError


@functools.cache
def code() -> str:
    """Return a hash of all of the product's code, by which its states are told apart."""
    whole = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        whole.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder for a case; it vanishes."""
    folder = Path(tempfile.mkdtemp(prefix="case-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judged(work: Callable[[], Any], accepted: type[BaseException] | tuple[type[BaseException], ...]) -> tuple[Any, list[Fault]]:
    """Return what some work gives, None if it is refused, and what was wrong: any exception but a short `accepted` one."""
    try:
        return work(), []
    except accepted as error:
        return None, worded(str(error))
    except (Hung, KeyboardInterrupt):
        raise
    except BaseException as error:
        return None, [Fault("traceback", last_lines(error))]


def worded(said: str) -> list[Fault]:
    """Return what is wrong with the words of a refusal."""
    if not said.strip():
        return [Fault("words", "an empty message")]
    if len(said) > MESSAGE_MAX:
        return [Fault("words", f"{len(said)} characters: {said[:160]}…")]
    if "Traceback (most recent" in said or "Unexpected failure" in said or "RuntimeWarning: " in said:
        return [Fault("traceback", said[-600:])]
    return []


def last_lines(error: BaseException) -> str:
    """Return where an exception came from, and what it says."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    try:
        said = str(error)
    except Exception:
        said = "(its text fails)"
    return f"{type(error).__name__} at {where}: {said[:300]}"


# going through them


def fresh() -> dict[str, Any]:
    """Return the figures of an attack of which no case is done.

    ``states`` has how many cases count, by the state of the code on which they were done; ``next`` is the number of the next
    case; ``again`` has those that were wrong on a state before, and come first.
    """
    return {"code": code(), "states": {}, "next": 0, "again": [], "all": None, "seconds": 0.0, "faults": dict.fromkeys(FAULTS, 0),
            "failed": 0, "examples": [], "not": ""}  # fmt: skip


def carried(figures: dict[str, Any]) -> dict[str, Any]:
    """Return what figures of an earlier state of the code are worth on today's.

    If nothing was wrong they count further, and the cases that are left are done. If something was, nothing counts that was done
    until then: new cases are done, and first those that were wrong; all again where there are only so many.
    """
    if not figures["failed"]:
        return figures | {"code": code()}
    wrong = sorted({*figures["again"], *(example["case"] for example in figures["examples"])})
    again = {"next": figures["next"], "again": wrong} if figures["all"] is None else {}
    return fresh() | again


def counted(figures: dict[str, Any]) -> int:
    """Return how many cases of an attack count."""
    return sum(figures["states"].values())


def _alarmed(number: int, frame: object) -> None:
    raise Hung


def one(attack: Attack, number: int, seed: int) -> list[Fault]:
    """Do one case, in no more than its time."""
    signal.signal(signal.SIGALRM, _alarmed)
    try:
        signal.setitimer(signal.ITIMER_REAL, READY_SECONDS)
        attack.ready(number)
        signal.setitimer(signal.ITIMER_REAL, attack.seconds)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", RuntimeWarning)
            found = attack.case(number, random.Random(f"{seed}:{attack.name}:{number}"))
        odd = {f"{Path(one.filename).name}:{one.lineno}: {one.message}" for one in warned if one.category is RuntimeWarning}
        return found + [Fault("traceback", f"a warning of Python's, no sentence: {what}") for what in sorted(odd)]
    except Hung:
        return [Fault("hung", f"more than {attack.seconds:.0f} seconds, or more than {READY_SECONDS:.0f} until it was ready")]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def go_through(attack: Attack, figures: dict[str, Any], upto: int, seconds: float, seed: int,
               save: Callable[[], None], now: Any) -> None:  # fmt: skip
    """Do the cases that are left of `upto`, for so many seconds at most; note what was wrong, and `now` the case."""
    before = figures["seconds"]
    if attack.gigabytes:
        resource.setrlimit(resource.RLIMIT_AS, (int(attack.gigabytes * 2**30),) * 2)
    home = Path.cwd()
    with scratch() as folder:
        os.chdir(folder)
        tempfile.tempdir = str(folder)
        try:
            try:
                attack.prepare(folder)
            except Exception as error:
                raise Unprepared(attack.name) from error
            began = saved = time.monotonic()
            total = figures["all"] = attack.cases()
            while counted(figures) < upto and time.monotonic() - began < seconds:
                number = figures["again"][0] if figures["again"] else figures["next"]
                if total is not None and number >= total:
                    break
                now[:8] = number.to_bytes(8, "little")
                found = one(attack, number, seed)
                os.chdir(folder)
                note(figures, number, found)
                figures["seconds"] = round(before + time.monotonic() - began, 1)
                if found or time.monotonic() - saved > SAVE_SECONDS:
                    saved = time.monotonic()
                    save()
        finally:
            attack.finish()
            os.chdir(home)
            tempfile.tempdir = None
            save()


def note(figures: dict[str, Any], number: int, found: list[Fault]) -> None:
    """Add a case to the figures, with what was wrong in it; those between the last one that was noted and it were sound."""
    for kind, what in found:
        seen = figures["faults"][kind] = figures["faults"][kind] + 1
        if seen <= EXAMPLES_MAX:
            figures["examples"].append({"case": number, "kind": kind, "what": printable(what[:800])})
    figures["failed"] += bool(found)
    if number in figures["again"]:
        figures["again"].remove(number)
    cases = max(1, number + 1 - figures["next"])
    figures["states"][code()] = figures["states"].get(code(), 0) + cases
    figures["next"] = max(figures["next"], number + 1)


def printable(text: str) -> str:
    """Return a text that any file holds: half signs are written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def in_own_process(work: Callable[[], None]) -> int:
    """Do some work in a forked process, whose threads and limits end with it; return its status."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class State:
    """The figures so far, in a file that is replaced as a whole.

    Parameters
    ----------
    path : Path
        The file; need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.figures: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def of(self, name: str) -> dict[str, Any]:
        """Return the figures of an attack, as far as they count on today's code."""
        if name not in self.figures:
            self.figures[name] = fresh()
        elif self.figures[name]["code"] != code():
            self.figures[name] = carried(self.figures[name])
        return self.figures[name]

    def save(self) -> None:
        """Write the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        hidden = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        hidden.write_text(json.dumps(self.figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
        hidden.replace(self.path)
