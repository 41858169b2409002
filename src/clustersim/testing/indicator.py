"""A test for a user's own indicator: a small place in which it is measured, and its twin in which it is not."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import NamedTuple

import numpy as np

from clustersim.core.words import _
from clustersim.policy.indicator import Indicator
from clustersim.policy.plugins import memory
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.registry import use_of
from clustersim.results.measuring import measure
from clustersim.results.probing import looks
from clustersim.simulation.engine import Simulation
from clustersim.testing.place import PLACE, new_laboratory, same

LEAST = 12  # quarters at least, and three measures


class Measured(NamedTuple):
    """What an indicator measured in a small place.

    Attributes
    ----------
    use : str
        Its name.
    values : int
        How many numbers it gave, in all replicates, those that are missing left out.
    least, most : float
        The least and the greatest of them; NaN if there were none.

    Examples
    --------
    >>> from clustersim.testing import Measured
    >>> Measured("largest_share", 12, 0.1, 0.4).most
    0.4
    """

    use: str
    values: int
    least: float
    most: float


def check_indicator(kind: type[Indicator], replicates: int = 4, seed: int = 1) -> Measured:
    """Measure an indicator in a small place, and run the same place without it.

    Parameters
    ----------
    kind : type
        The indicator's class.
    replicates : int
        Replicates of the place.
    seed : int
        Seed of all runs.

    Returns
    -------
    Measured
        What it measured.

    Raises
    ------
    InputError
        If the class does not meet the contract, or the indicator fails, does not end, or returns something else than a number.
    AssertionError
        If it prints, moves a number of the run, or gives other numbers in another order or in a replicate alone.

    Examples
    --------
    >>> from typing import Literal
    >>> from clustersim.plugins import Indicator
    >>> from clustersim.testing import check_indicator
    >>> class Rich(Indicator):
    ...     '''Firms with more than 100 kUSD in cash.'''
    ...     use: Literal["rich_firms"] = "rich_firms"
    ...     unit, etiqueta = "firms", "Empresas con caja"
    ...     def measure(self, look):
    ...         return (look.firms.cash > 100.0).sum()
    >>> check_indicator(Rich, replicates=1).values
    12
    """
    check(kind, base=Indicator)
    use, own = use_of(kind), kind()
    places = memory.places(own)
    scenario = new_laboratory(replicates, seed).scenario(**PLACE)
    together = range(replicates)
    among, alone, twin = (Simulation(scenario, seed, numbers) for numbers in (together, [replicates - 1], together))
    said, values = io.StringIO(), []
    for _again in range(max(3, -(-LEAST // kind.every))):
        records = [simulation.advance(kind.every) for simulation in (among, alone, twin)]
        with redirect_stdout(said):
            sights = list(looks(among, records[0]))
            found = measure(own, sights, places)
            back = measure(own, sights[::-1], places)[::-1]
            single = measure(own, list(looks(alone, records[1])), places)
        assert same(found, back).all(), _("{use}: in another order it measures something else", use=use)
        assert same(found[-1:], single).all(), _("{use}: a replicate alone is not what it is among others", use=use)
        assert same(records[0].indicators, records[2].indicators).all(), _("{use}: it moves a number of the run", use=use)
        values.append(found)
    assert not said.getvalue(), _("{use}: it prints, which spoils what commands say in JSON", use=use)
    known = np.concatenate(values)
    known = known[~np.isnan(known)]
    least, most = (known.min(), known.max()) if known.size else (np.nan, np.nan)
    return Measured(use, int(known.size), float(least), float(most))
