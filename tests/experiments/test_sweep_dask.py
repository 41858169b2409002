"""Sweeps on Dask: same content as on threads; failing runs and dying workers; no open connection off this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.experiments import maintenance
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.store import create_store
from clustersim.experiments.sweeping import sweep
from sweep_cases import TINY, experiment, plan

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'clustersim[dask]'")

from clustersim.experiments import dask_backend
from clustersim.experiments.dask_backend import CONSENT, check_address, do_chunk, run_on_dask

pytestmark = pytest.mark.xdist_group("alone")


def on_dask(store, scheduler=None, stop=None, progress=None, tell=lambda text: None, chunk=10):
    """Do what is left in a store with two workers."""
    return run_on_dask(store, "dask", scheduler, 2, chunk, False, None, progress, stop or threading.Event(), tell)


@pytest.mark.slow
def test_content_is_that_of_a_local_run_and_progress_is_told(tmp_path):
    store = create_store(tmp_path / "tiny", plan(tmp_path))
    seen, told = [], []
    assert on_dask(store, progress=seen.append, tell=told.append)
    assert told[0].startswith("Dask scheduler: tls://127.0.0.1:")
    assert seen[-1].done == seen[-1].total == 120 and len(store.names()) >= 12
    assert maintenance.digest(store) == maintenance.digest(sweep(experiment(tmp_path), tmp_path / "whole").store)
    assert on_dask(store)  # nothing is left, so nothing is started


class Lost:
    """A future whose worker died."""

    status = "error"

    @staticmethod
    def exception():
        return RuntimeError("the worker died")


@pytest.mark.parametrize(("attempt", "written", "again"), [
    (1, 6, []), (dask_backend.ATTEMPTS, 6, []), (1, 2, [[2, 3, 4, 5]]), (dask_backend.ATTEMPTS, 2, [[2, 3], [4, 5]]),
    (dask_backend.ATTEMPTS, 5, []),
])  # fmt: skip
def test_what_a_worker_wrote_before_it_died_is_not_done_again(tmp_path, attempt, written, again):
    store = create_store(tmp_path / "tiny", plan(tmp_path))
    do_chunk(str(store.folder), store.plan.hash, list(range(written)), 10)
    window, future = dask_backend._Window(None, store, np.arange(6), 10, None), Lost()
    window.flying[future] = (np.arange(6), attempt)
    window.finish(future)
    assert [runs.tolist() for runs, _ in window.again] == again and not window.flying
    assert sorted(store.attempts) == ([5] if written == 5 else [])


@pytest.mark.slow
def test_nobody_else_on_this_machine_can_send_work_to_the_scheduler(tmp_path):
    """Neither in the open, nor over TLS with credentials of one's own."""
    from distributed import Client
    from distributed.security import Security

    store, stop, refused = create_store(tmp_path / "tiny", plan(tmp_path)), threading.Event(), []

    def intrude(text):
        address = text.removeprefix("Dask scheduler: ")
        for other, security in ((address.replace("tls://", "tcp://"), None), (address, Security.temporary())):
            with pytest.raises((OSError, TimeoutError, TypeError)):
                Client(other, security=security, timeout=3).submit(os.getuid).result(timeout=3)
            refused.append(other)
        stop.set()

    on_dask(store, stop=stop, tell=intrude)
    assert len(refused) == 2


PAGES = ("", "health", "json/identity.json", "json/counts.json", "info/main/workers.html", "metrics", "statics/css/base.css")


def says_nothing(port):
    """Look at all that Dask shows by HTTP, which asks nobody who he is."""
    for page in PAGES:
        with pytest.raises(HTTPError) as caught:
            urlopen(f"http://127.0.0.1:{port}/{page}", timeout=5)
        assert caught.value.code == 404, page
    assert urlopen(f"http://127.0.0.1:{port}/sitemap.json", timeout=5).read() == b'{"paths": ["/sitemap.json"]}'


