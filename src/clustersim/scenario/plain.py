"""Values as Python hands them over, made into what a file could say: numbers, texts, lists, mappings, true, false, null."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel

from clustersim.core.arguments import said
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.keys import clip

DEPTH_MAX = 20
DIGITS_MAX = 40  # of a whole number, as in files


def plain(value: Any, place: str, key: str, depth: int = 1) -> Any:
    """Return a value of Python's as a file's reader would return it.

    Parameters
    ----------
    value : object
        Numbers of NumPy, tuples and arrays, and parts of other scenarios will do as well.
    place, key : str
        What an error names: the argument, and the dotted key.

    Raises
    ------
    InputError
        If no file could say it: a number that is not finite, an object, a mapping whose keys are no texts.

    Examples
    --------
    >>> from clustersim.scenario.plain import plain
    >>> plain((1, 2.5, None), "overrides", "programme.stages")
    [1, 2.5, None]
    """
    if depth > DEPTH_MAX:
        raise InputError(place, clip(key), _("is nested more than {most} levels deep.", most=DEPTH_MAX))
    if isinstance(value, BaseModel):
        try:
            value = value.model_dump(mode="json", warnings=False)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise InputError(place, clip(key), _("holds what no scenario can hold: {found}.", found=said(value))) from None
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and abs(value) < 10**DIGITS_MAX:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(item, place, f"{key}[{k}]", depth + 1) for k, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: plain(item, place, f"{key}.{name}" if key else name, depth + 1) for name, item in value.items()}
    must = _("a finite number, a text, true, false, null, or a list or mapping of these")
    raise InputError(place, clip(key), _("{found} is not possible; allowed: {must}", found=said(value), must=must))
