"""Makes the example's data: firms that do not exist, in the layout of Mexico's directory of establishments (DENUE).

Names, streets, ids and places are invented; headings, classes of size and codes of activity are those of the directory. Run it
again with ``python make_data.py`` to write the same files.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

HEADINGS = (
    "id", "clee", "nom_estab", "raz_social", "codigo_act", "nombre_act", "per_ocu", "tipo_vial", "nom_vial", "tipo_v_e_1",
    "nom_v_e_1", "tipo_v_e_2", "nom_v_e_2", "tipo_v_e_3", "nom_v_e_3", "numero_ext", "letra_ext", "edificio", "edificio_e",
    "numero_int", "letra_int", "tipo_asent", "nomb_asent", "tipoCenCom", "nom_CenCom", "num_local", "cod_postal", "cve_ent",
    "entidad", "cve_mun", "municipio", "cve_loc", "localidad", "ageb", "manzana", "telefono", "correoelec", "www", "tipoUniEco",
    "latitud", "longitud", "fecha_alta",
)  # fmt: skip
# Code of the activity: its name, what firms are called, share of firms.
ACTIVITIES = {
    "316110": ("Curtido y acabado de cuero y piel", "TENERIA", 0.14),
    "316211": ("Fabricación de calzado con corte de piel y cuero", "CALZADO", 0.46),
    "316212": ("Fabricación de calzado con corte de tela", "CALZADO DE TELA", 0.08),
    "316213": ("Fabricación de calzado de plástico", "PLASTICOS", 0.07),
    "325520": ("Fabricación de adhesivos", "ADHESIVOS", 0.03),
    "326290": ("Fabricación de otros productos de hule", "SUELAS", 0.08),
    "432130": ("Comercio al por mayor de calzado", "DISTRIBUIDORA", 0.08),
    "722513": ("Restaurantes con servicio de preparación de antojitos", "ANTOJITOS", 0.06),
}
SIZES = {
    "0 a 5 personas": 0.52, "6 a 10 personas": 0.2, "11 a 30 personas": 0.16, "31 a 50 personas": 0.06,
    "51 a 100 personas": 0.035,
    "101 a 250 personas": 0.02, "251 y más personas": 0.005,
}  # fmt: skip
TOWNS = {"020": ("León", 21.122, -101.684, 0.03, 0.8), "031": ("San Francisco del Rincón", 21.022, -101.857, 0.012, 0.2)}
WORDS = (
    "DEL BAJIO",
    "SIERRA",
    "LA PURISIMA",
    "EL NIÑO",
    "TRES HERMANOS",
    "NUEVA ERA",
    "SANTA FE",
    "DON CHUY",
    "EL AGUILA",
    "LUPITA",
)
LARGE = (("316211", "251 y más personas"), ("316110", "251 y más personas"), ("316213", "101 a 250 personas"))
FIRMS = 240


def make_firms(draw: random.Random) -> list[dict[str, str]]:
    """Return the rows of the directory."""
    firms = []
    for number in range(FIRMS):
        code = draw.choices(list(ACTIVITIES), [share for *_words, share in ACTIVITIES.values()])[0]
        size = draw.choices(list(SIZES), list(SIZES.values()))[0]
        if number < len(LARGE):
            code, size = LARGE[number]
        town = draw.choices(list(TOWNS), [weight for *_place, weight in TOWNS.values()])[0]
        called, latitude, longitude, spread, _weight = TOWNS[town]
        firms.append({
            "id": str(6_100_000 + number), "clee": f"11{town}{code}{number:06d}000000000U0", "nombre_act": ACTIVITIES[code][0],
            "nom_estab": f"{ACTIVITIES[code][1]} {draw.choice(WORDS)} {number + 1}",
            "raz_social": f"EMPRESA INVENTADA {number + 1} SA DE CV" if draw.random() < 0.3 else "", "codigo_act": code,
            "per_ocu": size, "tipo_vial": "CALLE", "nom_vial": "INVENTADA", "numero_ext": str(draw.randint(1, 900)),
            "cod_postal": "37000", "cve_ent": "11", "entidad": "Guanajuato", "cve_mun": town, "municipio": called,
            "cve_loc": "0001", "localidad": called, "tipoUniEco": "Fijo", "latitud": f"{draw.gauss(latitude, spread):.8f}",
            "longitud": f"{draw.gauss(longitude, spread):.8f}",
            "fecha_alta": draw.choice(("2010-07", "2014-12", "2019-11", "2023-05")),
        })  # fmt: skip
    return firms


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    folder = parser.parse_args().out
    with (folder / "denue.csv").open("w", encoding="cp1252", newline="") as stream:
        table = csv.DictWriter(stream, HEADINGS, restval="", lineterminator="\r\n")
        table.writeheader()
        table.writerows(make_firms(random.Random(20)))


if __name__ == "__main__":
    main()
