"""Tables in the forms in which offices hand them out: the same firms come out of each, and what is no firm is named."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clustersim.core.errors import InputError
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import COLUMNS, MAP_COLUMNS, TIE_COLUMNS
from clustersim.scenario.registers.forms import workbooks
from clustersim.scenario.registers.forms.cells import text
from clustersim.scenario.registers.forms.source import COLUMNS_MOST, Known
from clustersim.scenario.registers.register import read_register
from clustersim.scenario.registers.sheet import read_sheet
from form_cases import Styled, archive, compound, ods, xls, xlsb, xlsx

HEADINGS = ["id", "razón social", "municipio", "empleados", "ventas"]
FIRMS = [
    ["0102", "Añil S.A.", "Ambato", "12", "1500.5"], ["0103", "Muñoz, García e Hijos", "Píllaro", "", "0"],
    ["0104", "El «Ñandú»", "Baños", "340", "22000"],
]  # fmt: skip
NUMBERS = [[*row[:3], *(float(cell) if cell else None for cell in row[3:])] for row in FIRMS]


@pytest.fixture
def read(tmp_path):
    """Write a file, and read it as a table."""

    def _read(content, name="f.csv", columns=COLUMNS, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_sheet(path, columns, **options)

    return _read


def rows_of(sheet):
    """Return the rows of a sheet as lists of text."""
    return [list(row) for row in zip(*(sheet.cells[k].tolist() for k in sorted(sheet.cells)), strict=True)]


def joined(separator, end="\r\n", rows=FIRMS, headings=HEADINGS):
    """Return a table as text, quoted where it must be."""

    def cell(said):
        return f'"{said}"' if separator in said else said

    return end.join(separator.join(map(cell, row)) for row in [headings, *rows]) + end


# --- text ---------------------------------------------------------------------------------------------------------

CODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Latin-1", "latin-1": "Latin-1", "cp850": "CP850",
           "mac_roman": "Mac Roman", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
           "utf-32": "UTF-32"}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("coding", CODINGS)
def test_every_dialect_of_text_gives_the_same_rows(read, coding, separator, end):
    sheet = read(joined(separator, end).encode(coding))
    assert (sheet.form, sheet.encoding, sheet.separator, sheet.decimal) == ("CSV", CODINGS[coding], separator, None)
    assert sheet.headings == HEADINGS and rows_of(sheet) == FIRMS and sheet.lines.tolist() == [2, 3, 4]
    assert not sheet.asides and not sheet.blank and not sheet.too_long.any() and not sheet.too_short.any()


WORDS = {
    "es": "Confección Cañería Núñez Peñaloza Azogues Riobamba Cía Cordonería Tacón Suelas Échale Índice Órbita Único Álamo Güell "
          "José María Ibáñez Logística Química Añejo Montañés Bolívar Zúñiga Azucar Cuenca Latacunga Tulcán Piñón".split(),
    "pt": "Confecções Calçados João Conceição Irmãos Três Pontes Indústria Comércio Mecânica Construção Açúcar Goiás Avô Câmara "
          "Pães Fundição Importações Belém Sapatão Coração Bênção Ótica Água Mineração Itajaí Eletrônica Usina".split(),
}  # fmt: skip


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("coding", CODINGS)
def test_code_pages_are_told_apart_by_words(read, coding, language):
    """Few accents or many, small letters or capitals, 30 rows to 1,000: never a wrong letter."""
    draw = random.Random(f"{coding} {language}")
    bare = [word for word in WORDS[language] if word.isascii()]
    for case in range(12):
        often, style = draw.choice((1.0, 0.2, 0.05)), draw.choice((str, str.upper, str.lower, str.title))
        rows = [[f"{k}", *(style(draw.choice(WORDS[language] if draw.random() < often else bare)) for _ in range(3)), "7"]
                for k in range(draw.choice((30, 30, 100, 1000)))]  # fmt: skip
        rows[0][1] = style(WORDS[language][0])  # at least one accent
        headings = draw.choice((HEADINGS, ["ruc", "nombre", "canton", "empleados", "ventas"]))
        sheet = read(joined(";", rows=rows, headings=headings).encode(coding))
        assert (sheet.encoding, sheet.headings) == (CODINGS[coding], headings), (case, style, often)
        assert rows_of(sheet) == [[f"{cell}" for cell in row] for row in rows], (case, style, often)


def test_text_of_two_code_pages_is_read_by_both(read):
    content = joined(";").encode() + "0105;Peña Vda. e Hijos;Baños;3;1\r\n".encode("cp1252")
    sheet = read(content)
    assert sheet.encoding == "UTF-8 + Latin-1" and rows_of(sheet) == [*FIRMS, ["0105", "Peña Vda. e Hijos", "Baños", "3", "1"]]


@pytest.mark.parametrize("end", ["\x85", "\r\n\x85", "\n"], ids=["nel", "both", "mixed"])
def test_line_ends_of_mainframes(read, end):
    text_ = "id;empleados\nA;3" + end + "B;4\r\nC;5\x85D;6\n"
    for coding in ("utf-8", "latin-1"):
        assert rows_of(read(text_.encode(coding))) == [["A", "3"], ["B", "4"], ["C", "5"], ["D", "6"]], coding


def test_dots_in_a_name_end_no_line(read):
    assert rows_of(read("id;name\nA;Uno…\nB;Dos… y más\n".encode("cp1252"))) == [["A", "Uno…"], ["B", "Dos… y más"]]


@pytest.mark.parametrize(
    "content",
    [
        '"id","name","empleados"\n"1","Taller \\"Uno, Dos\\"",\\N\n"2","C:\\\\temp",7\n',
        '"id"\t"name"\t"empleados"\n"1"\t"Taller \\"Uno, Dos\\""\t\\N\n"2"\t"C:\\\\temp"\t7\n',
    ],
)
def test_backslashes_as_databases_write_them(read, content):
    assert rows_of(read(content)) == [["1", 'Taller "Uno, Dos"', ""], ["2", "C:\\temp", "7"]]


def test_backslashes_as_people_write_them_stay(read):
    assert rows_of(read('id,name\n1,C:\\new\n2,"a ""b"" \\N c"\n')) == [["1", "C:\\new"], ["2", 'a "b" \\N c']]


def test_a_backslash_far_down_decides_as_well(read):
    rows = "".join(f'"{k}","Taller {k}","7"\n' for k in range(60_000))
    sheet = read('"id","name","empleados"\n' + rows + '"x","El \\"Rey\\", S.A.","8"\n')
    assert rows_of(sheet)[-1] == ["x", 'El "Rey", S.A.', "8"] and not sheet.too_long.any()


def test_the_separator_may_be_said(read):
    sheet = read("sep=;\nid;empleados;ventas\nA;1,5;2,5\n")
    assert sheet.separator == ";" and rows_of(sheet) == [["A", "1,5", "2,5"]] and sheet.lines.tolist() == [3]


def test_a_separator_inside_texts_does_not_win(read):
    rows = "".join(f"{k}|Fabricación de calzado; cuero; suela, y más, aún más; {k}|{k + 1}\n" for k in range(40))
    sheet = read("NUMERO_RUC|ACTIVIDAD|EMPLEADOS\n" + rows)
    assert sheet.separator == "|" and len(sheet.headings) == 3 and len(sheet) == 40


def test_only_wanted_columns_are_held_and_all_have_samples(read):
    asked = []

    def keep(headings, units):
        asked.append((headings, units))
        return {3}

    sheet = read(joined(";"), keep=keep)
    assert asked == [(HEADINGS, [""] * 5)] and list(sheet.cells) == [3] and sheet.cells[3].tolist() == ["12", "", "340"]
    assert sheet.samples == {0: ["0102", "0103", "0104"], 1: [row[1] for row in FIRMS], 2: [row[2] for row in FIRMS],
                             3: ["12", "340"], 4: ["1500.5", "0", "22000"]}  # fmt: skip


def test_a_file_is_read_in_parts(tmp_path):
    """Memory grows with what is kept, not with the file."""
    path, most = tmp_path / "long.csv", {}
    with path.open("w", encoding="cp1252") as stream:
        stream.write("id;empleados;texto\n")
        for k in range(4_000):
            stream.write(f"{k};7;León {k} " + "x" * 5_000 + "\n")
    for name, keep in (("one", lambda headings, units: [1]), ("all", None)):
        tracemalloc.start()
        assert len(read_sheet(path, COLUMNS, keep=keep)) == 4_000
        most[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert most["one"] < most["all"] / 2


# --- lines that are no firm -----------------------------------------------------------------------------------------


def kinds(sheet):
    """Return line and kind of each line that is no firm."""
    return [(found.line, found.kind) for found in sheet.asides]


def test_titles_units_headings_totals_and_notes_are_named(read):
    sheet = read(
        "Directorio de empresas 2024;;;\n;;;\nProvincia de Tungurahua;;;\nRUC;Cantón;Personal;Ventas\n;;(personas);miles de USD\n"
        "01;Ambato;12;100,5\n02;Ambato;3;20\nSubtotal Ambato;;15;120,5\nRUC;Cantón;Personal;Ventas\n;;(personas);miles de USD\n"
        "03;Píllaro;5;10\n04;Píllaro;6;\nSubtotal Píllaro;;11;10\n;TOTAL GENERAL;26;130,5\n;;;\n"
        "Fuente: oficina inventada;;;\n* datos preliminares;;;\nNota: las ventas, en miles; sin IVA;y sin más\n"
    )
    assert rows_of(sheet) == [["01", "Ambato", "12", "100,5"], ["02", "Ambato", "3", "20"], ["03", "Píllaro", "5", "10"],
                              ["04", "Píllaro", "6", ""]]  # fmt: skip
    assert kinds(sheet) == [(1, "title"), (3, "title"), (5, "units"), (8, "total"), (9, "heading"), (10, "units"), (13, "total"),
                            (14, "total"), (16, "note"), (17, "note"), (18, "note")]  # fmt: skip
    assert sheet.units == ["", "", "(personas)", "miles de USD"] and sheet.lines.tolist() == [6, 7, 11, 12]
    assert sheet.asides[0].text == "Directorio de empresas 2024" and sheet.blank == [15]


TABLE = "id,nombre,actividad,empleados,ventas\n" + "".join(
    f"17{k:03d},Taller {k},C15,{k + 3},{100 * k + 51.5}\n" for k in range(9)
)
JOBS, SALES = sum(range(3, 12)), sum(100 * k + 51.5 for k in range(9))


@pytest.mark.parametrize(
    "row",
    [
        f"TOTAL,,,{JOBS},{SALES}", f",TOTAL,,{JOBS},{SALES}", f",Total general,,{JOBS},{SALES}", f"Suma,,,{JOBS},",
        f",,Total,{JOBS},{SALES}", f"99999,TOTAL NACIONAL,,{JOBS},{SALES}", f"Total empresas: 9,,,{JOBS},{SALES}",
        f"Gran total,,,{JOBS},", f",,,{JOBS},{SALES}", f"99999,Tungurahua,C15,{JOBS},{SALES}", ",Total,,999,",
        "TOTAL,Todas,Todas las actividades,999,1", f",Totales,,\"{JOBS}\",{round(SALES)}", f"9,Total Tungurahua,C15,{JOBS},",
    ],
)  # fmt: skip
@pytest.mark.parametrize("top", [False, True])
def test_a_total_is_no_firm(read, row, top):
    heading, _, rest = TABLE.partition("\n")
    sheet = read(f"{heading}\n{row}\n{rest}" if top else f"{TABLE}{row}\n")
    assert len(sheet) == 9 and [found.kind for found in sheet.asides] == ["total"]
    assert sum(map(int, sheet.cells[3])) == JOBS and sheet.asides[0].line == (2 if top else 11)


@pytest.mark.parametrize(
    "row",
    [
        "17100,TOTAL PLAST S.A.,C22,45,900", "17100,Total S.A.,C19,45,900", "17100,Total,C19,45,900", "17100,TOTALGAS,C19,45,900",
        "17100,Suma Ltda.,C19,45,900", "17100,Sumak Wasi,C19,45,", "17100,Subtotal Cía. Ltda.,C19,45,", "17100,Total Plast,,45,",
        "17100,Fuente de Vida S.A.,C11,45,", "17100,Nota Musical,C32,45,900", "17100,,,45,", "17100,Notaría 3: Ambato,M69,45,",
        "TOTAL PLAST S.A.,,,45,", "17100,Calzado Total,C15,45,900",
    ],
)  # fmt: skip
def test_a_firm_called_total_is_a_firm(read, row):
    sheet = read(f"{TABLE}{row}\n")
    assert len(sheet) == 10 and not sheet.asides


def test_a_firm_called_total_stands_beside_the_total(read):
    sheet = read(f"{TABLE}17100,Total S.A.,C19,45,900\n,TOTAL,,{JOBS + 45},{SALES + 900}\n")
    assert len(sheet) == 10 and rows_of(sheet)[-1][1] == "Total S.A." and kinds(sheet) == [(12, "total")]


def test_firms_of_which_only_the_id_is_known_stay(read):
    assert len(read("id,empleados,ventas\nA,,\nB,3,\nC,,\n")) == 3
    assert len(read("id,certified\nA,sí\nB,no\n")) == 2
    assert len(read("id;empleados\nK;7\nUSA;3\n")) == 2


def test_maps_and_ties_have_no_totals(read):
    assert len(read("actividad;segmento\n1520;total\ntotal;1520\n", columns=MAP_COLUMNS)) == 2
    assert len(read("a,b,trust\nTOTAL,P1,1\nP1,P2,1\n", columns=TIE_COLUMNS)) == 2


def test_the_headings_may_stand_below_titles_with_several_cells(read):
    sheet = read("Empresas,,2024\nOficina,inventada,\nid,municipio,empleados\nA,Ambato,3\n")
    assert sheet.headings == ["id", "municipio", "empleados"] and kinds(sheet) == [(1, "title"), (2, "title")]


def test_failed_formulas_count_as_empty_and_are_named(read):
    sheet = read("id;empleados;actividad\nA;#N/D;C15\nB;#¡REF!;#DIV/0!\nC;3;#1\n")
    assert rows_of(sheet) == [["A", "", "C15"], ["B", "", ""], ["C", "3", "#1"]]
    assert sorted(sheet.broken) == [(0, 1, "#N/D"), (1, 1, "#¡REF!"), (1, 2, "#DIV/0!")]
    notes = read_register(Path(sheet.file)).notes
    assert notes.count()["broken", "employees"] == 2 and notes.example("broken", "activity") == "#DIV/0!"


# --- workbooks and others -------------------------------------------------------------------------------------------


def html(rows):
    """Return a web page with a table."""
    body = "".join("<tr>" + "".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table border=1>{body}</table></body></html>"


def excel_2003(rows):
    """Return a workbook in Excel's XML of 2003."""

    def cell(value):
        kind = "Number" if isinstance(value, float) else "String"
        return "<Cell/>" if value is None else f'<Cell><Data ss:Type="{kind}">{text(value)}</Data></Cell>'

    body = "".join("<Row>" + "".join(map(cell, row)) + "</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="Hoja1"><Table>{body}</Table>'
            "</Worksheet></Workbook>")  # fmt: skip


