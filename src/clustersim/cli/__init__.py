"""The command line, ``clustersim``."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run the command line as this process's own work; see `clustersim.cli.command_line.main`."""
    from clustersim.cli import ending

    ending.listen()  # before the imports, which take a while
    from clustersim.cli import command_line

    return command_line.main(arguments)
