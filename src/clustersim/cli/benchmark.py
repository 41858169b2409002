"""``clustersim benchmark``: the speed and the memory of the simulator on this machine, as a table."""

from __future__ import annotations

from typing import Any

from clustersim.cli.options import AsJson
from clustersim.core.words import _


def benchmark(as_json: AsJson = False) -> None:
    """Measure the speed and the memory of the simulator on this machine; it takes some minutes."""
    from clustersim.cli.terminal import console, print_json, say
    from clustersim.studies.speed import measure

    note = console(error=True)
    found = measure(lambda text: say(note, "  " + _("measuring {what} …", what=text)))
    if as_json:
        print_json(found)
    else:
        show(found)


def show(found: dict[str, Any]) -> None:
    """Print figures beside what they are measured against, and what each mechanism takes."""
    from clustersim.cli.terminal import console, print_rows
    from clustersim.core.numbers import number

    rows = [
        (f["name"], _(f["meaning"]), number(f["value"]), _(f["unit"]), number(f["ratio"], 2), _(f["reference"]))
        for f in found["results"]
    ]
    heads = (_("Figure"), _("Meaning"), _("Value"), _("Unit"), _("Ratio"), _("Reference"))
    print_rows(console(), heads, rows, (2, 4))
    mechanisms = [
        (name, number(row["ns_per_firm"], 1), number(row["bandwidth_share"], 3)) for name, row in found["mechanisms"].items()
    ]
    print_rows(console(), (_("Mechanism"), _("ns per firm"), _("Share of the bandwidth bound")), mechanisms, (1, 2))
