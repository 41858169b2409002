"""Dask as the engine: chunks as tasks, a few futures at a time; workers write into the store, which alone says what is done.

A cluster of its own gets fresh credentials and speaks TLS, on this machine too: whoever else works here could else send it work
to do under this user's name. A scheduler that runs already is used only over TLS, unless it is on this machine and the user
consents by ``CLUSTERSIM_OPEN_SCHEDULER=1``.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import shlex
import stat
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError, door
from clustersim.core.files import write
from clustersim.core.interrupts import answered_as_before
from clustersim.core.machine import processors
from clustersim.core.words import _
from clustersim.experiments import identity
from clustersim.experiments.batch_script import check_words, log
from clustersim.experiments.execution import Failure
from clustersim.experiments.plan import Plan
from clustersim.experiments.runner import ATTEMPTS, Progress, Runner, tasks
from clustersim.experiments.store import Store, Tell, read_plan
from clustersim.experiments.sweeping import of_part
from clustersim.policy.plugins.files import use_files
from clustersim.policy.plugins.registering import check_files
from clustersim.policy.plugins.registry import paths
from clustersim.scenario.keys import clip

CORES, MEMORY = 1, "2 GiB"  # of a SLURM job, where Dask's own configuration does not say
POLL_SECONDS = 0.5
CONSENT = "CLUSTERSIM_OPEN_SCHEDULER"
# Dask always answers by HTTP besides, and asks nobody who he is: there it shall have nothing to say.
SILENT: dict[str, Any] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
CLOSED = {"DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]"}  # the same for workers on other machines


def needed(module: str) -> Any:
    """Import a module of the extra ``dask``; raise `InputError` if it is not installed."""
    from importlib import import_module

    try:
        with answered_as_before():  # dask_jobqueue takes Ctrl-C for itself when it is imported
            return import_module(module)
    except ImportError:
        message = _("needs {package}, which is not installed.", package=module.partition(".")[0])
        hint = _("Install the extra: {command}", command="pip install 'clustersim[dask]'")
        raise InputError(door(command="--backend", python="backend"), "", message, hint) from None


@functools.lru_cache(maxsize=4)
def _plan(folder: str, hash_: str) -> Plan:
    plan = read_plan(Path(folder))
    if plan.hash != hash_:
        raise InputError(folder, "", _("this worker sees another plan than the client"))
    return plan


def _agree(plan: Plan, folder: str, plugins: Sequence[str]) -> None:
    """Load the plugins that the client's command line names, unless they are, and refuse another model than the plan's."""
    said = plan.content["model"]
    uses = said.get("plugins", ())
    if said != identity.model(uses):
        use_files(plugins)
    if said != (here := identity.model(uses)):
        message = _("this worker has another version of clustersim, or of a plugin, than the plan")
        raise InputError(folder, "", message, _("Plan: {plan}; worker: {worker}", plan=said, worker=here))


def do_chunk(folder: str, hash_: str, runs: list[int], chunk: int, plugins: Sequence[str] = ()) -> int:
    """Do some runs on one thread and write them into the store; called on a worker, which must see the same folder and plugins.

    Returns
    -------
    int
        Runs that failed.
    """
    plan = _plan(folder, hash_)
    _agree(plan, folder, plugins)
    store = Store(Path(folder), plan)
    Runner(store, 1, chunk, watch=False).run(np.array(runs))
    return len(store.attempts)


def run_on_dask(
    store: Store, backend: str, scheduler: str | None, workers: int | None, chunk: int, retry_failed: bool,
    part: tuple[int, int] | None, progress: Callable[[Progress], object] | None, stop: threading.Event, tell: Tell,
) -> bool:  # fmt: skip
    """Do the runs of a store that are left on Dask workers; return whether none is left.

    Parameters
    ----------
    store : Store
        In a folder that all workers see under the same path.
    backend : {"dask", "slurm"}
        A Dask cluster, or one whose workers are SLURM jobs.
    scheduler : str or None
        Address of a running scheduler; a cluster of its own if not given.
    workers : int or None
        Workers of that cluster: processes, or SLURM jobs.
    chunk, retry_failed, part, progress, stop, tell
        See `clustersim.experiments.sweeping.sweep`.

    Raises
    ------
    InputError
        If Dask is missing, or the scheduler is not reached over TLS.
    """
    check_files(store.plan.content["model"].get("plugins", ()))
    runs = of_part(store.plan, store.pending(retry_failed), part)
    if runs.size == 0:
        return True
    with ExitStack() as stack:
        client = _client(backend, scheduler, workers, stack, store)
        tell(_("Dask scheduler: {address}", address=client.scheduler.address))
        return _Window(client, store, runs, chunk, progress).run(stop)


def _client(backend: str, scheduler: str | None, workers: int | None, stack: ExitStack, store: Store) -> Any:
    distributed = needed("distributed")
    needed("cryptography")
    if scheduler is not None:
        check_address(scheduler)
        try:
            client = distributed.Client(scheduler, timeout=20)
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
            said = clip(" ".join(str(error).split()), 200)
            message = _("{address} cannot be reached: {reason}", address=scheduler, reason=said)
            raise InputError(door(command="--scheduler", python="scheduler"), "", message) from None
        return stack.enter_context(client)
    count = workers or processors()
    stack.enter_context(needed("dask").config.set(SILENT))  # for good: workers that die are started anew
    if backend == "dask":
        with answered_as_before(ignored=True):
            cluster = stack.enter_context(distributed.LocalCluster(
                n_workers=min(count, 64), threads_per_worker=1, processes=True, host="127.0.0.1", protocol="tls://",
                security=distributed.Security.temporary(), silence_logs=40, dashboard_address=None, worker_dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"}))  # fmt: skip
    else:
        cluster = _slurm(distributed, store, stack)
        cluster.scale(jobs=count)
    return stack.enter_context(distributed.Client(cluster))


def _slurm(distributed: Any, store: Store, stack: ExitStack) -> Any:
    """Return a cluster whose workers are SLURM jobs; queue, account, cores, memory and time are from Dask's configuration.

    Dask puts what it is given into the jobs' script as it is: each path goes there quoted.
    """
    dask = needed("dask")
    jobqueue = needed("dask_jobqueue")
    said = dask.config.get("jobqueue.slurm", {})
    chosen: dict[str, Any] = {"cores": said.get("cores") or CORES, "memory": said.get("memory") or MEMORY,
                              "processes": said.get("processes") or said.get("cores") or CORES}  # fmt: skip
    folder = store.folder.absolute() / "dask"
    check_words(str(folder), sys.executable)
    own_folder(folder)
    closed = [f"export {name}={shlex.quote(setting)}" for name, setting in CLOSED.items()]
    logs = [f"--{kind}={log(folder, f'dask-worker-%J.{end}')}" for kind, end in (("error", "err"), ("output", "out"))]
    return stack.enter_context(jobqueue.SLURMCluster(
        **chosen, protocol="tls://", security=_certificates(distributed, folder, stack), python=shlex.quote(sys.executable),
        job_extra_directives=[*(said.get("job-extra-directives") or ()), *logs],
        job_script_prologue=[*(said.get("job-script-prologue") or ()), *closed],
        scheduler_options={"dashboard": False, "dashboard_address": "127.0.0.1:0", "host": said.get("host")},
        worker_extra_args=["--no-dashboard", "--dashboard-address", "127.0.0.1:0"],
    ))  # fmt: skip


def own_folder(folder: Path) -> None:
    """Make a folder that only this user may look into; one that is there already must be his, and not open to others' files.

    Raises
    ------
    InputError
        If others could have laid something there, or can put another in its place.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    about = folder.lstat()
    if os.name != "nt" and (not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o022):
        raise InputError(str(folder), "", _("is a link, or another user's, or others may write into it"),
                         _("Certificates and logs of the workers lie there. Remove it, and it is made anew."))  # fmt: skip
    folder.chmod(0o700)