def frame(rows):
    """Return rows as a table of pandas."""
    return pd.DataFrame(rows, columns=["id", "razon_social", "municipio", "empleados", "ventas"])


def stata(rows):
    """Return a file of Stata."""
    stream = io.BytesIO()
    frame(rows).to_stata(stream, write_index=False, version=118)
    return stream.getvalue()


def parquet(rows):
    """Return a Parquet file."""
    stream = io.BytesIO()
    frame(rows).to_parquet(stream)
    return stream.getvalue()


def objects(rows):
    """Return rows as mappings."""
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows]


def geojson(rows):
    """Return rows as features."""
    features = [{"type": "Feature", "properties": one, "geometry": {"type": "Point", "coordinates": [-78.5, -1.25]}}
                for one in objects(rows)]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features})


MADE = {
    "XLSX": lambda: xlsx({"Hoja1": [HEADINGS, *NUMBERS]}), "XLSB": lambda: xlsb([HEADINGS, *NUMBERS]),
    "XLS": lambda: xls([HEADINGS, *NUMBERS]), "ODS": lambda: ods([HEADINGS, *NUMBERS]), "HTML": lambda: html([HEADINGS, *FIRMS]),
    "XLS as XML": lambda: excel_2003([HEADINGS, *NUMBERS]), "Stata": lambda: stata(NUMBERS), "Parquet": lambda: parquet(NUMBERS),
    "JSON": lambda: json.dumps(objects(NUMBERS)), "JSON under a key": lambda: json.dumps({"n": 3, "data": objects(NUMBERS)}),
    "JSON of rows": lambda: json.dumps([HEADINGS, *NUMBERS]),
    "JSON by lines": lambda: "\n".join(map(json.dumps, objects(NUMBERS))),
    "GeoJSON": lambda: geojson(NUMBERS), "CSV": lambda: joined(",").encode("cp850"),
}  # fmt: skip


