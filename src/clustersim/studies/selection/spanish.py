"""The Spanish of what the criteria are computed by and what they need."""

from __future__ import annotations

SPANISH = {
    # formulas from a register
    "start year - 10th percentile of the years in which firms were founded":
        "año inicial - percentil 10 de los años de fundación de las empresas",
    "with the nation's exports: (exports / exports of all candidates) / (the same in the nation) (Balassa 1965); without: "
    "exports / sales of firms that give both":
        "con las exportaciones de la nación: (exportaciones / exportaciones de todos los candidatos) / (lo mismo en la nación) "
        "(Balassa 1965); sin ellas: exportaciones / ventas de las empresas que dan ambas",
    "sum of employees over firms that give them, plus indirect jobs where facts give them":
        "suma de empleados de las empresas que los dan, más los empleos indirectos donde se dan",
    "sales / the nation's sales, or those of all candidates": "ventas / ventas de la nación, o de todos los candidatos",
    "mean of the yearly growth of jobs since an earlier register and of world demand, as far as each is given":
        "media del crecimiento anual del empleo desde un registro anterior y de la demanda mundial, según lo que se dé",
    "employees in foreign-owned firms / employees in firms whose owner is known, times the share of medium or high technology "
    "where facts give it":
        "empleados en empresas de capital extranjero / empleados en empresas de capital conocido, por la proporción de "
        "tecnología media o alta donde se da",
    "growth of world demand * (1 - experience / largest experience)":
        "crecimiento de la demanda mundial * (1 - experiencia / mayor experiencia)",
    "tractor firms whose register says that they are willing": "empresas tractoras que el registro declara dispuestas",
    "firms": "empresas",
    "with the nation's employment: location quotient = (jobs / jobs of all candidates) / (the same in the nation); without: "
    "firms / area of the circle that holds 95 % of them":
        "con el empleo de la nación: coeficiente de localización = (empleo / empleo de todos los candidatos) / (lo mismo en la "
        "nación); sin él: empresas / área del círculo que contiene al 95 %",
    "segments of the activity map that have firms": "segmentos del mapa de actividades que tienen empresas",
    "firms that export / firms that say whether they do (a lower bound: sales elsewhere in the nation are not known)":
        "empresas que exportan / empresas que dicen si lo hacen (cota inferior: no se conocen las ventas en el resto del país)",
    # formulas from a run
    "90th percentile of the age of firms at the end": "percentil 90 de la edad de las empresas al final",
    "exports / sales at the end": "exportaciones / ventas al final",
    "jobs at the end": "empleo al final",
    "inputs bought in the cluster / all inputs at the end": "insumos comprados en el clúster / todos los insumos al final",
    "sales / sales of all clusters at the end": "ventas / ventas de todos los clústeres al final",
    "yearly growth of jobs over the last five years": "crecimiento anual del empleo en los últimos cinco años",
    "tractor firms that are members at the end": "empresas tractoras que son miembros al final",
    "joint projects started in the run / 100 firms at the end":
        "proyectos conjuntos iniciados en la corrida / 100 empresas al final",
    "years of the run in which an association existed": "años de la corrida con una asociación",
    "firms at the end": "empresas al final",
    "location quotient at the end": "coeficiente de localización al final",
    "segments that have firms at the end": "segmentos con empresas al final",
    "firms that export / firms at the end": "empresas que exportan / empresas al final",
    # what is needed
    "a column year founded": "una columna de año de fundación",
    "columns sales and exports, or --nation with exports": "columnas de ventas y exportaciones, o --nation con exportaciones",
    "a column employees": "una columna de empleados",
    "--facts with a column domestic_value_added": "--facts con una columna valor_agregado_nacional",
    "a column sales": "una columna de ventas",
    "--before with an earlier register, or --facts with a column growth or world_growth":
        "--before con un registro anterior, o --facts con una columna crecimiento o crecimiento_mundial",
    "columns employees and foreign-owned": "columnas de empleados y de capital extranjero",
    "--facts with a column world_growth, and a column year founded":
        "--facts con una columna crecimiento_mundial, y una columna de año de fundación",
    "a column willing, or --facts with a column tractor_firms_willing":
        "una columna dispuesta, o --facts con una columna empresas_tractoras_dispuestas",
    "--facts with a column coordination_experience": "--facts con una columna experiencia_de_coordinacion",
    "--facts with a column guild_experience": "--facts con una columna experiencia_gremial",
    "--nation with employees, or places of firms": "--nation con empleados, o la ubicación de las empresas",
    "--activity-map with segments": "--activity-map con segmentos",
    "a column exports": "una columna de exportaciones",
    "a run with --records firms": "una corrida con --records firms",
    "the model does not hold it": "el modelo no lo contiene",
}  # fmt: skip


def translate(text: str, lang: str) -> str:
    """Return a formula or a need in a language."""
    return SPANISH[text] if lang == "es" and text else text
