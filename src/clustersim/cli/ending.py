"""Requests to end the command: Ctrl-C, and the SIGTERM of batch schedulers.

While the command works (`heeded`) a request is raised there, so that it cleans up. Before, while modules are imported, and
after, when all is said and the interpreter ends, it is noted only: raised there it would end in a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SOON = 0.02  # seconds
asked = threading.Event()  # extension modules turn the interruption of their import into an ImportError
_heeding, _noted = threading.Event(), threading.Event()
_again: list[threading.Timer] = []


def listen() -> None:
    """Note requests to end from here on."""
    for state in (asked, _noted):
        state.clear()
    _again.clear()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _come)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _come)
        if hasattr(signal, "pthread_kill"):
            sys.unraisablehook = _ask_again


@contextmanager
def heeded() -> Iterator[None]:
    """Let a request to end raise `KeyboardInterrupt` inside the block; one that was noted before does so at once."""
    if not _noted.is_set():
        asked.clear()  # what an earlier command of this process answered
    _heeding.set()
    try:
        if _noted.is_set():
            _noted.clear()
            raise KeyboardInterrupt
        yield
    finally:
        _heeding.clear()
        for timer in _again:
            timer.cancel()
        # An interruption inside the `exec` of a text, as libraries use it, sets a flag in the interpreter: at its end it would
        # kill itself, though the interruption was caught. The next such `exec` takes the flag back.
        exec("")


def _come(number: int, frame: object) -> None:
    """Let a request to end clean up; who asks again, when there is nothing left to clean up, is obeyed at once."""
    before = asked.is_set()
    asked.set()
    if _heeding.is_set():
        raise KeyboardInterrupt
    _noted.set()
    if before and not _again:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _ask_again(lost: sys.UnraisableHookArgs) -> None:
    """Ask to end once more where the request came in a callback of the interpreter's, from which nothing can be raised."""
    if lost.exc_type is KeyboardInterrupt:
        main = threading.main_thread().ident
        again = threading.Timer(SOON, signal.pthread_kill, (main, signal.SIGINT))  # from here it would come in the same callback
        again.daemon = True
        _again.append(again)
        again.start()
    else:
        sys.__unraisablehook__(lost)
