"""Parquet files as frames, after a look at what they would become in memory: a small file may hold gigabytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core import machine
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.size import MEMORY_SHARE_MAX, bytes_text, check_fits

if TYPE_CHECKING:
    import pandas as pd

BYTES_PER_VALUE = 16  # beside what the file itself holds of it: in a table and in a frame


def frame_of(data: bytes, path: Path) -> pd.DataFrame:
    """Return the table that the bytes of a file hold.

    Parameters
    ----------
    data : bytes
        Of the file.
    path : Path
        The file, for errors.

    Raises
    ------
    InputError
        If they are no Parquet file, or the table would not fit this machine's memory.
    """
    import pandas as pd
    import pyarrow

    try:
        check_fits(unpacked(data), str(path))
        return pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    except (MemoryError, pyarrow.ArrowMemoryError) as error:
        there = bytes_text(machine.memory() or machine.ASSUMED)
        raise InputError(str(path), "", _("does not fit the memory of this machine ({there})", there=there)) from error
    except (OSError, ValueError, KeyError, TypeError, pyarrow.ArrowException) as error:
        raise InputError(str(path), "", _("is damaged: it is not a Parquet file")) from error


def unpacked(data: bytes, spell: bool = True) -> float:
    """Return about how many bytes of memory the table in a file will take, from what the file says, before anything is unpacked.

    Texts that a file holds once and names often are counted as often as they are named, but for categories, if `spell`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
    groups = [file.metadata.row_group(k) for k in range(file.metadata.num_row_groups)]
    chunks = [group.column(k) for group in groups for k in range(group.num_columns)]
    size = sum(chunk.num_values * BYTES_PER_VALUE + chunk.total_uncompressed_size for chunk in chunks)
    texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
    if not (texts and spell) or size > MEMORY_SHARE_MAX * (machine.memory() or machine.ASSUMED):
        return float(size)
    coded = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts, pre_buffer=False)
    for name in texts:
        size += sum(_spelt_out(part) for part in coded.read([name], use_threads=False).column(0).chunks)
    return float(size)


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _spelt_out(part: Any) -> int:
    """Return the bytes of a column of texts that names them by number, if each were spelt out."""
    import pyarrow.compute as pc

    lengths = pc.binary_length(part.dictionary)
    return int(pc.sum(pc.cast(lengths.take(part.indices), "int64")).as_py() or 0) if len(part) else 0
