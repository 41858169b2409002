"""A SLURM script: an array of jobs, each doing its part of what is left with the same command as on a laptop.

The store decides what is left to do, never SLURM: elements that were cancelled or killed are made good by submitting again.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from clustersim.core.errors import InputError, door
from clustersim.core.files import write
from clustersim.core.words import _
from clustersim.experiments.design import find_experiment
from clustersim.experiments.store import Store
from clustersim.policy.plugins.registering import check_files
from clustersim.policy.plugins.registry import paths

SCRIPT, LOGS = "sweep.sbatch", "logs"


def write_script(
    store: Store, experiment: str | os.PathLike[str], out: Path, elements: int, workers: int | None, chunk: int
) -> Path:
    """Write the script into the store's folder; return its path.

    Parameters
    ----------
    store : Store
        The store, with its plan.
    experiment : str or path
        The experiment, as it was given.
    out : Path
        Folder that holds the store's folder.
    elements : int
        Elements of the array: parts of the work.
    workers : int or None
        Threads of each element; one if not given.
    chunk : int
        Runs in a chunk, at most.

    Raises
    ------
    InputError
        If the experiment, a folder or a plugin has a name that cannot stand in a script, or something is no file that must be.
    """
    check_files(store.plan.content["model"].get("plugins", ()))
    folder, threads = store.folder.absolute(), workers or 1
    (folder / LOGS).mkdir(exist_ok=True)
    command = [sys.executable, "-m", "clustersim", "sweep", str(find_experiment(experiment).absolute()), "--out",
               str(out.absolute()), "--workers", str(threads), "--chunk", str(chunk)]  # fmt: skip
    command += [f"--plugin={path}" for path in paths()]
    check_words(store.plan.name, str(folder), *command)
    remark = _("The same command may be submitted again at any time: it does what is left.")
    text = f"""#!/bin/bash
# {remark}
#SBATCH --job-name={value('clustersim-' + store.plan.name)}
#SBATCH --array=0-{elements - 1}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={threads}
#SBATCH --output={log(folder / LOGS, '%A_%a.txt')}
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
exec {shlex.join(command)} --part "${{SLURM_ARRAY_TASK_ID}}/{elements}"
"""
    return write(folder / SCRIPT, text)


def check_words(*words: str) -> None:
    """Raise `InputError` if one of them has a sign that cannot stand in a script, quoted or not."""
    for word in words:
        if not word.isprintable():  # a line of its own would run as shell, or be read as an option
            where = door(command="--backend", python="backend")
            raise InputError(where, "", _("{word!r} has a sign that cannot stand in a batch script", word=word[:200]))


def value(text: str) -> str:
    """Return the value of an option as ``sbatch`` reads it from a script: between double quotes, with backslashes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def log(folder: Path, name: str) -> str:
    """Return the file of a log as ``sbatch`` reads it from a script; only in its name does ``%`` stand for something."""
    return value(f"{str(folder).replace('%', '%%')}/{name}")
