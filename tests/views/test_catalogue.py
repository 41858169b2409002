"""The catalogue of instruments: complete in both languages, true to the mechanisms, and its page up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clustersim.cli import command_line as cli
from clustersim.core.words import said_in, speaking
from clustersim.model import reach
from clustersim.model.levers import BILLS, LEVERS, RECIPIENTS
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.policy.instruments.base import GRADES
from clustersim.results import describing
from clustersim.views import documentation
from clustersim.views.catalogue import common, entries, facts, label, meaning, own, words

REPOSITORY = Path(__file__).parents[2]
MECHANISMS = REPOSITORY / "src" / "clustersim" / "model" / "mechanisms"


def readings():
    """Return for each channel how mechanisms read it: for single firms, for the whole cluster, or both."""
    found = {channel: set() for channel in LEVERS}
    for path in MECHANISMS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        for pattern, how in ((r"\blever\(actors, cluster, i, ([A-Z_]+)\)", "firms"), (r"\.levers\[([A-Z_]+)\]", "cluster")):
            for name in re.findall(pattern, text):
                found[name.lower()].add(how)
        for name in re.findall(r"\baid\(actors, cluster, i, ([A-Z_]+), ", text):
            found[list(LEVERS)[BILLS[getattr(reach, name)]]].add("firms")
        if path.stem == "finance":  # goes through all bills, paperwork among them
            found["paperwork"].add("firms")
    return found


def test_whom_channels_reach_is_what_the_mechanisms_do():
    found = readings()
    assert all(found.values()), "every channel is read by a mechanism"
    said = {"firms": {"firms"}, "cluster": {"cluster"}, "both": {"firms", "cluster"}}
    assert found == {channel: said[lever.reach] for channel, lever in LEVERS.items()}


def test_every_channel_names_mechanisms_that_exist():
    for channel, lever in LEVERS.items():
        assert lever.meaning and lever.read_by, channel
        assert all((MECHANISMS / f"{name}.py").is_file() for name in lever.read_by), channel


def test_every_instrument_is_told_in_both_languages():
    found = entries()
    assert [entry["name"] for entry in found] == list(INSTRUMENTS)
    for entry in found:
        assert all(entry[key].strip() for key in ("label", "etiqueta", "meaning", "descripcion", "source")), entry["name"]
        assert entry["meaning"] != entry["descripcion"] and entry["descripcion"].endswith(".") and len(entry["meaning"]) > 10
        for lang in ("en", "es"):
            said = facts(entry, lang)
            assert len(said) >= 6 and all(head and text for head, text in said)
        assert entry["grade"] in GRADES and entry["recipient"] in RECIPIENTS and entry["payer"] in words.PAYER
        for effect in entry["effects"]:
            assert effect["read_by"] and effect["full_cost"] > 0 and effect["unit"] == LEVERS[effect["channel"]].unit
    assert len({entry["etiqueta"] for entry in found}) == len({entry["label"] for entry in found}) == len(found)
    with speaking("en"):
        assert label("rd_tax_credit") == "R&D tax credit" and label("fdi_attraction") == "FDI attraction"
        assert label("joint_rd_grant") == "Joint R&D grant" and meaning("standards").startswith("Technical standards")
    with speaking("es"):
        assert label("rd_tax_credit") == "Crédito fiscal a la I+D" and meaning("standards").startswith("Normas técnicas")


def test_an_instrument_that_is_not_at_hand_is_called_by_its_use():
    with speaking("es"):
        assert label("street_lights") == "Street lights" and meaning("street_lights") == ""


def test_the_words_cover_all_there_is():
    assert set(words.RECIPIENT) == set(RECIPIENTS)
    assert {variable.unit for variable in LEVERS.values()} == set(words.UNIT)
    with speaking("es"):
        assert [words.grade(name) for name in GRADES] == ["medida", "informada", "argumentada", "supuesta"]


def test_parameters_are_told_in_both_languages():
    for entry in entries():
        for p in entry["parameters"]:
            assert p["meaning"] and p["significado"] and p["meaning"] != p["significado"], p["name"]


@pytest.mark.parametrize("topic", [describing.parameters, describing.indicators, describing.result_files])
def test_what_is_declared_is_told_in_the_language_in_force(topic):
    with speaking("en"):
        english = json.dumps(topic(), ensure_ascii=False)
    with speaking("es"):
        spanish = json.dumps(topic(), ensure_ascii=False)
    assert english != spanish
    if topic is describing.parameters:
        assert "Depreciation of assets" in english and "Depreciación de los activos" in spanish
        assert '"source": "supuesto"' in spanish and "assumed" not in spanish
    elif topic is describing.indicators:
        assert '"label": "Exports", "etiqueta": "Exportaciones"' in english and "exportaciones / ventas" in spanish
    else:
        assert "Exports: sum over firms" in english and "Exportaciones: suma de las empresas" in spanish
        assert "one for each" not in spanish and '"unit": "kUSD/quarter"' in spanish


def test_parameters_have_their_ranges():
    (first, *_) = entries()
    shared = {p["name"]: p for p in common([first])}
    assert set(shared) == set(Instrument.model_fields)
    assert (shared["quarters"]["low"], shared["quarters"]["high"], shared["quarters"]["range"]) == (1, 400, "1 – 400")
    assert shared["until_private"]["range"] == "> 0 – 1" and shared["per_year"]["required"]
    assert shared["classes"]["range"] == "micro, small, medium, large"
    owned = {entry["name"]: [p["name"] for p in own(entry)] for entry in entries() if own(entry)}
    assert owned == {"association_grant": ["report"]}


def test_no_effect_is_called_better_known_than_its_source_says():
    for use, kind in INSTRUMENTS.items():
        if kind.grade == "measured":
            assert "assumed" not in kind.source, use
        if kind.grade == "reported":
            assert re.search(r"\d", kind.source), f"{use}: no figure is reported in {kind.source!r}"
        if not re.search(r"§|DINI|RP|PE|EC", kind.source):
            assert kind.grade == "assumed", use
    assert INSTRUMENTS["supplier_development"].grade == "reported"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_is_printed_in_both_languages(lang, capsys):
    assert cli.main(["describe", "instruments", "--lang", lang]) == 0
    said = capsys.readouterr().out
    place = lang == "es"
    for entry in entries():
        assert f"{entry['name']}   {entry['etiqueta' if place else 'label']}\n" in said
        assert entry["descripcion" if place else "meaning"] in said
    assert all(said_in(lang, name) in said for name in words.FAMILIES.values() if name != "Your own")
    assert all(said_in(lang, meaning) in said for meaning in GRADES.values())


def test_it_is_printed_as_data(capsys):
    assert cli.main(["describe", "instruments", "--json", "--lang", "es"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all({"name", "channel", "parameters", "source", "grade", "payer", "reaches"} <= set(entry) for entry in found)
    assert found == json.loads(json.dumps(entries()))
    assert cli.main(["describe", "instruments", "--lang", "fr"]) == 2


def test_the_pages_are_up_to_date():
    assert documentation.main(["--check"]) == 0
    pages = REPOSITORY / "docs" / "instruments.md", REPOSITORY / "docs" / "es" / "instrumentos.md"
    english, spanish = (page.read_text(encoding="utf-8") for page in pages)
    for entry in entries():
        assert f"### {entry['label']} / {entry['etiqueta']}\n" in english and entry["meaning"] in english
        assert f"### {entry['etiqueta']} / {entry['label']}\n" in spanish and entry["descripcion"] in spanish


def test_the_pages_in_spanish_say_no_english():
    """A table filled in while Spanish is spoken holds none of the English texts that its English twin holds."""
    for name in ("parameters", "indicators", "levers", "grades", "common", "keys"):
        with speaking("en"):
            english = documentation.TABLES[name]()
        with speaking("es"):
            spanish = documentation.TABLES[name]()
        cells = {cell for line in english.splitlines() for cell in line.split(" | ")[1:] if len(cell.split()) > 3}
        same = {cell for cell in cells if cell in spanish}
        assert not {cell for cell in same if re.search(r"\b(of|the|that|which|and|or)\b", cell)}, name
