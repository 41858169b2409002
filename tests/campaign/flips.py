"""Flipped bits and torn files in all that lies in a result: each reader says so, or gives what was written all the same."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import works
from .attack import Attack, Fault, judged, scratch
from .children import Child

REPORT_EVERY = 20  # cases: it takes long


def quiet(work: Callable[[], Any]) -> Any:
    """Call without showing what is printed."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return work()


def verified(folder: Path) -> str:
    """Return "sound" if ``results verify`` finds nothing wrong; raise `InputError` if it does."""
    from clustersim.cli import command_line as cli
    from clustersim.core.errors import InputError

    out, said = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        status = cli.main(["results", "verify", str(folder)])
    words = out.getvalue() + said.getvalue()
    if status not in (0, 1, 2) or "Traceback" in words or "Unexpected failure" in words:
        raise RuntimeError(f"status {status}: {words}")
    if status:
        raise InputError("", "", " ".join(words.split())[-400:])  # the list may be long, as it must
    return "sound"


def of_run(found: Any) -> Any:
    """Return what a run holds."""
    return found.tables(), found.provenance, repr(found.scenario), found.seed, found.replicates, found.name


def of_comparison(found: Any) -> Any:
    """Return what a comparison holds."""
    tables = {"runs": found.runs, "yearly": found.yearly, "worlds": found.worlds}
    return tables, found.provenance, found.answers, repr(found.options), {k: v.tolist() for k, v in found.draws.items()}


def of_sweep(found: Any) -> Any:
    """Return what a sweep holds."""
    return found.indicators, found.points, found.failures, found.plan.content


def readers(kind: str) -> dict[str, Callable[[Path], Any]]:
    """Return all that reads a kind of result: of each, what it gives of a folder."""
    from clustersim.core.errors import InputError
    from clustersim.experiments.reading import read_sweep
    from clustersim.results import read_run
    from clustersim.studies import kept
    from clustersim.studies.comparison.storage import read_comparison
    from clustersim.views.report import write_report

    def exported(folder: Path) -> bytes:
        path = folder.parent / "exported.csv"
        kept.export(folder, path, "csv")
        return path.read_bytes()

    def reported(folder: Path) -> bytes:
        return write_report(folder, folder.parent / "report.html").read_bytes()

    def listed(folder: Path) -> Any:
        found = kept.listed(folder.parent)
        if any(one["kind"] == "damaged" or one["done"] != one["runs"] for one in found):
            raise InputError("", "", "damaged, or not all of it there")
        return found

    def described(folder: Path) -> Any:
        found = kept.describe(folder)
        if found.get("damaged"):
            raise InputError("", "", "damaged")
        return found

    read = {"run": lambda folder: of_run(read_run(folder)), "comparison": lambda folder: of_comparison(read_comparison(folder)),
            "sweep": lambda folder: of_sweep(read_sweep(folder))}[kind]  # fmt: skip
    found = {"read": read, "show": described, "digest": kept.digest, "export": exported, "list": listed, "verify": verified}
    return found | {"report": reported}


def damage(data: bytes, draw: random.Random) -> bytes:
    """Return data with one bit flipped; seldom cut short, with zeros in it, or with more at its end."""
    how, place = draw.random(), draw.randrange(max(1, len(data)))
    if how < 0.9 and data:
        return data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :]
    if how < 0.94 and data:
        return data[:place]
    if how < 0.97 and any(data[place : place + 64]):
        return data[:place] + bytes(len(data[place : place + 64])) + data[place + 64 :]
    return data + bytes([draw.randrange(256)])


