"""The columns that a firm register may have, by their names in English and Spanish, and how a heading is recognised."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from clustersim.core.errors import InputError, door, several
from clustersim.core.words import N_, _, said_in
from clustersim.scenario.keys import clip, did_you_mean, listed
from clustersim.scenario.registers.money import NOTHING, PERCENT, Unit, is_foreign, spelt, take_units


@dataclass(frozen=True)
class Column:
    """A column of a register.

    Attributes
    ----------
    kind : str
        "id", "text", "count", "money", "share", "coordinate", "year", "flag", "status", "date" or "period": how its cells are
        read.
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
        "nit", "rut", "cuit", "rfc", "cnpj", "nif", "cif", "tax_id", "codigo_empresa", "firm_code", "clave", "numero_ruc",
        "ruc_empresa", "numero_identificacion", "company_number", "companynumber", "registration_number", "numero_registro",
        "nro_ruc", "num_ruc", "cedula_juridica", "rnc", "rtn", "vat_number", "bvd_id_number", "codigo_nif", "matricula",
        "expediente", "id_establecimiento", "establishment_id", "cnpj_basico", "numero_cuit", "numero_nit")),
    "name": Column("text", N_("name"), (
        "name", "firm_name", "company", "company_name", "companyname", "firm", "nombre", "nombre_empresa", "razon_social",
        "raz_social", "empresa", "nombre_comercial", "nom_estab", "denominacion", "denominacion_social", "nome", "nome_empresa",
        "razao_social", "nome_fantasia", "nombre_compania", "compania", "nombre_o_razon_social", "business_name", "legal_name",
        "nombre_fantasia", "nombre_establecimiento")),
    "municipality": Column("text", N_("municipality"), (
        "municipality", "municipio", "city", "town", "ciudad", "canton", "comuna", "distrito", "localidad", "district",
        "nombre_municipio", "nom_mun", "nomb_mun", "nombre_canton", "nombre_distrito", "nombre_comuna", "cidade", "poblacion",
        "descripcion_canton", "descripcion_canton_est", "nome_municipio", "partido", "departamento", "municipio_nombre",
        "post_town", "cve_mun", "cod_mun", "codigo_municipio", "cod_municipio", "municipality_code", "ubigeo",
        "codigo_comuna", "codigo_ine", "in_departamentos", "dpa_canton")),
    "latitude": Column("coordinate", N_("latitude"), (
        "latitude", "lat", "latitud", "latitude_wgs84", "latitud_wgs84", "lat_wgs84", "coord_lat", "coordenada_latitud",
        "gps_lat", "latitud_gps")),
    "longitude": Column("coordinate", N_("longitude"), (
        "longitude", "lon", "lng", "long", "longitud", "longitude_wgs84", "longitud_wgs84", "lon_wgs84", "coord_lon",
        "coord_long", "coordenada_longitud", "gps_lon", "longitud_gps")),
    "x": Column("coordinate", "x", (
        "x_km", "este_km", "east_km", "x", "coord_x", "x_coord", "coordenada_x", "utm_x", "x_utm", "este", "easting",
        "utm_este", "utm_e", "xcoord", "point_x", "este_utm", "leste", "x_etrs89", "coordx")),
    "y": Column("coordinate", "y", (
        "y_km", "norte_km", "north_km", "y", "coord_y", "y_coord", "coordenada_y", "utm_y", "y_utm", "norte", "northing",
        "utm_norte", "utm_n", "ycoord", "point_y", "norte_utm", "y_etrs89", "coordy")),
    "activity": Column("text", N_("activity"), (
        "activity_code", "codigo_actividad", "codigo_act", "cod_actividad", "isic", "isic_code", "naics", "naics_code",
        "nace", "nace_code", "ciiu", "codigo_ciiu", "cod_ciiu", "actividad_ciiu", "ciiu_actividad", "ciiu4", "ciiu_rev4",
        "ciiu_4", "ciiu_rev_4", "clae", "clae6", "cnae", "cnae09", "cnae_2009", "codigo_cnae", "codigo_cnae_2009",
        "cnae_principal", "cnae_fiscal", "cnae_fiscal_principal", "cnae_2_0_classe", "cnae_classe", "scian", "codigo_scian",
        "sic", "sic_code", "us_sic", "sic_2007", "nace_rev_2", "nace_rev2", "ciiu_principal", "ciiu_nivel_6", "ciiu_n6",
        "cod_act", "codigo_giro", "activity", "actividad", "actividad_economica", "actividad_principal", "main_activity",
        "nombre_act", "industry", "sector", "rama", "giro", "rubro", "rubro_economico", "atividade", "atividade_principal",
        "atividade_economica", "descripcion_actividad", "industry_code", "economic_activity", "business_activity")),
    "employees": Column("count", N_("employees"), (
        "employees", "employment", "empleados", "empleo", "workers", "trabajadores", "personal", "personal_ocupado",
        "ocupados", "jobs", "staff", "headcount", "numero_empleados", "num_empleados", "n_empleados", "number_of_employees",
        "plantilla", "numero_de_trabajadores", "num_trabajadores", "n_trabajadores", "cantidad_empleados", "puestos",
        "puestos_de_trabajo", "asalariados", "numero_asalariados", "empregados", "funcionarios", "pessoal_ocupado",
        "trabalhadores", "vinculos_ativos", "qtd_vinculos_ativos", "qtde_vinculos_ativos", "numero_de_empregados", "fte",
        "full_time_equivalents", "persons_employed", "per_ocu", "nrotrab", "numero_trabajadores_dependientes_informados",
        "tramo_trabajadores", "tramo_empleo", "tramo_de_empleo", "estrato_de_empleo", "estrato_empleo", "estrato_asalariados",
        "estrato_de_asalariados", "estrato_personal_ocupado", "tramo_personal_ocupado", "tramo_de_personal_ocupado",
        "tamanho_estabelecimento", "size_class", "employment_size", "employee_size_class", "rango_empleados",
        "rango_de_empleados", "tamano_por_empleo", "personal_total", "poblacion_ocupada", "dotacion", "efectivos")),
    "year": Column("year", N_("year founded"), (
        "year_founded", "founded", "founding_year", "year_of_foundation", "ano_fundacion", "anio_fundacion",
        "ano_de_fundacion", "anio_de_fundacion", "fundacion", "fecha_fundacion", "fecha_de_fundacion", "fecha_constitucion",
        "ano_constitucion", "anio_constitucion", "ano_inicio", "anio_inicio", "fecha_inicio", "inicio_actividades",
        "date_founded", "established", "fecha_inicio_actividades", "fecha_de_inicio_de_actividades", "fecha_inicio_actividad",
        "inicio_de_actividades", "fecha_de_constitucion", "incorporation_date", "incorporationdate", "date_of_incorporation",
        "incorporated", "fecha_matricula", "data_abertura", "data_inicio_atividade", "data_de_abertura", "ano_de_inicio",
        "anio_de_inicio", "ano_inicio_actividades", "founding_date", "foundation_year", "year_of_incorporation",
        "year_established", "antiguedad_desde")),
    "sales": Column("money", N_("sales"), (
        "sales", "annual_sales", "ventas", "ventas_anuales", "turnover", "revenue", "revenues", "facturacion", "ingresos",
        "ventas_totales", "total_sales", "ventas_netas", "net_sales", "ingresos_por_ventas", "ingresos_de_explotacion",
        "importe_neto_de_la_cifra_de_negocios", "cifra_de_negocios", "cifra_de_ventas", "operating_revenue",
        "operating_revenue_turnover", "ingresos_operacionales", "ingresos_totales", "ingresos_ordinarios", "faturamento",
        "receita", "receita_liquida", "receita_bruta", "vendas", "monto_ventas", "valor_ventas", "tramo_ventas",
        "tramo_segun_ventas", "tramo_de_ventas", "rango_ventas", "rango_de_ventas", "volumen_de_ventas", "sales_class",
        "turnover_class", "net_turnover")),
    "exports": Column("money", N_("exports"), (
        "exports", "exportaciones", "export_sales", "ventas_exterior", "valor_exportado", "annual_exports", "exportaciones_fob",
        "fob_exportado", "monto_exportado", "ventas_al_exterior", "ventas_externas", "exportacoes", "valor_exportaciones",
        "export_turnover", "export_revenue", "ventas_exportacion", "ventas_de_exportacion", "valor_fob", "fob", "exportado",
        "exported", "valor_fob_exportado")),
    "export_share": Column("share", N_("export share"), (
        "export_share", "share_exported", "export_percent", "porcentaje_exportado", "proporcion_exportada",
        "cuota_exportadora", "porcentaje_exportaciones", "porcentaje_de_exportaciones", "porcentaje_de_ventas_exportadas",
        "export_intensity", "intensidad_exportadora", "share_of_exports", "exports_share", "proporcion_exportaciones",
        "percentual_exportado", "exportaciones_sobre_ventas", "exports_over_sales", "participacion_exportaciones",
        "exportaciones_ventas", "exports_sales", "cuota_exportada", "propension_exportadora")),
    "certified": Column("flag", N_("certified"), (
        "certified", "certificate", "certification", "certificada", "certificado", "certificacion", "iso", "iso_9001",
        "certificacao", "certificacion_iso", "tiene_certificacion", "iso9001", "certificacion_internacional",
        "certificacion_de_calidad")),
    "member": Column("flag", N_("member of the association"), (
        "member", "association_member", "member_of_the_association", "miembro", "miembro_de_la_asociacion", "agremiada",
        "agremiado", "afiliada", "afiliado", "socio", "asociada", "asociado", "member_of_cluster", "miembro_del_cluster")),
    "tractor": Column("flag", N_("tractor firm"), (
        "tractor", "tractor_firm", "anchor", "anchor_firm", "tractora", "empresa_tractora", "ancla", "empresa_ancla",
        "firma_tractora")),
    "willing": Column("flag", N_("willing to take part"), (
        "willing", "willing_to_take_part", "dispuesta", "dispuesta_a_participar", "participa")),
    "foreign": Column("flag", N_("foreign-owned"), (
        "foreign", "foreign_owned", "multinational", "extranjera", "capital_extranjero", "multinacional", "es_extranjera",
        "propiedad_extranjera")),
    "status": Column("status", N_("status"), (
        "status", "company_status", "companystatus", "situacion", "situacion_legal", "estado", "estado_contribuyente",
        "estado_del_contribuyente", "estado_empresa", "estado_matricula", "estado_de_la_matricula", "situacao",
        "situacao_cadastral", "legal_status", "estado_legal", "condicion_actividad", "estatus")),
    "place_status": Column("status", N_("status of the establishment"), (
        "estado_establecimiento", "estado_del_establecimiento", "establishment_status")),
    "closed": Column("date", N_("date of closing"), (
        "closed", "fecha_cese", "fecha_de_cese", "fecha_baja", "fecha_de_baja", "fecha_cancelacion", "fecha_de_cancelacion",
        "dissolution_date", "dissolutiondate", "date_of_dissolution", "closing_date", "fecha_cierre", "fecha_de_cierre",
        "fecha_termino_de_giro", "fecha_termino_giro", "fecha_suspension_definitiva", "fecha_disolucion", "fecha_extincion",
        "data_encerramento", "data_baixa", "cessation_date", "end_date", "fecha_fin")),
    "reopened": Column("date", N_("date of reopening"),
    ("reopened", "fecha_reinicio_actividades", "fecha_de_reapertura", "fecha_reapertura",
        "fecha_reinicio")),
    "period": Column("period", N_("year of the row"), (
        "period", "ano_comercial", "anio_comercial", "ejercicio", "ejercicio_fiscal", "fiscal_year", "ano_fiscal",
        "anio_fiscal", "ano", "anio", "year", "periodo", "ano_base", "reference_year", "ano_referencia", "ano_de_la_fila")),
    "establishment": Column("text", N_("establishment"), (
        "establishment", "sucursal", "numero_establecimiento", "numero_de_establecimiento", "establecimiento", "branch",
        "plant", "planta", "local", "num_establecimiento", "cnpj_ordem", "filial", "site")),
}  # fmt: skip
# Columns whose absence changes what is made: a heading that nearly names one that nothing else gives is refused.
MATTERS = ("id", "activity", "employees", "sales", "exports", "export_share", "year", "latitude", "longitude", "municipality")

