"""Data files of statistics programs: Stata, and Parquet; read in parts."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.cells import text, two_ways
from clustersim.scenario.registers.forms.guard import whole
from clustersim.scenario.registers.forms.source import Opener, Source

PART = 20_000  # rows at a time


def _damaged(file: str, form: str) -> InputError:
    hint = _("Save it again, or save it as CSV (UTF-8).")
    return InputError(file, "", _("is a file of {form} that cannot be read; it may be damaged.", form=form), hint)


def stata(open_: Opener, file: str) -> Source:
    """Return the table of a file of Stata, with labels in place of codes.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    from pandas.io.stata import StataReader

    content = whole(open_, file)
    found = Source("Stata", (), headed=True, numbers=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with StataReader(io.BytesIO(content)) as reader:
                labels = reader.variable_labels()
                found.units = [said if said.casefold() != name.casefold() else "" for name, said in labels.items()]
    except Exception:  # a damaged file makes pandas raise anything
        raise _damaged(file, "Stata") from None
    found.rows = _stata_rows(content, file, found)
    return found


def _stata_rows(content: bytes, file: str, found: Source) -> Iterator[tuple[int, list[str]]]:
    from pandas.io.stata import StataReader

    number, labelled = 0, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with StataReader(io.BytesIO(content)) as reader:
                    reader.read(1, convert_categoricals=True)
            except ValueError:  # two codes have one label, so that codes say more
                labelled = False
            with StataReader(io.BytesIO(content), chunksize=PART, convert_categoricals=labelled) as reader:
                for k, part in enumerate(reader):
                    if k == 0:
                        yield 0, [str(name) for name in part.columns]
                    columns = [_column(part[name], place, found) for place, name in enumerate(part.columns)]
                    for row in zip(*columns, strict=True):
                        number += 1
                        yield number, list(row)
    except InputError:
        raise
    except Exception:  # as above
        raise _damaged(file, "Stata") from None


def _column(values: Any, place: int, found: Source) -> list[str]:
    """Return a column as text, in the shortest form that its own kind of number is read back from."""
    if values.dtype == np.float32:
        return [text(float(str(value))) if np.isfinite(value) else "" for value in values.to_numpy()]
    cells = [text(_plain(value)) for value in values.tolist()]
    if values.dtype.kind == "O" and any(map(two_ways, cells)):
        found.fused.add(place)
    return cells


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    return value.item() if isinstance(value, np.generic) else value


def parquet(open_: Opener, file: str) -> Source:
    """Return the table of a Parquet file.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    import pyarrow.parquet

    stream = open_()
    content = stream if stream.seekable() else io.BytesIO(whole(open_, file))
    try:
        reader = pyarrow.parquet.ParquetFile(content)
        names = [str(name) for name in reader.schema_arrow.names]
    except Exception:  # a damaged file makes pyarrow raise anything
        raise _damaged(file, "Parquet") from None
    found = Source("Parquet", (), headed=True, numbers=True)
    found.rows = _parquet_rows(reader, names, file, found)
    return found


def _parquet_rows(reader: Any, names: list[str], file: str, found: Source) -> Iterator[tuple[int, list[str]]]:
    number = 0
    yield 0, names
    try:
        for part in reader.iter_batches(PART):
            columns = []
            for place, column in enumerate(part.columns):
                narrow = str(column.type) == "float"
                values = column.to_numpy(zero_copy_only=False) if narrow else column.to_pylist()
                cells = [text(float(str(v))) if narrow and v == v else text(_plain(v)) for v in values]
                if str(column.type) in ("string", "large_string") and any(map(two_ways, cells)):
                    found.fused.add(place)
                columns.append(cells)
            for row in zip(*columns, strict=True):
                number += 1
                yield number, list(row)
    except InputError:
        raise
    except Exception:  # as above
        raise _damaged(file, "Parquet") from None
