"""docs/reliability.md: the table of what the campaign did and found."""

from __future__ import annotations

from typing import Any

from .attack import REPOSITORY

FIGURES = REPOSITORY / "tests" / "campaign" / "figures.json"
PAGE = REPOSITORY / "docs" / "reliability.md"


def write_page(figures: dict[str, Any]) -> None:
    """Write figures and page."""