def _certificates(distributed: Any, folder: Path, stack: ExitStack) -> Any:
    """Write fresh credentials for the jobs to read, and return them; they vanish when the stack is left."""

    class ForScripts(distributed.Security):
        """What is said of a worker goes into the jobs' script: its files stand quoted."""

        def get_tls_config_for_role(self, role: str) -> dict[str, str | None]:
            found: dict[str, str | None] = super().get_tls_config_for_role(role)
            return {key: shlex.quote(text) if text and role == "worker" else text for key, text in found.items()}

    security = ForScripts.temporary()
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="certificates-", dir=folder)))
    for key in ("tls_ca_file", "tls_worker_cert", "tls_worker_key"):
        write(place / key, getattr(security, key))
        setattr(security, key, str(place / key))
    return security


def check_address(address: str) -> None:
    """Refuse a scheduler that would be reached without TLS, so that others could send its workers code under this user's name.

    Raises
    ------
    InputError
        If the address is no address, or does not begin with ``tls://``; on this machine the user may consent to that.
    """
    where = door(command="--scheduler", python="scheduler")
    protocol, separator, rest = address.partition("://")
    host = (rest if separator else address).rpartition(":")[0].strip("[]")
    if not host or (separator and protocol not in ("tcp", "tls")):
        raise InputError(where, "", _("{address!r} is not an address", address=address[:60]),
                         _("It must be such as tls://host:8786, or tcp://127.0.0.1:8786 on this machine."))  # fmt: skip
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    if not here and protocol != "tls":
        message = _("{address} is not on this machine, and the connection would be open", address=address[:60])
        hint = _("Use tls://… with certificates in Dask's configuration (distributed.comm.tls).")
        raise InputError(where, "", message, hint)
    if protocol != "tls" and os.environ.get(CONSENT) != "1":
        message = _("{address} is open: whoever else works on this machine could have its workers run code in your name",
                    address=address[:60])  # fmt: skip
        raise InputError(where, "", message, _("Use tls://…, or consent with {variable}=1.", variable=CONSENT))


