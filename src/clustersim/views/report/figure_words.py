"""The texts of a comparison's figures, in English and Spanish."""

from __future__ import annotations

TEXTS = {
    "against": ("Options against {base}", "Opciones frente a {base}"),
    "bands_note": (
        "Intervals and bands show chance between simulations, not uncertainty about the model itself.",
        "Los intervalos y las bandas muestran el azar entre simulaciones, no la incertidumbre sobre el propio modelo.",
    ),
    "title_forest": ("What each option changes by the end", "Qué cambia cada opción al final"),
    "title_risk": ("Best and worst cases", "Mejores y peores casos"),
    "title_phases": ("Life-cycle phase of each option", "Fase del ciclo de vida de cada opción"),
    "title_trajectories": ("Options over time", "Las opciones en el tiempo"),
    "title_paired": ("Differences to the baseline over time", "Diferencias con la base en el tiempo"),
    "title_who": ("Who gains jobs", "Quién gana empleo"),
    "title_chain": ("From trust to jobs", "De la confianza al empleo"),
    "title_money": ("Public money over time", "Dinero público en el tiempo"),
    "note_forest": (
        "Dot: mean difference to the baseline. Thick bar: its 90 % interval. Thin line: the middle 80 % of single simulations.",
        "Punto: diferencia media con la base. Barra gruesa: su intervalo del 90 %. Línea fina: el 80 % central de las "
        "simulaciones.",
    ),
    "note_risk": (
        "Single cases in order of their difference in jobs; shaded: the worst tenth.",
        "Casos individuales ordenados por su diferencia de empleo; sombreado: el peor 10 %.",
    ),
    "note_phases": (
        "Height of a colour: share of the simulations in that phase; black lines: where the most frequent phase changes.",
        "Altura de un color: proporción de simulaciones en esa fase; líneas negras: donde cambia la fase más frecuente.",
    ),
    "note_trajectories": (
        "Line: median. Band (up to three options): the middle 80 % of the simulations. Equal options lie on one another.",
        "Línea: mediana. Banda (hasta tres opciones): el 80 % central de las simulaciones. Las opciones iguales se superponen.",
    ),
    "note_paired": (
        "Line: mean difference to the baseline between simulations with the same draws. Dark band: its 90 % interval; light "
        "band: the middle 80 % of single simulations.",
        "Línea: diferencia media con la base entre simulaciones con los mismos sorteos. Banda oscura: su intervalo del 90 %; "
        "banda clara: el 80 % central de las simulaciones.",
    ),
    "note_who": (
        "Dot: mean difference to the baseline. Thick bar: its 90 % interval. Thin line: the middle 80 % of single simulations. "
        "Classes are those at the end: a firm that grows moves to the next.",
        "Punto: diferencia media con la base. Barra gruesa: su intervalo del 90 %. Línea fina: el 80 % central de las "
        "simulaciones. Las clases son las del final: una empresa que crece pasa a la siguiente.",
    ),
    "note_chain": (
        "Line: mean difference to the baseline between simulations with the same draws. Band: its 90 % interval.",
        "Línea: diferencia media con la base entre simulaciones con los mismos sorteos. Banda: su intervalo del 90 %.",
    ),
    "note_money": (
        "Line: mean of the simulations. Band: their middle 80 %. Not discounted.",
        "Línea: promedio de las simulaciones. Banda: su 80 % central. Sin descontar.",
    ),
    "axis_risk_title": ("Difference in jobs at the end, case by case", "Diferencia de empleo al final, caso por caso"),
    "axis_jobs": ("jobs", "empleos"),
    "axis_replicates": (
        "simulations in order of their difference (%, of {n})",
        "simulaciones ordenadas por su diferencia (%, de {n})",
    ),
    "axis_worlds": (
        "uncertain worlds in order of their difference (%, of {n})",
        "mundos inciertos ordenados por su diferencia (%, de {n})",
    ),
    "axis_money_title": ("Public spending a year", "Gasto público al año"),
    "unit_employment": ("jobs", "empleos"),
    "unit_firms": ("firms", "empresas"),
    "unit_sales": ("million USD a year", "millones de USD al año"),
    "unit_exports": ("million USD a year", "millones de USD al año"),
    "unit_productivity": ("thousand USD per person and year", "miles de USD por persona y año"),
    "unit_trust": ("0 to 1", "0 a 1"),
    "unit_linked_share": ("% of firms", "% de las empresas"),
    "unit_vision": ("0 to 1", "0 a 1"),
    "unit_projects_succeeded": ("projects a year", "proyectos al año"),
    "unit_knowledge": ("log points", "puntos logarítmicos"),
    # what a figure shows, for those who do not see it
    "alt_forest": (
        "Differences to {base} at the end, as dots with intervals, for jobs, sales, exports and productivity. {facts}",
        "Diferencias con {base} al final, como puntos con intervalos, en empleo, ventas, exportaciones y productividad. {facts}",
    ),
    "alt_risk": (
        "Curves of single cases in order of their difference in jobs to {base}. {facts}",
        "Curvas de casos individuales ordenados por su diferencia de empleo con {base}. {facts}",
    ),
    "alt_phases": (
        "Stacked areas, one strip for each option: share of simulations in each life-cycle phase from {first} to {last}. "
        "{facts}",
        "Áreas apiladas, una franja por opción: proporción de simulaciones en cada fase del ciclo de vida de {first} a {last}. "
        "{facts}",
    ),
    "alt_trajectories": (
        "Six line charts from {first} to {last}: jobs, firms, sales, exports, productivity and trust, one line for each "
        "option. {facts}",
        "Seis gráficos de líneas de {first} a {last}: empleo, empresas, ventas, exportaciones, productividad y confianza, una "
        "línea por opción. {facts}",
    ),
    "alt_paired": (
        "Six line charts from {first} to {last}: differences to {base} in jobs, firms, sales, exports, productivity and trust. "
        "{facts}",
        "Seis gráficos de líneas de {first} a {last}: diferencias con {base} en empleo, empresas, ventas, exportaciones, "
        "productividad y confianza. {facts}",
    ),
    "alt_who": (
        "Differences in jobs to {base} by group of firms, as dots with intervals. {facts}",
        "Diferencias de empleo con {base} por grupo de empresas, como puntos con intervalos. {facts}",
    ),
    "alt_chain": (
        "Six line charts from {first} to {last}: differences to {base} in trust, cooperating firms, vision, projects, "
        "knowledge and jobs. {facts}",
        "Seis gráficos de líneas de {first} a {last}: diferencias con {base} en confianza, empresas que cooperan, visión, "
        "proyectos, conocimiento y empleo. {facts}",
    ),
    "alt_money": (
        "Line chart of public spending a year from {first} to {last}. {facts}",
        "Gráfico de líneas del gasto público anual de {first} a {last}. {facts}",
    ),
    "fact_jobs": ("{option}: {value} jobs on average at the end.", "{option}: {value} empleos en promedio al final."),
    "fact_difference": ("{option}: {value} jobs on average.", "{option}: {value} empleos en promedio."),
    "fact_phase": ("{option}: most often in {phase} at the end.", "{option}: al final, lo más frecuente es {phase}."),
    "fact_cost": ("{option}: {value} in all, not discounted.", "{option}: {value} en total, sin descontar."),
}
