"""Processors and memory: affinity, and the limits of control groups of both versions."""

from __future__ import annotations

import os

import pytest

from clustersim.core import machine


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """Return a function that lays out control groups: the lines of /proc/self/cgroup, and files below /sys/fs/cgroup."""

    def lay_out(lines: str, **files: str) -> None:
        (tmp_path / "cgroup").write_text(lines)
        for name, text in files.items():
            path = tmp_path / "sys" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    monkeypatch.setattr(machine, "GROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "HIERARCHIES", tmp_path / "sys")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    return lay_out


def test_without_limits_the_machine_counts(groups):
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert (machine.processors(), machine.memory()) == (8, physical)  # no file at all, as on other systems
    groups("0::/a/b\n", **{"a/b/cpu.max": "max 100000\n", "a/b/memory.max": "max\n"})
    assert (machine.processors(), machine.memory()) == (8, physical)


@pytest.mark.parametrize(
    ("quota", "count"), [("200000 100000", 2), ("150000 100000", 2), ("1000 100000", 1), ("900000 100000", 8)]
)
def test_quotas_of_version_two(groups, quota, count):
    groups("0::/a/b\n", **{"a/b/cpu.max": quota})
    assert machine.processors() == count


def test_limits_of_groups_above_count_too(groups):
    limits = {"a/cpu.max": "300000 100000", "a/b/cpu.max": "max 100000", "a/memory.max": "5000000", "a/b/memory.max": "9000000"}
    groups("0::/a/b\n", **limits)
    assert (machine.processors(), machine.memory()) == (3, 5_000_000)


def test_version_one_and_paths_of_the_host(groups):
    groups(
        "4:memory:/docker/far\n2:cpu,cpuacct:/docker/far\n",
        **{"memory/memory.limit_in_bytes": "7000000", "cpu,cpuacct/cpu.cfs_quota_us": "250000",
           "cpu,cpuacct/cpu.cfs_period_us": "100000"},
    )  # fmt: skip
    assert (machine.processors(), machine.memory()) == (3, 7_000_000)
    groups("4:memory:/x\n2:cpu:/x\n", **{"memory/x/memory.limit_in_bytes": "9223372036854771712",
           "cpu/x/cpu.cfs_quota_us": "-1", "cpu/x/cpu.cfs_period_us": "100000"})  # fmt: skip
    assert (machine.processors(), machine.memory()) == (8, 7_000_000)


def test_a_batch_takes_its_part_of_memory(groups):
    groups("0::/\n", **{"memory.max": str(2**30)})
    assert machine.batch_bytes() == 2**28 and machine.batch_bytes(4) == 2**26
    groups("0::/\n", **{"memory.max": str(2**28)})
    assert machine.batch_bytes() == 2**26


def test_batches_follow_memory_and_work(groups):
    from clustersim.scenario.loading import load_scenario
    from clustersim.simulation.batches import batch_size, bytes_each

    scenario = load_scenario("organic")
    plenty = batch_size(scenario, 2)
    assert plenty == 2 * batch_size(scenario, 1) > 4
    groups("0::/\n", **{"memory.max": str(16 * bytes_each(scenario))})
    assert batch_size(scenario, 2) == 4 and batch_size(scenario, 1, together=2) == 2
    groups("0::/\n", **{"memory.max": "1000"})
    assert batch_size(scenario, 2) == 1
