"""``clustersim results``: what runs, comparisons and sweeps have left; verify, digest, compact, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.help import Commands
from clustersim.cli.options import RESULTS, AsJson, ResultFolder
from clustersim.core.errors import InputError
from clustersim.core.words import N_, _

SUFFIXES = {"csv": "csv", "parquet": "parquet", "netcdf": "nc"}
KINDS = {"run": N_("run"), "comparison": N_("comparison"), "sweep": N_("sweep"), "damaged": N_("damaged"),
         "selection": N_("selection"), "validation": N_("validation"), "evidence": N_("evidence"),
         "set aside": N_("set aside")}  # fmt: skip
OPTIONS_MAX, FAILURES_MAX = 12, 20  # named in the terminal

commands = Commands("List, verify, compact and export what runs, comparisons and sweeps have left.")


@commands.command("list")
def list_results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that holds results.")] = RESULTS,
    as_json: AsJson = False,
) -> None:
    """List runs, comparisons and sweeps."""
    from clustersim.cli.terminal import console, count, print_json, print_rows, say
    from clustersim.studies.kept import listed

    found = listed(folder)
    if as_json:
        print_json(found)
        return
    lines = [(s["folder"], _(KINDS[s["kind"]]), *(count(s[key]) for key in ("runs", "done", "failed"))) for s in found]
    print_rows(console(), (_("Folder"), _("Kind"), _("Runs"), _("Done"), _("Failed")), lines, right=(2, 3, 4))
    for said in found:
        if "problem" in said:
            say(console(), f"{said['folder']}: {said['problem']}")


@commands.command()
def show(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Show what a result consists of and how far it is."""
    from clustersim.cli.terminal import print_json
    from clustersim.studies.kept import describe, kind_of

    found = describe(folder)
    if as_json or kind_of(folder) != "sweep":
        print_json(found)
    else:
        _show_sweep(found)


def _show_sweep(found: dict[str, Any]) -> None:
    from clustersim.cli.terminal import console, count, say

    counts = {name: count(found[name]) for name in ("done", "runs", "failed", "missing", "chunks", "bytes")}
    options, worlds = found["options"], ", ".join(found["uncertain"]) or _("one")
    lines = [
        f"{found['experiment']}: "
        + _("{done} of {runs} runs done, {failed} failed, {missing} missing; {chunks} chunks, {bytes} bytes", **counts),
        _("model: {version} ({code})", version=found["model"]["version"], code=found["model"]["code"]),
        _("scenarios: {names}", names=", ".join(found["scenarios"])),
        _("options ({n}): {names}", n=count(len(options)), names="; ".join(o["name"] for o in options[:OPTIONS_MAX])),
        _("worlds ({n}): {names}", n=count(found["worlds"]), names=worlds),
        _("seeds: {seeds}, replicates: {replicates}", seeds=count(found["seeds"]), replicates=count(found["replicates"])),
    ]
    lines += [_output_line(name, said) for name, said in found["outputs"].items()]
    lines += [_damaged_line(said) for said in found["damaged"]]
    lines += [
        _("failed run {run} ({option}, world {world}): {reason}", run=said["run"], option=said["option"], world=said["world"],
          reason=said["reason"])
        for said in found["failures"][:FAILURES_MAX]
    ]  # fmt: skip
    for line in lines:
        say(console(), line)


def _output_line(name: str, said: dict[str, Any]) -> str:
    meaning = ": ".join(_(part) for part in said["meaning"].split(": ", 1))
    return _("output {name} [{unit}]: {meaning}", name=name, unit=_(said["unit"]), meaning=meaning)


def _damaged_line(said: dict[str, Any]) -> str:
    return _("damaged {chunk}: {reason}", **said) if "chunk" in said else _("damaged {file}: {reason}", **said)


@commands.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result, or a folder that holds results.")],
    mend: Annotated[bool, typer.Option("--mend", help="Bring back first what killed processes left set aside.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check every file of a result, or of all in a folder, against its hash; status 1 if one is damaged."""
    from clustersim.cli.terminal import console, print_json, say
    from clustersim.studies import kept

    if mend:
        kept.mend(folder)
    found = kept.verify(folder)
    if as_json:
        print_json(found)
    else:
        for line in _verified(found):
            say(console(), line)
    if not found["ok"]:
        raise typer.Exit(1)


def _verified(found: dict[str, Any]) -> list[str]:
    """Return what verifying found, in lines."""
    from clustersim.cli.terminal import count

    if "results" in found:
        return [f"{said['folder']} ({_(KINDS[said['kind']])}): {line}"
                for said in found["results"] for line in _verified(said)]  # fmt: skip
    lines = [_damaged_line(said) for said in found["damaged"]]
    lines += [_("{path} was written without hashes; whether it is damaged cannot be told", path=file)
              for file in found.get("unchecked", ())]  # fmt: skip
    if "chunks" in found:
        counts = {name: count(found[name]) for name in ("chunks", "bytes", "done", "runs", "failed", "missing", "twice")}
        bad = sum("chunk" in said for said in found["damaged"])
        lines.append(_(
            "{chunks} chunks, {bytes} bytes: {done} of {runs} runs done, {failed} failed, {missing} missing, {twice} in "
            "several chunks, {damaged} chunks damaged", damaged=count(bad), **counts,
        ))  # fmt: skip
    elif found.get("hashed"):
        counts = {"files": count(found["files"]), "bytes": count(found["bytes"]), "damaged": count(len(found["damaged"]))}
        lines.append(_("{files} files, {bytes} bytes: {damaged} damaged", **counts))
    elif found["ok"] and not found.get("unchecked"):
        lines.append(_("it can be read, but was written without hashes; whether it is damaged cannot be told"))
    return lines


@commands.command()
def digest(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Print a hash of the logical content: keys and values of runs, however they are stored."""
    from clustersim.cli.terminal import print_json
    from clustersim.studies.kept import digest as digest_of

    value = digest_of(folder)
    print_json({"folder": str(folder), "digest": value}) if as_json else print(value)


@commands.command()
def compact(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Write a sweep anew in few large chunks, the same bytes for the same content."""
    from clustersim.cli.terminal import console, count, print_json, say
    from clustersim.experiments.maintenance import compact as pack
    from clustersim.studies.kept import sweep_in

    before, after = pack(sweep_in(folder))
    if as_json:
        print_json({"folder": str(folder), "chunks_before": before, "chunks_after": after})
    else:
        say(console(), _("{before} chunks became {after}", before=count(before), after=count(after)))


@commands.command()
def export(
    folder: ResultFolder,
    form: Annotated[
        str, typer.Argument(metavar="csv|parquet|netcdf", help="Format; netcdf is for sweeps and needs the extra of that name.")
    ],
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="File; named after the folder if not given.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Export an unfinished sweep as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the runs of a sweep, the indicators of a run, or the outcomes of a comparison into one file."""
    from clustersim.cli.terminal import console, count, print_json, say
    from clustersim.core.files import name_of
    from clustersim.studies.kept import export as write

    path = to or Path(f"{name_of(folder)}.{SUFFIXES.get(form, 'csv')}")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise InputError("--to", "", _("{path} is a folder, or lies in one that does not exist", path=path))
    rows = write(folder, path, form, partial)
    if as_json:
        print_json({"file": str(path), "rows": rows})
    else:
        say(console(), _("{path}: {rows} rows", path=path, rows=count(rows)))
