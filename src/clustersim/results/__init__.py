"""Results: running a scenario, the tables and records it leaves, where they come from, and how they are kept."""

from clustersim.results.running import RunResult, check_records, read_run, replicate, simulate, with_run, write_result

__all__ = ["RunResult", "check_records", "read_run", "replicate", "simulate", "with_run", "write_result"]
