"""The pages of the mechanisms: one for each, short, complete, in step with the declarations, with a picture that can be drawn."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clustersim.model.parameters import PARAMETERS

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
PAGES = DOCS / "mechanisms"
MECHANISMS = [name for name in PARAMETERS if name != "population"]
LINES, IMAGE_BYTES = 60, 150_000
HEADINGS = ("**In.**", "**Out.**", "**Rule.**", "**Parameters**", "**Source.**", "**Cost**", "**Not here.**")


def draw(*words: str, folder: Path = PAGES) -> subprocess.CompletedProcess[str]:
    """Run the script of a folder of pages."""
    sources = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": sources, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, str(folder / "draw.py"), *words], capture_output=True, text=True, timeout=300, env=environment
    )


def anchors(path: Path) -> set[str]:
    """Return the anchors of a Markdown file's headings, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_mechanism_has_a_page_and_every_page_a_mechanism():
    files = {path.stem for path in (REPOSITORY / "src" / "clustersim" / "model" / "mechanisms").glob("*.py")} - {"__init__"}
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    assert files == set(MECHANISMS) == pages


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_page_is_short_and_says_all_that_it_must(name):
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    places = [text.find(f"\n{heading}") for heading in HEADINGS]
    assert -1 not in places and places == sorted(places), dict(zip(HEADINGS, places, strict=True))
    assert len(text.splitlines()) <= LINES
    assert re.search(r"^```\n.+\n```$", text, flags=re.M | re.S), "no formula"
    shown = re.findall(r"^\| \[`([\w.]+)`\]", text, flags=re.M)
    assert shown and len(shown) == len(set(shown))


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_page_shows_its_picture(name):
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"](images/{name}.png)](images/{name}.svg)" in text
    svg, png = (PAGES / "images" / f"{name}.{kind}" for kind in ("svg", "png"))
    assert "<svg" in svg.read_text(encoding="utf-8")[:600] and png.read_bytes().startswith(b"\x89PNG")
    assert max(svg.stat().st_size, png.stat().st_size) < IMAGE_BYTES


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_the_index_links_every_page():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [name for name in MECHANISMS if f"]({name}.md)" not in index] == []
    assert "docs/mechanisms/" in (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_tables_are_in_step():
    done = draw("--check")
    assert done.returncode == 0, done.stderr


def test_a_table_out_of_step_and_a_missing_picture_are_named(tmp_path):
    folder = tmp_path / "mechanisms"
    shutil.copytree(PAGES, folder)
    page = folder / "trust.md"
    text = page.read_text(encoding="utf-8")
    changed = re.sub(r"(\| \[`gain`\]\([^)]*\) \|) [^|]+ \|", r"\1 0.99 |", text)
    assert changed != text
    page.write_text(changed, encoding="utf-8")
    (folder / "images" / "market.svg").unlink()
    done = draw("--check", folder=folder)
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == ["trust.md: out of date", "images/market.svg: missing"]
    assert draw("--tables", folder=folder).returncode == 0
    assert page.read_text(encoding="utf-8") == text


def test_pictures_are_drawn_from_the_kernels(tmp_path):
    done = draw("--out", str(tmp_path), "trust", "facilitation")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facilitation.png", "facilitation.svg", "trust.png", "trust.svg"]
    for name, words in (("trust", "a let-down in each"), ("facilitation", "consolidated")):
        assert words in (tmp_path / f"{name}.svg").read_text(encoding="utf-8")


def test_a_wrong_name_gets_one_sentence(tmp_path):
    done = draw("--out", str(tmp_path), "trsut")
    assert done.returncode == 2 and list(tmp_path.iterdir()) == []
    assert done.stderr.strip() == "'trsut' is no mechanism. Did you mean 'trust'?"
