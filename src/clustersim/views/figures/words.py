"""The texts of the figures in English and Spanish; names of indicators and instruments come from their declarations."""

from __future__ import annotations

from clustersim.core.words import said_in, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.policy.instruments.base import EVALUATION
from clustersim.views.catalogue import label

LANGUAGES = ("en", "es")

PHASE_NAMES = {
    "agglomeration": ("Agglomeration", "Aglomeración"),
    "creation": ("Creation", "Creación"),
    "development": ("Development", "Desarrollo"),
    "maturity": ("Maturity", "Madurez"),
    "transformation": ("Transformation", "Transformación"),
    "decline": ("Decline", "Declive"),
    "museum": ("Museum", "Museo"),
    "renaissance": ("Renaissance", "Renacimiento"),
    "dissolved": ("Dissolved", "Disuelto"),
}

TEXTS = {
    "evaluation": ("Evaluation", "Evaluación"),
    # titles
    "phase_strip": ("Life-cycle phase", "Fase del ciclo de vida"),
    "life_cycle": ("Life-cycle curve", "Curva del ciclo de vida"),
    "trust_and_ties": ("Trust and ties", "Confianza y vínculos"),
    "firms_and_jobs": ("Firms and jobs", "Empresas y empleo"),
    "knowledge": ("Knowledge and diversity", "Conocimiento y diversidad"),
    "money_by_source": ("Money by source", "Dinero por origen"),
    "map_and_network": ("Map and network by phase", "Mapa y red por fase"),
    # whose
    "all_clusters": ("all {n} clusters", "los {n} clústeres"),
    "first_of": ("first {k} of {n} clusters", "primeros {k} de {n} clústeres"),
    "made_with": (
        "clustersim {version} · seed {seed} · {replicates}",
        "clustersim {version} · semilla {seed} · {replicates}",
    ),
    "replicates": ("{n} replicates", "{n} réplicas"),
    "replicate_one": ("1 replicate", "1 réplica"),
    # notes
    "note_bands": (
        "Line: median. Dark band: 25th to 75th percentile; light band: 10th to 90th percentile of {replicates}. "
        "Bands show the model's chance variation, not the error of the model itself.",
        "Línea: mediana. Banda oscura: percentiles 25 a 75; banda clara: percentiles 10 a 90 de {replicates}. Las "
        "bandas muestran la variación aleatoria del modelo, no el error del propio modelo.",
    ),
    "note_one": (
        "One replicate, so there is no band: a single line is one of many possible histories.",
        "Una sola réplica, por eso no hay banda: una línea es una de muchas historias posibles.",
    ),
    "note_layers": (
        "Layers: median of each class (they need not add up to the median total). Dashed lines: 10th and 90th "
        "percentile of the total.",
        "Capas: mediana de cada clase (no suman necesariamente la mediana del total). Líneas discontinuas: percentiles "
        "10 y 90 del total.",
    ),
    "note_layers_one": ("Layers add up to the total.", "Las capas suman el total."),
    "note_no_firms": (
        "Means and shares end where fewer than half of the replicates have firms, and leave out those without.",
        "Las medias y cuotas terminan donde menos de la mitad de las réplicas tiene empresas, y omiten las que no las tienen.",
    ),
    "note_strip": (
        "Height of a colour: share of {replicates} in that phase. Name in a block: the most frequent phase; "
        "black lines: where it changes.",
        "Altura de un color: proporción de {replicates} en esa fase. Nombre en un bloque: la fase más frecuente; "
        "líneas negras: donde cambia.",
    ),
    "note_dynamism": (
        "Relative employment: jobs relative to the nation's, which follow domestic demand.",
        "Empleo relativo: empleo frente al de la nación, que sigue a la demanda interna.",
    ),
    "note_curve": (
        "Thin lines: {k} single replicates. Strip below: the most frequent phase.",
        "Líneas finas: {k} réplicas individuales. Franja inferior: la fase más frecuente.",
    ),
    "note_curve_one": ("Strip below: the phase.", "Franja inferior: la fase."),
    "note_programme": ("Grey shade: quarters with public spending.", "Sombra gris: trimestres con gasto público."),
    "note_spending": (
        "Bars: mean of the replicates by instrument; whiskers: 10th to 90th percentile of the total.",
        "Barras: media de las réplicas por instrumento; líneas verticales: percentiles 10 a 90 del total.",
    ),
    "note_spending_one": ("Bars: public spending by instrument.", "Barras: gasto público por instrumento."),
    "note_money": ("Money in constant USD.", "Dinero en USD constantes."),
    "note_map": (
        "Replicate {k}, the nearest to the median final employment. Area of a mark: jobs; institutions have a fixed "
        "size and stand side by side at the centre. Circle: the cluster's territory. Ties at level 0 (acquaintances) "
        "are not drawn.",
        "Réplica {k}, la más próxima a la mediana del empleo final. Área de un símbolo: empleo; las instituciones "
        "tienen tamaño fijo y están juntas en el centro. Círculo: territorio del clúster. No se dibujan los vínculos "
        "de nivel 0 (conocidos).",
    ),
    "note_map_capped": (
        "Only the {k} largest firms and the ties among them are drawn.",
        "Solo se dibujan las {k} empresas mayores y los vínculos entre ellas.",
    ),
    "note_map_differs": (
        "The run was made with another version of the model; simulated again, it has other phases at these times.",
        "La ejecución se hizo con otra versión del modelo; simulada de nuevo, tiene otras fases en estos momentos.",
    ),
    # axes
    "share_of": ("share of {n}\nreplicates (%)", "proporción de {n}\nréplicas (%)"),
    "share_of_one": ("the one\nreplicate (%)", "la única\nréplica (%)"),
    "axis_dynamism": (
        "relative employment (start\u00a0=\u00a0100)",
        "empleo relativo (inicio\u00a0=\u00a0100)",
    ),
    "axis_trust": ("trust (0 to 1)", "confianza (0 a 1)"),
    "axis_turn": ("standard deviation (turn)", "desviación típica (vuelta)"),
    "axis_index": ("index (0 to 1)", "índice (0 a 1)"),
    "axis_ties": ("ties between firms", "vínculos entre empresas"),
    "axis_share_firms": ("share of firms (%)", "proporción de empresas (%)"),
    "axis_share_income": ("share of income (%)", "proporción del ingreso (%)"),
    "axis_firms": ("firms", "empresas"),
    "axis_persons": ("persons", "personas"),
    "axis_firms_year": ("firms a year", "empresas al año"),
    "axis_kusd": ("thousand USD a year", "miles de USD al año"),
    "axis_musd": ("million USD a year", "millones de USD al año"),
    "axis_log_points": ("log points", "puntos logarítmicos"),
    "axis_innovations": ("per firm and year", "por empresa y año"),
    "axis_links": ("links", "vínculos"),
    "axis_east": ("km east", "km al este"),
    "axis_north": ("km north", "km al norte"),
    # panels
    "panel_trust": ("Trust", "Confianza"),
    "panel_ties": ("Ties between firms by level", "Vínculos entre empresas por nivel"),
    "panel_reach": ("Reach of cooperation", "Alcance de la cooperación"),
    "panel_vision": ("Shared vision and belief in joint action", "Visión y fe en la acción conjunta"),
    "panel_sizes": ("Firms by number of employees", "Empresas por número de empleados"),
    "panel_jobs": ("Jobs", "Empleo"),
    "panel_turnover": ("Entries and exits", "Entradas y salidas"),
    "panel_sales": ("Sales and exports", "Ventas y exportaciones"),
    "panel_income": ("The association's income", "Ingresos de la asociación"),
    "panel_public_share": ("Public share of that income", "Cuota pública de ese ingreso"),
    "panel_instruments": ("Public spending by instrument", "Gasto público por instrumento"),
    # ends of lines
    "end_trust": ("between\npartners", "entre\nsocios"),
    "end_climate": ("generalised", "generalizada"),
    "end_linked_share": ("cooperating\nfirms", "empresas que\ncooperan"),
    "end_core_share": ("largest\nlinked core", "mayor núcleo\nvinculado"),
    "end_vision": ("vision", "visión"),
    "end_belief": ("belief", "fe"),
    "end_entries": ("entries and\nspin-offs", "entradas y\nderivadas"),
    "end_exits": ("exits", "salidas"),
    "end_sales": ("sales", "ventas"),
    "end_exports": ("exports", "exportaciones"),
    "end_income_public": ("public\ngrants", "subvención\npública"),
    "end_income_private": ("fees and\nservices", "cuotas y\nservicios"),
    "end_acquaintances": ("acquaintance", "conocidos"),
    "end_information_ties": ("information", "información"),
    "end_commercial_ties": ("commercial", "comercial"),
    "end_strategic_ties": ("strategic", "estratégico"),
    "end_micro": ("<10", "<10"),
    "end_small": ("10–49", "10–49"),
    "end_medium": ("50–249", "50–249"),
    "end_large": ("≥250", "≥250"),
    "other": ("other", "otros"),
    "nothing": ("none in this run", "ninguno en esta ejecución"),
    "no_income": ("no income", "sin ingresos"),
    "no_firms": ("no firms left", "sin empresas"),
    # patterns
    "patterns": ("Patterns that must emerge", "Patrones que deben surgir"),
    "patterns_whose": (
        "Measured value over its threshold, with the model whole and with the responsible mechanism switched off",
        "Valor medido entre su umbral, con el modelo completo y sin el mecanismo responsable",
    ),
    "pattern_whole": ("whole model", "modelo completo"),
    "pattern_ablated": ("mechanism off", "sin el mecanismo"),
    "pattern_threshold": ("threshold {value}", "umbral {value}"),
    "pattern_thresholds": ("threshold", "umbral"),
    "pattern_axis": ("value of the statistic", "valor del estadístico"),
    "pattern_axis_scaled": ("value / threshold (logarithmic beyond ±1)", "valor / umbral (logarítmica más allá de ±1)"),
    "pattern_undefined": ("undefined: the statistic has no value", "indefinido: el estadístico no tiene valor"),
    "pattern_undefined_short": ("undefined", "indefinido"),
    "pattern_shown": ("shown", "se muestra"),
    "pattern_not_shown": ("not shown", "no se muestra"),
    "pattern_vanishes": ("vanishes", "desaparece"),
    "pattern_stays": ("stays", "persiste"),
    "pattern_missing": ("not measured", "sin medir"),
    "note_intervals": (
        "Lines: 5-95 % bootstrap interval over replicates. A pattern is shown if its whole interval lies in the shaded part, "
        "above the threshold, and vanishes if the interval without the mechanism does not.",
        "Líneas: intervalo bootstrap del 5 al 95 % sobre réplicas. Un patrón se muestra si todo su intervalo está en la parte "
        "sombreada, sobre el umbral, y desaparece si el intervalo sin el mecanismo no lo está.",
    ),
    "note_zero_threshold": (
        "* Its threshold is 0: the scale is 1 at the threshold and 2 at the value of the whole model.",
        "* Su umbral es 0: la escala vale 1 en el umbral y 2 en el valor del modelo completo.",
    ),
    "note_switched_off": ("Switched off: {mechanism}.", "Desconectado: {mechanism}."),
    # map
    "end": ("{phase}, {year} (end)", "{phase}, {year} (final)"),
    "first": ("{phase}, {year}", "{phase}, {year}"),
    "counts": (
        "{firms} firms · {ties} ties · {outside} outside links",
        "{firms} empresas · {ties} vínculos · {outside} externos",
    ),
    "kind_sme": ("SME", "pyme"),
    "kind_tractor": ("tractor firm", "empresa tractora"),
    "kind_institution": ("institution", "institución"),
    "tie_information": ("information tie", "vínculo de información"),
    "tie_commercial": ("commercial tie", "vínculo comercial"),
    "tie_strategic": ("strategic tie", "vínculo estratégico"),
    "tie_institutional": ("tie to an institution", "vínculo con una institución"),
    "jobs": ("{n} jobs", "{n} empleos"),
}


class Words:
    """The texts of one language.

    Parameters
    ----------
    lang : str
        "en" or "es".
    """

    def __init__(self, lang: str) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
        self.lang = lang
        self._place = LANGUAGES.index(lang)

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its fields filled in."""
        return TEXTS[key][self._place].format(**values)

    def phase(self, name: str) -> str:
        """Return the name of a phase."""
        return PHASE_NAMES[name][self._place]

    def indicator(self, name: str) -> str:
        """Return the declared name of an indicator."""
        return said_in(self.lang, INDICATORS[name].label)

    def instrument(self, name: str) -> str:
        """Return the name of an instrument."""
        if name == EVALUATION:
            return self("evaluation")
        with speaking(self.lang):
            return label(name)

    def replicates(self, count: int) -> str:
        """Return "20 replicates"."""
        return self("replicate_one") if count == 1 else self("replicates", n=count)
