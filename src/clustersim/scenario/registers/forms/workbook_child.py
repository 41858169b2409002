"""Reads a workbook by calamine in a process of its own: a damaged or malicious workbook may end that process, not the program.

It is run as a script, and imports nothing of this package. From its input come the length of the workbook, the workbook, and then
the name of the sheet to read; to its output go lines of JSON: what sheets there are with their first rows, then all rows of one.
"""

import datetime
import io
import json
import sys
from typing import Any

HEAD = 120  # rows of each sheet that are shown before one is chosen
MEMORY, PER_BYTE, MEMORY_MOST = (
    1 << 30,
    60,
    6 << 30,
)  # bytes that it may take: so many, and for each byte of the workbook; at most
SECONDS, PER_MEGABYTE, SECONDS_MOST = 10, 10, 300  # of one processor; half a million rows, some 20 MB, take some twenty


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; dates and times as a list with one text."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return [value.date().isoformat()]
    return ["" if value is None else value.isoformat(" ") if isinstance(value, datetime.datetime) else str(value)]


def say(what: Any) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(what) + "\n")


def limit(memory: int, seconds: int) -> None:
    """Limit what this process may take, where the system knows limits: a damaged workbook can keep its reader busy for ever."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    except (ImportError, ValueError, OSError):
        pass


def main() -> None:
    """Read a workbook from the input, and write its rows."""
    import python_calamine as calamine

    size = int.from_bytes(sys.stdin.buffer.read(8), "little")
    limit(min(MEMORY + PER_BYTE * size, MEMORY_MOST), min(SECONDS + PER_MEGABYTE * size // 1_000_000, SECONDS_MOST))
    content = io.BytesIO(sys.stdin.buffer.read(size))
    try:
        book = calamine.CalamineWorkbook.from_filelike(content)
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        heads = {}
        if len(names) > 1:
            for name in names:
                rows = book.get_sheet_by_name(name).iter_rows()
                heads[name] = [[plain(value) for value in row] for row, _k in zip(rows, range(HEAD), strict=False)]
        say({"names": names, "heads": heads})
        sys.stdout.flush()
        name = json.loads(sys.stdin.buffer.readline())
        sheet = book.get_sheet_by_name(name)
        joined = [[top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
        say({"left": sheet.start[1] if sheet.start else 0, "joined": joined})
        for row in sheet.iter_rows():
            say([plain(value) for value in row])
        say(None)
    except calamine.PasswordError:
        say("password")


if __name__ == "__main__":
    main()
