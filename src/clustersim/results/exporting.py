"""Tables as one CSV or Parquet file, which appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from clustersim.core.cells import safe
from clustersim.core.errors import InputError
from clustersim.core.files import appearing
from clustersim.core.words import _
from clustersim.results.storage import RUN, read_facts, read_indicators, unreadable

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLE_FORMATS = ("csv", "parquet")


def write_tables(tables: Iterable[pa.Table], path: Path, form: str) -> int:
    """Write tables of one schema, at least one, below each other into one file; return the rows written.

    Parameters
    ----------
    tables : iterable of pyarrow.Table
        Held one at a time.
    path : Path
        The file, which appears whole or not at all.
    form : {"csv", "parquet"}
        Its format; numbers in CSV have decimal points in every locale, and texts that a spreadsheet would calculate begin
        with an apostrophe.

    Raises
    ------
    InputError
        If a table cannot be written in this format.
    """
    import pyarrow as pa
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    with appearing(path) as place:
        rows, writer = 0, None
        try:
            for table in tables:
                table = _safe(table) if form == "csv" else table
                if writer is None:
                    if form == "csv":
                        writer = csv.CSVWriter(str(place), table.schema)
                    else:
                        writer = pq.ParquetWriter(str(place), table.schema, compression="zstd")
                writer.write_table(table)
                rows += len(table)
        except pa.ArrowInvalid as error:
            raise InputError(str(path), "", _("cannot be written: {error}", error=error)) from error
        finally:
            if writer is not None:
                writer.close()
    return rows


def _safe(table: pa.Table) -> pa.Table:
    """Return a table whose texts no spreadsheet takes for formulas; see `clustersim.core.cells`."""
    import pyarrow as pa

    for k, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            coded = table.column(k).combine_chunks().dictionary_encode()
            texts = pa.array([safe(text) for text in coded.dictionary.to_pylist()], field.type)
            table = table.set_column(k, field, texts.take(coded.indices))
    return table.rename_columns([safe(name) for name in table.column_names])


def write_frame(frame: pd.DataFrame, path: Path, form: str) -> int:
    """Write a frame into one file, categories as text; return the rows written. See `write_tables`."""
    import pyarrow as pa

    texts = frame.select_dtypes("category").columns
    table = pa.Table.from_pandas(frame.astype(dict.fromkeys(texts, "str")), preserve_index=False)
    return write_tables([table.replace_schema_metadata(None)], path, form)


def export_run(folder: Path, path: Path, form: str) -> int:
    """Write the indicators of a run into one file.

    Parameters
    ----------
    folder : Path
        The run's folder.
    path : Path
        The file, which appears whole or not at all.
    form : {"csv", "parquet"}
        Its format.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        If the folder holds no run, or one that is damaged.
    """
    said = read_facts(folder)
    try:
        frame = read_indicators(folder, said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable(folder / RUN, said) from error
    return write_frame(frame, path, form)
