"""What headings and cells of registers mean: each kind of fault that public registers have shown, with its right value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustersim.core.errors import InputError
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.registers.activities import ActivityMap, read_map
from clustersim.scenario.registers.activity_codes import activity_name, digits
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.building import build
from clustersim.scenario.registers.classes import ENDS, bounds, inside
from clustersim.scenario.registers.columns import COLUMNS, read_heading
from clustersim.scenario.registers.money import CURRENCIES, PESO, PLAUSIBLE, split, spoken_units
from clustersim.scenario.registers.register import read_register
from clustersim.scenario.registers.values import is_missing

SIZES = (300, 340, 19, 7, 12, 20, 9, 19, 3, 13, 1, 13)


@pytest.fixture
def read(tmp_path):
    """Write a register and read it; keywords are what is asked."""

    def _read(text, needed=("id",), name="firms.csv", **asked):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_register(tmp_path / name, Asked(**asked), needed)

    return _read


def column(heading, cells, sizes=SIZES, ids=None, before="id"):
    """Return a register with employees and one more column."""
    ids = ids or [f"F{k:03d}" for k in range(len(cells))]
    rows = [f'{id_};{size};"{cell}"' for id_, size, cell in zip(ids, sizes, cells, strict=True)]
    return f"{before};empleados;{heading}\n" + "\n".join(rows) + "\n"


def values(register, name):
    return register.values[name][register.used]


def codes(register):
    return [doubt.code for doubt in register.doubts]


def notes(register):
    return {code: rows for (code, _column), rows in register.notes.count().items()}


@pytest.mark.parametrize(("rows", "said"), [
    ("1511,Cuero,a\n1520,cuero,a\n", "'cuero' stands as 'Cuero'"),
    ("1511,x,Ambato\n1520,y,AMBATO\n", "'AMBATO' stands as 'Ambato'"),
    ("15.20,shoes,a\n1520,leather,a\n", "'1520' is mapped twice"), ("C15.1*,x,a\nC151*,y,a\n", "mapped twice"),
])  # fmt: skip
def test_a_map_that_says_one_thing_in_two_ways_is_refused(tmp_path, rows, said):
    path = tmp_path / "map.csv"
    path.write_text(f"ciiu,segment,cluster\n{rows}")
    with pytest.raises(InputError, match=said):
        read_map(path)
    path.write_text("ciiu,segment,cluster\nA15*,x,a\nC15*,y,a\n0111,x,a\n111,y,a\n15.20,y,a\n1520,y,a\n")
    assert read_map(path).find("C1511") == ("y", "a")


# --- headings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "name", "scale", "currency", "year"),
    [
        ("Ventas (miles de USD)", "sales", 1e3, "USD", None), ("Ventas US$", "sales", None, "USD", None),
        ("Ventas 2023", "sales", None, None, 2023), ("Ventas (miles $)", "sales", 1e3, "", None),
        ("Ventas (€)", "sales", None, "EUR", None), ("Vendas (R$)", "sales", None, "BRL", None),
        ("Faturamento (mil reais)", "sales", 1e3, "BRL", None), ("Ventas en MM$", "sales", 1e6, "", None),
        ("Ingresos (miles de pesos mexicanos)", "sales", 1e3, "MXN", None), ("Ventas (pesos)", "sales", None, PESO, None),
        ("Operating revenue (Turnover) th USD Last avail. yr", "sales", 1e3, "USD", None),
        ("Ventas (exterior)", "exports", None, None, None), ("Exportaciones (miles de dólares FOB)", "exports", 1e3, "USD", None),
        ("Número de trabajadores", "employees", None, None, None), ("N° de empleados", "employees", None, None, None),
        ("Personal ocupado total 2022", "employees", None, None, 2022), ("Año comercial", "period", None, None, None),
        ("Empleados fijos", None, None, None, None), ("Ventas por empleado", None, None, None, None),
        ("Ventas (% del total)", None, None, None, None), ("Teléfono", None, None, None, None),
        ("Ventas (₡)", "sales", None, "CRC", None), ("Ventas (¢)", None, None, None, None),
        ("Sales (₩)", None, None, None, None), ("Sales (A$)", None, None, None, None),
        ("Sales (тыс. руб.)", None, None, None, None), ("Employees (%)", None, None, None, None),
    ],
)  # fmt: skip
def test_headings_are_taken_apart(heading, name, scale, currency, year):
    sense = read_heading(heading, COLUMNS)
    assert sense.name == name
    assert (sense.unit.scale, sense.unit.currency, sense.unit.year) == (scale, currency, year)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Cifras en miles de euros", [(1e3, "EUR")]), ("Valores en miles", [(1e3, None)]), ("Importes en euros", [(None, "EUR")]),
        ("Currency: EUR", [(None, "EUR")]), ("Directorio 2023 (miles de USD)", [(1e3, "USD")]), ("Ventas en M€", [(1e6, "EUR")]),
        ("Thousands of US dollars of 2015", [(1e3, "USD")]), ("Montos em R$ mil", [(1e3, "BRL")]), ("Miles de empresas", []),
        ("Empresas con ventas mayores a 2 millones de dólares", []), ("Más de un millón de euros", []), ("Peso (kg)", []),
        ("Fuente: en dólares de 2015", [(None, "USD")]), ("in real terms", []), ("Directorio de miles de empresas", []),
    ],
)  # fmt: skip
def test_titles_and_notes_tell_units_and_no_amounts(text, units):
    assert [(unit.scale, unit.currency) for unit in spoken_units(text)] == units


@pytest.mark.parametrize("heading", ["Exportaciones (% de ventas)", "% exportado", "Porcentaje exportado", "export percent"])
def test_per_cent_in_a_heading_of_exports_makes_them_a_share(heading):
    sense = read_heading(heading, COLUMNS)
    assert sense.name == "export_share" and sense.unit.percent


@pytest.mark.parametrize(
    ("heading", "money"),
    [("Ventas (miles de USD)", 1000.0), ("Ventas US$", 1.0), ("Ventas 2023", 1.0), ("Net sales, USD million", 1e6)],
)
def test_headings_of_money_are_read_with_their_unit(read, heading, money):
    register = read(column(heading, [str(size * 2) for size in SIZES]), currency="USD")
    np.testing.assert_allclose(values(register, "sales"), np.array(SIZES) * 2 * money / 1000.0)
    assert register.doubts == []


def test_headings_of_columns_that_the_model_does_not_use_never_stop_a_file(read):
    register = read("id,nom_estab,raz_sosial,nom_estav,empleados\n1,A,B,C,3\n")
    assert register.header.unused == ["raz_sosial", "nom_estav"]
    with pytest.raises(InputError, match="Did you mean 'empleados'"):
        read("id,emplados\nA,3\n")
    assert values(read("id,emplados,empleados\nA,3,4\n"), "employees")[0] == 4.0


def test_the_user_says_what_a_heading_means(read):
    text = "clave,gente,jefes\n1,3,1\n2,4,1\n"
    register = read(text, read=("gente=employees",))
    assert values(register, "employees").tolist() == [3.0, 4.0] and register.header.by["employees"] == "read"
    for wrong, said in (
        ("gent=employees", "Did you mean 'gente'"),
        ("gente=employes", "Did you mean 'employees'"),
        ("gente", "HEADING"),
    ):
        with pytest.raises(InputError, match=said):
            read(text, read=(wrong,))


def test_a_column_of_codes_wins_over_one_of_texts(read):
    register = read("id,actividad_economica,codigo_ciiu\n1,FABRICACIÓN DE CALZADO,C1520\n", ("id", "activity"))
    assert register.texts["activity"][0] == "C1520" and register.header.also == ["actividad_economica"]


def test_several_years_of_one_column_are_a_doubt_and_the_latest_is_read(read):
    text = "id;Empleados 2021;Empleados 2023;Empleados 2022\nA;1;3;2\nB;4;6;5\n"
    register = read(text)
    assert values(register, "employees").tolist() == [3.0, 6.0] and codes(register) == ["panel"]
    register = read(text, year=2022)
    assert values(register, "employees").tolist() == [2.0, 5.0] and codes(register) == []


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thousand", ["3.400", "3,400", "3 400", "3'400", "3.400 personas"])
def test_people_are_whole_so_that_a_point_parts_thousands(read, thousand):
    register = read(column("ventas", ["100000.5"] * 3, [thousand, "190", "70"]))
    assert values(register, "employees").tolist() == [3400.0, 190.0, 70.0]
    assert values(register, "tractor").tolist() == [1.0, 0.0, 0.0]


def test_a_part_of_a_person_is_told(read):
    register = read("id,employees\nA,3.4\nB,12\nC,7\n")
    assert values(register, "employees").tolist() == [3.4, 12.0, 7.0] and notes(register) == {"not_whole": 1}


def test_counts_that_all_have_three_decimals_are_a_doubt(read):
    text = "id,employees\nA,3.000\nB,12.000\nC,7.000\n"
    register = read(text)
    assert codes(register) == ["decimal"] and values(register, "employees").tolist() == [3.0, 12.0, 7.0]
    register = read(text, decimal="comma")
    assert codes(register) == [] and values(register, "employees").tolist() == [3000.0, 12000.0, 7000.0]


@pytest.mark.parametrize("cell", ["12%", "$ 12", "12 USD", "12 34", "doce", "5-3"])
def test_a_count_with_a_unit_is_no_count(read, cell):
    register = read(column("nombre", ["a", "b"], [cell, "3"]))
    assert np.isnan(values(register, "employees")[0]) and notes(register) == {"not_number": 1}


@pytest.mark.parametrize(
    "word",
    ["NA", "N/A", "S/D", "s.d.", "-", "--", ".", "n.a.", "NULL", "\\N", "#N/A", "No aplica", "Sin dato", "n.d.", "N/D", "nan",
    "…", "#¡REF!"],
)  # fmt: skip
def test_words_for_nothing_are_empty_in_every_column(read, word):
    register = read(f"id,municipio,actividad,empleados,certificada\nA,{word},{word},{word},{word}\nB,Quero,C1520,3,no\n")
    assert register.texts["municipality"].tolist() == ["", "Quero"] and register.texts["activity"].tolist() == ["", "C1520"]
    assert np.isnan(values(register, "employees")[0]) and np.isnan(values(register, "certified")[0])
    if "#" not in word and word != "\\N":  # these the reader of files empties
        assert register.decisions["missing_municipality"].startswith("1: ")
    assert set(notes(register)) <= {"broken"}, "it is known that nothing is known"


@pytest.mark.parametrize("word", ["Naranja", "no", "nada", "0", "N", "Nd", "C1520", "Sd", "x"])
def test_other_words_are_not_nothing(word):
    assert not is_missing(word)


@pytest.mark.parametrize(
    ("yes", "no"), [("t", "f"), ("V", "F"), ("sí", "no"), ("S", "N"), ("1", "0"), ("true", "false"), ("X", "0"), ("sim", "não")]
)
def test_yes_and_no_in_all_their_forms(read, yes, no):
    register = read(f"id,empleados,certified\nA,3,{yes}\nB,4,{no}\n")
    assert values(register, "certified").tolist() == [1.0, 0.0] and notes(register) == {}


@pytest.mark.parametrize(
    "cell",
    ["1900-01-01", "01/01/1900", "1015", "9999-12-31", "0001-01-01", "0", "1899-12-30", "9999", "0" * 5000,
     "1900-01-01 00:00:00"],
)
def test_days_that_stand_for_none_are_set_aside_and_told(read, cell):
    register = read(f"id,founded\nA,{cell}\nB,2021-05-02\n")
    assert np.isnan(values(register, "year")[0]) and values(register, "year")[1] == 2021.0 and register.start_year == 2022
    assert notes(register) == {"placeholder": 1}


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1900", 1900),
        ("19790528", 1979),
        ("28/05/1979", 1979),
        ("1979-05-28 00:00:00", 1979),
        ("1995.0", 1995),
        ("2010-07", 2010),
    ],
)
def test_years_come_out_of_dates(read, cell, year):
    assert values(read(f"id,founded\nA,{cell}\nB,2021\n"), "year")[0] == year


# --- money --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number", "scale", "currency", "percent"),
    [
        ("1.234,56 €", "1.234,56", None, "EUR", False), ("$ 26.848.749", "26.848.749", None, "", False),
        ("12 MM$", "12", 1e6, "", False), ("35%", "35", None, None, True), ("R$ 1.200,00", "1.200,00", None, "BRL", False),
        ("US$ 1,200.50", "1,200.50", None, "USD", False), ("3 miles USD", "3", 1e3, "USD", False),
        ("(300)", "-300", None, None, False),
        ("S/ 300", "300", None, "PEN", False),
    ],
)  # fmt: skip
def test_what_stands_beside_a_number_is_kept(cell, number, scale, currency, percent):
    found, unit = split(cell)
    assert (found, unit.scale, unit.currency, unit.percent) == (number, scale, currency, percent)


@given(
    st.sampled_from(sorted(word for word, code in CURRENCIES.items() if len(code) == 3 and word == code.lower())),
    st.integers(1, 10**9),
)
@settings(max_examples=200, deadline=None)
def test_a_currency_on_either_side_of_a_number_is_the_same(code, number):
    assert split(f"{code.upper()} {number}") == split(f"{number} {code}")
    assert split(f"{number} {code}")[1].currency == code.upper()


@pytest.mark.parametrize(
    ("heading", "sign"),
    [("ventas", " €"), ("Ventas (€)", ""), ("Ventas (miles de euros)", ""), ("Sales in EUR", ""), ("ventas", " EUR")],
)
def test_another_currency_needs_its_rate(read, heading, sign):
    text = column(heading, [f"{size * 20000}{sign}" for size in SIZES])
    register = read(text)
    (doubt,) = register.doubts
    assert doubt.code == "currency" and {(a.option, a.value) for a in doubt.answers} == {("currency", "EUR"), ("rate", "")}
    assert np.isnan(values(register, "sales")).all(), "never one to one"
    register = read(text, currency="EUR", rate=0.8)
    scale = 1000.0 if "miles" in heading else 1.0
    np.testing.assert_allclose(values(register, "sales"), np.array(SIZES) * 25.0 * scale)
    assert register.doubts == []
    with pytest.raises(InputError, match="is marked as EUR, not USD"):
        read(text, currency="USD")


def test_pesos_that_nobody_marks_are_a_doubt_and_never_dollars(read):
    text = column("ventas", [f"$ {size * 88_000_000:,}".replace(",", ".") for size in SIZES], before="nit")
    register = read(text)
    (doubt,) = register.doubts
    assert doubt.code == "currency" and ("currency", "COP") in [(a.option, a.value) for a in doubt.answers]
    assert np.isnan(values(register, "sales")).all()
    np.testing.assert_allclose(values(read(text, currency="COP", rate=4000.0), "sales"), np.array(SIZES) * 22.0)
    np.testing.assert_allclose(values(read(text, currency="USD"), "sales"), np.array(SIZES) * 88_000.0)


@pytest.mark.parametrize("per_head", [5, 25, 400_000, 9_000_000_000])
def test_money_that_can_hardly_be_dollars_is_a_doubt(read, per_head):
    text = column("ventas", [str(size * per_head) for size in SIZES])
    assert codes(read(text)) == ["currency"]
    assert codes(read(text, money="kusd")) == codes(read(text, currency="USD")) == []


@pytest.mark.parametrize("per_head", [800, 22_000, 300_000])
def test_money_that_can_be_dollars_is_said_to_be_assumed(read, per_head):
    register = read(column("ventas", [str(size * per_head) for size in SIZES]))
    assert register.doubts == [] and register.decisions["unit_sales"] == "usd (assumed)"
    np.testing.assert_allclose(values(register, "sales"), np.array(SIZES) * per_head / 1000.0)


def test_the_bounds_of_dollars_are_the_models_own():
    output, gap = PARAMETERS["population"]["output"], PARAMETERS["population"]["knowledge_gap"].default
    assert pytest.approx(4 * output.high * np.exp(-gap)) == PLAUSIBLE[1]
    assert PLAUSIBLE[0] < 0.1 * 4 * output.low


def test_titles_and_notes_that_disagree_on_the_unit_are_a_doubt(read):
    rows = "".join(f"F{k};{size};{200 * size}\n" for k, size in enumerate(SIZES))
    text = f"id;empleados;ventas\n{rows}Nota: ventas en miles de USD;;\nNota: exportaciones en millones de USD;;\n"
    assert "money" in codes(read(text)) and codes(read(text, money="kusd")) == []
    assert values(read(text, money="kusd"), "sales").tolist() == [200.0 * size for size in SIZES]
    assert codes(read(text.replace(";ventas", ";ventas (USD)"))) == ["money"]
    assert codes(read(text.replace(";ventas", ";ventas (miles de USD)"))) == []


def test_an_amount_in_a_title_is_no_unit(read):
    rows = "".join(f"F{k};{size};{200_000 * size}\n" for k, size in enumerate(SIZES))
    register = read(f"Empresas con ventas mayores a 2 millones de dólares;;\nid;empleados;ventas\n{rows}")
    assert values(register, "sales").tolist() == [200.0 * size for size in SIZES]


def test_a_cell_in_another_currency_than_the_rest_is_set_aside(read):
    cells = [f"{size * 20000} USD" for size in SIZES]
    cells[3] = "140000 €"
    register = read(column("ventas", cells))
    assert notes(register) == {"other_currency": 1} and np.isnan(values(register, "sales")[3])
    assert values(register, "sales")[0] == 6000.0


@pytest.mark.parametrize("cell", ["140000 €", "€ 140.000", "140000 MXN"])
def test_a_mark_in_one_cell_says_nothing_of_the_others(read, cell):
    cells = [str(size * 20000) for size in SIZES]
    cells[3] = cell
    register = read(column("ventas", cells))
    assert notes(register) == {"other_currency": 1} and register.doubts == []
    assert np.isnan(values(register, "sales")[3]) and values(register, "sales")[0] == 6000.0


def test_a_cell_with_its_own_thousands_is_read_with_them_and_told(read):
    cells = [str(size * 20000) for size in SIZES]
    cells[3] = "140 miles"
    register = read(column("ventas", cells))
    assert values(register, "sales")[3] == 140.0 and notes(register) == {"own_unit": 1}


def test_per_cent_among_exports_is_a_share_of_sales(read):
    rows = "".join(
        f"F{k},{size},{size * 20000},{share}\n"
        for k, (size, share) in enumerate(zip(SIZES, ["0%", "48%", "0%", "41%"] * 3, strict=True))
    )
    register = read("id,empleados,ventas,exportaciones\n" + rows)
    np.testing.assert_allclose(values(register, "exports"), np.array(SIZES) * 20.0 * np.array([0, 0.48, 0, 0.41] * 3))
    register = read("id,empleados,ventas\nA,3,35%\nB,4,80000\n")
    assert np.isnan(values(register, "sales")[0]) and notes(register) == {"not_money": 1}


def test_a_row_of_units_and_a_title_tell_the_currency(read):
    rows = "".join(f"F{k};{size};{size * 20}\n" for k, size in enumerate(SIZES))
    assert codes(read("id;empleados;ventas\n;personas;miles de euros\n" + rows)) == ["currency"]
    register = read("Empresas del valle, en miles de dólares;;\nid;empleados;ventas\n" + rows)
    np.testing.assert_allclose(values(register, "sales"), np.array(SIZES) * 20.0)


# --- shares -------------------------------------------------------------------------------------------------------


def shares(read, cells, heading="proporcion exportada", **asked):
    rows = "".join(f"F{k};{100 * (k + 1)};{cell}\n" for k, cell in enumerate(cells))
    return read(f"id;ventas_kusd;{heading}\n" + rows, **asked)


def test_one_cell_above_one_is_out_of_range_alone(read):
    register = shares(read, ["0.477", "0", "0.412", "1.05", "0.166", "0.521"])
    np.testing.assert_allclose(values(register, "exports")[[0, 1, 2, 4, 5]], [47.7, 0, 123.6, 83.0, 312.6])
    assert np.isnan(values(register, "exports")[3]) and notes(register) == {"out_of_range": 1} and register.doubts == []
    register = shares(read, ["45", "0", "10", "0.5", "20"])
    assert values(register, "exports")[3] == pytest.approx(2.0) and notes(register) == {"as_percent": 1}


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("proporcion exportada", ["45", "0", "10", "100"]), ("Exportaciones (% de ventas)", ["45", "0", "10", "100"]),
     ("export_share", ["45%", "0%", "10 %", "100%"]), ("export_share", ["0,45", "0", "0,1", "1"])],
)  # fmt: skip
def test_shares_are_read_by_their_signs_or_by_most_cells(read, heading, cells):
    register = shares(read, cells, heading)
    np.testing.assert_allclose(values(register, "exports"), [45.0, 0.0, 30.0, 400.0])
    assert register.doubts == []


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("cuota exportadora", ["0.4", "12", "0.3", "30", "0.2"]), ("Porcentaje exportado", ["0.4", "0.12", "0.3", "0", "0"])],
)
def test_shares_that_can_be_both_are_a_doubt(read, heading, cells):
    assert codes(shares(read, cells, heading)) == ["share"]
    assert codes(shares(read, cells, heading, shares="fraction")) == []
    assert values(shares(read, cells, heading, shares="fraction"), "exports")[0] == pytest.approx(40.0)


# --- classes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("6 a 10 personas", 6, 10), ("251 y más personas", 251, np.inf), ("0 a 5 personas", 0, 5), ("e. 500+", 500, np.inf),
        ("10-49", 10, 49),
        ("Menos de 5", 0, 4), (">=50", 50, np.inf), ("100 o más", 100, np.inf), ("a. 1-9", 1, 9), ("Más de 200", 201, np.inf),
        ("1.000 a 4.999", 1000, 4999), ("1,000-4,999 employees", 1000, 4999), ("entre 10 y 49", 10, 49),
        ("500 ou mais", 500, np.inf),
        ("De 10 a 49 empregados", 10, 49), ("Sin asalariados", 0, 0), ("under 5", 0, 4), ("Hasta 10", 0, 10),
        ("250 and over", 250, np.inf),
        ("10 – 19", 10, 19), ("Tramo 3: 10 a 19", 10, 19), ("d) 50-199", 50, 199),
    ],
)  # fmt: skip
def test_classes_have_bounds(cell, low, high):
    assert bounds(cell)[:2] == (low, high)


@pytest.mark.parametrize("cell", ["3", "-3", "2010-07-05", "10-5", "hola", "12 C", "C1520", ""])
def test_other_cells_are_no_classes(cell):
    assert bounds(cell) is None


@given(
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.sampled_from(["{} a {}", "{}-{}", "de {} a {} personas", "between {} and {}", "{} to {} employees", "b. {} - {}"]),
    st.text("abc0", min_size=1, max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_a_draw_lies_inside_its_class_and_is_the_firms_own(a, b, words, id_):
    low, high = min(a, b), max(a, b)
    found = bounds(words.format(low, high))
    assert found[:2] == (low, high)
    one = inside([id_, "other"], np.array([low, 5.0]), np.array([high, 9.0]), "employees")
    assert max(low, 1) <= one[0] <= max(high, 1) and one[0] == int(one[0])
    assert inside([id_], np.array([float(low)]), np.array([float(high)]), "employees")[0] == one[0]


@given(st.integers(1, 2000))
@settings(max_examples=50, deadline=None)
def test_a_draw_of_an_open_class_lies_in_its_tail(low):
    drawn = inside([str(k) for k in range(50)], np.full(50, float(low)), np.full(50, np.inf), "employees")
    assert drawn.min() >= low and drawn.max() <= ENDS * low


def test_draws_spread_over_their_class():
    ids = [str(k) for k in range(4000)]
    drawn = inside(ids, np.full(4000, 10.0), np.full(4000, 49.0), "employees")
    assert set(drawn) == set(range(10, 50)) and np.median(drawn) == pytest.approx(np.sqrt(9.5 * 49.5), abs=1.5)
    tail = inside(ids, np.full(4000, 250.0), np.full(4000, np.inf), "employees")
    assert np.median(tail) == pytest.approx(250 * (1 - 0.5 * (1 - ENDS**-1.06)) ** (-1 / 1.06), rel=0.06)


@pytest.mark.parametrize(
    ("classes", "tractors"),
    [(["251 y más personas", "0 a 5 personas"], 1), (["e. 500+", "a. 1-9"], 1), ([">=50", "0-2"], None),
     (["100 o más", "1 a 4"], None),
     (["250 a 999", "20-49"], 1), (["10 a 49", "1 a 9"], 0)],
)  # fmt: skip
def test_firms_stand_inside_their_classes(tmp_path, classes, tractors):
    rows = "".join(f"F{k};C1520;{classes[k % 2]}\n" for k in range(20))
    (tmp_path / "f.csv").write_text("id;actividad;personal_ocupado\n" + rows)
    found = build(tmp_path / "f.csv")
    for k, size in enumerate(found.table["employees"].tolist()):
        low, high, _unit = bounds(classes[k % 2])
        assert max(low, 1) <= size <= max(high, 1)
    assert found.register.doubts == [] and found.register.decisions["classes_employees"] == "20"
    assert notes(found.register)["in_class"] == 20
    if tractors is not None:
        assert found.table["tractor"].sum() == 10 * tractors


def test_the_draw_of_a_firm_does_not_depend_on_others(read):
    few = read("id;empleados\nA;10 a 49\nB;250+\n")
    many = read("id;empleados\nZ;3\nB;250+\nA;10 a 49\nC;7\n")
    assert (
        dict(zip(few.texts["id"], few.values["employees"], strict=True)).items()
        <= dict(zip(many.texts["id"], many.values["employees"], strict=True)).items()
    )


def test_sales_may_stand_in_brackets(read):
    register = read("id;ventas\nA;De 100.000 a 200.000 USD\nB;más de 1.000.000 USD\nC;USD 5.000\n")
    a, b, c = values(register, "sales")
    assert 100 <= a <= 200 and 1000 <= b <= 1000 * ENDS and c == 5.0


# --- rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "alive", "gone"),
    [("estado", "ACTIVO", "CANCELADO"), ("Estado del contribuyente", "ACTIVO", "BAJA DE OFICIO"),
     ("CompanyStatus", "Active", "Dissolved"),
     ("situacion", "Vigente", "En liquidación"), ("Situação cadastral", "ATIVA", "BAIXADA"),
     ("estado_matricula", "ACTIVA", "SUSPENDIDA")],
)  # fmt: skip
def test_closed_firms_are_left_out_by_name_and_count(read, heading, alive, gone):
    text = f"id,{heading},empleados\nA,{alive},3\nB,{gone},400\nC,{alive},5\n"
    register = read(text)
    assert register.texts["id"][register.used].tolist() == ["A", "C"] and notes(register) == {"closed": 1}
    assert register.notes.example("closed", "status") == gone and register.doubts == []
    assert read(text, closed="keep").used.all()


def test_an_end_that_has_come_closes_a_firm(read):
    text = "id,fecha_cese,empleados\nA,,3\nB,2018-12-31,4\nC,2999-12-31,5\nD,31/12/2018,6\nE,9999-12-31,7\nF,pronto,8\n"
    register = read(text)
    assert register.texts["id"][register.used].tolist() == ["A", "C", "E", "F"] and notes(register) == {
        "closed": 2,
        "not_date": 1,
    }


def test_unknown_words_of_status_are_a_doubt_and_a_state_is_no_status(read):
    register = read("id,estado,empleados\nA,ACTIVO,3\nB,RARO,4\n")
    assert codes(register) == ["status"] and register.used.all() and "'RARO'" in register.doubts[0].found
    assert codes(read("id,estado,empleados\nA,ACTIVO,3\nB,RARO,4\n", closed="leave_out")) == []
    register = read("id,estado,empleados\nA,Guanajuato,3\nB,Jalisco,4\n")
    assert register.doubts == [] and "estado" in register.header.unused


def test_of_several_years_the_latest_is_read_and_asked_for(read):
    text = "RUT\tAño comercial\tactividad\ttrabajadores\n" + "".join(
        f"{id_}\t{year}\tC1520\t{size + year - 2022}\n" for id_, size in (("1", 300), ("2", 7)) for year in (2023, 2024)
    )
    register = read(text)
    assert values(register, "employees").tolist() == [302.0, 9.0] and codes(register) == ["panel"] and register.start_year == 2025
    register = read(text, year=2023)
    assert values(register, "employees").tolist() == [301.0, 8.0] and codes(register) == [] and register.start_year == 2024
    with pytest.raises(InputError, match="Its years: 2024, 2023"):
        read(text, year=2020)


ESTABLISHMENTS = "cuit,sucursal,municipio,empleados\n1,1,Quero,3\n1,2,Ambato,40\n2,1,Quero,5\n"


def test_establishments_are_added_up_where_the_largest_stands(read):
    register = read(ESTABLISHMENTS)
    assert codes(register) == ["establishments"] and values(register, "employees").tolist() == [43.0, 5.0]
    assert register.texts["municipality"][register.used].tolist() == ["Ambato", "Quero"]
    assert notes(register) == {"joins": 1, "joined": 1}
    assert codes(read(ESTABLISHMENTS, establishments="sum")) == []
    register = read(ESTABLISHMENTS, establishments="each")
    assert register.used.sum() == 3 and len(set(register.texts["id"])) == 3 and register.doubts == []


def test_shares_of_establishments_are_weighed_by_their_sales(read):
    text = "cuit,sucursal,empleados,ventas,export_share\n1,1,9,100000,0.5\n1,2,3,300000,0.1\n2,1,5,80000,0.4\n2,2,1,,0.4\n"
    register = read(text, establishments="sum")
    assert values(register, "exports") == pytest.approx([80.0, 32.0])


def test_a_sum_of_which_a_part_is_not_told_says_so(read):
    register = read("cuit,sucursal,empleados,ventas\n1,1,9,\n1,2,,5000\n2,1,5,900\n2,2,4,300\n", establishments="sum")
    assert values(register, "employees").tolist() == [9.0, 9.0]
    told = {column: rows for (code, column), rows in register.notes.count().items() if code == "partly"}
    assert told == {"employees": 1, "sales": 1}
    assert values(register, "sales").tolist() == [5.0, 1.2]


def test_classes_of_establishments_are_added_up_by_their_bounds(read):
    register = read("cuit,sucursal,empleo\n1,1,d. 200-499\n1,2,c. 50-199\n2,1,a. 1-9\n", establishments="sum")
    assert 250 <= values(register, "employees")[0] <= 698 and values(register, "tractor").tolist() == [1.0, 0.0]


def test_a_total_that_each_row_of_a_firm_repeats_counts_once(read):
    register = read("nit,establecimiento,empleados\n1,1,90\n1,2,90\n2,1,40\n2,2,40\n3,1,5\n", establishments="sum")
    assert values(register, "employees").tolist() == [90.0, 40.0, 5.0]


def test_the_same_row_twice_is_one_firm(read):
    register = read("id,empleados\nA,3\nB,4\nA,3\n")
    assert values(register, "employees").tolist() == [3.0, 4.0] and notes(register) == {"duplicate": 1}
    with pytest.raises(InputError, match="stands in lines 2 and 4"):
        read("id,empleados\nA,3\nB,4\nA,5\n")


def test_a_firm_as_large_as_all_others_may_be_a_total(read):
    text = "id,empleados\nA,3\nB,4\nC,5\nD,6\nGRANDE SA,18\n"
    register = read(text)
    assert codes(register) == ["total"] and register.used.all()
    assert read(text, total="leave_out").used.sum() == 4 and read(text, total="keep").used.all()


def test_ids_keep_their_zeros_and_lose_the_point_of_a_float(read):
    assert read("ruc,empleados\n0102260858001,3\n0112260858001,4\n").texts["id"].tolist() == ["0102260858001", "0112260858001"]
    assert read("ruc,empleados\n102260858001.0,3\n112260858001.0,4\n").texts["id"].tolist() == ["102260858001", "112260858001"]


def test_ids_that_a_spreadsheet_changed_are_told(read):
    register = read("ruc,empleados\n" + "".join(f"0{k:09d},3\n" for k in range(20)) + "777777777,4\n")
    assert notes(register) == {"short_id": 1} and register.notes.example("short_id", "id") == "777777777"
    register = read("ruc,empleados\n" + "".join(f"179{k:010d},3\n" for k in range(20)) + "1790000077777.0,4\n")
    assert notes(register) == {"id_float": 1} and register.texts["id"][-1] == "1790000077777"
    assert notes(read("ruc,empleados\n1790000000001,3\n1.79E+12,4\n")) == {"rounded_id": 1}


# --- places -------------------------------------------------------------------------------------------------------

NORTH = -1.3 + 0.05 * np.sin(np.arange(20.0))
EAST = -78.6 + 0.05 * np.cos(1.7 * np.arange(20.0))


def places(read, headings, first, second, id_="id", **asked):
    rows = "".join(f"F{k},5,{a!r},{b!r}\n" for k, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)))
    return read(f"{id_},empleados,{headings}\n{rows}", **asked)


def near(register, north=NORTH, east=EAST):
    np.testing.assert_allclose(values(register, "latitude"), north, atol=1e-6)
    np.testing.assert_allclose(values(register, "longitude"), east, atol=1e-6)
    return True


@pytest.mark.parametrize("headings", ["X,Y", "Coordenada - X,Coordenada - Y", "este,norte"])
def test_x_and_y_that_look_like_degrees_are_degrees(read, headings):
    register = places(read, headings, EAST, NORTH)
    assert near(register) and register.doubts == [] and register.decisions["coordinates"] == "degrees"


def test_kilometres_stay_kilometres(read):
    for headings in ("x_km,y_km", "x,y"):
        register = places(read, headings, 60.0 * (EAST + 78.6), 60.0 * (NORTH + 1.3))
        assert not np.isnan(values(register, "x")).any() and register.doubts == []


def test_metres_of_a_plane_are_projected_or_asked_about(read):
    pyproj = pytest.importorskip("pyproj")
    east, north = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32717", always_xy=True).transform(EAST, NORTH)
    assert near(places(read, "utm_x,utm_y", east, north, crs="EPSG:32717"))
    for headings, first, second in (("X,Y", east, north), ("latitud,longitud", north, east)):
        register = places(read, headings, first, second)
        assert codes(register) == ["coordinates"]
        assert np.ptp(values(register, "x")) == pytest.approx(np.ptp(east) / 1000.0)
    with pytest.raises(InputError, match="not a plane that is known"):
        places(read, "X,Y", east, north, crs="EPSG:99999")


@pytest.mark.parametrize(
    ("id_", "north", "east"), [("id", NORTH, EAST), ("rfc", NORTH + 22.4, EAST - 23.0), ("nif", NORTH + 41.0, EAST + 76.0)]
)
def test_exchanged_columns_are_a_doubt(read, id_, north, east):
    register = places(read, "latitud,longitud", east, north, id_)
    assert near(register, north, east) and codes(register) == ["coordinates"]
    assert near(places(read, "latitud,longitud", east, north, id_, swapped=True), north, east)
    assert codes(places(read, "latitud,longitud", east, north, id_, swapped=True)) == []
    assert codes(places(read, "latitud,longitud", north, east, id_)) == []


def test_a_lost_sign_is_told(tmp_path, read):
    north = NORTH.copy()
    north[:4] *= -1.0
    places(read, "latitud,longitud", north, EAST)
    found = build(tmp_path / "firms.csv")
    assert notes(found.register) == {"mirrored": 4} and np.isnan(found.table["x"][:4]).all()
    assert found.territories["firms"].radius < 15
    register = places(read, "latitud,longitud", NORTH + 22.4, 23.0 - EAST, "rfc")
    assert codes(register) == ["coordinates"] and near(register, NORTH + 22.4, EAST - 23.0)


def test_a_place_of_its_own_is_told(tmp_path, read):
    north = NORTH.copy()
    north[0], north[1] = 0.0, north[1] - 1.0
    places(read, "latitud,longitud", north, EAST)
    found = build(tmp_path / "firms.csv")
    assert notes(found.register) == {"no_place": 1, "apart": 1}
    assert found.register.notes.example("apart", "") == pytest.approx(111, abs=8)
    assert np.isnan(found.table["x"][0]) and not np.isnan(found.table["x"][1])


# --- activities ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["C1520", "C15.20", "1520", "15.20", "c1520", "C 1520", "152000", "C1520.01", "C1520-00"])
def test_codes_match_a_map_by_their_digits(code):
    chart = ActivityMap({}, {"c1520": ("calzado", ""), "15": ("cuero", "")})
    assert chart.find(code) == ("calzado", "")
    assert chart.find("1511") == ("cuero", "") and chart.find("G4711") is None and chart.find("calzado") is None


def test_a_lost_zero_of_a_code_is_given_back(read):
    assert ActivityMap({"0113": ("papas", "")}, {}).find("113") == ("papas", "")
    register = read("id,ciiu\nA,113\nB,1520\nC,1511\nD,141\n", ("id", "activity"))
    assert register.texts["activity"].tolist() == ["0113", "1520", "1511", "0141"]
    assert register.decisions["activity_zeros"] == "2: 113 = 0113" and register.decisions["activity_scheme"] == "CIIU"
    for kept in (["152", "1520"], ["141", "1410"], ["152", "1410"], ["0113", "141"]):
        register = read("id,ciiu\n" + "".join(f"{k},{code}\n" for k, code in enumerate(kept)), ("id", "activity"))
        assert register.texts["activity"].tolist() == kept, "groups stand beside classes"


def test_a_code_without_its_letter_is_the_same_code(read):
    register = read("id,ciiu\nA,C1520\nB,C1520\nC,1520\nD,C15.20\nE,C1511\n")
    assert register.texts["activity"].tolist() == ["C1520"] * 4 + ["C1511"] and notes(register) == {"respelt": 2}


def test_texts_behind_codes_are_left(read):
    register = read("id,actividad\nA,1520 - Fabricación de calzado\nB,1511 - Curtido\nC,1520 - Fabricación de calzado\n")
    assert register.texts["activity"].tolist() == ["1520", "1511", "1520"]


@pytest.mark.parametrize(
    ("code", "scheme", "en", "es"),
    [("C1410", "ISIC", "clothing", "prendas de vestir"), ("15.20", "NACE", "leather and footwear", "cuero y calzado"),
     ("316211", "SCIAN", "leather and footwear", "cuero y calzado"),
     ("0113", "CIIU", "crops and livestock", "agricultura y ganadería"),
     ("calzado", "", "", ""), ("9800", "SCIAN", "", "")],
)  # fmt: skip
def test_divisions_have_names_in_both_languages(code, scheme, en, es):
    assert (activity_name(code, scheme, "en"), activity_name(code, scheme, "es")) == (en, es)


@given(st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_digits_of_anything_are_digits(text):
    assert digits(text) == "" or digits(text).isdecimal()


def test_a_map_that_fits_partly_says_what_it_leaves(tmp_path):
    (tmp_path / "f.csv").write_text("id,ciiu,empleados\nA,C1520,3\nB,G4711,4\nC,G4711,5\nD,H4923,6\n")
    (tmp_path / "m.csv").write_text("activity,segment\nC15*,calzado\n")
    found = build(tmp_path / "f.csv", activity_map=tmp_path / "m.csv")
    assert found.register.decisions["map_leaves"] == "3 / 4: G4711 (2), H4923 (1)"
    assert read_map(tmp_path / "m.csv").find("1520") == ("calzado", "")


# --- what is asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"currency": "euro"}, "three capital letters"), ({"rate": -1.0}, "above 0"),
     ({"rate": 2.0, "currency": "USD"}, "needs no rate"),
     ({"closed": "kept"}, "Did you mean 'keep'"), ({"crs": "utm"}, "EPSG:32717"),
     ({"money": "kusd", "currency": "MXN"}, "say one of them"),
     ({"register": "deneu"}, "Did you mean 'denue'"), ({"shares": "x"}, "Allowed: percent, fraction")],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence(read, asked, said):
    with pytest.raises(InputError, match=said):
        read("id,empleados\nA,3\n", **asked)
