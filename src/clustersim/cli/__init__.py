"""The command line, ``clustersim``."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; see `clustersim.cli.command_line.main`."""
    from clustersim.cli import command_line

    return command_line.main(arguments)
