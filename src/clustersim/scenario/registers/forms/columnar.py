"""Data files of statistics programs: Stata, and Parquet; read in parts."""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.cells import text, two_ways
from clustersim.scenario.registers.forms.guard import check_size, whole
from clustersim.scenario.registers.forms.source import Opener, Source, check_shape

PART, CELLS = 20_000, 2_000_000  # rows at a time, and the most cells of them
NUMBER = 4  # bytes of a number, at least
_STATA = re.compile(
    rb"<stata_dta><header><release>(\d+)</release><byteorder>([ML])SF</byteorder><K>(.{2}|.{4})</K><N>(.{4}|.{8})</N>", re.DOTALL
)


def _damaged(file: str, form: str) -> InputError:
    return InputError(file, "", _("is a file of {form} that cannot be read; it may be damaged.", form=form), _hint())


def _hint() -> str:
    return _("Save it again, or save it as CSV (UTF-8).")


def stata(open_: Opener, file: str) -> Source:
    """Return the table of a file of Stata, with labels in place of codes.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    from pandas.io.stata import StataReader

    content = whole(open_, file)
    check_shape(file, *_stata_shape(content))
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


def _stata_shape(content: bytes) -> tuple[int, int]:
    """Return how many columns and rows the header of a file of Stata says."""
    if (header := _STATA.match(content)) is not None:
        step = 1 if header[2] == b"M" else -1  # which end of a number comes first
        return int.from_bytes(header[3][::step], "big"), int.from_bytes(header[4][::step], "big")
    return struct.unpack_from(">HI" if content[1:2] == b"\x01" else "<HI", content, 4) if len(content) > 9 else (0, 0)


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
    packed = content.seek(0, io.SEEK_END)
    try:
        reader = pyarrow.parquet.ParquetFile(content)
        about, schema = reader.metadata, reader.schema
        check_shape(file, about.num_columns, about.num_rows)
        leaves = [schema.column(k) for k in range(len(schema))]
        parts = [[group.column(k) for group in map(about.row_group, range(about.num_row_groups))] for k in range(len(leaves))]
        values = [sum(chunk.num_values for chunk in chunks) for chunks in parts]  # in lists there may be more than rows
        check_shape(file, 0, max(values, default=0))
        # A page may say in some bytes that one value stands in a million rows.
        least = sum(count * max(leaf.length, NUMBER) for count, leaf in zip(values, leaves, strict=True))
        check_size(file, max(least, sum(chunk.total_uncompressed_size for chunks in parts for chunk in chunks)), packed, _hint())
        # What a file holds once and names often is held once here as well.
        texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
        reader = pyarrow.parquet.ParquetFile(content, read_dictionary=texts)
        names = [str(name) for name in reader.schema_arrow.names]
        many = max(1, min(PART, CELLS * about.num_rows // max(sum(values), 1)))
    except InputError:
        raise
    except Exception:  # a damaged file makes pyarrow raise anything
        raise _damaged(file, "Parquet") from None
    found = Source("Parquet", (), headed=True, numbers=True)
    found.rows = _parquet_rows(reader, names, many, packed, file, found)
    return found


def _parquet_rows(
    reader: Any, names: list[str], many: int, packed: int, file: str, found: Source
) -> Iterator[tuple[int, list[str]]]:
    number, size = 0, 0
    yield 0, names
    try:
        for part in reader.iter_batches(many):
            size += sum(map(_spelt_out, part.columns))
            check_size(file, size, packed, _hint())
            columns = [_parquet_column(column, place, found) for place, column in enumerate(part.columns)]
            for row in zip(*columns, strict=True):
                number += 1
                yield number, list(row)
    except InputError:
        raise
    except Exception:  # as above
        raise _damaged(file, "Parquet") from None


def _spelt_out(column: Any) -> int:
    """Return the bytes of the texts of a column, if each were spelt out that is named by a number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        return int(pc.sum(pc.cast(lengths, "int64")).as_py() or 0)
    if pa.types.is_nested(column.type):
        inside = [column.keys, column.items] if pa.types.is_map(column.type) else column.flatten()
        return sum(map(_spelt_out, inside if isinstance(inside, list) else [inside]))
    return 0


def _parquet_column(column: Any, place: int, found: Source) -> list[str]:
    """Return a column as text; a text that a file holds once is held once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        codes = pc.unique(column.indices)
        said = [text(_plain(value)) for value in column.dictionary.take(codes).to_pylist()]
        if not pa.types.is_binary(column.type.value_type) and any(map(two_ways, said)):
            found.fused.add(place)
        of = dict(zip(codes.to_pylist(), said, strict=True))
        return [of[code] for code in column.indices.to_pylist()]
    if pa.types.is_float32(column.type):
        return [text(float(str(v))) if v == v else "" for v in column.to_numpy(zero_copy_only=False)]
    return [text(_plain(value)) for value in column.to_pylist()]
