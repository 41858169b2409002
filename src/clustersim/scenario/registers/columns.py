"""The columns that a firm register may have, by their names in English and Spanish, and how a heading is recognised."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clustersim.core.errors import InputError, door, several
from clustersim.core.words import N_, _, said_in
from clustersim.scenario.keys import clip, did_you_mean


@dataclass(frozen=True)
class Column:
    """A column of a register.

    Attributes
    ----------
    kind : str
        "id", "text", "count", "money", "share", "coordinate", "year" or "flag": how its cells are read.
    label : str
        Its name, for reports; headings may say it in Spanish as well.
    names : tuple of str
        Headings that mean it, the likeliest first; case, accents and blanks do not matter.
    """

    kind: str
    label: str
    names: tuple[str, ...]


COLUMNS = {
    "id": Column("id", "id", (
        "id", "firm_id", "company_id", "id_empresa", "id_firma", "identifier", "identificador", "identificacion", "ruc",
        "nit", "rut", "cuit", "rfc", "tax_id", "codigo_empresa", "firm_code", "clave")),
    "name": Column("text", N_("name"), (
        "name", "firm_name", "company", "company_name", "firm", "nombre", "nombre_empresa", "razon_social", "empresa",
        "nombre_comercial")),
    "municipality": Column("text", N_("municipality"), (
        "municipality", "municipio", "city", "town", "ciudad", "canton", "comuna", "distrito", "localidad", "district")),
    "latitude": Column("coordinate", N_("latitude"), ("latitude", "lat", "latitud")),
    "longitude": Column("coordinate", N_("longitude"), ("longitude", "lon", "lng", "long", "longitud")),
    "x": Column("coordinate", "x", ("x", "x_km", "este_km", "east_km")),
    "y": Column("coordinate", "y", ("y", "y_km", "norte_km", "north_km")),
    "activity": Column("text", N_("activity"), (
        "activity", "activity_code", "actividad", "codigo_actividad", "actividad_economica", "isic", "isic_code", "naics", "nace",
        "ciiu", "codigo_ciiu", "actividad_ciiu", "ciiu_actividad", "actividad_principal", "main_activity", "industry", "sector",
        "rama", "giro")),
    "employees": Column("count", N_("employees"), (
        "employees", "employment", "empleados", "empleo", "workers", "trabajadores", "personal", "personal_ocupado", "ocupados",
        "jobs", "staff", "headcount", "numero_empleados", "num_empleados", "n_empleados", "number_of_employees", "plantilla")),
    "year": Column("year", N_("year founded"), (
        "year_founded", "founded", "founding_year", "year_of_foundation", "ano_fundacion", "anio_fundacion", "ano_de_fundacion",
        "anio_de_fundacion", "fundacion", "fecha_fundacion", "fecha_de_fundacion", "fecha_constitucion", "ano_constitucion",
        "anio_constitucion", "ano_inicio", "anio_inicio", "fecha_inicio", "inicio_actividades", "date_founded", "established")),
    "sales": Column("money", N_("sales"), (
        "sales", "annual_sales", "ventas", "ventas_anuales", "turnover", "revenue", "revenues", "facturacion", "ingresos",
        "ventas_totales", "total_sales")),
    "exports": Column("money", N_("exports"), (
        "exports", "exportaciones", "export_sales", "ventas_exterior", "valor_exportado", "annual_exports")),
    "export_share": Column("share", N_("export share"), (
        "export_share", "share_exported", "export_percent", "porcentaje_exportado", "proporcion_exportada", "cuota_exportadora",
        "porcentaje_exportaciones")),
    "certified": Column("flag", N_("certified"), (
        "certified", "certificate", "certification", "certificada", "certificado", "certificacion", "iso", "iso_9001")),
    "member": Column("flag", N_("member of the association"), (
        "member", "association_member", "member_of_the_association", "miembro", "miembro_de_la_asociacion", "agremiada",
        "agremiado")),
    "tractor": Column("flag", N_("tractor firm"), (
        "tractor", "tractor_firm", "anchor", "anchor_firm", "tractora", "empresa_tractora", "ancla", "empresa_ancla")),
    "willing": Column("flag", N_("willing to take part"), (
        "willing", "willing_to_take_part", "dispuesta", "dispuesta_a_participar", "participa")),
    "foreign": Column("flag", N_("foreign-owned"), (
        "foreign", "foreign_owned", "multinational", "extranjera", "capital_extranjero", "multinacional")),
}  # fmt: skip

TIE_COLUMNS = {
    "a": Column("id", "a", (
        "a", "firm_a", "id_a", "from", "source", "buyer", "empresa_a", "origen", "de", "comprador", "cliente", "id_1", "firm_1")),
    "b": Column("id", "b", (
        "b", "firm_b", "id_b", "to", "target", "supplier", "seller", "empresa_b", "destino", "proveedor", "vendedor", "id_2",
        "firm_2")),
    "level": Column("text", N_("level"), (
        "level", "type", "kind", "tie", "link", "nivel", "tipo", "vinculo", "relacion", "tipo_vinculo", "tie_type")),
    "trust": Column("share", N_("trust"), ("trust", "confianza", "trust_ab", "confianza_ab")),
    "trust_back": Column("share", N_("trust of b in a"), ("trust_ba", "confianza_ba")),
}  # fmt: skip

MAP_COLUMNS = {
    "activity": COLUMNS["activity"],
    "segment": Column("text", N_("segment"), ("segment", "segmento", "eslabon", "stage", "etapa")),
    "cluster": Column("text", N_("cluster"), ("cluster", "conglomerado", "cadena", "chain")),
}

# Ends of headings that say the unit of money, in kUSD.
MONEY = {
    "miles_usd": 1.0, "thousand_usd": 1.0, "millones_usd": 1000.0, "million_usd": 1000.0, "kusd": 1.0, "musd": 1000.0,
    "usd": 0.001, "dolares": 0.001, "dollars": 0.001,
}  # fmt: skip
NEAR = 0.85  # likeness from which an unknown heading is taken for a misspelt one


@dataclass
class Header:
    """How the columns of a file were recognised.

    Attributes
    ----------
    found : dict
        For each known column that the file has, its position.
    written : dict
        For each of them, its heading as written.
    factors : dict
        For each column of money whose heading tells a unit, what one of it is worth in kUSD.
    unused : list of str
        Headings that mean nothing here.
    also : list of str
        Headings of a column that another heading means better, so that they are not read.
    """

    found: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    why: dict = field(default_factory=dict)


def plain(text: str) -> str:
    """Return a heading or word in small letters, without accents, with single underscores between words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def recognise(
    headings: Sequence[str], columns: dict[str, Column], file: str, needed: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Header:
    """Return which heading means which column.

    Raises
    ------
    InputError
        If a needed column is missing, or a heading nearly, but not quite, names a column that the file lacks.
    """
    header = Header()
    left_out = {plain(text) for text in ignore}
    rank: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name, place, factor = meaning(heading, columns)
        if name is None or plain(heading) in left_out:
            header.unused.append(heading)
            continue
        if rank.get(name, place + 1) <= place:
            header.also.append(heading)
            continue
        if name in header.found:
            header.also.append(header.written[name])
        rank[name] = place
        header.found[name], header.written[name] = position, heading
        header.factors.pop(name, None)
        if factor is not None:
            header.factors[name] = factor
    _refuse_near_misses(header, columns, file, left_out)
    for name in needed:
        if name not in header.found:
            spanish = plain(said_in("es", columns[name].label))
            hint = did_you_mean(name, header.unused) or did_you_mean(spanish, header.unused)
            there, usual = several(map(clip, headings), 200), ", ".join(columns[name].names[:12])
            headed = _("Its columns: {names}. Headings that mean it: {usual}.", names=there, usual=usual)
            hint = f"{hint} {headed}".strip()
            called = repr(name) if spanish == name else _("{name!r} (or {other!r})", name=name, other=spanish)
            raise InputError(file, "", _("has no column {name}.", name=called), hint, 1)
    return header


def meaning(heading: str, columns: dict[str, Column]) -> tuple[str | None, int, float | None]:
    """Return the column that a heading names, how likely a name it is (0 first), and the unit of money that it tells."""
    word = plain(heading)
    for name, column in columns.items():
        if word in column.names:
            return name, column.names.index(word), None
    for end, factor in MONEY.items():
        stem = word.removesuffix(f"_{end}").removesuffix("_en")
        for name, column in columns.items():
            if column.kind == "money" and word.endswith(f"_{end}") and stem in column.names:
                return name, column.names.index(stem), factor
    return None, 0, None


def _refuse_near_misses(header: Header, columns: dict[str, Column], file: str, left_out: set[str]) -> None:
    missing = [word for name, column in columns.items() if name not in header.found for word in column.names if len(word) > 3]
    for heading in header.unused:
        word = plain(heading)
        near = difflib.get_close_matches(word, missing, 1, NEAR)
        if near and word not in left_out:
            way = door(command=f"--ignore {heading}", python=f"ignore=[{heading!r}]")
            hint = _("Did you mean {name!r}? Rename it, or leave it out with {way}", name=near[0], way=way)
            raise InputError(file, clip(heading), _("is not a column that is known here."), hint, 1)
