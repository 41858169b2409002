"""A two-node SLURM cluster on this machine, all on loopback, as any user; it needs Debian's packages slurm-wlm and munge."""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "squeue", "sinfo")
PATHS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

CONFIGURATION = """
ClusterName=clustersim
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
KillWait=2
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=4 RealMemory=4000 State=UNKNOWN
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE DefMemPerCPU=500 State=UP
"""


def missing() -> str:
    """Return why there can be no SLURM here, empty if there can."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=PATHS) is None]
    if absent:
        return f"SLURM is not installed ({', '.join(absent)} missing): apt-get install slurm-wlm munge"
    try:
        address = socket.gethostbyname(socket.gethostname().partition(".")[0])
    except OSError:
        return "the name of this machine does not resolve, which SLURM needs"
    return "" if address else "the name of this machine has no address"


class SlurmCluster:
    """Starts and stops the daemons.

    Parameters
    ----------
    folder : Path
        For its configuration, state, sockets and logs; a short path, since it holds a socket.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": PATHS}

    def start(self) -> None:
        """Start everything and wait until both nodes are idle; raise `RuntimeError` with the logs if they are not."""
        folder = self.folder
        for name in ("state", "spool-n1", "spool-n2"):
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)  # munge wants its socket to be reachable
        key = folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(secrets.token_bytes(1024))
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(3)]
            ports = [one.getsockname()[1] for one in held]
        host = socket.gethostname().partition(".")[0]
        text = CONFIGURATION.format(host=host, user=getpass.getuser(), folder=folder, ports=ports)
        (folder / "slurm.conf").write_text(text, encoding="utf-8")
        self.call("munged", "--force", f"--key-file={key}", f"--seed-file={folder}/munge.seed", f"--socket={folder}/munge.sock",
                  f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log")  # fmt: skip
        self.call("slurmctld")
        for node in ("n1", "n2"):
            self.call("slurmd", "-N", node)
        until = time.monotonic() + 40
        while time.monotonic() < until:
            with contextlib.suppress(subprocess.SubprocessError):
                if len(self.call("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split()) == 2:
                    return
            time.sleep(0.2)
        logs = "\n".join(path.read_text()[-1500:] for path in folder.glob("*.log"))
        raise RuntimeError(f"SLURM did not come up:\n{logs}")

    def stop(self) -> None:
        """Cancel all jobs and stop what `start` started, by the process ids that it wrote."""
        with contextlib.suppress(subprocess.SubprocessError):
            self.call("scancel", "-f", "-u", getpass.getuser())
        time.sleep(1)
        for path in [*self.folder.glob("slurm*.pid"), *self.folder.glob("munged.pid")]:
            with contextlib.suppress(OSError, ValueError):
                process = int(path.read_text())
                os.kill(process, signal.SIGTERM)
                for _ in range(100):  # until it is gone: it writes its state at the end
                    os.kill(process, 0)
                    time.sleep(0.1)

    def call(self, *command: str) -> str:
        """Run one of SLURM's programs; return what it prints."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout.strip()

    def jobs(self, *options: str) -> list[str]:
        """Return the ids of jobs that wait or run, array elements one by one."""
        return self.call("squeue", "-h", "-r", "-o", "%i", *options).split()

    def wait(self, seconds: float = 180) -> None:
        """Wait until no job is left."""
        until = time.monotonic() + seconds
        while self.jobs():
            if time.monotonic() > until:
                raise TimeoutError(f"still there: {self.call('squeue')}")
            time.sleep(0.3)