@pytest.mark.parametrize("packed", ["", "zip", "gz"])
@pytest.mark.parametrize("form", MADE)
@pytest.mark.parametrize("name", ["f.xls", "f.csv", "f"])
def test_every_form_gives_the_same_firms_whatever_its_name(read, form, packed, name):
    content = MADE[form]()
    content = content if isinstance(content, bytes) else content.encode()
    content = archive({"inside.dat": content}) if packed == "zip" else gzip.compress(content) if packed == "gz" else content
    sheet = read(content, name)
    assert sheet.form == form.split()[0] and sheet.decimal == (None if form in ("CSV", "HTML") else "point")
    assert [row[:5] for row in rows_of(sheet)] == FIRMS and not sheet.asides and not sheet.tables
    assert [heading.replace("_", " ").replace("ó", "o") for heading in sheet.headings[:5]] == [
        h.replace("ó", "o") for h in HEADINGS
    ]
    if form == "GeoJSON":
        assert sheet.headings[5:] == ["longitude", "latitude"] and rows_of(sheet)[0][5:] == ["-78.5", "-1.25"]


@pytest.mark.parametrize("form", ["XLSX", "XLSB", "XLS", "ODS", "HTML"])
def test_totals_and_notes_are_named_in_every_form(read, form):
    make = {"XLSX": lambda rows: xlsx({"H": rows}), "XLSB": xlsb, "XLS": xls, "ODS": ods, "HTML": html}[form]
    rows = [["Directorio 2024"], ["id", "actividad", "empleados"], ["A", "C15", 3.0], ["B", "C15", 4.0], ["TOTAL", "", 7.0],
            ["Fuente: oficina"]]  # fmt: skip
    sheet = read(make([row + [""] * (3 - len(row)) for row in rows]))
    assert rows_of(sheet) in ([["A", "C15", "3"], ["B", "C15", "4"]], [["A", "C15", "3.0"], ["B", "C15", "4.0"]])
    assert kinds(sheet) == [(1, "title"), (5, "total"), (6, "note")]


