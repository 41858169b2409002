"""CITATION.cff says how to cite this version, in the keys that the Citation File Format asks for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

from clustersim import __version__

ROOT = Path(__file__).parents[1]
SAID = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
# Of version 1.2.0 of the format: what must be there, and what else may.
REQUIRED = {"authors", "cff-version", "message", "title"}
ALLOWED = REQUIRED | {
    "abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url",
    "preferred-citation", "references", "repository", "repository-artifact", "repository-code", "type", "url", "version",
}  # fmt: skip


def test_it_cites_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert SAID["version"] == __version__ == project["version"]
    assert SAID["license"] == project["license"] and set(SAID["keywords"]) <= set(project["keywords"])


def test_it_has_the_keys_of_the_format():
    assert set(SAID) >= REQUIRED and set(SAID) <= ALLOWED
    assert SAID["cff-version"] == "1.2.0" and SAID["type"] == "software"
    assert all(isinstance(SAID[key], str) and SAID[key].strip() for key in ("message", "title", "abstract", "version"))
    assert all(author.get("name") or author.get("family-names") for author in SAID["authors"])
