"""The tutorial on one's own place, in both languages: each of its lines is run where the reader stands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "examples"
PAGES = {"en": REPOSITORY / "docs" / "tutorials" / "your_own_place.md", "es": REPOSITORY / "docs" / "es" / "su_propio_lugar.md"}
SPEAKS = "export CLUSTERSIM_LANG=es"


def lines_of(page):
    """Return the lines that a page asks to type."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_both_languages_ask_to_type_the_same():
    english, spanish = (lines_of(PAGES[lang]) for lang in ("en", "es"))
    assert spanish == [english[0], SPEAKS, *english[1:]]


def test_the_page_shows_the_programme_whole():
    shown = f"```yaml\n{(EXAMPLES / 'footwear' / 'asociacion.yaml').read_text(encoding='utf-8')}```"
    assert shown in PAGES["en"].read_text(encoding="utf-8")


def test_the_directory_is_what_its_script_makes(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLES / "directory" / "make_data.py"), "--out", str(tmp_path)], check=True)
    assert (tmp_path / "denue.csv").read_bytes() == (EXAMPLES / "directory" / "denue.csv").read_bytes()


def test_the_office_file_is_read_as_the_page_says(call, tmp_path, monkeypatch):
    shutil.copytree(EXAMPLES / "directory", tmp_path / "place")
    monkeypatch.chdir(tmp_path / "place")
    before = sorted(os.listdir())
    code, out, err = call("scenario", "from-firms", "denue.csv", "--dry-run")
    assert code == 0 and err == "" and "(denue)" in out and "To be confirmed" not in out
    assert sorted(os.listdir()) == before
    code, out, _ = call("scenario", "from-firms", "denue.csv", "--activity-map", "cadena.csv", "--out", "calzado.yaml")
    assert code == 0 and "not in the activity map" in out and "Next: clustersim run calzado.yaml" in out
    assert set(os.listdir()) - set(before) == {"calzado.yaml", "calzado_firms.csv", "calzado_report.csv"}


@pytest.mark.slow
@pytest.mark.parametrize("lang", PAGES)
def test_every_line_does_what_the_page_says(call, tmp_path, monkeypatch, lang):
    lines = lines_of(PAGES[lang])
    assert lines[0] == ". .venv/bin/activate", (
        "the reader stands in the repository; all that follows goes by the name of the program"
    )
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for line in lines[1:]:
        program, *words = shlex.split(line)
        if program == "export":
            monkeypatch.setenv(*words[0].split("="))
        elif program == "cp":
            shutil.copytree(words[1], words[2])
        elif program == "cd":
            monkeypatch.chdir(words[0])
        else:
            assert program == "clustersim"
            found = [[str(path) for path in sorted(Path().glob(word))] if "*" in word else [word] for word in words]
            code, _, err = call(*(word for several in found for word in several))
            assert code == 0, f"{line}\n{err}"
    (first,) = (tmp_path / "my_place" / "results").glob("compare-calzado-proyecto-*")
    assert (first / f"report_{lang}.html").is_file()
    assert (tmp_path / "my_footwear" / "choice" / "selection.png").is_file()
    (second,) = (tmp_path / "my_footwear" / "results").glob("compare-calzado-asociacion-proveedores-*")
    assert (second / "comparison.json").is_file()
