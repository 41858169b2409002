"""Many put a folder into the same place again and again, which holds a user's own files, and some are killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
import traceback
from pathlib import Path

from clustersim.core import files

from .attack import Attack, Fault, scratch

MOST = 8  # processes
OWN = {"notes": "mine", "own/letter": "mine too"}


class Places(Attack):
    """Folders that take each other's place, from several threads of several processes."""

    name = "places"
    what = "two to eight processes put up to 15 folders each, from up to three threads, where a user has files; a third killed"
    short, long = 20, 2000

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        with scratch() as out:
            for name, text in OWN.items():
                (out / "r" / name).parent.mkdir(parents=True, exist_ok=True)
                (out / "r" / name).write_text(text)
            writers = [_started(out, k, draw.randint(1, 3), draw.randint(1, 5)) for k in range(draw.randint(2, MOST))]
            victims = [k for k in range(len(writers)) if draw.random() < 0.3]
            for k in victims:
                time.sleep(draw.uniform(0.0, 0.1))
                os.kill(writers[k], signal.SIGKILL)  # a zombie at the worst
            ended = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in writers]
            whole = [k for k, status in enumerate(ended) if status == 0]
            found = [Fault("traceback", path.read_text()) for path in sorted(out.glob("said-*"))]
            found += [Fault("lost", f"writer {k} ended with {ended[k]}") for k in set(range(len(writers))) - {*whole, *victims}]
            last = _started(out, MOST, 1, 1)
            os.waitpid(last, 0)
            return found + _wrong(out, [*whole, MOST])


def _started(out: Path, k: int, threads: int, times: int) -> int:
    """Start a process that puts folders into the place `out/r`; return its number."""
    process = os.fork()
    if not process:
        status = 1
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _put(out, k, threads, times)
            status = 0
        except BaseException:
            (out / f"said-{k}").write_text(traceback.format_exc()[-600:])
        finally:
            os._exit(status)
    return process


def _put(out: Path, k: int, threads: int, times: int) -> None:
    faults: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for turn in range(times):
                with files.appearing_folder(out / "r") as place:
                    for name in ("a", "b"):
                        (place / name).write_text(f"{k} {thread} {turn}")
                    if turn == 0:
                        (place / f"of-{k}-{thread}").write_text("only once")
        except BaseException as error:
            faults.append(error)

    running = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    if faults:
        raise faults[0]


def _wrong(out: Path, whole: list[int]) -> list[Fault]:
    """Return what is wrong at the end, when all are done and one more has put a folder there."""
    found = [Fault("left", path.name) for path in out.iterdir() if path.name != "r" and not path.name.startswith("said-")]
    said = {}
    for name in ("a", "b", *OWN, *(f"of-{k}-0" for k in whole)):
        said[name] = ""
        with contextlib.suppress(FileNotFoundError):
            said[name] = (out / "r" / name).read_text()
    found += [Fault("lost", name) for name, text in said.items() if not text]
    if said["a"] != said["b"] or said["a"] != f"{MOST} 0 0":
        found.append(Fault("wrong", f"a is of {said['a']!r}, b of {said['b']!r}"))
    return found + [Fault("wrong", name) for name, text in OWN.items() if said[name] not in ("", text)]