def test_of_several_sheets_the_one_with_known_headings_is_read_and_the_others_named(read):
    book = xlsx(
        {"Léame": [["Notas"], ["de la oficina", "inventada"]], "Firmas": [HEADINGS, *NUMBERS], "Otra": [["x", "y"], [1, 2]]}
    )
    sheet = read(book, "f.xlsx")
    assert (sheet.table, sheet.tables) == ("Firmas", ["Léame", "Otra"]) and rows_of(sheet) == FIRMS
    assert rows_of(read(book, "f.xlsx", table="otra")) == [["1", "2"]]
    with pytest.raises(InputError, match="has no table 'Firma'") as refused:
        read(book, "f.xlsx", table="Firma")
    assert "Firmas" in refused.value.hint


def test_of_several_members_of_an_archive_as_well(read):
    packed = archive(
        {"leame.txt": "Datos de la oficina", "__MACOSX/._a.csv": "x", "d/firmas.csv": joined(";"), "otra.csv": "x;y\n1;2\n"}
    )
    sheet = read(packed, "f.zip")
    assert (sheet.table, sheet.tables) == ("d/firmas.csv", ["leame.txt", "otra.csv"]) and rows_of(sheet) == FIRMS
    assert rows_of(read(packed, "f.zip", table="otra.csv")) == [["1", "2"]]
    book = archive({"libro.xlsx": xlsx({"Léame": [["a", "b"], ["c", "d"]], "Firmas": [HEADINGS, *NUMBERS]})})
    assert rows_of(read(book, "f.zip")) == FIRMS and read(book, "f.zip", table="Léame").headings == ["a", "b"]


def test_formats_and_failed_cells_of_a_workbook_are_not_lost(read):
    rows = [["id", "ventas", "exporta", "empleados"], ["A", Styled(1234.5, 1), Styled(0.35, 2), "#N/A"],
            ["B", Styled(99.0, 1), Styled(0.125, 2), 3]]  # fmt: skip
    sheet = read(xlsx({"H": rows}, formats=['#,##0.00\\ "€"', "0.0%"]), "f.xlsx")
    assert rows_of(sheet) == [["A", "1234.5", "35%", ""], ["B", "99", "12.5%", "3"]]
    assert sheet.units == ["", "€", "", ""] and sheet.broken == [(0, 3, "#N/A")]
    sheet = read(xlsx({"H": rows}, formats=["[$MXN] #,##0", "0%"]), "f.xlsx")
    assert sheet.units[1] == "MXN"


