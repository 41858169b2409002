"""Who answers Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def answered_as_before(ignored: bool = False) -> Iterator[None]:
    """Let whoever answers Ctrl-C before the block do so after it, whatever a library that is imported inside sets.

    Parameters
    ----------
    ignored : bool, optional
        Ignore it inside the block. Processes that are started there then do so for good: a terminal sends Ctrl-C to all, and
        this one ends them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if ignored:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
