"""Sweeps on Dask and on SLURM whose workers, nodes, schedulers and allocations are lost, and the rights of their certificates."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from . import works
from .attack import REPOSITORY, SOURCE, Attack, Fault, scratch, worded
from .kills import ended_whole

# Some seconds of work, so that there is something to lose.
LONGER = works.TINY.replace("years: 2", "years: 12").replace("smes: 8", "smes: 40").replace("replicates: 4", "replicates: 60")
ENDS_SECONDS = 120.0


def environment() -> dict[str, str]:
    """Return the environment in which a command finds this source."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE.parent), os.environ.get("PYTHONPATH", "")])}


def clustersim(*arguments: Any) -> list[str]:
    """Return a command line."""
    return [sys.executable, "-m", "clustersim", *map(str, arguments)]


def children_of(process: int) -> list[tuple[int, str]]:
    """Return the processes below one, each with its command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == process:
                found.append((int(path.name), (path / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")))
                found += children_of(int(path.name))
    return found


def chunks_in(out: Path) -> int:
    """Return how many chunks a sweep has."""
    return len(list((out / "tiny" / "chunks").glob("*.parquet")))


def until(condition: Any, seconds: float = 60.0) -> bool:
    """Wait until a condition holds; return whether it did in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Sweeps(Attack):
    """What sweeps on clusters share."""

    seconds = 240.0

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        (folder / "tiny.yaml").write_text(LONGER, "utf-8")
        self.folder = folder
        self.whole = works.Whole("sweep", folder)

    def ended(self, said: str, status: int | None, allowed: tuple[int, ...]) -> list[Fault]:
        """Return what was wrong with a command that ended."""
        found = [fault for fault in worded("." + said) if fault.kind == "traceback"]
        if status not in allowed:
            found.append(Fault("hung" if status is None else "words", f"status {status}: {said[-500:]}"))
        return found


def address_in(file: Path) -> str:
    """Return the address that a scheduler has written into its file; an empty text while it is not there, or not whole."""
    try:
        return str(json.loads(file.read_text("utf-8"))["address"])
    except (FileNotFoundError, ValueError):
        return ""


class Dask(Sweeps):
    """A Dask cluster on this machine."""

    name = "dask"
    what = "a sweep on Dask loses workers, its scheduler, or itself, and goes on on this machine"
    short, long = 2, 60

    def impossible(self) -> str:
        return "" if importlib.util.find_spec("distributed") else "Dask is not installed"

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        lose = ("worker", "scheduler", "client")[number % 3]
        with scratch() as place, contextlib.ExitStack() as stack:
            out = place / "results"
            command = works.command("sweep", out)
            command[command.index("--workers") + 1] = "2"
            command += ["--backend", "dask"]
            scheduler = None
            if lose == "scheduler":
                scheduler, address = self.cluster(place, stack)
                command += ["--scheduler", address]
            with open(place / "said.txt", "wb") as file:
                client = subprocess.Popen(
                    clustersim(*command), env=environment(), stdout=file, stderr=file, stdin=subprocess.DEVNULL
                )
            stack.callback(self.stop, client)
            if not until(lambda: chunks_in(out) >= 2 or client.poll() is not None):
                return [Fault("hung", f"no chunk in time: {(place / 'said.txt').read_text('utf-8', 'replace')[-300:]}")]
            time.sleep(draw.uniform(0.0, 0.5))
            if lose == "worker":
                workers = [one for one, line in children_of(client.pid) if "spawn_main" in line]
                for one in draw.sample(workers, min(len(workers), draw.choice((1, 2)))):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(one, signal.SIGKILL)
            elif lose == "scheduler":
                assert scheduler is not None
                scheduler.kill()
            else:
                client.send_signal(draw.choice((signal.SIGKILL, signal.SIGTERM)))
            with contextlib.suppress(subprocess.TimeoutExpired):
                client.wait(ENDS_SECONDS)
            said = (place / "said.txt").read_text("utf-8", "replace")
            allowed = {"worker": (0,), "scheduler": (0, 1, 2), "client": (0, 143, -signal.SIGKILL)}[lose]
            found = [fault._replace(what=f"lost {lose}: {fault.what}") for fault in self.ended(said, client.poll(), allowed)]
            self.stop(client)
            return found + ended_whole(self.whole, out, place / "last.txt")

    def cluster(self, place: Path, stack: contextlib.ExitStack) -> tuple[subprocess.Popen[bytes], str]:
        """Start a scheduler and two workers; return the scheduler and its address."""
        file = place / "scheduler.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "env": environment()}
        begin = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                 "--scheduler-file", str(file)]  # fmt: skip
        scheduler = subprocess.Popen(begin, **quiet)  # type: ignore[call-overload]
        stack.callback(self.stop, scheduler)
        if not until(lambda: address_in(file), 60):
            raise RuntimeError("no Dask scheduler came up")
        address = address_in(file)
        for _ in range(2):
            serve = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                     "--no-dashboard", "--death-timeout", "20"]  # fmt: skip
            worker = subprocess.Popen(serve, **quiet)  # type: ignore[call-overload]
            stack.callback(self.stop, worker)
        return scheduler, address

    @staticmethod
    def stop(process: subprocess.Popen[bytes]) -> None:
        """End a process and all that it started."""
        for one, _line in children_of(process.pid) if process.poll() is None else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.kill()
        process.wait()


