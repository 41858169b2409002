"""Makes the example's data: a footwear cluster that does not exist, written the way an office in Ecuador would export it.

Sizes, sales per head and shares are of a plausible order and otherwise invented; no firm, id or number is real. Run it again with
``python make_data.py`` to write the same files.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from pathlib import Path

# Canton: latitude, longitude, spread in degrees, weight.
CANTONS = {
    "Ambato": (-1.2491, -78.6168, 0.030, 5.0), "Cevallos": (-1.3536, -78.6158, 0.010, 3.0),
    "Tisaleo": (-1.35, -78.667, 0.012, 0.8), "Quero": (-1.379, -78.6060, 0.012, 0.7), "Píllaro": (-1.1716, -78.5439, 0.012, 0.5),
}  # fmt: skip
# Activity code: what firms are called, share of firms, median employees, sales per head (USD a year), chance of exporting.
ACTIVITIES = {
    "C1511.01": ("Curtiduría", 0.10, 11, 42_000, 0.25), "C2219.01": ("Suelas y Plantas", 0.08, 9, 30_000, 0.05),
    "C2029.01": ("Adhesivos", 0.03, 7, 38_000, 0.05), "C1520.01": ("Calzado", 0.55, 6, 19_000, 0.07),
    "C1520.02": ("Calzado Deportivo", 0.10, 9, 23_000, 0.10), "G4641.21": ("Distribuidora", 0.09, 4, 60_000, 0.03),
    "M7410.01": ("Diseño", 0.05, 3, 17_000, 0.05),
}  # fmt: skip
LARGE = (("C1520.01", "Ambato", 410), ("C1511.01", "Ambato", 285), ("C1520.02", "Cevallos", 262))
WORDS = (
    "Andina",
    "Ñusta",
    "del Valle",
    "Sierra",
    "Tungurahua",
    "San José",
    "Montúfar",
    "El Peñón",
    "Pachanlica",
    "Luz de América",
)
YEAR = 2023
FIRMS = 320


def spanish(value: float, decimals: int = 2) -> str:
    """Return a number with a decimal comma and points between thousands."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def make_firms(draw: random.Random) -> list[dict[str, str]]:
    """Return the rows of the register."""
    firms = []
    codes, cantons = list(ACTIVITIES), list(CANTONS)
    for number in range(FIRMS):
        if number < len(LARGE):
            code, canton, employees = LARGE[number]
        else:
            code = draw.choices(codes, [ACTIVITIES[c][1] for c in codes])[0]
            canton = draw.choices(cantons, [CANTONS[c][3] for c in cantons])[0]
            employees = min(249, max(1, round(draw.lognormvariate(math.log(ACTIVITIES[code][2]), 0.95))))
        called, _, _, per_head, exporting = ACTIVITIES[code]
        sales = employees * per_head * draw.lognormvariate(0.0, 0.28)
        exports = sales * draw.uniform(0.05, 0.5) if draw.random() < exporting * (1.0 + employees / 60.0) else 0.0
        latitude, longitude, spread, _ = CANTONS[canton]
        firms.append({
            "RUC": f"FT{number + 1:04d}", "Razón Social": f"{called} {draw.choice(WORDS)} {number + 1}", "Cantón": canton,
            "Actividad CIIU": code, "Empleados": str(employees),
            "Año de Fundación": str(max(1950, min(YEAR, round(YEAR - draw.expovariate(1 / 14.0))))),
            "Ventas USD": spanish(sales), "Exportaciones USD": spanish(exports) if exports else "0",
            "Certificada": "Sí" if draw.random() < 0.02 + min(0.5, employees / 400.0) else "No",
            "Latitud": spanish(draw.gauss(latitude, spread), 6), "Longitud": spanish(draw.gauss(longitude, spread), 6),
            "Teléfono": f"03 2{draw.randrange(100000, 999999)}",
        })  # fmt: skip
    return spoil(firms, draw)


def spoil(firms: list[dict[str, str]], draw: random.Random) -> list[dict[str, str]]:
    """Return the rows with the gaps and slips that registers have."""
    for column, share, text in (
        ("Empleados", 0.06, ""), ("Ventas USD", 0.10, "n/d"), ("Exportaciones USD", 0.08, ""), ("Año de Fundación", 0.05, "s/f"),
        ("Certificada", 0.15, ""), ("Latitud", 0.12, ""),
    ):  # fmt: skip
        for firm in firms[len(LARGE) :]:
            if draw.random() < share:
                firm[column] = text
    firms[57]["Empleados"] = "0"
    firms[101]["Año de Fundación"] = "2203"
    firms[140]["Actividad CIIU"] = "G4711.01"  # a grocer who got into the list
    firms[200]["RUC"] = ""
    firms[233]["Actividad CIIU"] = ""
    return firms


def make_ties(firms: list[dict[str, str]], draw: random.Random) -> list[list[str]]:
    """Return the rows of a survey on who works with whom: mostly buyers and suppliers near each other."""
    rows = []
    makers = [firm for firm in firms if firm["Actividad CIIU"].startswith("C1520")]
    suppliers = [firm for firm in firms if firm["Actividad CIIU"] in ("C1511.01", "C2219.01", "C2029.01")]
    for maker in makers:
        for supplier in draw.sample(suppliers, draw.choice((0, 0, 1, 1, 2))):
            rows.append([maker["RUC"], supplier["RUC"], "proveedor", spanish(draw.betavariate(5, 5))])
    for _ in range(90):
        a, b = draw.sample(makers, 2)
        kind = draw.choice(("intercambio", "intercambio", "conocido", "I+D"))
        rows.append([a["RUC"], b["RUC"], kind, spanish(draw.betavariate(4, 6)) if draw.random() < 0.8 else ""])
    rows.append([makers[3]["RUC"], "FT9999", "proveedor", "0,50"])
    return rows


def main() -> None:
    """Write register, ties and activity map beside this script, or into ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    draw = random.Random(2024)
    firms = make_firms(draw)

    def write(name: str, rows: list[list[str]]) -> None:
        with (out / name).open("w", encoding="latin-1", newline="") as stream:
            csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)

    write("empresas.csv", [list(firms[0]), *(list(firm.values()) for firm in firms)])
    write("vinculos.csv", [["Empresa A", "Empresa B", "Tipo", "Confianza"], *make_ties(firms, draw)])
    chain = [["C1511*", "curtiembres"], ["C2219*", "componentes"], ["C2029*", "componentes"], ["C1520*", "calzado"],
             ["M7410*", "servicios"], ["G4641*", "comercio"]]  # fmt: skip
    write("actividades.csv", [["Actividad", "Segmento", "Cluster"], *([*row, "calzado_tungurahua"] for row in chain)])


if __name__ == "__main__":
    main()
