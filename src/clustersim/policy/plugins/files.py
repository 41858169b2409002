"""Plugins that are files: read once, hashed, and executed from the bytes that were hashed."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import sys
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clustersim.core.arguments import place, several
from clustersim.core.errors import InputError, door, reason, said_by
from clustersim.core.words import N_, _
from clustersim.policy.indicator import Indicator
from clustersim.policy.instruments import Instrument
from clustersim.policy.plugins import registry
from clustersim.policy.plugins.contract import BASES, check
from clustersim.policy.plugins.registry import PARTS, Plugin, use_of
from clustersim.policy.plugins.watching import Overdue, Watch, watched
from clustersim.policy.rule import Rule

NEW = N_("To begin with one that works: clustersim new instrument NAME, or: new rule NAME, or: new indicator NAME")

FILES_MOST = 1000


def load_plugin(path: str | os.PathLike[str]) -> Plugin:
    """Execute a Python file and make its instruments, rules and indicators known, until this process ends.

    Parameters
    ----------
    path : str or path
        The file. It runs with all rights of its user: load only what you have read or trust. A file that was changed since it
        was loaded is loaded again.

    Returns
    -------
    Plugin
        What it brings, and the hash of its code, which results carry from now on.

    Raises
    ------
    InputError
        If the file cannot be read or executed, or a class in it does not meet the contract; then nothing has changed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from clustersim.cli.new import write_instrument
    >>> from clustersim.plugins import load_plugin, use_files
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plugin = load_plugin(write_instrument("breakfasts", Path(folder))[0])
    >>> plugin.uses
    ['breakfasts']
    >>> use_files([])
    []
    """
    file = place(path, "path")
    use_files([*(other for other in registry.paths() if other != _key(file)), file])
    return next(plugin for plugin in registry.plugins() if plugin.path == _key(file))


def use_files(paths: Iterable[str | os.PathLike[str]]) -> list[Plugin]:
    """Execute Python files and make what they bring known in place of those of all files loaded before; see `load_plugin`.

    Raises
    ------
    InputError
        If it is no list of files, or for what `load_plugin` raises it.

    Examples
    --------
    >>> from clustersim.plugins import use_files
    >>> use_files([])  # none from now on
    []
    """
    must = _("a list of Python files, at most {most}", most=FILES_MOST)
    files = [place(path, "paths") for path in several(paths, "paths", must, FILES_MOST, least=0)]
    before = {plugin.path: plugin for plugin in registry.plugins()}
    found: dict[Path, Plugin] = {}
    for path in files:
        key = _key(path)
        if key in found:
            continue
        code = _read(path)
        old = before.get(key)
        taken = {use: plugin.label for plugin in found.values() for use in plugin.uses}
        if old is not None and old.sha256 == hashlib.sha256(code).hexdigest() and not taken.keys() & set(old.uses):
            found[key] = old  # the same classes as before, so that objects made from them stay what they are
        else:
            found[key] = _executed(path, code, taken)
    registry.put_files(found)
    registry.forget_installed()
    return list(found.values())


def _key(path: Path) -> Path:
    """Return the path by which a file is known."""
    return Path(os.path.realpath(path))


def _read(path: Path) -> bytes:
    if path.suffix != ".py":
        message = _("is not a Python file; {door} takes a file whose name ends in .py", door=_by())
        raise InputError(str(path), "", message, _(NEW))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = _("no such file; {door} takes a Python file with your own instruments, rules or indicators", door=_by())
        raise InputError(str(path), "", message, _(NEW)) from None
    except (OSError, ValueError) as error:
        raise InputError(str(path), "", _("cannot be read: {reason}.", reason=reason(error)), _(NEW)) from None


def _by() -> str:
    """Return how errors call the option or the function that takes files."""
    return door(command="--plugin", python="load_plugin")


def _executed(path: Path, code: bytes, taken: dict[str, str]) -> Plugin:
    """Execute the code of a file as a module of its own, and check what it defines."""
    sha256 = hashlib.sha256(code).hexdigest()
    label = str(path)
    try:
        tree = ast.parse(code, label)
        compiled = compile(tree, label, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise InputError(label, "", _("is not valid Python: {reason}", reason=message), "", line) from None
    # No folder is put on the path: what is hashed is the whole plugin, and files beside it are not part of it.
    name = f"clustersim_plugin_{path.stem}_{sha256[:12]}"
    module = types.ModuleType(name)
    module.__file__ = str(_key(path))
    sys.modules[name] = module  # where pydantic looks annotations up

    def work(watch: Watch) -> dict[str, Any]:
        try:
            with contextlib.redirect_stdout(sys.stderr):  # with --json, stdout holds one document and nothing else
                exec(compiled, module.__dict__)
            return _brought(module, label, tree, taken)
        except InputError:
            raise
        except BaseException as error:
            raise _failed(label, error) from None

    try:
        brings = watched(work)
    except BaseException as error:
        sys.modules.pop(name, None)
        if isinstance(error, Overdue):
            raise InputError(label, "", _("cannot be loaded: {reason}", reason=str(error))) from None
        raise
    return Plugin(path.name, sha256, path=_key(path), **brings)


def _brought(module: types.ModuleType, label: str, tree: ast.Module, taken: dict[str, str]) -> dict[str, Any]:
    """Return what a file defines, checked, as a `Plugin` takes it; names with an underscore first are its own affair."""
    lines = {node.name: node.lineno for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    own = [value for name, value in vars(module).items()
           if isinstance(value, type) and value.__module__ == module.__name__ and not name.startswith("_")]  # fmt: skip
    taken = dict(taken)
    found: dict[str, list[type]] = {part: [] for part in PARTS.values()}
    for kind in dict.fromkeys(own):
        base = _base(kind)
        if base is not None:
            check(kind, label, lines.get(kind.__name__), taken, base)
            taken[use_of(kind)] = _("another class of {file}", file=label)
            found[PARTS[base]].append(kind)
    if not any(found.values()):
        others = [kind for kind in own if kind.__name__ in lines]
        if others:
            check(others[0], label, lines[others[0].__name__])
        instrument, rule, indicator = BASES.values()
        message = _("defines no instrument, no rule and no indicator: a class derived from {instrument}, {rule} or {indicator}",
                    instrument=instrument, rule=rule, indicator=indicator)  # fmt: skip
        raise InputError(label, "", message, _(NEW))
    return {part: tuple(kinds) for part, kinds in found.items()}


def _base(kind: type) -> type | None:
    """Return what a class is derived from, or should be, to judge by what it declares; None if it is something else."""
    said = vars(kind).keys() | vars(kind).get("__annotations__", {}).keys()
    meant = {"decide": Rule, "measure": Indicator, "use": Instrument, "effects": Instrument}
    return next((base for base in PARTS if issubclass(kind, base)), next((meant[key] for key in meant if key in said), None))


def line_reached(error: BaseException, file: str) -> int | None:
    """Return the last line of a file that was reached before an error; None if none was."""
    hidden: Any = BaseException.__dict__["__traceback__"]  # which its class may have covered with something of its own
    line, trace = None, hidden.__get__(error)
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _failed(label: str, error: BaseException) -> InputError:
    """Return what went wrong while a file was executed, with the last of its lines that was reached."""
    line = line_reached(error, label)
    said = said_by(error).split(". ")[0]
    message = _("cannot be loaded: {reason}", reason=said)
    if isinstance(error, ImportError):
        hint = _("Install what it imports; a plugin is one file and cannot import others that lie beside it.")
        return InputError(label, "", message, hint, line)
    hint = ""
    if type(error).__name__ == "PydanticUserError" and "`use" in said:
        hint = _("Write its name such as {example}.", example='use: Literal["street_lights"] = "street_lights"')
    return InputError(label, "", message, hint, line)
