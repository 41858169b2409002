"""A simulation as a file, from which it goes on with the same numbers: arrays without pickle, and a document in JSON.

Reading runs nothing that the file holds. A digest over all of it tells damage; the hash of the model's code tells another model,
under which the numbers would not go on as they began.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core import files
from clustersim.core.code import model_code
from clustersim.core.errors import InputError, reason
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.model import parameters as declared
from clustersim.model.state import (
    ACTORS,
    CLUSTERS,
    FUNDER_ROWS,
    PROGRAMME_ROWS,
    REFORM_ROWS,
    SHOCK_ROWS,
    STAGE_ROWS,
    TIES,
    WORLDS,
    Programme,
    allocate_actors,
    allocate_meetings,
    allocate_ties,
    table,
)
from clustersim.policy.plugins.record import code_hashes, uses_in
from clustersim.simulation.initial import State

FORMAT = 1
HEADER, DIGEST = "header", "sha256"
PLAN = {"rows": PROGRAMME_ROWS, "stages": STAGE_ROWS, "shocks": SHOCK_ROWS, "reforms": REFORM_ROWS, "funders": FUNDER_ROWS}


def copied(state: State) -> State:
    """Return a state with the same numbers and memory of its own."""
    return _filled({name: np.frombuffer(part.tobytes(), np.uint8) for name, part in _parts(state)}, _sizes(state))


def save(path: Path, said: dict[str, Any], state: State, last: np.ndarray | None) -> Path:
    """Write a simulation: what is said of it, its state, and the indicators that its rule saw last.

    Raises
    ------
    InputError
        If the system refuses; a file that stood there is untouched then.
    """
    header = {"format": FORMAT, "clustersim": __version__, "model_code": model_code(), "sizes": _sizes(state),
              "plugins": code_hashes(uses_in(said["scenario"]))} | said  # fmt: skip
    parts = dict(_parts(state)) | ({} if last is None else {"last": last})
    arrays = {name: np.frombuffer(part.tobytes(), np.uint8) for name, part in parts.items()}
    arrays[HEADER] = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
    arrays[DIGEST] = np.frombuffer(_digest(arrays), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # its stub takes any keyword for its own flag
    try:
        return files.write(path, out.getvalue())
    except (OSError, ValueError) as error:
        raise InputError(str(path), "", _("cannot be written: {reason}", reason=reason(error))) from None


def load(path: Path) -> tuple[dict[str, Any], State, np.ndarray | None]:
    """Return what `save` wrote.

    Raises
    ------
    InputError
        If there is no such file, it is damaged, or another model or plugin wrote it.
    """
    if not path.is_file():
        raise InputError(str(path), "", _("there is no such file"))
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        if arrays.pop(DIGEST).tobytes() != _digest(arrays):
            raise ValueError("its digest differs")
        header = json.loads(arrays.pop(HEADER).tobytes())
        sizes = header["sizes"]
    except Exception:  # of the archive, of the arrays' headers, which numpy reads as Python: there is no end of what they raise
        raise InputError(str(path), "", _("is damaged, or is no saved simulation")) from None
    _check_model(path, header)
    last = arrays.pop("last", None)
    try:
        return header, _filled(arrays, sizes), None if last is None else last.view(np.float64).reshape(sizes["clusters"], -1)
    except (KeyError, TypeError, ValueError):
        raise InputError(str(path), "", _("is damaged, or is no saved simulation")) from None


def _check_model(path: Path, header: dict[str, Any]) -> None:
    """Raise `InputError` if numbers would go on under other code than that under which they began."""
    if header.get("model_code") != model_code() or header.get("format") != FORMAT:
        said = {"version": header.get("clustersim"), "there": header.get("model_code"), "own": __version__, "here": model_code()}
        message = _("was saved by another model (clustersim {version}, code {there}; here clustersim {own}, code {here})", **said)
        raise InputError(str(path), "", message, _("Load it with that version, or run the scenario from its start."))
    here = code_hashes(uses_in(header["scenario"]))
    for use, code in header["plugins"].items():
        if here.get(use) != code:
            message = _("uses {name!r} of a plugin that is not loaded, or has changed since", name=use)
            raise InputError(str(path), "", message, _("Load it with clustersim.plugins.load_plugin(FILE)."))


def _digest(arrays: dict[str, np.ndarray]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        data = arrays[name].tobytes()
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.digest()


def _sizes(state: State) -> dict[str, int]:
    found = {"actors": state.actors.uid.size, "ties": state.ties.a.size}
    found |= {"clusters": len(state.clusters), "worlds": len(state.worlds)}
    return found | {f"plan.{name}": len(part) for name, part in state.plan._asdict().items()}


def _parts(state: State) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and array of all that a state holds, work space of single quarters excepted."""
    yield from ((f"actors.{name}", getattr(state.actors, name)) for name in ACTORS)
    yield from ((f"ties.{name}", getattr(state.ties, name)) for name in (*TIES, "by_actor"))
    yield from ((name, getattr(state, name)) for name in ("clusters", "worlds", "parameters"))
    yield from ((f"plan.{name}", part) for name, part in state.plan._asdict().items())


def _filled(parts: dict[str, np.ndarray], sizes: dict[str, int]) -> State:
    """Return a state made of the bytes of its parts."""
    plan = Programme(*(table(PLAN[name], sizes[f"plan.{name}"]) for name in Programme._fields))
    state = State(
        allocate_actors(sizes["actors"]), allocate_ties(sizes["ties"]), allocate_meetings(sizes["actors"]),
        table(CLUSTERS, sizes["clusters"]), table(WORLDS, sizes["worlds"]), plan, declared.defaults(sizes["worlds"]),
    )  # fmt: skip
    for name, array in _parts(state):
        data = parts[name]
        if data.size != array.nbytes:
            raise ValueError(name)
        array[...] = np.frombuffer(data.tobytes(), array.dtype).reshape(array.shape)
    return state
