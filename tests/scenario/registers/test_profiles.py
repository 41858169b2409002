"""Public registers in their own layouts: each is recognised, and is read as its profile says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.core.words import speaking
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.building import build
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.nation import read_layout
from clustersim.scenario.registers.profiles.profiles import named, recognised, shipped
from clustersim.scenario.registers.register import read_register
from clustersim.studies.selection.facts import of_nation, read_nation

FILES = Path(__file__).parent / "files"
FIRMS = [name for name, profile in shipped().items() if profile.kind == "firms"]
# For each register: firms that are used, of how many rows; what is left out why; and what answers its doubt.
EXPECTED = {
    "cep_xxi": (10, 12, {"joined": 2}, {}), "cnpj": (9, 12, {"closed": 3}, {}), "companies_house": (9, 12, {"closed": 3}, {}),
    "denue": (12, 12, {}, {}), "dirce": (12, 12, {}, {}), "eustat": (12, 12, {}, {}), "orbis": (9, 12, {"closed": 3}, {}),
    "rais": (11, 12, {"closed": 1}, {}), "rues": (10, 12, {"closed": 2}, {}),
    "sabi": (11, 12, {"closed": 1}, {"currency": "EUR", "rate": 0.9}),
    "sii": (11, 24, {"closed": 1, "other_year": 12}, {"currency": "CLF", "rate": 0.026}),
    "sri": (9, 12, {"closed": 2, "joined": 1}, {}), "sunat": (9, 12, {"closed": 3}, {}),
    "supercias": (11, 24, {"closed": 1, "other_year": 12}, {}), "uruguay_ine": (12, 12, {}, {}),
}  # fmt: skip


def file_of(name):
    (found,) = FILES.glob(f"{name}.*")
    return found


def left_out(register):
    counts: dict[str, int] = {}
    for (code, _column), rows in register.notes.count().items():
        if code in ("closed", "joined", "other_year", "not_kept", "duplicate", "no_id"):
            counts[code] = counts.get(code, 0) + rows
    return counts


def test_there_are_fifteen_registers_and_two_nations_tables():
    assert sorted(FIRMS) == sorted(EXPECTED) and len(shipped()) == 17


@pytest.mark.parametrize("name", shipped())
def test_a_profile_names_its_headings_and_is_translated(name):
    profile = shipped()[name]
    for heading in (*profile.assumed, *profile.recognise, *(profile.id.headings if profile.id else ())):
        assert plain(heading) in profile.meanings(), heading
    with speaking("es"):
        spanish = profile.called()
    assert spanish != profile.called() and profile.source


@pytest.mark.parametrize("name", EXPECTED)
def test_a_register_is_recognised_and_read(name):
    used, rows, lost, answers = EXPECTED[name]
    register = read_register(file_of(name))
    assert register.profile == name and len(register) == rows and register.used.sum() == used
    assert left_out(register) == lost
    assert sorted(doubt.code for doubt in register.doubts) == (["currency"] if answers else [])
    answered = read_register(file_of(name), Asked(**answers))
    assert answered.doubts == []
    assert read_register(file_of(name), Asked(register=name, **answers)).used.sum() == used


@pytest.mark.parametrize("name", EXPECTED)
def test_a_register_becomes_a_place(name):
    found = build(file_of(name), asked=Asked(**EXPECTED[name][3]))
    assert len(found.rows) == EXPECTED[name][0] and all(spec["segments"] for spec in found.clusters)


@pytest.mark.parametrize(
    ("name", "column", "first"),
    [("sunat", "employees", [np.nan, 4, 14, np.nan]), ("supercias", "employees", [4, 9, 41, 271]),
     ("rais", "employees", [3, 12, 45, 260]),
     ("sii", "employees", [1, 2, 7, 30]), ("sabi", "employees", [4, 11, 52, 260]), ("orbis", "employees", [4, 11, 260, 8]),
     ("sabi", "sales", [584.444444, 1607.222222, 7597.777778, 37988.888889]), ("orbis", "sales", [609, 1674.75, np.nan, 1218]),
     ("supercias", "sales", [72.0015, 192.004, 960.02, 6480.135]), ("companies_house", "year", [1985, 1986, 1988, 1989]),
     ("rues", "year", [1990, 1994, 1996, 1998]), ("cnpj", "year", [1985, 1986, 1988, 1989]),
     ("sri", "year", [1990, 1991, 1992, 1994])],
)  # fmt: skip
def test_values_of_a_register(name, column, first):
    register = read_register(file_of(name), Asked(**EXPECTED[name][3]))
    np.testing.assert_allclose(register.values[column][register.used][: len(first)], first, rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("denue", "employees"),
        ("cep_xxi", "employees"),
        ("dirce", "employees"),
        ("eustat", "employees"),
        ("uruguay_ine", "employees"),
        ("sii", "sales"),
    ],
)
def test_classes_of_a_register_have_bounds(name, column):
    register = read_register(file_of(name), Asked(**EXPECTED[name][3]))
    low, high = (limit[register.used] for limit in register.classes[column])
    values, told = register.values[column][register.used], ~np.isnan(low)
    assert told.sum() >= 9
    least = np.maximum(low[told], 1.0) if column == "employees" else low[told]
    assert (values[told] >= least - 1e-6).all() and (values[told] <= np.maximum(high[told], 1.0) + 1e-6).all()


def test_places_of_registers():
    for name, centre in (
        ("denue", (21.12, -101.68)),
        ("cep_xxi", (-34.66, -58.6)),
        ("eustat", (43.18, -2.47)),
        ("sabi", (43.18, -2.47)),
    ):
        middle = build(file_of(name), asked=Asked(**EXPECTED[name][3])).territories[name].centre
        np.testing.assert_allclose(middle, centre, atol=0.05)


def test_ids_of_several_columns_and_of_none():
    assert read_register(file_of("rues")).texts["id"][0] == "21-0000000000"
    assert read_register(file_of("rais")).texts["id"][:2].tolist() == ["row2", "row3"]


# --- a user's own -------------------------------------------------------------------------------------------------

OWN = """\
title: {en: Chamber, es: Cámara}
country: PE
source: our own
recognise: [ficha]
headings: {ficha: id, gente: employees, plata: sales, vive: status}
status: {open: [si], closed: [murio]}
codes: {employees: {A: 1 a 9, B: 10 o más}}
money: {currency: PEN, scale: 1000}
"""


def test_a_users_own_profile_is_data(tmp_path):
    (tmp_path / "mine.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "f.csv").write_text("ficha;gente;plata;vive\n1;A;380;si\n2;B;3800;si\n3;A;1;murio\n")
    register = read_register(tmp_path / "f.csv", Asked(register=str(tmp_path / "mine.yaml"), currency="PEN", rate=3.8))
    assert register.used.tolist() == [True, True, False] and register.values["sales"][:2].tolist() == [100.0, 1000.0]
    assert 1 <= register.values["employees"][0] <= 9 <= 10 <= register.values["employees"][1]


@pytest.mark.parametrize(
    ("change", "said"),
    [(("headings:", "heading:"), "Did you mean 'headings'"), (("source: our own\n", ""), "source: is missing"),
     (("gente: employees", "gente: employes"), "Did you mean 'employees'"), (("country: PE", "country: XX"), "cannot be that"),
     (("scale: 1000", "scale: many"), "cannot be that"), (("title:", "title: ["), "mine.yaml"),
     (("PEN", "pen"), "cannot be that"),
     (("open: [si]", "open: !!python/object/apply:os.system [ls]"), "mine.yaml")],
)  # fmt: skip
def test_faults_of_a_profile_are_one_sentence(tmp_path, change, said):
    (tmp_path / "mine.yaml").write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        named(str(tmp_path / "mine.yaml"))
    assert len(str(error.value).splitlines()) <= 3


def test_a_file_that_is_none_of_them_is_none():
    assert recognised(["id", "empleados", "ventas"]) is None
    assert recognised(["clee", "nom_estab", "codigo_act", "per_ocu", "id"])[0] == "denue"


# --- nations ------------------------------------------------------------------------------------------------------


def test_a_nations_table_of_eurostat():
    table = read_layout(FILES / "eurostat_sbs.csv", Asked(currency="EUR", rate=0.9))
    employees = dict(zip(table.codes, table.values["employees"].tolist(), strict=True))
    assert employees == pytest.approx({"14": 36000, "15": 32400, "28": 99000}), "the latest year"
    assert table.values["sales"][table.codes.index("15")] == pytest.approx(36000 * 0.9 * 0.12 * 1e6 / 0.9 / 1e3)
    assert read_layout(FILES / "eurostat_sbs.csv").lost == ["sales"], "euros are never dollars"
    sums, total, lost = read_nation(FILES / "eurostat_sbs.csv", None)
    assert lost == ["sales"]
    assert of_nation(sums["employees"], "C15") == pytest.approx(32400) and total["employees"] == pytest.approx(167400)


def test_a_nations_table_of_county_business_patterns():
    sums, total, _lost = read_nation(FILES / "county_business_patterns.csv", None)
    assert of_nation(sums["employees"], "3162") == 900 and of_nation(sums["employees"], "316210") == 900
    assert total["employees"] == 2700, "only what no other row is a part of"