def test_zeros_that_a_format_shows_are_part_of_a_code(read):
    rows = [["ruc", "ciiu", "empleados"], [Styled(990001, 1), Styled(111, 2), 3], [Styled(1790000000001, 1), Styled(1520, 2), 4],
            ["x", Styled(2.5, 2), Styled(7, 2)]]  # fmt: skip
    sheet = read(xlsx({"H": rows}, formats=["0000000000000", "0000"]), "f.xlsx")
    assert rows_of(sheet) == [["0000000990001", "0111", "3"], ["1790000000001", "1520", "4"], ["x", "2.5", "0007"]]


def test_what_a_workbook_hides_is_told(tmp_path, read):
    book = xlsx({"Vieja": [HEADINGS, *NUMBERS], "Nueva": [HEADINGS, *NUMBERS[:2]]})
    members = {name: zipfile.ZipFile(io.BytesIO(book)).read(name) for name in zipfile.ZipFile(io.BytesIO(book)).namelist()}
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"].replace(b'<row r="3">', b'<row hidden="1" r="3">')
    (tmp_path / "f.xlsx").write_bytes(archive(members))
    register = read_register(tmp_path / "f.xlsx")
    assert register.sheet.table == "Nueva" and "table_hidden" not in register.decisions
    assert register.notes.by_row()[1][0] == ("hidden", "", "") and list(register.notes.by_row()) == [1]
    assert register.used.sum() == 2
    register = read_register(tmp_path / "f.xlsx", Asked(table="Vieja"))
    assert register.decisions["table_hidden"] == "Vieja" and register.used.sum() == len(NUMBERS)


def test_cells_joined_downwards_stand_in_each_row_but_numbers_once(read):
    rows = [["id", "municipio", "empleados"], ["A", "Ambato", 30], ["B", "", ""], ["C", "Baños", 4]]
    sheet = read(xlsx({"H": rows}, joined=["B2:B3", "C2:C3"]), "f.xlsx")
    assert rows_of(sheet) == [["A", "Ambato", "30"], ["B", "Ambato", ""], ["C", "Baños", "4"]]
    page = ("<table><tr><th>id<th>municipio<th>empleados<tr><td>A<td rowspan=2>Ambato<td rowspan=2>30<tr><td>B"
            "<tr><td>C<td>Baños<td>4</table>")  # fmt: skip
    assert rows_of(read(page, "f.xls")) == rows_of(sheet)


def test_a_table_that_does_not_begin_in_the_corner(read):
    rows = [[], [], ["", "", *HEADINGS], *(["", "", *row] for row in NUMBERS)]
    sheet = read(xlsx({"H": rows}), "f.xlsx")
    assert rows_of(sheet) == FIRMS and sheet.lines.tolist() == [4, 5, 6]


def test_text_that_can_be_read_in_two_ways_is_no_number_of_the_form(read):
    rows = [["id", "ventas"], ["A", "1.234"], ["B", 5.5]]
    assert read(xlsx({"H": rows}), "f.xlsx").decimal is None
    assert read(json.dumps([{"id": "A", "ventas": "1.234"}]), "f.json").decimal is None
    assert read(json.dumps([{"id": "A", "ventas": 1.234}]), "f.json").decimal == "point"


def test_numbers_keep_all_their_digits(read):
    document = '[{"id": 1790000000001, "ventas": 0.1000000000000000055, "x": 1e3, "y": 12.0}, {"id": 9007199254740993}]'
    assert rows_of(read(document, "f.json")) == [["1790000000001", "0.1000000000000000055", "1e3", "12"],
                                                 ["9007199254740993", "", "", ""]]  # fmt: skip
    assert text(float("inf")) == text(float("nan")) == "" and text(-0.0) == "0" and text(1e300) == "1e+300"


def test_labels_and_narrow_numbers_of_stata(read):
    table = pd.DataFrame({
        "ruc": ["01", "02", "03"], "tamano": pd.Categorical(["Micro", "Grande", "Micro"]), "empleados": [1.0, np.nan, 3.0],
        "ventas": np.array([1.1, 2.5, 0.3], "float32"), "fecha": pd.to_datetime(["2001-02-03", None, "1999-12-31"]),
    })  # fmt: skip
    stream = io.BytesIO()
    table.to_stata(stream, write_index=False, convert_dates={"fecha": "td"}, variable_labels={"ventas": "Ventas (miles de USD)"})
    sheet = read(stream.getvalue(), "f.dta")
    assert rows_of(sheet) == [["01", "Micro", "1", "1.1", "2001-02-03"], ["02", "Grande", "", "2.5", ""],
                              ["03", "Micro", "3", "0.3", "1999-12-31"]]  # fmt: skip
    assert sheet.units[3] == "Ventas (miles de USD)"


def test_a_projected_map_gives_no_degrees(read):
    document = json.loads(geojson(NUMBERS))
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32717"}}
    assert read(json.dumps(document), "f.geojson").headings[5:] == ["x", "y"]


# --- what cannot be read --------------------------------------------------------------------------------------------


