"""The texts of the report, in English and Spanish; plain words first, terms explained where they stand."""

from __future__ import annotations

from clustersim.views.report import figure_words, page_words

TEXTS = {
    # head
    "kind": ("Comparison of programmes for an industrial cluster", "Comparación de programas para un clúster industrial"),
    "kind_run": ("One scenario of an industrial cluster", "Un escenario de un clúster industrial"),
    "heading": ("{best}: does it help?", "{best}: ¿ayuda?"),
    "heading_many": ("Which of {n} programmes helps most?", "¿Cuál de {n} programas ayuda más?"),
    "subtitle": ("{options} · {years} from {start} · {n} of each", "{options} · {years} desde {start} · {n} de cada una"),
    "subtitle_run": ("{years} from {start} · {n}", "{years} desde {start} · {n}"),
    "contents": ("Contents", "Contenido"),
    # sections
    "answer": ("The answer", "La respuesta"),
    "options": ("The options side by side", "Las opciones lado a lado"),
    "chances": ("Chance that one option beats another", "Probabilidad de que una opción supere a otra"),
    "risk": ("Risk and regret", "Riesgo y arrepentimiento"),
    "time": ("Over time", "En el tiempo"),
    "who": ("Who gains, and at whose expense", "Quién gana y a costa de quién"),
    "chain": ("Where the change comes from", "De dónde viene el cambio"),
    "ranking": ("What would change the ranking", "Qué cambiaría el orden"),
    "assumptions": ("Assumptions and their sources", "Supuestos y sus fuentes"),
    "provenance": ("How this was made", "Cómo se hizo"),
    # answer
    "key_jobs": ("jobs after {years}, against {base}", "empleos al cabo de {years}, frente a {base}"),
    "key_chance": ("chance of ending with more jobs", "probabilidad de terminar con más empleo"),
    "key_cost": ("of public money, discounted at {rate} a year", "de dinero público, descontado al {rate} anual"),
    "key_per": ("jobs per million USD of public money", "empleos por millón de USD de dinero público"),
    "interval_short": ("90 % interval: {interval}", "intervalo del 90 %: {interval}"),
    "none_sure": ("not sure", "no es seguro"),
    "equal_runs": ("equal in all {n}", "igual en las {n}"),
    "same": (
        "“{a}” and “{b}” gave exactly the same outcomes in every simulation: nothing that matters to the model differs between "
        "them.",
        "«{a}» y «{b}» dieron exactamente los mismos resultados en todas las simulaciones: nada que importe al modelo las "
        "distingue.",
    ),
    # options table
    "measure": ("Measure", "Medida"),
    "option": ("Option", "Opción"),
    "baseline": ("baseline", "base"),
    "options_lead": (
        "“{base}” is the baseline. Its column shows averages; the others show the difference to it, with the 90 % interval of "
        "that difference in brackets. An interval that includes zero means: no sure difference.",
        "«{base}» es la base de comparación. Su columna muestra promedios; las demás, la diferencia con ella y, entre "
        "paréntesis, el intervalo del 90 % de esa diferencia. Un intervalo que incluye el cero significa: sin diferencia "
        "segura.",
    ),
    "jobs_per_million": ("Jobs per million USD of public money", "Empleos por millón de USD de dinero público"),
    "job_years_per_million": ("Job-years per million USD, discounted", "Años-empleo por millón de USD, descontados"),
    "cost_per_job": ("Public cost per additional job", "Costo público por empleo adicional"),
    "cost_per_job_improved": (
        "Public cost per job improved, net of jobs worsened",
        "Costo público por empleo mejorado, descontados los empeorados",
    ),
    "improved_unsure": ("not given: a net improvement is not sure", "no se da: no es segura una mejora neta"),
    "improved_loses": ("not given: more jobs worsen than improve", "no se da: empeoran más empleos de los que mejoran"),
    "rate_unpaired": ("not defined: the simulations are not paired", "no definido: las simulaciones no son pareadas"),
    "no_cost": ("spends no more", "no gasta más"),
    "rate_mixed": ("none: the places differ", "no hay: los lugares difieren"),
    "cost_unsure": ("not given: more jobs are not sure", "no se da: no es seguro que haya más empleo"),
    "cost_loses": ("not given: it loses jobs", "no se da: se pierde empleo"),
    "rate_unsure": ("not defined", "no definido"),
    "time_to_effect": ("First year of a lasting effect on jobs", "Primer año con efecto duradero en el empleo"),
    "year_n": ("year {n}", "año {n}"),
    "no_effect": ("none that is sure", "ninguno seguro"),
    "association_row": ("Association alive at the end", "Asociación viva al final"),
    "reach_row": ("Reaches {phase} within {n} years", "Llega {phase} en {n} años"),
    "phase_development": ("development", "al desarrollo"),
    "phase_maturity": ("maturity", "a la madurez"),
    "chance_lead": (
        "Share of the simulations in which it happens, with the interval of that share in brackets (90 %, Wilson).",
        "Proporción de simulaciones en que ocurre y, entre paréntesis, el intervalo de esa proporción (90 %, Wilson).",
    ),
    "reach_caption": (
        "Chance that the association is alive and that phases are reached in time",
        "Probabilidad de que la asociación siga viva y de que se alcancen las fases a tiempo",
    ),
    "effects_caption": ("Effects and costs of each option", "Efectos y costos de cada opción"),
    # chances
    "matrix_lead": (
        "Each cell: the chance that the option of the row ends with more jobs than the option of the column, from simulations "
        "with the same random draws. All or none of a finite number of simulations is never certainty, so “over” and “under” "
        "stand there.",
        "Cada celda: la probabilidad de que la opción de la fila termine con más empleo que la de la columna, según "
        "simulaciones con los mismos sorteos aleatorios. Que ocurra en todas las simulaciones, o en ninguna, no es certeza: "
        "por eso «más del» y «menos del».",
    ),
    "matrix_caption": (
        "Chance that the row ends with more jobs than the column",
        "Probabilidad de que la fila termine con más empleo que la columna",
    ),
    # risk
    "risk_lead_replicates": (
        "Over the {n} simulations, which differ only by chance. Regret is how many jobs are forgone by choosing an option "
        "where another would have ended with more; cost is not part of it. For uncertainty about the model's parameters, "
        "compare with --worlds.",
        "Sobre las {n} simulaciones, que solo difieren por azar. El arrepentimiento es el empleo al que se renuncia por elegir "
        "una opción donde otra habría terminado con más; no incluye el costo. Para la incertidumbre sobre los parámetros del "
        "modelo, compare con --worlds.",
    ),
    "risk_lead_worlds": (
        "Over {n} uncertain worlds: {k} parameters of the model drawn together from ranges around their values, the same draws "
        "for all options. Each holds {each} simulations, so part of what differs between worlds is chance. Regret is how many "
        "jobs are forgone by choosing an option where another would have ended with more; cost is not part of it.",
        "Sobre {n} mundos inciertos: {k} parámetros del modelo sorteados a la vez en rangos alrededor de sus valores, los "
        "mismos para todas las opciones. Cada uno tiene {each} simulaciones, de modo que parte de lo que difiere entre mundos es "
        "azar. El arrepentimiento es el empleo al que se renuncia por elegir una opción donde otra habría terminado con más; no "
        "incluye el costo.",
    ),
    "risk_caption": ("Risk of each option, in jobs at the end", "Riesgo de cada opción, en empleos al final"),
    "loses": ("Chance of fewer jobs than the baseline", "Probabilidad de menos empleo que la base"),
    "worst_difference": ("Difference in its worst tenth", "Diferencia en su peor 10 %"),
    "best_difference": ("Difference in its best tenth", "Diferencia en su mejor 10 %"),
    "worst_jobs": ("Jobs in its worst tenth", "Empleo en su peor 10 %"),
    "regret_mean": ("Regret, mean", "Arrepentimiento medio"),
    "chance_share": ("Part of the differences between worlds that is chance (of their variance)",
                     "Parte de las diferencias entre mundos que es azar (de su varianza)"),
    "regret_most": ("Regret, at most", "Arrepentimiento máximo"),
    # time
    "phases_lead": (
        "A cluster passes through phases: agglomeration, creation, development, maturity, and then transformation or decline. "
        "The height of a colour is the share of simulations in that phase.",
        "Un clúster pasa por fases: aglomeración, creación, desarrollo, madurez y luego transformación o declive. La altura de "
        "un color es la proporción de simulaciones en esa fase.",
    ),
    "lead_money": ("What is spent, and when.", "Qué se gasta y cuándo."),
    # who
    "who_lead": (
        "Difference in jobs by who employs them at the end. A firm that grows moves to the next class, so a class can lose "
        "what the next one gains.",
        "Diferencia de empleo según quién lo da al final. Una empresa que crece pasa a la clase siguiente, de modo que una "
        "clase puede perder lo que gana la otra.",
    ),
    "who_caption": ("Jobs by group of firms at the end", "Empleo por grupo de empresas al final"),
    "improved_lead": (
        "Jobs improved: jobs in firms that are alive at the end both in the option and in the baseline, and whose value added "
        "per person (wages and profit of the last quarter) is at least {least} above what it is in the baseline. Jobs "
        "worsened: at least {least} below. Chance alone makes some of both once two histories part, so the last row is what "
        "the option did. The {least} are assumed.",
        "Empleos mejorados: los de empresas vivas al final tanto en la opción como en la base, cuyo valor agregado por persona "
        "(salarios y beneficio del último trimestre) supera al menos en {least} al que tienen en la base. Empleos empeorados: "
        "queda al menos {least} por debajo. El azar por sí solo produce algunos de ambos cuando dos historias se separan, de "
        "modo que la última fila es lo que hizo la opción. El {least} es un supuesto.",
    ),
    "improved_caption": ("Jobs improved and worsened", "Empleos mejorados y empeorados"),
    "displacement_lead": (
        "Displacement: what the cluster sells at home beyond the baseline is taken from other firms of the country, which face "
        "the same market in both simulations. The model has no firms outside the cluster, so the figure is an upper bound: it "
        "counts all additional home orders as taken, also those that replace imports.",
        "Desplazamiento: lo que el clúster vende de más en el mercado interno se lo quita a otras empresas del país, que "
        "enfrentan el mismo mercado en ambas simulaciones. El modelo no tiene empresas fuera del clúster, de modo que la cifra "
        "es una cota superior: cuenta como quitados todos los pedidos internos adicionales, también los que sustituyen "
        "importaciones.",
    ),
    "displacement_caption": (
        "Jobs gained here and lost elsewhere, at most",
        "Empleos ganados aquí y perdidos en otra parte, como máximo",
    ),
    "gained": ("Jobs gained in the cluster", "Empleos ganados en el clúster"),
    "displaced": ("Jobs lost elsewhere, at most", "Empleos perdidos en otra parte, como máximo"),
    "net": ("Left for the country, at least", "Saldo para el país, como mínimo"),
    # chain
    "chain_lead": (
        "The model works through a chain: trust, ties, shared vision, joint projects, knowledge, jobs. When a link first "
        "moves, and how strongly, shows how a programme works. Strength is in standard deviations of the baseline's "
        "simulations, so that links compare.",
        "El modelo actúa por una cadena: confianza, vínculos, visión compartida, proyectos conjuntos, conocimiento, empleo. "
        "Cuándo se mueve cada eslabón, y con qué fuerza, muestra cómo actúa un programa. La fuerza se mide en desviaciones "
        "típicas de las simulaciones de la base, para poder comparar eslabones.",
    ),
    "chain_caption": ("The chain from trust to jobs: {option}", "La cadena de la confianza al empleo: {option}"),
    "link": ("Link", "Eslabón"),
    "first_moved": ("First sure change", "Primer cambio seguro"),
    "peak": ("Strongest, in standard deviations", "Máximo, en desviaciones típicas"),
    "peak_at": ("{value} in year {n}", "{value} en el año {n}"),
    "end_scaled": ("At the end (same unit)", "Al final (misma unidad)"),
    "end_change": ("Change at the end (90 %)", "Cambio al final (90 %)"),
    # ranking
    "ranking_lead": (
        "Who leads under other yardsticks, times and discount rates. “Surely” means that the 90 % interval of the difference "
        "between the first and the next lies above zero.",
        "Quién va primero según otras medidas, plazos y tasas de descuento. «Seguro» significa que el intervalo del 90 % de la "
        "diferencia entre el primero y el siguiente queda por encima de cero.",
    ),
    "ranking_same": (
        "No yardstick in this table surely puts another option before {leader}.",
        "Ninguna medida de esta tabla pone con seguridad otra opción por delante de {leader}.",
    ),
    "ranking_changes": (
        "The leader changes if the yardstick is: {which}.",
        "Quien va primero cambia si la medida es: {which}.",
    ),
    "ranking_caption": ("Order of the options by yardstick", "Orden de las opciones según la medida"),
    "yardstick": ("Yardstick", "Medida"),
    "order": ("Order", "Orden"),
    "sure": ("Is the leader sure?", "¿Es seguro el primero?"),
    "surely": ("surely", "seguro"),
    "not_surely": ("not surely", "no es seguro"),
    "no_interval": ("no interval", "sin intervalo"),
    "tie": ("equal", "igual"),
    "yard_jobs": ("Jobs at the end", "Empleo al final"),
    "yard_jobs_after": ("Jobs after {n} years", "Empleo al cabo de {n} años"),
    "yard_job_years": ("Job-years discounted at {rate}", "Años-empleo descontados al {rate}"),
    "yard_worst_tenth": ("Jobs in the worst tenth", "Empleo en el peor 10 %"),
    "yard_jobs_in_worlds": ("Jobs over the uncertain worlds", "Empleo en los mundos inciertos"),
    "drivers_lead": (
        "Parameters whose value goes most with the difference in jobs of {option} over the uncertain worlds (rank "
        "correlation). {beyond}",
        "Parámetros cuyo valor va más unido a la diferencia de empleo de {option} en los mundos inciertos (correlación de "
        "rangos). {beyond}",
    ),
    "drivers_some": (
        "Those marked stand out from what chance gives among so many parameters.",
        "Los marcados destacan de lo que da el azar entre tantos parámetros.",
    ),
    "drivers_none": (
        "None stands out from what chance gives among so many parameters; more worlds are needed.",
        "Ninguno destaca de lo que da el azar entre tantos parámetros; hacen falta más mundos.",
    ),
    "drivers_caption": ("Parameters that matter most: {option}", "Parámetros que más importan: {option}"),
    "parameter": ("Parameter", "Parámetro"),
    "correlation": ("Rank correlation", "Correlación de rangos"),
    "stands_out": ("Stands out", "Destaca"),
    "yes": ("yes", "sí"),
    "no": ("no", "no"),
}


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    for texts in (TEXTS, figure_words.TEXTS, page_words.TEXTS):
        if key in texts:
            return texts[key][lang == "es"].format(**values)
    raise KeyError(key)