@pytest.mark.slow
def test_nobody_learns_anything_of_the_scheduler_and_its_workers_by_http(tmp_path):
    with ExitStack() as stack:
        client = dask_backend._client("dask", None, 1, stack, SimpleNamespace(folder=tmp_path))
        client.wait_for_workers(1)
        server = client.cluster.scheduler.http_server
        ports = client.run(lambda dask_worker: (dask_worker.http_server.address, dask_worker.http_server.port))
        for address, port in ((server.address, server.port), *ports.values()):
            assert address == "127.0.0.1"
            says_nothing(port)


SBATCH = """#!{python}
import os, subprocess, sys
number = len(os.listdir("{logs}")) + 1
script = open(sys.argv[1]).read()
open("{logs}/%d.sh" % number, "w").write(script)
with open("{logs}/%d.log" % number, "w") as log:
    subprocess.Popen(["bash", "{logs}/%d.sh" % number], cwd="{cwd}", stdout=log, stderr=log, start_new_session=True)
print("Submitted batch job", number)
"""
HOSTILE = ["x;touch OWNED;", "a b 'c' \"d\" $(touch OWNED) `touch OWNED` $HOME %j ~ & | > OWNED #"]


@pytest.fixture
def fake_slurm(tmp_path, monkeypatch):
    """Return the folder of scripts that were submitted to a false SLURM, which runs each of them in an empty folder at once."""
    pytest.importorskip("dask_jobqueue")
    for name in ("bin", "logs", "cwd"):
        (tmp_path / name).mkdir()
    for name, text in (("sbatch", SBATCH.format(python=sys.executable, logs=tmp_path / "logs", cwd=tmp_path / "cwd")),
                       ("scancel", "#!/bin/sh\n")):  # fmt: skip
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "logs"


@pytest.mark.parametrize("importing", [
    "from clustersim.experiments import dask_backend; dask_backend.needed('dask_jobqueue')",
    "from clustersim.results import installation; installation.CHECKS['jobqueue'](None)",
])
def test_no_library_takes_interrupts_for_itself(importing):
    """dask_jobqueue does when it is imported: a sweep's first Ctrl-C would end it as the second one does."""
    pytest.importorskip("dask_jobqueue")
    text = f"from signal import SIGINT, getsignal; before = getsignal(SIGINT); {importing}; print(getsignal(SIGINT) is before)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_folder_says_anything_in_the_script_of_a_job(tmp_path, fake_slurm, name):
    out = tmp_path / "out" / name
    store = create_store(out / "tiny", plan(tmp_path))
    assert run_on_dask(store, "slurm", None, 1, 10, False, None, None, threading.Event(), lambda text: None)
    assert read_sweep(store.folder).done == 120
    assert not list((tmp_path / "cwd").rglob("*"))
    (script,) = fake_slurm.glob("*.sh")
    lines = script.read_text().splitlines()
    options = [line.split()[1].partition("=")[0] for line in lines if line.startswith("#SBATCH")]
    assert options == ["-J", "-n", "--cpus-per-task", "--mem", "-t", "--error", "--output"]
    assert [line.split()[0] for line in lines if line and line[0] != "#"] == ["export", sys.executable]
    assert not list((store.folder / "dask").iterdir())  # the certificates are gone


def test_a_name_with_a_line_of_its_own_is_refused(tmp_path, fake_slurm):
    store = create_store(tmp_path / "x\n#SBATCH --evil" / "tiny", plan(tmp_path))
    with pytest.raises(InputError, match="cannot stand in a batch script"):
        run_on_dask(store, "slurm", None, 1, 10, False, None, None, threading.Event(), lambda text: None)
    assert not list(fake_slurm.iterdir())


