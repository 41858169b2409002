"""What every result offers whoever works with it in Python: a short name for itself, a page in notebooks, pictures, and its
numbers as a CSV file or as an xarray data set.

A class of results says what is particular to it (facts, main numbers, its main table, its dimensions) and gets the rest from
`Presented`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.handed import handed
from clustersim.core.markup import card
from clustersim.core.numbers import number, to
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.results.exporting import write_frame

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SHOWN = ("firms", "employment", "sales", "productivity", "export_share", "trust", "linked_share")
MOST = 4  # clusters that the page of a run shows one by one


class Block(NamedTuple):
    """A table for a data set: the columns that become dimensions, and what is put before names that stand twice."""

    frame: pd.DataFrame
    dimensions: tuple[str, ...]
    units: Mapping[str, str]
    prefix: str = ""


class Presented:
    """What results have in common; each class fills in the methods that begin with an underscore."""

    def _heading(self) -> str:
        """Return what is shown, in a few words."""
        raise NotImplementedError

    def _facts(self) -> list[str]:
        """Return how much of it there is, each fact in a few words."""
        raise NotImplementedError

    def _numbers(self) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
        """Return headings and rows of the main numbers."""
        raise NotImplementedError

    def _table(self) -> pd.DataFrame:
        """Return the main table."""
        raise NotImplementedError

    def _blocks(self) -> list[Block]:
        """Return the tables that a data set holds."""
        raise NotImplementedError

    def _labels(self) -> dict[str, tuple[str, Sequence[Any]]]:
        """Return coordinates that a dimension has beside its own values: dimension and values, by name."""
        return {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._heading()}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        return card(self._heading(), self._facts(), *self._numbers())

    def plot(self, kind: str | None = None, language: str | None = None) -> Figure:
        """Draw the result.

        Parameters
        ----------
        kind : str, optional
            Which figure, such as ``"life_cycle"``; the one that tells most if not given. A wrong name is answered with those
            that there are.
        language : str, optional
            "en" or "es"; the language in force if not given.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, which notebooks show; ``figure.savefig(FILE)`` writes it.

        Raises
        ------
        InputError
            If there is no such figure or language.

        Examples
        --------
        >>> from clustersim import simulate
        >>> figure = simulate("organic", replicates=2, years=1).plot("life_cycle", language="es")
        """
        return handed("plot")(self, kind, language)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the main table as a CSV file: indicators of a run, outcomes of a comparison, finished runs of a sweep.

        Parameters
        ----------
        path : str or path
            The file, which appears whole or not at all; numbers have decimal points in every locale.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If there cannot be such a file.

        Examples
        --------
        >>> import tempfile
        >>> from clustersim import simulate
        >>> result = simulate("organic", replicates=2, years=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     result.to_csv(f"{folder}/organic.csv").name
        'organic.csv'
        """
        place = arguments.place(path, "path")
        if place.is_dir() or not place.absolute().parent.is_dir():
            said = _("{path} is a folder, or lies in one that does not exist", path=place)
            raise InputError("to_csv", "path", said)
        self._write_csv(place)
        return place

    def _write_csv(self, path: Path) -> None:
        write_frame(self._table(), path, "csv")

    def to_xarray(self) -> Any:
        """Return the numbers as an xarray data set with named dimensions and the unit of each variable.

        Returns
        -------
        xarray.Dataset

        Raises
        ------
        InputError
            If xarray is not installed (``pip install 'clustersim[xarray]'``).

        Examples
        --------
        >>> from clustersim import simulate
        >>> found = simulate("organic", replicates=2, years=1).to_xarray()
        >>> dict(found["trust"].sizes)
        {'replicate': 2, 'cluster': 1, 'quarter': 4}
        """
        try:
            import xarray
        except ImportError:
            message = _("{what} needs {package}, which is not installed.", what="to_xarray", package="xarray")
            hint = _("Install the extra: {command}", command="pip install 'clustersim[xarray]'")
            raise InputError("to_xarray", "", message, hint) from None
        found = xarray.Dataset()
        for block in self._blocks():
            found = found.merge(_arrays(block, set(found.data_vars)))
        for name, (dimension, values) in self._labels().items():
            found = found.assign_coords({name: (dimension, list(values))})
        return found.assign_attrs(title=self._heading())


def _arrays(block: Block, taken: set[Any]) -> Any:
    """Return a table as a data set over its dimensions; categories become texts."""
    dimensions = list(block.dimensions)
    frame = block.frame.drop(columns="year", errors="ignore") if "quarter" in dimensions else block.frame
    texts = frame.select_dtypes("category").columns
    names = {name: f"{block.prefix}{name}" if f"{name}" in taken else name for name in frame if name not in dimensions}
    found = frame.astype(dict.fromkeys(texts, object)).set_index(dimensions).rename(columns=names).to_xarray()
    order = {name: list(dict.fromkeys(frame[name])) for name in dimensions if name in texts}
    found = found.reindex(order)  # names in the order of the result, not of the alphabet
    for old, new in names.items():
        if old in block.units:
            found[new].attrs["units"] = block.units[old]
    if "year" in block.frame and "quarter" in dimensions:
        start = block.frame["year"].iloc[0] - block.frame["quarter"].iloc[0] / 4.0
        if (block.frame["year"] - block.frame["quarter"] / 4.0 == start).all():
            found = found.assign_coords(year=("quarter", start + found["quarter"].to_numpy() / 4.0))
    return found


def start_and_end(indicators: pd.DataFrame) -> list[list[str]]:
    """Return rows for the page of a run: of each cluster (or of all together, if many) its indicators at start and end."""
    clusters = list(dict.fromkeys(indicators["cluster"]))
    first, last = (indicators[indicators["quarter"] == end] for end in (indicators["quarter"].min(), indicators["quarter"].max()))
    rows = []
    for name in clusters if len(clusters) <= MOST else [None]:
        before, after = (frame if name is None else frame[frame["cluster"] == name] for frame in (first, last))
        of = f" · {name}" if name is not None and len(clusters) > 1 else ""
        for key in SHOWN:
            said = INDICATORS[key]
            rows.append([f"{_(said.label)}{of}", _(said.unit), span(before[key]), span(after[key])])
    return rows


def span(values: Any) -> str:
    """Return the median with the 10th and 90th percentile of what there is."""
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    if not known.size:
        return number(None)
    low, middle, high = np.quantile(known, (0.1, 0.5, 0.9))
    return number(middle) if low == high else f"{number(middle)} ({to(number(low), number(high))})"
