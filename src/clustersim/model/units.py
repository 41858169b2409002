"""Numbers in the kernels that are no choices of the model: units of time, guards of arithmetic, conventions."""

from __future__ import annotations

YEAR = 4  # quarters in a year
HALF_YEAR = 2
TINY = 1e-9  # keeps a denominator away from 0; far below any amount of money or jobs that means something
ORIGIN = 0.5  # where on the circle of technologies the market begins: only distances on it have a meaning
EXPECTED = 2.4  # log(1 + 10), rounded: rates that are stated for a firm of ten employees are divided by it
