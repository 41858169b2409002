"""What the code of a rule or an indicator could keep from one call to the next, and whether it did."""

from __future__ import annotations

import builtins
import hashlib
import inspect
import types
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from clustersim.policy.indicator import Indicator
from clustersim.policy.rule import Rule

VALUES_MAX = 20_000  # looked at in each place; of a longer table the length counts, and its beginning
_MISSING = object()
_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_CODE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type, property, classmethod, staticmethod,
)  # fmt: skip

Place = tuple[str, Any, str]  # how it is called, the mapping in which it stands, its name there


def places(rule: Rule | Indicator) -> list[Place]:
    """Return where the code of a rule or an indicator could keep something: itself, its class, globals of its file.

    What it keeps in another module, in a cache of `functools`, or in a file, is not found.
    """
    kind = type(rule)
    line = kind.__mro__[: kind.__mro__.index(Rule if isinstance(rule, Rule) else Indicator)]
    found: list[Place] = [(f"self.{name}", vars(rule), name) for name in kind.model_fields]
    todo: list[Any] = []
    for c in line:
        found += [(f"{c.__name__}.{name}", vars(c), name) for name, value in vars(c).items()
                  if not name.startswith(("__", "model_", "_abc")) and not isinstance(value, _CODE)]  # fmt: skip
        todo += vars(c).values()
    return found + list(_of_functions(todo, {c.__module__ for c in line}))


def _of_functions(todo: list[Any], modules: set[str]) -> Iterator[Place]:
    """Yield the places that functions use, and those that they call in the same files."""
    seen: set[Any] = set()
    while todo:
        value = todo.pop()
        value = getattr(value, "__func__", value)
        function = inspect.unwrap(value) if callable(value) and not isinstance(value, type) else value
        if not isinstance(function, types.FunctionType) or function in seen or function.__module__ not in modules:
            continue
        seen.add(function)
        call = function.__name__
        yield from ((f"{call}.{name}", vars(function), name) for name in vars(function) if name != "__wrapped__")
        for what in (function.__defaults__, tuple((function.__kwdefaults__ or {}).values())):
            yield f"the defaults of {call}", {"": what}, ""
        for cell in function.__closure__ or ():
            yield f"a variable around {call}", _Cell(cell), ""
        for name in sorted(_names(function.__code__)):
            used = function.__globals__.get(name, _MISSING)
            if isinstance(used, _CODE) or hasattr(used, "__wrapped__"):
                if isinstance(used, type) and used.__module__ in modules:
                    todo += list(vars(used).values())
                    yield from ((f"{name}.{key}", vars(used), key) for key, kept in vars(used).items()
                                if not key.startswith("__") and not isinstance(kept, _CODE))  # fmt: skip
                todo.append(used)
            elif used is not _MISSING or not hasattr(builtins, name):
                yield name, function.__globals__, name


class _Cell(Mapping[str, Any]):
    """A variable of a function around, which may be given another value."""

    def __init__(self, cell: types.CellType) -> None:
        self._cell = cell

    def __getitem__(self, key: str) -> Any:
        try:
            return self._cell.cell_contents
        except ValueError:
            return _MISSING

    def __iter__(self) -> Iterator[str]:
        return iter([""])

    def __len__(self) -> int:
        return 1


def _names(code: types.CodeType) -> set[str]:
    """Return the global names and attributes that code uses, functions inside it included."""
    return set(code.co_names).union(*(_names(part) for part in code.co_consts if isinstance(part, types.CodeType)))


def remembered(found: list[Place]) -> list[bytes]:
    """Return a fingerprint of what stands in each place now."""
    return [_fingerprint(holder.get(name, _MISSING)) for _label, holder, name in found]


def _fingerprint(value: Any) -> bytes:
    digest, left, above = hashlib.blake2b(digest_size=16), [VALUES_MAX], set[int]()

    def take(value: Any) -> None:
        left[0] -= 1
        if left[0] < 0 or isinstance(value, _CODE) or value is _MISSING:
            return
        digest.update(type(value).__qualname__.encode())
        if type(value) in _PLAIN:
            digest.update(hex(value).encode() if type(value) is int else repr(value).encode())
            return
        if id(value) in above:
            return
        above.add(id(value))
        if isinstance(value, np.ndarray) and value.dtype != object:
            digest.update(f"{value.shape}".encode() + value.tobytes())
        elif isinstance(value, Mapping):
            digest.update(f"{len(value)}".encode())
            for key, part in list(value.items()):
                take(key)
                take(part)
        elif isinstance(value, list | tuple | set | frozenset):
            digest.update(f"{len(value)}".encode())
            for part in list(value):
                take(part)
        else:
            try:
                made = value.__reduce_ex__(4)
            except Exception:  # such as a lock: nothing can be seen of it
                made = ()
            for part in made if isinstance(made, tuple) else ():
                take(list(islice(part, VALUES_MAX)) if isinstance(part, Iterator) else part)
        above.discard(id(value))

    take(value)
    return digest.digest()