class _Window:
    """Chunks as futures, a few at a time, each forgotten when it is done."""

    def __init__(
        self, client: Any, store: Store, runs: np.ndarray, chunk: int, progress: Callable[[Progress], object] | None
    ) -> None:
        self.client, self.store, self.runs, self.chunk, self.progress = client, store, runs, chunk, progress
        self.flying: dict[Any, tuple[np.ndarray, int]] = {}
        self.again: deque[tuple[np.ndarray, int]] = deque()
        self.before = int(store.done.sum())
        self.began = time.monotonic()

    def run(self, stop: threading.Event) -> bool:
        """Do all runs; return False if it was stopped."""
        distributed = needed("distributed")
        todo = self.groups()
        while not stop.is_set():
            while len(self.flying) < 2 * max(1, self.threads()) + 2 and (task := self.next(todo)) is not None:
                runs, attempt = task
                future = self.client.submit(do_chunk, str(self.store.folder.absolute()), self.store.plan.hash, runs.tolist(),
                                            self.chunk, [str(path) for path in paths()], pure=False, retries=0)  # fmt: skip
                self.flying[future] = (runs, attempt)
            if not self.flying:
                break
            try:
                done = distributed.wait(list(self.flying), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED").done
            except (TimeoutError, distributed.TimeoutError):
                continue
            for future in done:
                self.finish(future)
            self.store.refresh()
            self.report()
        for future in self.flying:
            future.cancel()
        self.store.refresh()
        self.report()
        return not self.flying and not stop.is_set()

    def threads(self) -> int:
        """Return the threads of all workers that are there now."""
        return int(sum(self.client.nthreads().values()))

    def groups(self) -> Iterator[np.ndarray]:
        """Yield runs, whole batches together, about as many as a chunk holds and at least four groups for each thread."""
        workers = max(1, self.threads())
        most = max(1, min(self.chunk, -(-self.runs.size // (4 * workers))))
        order = int.from_bytes(os.urandom(4), "little")
        part: list[np.ndarray] = []
        for task in tasks(self.store.plan, self.runs, workers, order):
            part.append(task.runs)
            if sum(runs.size for runs in part) >= most:
                yield np.sort(np.concatenate(part))
                part = []
        if part:
            yield np.sort(np.concatenate(part))

    def next(self, todo: Iterator[np.ndarray]) -> tuple[np.ndarray, int] | None:
        """Return runs to do and the number of the attempt, without what is done already."""
        if self.again:
            return self.again.popleft()
        for runs in todo:
            left = runs[~self.store.done[runs]]
            if left.size:
                return left, 1
        return None

    def finish(self, future: Any) -> None:
        """Take note of a future that ended; runs of one that failed are tried again in halves, then given up."""
        runs, attempt = self.flying.pop(future)
        if future.status == "finished":
            return
        error = future.exception() if future.status == "error" else RuntimeError(f"the task was {future.status}")
        if isinstance(error, InputError) or getattr(error, "errno", None):  # other files, a full disk: no run's own fault
            raise error
        self.store.refresh()
        left = runs[~self.store.done[runs]]
        if left.size == 0:  # its worker died, or was cut off, after all of them were written
            return
        if attempt < ATTEMPTS or left.size > 1:
            size = max(1, -(-left.size // 2)) if attempt >= ATTEMPTS else left.size
            self.again.extend((left[k : k + size], attempt + 1) for k in range(0, left.size, size))
        else:
            reason = clip(f"{type(error).__name__}: {' '.join(str(error).split())}", 300)
            self.store.write([], [Failure(int(run), reason, attempt) for run in left])

    def report(self) -> None:
        """Say how far it is."""
        if self.progress is not None:
            done = int(self.store.done[self.runs].sum())
            failed = len(self.store.attempts)
            here = int(self.store.done.sum()) - self.before
            seconds = time.monotonic() - self.began
            self.progress(Progress(min(done + failed, self.runs.size), self.runs.size, failed, here, seconds))
