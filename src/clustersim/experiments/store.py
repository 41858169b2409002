"""The store of a sweep: a plan, written once, and chunks, of which alone it is read what is done.

Nothing is ever changed in place and nothing is locked: several processes on several machines may write at once. Runs that
two of them did are the same runs and count once. A chunk that is damaged is moved aside, and its runs are done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core import files
from clustersim.core.errors import InputError, door, several
from clustersim.core.words import _, _n
from clustersim.experiments import chunks
from clustersim.experiments.chunks import Contents, Damaged
from clustersim.experiments.execution import Block, Failure
from clustersim.experiments.identity import canonical
from clustersim.experiments.plan import Plan, differences
from clustersim.results import manifest

CHANGES_MOST = 160  # characters of what differs between two plans
PLAN, CHUNKS, DAMAGED, PROVENANCE = "plan.json", "chunks", "damaged", "provenance.json"

# What a note of where a sweep comes from holds, and of what kind it is.
NOTE = {"title": str, "question": str, "started": str, "versions": dict, "plugins": list, "machine": dict}
LOOKS, PAUSE = 2, 0.1  # at a chunk that seems damaged: a network may show a new file before all of it; seconds

Tell = Callable[[str], None]


def quiet(text: str) -> None:
    """Say nothing."""


def is_store(folder: Path) -> bool:
    """Whether a folder holds a sweep."""
    return (folder / PLAN).is_file()


class Store:
    """A sweep on the disk.

    Parameters
    ----------
    folder : Path
        Its folder, with a plan in it (see `open_store` and `create_store`).
    plan : Plan
        That plan.
    tell : callable, optional
        Called with a sentence about each damaged chunk.

    Attributes
    ----------
    done : array of bool
        For each run, whether its rows are in a chunk; as of the last `refresh`.
    attempts : dict
        How often each failed run was tried.
    """

    def __init__(self, folder: Path, plan: Plan, tell: Tell = quiet) -> None:
        self.folder, self.plan, self.tell = folder, plan, tell
        self.chunks = folder / CHUNKS
        self.done = np.zeros(plan.runs, bool)
        self.attempts: dict[int, int] = {}
        self.bad: list[tuple[str, str]] = []
        self._seen: set[str] = set()

    def names(self) -> list[str]:
        """Return the names of all chunks, in order."""
        try:
            return sorted(path.name for path in self.chunks.iterdir() if path.suffix == chunks.SUFFIX)
        except FileNotFoundError:
            return []

    def refresh(self, repair: bool = True) -> None:
        """Read which runs are done from the chunks that are new; move damaged ones aside if `repair`."""
        new = [name for name in self.names() if name not in self._seen]
        if not new:
            return
        with ThreadPoolExecutor(4) as pool:  # hashing and reading hold no lock
            for name, found in zip(new, pool.map(self._contents, new), strict=True):
                if found is None:
                    continue  # gone, or not to be seen yet: it is looked for again
                self._seen.add(name)
                if isinstance(found, Contents):
                    self._note(found)
                else:
                    self.bad.append((name, str(found)))
                    if repair:
                        self._set_aside(name, str(found))

    def _contents(self, name: str) -> Contents | Damaged | None:
        for attempt in range(LOOKS):
            try:
                return self._checked(name)[1]
            except Damaged as error:
                if attempt == LOOKS - 1:
                    return error
                time.sleep(PAUSE)
            except FileNotFoundError:
                return None
        return None

    def _checked(self, name: str) -> tuple[bytes, Contents]:
        """Return the verified bytes of a chunk, and which runs it holds."""
        try:
            data = chunks.read_bytes(self.chunks / name)
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise Damaged(_("it cannot be read: {reason}", reason=error.strerror)) from error
        return data, chunks.contents(data, self.plan)

    def _note(self, found: Contents) -> None:
        self.done[found.done] = True
        for run, attempts in zip(found.failed.tolist(), found.attempts.tolist(), strict=True):
            self.attempts[run] = max(attempts, self.attempts.get(run, 0))
        for run in [run for run in self.attempts if self.done[run]]:
            del self.attempts[run]

    def _set_aside(self, name: str, reason: str) -> None:
        aside = self.folder / DAMAGED
        with contextlib.suppress(FileNotFoundError):
            aside.mkdir(exist_ok=True)
            (self.chunks / name).rename(aside / name)
            self.tell(_("Chunk {name}… is damaged: {reason}; moved to {folder}, its runs are done again.",
                        name=name[:12], reason=reason, folder=aside))  # fmt: skip

    def pending(self, again: bool = False) -> np.ndarray:
        """Return the numbers of the runs that are left to do; failed runs count as done unless `again`."""
        left = ~self.done
        if not again:
            left[list(self.attempts)] = False
        return np.flatnonzero(left)

    def write(self, blocks: Sequence[Block], failures: Sequence[Failure] = ()) -> str | None:
        """Write a chunk; return its name, None if there was nothing to write.

        Raises
        ------
        OSError
            If the system refuses; then nothing of it is in the store.
        """
        if not any(block.runs.size for block in blocks) and not failures:
            return None
        return self.write_bytes(chunks.encode(self.plan, blocks, failures))

    def write_bytes(self, data: bytes) -> str:
        """Write a chunk that was encoded already."""
        name = chunks.file_name(data)
        files.write(self.chunks / name, data)
        self._seen.add(name)
        self._note(chunks.contents(data, self.plan))
        return name

    def bytes(self) -> int:
        """Return the size of all chunks."""
        total = 0
        for name in self.names():
            with contextlib.suppress(FileNotFoundError):
                total += (self.chunks / name).stat().st_size
        return total

    def read(self, columns: Sequence[str] | None = None, names: Iterable[str] | None = None) -> Iterable[Any]:
        """Yield (contents, rows) of each chunk, verified.

        Raises
        ------
        InputError
            If a chunk is damaged.
        """
        for name in self.names() if names is None else names:
            try:
                data, found = self._checked(name)
            except FileNotFoundError:
                continue
            except Damaged as error:
                raise InputError(str(self.chunks / name), "", _("is damaged: {reason}", reason=error),
                                 _("Resume the sweep: it sets the chunk aside and does its runs again.")) from None  # fmt: skip
            yield found, chunks.rows(data, columns)


    def check_seen(self, seen: np.ndarray) -> None:
        """Raise `InputError` if runs that are done, as of the last `refresh`, are not among those that were read."""
        if gone := int((self.done & ~seen).sum()):
            message = _n("{n} finished run went while it was read", "{n} finished runs went while it was read", gone)
            raise InputError(str(self.folder), "", message,
                             _("Another process compacts it, or sets damaged chunks aside; try again."))  # fmt: skip


def read_plan(folder: Path) -> Plan:
    """Return the plan of a sweep.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    path = folder / PLAN
    if not folder.is_dir():
        raise InputError(str(folder), "", _("there is no such folder"))
    if not path.is_file():
        raise InputError(str(folder), "", _("is not a sweep: it has no {name}", name=PLAN))
    try:
        return Plan.read(files.name_of(folder), path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(str(path), "", _("is damaged: {reason}", reason=error),
                         _("Resume the sweep with its experiment: it writes the plan again.")) from None  # fmt: skip


def open_store(folder: Path, tell: Tell = quiet, repair: bool = False) -> Store:
    """Return the store in a folder, with what is done already read.

    Raises
    ------
    InputError
        If the folder holds no sweep.
    """
    store = Store(folder, read_plan(folder), tell)
    store.refresh(repair)
    return store


def look_into(folder: Path, plan: Plan) -> Store:
    """Return the store of a plan that is there, and change nothing in it.

    Raises
    ------
    InputError
        If the folder holds no sweep, or one with another plan.
    """
    store = open_store(folder)
    if store.plan.data != plan.data:
        raise _another(folder, store.plan, plan)
    return store


def create_store(folder: Path, plan: Plan, fresh: bool = False, tell: Tell = quiet) -> Store:
    """Return the store of a plan: the one that is there, if its plan is the same, or a new one.

    Parameters
    ----------
    folder : Path
        Its folder; need not exist.
    plan : Plan
        The plan.
    fresh : bool, optional
        Begin anew; what is there is kept beside it under another name.
    tell : callable, optional
        Called with a sentence about everything that is set aside.

    Raises
    ------
    InputError
        If something else is there, or a sweep with another plan and not `fresh`.
    """

    def is_ours() -> bool:
        return is_store(folder) or (folder / CHUNKS).is_dir()

    ours = is_ours()
    if fresh and ours:
        _put_away(folder, tell)
    elif folder.exists() and not ours and any(folder.iterdir()) and not files.comes_true(is_ours):
        hint = _("Name another with {out}.", out=door(command="--out", python="out"))
        raise InputError(str(folder), "", _("exists and is not a sweep; nothing was written"), hint)
    try:
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        files.sync_folder(folder.absolute().parent)
    except OSError as error:
        raise files.refusal(folder, error) from None
    _write_plan(folder, plan, tell)
    files.sweep_leftovers(folder)
    files.sweep_leftovers(folder / CHUNKS)
    store = Store(folder, plan, tell)
    store.refresh()
    return store


def _write_plan(folder: Path, plan: Plan, tell: Tell) -> None:
    with contextlib.suppress(FileExistsError):  # another process may write the same at the same time
        if not (folder / PLAN).exists():
            files.write(folder / PLAN, plan.data, replace=False)
    there = _read_plan_bytes(folder)
    if there == plan.data:
        return
    try:
        old = Plan.read(files.name_of(folder), there)
    except ValueError as error:
        name = f"{PLAN}.{hashlib.sha256(there).hexdigest()[:12]}"
        (folder / DAMAGED).mkdir(exist_ok=True)
        (folder / PLAN).rename(folder / DAMAGED / name)
        to = Path(DAMAGED) / name
        tell(_("{path} is damaged ({reason}); moved to {to} and written again.", path=folder / PLAN, reason=error, to=to))
        files.write(folder / PLAN, plan.data)
        return
    raise _another(folder, old, plan)


def _read_plan_bytes(folder: Path) -> bytes:
    """Return the bytes of the plan, which a network may show a moment after another machine wrote it."""
    for _attempt in range(files.TRIES):
        with contextlib.suppress(FileNotFoundError):
            return (folder / PLAN).read_bytes()
        time.sleep(files.PAUSE)
    return (folder / PLAN).read_bytes()


def _another(folder: Path, old: Plan, plan: Plan) -> InputError:
    """Return the error that says in what the plan in a folder differs."""
    changes = several(differences(old.content, plan.content), CHANGES_MOST, "\n    ")
    hint = _("Begin anew with {fresh} (what is there is kept under another name), or name another folder with {out}.",
             fresh=door(command="--fresh", python="fresh=True"), out=door(command="--out", python="out"))  # fmt: skip
    return InputError(str(folder), "", _("holds a sweep with another plan:") + f"\n    {changes}", hint)


def provenance_text(note: dict[str, Any]) -> str:
    """Return the text of ``provenance.json``: the note and its hash."""
    own = hashlib.sha256(canonical(note).encode()).hexdigest()
    return json.dumps(note | {"sha256": own}, indent=1, ensure_ascii=False) + "\n"


def provenance_of(folder: Path) -> dict[str, Any]:
    """Return the note of where a sweep comes from: nothing of a copy of plan and chunks alone, which is a sweep as well.

    Of one that was written without a hash a warning says so: `Unchecked`.

    Raises
    ------
    InputError
        If it is damaged.
    """
    note, fault = read_note(folder)
    if fault is not None:
        raise InputError(str(folder / PROVENANCE), "", _("is damaged: {reason}", reason=fault))
    if note and "sha256" not in note:
        manifest.warn(folder / PROVENANCE)
    return note


def read_note(folder: Path) -> tuple[dict[str, Any], str | None]:
    """Return the note of where a sweep comes from, and why it is damaged, if it is."""
    try:
        data = (folder / PROVENANCE).read_bytes()
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, _("it cannot be read: {reason}", reason=error.strerror)
    try:
        note = json.loads(data)
        said = {key: value for key, value in note.items() if key != "sha256"}
        sound = (said == note and said.keys() <= NOTE.keys()) or data == provenance_text(said).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}, _("its content does not match its hash")
    if not sound:
        return {}, _("its content does not match its hash")
    for key, kind in NOTE.items():
        if not isinstance(note.get(key, kind()), kind):
            return {}, _("it does not hold together at {key}", key=key)
    return note, None


def _put_away(folder: Path, tell: Tell) -> None:
    """Rename what is in the way of a fresh beginning."""
    number = 1
    while (aside := folder.with_name(f"{folder.name}.before-{number}")).exists():
        number += 1
    folder.rename(aside)
    tell(_("What was in {folder} is now in {aside}.", folder=folder, aside=aside))
