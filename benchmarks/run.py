"""Write the benchmark table of this machine to ``benchmarks/results.md``."""

from __future__ import annotations

import contextlib
import io
import platform
from pathlib import Path

from clustersim.cli import main


def processor() -> str:
    """Return the processor's name as the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(["benchmark", "--lang", "en"])
    text = f"# Measured on: {processor()}, Python {platform.python_version()}\n\n```\n{printed.getvalue()}```\n"
    (Path(__file__).parent / "results.md").write_text(text, encoding="utf-8")
    print(text)
