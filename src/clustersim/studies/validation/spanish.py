"""Spanish for the texts of the patterns, by the English text: a text that has changed shows in English until it is translated."""

from __future__ import annotations

from clustersim.studies.validation.plausibility.spanish import TEXTS as PLAUSIBILITY

TEXTS = {
    # statements
    "Among equal agglomerations some develop, some stay small, some vanish, and early trust predicts take-off":
        "Entre aglomeraciones iguales unas se desarrollan, otras quedan pequeñas, otras desaparecen; la confianza temprana "
        "predice el despegue",
    "Low-trust places stay clusters without networks":
        "Los lugares con poca confianza siguen siendo aglomeraciones sin redes",
    "Trust leads linkages, linkages lead vision, action follows":
        "La confianza precede a los vínculos, los vínculos a la visión, y la acción viene después",
    "A facilitator raises the chance of take-off most at low-to-middling trust":
        "Un facilitador eleva más la probabilidad de despegue con confianza baja o media",
    "Initiatives whose support ends after three years relapse more often than with support of seven":
        "Las iniciativas cuyo apoyo termina a los tres años recaen más a menudo que con siete",
    "The public share of an association's income falls with its age":
        "La cuota pública de los ingresos de una asociación baja con su edad",
    "Firms exchange information first, trade next, do R&D together last":
        "Las empresas primero intercambian información, luego comercian y al final hacen I+D juntas",
    "Tractor firms pull suppliers' sales and quality; where one buyer dominates, bargaining costs suppliers margin":
        "Las tractoras elevan ventas y calidad de los proveedores; donde domina un comprador, la negociación les cuesta "
        "margen",
    "Dense ties closed to the outside lower innovation in the end; outside links prevent that":
        "Los vínculos densos y cerrados al exterior acaban reduciendo la innovación; los externos lo evitan",
    "After a technology shift open, diverse, visionary and redesigned clusters keep more":
        "Tras un cambio tecnológico los clústeres abiertos, diversos, con visión y rediseñados conservan más",
    "Long success lowers search":
        "Un éxito largo reduce la búsqueda",
    "A long lag between launch and action lowers vision":
        "Un retraso largo entre el anuncio y la acción reduce la visión",
    "Weak coordination between public bodies scales down what the same money achieves":
        "La mala coordinación entre organismos públicos reduce lo que logra el mismo dinero",
    "Top-down initiatives survive the end of public money less often than ones with private commitment":
        "Las iniciativas desde arriba sobreviven menos al fin del dinero público que las de compromiso privado",
    "Anchor-firm projects land inside the observed range of cost per job and of sales growth":
        "Los proyectos de empresa ancla caen dentro del rango observado de costo por empleo y de crecimiento de ventas",
    "Small early projects make later R&D projects more likely":
        "Los pequeños proyectos tempranos hacen más probables los proyectos de I+D posteriores",
    "Public research alone does little; with linked firms it does much":
        "La investigación pública por sí sola hace poco; con empresas vinculadas hace mucho",
    "Firm demography looks like real data":
        "La demografía empresarial se parece a los datos reales",
    # statistics
    "Chance that a place that develops within 20 years had more trust after three than one that does not (one half if "
    "under 5 % develop, dissolve within 40 years, or do neither)":
        "Probabilidad de que un lugar que se desarrolla en 20 años tuviera más confianza a los tres que uno que no (un "
        "medio si menos del 5 % se desarrolla, se disuelve en 40 años o no hace ninguna de las dos cosas)",
    "Median share of cooperating firms at trust 0.45 minus that at 0.20, after 20 years":
        "Mediana de la proporción de empresas que cooperan con confianza 0,45 menos con 0,20, a los 20 años",
    "Smallest lag (quarters) between the times at which trust, cooperating firms, vision and running projects first show "
    "half of their largest response to a push of trust":
        "Menor desfase (trimestres) entre los momentos en que confianza, empresas que cooperan, visión y proyectos en "
        "marcha muestran la mitad de su mayor respuesta a un impulso de confianza",
    "Rise of the share that develops within 20 years at trust 0.31, minus the larger of the rises at 0.18 and 0.50":
        "Aumento de la proporción que se desarrolla en 20 años con confianza 0,31 menos el mayor de los aumentos con 0,18 "
        "y 0,50",
    "Three years of support minus seven, eight years after its end: the smaller of the share of associations that have "
    "closed, and the share of developed places that have fallen back to an earlier phase":
        "Tres años de apoyo menos siete, ocho años después de su fin: la menor de la proporción de asociaciones cerradas y "
        "la de lugares desarrollados que volvieron a una fase anterior",
    "Median public share of income in year 4 minus that in years 24 to 26, Basque set-up":
        "Mediana de la cuota pública de ingresos en el año 4 menos la de los años 24 a 26, caso vasco",
    "Median years between the first 5 % of ties at the level of information and the first 5 % at the strategic level "
    "(minus one where the order is broken)":
        "Mediana de los años entre el primer 5 % de vínculos en el nivel de información y el primer 5 % en el estratégico "
        "(menos uno donde se rompe el orden)",
    "The smallest of: log sales of suppliers with four tractor firms over without / 0.5; quality of firms with minus "
    "without / 0.005; price cut on local contracts with one large buyer minus with eight small ones / 0.002":
        "El menor de: log de ventas de proveedores con cuatro tractoras sobre sin ellas / 0,5; calidad de las empresas con "
        "menos sin / 0,005; rebaja de precios en contratos locales con un gran comprador menos con ocho pequeños / 0,002",
    "Relative fall of innovations per firm from years 2-7 to years 40-60: closed places minus open ones":
        "Caída relativa de las innovaciones por empresa de los años 2-7 a los años 40-60: lugares cerrados menos abiertos",
    "Jobs kept 20 years after a shift (relative to the same place without a shift), the smallest of four differences: many "
    "outside links minus none; technologies spread widely minus narrowly; with consensus workshops minus without; "
    "redesigned after the shift minus not":
        "Empleo conservado 20 años después de un cambio (respecto al mismo lugar sin cambio), la menor de cuatro "
        "diferencias: muchos vínculos externos menos ninguno; tecnologías muy variadas menos poco; con talleres de "
        "consenso menos sin; rediseñado tras el cambio menos no",
    "Median fall of search effort over 30 years in a successful place":
        "Mediana de la caída del esfuerzo de búsqueda en 30 años en un lugar con éxito",
    "Vision five years after the first action: no lag minus three years of lag":
        "Visión cinco años después de la primera acción: sin retraso menos con tres años de retraso",
    "Share that develops within 20 years: coordination 1 minus coordination 0":
        "Proporción que se desarrolla en 20 años: coordinación 1 menos coordinación 0",
    "Share of associations alive six years after the last public money: founded on vision minus founded by decree":
        "Proporción de asociaciones vivas seis años después del último dinero público: fundadas con visión menos por "
        "decreto",
    "Share of nine chains inside the range that the programme reported, two years after the projects began: the smallest "
    "over money per job created (562 to 37 500 USD), growth of anchors' sales (0.03 to 2.00) and of their suppliers' (0.10 "
    "to 0.40)":
        "Proporción de nueve cadenas dentro del rango que informó el programa, dos años después de empezar los proyectos: "
        "la menor entre dinero por empleo creado (562 a 37 500 USD), crecimiento de ventas de las anclas (0,03 a 2,00) y "
        "de sus proveedores (0,10 a 0,40)",
    "Share of quarters with an R&D consortium running in years 8 to 20: with minus without a facilitator's help to start "
    "projects in the first five years":
        "Proporción de trimestres con un consorcio de I+D en marcha en los años 8 a 20: con menos sin ayuda de un "
        "facilitador para iniciar proyectos en los primeros cinco años",
    "Gain of mean knowledge (log points) after 20 years from a technology centre and grants for R&D consortia, at trust "
    "0.45 minus at trust 0.20":
        "Ganancia de conocimiento medio (puntos logarítmicos) a los 20 años por un centro tecnológico y subvenciones a "
        "consorcios de I+D, con confianza 0,45 menos con 0,20",
    "The smallest of: mean over median employment / 1.5; kurtosis of yearly growth / 3.6; exit rate of the smaller half "
    "over the larger / 1.3; of the younger half over the older / 1.1":
        "El menor de: empleo medio entre mediano / 1,5; curtosis del crecimiento anual / 3,6; tasa de salida de la mitad "
        "menor entre la mayor / 1,3; de la mitad joven entre la vieja / 1,1",
    # why
    "All replicates of a small place (15 firms) start alike but for chance: if their fates differ, and early trust ranks "
    "them, fate is uncertain and runs through trust.":
        "Todas las réplicas de un lugar pequeño (15 empresas) empiezan iguales salvo el azar: si sus destinos difieren y "
        "la confianza temprana los ordena, el destino es incierto y pasa por la confianza.",
    "Both places have the same firms, market and agglomeration gains; only trust differs.":
        "Ambos lugares tienen las mismas empresas, mercado y ganancias de aglomeración; solo difiere la confianza.",
    "The same replicates run with and without the push; the paired difference orders the responses without confounding.":
        "Las mismas réplicas con y sin el impulso; la diferencia pareada ordena las respuestas sin confusión.",
    "Paired by seed; a hump over initial trust leaves this difference positive.":
        "Pareado por semilla; una joroba sobre la confianza inicial deja positiva esta diferencia.",
    "The same support in kind; only its length differs. Relapse counts only among those that had an association, or had "
    "developed, when support ended.":
        "El mismo tipo de apoyo; solo difiere su duración. La recaída cuenta solo entre los que tenían asociación, o se "
        "habían desarrollado, al terminar el apoyo.",
    "The grant is planned to taper to a constant; that the share falls on below it is due to fees that grow with members.":
        "La subvención baja según el plan hasta una constante; que la cuota siga bajando se debe a cuotas que crecen con "
        "los miembros.",
    "The ladder allows one level a quarter; years between the levels come from trust that grows with use.":
        "La escalera permite un nivel por trimestre; los años entre niveles vienen de la confianza que crece con el uso.",
    "The same SMEs, and tractor firms with the same jobs in sum. Nothing in the bargain names size or dominance.":
        "Las mismas pymes, y tractoras con el mismo empleo en suma. Nada en la negociación nombra tamaño ni dominio.",
    "The same dense place, with and without outside links.":
        "El mismo lugar denso, con y sin vínculos externos.",
    "Each pair of places differs in one respect, and each place is compared with itself without the shift.":
        "Cada par de lugares difiere en un aspecto, y cada lugar se compara consigo mismo sin el cambio.",
    "Search follows felt margins only.":
        "La búsqueda sigue solo a los márgenes percibidos.",
    "Both places get the same support for the same time, counted from its begin.":
        "Ambos lugares reciben el mismo apoyo durante el mismo tiempo, contado desde su comienzo.",
    "Money paid is the same in both; only delivery differs.":
        "El dinero pagado es el mismo en ambos; solo difiere la ejecución.",
    "The same instruments; one programme waits for vision before it founds and pays, the other does not.":
        "Los mismos instrumentos; un programa espera a que haya visión antes de fundar y pagar, el otro no.",
    "Each project has the money that it had; jobs are counted against the same places without projects.":
        "Cada proyecto tiene el dinero que tuvo; el empleo se cuenta frente a los mismos lugares sin proyectos.",
    "The facilitator brokers in both and is gone by then; what is left of the early projects is belief.":
        "El facilitador media en ambos y entonces ya se ha ido; lo que queda de los primeros proyectos es la fe en ellos.",
    "The same money; only how well firms are linked differs.":
        "El mismo dinero; solo difiere lo vinculadas que están las empresas.",
    "Each ratio is 1 at a lenient bound below what firm registers show (from memory: Cabral & Mata 2003; Stanley et al. "
    "1996; Dunne, Roberts & Samuelson 1989).":
        "Cada razón vale 1 en una cota laxa por debajo de lo que muestran los registros de empresas (de memoria: Cabral y "
        "Mata 2003; Stanley et al. 1996; Dunne, Roberts y Samuelson 1989).",
    # mechanisms
    "learning of trust and climbing of ties":
        "aprendizaje de la confianza y ascenso de los vínculos",
    "cost and exposure of ties: without them trust does not matter for climbing":
        "coste y exposición de los vínculos: sin ellos la confianza no importa para ascender",
    "climbing of ties":
        "ascenso de los vínculos",
    "brokered meetings, assurance, mediation and help for projects":
        "encuentros mediados, garantía, mediación y ayuda a proyectos",
    "closure of associations that lack members and staff":
        "cierre de asociaciones sin miembros ni personal",
    "fees and services":
        "cuotas y servicios",
    "higher cost and exposure of higher levels":
        "mayor coste y exposición de los niveles superiores",
    "bargaining over the surplus of a contract":
        "negociación del excedente de un contrato",
    "imitation and learning from partners":
        "imitación y aprendizaje de los socios",
    "windows on the market, imitation of partners that do better, and joint R&D toward the market's technology":
        "ventanas al mercado, imitación de los socios a los que les va mejor e I+D conjunta hacia la tecnología del mercado",
    "adaptation of search to felt margins":
        "adaptación de la búsqueda a los márgenes percibidos",
    "loss of credibility during the lag":
        "pérdida de credibilidad durante el retraso",
    "losses of delivery without coordination":
        "pérdidas de ejecución sin coordinación",
    "help to suppliers to reach the standard and to win contracts":
        "ayuda a los proveedores para alcanzar la norma y ganar contratos",
    "learning of belief from outcomes":
        "aprendizaje de la fe a partir de los resultados",
    "ties of firms to universities and technology centres, and R&D consortia":
        "vínculos de las empresas con universidades y centros tecnológicos, y consorcios de I+D",
    "hazards that fall with age and size":
        "riesgos que bajan con la edad y el tamaño",
} | PLAUSIBILITY  # fmt: skip


def translate(text: str, lang: str) -> str:
    """Return a text of a pattern or an item of plausibility in a language; in English where there is no translation."""
    return TEXTS.get(text, text) if lang == "es" else text