def slurm_cluster() -> Any:
    """Return the module of the SLURM cluster of the tests of experiments."""
    path = REPOSITORY / "tests" / "experiments" / "slurm" / "cluster.py"
    spec = importlib.util.spec_from_file_location("campaign_slurm", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Slurm(Sweeps):
    """A SLURM of two nodes on this machine."""

    name = "slurm"
    what = "array jobs and Dask on a real SLURM: allocations that expire, killed elements, a lost node, rights of certificates"
    short, long = 1, 24

    def impossible(self) -> str:
        return slurm_cluster().missing()

    def prepare(self, folder: Path) -> None:
        super().prepare(folder)
        short = Path(
            subprocess.run(["mktemp", "-d", "/tmp/cs-XXXXXX"], capture_output=True, text=True, check=True).stdout.strip()
        )
        self.short_folder = short  # it holds sockets, whose paths must be short
        self.cluster = slurm_cluster().SlurmCluster(short)
        self.cluster.environment["PYTHONPATH"] = environment()["PYTHONPATH"]
        self.cluster.start()

    def finish(self) -> None:
        self.cluster.stop()
        shutil.rmtree(self.short_folder, ignore_errors=True)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        with scratch() as place:
            out = place / "results"
            return (self.dask if number % 3 == 2 else self.array)(number, draw, place, out)

    def array(self, number: int, draw: random.Random, place: Path, out: Path) -> list[Fault]:
        """An array job of which elements are lost, submitted again."""
        command = [*works.command("sweep", out), "--write-sbatch", "3"]
        made = subprocess.run(clustersim(*command), env=self.cluster.environment, capture_output=True, text=True)
        if made.returncode:
            return [Fault("words", made.stderr[-400:])]
        script = made.stdout.split()[-1]
        job = self.cluster.call("sbatch", "--parsable", script)
        if not until(lambda: chunks_in(out) >= 2, 90):
            return [Fault("hung", f"no chunk in time: {self.logs(out)}")]
        self.cluster.call("scancel", f"{job}_0")  # SIGTERM, and SIGKILL after a while: what an expired allocation gets
        self.cluster.call("scancel", "--signal=KILL", "--full", f"{job}_1")
        if number % 3 == 1:
            self.lose_node()
        self.cluster.wait()
        found = [Fault("traceback", self.logs(out))] if "Traceback" in self.logs(out) else []
        self.cluster.call("sbatch", "--parsable", script)
        self.cluster.wait()
        for extra in ("logs", "sweep.sbatch"):  # which are no part of a result's content
            path = out / "tiny" / extra
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return found + ended_whole(self.whole, out, place / "last.txt")

    def lose_node(self) -> None:
        """End the daemon of one node and all that it runs, as when its power goes, and start it again."""
        process = int((self.short_folder / "slurmd-n2.pid").read_text())
        for one, _line in [(process, ""), *children_of(process)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        time.sleep(2)
        self.cluster.call("slurmd", "-N", "n2")

    def logs(self, out: Path) -> str:
        """Return the end of what the elements of an array printed."""
        return "\n".join(path.read_text("utf-8", "replace")[-500:] for path in sorted((out / "tiny").glob("logs/*")))[-900:]

    def dask(self, number: int, draw: random.Random, place: Path, out: Path) -> list[Fault]:
        """Dask on SLURM: who may read the certificates, and what is left of them; a worker is lost."""
        command = [*works.command("sweep", out), "--backend", "slurm"]
        command[command.index("--workers") + 1] = "2"
        with open(place / "said.txt", "wb") as file:
            client = subprocess.Popen(clustersim(*command), env=self.cluster.environment, stdout=file, stderr=file)
        found: list[Fault] = []
        folder = out / "tiny" / "dask"
        until(lambda: list(folder.glob("**/*")) or client.poll() is not None, 60)
        open_to_others = [path.name for path in [folder, *folder.rglob("*")]
                          if path.exists() and path.stat().st_mode & 0o077 and path.parent.stat().st_mode & 0o077]  # fmt: skip
        if open_to_others:
            found.append(Fault("wrong", f"others may read {', '.join(open_to_others)[:200]}"))
        until(lambda: chunks_in(out) >= 2 or client.poll() is not None, 90)
        for job in self.cluster.jobs("-t", "R")[:1]:
            self.cluster.call("scancel", job)
        with contextlib.suppress(subprocess.TimeoutExpired):
            client.wait(180)
        said = (place / "said.txt").read_text("utf-8", "replace")
        found += self.ended(said, client.poll(), (0,))
        if client.poll() is None:
            client.kill()
            client.wait()
        self.cluster.wait()
        keys = [path.name for path in folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
        if keys:
            found.append(Fault("left", f"private keys: {', '.join(keys)[:200]}"))
        shutil.rmtree(folder, ignore_errors=True)
        return found + ended_whole(self.whole, out, place / "last.txt")
