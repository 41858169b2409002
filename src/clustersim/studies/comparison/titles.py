"""Titles of scenarios and options in the language in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clustersim.core.words import _

if TYPE_CHECKING:
    from clustersim.scenario.model import Scenario
    from clustersim.studies.comparison.paired import PairedRuns


def title(scenario: Scenario) -> str:
    """Return the title of a scenario, in the language in force where its file gives it."""
    return scenario.titled()


def option_title(comparison: PairedRuns, name: str) -> str:
    """Return the title of an option, with its name where two options have the same title."""
    option = comparison.option(name)
    shared = sum(other.title == option.title for other in comparison.options) > 1
    shown = title(option.scenario)
    return f"{shown} ({name})" if shared else shown


def quoted(text: str) -> str:
    """Return a title in the quotation marks of the language in force."""
    return _("“{text}”", text=text)