TIE_COLUMNS = {
    "a": Column("id", "a", (
        "a", "firm_a", "id_a", "from", "source", "buyer", "empresa_a", "origen", "de", "comprador", "cliente", "id_1",
        "firm_1")),
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

# Words that say nothing of what a column is.
_FILL = {"de", "del", "la", "el", "los", "las", "of", "the", "en", "in", "da", "do", "dos", "das", "por", "per", "para", "a"}
_HARMLESS = {
    "numero", "num", "no", "nro", "n", "number", "cantidad", "total", "totales", "promedio", "average", "mean", "media",
    "anual", "anuales", "annual", "personas", "persons", "people", "last", "avail", "yr", "ult", "ultimo", "ano", "anio",
    "disp", "disponible", "year", "valor", "value", "corrientes", "constantes", "precios", "nominal", "aprox", "estimado",
    "fob",
}  # fmt: skip
NEAR = 0.85  # likeness from which an unknown heading is taken for a misspelt one
ASKED_FOR, OF_PROFILE = -2, -1  # ranks of headings that the user, or a profile, has given a meaning


@dataclass
class Header:
    """How the columns of a file were recognised.

    Attributes
    ----------
    found : dict
        For each known column that the file has, its position.
    written : dict
        For each of them, its heading as written.
    by : dict
        For each of them, who says so: "name", "profile" or "read".
    units : dict
        For each of them whose heading tells a unit or a year, what it tells.
    factors : dict
        For each column of money whose heading tells a unit, what one of it is worth in kUSD, if it is in US dollars.
    years : dict
        For each column that the file has for several years, these years, with the one that is read first.
    unused : list of str
        Headings that mean nothing here.
    also : list of str
        Headings of a column that another heading means better, so that they are not read.
    """

    found: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    factors: dict[str, float] = field(default_factory=dict)
    years: dict[str, list[int]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    why: dict = field(default_factory=dict)


def plain(text: str) -> str:
    """Return a heading or word in small letters, without accents, with single underscores between words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", bare.casefold()).strip("_")


def recognise(
    headings: Sequence[str], columns: dict[str, Column], file: str, needed: Iterable[str] = (), ignore: Iterable[str] = (), *,
    read: Iterable[str] = (), given: Mapping[str, str] | None = None, year: int | None = None,
) -> Header:  # fmt: skip
    """Return which heading means which column.

    Parameters
    ----------
    headings : sequence of str
        As written.
    columns : dict of Column
        What they may mean.
    file : str
        How messages call the file.
    needed, ignore : iterable of str
        Columns that there must be; headings to leave out.
    read : iterable of str
        "HEADING=column": what the user says that a heading means.
    given : mapping of str, optional
        What a profile says that headings mean, by their plain words ("" for those that the model does not use).
    year : int, optional
        Which year is read where a column stands there for several.

    Raises
    ------
    InputError
        If a needed column is missing, or a heading nearly, but not quite, names a column that matters and the file lacks.
    """
    header = Header()
    left_out = {plain(text) for text in ignore}
    said = _said(read, headings, columns, file)
    if both := next((heading for heading in headings if plain(heading) in left_out and plain(heading) in said), ""):
        message = _("{heading!r} is to be read and to be left out; say one.", heading=clip(both))
        raise InputError(door(command="--ignore", python="ignore"), "", message)
    rank: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        word = plain(heading)
        sense = read_heading(heading, columns)
        name, place, by = sense.name, sense.rank, "name"
        if given is not None and word in given and word not in said:
            name, place, by = given[word] or None, OF_PROFILE, "profile"
        if word in said:
            name, place, by = said[word], ASKED_FOR, "read"
        if name is None or word in left_out:
            header.unused.append(heading)
            continue
        unit = sense.unit if sense.name is not None else _unit(heading)
        if unit.year is not None:
            header.years.setdefault(name, []).append(unit.year)
        # Of several years the one that is asked for, else the latest; of equal headings the first.
        order = (place, 0 if unit.year is None else 1 if unit.year == year else 3000 - unit.year)
        if rank.get(name, (place + 1, 0)) <= order:
            header.also.append(heading)
            continue
        if name in header.found:
            header.also.append(header.written[name])
        rank[name] = order
        header.found[name], header.written[name], header.by[name] = position, heading, by
        header.units[name] = unit
        header.factors.pop(name, None)
        if columns[name].kind == "money" and (unit.scale is not None or unit.currency == "USD"):
            header.factors[name] = 0.001 * (unit.scale or 1.0)
    header.years = {name: sorted(set(years), reverse=True) for name, years in header.years.items() if len(set(years)) > 1}
    if given is None:
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


def _said(read: Iterable[str], headings: Sequence[str], columns: dict[str, Column], file: str) -> dict[str, str]:
    """Return what the user says of headings: the column that each means, by the heading's plain words."""
    option = door(command="--read", python="read")
    known = {plain(heading): heading for heading in headings}
    spoken = {plain(said_in("es", column.label)): name for name, column in columns.items()} | {name: name for name in columns}
    found: dict[str, str] = {}
    for text in read:
        heading, sign, name = text.rpartition("=")
        if not sign or not heading.strip():
            raise InputError(
                option, "", _("found {text!r}; it must be HEADING=column, such as 'Personal=employees'.", text=clip(text))
            )
        if plain(heading) not in known:
            hint = did_you_mean(heading, headings, _("Its columns: {names}.", names=several(map(clip, headings), 200)))
            raise InputError(file, clip(heading), _("there is no such column."), hint, 1)
        if plain(name) not in spoken:
            hint = did_you_mean(name, columns, listed(columns))
            raise InputError(option, clip(text), _("{name!r} is not a column that is known here.", name=clip(name)), hint)
        if found.get(plain(heading), spoken[plain(name)]) != spoken[plain(name)]:
            raise InputError(option, clip(text), _("says of {heading!r} what another says differently.", heading=clip(heading)))
        alike = [known[word] for word, told in found.items() if told == spoken[plain(name)] and word != plain(heading)]
        if any(_unit(one).year == _unit(heading).year for one in alike):  # one for each of several years is a choice
            raise InputError(option, clip(text), _("{column!r} is said of two headings; say one.", column=spoken[plain(name)]))
        found[plain(heading)] = spoken[plain(name)]
    return found


@dataclass(frozen=True)
class Sense:
    """What a heading says.

    Attributes
    ----------
    name : str, optional
        The column that it means.
    rank : int
        How likely a name for it this is, 0 first.
    unit : Unit
        Unit and year that it tells.
    """

    name: str | None
    rank: int
    unit: Unit


def read_heading(heading: str, columns: dict[str, Column]) -> Sense:
    """Return what a heading says, taken apart into meaning, unit, currency and year.

    Examples
    --------
    >>> from clustersim.scenario.registers.columns import COLUMNS, read_heading
    >>> sense = read_heading("Ventas 2023 (miles de USD)", COLUMNS)
    >>> sense.name, sense.unit.scale, sense.unit.currency, sense.unit.year
    ('sales', 1000.0, 'USD', 2023)
    """
    exact, loose = _index(tuple(columns.items()))
    marked = spelt(heading)
    word = plain(marked)
    foreign = is_foreign(marked)  # `plain` leaves such signs out, and with them what money is counted in
    if word in exact and not (foreign and columns[exact[word][0]].kind == "money"):
        name, rank = exact[word]
        return Sense(name, rank, Unit(percent=columns[name].kind == "share" and _percent(marked)))
    outside, bracket, inside = marked.replace("[", "(").partition("(")
    tries = [_words(marked)]
    if bracket:
        unit, rest = take_units(_words(inside))
        if not [text for text in rest if text not in _FILL | _HARMLESS] or unit.percent:
            tries.append(_words(outside))
    unit = _unit(heading)
    for words in tries:
        rest = take_units(words)[1]
        for kept in (rest, [text for text in rest if text not in _FILL], [t for t in rest if t not in _FILL | _HARMLESS]):
            name, rank = exact.get("_".join(kept)) or loose.get("_".join(kept)) or ("", 0)
            kind = columns[name].kind if name else ""
            plainly = kept == rest and unit == NOTHING
            if not name or (kind not in ("count", "money", "share") and not plainly and len(kept) < len(rest)):
                continue
            if (kind == "money" and foreign) or (kind == "count" and unit.percent):
                continue
            if unit.percent and kind == "money":
                name, kind = ("export_share", "share") if name == "exports" and "export_share" in columns else ("", "")
            if not name or (kind != "money" and (unit.scale or unit.currency) and kind != "share"):
                continue
            return Sense(name, rank, unit if kind in ("money", "count", "share") else NOTHING)
    return Sense(None, 0, NOTHING)


def meaning(heading: str, columns: dict[str, Column]) -> tuple[str | None, int, float | None]:
    """Return the column that a heading names, how likely a name it is (0 first), and the unit of money that it tells, in
    kUSD."""
    sense = read_heading(heading, columns)
    told = sense.unit.scale is not None or sense.unit.currency == "USD"
    return sense.name, sense.rank, 0.001 * (sense.unit.scale or 1.0) if told else None


def _words(marked: str) -> list[str]:
    return [word for word in plain(marked).split("_") if word]


def _unit(heading: str) -> Unit:
    return take_units(_words(spelt(heading)))[0]


def _percent(marked: str) -> bool:
    return any(word in PERCENT for word in _words(marked))


@lru_cache(maxsize=32)
def _index(columns: tuple[tuple[str, Column], ...]) -> tuple[dict[str, tuple[str, int]], dict[str, tuple[str, int]]]:
    """Return which column each name means: by the whole name, and by its telling words."""
    exact: dict[str, tuple[str, int]] = {}
    loose: dict[str, tuple[str, int]] = {}
    for name, column in columns:
        for rank, word in enumerate(column.names):
            exact.setdefault(word, (name, rank))
            loose.setdefault("_".join(part for part in word.split("_") if part not in _FILL), (name, rank))
    return exact, loose


def _refuse_near_misses(header: Header, columns: dict[str, Column], file: str, left_out: set[str]) -> None:
    missing = [
        word for name, column in columns.items() if name not in header.found and (name in MATTERS or name not in COLUMNS)
        for word in column.names if len(word) > 3
    ]  # fmt: skip
    for heading in header.unused:
        word = plain(heading)
        near = difflib.get_close_matches(word, missing, 1, NEAR)
        if near and word not in left_out:
            way = door(command=f"--ignore {heading}", python=f"ignore=[{heading!r}]")
            hint = _("Did you mean {name!r}? Rename it, or leave it out with {way}", name=near[0], way=way)
            raise InputError(file, clip(heading), _("is not a column that is known here."), hint, 1)
