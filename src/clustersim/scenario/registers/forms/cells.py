"""Cells of forms that hold numbers and dates, as the text that says the same."""

from __future__ import annotations

import datetime
import decimal
import math
import re
from typing import Any

WHOLE_MOST = 1e18  # up to which a whole number is written with all its digits
_TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def text(value: Any) -> str:
    """Return the text of a value: whole numbers without a point, dates as ISO writes them.

    Examples
    --------
    >>> import datetime
    >>> from clustersim.scenario.registers.forms.cells import text
    >>> text(1790000000001.0), text(0.35), text(datetime.datetime(2005, 3, 1)), text(None)
    ('1790000000001', '0.35', '2005-03-01', '')
    """
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isinf(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < WHOLE_MOST else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f") if value.is_finite() else ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def two_ways(cell: str) -> bool:
    """Return whether a text is a number that is read in two ways, such as '1.234'."""
    return len(cell) < 9 and _TWO_WAYS.fullmatch(cell.strip()) is not None