def swollen():
    """Return an archive with a table of 300 MB in some kilobytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.csv", "w") as member:
        member.write(b"id,empleados\n")
        for _ in range(300):
            member.write(b"A,3\n" * 250_000)
    return stream.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"%PDF-1.7\n...", "is a PDF document"),
        (lambda: compound({"WordDocument": b"x"}), "is a document of Microsoft Office"),
        (lambda: archive({"[Content_Types].xml": "x", "word/document.xml": "x"}), "is a text document"),
        (lambda: compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "locked with a password"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "is a picture"),
        (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 50, "is a picture"),
        (lambda: b"$FL2@(#) IBM SPSS STATISTICS" + b"\0" * 50, "is a file of SPSS"),
        (lambda: b"SQLite format 3\0" + b"\0" * 50, "is a database"),
        (lambda: b"\x03\x7c\x01\x02" + b"\0" * 60, "is a dBase table"),
        (lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "is a 7z archive"),
        (lambda: archive({"a.zip": archive({"a.csv": "id,x\n"})}), "archive within an archive"),
        (lambda: archive({}), "without any file"),
        (lambda: b"PK\x03\x04 zip", "workbook or an archive that is damaged"),
        (lambda: xlsx({"H": [HEADINGS, *NUMBERS]})[:-40], "damaged"),
        (lambda: gzip.compress(joined(";").encode())[:-12], "damaged"),
        (lambda: parquet(NUMBERS)[:-9], "is a file of Parquet that cannot be read"),
        (lambda: stata(NUMBERS)[:200], "is a file of Stata that cannot be read"),
        (lambda: "<html><body><p>no</p></body></html>", "web page without a table"),
        (lambda: "<?xml version='1.0'?><rows><row/></rows>", "XML of a kind that is not known"),
        (lambda: f"<?xml version='1.0'?>{ENTITIES}<graphml>&b;</graphml>", "declares entities"),
        (lambda: excel_2003([HEADINGS, *NUMBERS]).replace("<Workbook", f"{ENTITIES}<Workbook"), "declares entities"),
        (lambda: '{"a": [1, 2', "not well-formed JSON"),
        (lambda: "[" * 100_000, "JSON that is nested too deeply"),
        (lambda: '{"a": 1, "b": {"c": []}}', "holds no list of objects"),
        (swollen, "MB into 300 MB or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_in_one_sentence(read, make, said):
    with pytest.raises(InputError) as refused:
        read(make(), "f.xlsx")
    assert said in refused.value.message and "\n" not in refused.value.message


def test_cells_too_far_apart_are_refused_before_they_are_held(read):
    book = xlsx({"H": [HEADINGS, *NUMBERS]})
    with zipfile.ZipFile(io.BytesIO(book)) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    with pytest.raises(InputError, match="so far apart"):
        read(archive(parts), "f.xlsx")


def packed_parquet(columns):
    """Return a Parquet file of columns of Arrow."""
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    return stream.getvalue()


LONG = [f"{'x' * 1_000_000}{k}" for k in range(5)]


def named_often():
    """Return 20,000 numbers of five texts of a million signs."""
    return pa.DictionaryArray.from_arrays(pa.array(np.arange(20_000, dtype=np.int32) % 5), LONG)


def zeros(count):
    """Return so many zeros."""
    return pa.array(np.zeros(count, np.int8))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (lambda: {"id": named_often(), "empleados": zeros(20_000)}, "into 20000 MB or more"),
        (lambda: {"id": pa.ListArray.from_arrays(np.arange(20_001, dtype=np.int32), named_often()), "empleados": zeros(20_000)},
         "into 20000 MB or more"),
        (lambda: {"id": pa.FixedSizeBinaryArray.from_buffers(pa.binary(100_000), 2_000, [None, pa.py_buffer(bytes(200_000_000))]),
                  "empleados": zeros(2_000)}, "into 200 MB or more"),
        (lambda: {"id": zeros(20_000_001), "empleados": zeros(20_000_001)}, "has more than 20000000 rows"),
        (lambda: {"id": zeros(20),
                  "empleados": pa.ListArray.from_arrays(np.arange(21, dtype=np.int32) * 1_100_000, zeros(22_000_000))},
         "has more than 20000000 rows"),
    ],
    ids=["texts", "texts in lists", "wide cells", "rows", "lists"],
)  # fmt: skip
def test_a_parquet_file_that_would_swell_is_refused_before_it_does(read, columns, said):
    content = packed_parquet(columns())
    with pytest.raises(InputError) as refused:
        read(content, "f.parquet")
    assert said in refused.value.message and "\n" not in refused.value.message


def test_all_kinds_of_columns_of_parquet_are_read(read):
    sheet = read(packed_parquet({
        "id": ["a", "b", None], "empleados": pa.array([5, 6, None]).dictionary_encode(), "tags": [["x"], None, ["y", "z"]],
        "map": pa.array([[("k", "v")], None, []], pa.map_(pa.string(), pa.string())), "struct": [{"u": "q"}, None, {"u": None}],
        "bytes": [b"x", None, b"1.234"], "two ways": pa.array(["1.234", "b", "1.234"]).dictionary_encode(),
    }), "f.parquet")  # fmt: skip
    assert rows_of(sheet) == [["a", "5", "['x']", "[('k', 'v')]", "{'u': 'q'}", "x", "1.234"], ["b", "6", "", "", "", "", "b"],
                              ["", "", "['y', 'z']", "[]", "{'u': None}", "1.234", "1.234"]]  # fmt: skip
    assert sheet.decimal is None  # for the last column


HEADINGS_MOST = [f"c{k}" for k in range(COLUMNS_MOST + 1)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: ",".join(HEADINGS_MOST) + "\n" + ",".join("1" * len(HEADINGS_MOST)),
        lambda: html([HEADINGS_MOST, HEADINGS_MOST]),
        lambda: json.dumps([dict.fromkeys(HEADINGS_MOST, 1)]),
        lambda: json.dumps([HEADINGS_MOST, HEADINGS_MOST]),
        lambda: packed_parquet({name: [1] for name in HEADINGS_MOST}),
        lambda: b"\x72\x02\x01\x00" + len(HEADINGS_MOST).to_bytes(2, "little") + (3).to_bytes(4, "little") + bytes(100),
    ],
    ids=["CSV", "HTML", "JSON", "JSON of rows", "Parquet", "Stata"],
)
def test_a_table_of_too_many_columns_is_refused_in_every_form(read, make):
    with pytest.raises(InputError, match=f"has more than {COLUMNS_MOST} columns"):
        read(make())


@pytest.mark.parametrize("release", [b"118", b"117"])
def test_a_file_of_stata_says_its_rows_before_they_are_read(read, release):
    wide = 8 if release == b"118" else 4
    head = b"<stata_dta><header><release>" + release + b"</release><byteorder>MSF</byteorder><K>\0\2</K><N>"
    with pytest.raises(InputError, match="has more than 20000000 rows"):
        read(head + (20_000_001).to_bytes(wide, "big") + b"</N><label>" + bytes(100))


def test_rows_that_do_not_end_are_counted_in_every_form(read, monkeypatch):
    monkeypatch.setattr("clustersim.scenario.registers.forms.source.ROWS_MOST", 1_000)
    for content in ("id,empleados\nA,3\n" + "\n" * 1_000, json.dumps([{"id": k, "n": 1} for k in range(1_001)])):
        with pytest.raises(InputError, match="has more than 1000 rows"):
            read(content)


def test_json_that_would_not_fit_the_memory_is_refused_before_it_is_read(read, monkeypatch):
    monkeypatch.setattr("clustersim.core.machine.memory", lambda: 1_000_000)
    assert len(read(json.dumps(objects(NUMBERS)))) == 3
    with pytest.raises(InputError, match=r"would take about 2\.46 MB of memory"):
        read("[" + "[]," * 10_000 + "[]]")


def test_a_text_held_once_that_stands_in_all_rows_is_refused(read):
    page = f"<table><tr><td>id<td>empleados</tr><tr><td>a</td><td rowspan=900>{'x' * 200_000}</td></tr>"
    with pytest.raises(InputError, match="stand nowhere in the file"):
        read(page + "<tr><td>7</td></tr>" * 800)


def test_cells_that_are_held_have_a_limit(read, monkeypatch):
    monkeypatch.setattr("clustersim.scenario.registers.sheet.CELLS_MOST", 9_999)
    with pytest.raises(InputError, match="million cells that would be read"):
        read("id,empleados\n" + "A,3\n" * 5_000)


PIECES = [b"<c", b"<c ", b'<c t="e" r="A1">', b'<c t="e" r="A1"><v>', b"<x:", b"<v>", b"<w:v>", b"</c", b' t="e" r="A1"',
          b' r="A1"', b' r="', b"A", b"1", b"a:", b"<row", b' hidden="1"', b' s="3"', b'<c s="3" ', b"<", b"y"]  # fmt: skip


@pytest.mark.parametrize("begin", [b"", b'<c t="e" r="A1" ', b'<c t="e" r="A1">', b'<c s="3" ', b'<c t="e" r="A', b"<row "])
def test_no_sign_of_a_workbook_is_looked_at_again_and_again(begin):
    """200,000 signs of each kind that is looked for; twice as many took four times as long."""
    for piece in PIECES:
        content = archive({"s.xml": begin + piece * (200_000 // len(piece))})
        started = time.process_time()
        workbooks._Beside("s.xml", {"3": "%"}).look(content, "f", "s")
        assert time.process_time() - started < 1.0, piece


def test_rows_of_a_workbook_are_looked_through_in_pieces():
    row = b'<x:row r="%d"><x:c r="A%d" t="e"><x:v>#N/A</x:v></x:c></x:row>'
    long = b"".join(row % (k, k) for k in range(1, 200_001))
    beside = workbooks._Beside("s.xml")
    beside.look(archive({"s.xml": long}), "f", "s")
    assert len(beside.failed) == 200_000 and beside.failed[199_999] == [(0, "#N/A")]
    assert max(map(len, workbooks._blocks(archive({"s.xml": b"<" * 50_000_000}), "s.xml"))) < 40_000_000


def test_what_has_no_letter_is_no_heading_and_not_all_cells_are_asked_about(monkeypatch):
    asked = []
    ask = lambda text, _columns: asked.append(text) or (None, 0, None)  # noqa: E731
    monkeypatch.setattr("clustersim.scenario.registers.forms.source.meaning", ask)
    known = Known(COLUMNS)
    assert known.count(["12", "1.5", "", "x" * 101]) == 0 and not asked
    for k in range(5):
        known.count([f"{k} {text}" for text in HEADINGS_MOST[:16_000]])
    assert len(asked) == 50_000


def test_without_the_package_for_workbooks_the_extra_is_named(read, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match="python-calamine") as refused:
        read(xlsx({"H": [HEADINGS]}), "f.xlsx")
    assert "clustersim[registers]" in refused.value.hint


@pytest.mark.parametrize("cases", [200, pytest.param(2_000, marks=pytest.mark.long)])
def test_changed_bytes_give_a_table_or_one_sentence(tmp_path, cases):
    """Changed files of all forms: never another error."""
    seeds = [content if isinstance(content := make(), bytes) else content.encode() for make in MADE.values()]
    seeds += [gzip.compress(seeds[-1]), archive({"a.csv": seeds[-1], "b.csv": b"x;y\n1;2\n"}), joined(";").encode("utf-16-le")]
    seeds += [b'"id";"n"\n"a";"x \\"y\\""\n\\N;TOTAL\n', b"<table><tr><td rowspan=3>a<td>b<tr><td>1</table>"]
    draw, path, read_whole = random.Random(cases), tmp_path / "f", 0
    for case in range(cases):
        content = bytearray(draw.choice(seeds))
        for _ in range(draw.choice((1, 1, 2, 5, 20))):
            at, what = draw.randrange(len(content) + 1), draw.randrange(5)
            if what == 0:
                content[at : at + 1] = bytes([draw.randrange(256)])
            elif what == 1:
                del content[at : at + draw.choice((1, 2, 9, 400))]
            elif what == 2:
                content[at:at] = draw.choice(
                    (b"\0", b'"', b"\r", b"\n", b";", b"\xff\xfe", b"\x85", b"<", b"&#0;", b"[", b"TOTAL")
                )
            elif what == 3:
                content[at:at] = content[max(at - 30, 0) : at]
            else:
                other = draw.choice(seeds)
                content[at : at + 40] = other[at % len(other) :][:40]
        path.write_bytes(content)
        try:
            sheet = read_sheet(path, COLUMNS if case % 4 else TIE_COLUMNS)
        except InputError as refused:
            assert refused.message and "Traceback" not in str(refused)
        else:
            read_whole += 1
            assert len({len(cells) for cells in sheet.cells.values()} | {len(sheet)}) == 1
    assert 0.1 * cases < read_whole < 0.95 * cases


@pytest.mark.parametrize("heading", ["RDA", "RDX", "BMV", "GIF", "HEADER", "X"])
def test_a_heading_that_begins_like_another_kind_of_file_is_a_heading(heading, tmp_path):
    (tmp_path / "f.csv").write_text(f"{heading};id;empleados\n9;1;3\n9;2;5\n", encoding="utf-8")
    assert read_sheet(tmp_path / "f.csv", COLUMNS).headings == [heading, "id", "empleados"]


@pytest.mark.slow
def test_a_workbook_that_keeps_its_reader_busy_for_ever_is_given_up(tmp_path):
    path = tmp_path / "firms.ods"
    with zipfile.ZipFile(io.BytesIO(ods([HEADINGS, *FIRMS]))) as sound, zipfile.ZipFile(path, "w") as archive:
        for name in sound.namelist():
            archive.writestr(name, sound.read(name).replace(b"</table:table>", b"</firm:table>"))  # the table does not end
    begun = sum(os.times()[2:4])
    with pytest.raises(InputError, match="is a workbook that cannot be read; it may be damaged"):
        read_register(path)
    assert 5.0 < sum(os.times()[2:4]) - begun < 30.0  # it did keep it busy


# --- more than it seems -----------------------------------------------------------------------------------------------


BEGUN = "<table><tr><td>id<td>empleados<tr><td>A<td>3<tr>"
SPREADSHEET = excel_2003([HEADINGS, *NUMBERS])
WIDE = ",".join(f"c{k}" for k in range(5_000))
MANY = {f"c{k}": 1 for k in range(1_990)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BEGUN + "<!-- x>" * 300_000, "has more than 100 tags or comments that do not end"),
        (BEGUN + "<tr><td rowspan=1000 colspan=1000>A" * 50_000, "that stand nowhere in the file"),
        (BEGUN + f"<tr><td>A<td rowspan=1000>{'y ' * 50_000}" * 10 + "<tr><td>1" * 9_000, "that stand nowhere in the file"),
        (
            SPREADSHEET.replace("</Table>", '<Row><Cell ss:Index="16384"/></Row>' * 3_000 + "</Table>"),
            "stand nowhere in the file",
        ),
        (f"id,empleados,{WIDE}\n" + "A,3\n" * 20_000, "that stand nowhere in the file"),
        (json.dumps([MANY, *[{"id": 1}] * 20_000]), "that stand nowhere in the file"),
    ],
    ids=["comments", "spans", "texts", "index", "short", "json"],
)
def test_a_file_that_would_be_far_more_than_it_is_is_refused_soon(read, content, said):
    begun = time.process_time()
    with pytest.raises(InputError, match=said):
        read(content, "f.xls")
    assert time.process_time() - begun < 30.0


@pytest.mark.parametrize("left", ["<!-- ", "<a ", "</a ", "<? ", "<![if ", "<script><</", "<td title='", "&amp"])
def test_a_page_that_breaks_off_is_read_up_to_there_however_much_follows(read, left):
    begun = time.process_time()
    sheet = read(BEGUN + "</table>" + left * 200_000)
    assert rows_of(sheet)[:1] == [["A", "3"]] and time.process_time() - begun < 30.0


def test_what_does_not_end_in_a_page_is_text_and_the_rows_below_it_stay(read):
    sheet = read("<table><tr><td>id<td>empleados<tr><td>A<td>3 <!-- x ><tr><td>B<td>4<tr><td>C<td>5<td title='></table>")
    assert rows_of(sheet) == [["A", "3 <!-- x >"], ["B", "4"], ["C", "5<td title='>"]]


def test_joined_cells_and_gaps_of_a_real_table_are_as_many_as_they_are(read):
    body = "".join(f"<tr><td>{k}<td>3" for k in range(3_000))
    assert len(read(f"<table><tr><td colspan=1000>T<tr><td>id<td>empleados{body}</table>")) == 3_000
    rows = "<Row>" + "<Cell/>" * 2 + '<Cell ss:Index="200"/></Row>'
    assert len(read(SPREADSHEET.replace("</Table>", f"{rows * 2_000}</Table>"))) == len(NUMBERS)
