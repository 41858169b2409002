"""The texts of the report's last sections and of the page of a single run, in English and Spanish."""

from __future__ import annotations

TEXTS = {
    # assumptions
    "assumptions_lead": (
        "The forms of the model come from the literature; most values do not and are assumed. Of {n} parameters, {assumed} are "
        "assumed and {sourced} have a source. Sources of the model and of the scenarios are given in the language in which "
        "they were written.",
        "Las formas del modelo provienen de la literatura; la mayoría de los valores no, y se suponen. De {n} parámetros, "
        "{assumed} son supuestos y {sourced} tienen fuente. Las fuentes del modelo y de los escenarios se dan en el idioma en "
        "que fueron escritas.",
    ),
    "scenario_sources": ("Values of “{option}” and their sources", "Valores de «{option}» y sus fuentes"),
    "differs": ("What “{option}” changes against “{base}”", "Qué cambia «{option}» frente a «{base}»"),
    "programme_of": ("The programme of “{option}”", "El programa de «{option}»"),
    "no_programme": ("none; the place is left to itself.", "ninguno; el lugar queda librado a sí mismo."),
    "stage": ("Stage", "Etapa"),
    "instrument": ("Instrument", "Instrumento"),
    "per_year": ("Thousand USD a year", "Miles de USD al año"),
    "when": ("When, after the stage begins", "Cuándo, desde el inicio de la etapa"),
    "quarters_span": ("quarters {first} to {last}", "trimestres {first} a {last}"),
    "tapers": (", then tapering off", ", luego decreciente"),
    "each_stage": ("each", "cada una"),
    "steered": (
        "steers the money of the others every {span} ({values})", "dirige el dinero de los demás cada {span} ({values})",
    ),
    "evaluated_every": (
        "every {span}; the money is multiplied by {keep} where {what} has risen by less than {gain}",
        "cada {span}; el dinero se multiplica por {keep} donde {what} subió menos de {gain}",
    ),
    "gate_climate": ("generalised trust", "la confianza generalizada"),
    "gate_linked": ("the share of firms with a cooperative tie", "la proporción de empresas con un vínculo cooperativo"),
    "gate_vision": ("shared vision", "la visión compartida"),
    "gate_members": ("the number of members", "el número de socias"),
    "gate_component": ("the linked core's share of firms", "la proporción de empresas en el núcleo vinculado"),
    "gate_formal": ("the existence of an association", "la existencia de una asociación"),
    "gate_private": ("private seats on the board", "la parte privada de la junta"),
    "value": ("Value", "Valor"),
    "source": ("Source", "Fuente"),
    "assumed": ("assumed", "supuesto"),
    "key": ("Key", "Clave"),
    "parameters_caption": ("Parameters of the model as they ran", "Parámetros del modelo tal como se usaron"),
    "parameters_open": ("All {n} parameters with their sources", "Los {n} parámetros con sus fuentes"),
    "unit": ("Unit", "Unidad"),
    "range": ("Plausible range", "Rango plausible"),
    "set_here": ("set by the scenario", "fijado por el escenario"),
    # provenance
    "command": ("The command that makes this comparison again", "El comando que repite esta comparación"),
    "command_report": ("and this page", "y esta página"),
    "made_in_python": (
        "Options that were made in Python have no file that the command could name; their scenarios are in comparison.json.",
        "Las opciones hechas en Python no tienen archivo que el comando pueda nombrar; sus escenarios están en comparison.json.",
    ),
    "made_on": ("Made", "Hecho"),
    "versions": ("Versions", "Versiones"),
    "plugin": ("Plugin, hash of its code, what it brings", "Complemento, hash de su código, lo que aporta"),
    "model_code": ("Model code (hash of its sources)", "Código del modelo (hash de sus fuentes)"),
    "machine": ("Machine", "Máquina"),
    "machine_of": (
        "{system}, {architecture}, {processors} processors, memory {memory}",
        "{system}, {architecture}, {processors} procesadores, memoria {memory}",
    ),
    "seconds": ("Computing time", "Tiempo de cálculo"),
    "seconds_of": ("{n} s", "{n} s"),
    "seed": ("Seed", "Semilla"),
    "glossary": ("How to read the numbers", "Cómo leer los números"),
    "term_simulation": ("Simulation (replicate)", "Simulación (réplica)"),
    "def_simulation": (
        "One possible history of the place. The same number means the same random draws in every option, so that two options "
        "differ only by what the programme changes.",
        "Una historia posible del lugar. El mismo número significa los mismos sorteos aleatorios en todas las opciones, de "
        "modo que dos opciones solo difieren por lo que cambia el programa.",
    ),
    "term_interval": ("90 % interval", "Intervalo del 90 %"),
    "def_interval": (
        "How well this number of simulations pins down an average (bootstrap over simulations). It shrinks with more "
        "simulations and does not say where a single history falls.",
        "Con qué precisión fija un promedio este número de simulaciones (bootstrap sobre simulaciones). Se estrecha con más "
        "simulaciones y no dice dónde cae una historia en particular.",
    ),
    "term_band": ("Band (10 to 90 %)", "Banda (10 a 90 %)"),
    "def_band": ("Where the middle 80 % of single histories fall.", "Dónde cae el 80 % central de las historias."),
    "term_discount": ("Discounting", "Descuento"),
    "def_discount": (
        "Money and job-years count less the later they come: {rate} a year, from the start.",
        "El dinero y los años-empleo cuentan menos cuanto más tarde llegan: {rate} anual, desde el inicio.",
    ),
    "term_model": ("What no band shows", "Lo que ninguna banda muestra"),
    "def_model": (
        "Whether the model is right. It is for comparing options, not for forecasting.",
        "Si el modelo es correcto. Sirve para comparar opciones, no para pronosticar.",
    ),
    # tables behind charts
    "data_behind": ("Data behind this chart", "Datos de este gráfico"),
    "download": ("Download as CSV", "Descargar como CSV"),
    "year": ("Year", "Año"),
    "every": ("every {n} years", "cada {n} años"),
    "cell_median": ("median (10–90 %)", "mediana (10–90 %)"),
    "cell_mean": ("mean difference (90 % interval)", "diferencia media (intervalo 90 %)"),
    "cell_share": ("% of the simulations", "% de las simulaciones"),
    "cell_runs": ("difference in jobs by share of cases", "diferencia de empleo según proporción de casos"),
    "share_of_cases": ("Share of cases below (%)", "Proporción de casos por debajo (%)"),
    "cell_spending": ("thousand USD, mean (10–90 %)", "miles de USD, promedio (10–90 %)"),
    # a single run
    "run_answer": (
        "{jobs} jobs after {years}: the middle of {n} simulated histories of “{title}”, which began with {start}; the middle "
        "80 % of them end between {low} and {high}.",
        "{jobs} empleos al cabo de {years}: es el valor central de {n} historias simuladas de «{title}», que empezó con "
        "{start}; el 80 % central de ellas termina entre {low} y {high}.",
    ),
    "run_answer_one": (
        "{jobs} jobs after {years} in the one simulated history of “{title}”, which began with {start}: one of many possible "
        "histories.",
        "{jobs} empleos al cabo de {years} en la única historia simulada de «{title}», que empezó con {start}: una de muchas "
        "historias posibles.",
    ),
    "run_reach": (
        "The chance that the cluster reaches the phase of development in that time is {chance}; public money spent is {money} "
        "in the middle of the histories.",
        "La probabilidad de que el clúster llegue a la fase de desarrollo en ese tiempo es {chance}; el valor central del "
        "dinero público gastado es de {money}.",
    ),
    "run_rests": (
        "Rests on {n} of one scenario with one set of parameters (seed {seed}); it compares nothing, so it does not say what a "
        "programme changes: for that, use clustersim compare. Bands show chance between simulations, not uncertainty about the "
        "model itself.",
        "Se basa en {n} de un escenario con un solo juego de parámetros (semilla {seed}); no compara nada, así que no dice qué "
        "cambia un programa: para eso, use clustersim compare. Las bandas muestran el azar entre simulaciones, no la "
        "incertidumbre sobre el propio modelo.",
    ),
    "milestones": ("Phases reached", "Fases alcanzadas"),
    "milestone": ("Phase", "Fase"),
    "milestone_share": ("Chance to reach it", "Probabilidad de alcanzarla"),
    "milestone_years": ("After years, median (10–90 %)", "Tras años, mediana (10–90 %)"),
    "indicators": ("Key indicators", "Indicadores clave"),
    "indicator": ("Indicator", "Indicador"),
    "first_quarter": ("First quarter, median", "Primer trimestre, mediana"),
    "end_median": ("End, median (10–90 %)", "Final, mediana (10–90 %)"),
    "cluster": ("Cluster {name}", "Clúster {name}"),
    "all_clusters_pooled": ("All clusters pooled", "Todos los clústeres juntos"),
    "key_jobs_run": ("jobs after {years}, middle of the simulations", "empleos al cabo de {years}, centro de las simulaciones"),
    "key_reach": ("chance of reaching development", "probabilidad de llegar al desarrollo"),
    "key_spent": ("of public money, not discounted", "de dinero público, sin descontar"),
    "alt_run": (
        "{figure} of “{title}”. The data follow in tables: {tables}.",
        "{figure} de «{title}». Los datos siguen en tablas: {tables}.",
    ),
    "run_changed": (
        "Values changed with --set are part of the result but not of this command; they are listed in run.json.",
        "Los valores cambiados con --set forman parte del resultado, pero no de este comando; constan en run.json.",
    ),
    "run_command": ("The command that makes this run again", "El comando que repite esta simulación"),
    "spending": ("Money", "Dinero"),
    "spending_caption": ("Money by instrument over the whole time", "Dinero por instrumento en todo el período"),
    "public": ("Public, thousand USD, mean", "Público, miles de USD, promedio"),
    "private": ("Private, thousand USD, mean", "Privado, miles de USD, promedio"),
    "no_spending": ("No programme: no public money is spent.", "Sin programa: no se gasta dinero público."),
}