@pytest.mark.parametrize("trap", ["open", "group", "link", "file"])
def test_a_folder_for_certificates_that_may_be_anothers_is_refused(tmp_path, trap):
    folder = tmp_path / "dask"
    if trap == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    elif trap == "file":
        folder.touch()
    else:
        folder.mkdir()
        folder.chmod(0o777 if trap == "open" else 0o770)
    with pytest.raises(InputError, match="others may write into it"):
        dask_backend.own_folder(folder)


def test_a_folder_for_certificates_is_closed_to_all_others(tmp_path, monkeypatch):
    folder = tmp_path / "dask"
    folder.mkdir(mode=0o755)
    dask_backend.own_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    with pytest.raises(InputError, match="another user's"):
        dask_backend.own_folder(folder)


@pytest.mark.slow
def test_a_scheduler_that_runs_already_is_used_and_stopping_leaves_a_resumable_state(tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setenv(CONSENT, "1")
    text = TINY.replace("replicates: 5", "replicates: 100").replace("years: 2", "years: 20")
    store, stop = create_store(tmp_path / "tiny", plan(tmp_path, text)), threading.Event()
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        address = cluster.scheduler_address
        assert not on_dask(store, address, stop, lambda said: stop.set() if said.done >= 60 else None)
        assert 60 <= store.done.sum() < store.plan.runs
        killed = threading.Event()

        def kill(said):
            if not killed.is_set() and said.here > 0:
                killed.set()
                os.kill(next(iter(cluster.workers.values())).pid, 9)

        assert on_dask(store, address, None, kill, chunk=50) and killed.is_set()
    assert maintenance.digest(store) == maintenance.digest(sweep(experiment(tmp_path, text), tmp_path / "whole").store)


@pytest.mark.slow
def test_a_failing_run_does_not_end_the_sweep(tmp_path):
    found = plan(tmp_path)
    found.content["worlds"]["rows"][2][0] = 7.0  # a trust that no scenario can have
    store = create_store(tmp_path / "out" / "tiny", found)
    assert on_dask(store)
    result = read_sweep(store.folder)
    assert (result.done, result.failed) == (80, 40) and result.failures["reason"].str.contains("trust").all()


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "node7:8786", "tcp://node7:8786", "0.0.0.0:8786"])
def test_an_open_connection_off_this_machine_is_refused(address):
    with pytest.raises(InputError, match="connection would be open"):
        check_address(address)


@pytest.mark.parametrize("address", ["tls://node7:8786", "tcp://127.0.0.1:8786", "localhost:1", "tcp://[::1]:8786"])
def test_encrypted_connections_are_used_and_open_ones_on_this_machine_by_consent(address, monkeypatch):
    if not address.startswith("tls"):
        monkeypatch.delenv(CONSENT, raising=False)
        with pytest.raises(InputError, match=f"could have its workers run code in your name\n.*{CONSENT}=1"):
            check_address(address)
    monkeypatch.setenv(CONSENT, "1")
    check_address(address)


@pytest.mark.parametrize("address", ["nonsense", "http://node7:80", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="is not an address"):
        check_address(address)


def test_a_worker_refuses_another_plan_and_another_model(tmp_path, monkeypatch):
    store = create_store(tmp_path / "tiny", plan(tmp_path))
    with pytest.raises(InputError, match="another plan"):
        do_chunk(str(store.folder), "0" * 64, [0], 5)
    monkeypatch.setattr(dask_backend.identity, "model", lambda uses=(): {"version": "0", "code": "0"})
    with pytest.raises(InputError, match="another version"):
        do_chunk(str(store.folder), store.plan.hash, [0], 5)
    monkeypatch.undo()
    assert do_chunk(str(store.folder), store.plan.hash, list(range(3)), 5) == 0
    store.refresh()
    assert np.flatnonzero(store.done).tolist() == [0, 1, 2]


def test_a_missing_extra_is_named():
    with pytest.raises(InputError) as caught:
        dask_backend.needed("dask_without_existence")
    assert "clustersim[dask]" in caught.value.hint