class Flips(Attack):
    """Damage to a file of a result."""

    short, long = 60, 4000

    def __init__(self, kind: str) -> None:
        self.kind, self.name = kind, f"flips-{kind}"
        how = "one bit flipped (a tenth: torn, zeroed, longer)"
        self.what = f"{how} in any file of a {kind}; then `results verify` and one of its readers in turn"
        self.tally: Counter[str] = Counter()

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        command = works.command(self.kind, folder / "results")
        drawn = [word for word in command if word != "--no-figures"]  # pictures can be damaged too
        child = Child(drawn, folder / "said.txt")
        if child.end(120):
            raise RuntimeError(child.words())
        found = works.result_in(folder / "results", self.kind)
        assert found is not None
        self.folder = found
        self.files = sorted(path for path in found.rglob("*") if path.is_file())
        # Tables and documents more often than the many pictures.
        self.weights = [0.1 if path.suffix in (".png", ".svg") else 1.0 for path in self.files]
        self.readers = readers(self.kind)
        self.right, self.unable = {}, []
        for name, read in list(self.readers.items()):
            self.right[name], faults = judged(lambda read=read: quiet(lambda: works.facts(read(found))), ())
            if faults:
                self.unable.append(Fault("words", f"{name} refuses a sound {self.kind}: {faults[0].what}"))
                del self.readers[name]

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError

        path = draw.choices(self.files, self.weights)[0]
        data = path.read_bytes()
        found = [] if number else list(self.unable)
        damaged = damage(data, draw)
        path.write_bytes(damaged)
        try:
            for name, read in self.asked(number).items():
                value, faults = judged(lambda read=read: quiet(lambda: works.facts(read(self.folder))), InputError)
                where = f"{name} of {path.relative_to(self.folder)}, {difference(data, damaged)}"
                found += [fault._replace(what=f"{where}: {fault.what}") for fault in faults]
                if value is None:
                    self.tally["told"] += 1
                elif name == "verify" or value != self.right[name]:
                    found.append(Fault("wrong", f"{where}: {'nothing found' if name == 'verify' else 'other content, no word'}"))
                else:
                    self.tally["right all the same"] += 1
        finally:
            path.write_bytes(data)
        return found

    def asked(self, number: int) -> dict[str, Callable[[Path], Any]]:
        """Return the readers of a case: the verification, and one of the others in turn, the report seldom."""
        others = [name for name in self.readers if name not in ("verify", "report")]
        name = (
            "report" if number % REPORT_EVERY == REPORT_EVERY - 1 and "report" in self.readers else others[number % len(others)]
        )
        return {one: read for one, read in self.readers.items() if one in ("verify", name)}


def difference(before: bytes, after: bytes) -> str:
    """Return where two contents differ first."""
    if len(before) != len(after):
        return f"{len(after)} bytes of {len(before)}"
    return f"byte {next((k for k in range(len(before)) if before[k] != after[k]), -1)} of {len(before)}"


class FlipsInKept(Attack):
    """Damage to the finished batches that lie beside a result-to-be."""

    name = "flips-kept"
    what = "the same in the batches kept of a run that ended early; then the run goes on to its end"
    short, long = 20, 1000

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.options: dict[str, Any] = {"replicates": 6, "years": 1, "records": ("events",), "workers": 1}
        self.right = works.facts(self.run(None).tables())
        self.beside = folder / "kept"

        def interrupt(done: int, total: int) -> None:
            if done > total * 0.8:
                raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            self.run(self.beside, interrupt)
        self.files = [path.relative_to(self.beside) for path in sorted(self.beside.rglob("*")) if path.is_file()]
        if not self.files:
            raise RuntimeError("nothing was kept")

    def run(self, keep: Path | None, progress: Any = None) -> Any:
        """Do the run."""
        from clustersim.results import simulate

        return simulate("small.yaml", keep=keep, progress=progress, **self.options)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        with scratch() as place:
            beside = place / "kept"
            shutil.copytree(self.beside, beside)
            path = beside / draw.choice(self.files)
            path.write_bytes(damage(path.read_bytes(), draw))
            value, found = judged(lambda: works.facts(self.run(beside).tables()), ())
            if value is not None and value != self.right:
                found.append(Fault("wrong", f"{path.name}: the run that went on has other numbers"))
            return found
