"""``python -m tests.campaign``: the attacks, short or long, resumed where they were left, and the table of what they found."""

from __future__ import annotations

import argparse
import functools
import gc
import mmap
import os
import sys
import tempfile
from collections import Counter
from importlib import metadata
from pathlib import Path

from . import __doc__ as about
from .attack import REPOSITORY, Attack, Fault, State, code, counted, go_through, in_own_process, note, one, scratch
from .attacks import ATTACKS
from .page import FIGURES, write_page

STATE = REPOSITORY / ".campaign" / "state.json"


def warm_up() -> None:
    """Import what commands need and compile, once, before anything is forked; none of it starts a thread of Python's.

    What is the same in all cases is found once: the command line, what is installed, the names of shipped scenarios. And the
    collector of what is unused need not look through all this in each case.
    """
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    from clustersim.cli import command_line
    from clustersim.experiments import maintenance, sweeping  # noqa: F401
    from clustersim.results import running  # noqa: F401
    from clustersim.scenario import loading
    from clustersim.simulation.compiling import compile_kernels
    from clustersim.studies import comparison  # noqa: F401

    compile_kernels()
    for module, name in ((command_line, "commands"), (metadata, "entry_points"), (metadata, "version"),
                         (loading, "shipped_scenarios")):  # fmt: skip
        setattr(module, name, functools.cache(getattr(module, name)))
    command_line.commands()
    gc.freeze()


def main(arguments: list[str] | None = None) -> int:
    """Run the campaign; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=about)
    parser.add_argument("names", nargs="*", metavar="NAME", help="attacks; all if none is named")
    parser.add_argument("--long", action="store_true", help="the long form, which takes hours; resumed where it was left")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="for each attack at most; it goes on the next time")
    parser.add_argument("--cases", type=int, help="up to so many cases of each attack, instead of those of its form")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="do this one case of an attack again, and say what was wrong")
    parser.add_argument(
        "--state", type=Path, help=f"file of the figures so far; {STATE.relative_to(REPOSITORY)} for the long form"
    )
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md and its figures from the state")
    parser.add_argument("--show", type=int, default=3, help="cases to tell of each attack in which something was wrong")
    parser.add_argument("--list", action="store_true", help="list the attacks, and how many of their cases are done")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - set(ATTACKS):
        parser.error(f"no such attack: {', '.join(sorted(unknown))}; there are: {', '.join(ATTACKS)}")
    chosen = [ATTACKS[name] for name in given.names or ATTACKS]
    state = State(given.state.absolute() if given.state else STATE)
    if given.list:
        print(f"{'':20} {'short':>6}   {'long':>9}   {'cases':>9} {'of today':>9}")
        for attack in chosen:
            figures = state.of(attack.name)
            done = f"{counted(figures):>9,} {figures['states'].get(code(), 0):>9,}"
            print(f"{attack.name:20} {attack.short:>6,} / {attack.long:>9,}   {done}   {attack.what}")
        return 0
    if given.write:
        write_page({"code": code(), "attacks": {name: state.of(name) for name in ATTACKS if name in state.figures}})
        print(f"{FIGURES.relative_to(REPOSITORY)} and docs/reliability.md are written")
        return 0
    warm_up()
    if given.case is not None:
        return again(chosen, given.case, given.seed)
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        state = State(given.state.absolute() if given.state else (STATE if given.long else Path(folder) / "state.json"))
        return sum(run(attack, state, given) for attack in chosen) > 0


def run(attack: Attack, state: State, given: argparse.Namespace) -> int:
    """Do the cases of an attack that are left; return how many cases were wrong."""
    figures = state.of(attack.name)
    figures["not"] = attack.impossible()
    if figures["not"]:
        state.save()
        print(f"{attack.name:20} not done: {figures['not']}", flush=True)
        return 0
    upto = given.cases or (attack.long if given.long else attack.short)
    now = mmap.mmap(-1, 8)  # the case that is being done, shared with the process that does it

    def work() -> None:
        def save() -> None:
            figures["tally"] = dict(before + Counter(getattr(attack, "tally", {})))
            state.save()

        before = Counter(figures.get("tally", {}))
        go_through(attack, figures, upto, given.seconds, given.seed, save, now)

    while (status := in_own_process(work)) < 0:
        state.figures = State(state.path).figures
        figures = state.of(attack.name)
        number = int.from_bytes(now[:8], "little")
        note(figures, number, [Fault("traceback", f"the process ended by signal {-status}")])  # it goes on behind this case
        state.save()
    state.figures = State(state.path).figures
    figures = state.of(attack.name)
    if status:
        print(f"{attack.name:20} could not be done; see above", flush=True)
        return 1
    faults = ", ".join(f"{count} {kind}" for kind, count in figures["faults"].items() if count)
    print(f"{attack.name:20} {counted(figures):>9,} cases {figures['seconds']:>8.0f} s  {faults or 'nothing wrong'}", flush=True)
    if figures["failed"]:
        for example in figures["examples"][: given.show]:
            print(f"    case {example['case']}: {example['kind']}: {' '.join(example['what'].split())[:400]}", flush=True)
    return figures["failed"]


def again(chosen: list[Attack], number: int, seed: int) -> int:
    """Do one case of each attack again."""

    def work() -> None:
        for attack in chosen:
            with scratch() as folder:
                os.chdir(folder)
                tempfile.tempdir = str(folder)
                attack.prepare(folder)
                for kind, what in one(attack, number, seed) or [("nothing wrong", "")]:
                    print(f"{attack.name} case {number}: {kind}: {what}")
                os.chdir(REPOSITORY)

    return in_own_process(work)


if __name__ == "__main__":
    print(f"Code {code()}", flush=True)
    sys.exit(main())
