"""Commands in processes of their own, forked from this one: nothing is imported or compiled again, so there can be thousands."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from .attack import Fault, worded

NEW_PID, NEW_MOUNTS = 0x20000000, 0x00020000  # what unshare(2) calls CLONE_NEWPID and CLONE_NEWNS
PRIVATE = 0x40000 | 0x4000  # MS_PRIVATE, MS_REC
STARTED = 99  # the status of a process that did not come to its end


class Child:
    """A command that runs in a process of its own.

    Parameters
    ----------
    arguments : sequence of str
        Of the command line.
    said : Path
        File to which all that it prints is added.
    before : callable, optional
        Called in the process before the command.
    apart : bool, optional
        Give it a process namespace of its own, where it is number 1 and sees nobody, as in a container.
    """

    def __init__(
        self, arguments: Sequence[str], said: Path, before: Callable[[], object] | None = None, apart: bool = False
    ) -> None:
        self.arguments, self.said, self.status = list(arguments), said, None
        sys.stdout.flush()
        sys.stderr.flush()
        self.process = os.fork()
        if not self.process:
            _become(self.arguments, said, before, apart)

    def send(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, number)

    def ended(self) -> bool:
        """Whether it has ended."""
        if self.status is None:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def end(self, seconds: float = 80.0) -> int:
        """Wait until it has ended; return its status."""
        until, pause = time.monotonic() + seconds, 0.001
        while not self.ended():
            if time.monotonic() > until:
                self.send(signal.SIGKILL)
                _process, status = os.waitpid(self.process, 0)
                self.status = os.waitstatus_to_exitcode(status)
                with open(self.said, "a") as file:
                    file.write(f"\nCAMPAIGN: no end after {seconds:.0f} seconds\n")
                break
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        assert self.status is not None
        return self.status

    def words(self) -> str:
        """Return all that it printed."""
        return self.said.read_text("utf-8", "replace") if self.said.exists() else ""


def _become(arguments: list[str], said: Path, before: Callable[[], object] | None, apart: bool) -> None:
    """Run a command in this process, which is a child, and end."""
    from clustersim import cli

    status = STARTED
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(file, number)
        sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(k, "w", closefd=False), "utf-8", write_through=True) for k in (1, 2))
        if apart and (status := _go_apart()) is not None:
            os._exit(status)
        status = STARTED
        if before is not None:
            before()
        status = cli.main(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _go_apart() -> int | None:
    """Go on as number 1 of a new process namespace; return the status of that process in the one that waits for it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_PID | NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "unshare")
    inner = os.fork()
    if not inner:
        libc.mount(b"none", b"/", None, PRIVATE, None)
        libc.mount(b"proc", b"/proc", b"proc", 0, None)
        return None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: os.kill(inner, number))
    status = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
    return status if status >= 0 else 128 - status


def cannot_go_apart() -> str:
    """Return why no process namespace can be made here, empty if one can."""
    process = os.fork()
    if not process:
        os._exit(ctypes.CDLL(None).unshare(NEW_PID | NEW_MOUNTS) != 0)
    _process, status = os.waitpid(process, 0)
    return "this user may make no process namespaces" if status else ""


def spoken(child: Child, allowed: Sequence[int]) -> list[Fault]:
    """Return what was wrong with the words and the status of a child that ended."""
    words = child.words()
    found = [fault for fault in worded("." + words) if fault.kind == "traceback"]
    if child.status not in allowed and not found:
        kind = "hung" if "CAMPAIGN: no end" in words else "words"
        found.append(Fault(kind, f"status {child.status} of {' '.join(child.arguments)}: {words[-400:]}"))
    return found
