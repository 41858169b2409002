"""Size classes of firms: their names and bounds, declared once."""

from __future__ import annotations

from typing import Literal, get_args

from clustersim.core.accelerate import kernel

SizeClass = Literal["micro", "small", "medium", "large"]
CLASSES: tuple[SizeClass, ...] = get_args(SizeClass)
SMALL_FROM, MEDIUM_FROM, LARGE_FROM = BOUNDS = 10.0, 50.0, 250.0  # employees from which a firm belongs to the next class

EXTENT = {
    "micro": f"fewer than {SMALL_FROM:g} employees",
    "small": f"{SMALL_FROM:g} to fewer than {MEDIUM_FROM:g} employees",
    "medium": f"{MEDIUM_FROM:g} to fewer than {LARGE_FROM:g} employees",
    "large": f"{LARGE_FROM:g} employees or more",
}


@kernel
def size_class(employees):
    """Return the number of the size class, in the order of `CLASSES`."""
    return int(employees >= SMALL_FROM) + int(employees >= MEDIUM_FROM) + int(employees >= LARGE_FROM)
