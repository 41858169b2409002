"""Spanish for the texts of the items of plausibility, by the English text."""

from __future__ import annotations

TEXTS = {
    # what data show
    "The tail of firm sizes follows Zipf's law": "La cola de los tamaños de empresa sigue la ley de Zipf",
    "Sizes of young firms are more right-skewed than those of old ones, which come near the log-normal":
        "Los tamaños de las empresas jóvenes son más asimétricos a la derecha que los de las viejas, cercanos a la lognormal",
    "Most manufacturing firms are micro firms": "La mayoría de las empresas manufactureras son microempresas",
    "Few manufacturing firms are large": "Pocas empresas manufactureras son grandes",
    "SMEs hold about half to three quarters of manufacturing jobs":
        "Las pymes tienen entre la mitad y tres cuartos del empleo manufacturero",
    "Growth rates are tent-shaped": "Las tasas de crecimiento tienen forma de tienda",
    "Growth varies less the larger the firm": "El crecimiento varía menos cuanto mayor es la empresa",
    "Growth of micro and small firms tends to be undone in the next year":
        "El crecimiento de las micro y pequeñas empresas tiende a deshacerse al año siguiente",
    "Growth of larger firms tends to go on in the next year":
        "El crecimiento de las empresas mayores tiende a seguir al año siguiente",
    "Small firms that survive grow faster than large ones": "Las empresas pequeñas que sobreviven crecen más que las grandes",
    "About a tenth of manufacturing jobs is newly created in a year":
        "En un año se crea cerca de una décima parte del empleo manufacturero",
    "About a tenth of manufacturing jobs is destroyed in a year":
        "En un año se destruye cerca de una décima parte del empleo manufacturero",
    "Yearly entry in industry is a few per cent to a tenth of firms":
        "La entrada anual en la industria va de unos puntos a una décima parte de las empresas",
    "Yearly exit in industry is a few per cent to a tenth of firms":
        "La salida anual en la industria va de unos puntos a una décima parte de las empresas",
    "Twenty to forty per cent of new firms fail within two years":
        "Del veinte al cuarenta por ciento de las empresas nuevas cierra en dos años",
    "About half of new firms live five years later": "Cerca de la mitad de las empresas nuevas vive cinco años después",
    "Young firms exit more": "Las empresas jóvenes salen más",
    "Small firms exit more": "Las empresas pequeñas salen más",
    "New firms are a fraction of the size of others": "Las empresas nuevas tienen una fracción del tamaño de las demás",
    "Where many firms enter, many exit": "Donde entran muchas empresas, salen muchas",
    "A sixth to a third of new firms are spin-offs": "De un sexto a un tercio de las empresas nuevas son escisiones",
    "Spin-offs survive longer than other new firms": "Las escisiones sobreviven más que otras empresas nuevas",
    "Better firms have more spin-offs": "Las mejores empresas tienen más escisiones",
    "Within industries the 90th percentile is about twice as productive as the 10th":
        "Dentro de las industrias el percentil 90 es cerca del doble de productivo que el 10",
    "Labour productivity spreads more": "La productividad laboral se dispersa más",
    "Productivity differences persist, but fade": "Las diferencias de productividad persisten, pero se atenúan",
    "A minority of manufacturing firms exports": "Una minoría de las empresas manufactureras exporta",
    "Exporters are much larger": "Las exportadoras son mucho mayores",
    "Exporters are more productive": "Las exportadoras son más productivas",
    "Larger places are more productive": "Los lugares mayores son más productivos",
    "About half to nine tenths of supply links survive a year":
        "Entre la mitad y nueve décimas de los vínculos de suministro sobreviven un año",
    "The number of trading partners has a heavy tail": "El número de socios comerciales tiene una cola pesada",
    "Larger firms have more trading partners": "Las empresas mayores tienen más socios comerciales",
    "Firms with many trading partners trade with firms that have few":
        "Las empresas con muchos socios comerciales comercian con empresas que tienen pocos",
    "Firms of a cluster ask a handful to a dozen others for advice":
        "Las empresas de un clúster piden consejo a entre unas pocas y una docena de otras",
    "Knowledge ties are clustered": "Los vínculos de conocimiento se agrupan",
    "Knowledge ties are uneven": "Los vínculos de conocimiento son desiguales",
    "Half to six tenths of knowledge ties are there three years later":
        "De la mitad a seis décimas de los vínculos de conocimiento siguen tres años después",
    "Business ties are more pervasive than ties that carry knowledge":
        "Los vínculos de negocio son más generales que los que llevan conocimiento",
    "Advice is often not returned": "El consejo a menudo no se devuelve",
    # what in the model bears on them
    "Scenarios begin with large tractor firms, which make the tail heavier; the other sizes are drawn from a log-normal.":
        "Los escenarios empiezan con grandes empresas tractoras, que hacen más pesada la cola; los demás tamaños se sortean "
        "de una lognormal.",
    "New firms are drawn from a log-normal, so the model does not start from a skewed size at birth.":
        "Las empresas nuevas se sortean de una lognormal: el modelo no parte de un tamaño asimétrico al nacer.",
    "Initial sizes and the size of entrants are inputs; the self-employed, many in registers, are not modelled.":
        "Los tamaños iniciales y el de las entrantes son datos de entrada; los autónomos, muchos en los registros, no se "
        "modelan.",
    "Scenarios begin with one tractor firm in about twenty firms: clusters with tractor firms, not a sample of all places.":
        "Los escenarios empiezan con una empresa tractora de cada veinte: clústeres con tractoras, no una muestra de lugares.",
    "Follows the number and growth of tractor firms; span of control holds the largest back.":
        "Sigue al número y crecimiento de las empresas tractoras; el alcance de control frena a las mayores.",
    "Orders have Laplace noise each quarter (an input); sums over four quarters and slow hiring bring it toward the normal.":
        "Los pedidos tienen ruido de Laplace cada trimestre (dato de entrada); la suma de cuatro y la contratación lenta lo "
        "acercan a la normal.",
    "The noise of orders falls with size by 0.16 (an input from the same studies); lasting differences in fitness, which do "
    "not fall with size, and the floor of one employee flatten it.":
        "El ruido de los pedidos baja con el tamaño en 0,16 (dato de los mismos estudios); las diferencias duraderas de "
        "aptitud, que no bajan con el tamaño, y el mínimo de un empleado lo aplanan.",
    "Hiring and dismissal spread each change over quarters, and jobs are divisible: there are no lumps that could be undone.":
        "Contratación y despido reparten cada cambio en trimestres, y el empleo es divisible: no hay saltos que puedan "
        "deshacerse.",
    "Partial adaptation of jobs and slow selection carry growth over.":
        "La adaptación parcial del empleo y la selección lenta prolongan el crecimiento.",
    "Fitness, not youth, drives growth: new firms start with their customers, and know less than the others.":
        "La aptitud, no la juventud, mueve el crecimiento: las nuevas empiezan con sus clientes y saben menos que las demás.",
    "Noise of orders is small beside that of real firms and hiring is slow; firms here, plants in the source.":
        "El ruido de los pedidos es pequeño junto al de empresas reales y la contratación es lenta; aquí empresas, en la "
        "fuente plantas.",
    "Noise of orders is small beside that of real firms, dismissal is slow and exits are small firms; plants in the source.":
        "El ruido de los pedidos es pequeño junto al de empresas reales, el despido es lento y salen empresas pequeñas; en "
        "la fuente, plantas.",
    "The rates of start-ups and spin-offs are inputs near the same figures.":
        "Las tasas de nuevas empresas y escisiones son datos de entrada cercanos a esas cifras.",
    "The hazard of closure is an input; insolvency comes from the books.":
        "El riesgo de cierre es un dato de entrada; la insolvencia sale de las cuentas.",
    "The hazard of closure is an input, set for exits near the low end of registers; firms that come and go within a year "
    "are not seen.":
        "El riesgo de cierre es un dato de entrada, para salidas cercanas al mínimo de los registros; no se ven las empresas "
        "que nacen y cierran en el mismo año.",
    "The hazard of closure, and its fall with age and size, are inputs, set for exits near the low end of registers.":
        "El riesgo de cierre y su baja con edad y tamaño son datos de entrada, para salidas cercanas al mínimo de los "
        "registros.",
    "The hazard of closure falls with age: an input.": "El riesgo de cierre baja con la edad: dato de entrada.",
    "The hazard of closure falls with size: an input.": "El riesgo de cierre baja con el tamaño: dato de entrada.",
    "The size of entrants is an input; tractor firms lift the mean of the others.":
        "El tamaño de las entrantes es un dato de entrada; las tractoras elevan la media de las demás.",
    "Start-ups follow margins and the number of firms; they do not push others out except through the market.":
        "Las nuevas empresas siguen a los márgenes y al número de empresas; solo expulsan a otras a través del mercado.",
    "The rate of spin-offs beside that of start-ups is an input.":
        "La tasa de escisiones frente a la de nuevas empresas es un dato de entrada.",
    "Spin-offs inherit part of the parent's lead in knowledge; closure does not look at knowledge, only at age and size.":
        "Las escisiones heredan parte de la ventaja de conocimiento; el cierre no mira el conocimiento, solo edad y tamaño.",
    "The chance of a spin-off rises with the parent's size and lead in knowledge: an input.":
        "La probabilidad de una escisión sube con el tamaño y la ventaja de la madre: dato de entrada.",
    "The spread at the start is an input; learning and imitation then narrow it more than innovation widens it. Capital is "
    "no factor of production here, and productivity has no error of measurement.":
        "La dispersión inicial es un dato de entrada; aprendizaje e imitación la estrechan más de lo que la innovación la "
        "amplía. El capital no es aquí factor de producción, y la productividad no tiene error de medida.",
    "All firms of a place pay the same wage and work with the same technology of production; only efficiency and use of "
    "capacity differ.":
        "Todas las empresas de un lugar pagan el mismo salario y usan la misma tecnología de producción; solo difieren la "
        "eficiencia y el uso de la capacidad.",
    "Efficiency is knowledge that is kept; it has no measurement error and no transitory shocks, which lower the slope in "
    "data.":
        "La eficiencia es conocimiento que se conserva; sin error de medida ni choques pasajeros, que en los datos bajan la "
        "pendiente.",
    "The Basque scenario is set up with an export pull of 0.75, to meet the export share of Basque clusters.":
        "El escenario vasco tiene un impulso exportador de 0,75, para alcanzar la cuota exportada de los clústeres vascos.",
    "A fixed cost of export keeps small firms at home.":
        "Un coste fijo de exportar deja a las pequeñas en el mercado interior.",
    "Only firms near enough to the frontier export.": "Solo exportan las empresas bastante cercanas a la frontera.",
    "An elasticity of 0.045 is an input; congestion, selection and learning from more partners come on top.":
        "Una elasticidad de 0,045 es un dato de entrada; se suman congestión, selección y aprendizaje de más socios.",
    "Trade follows ties of trust, which use strengthens; single orders between strangers, which tax records hold, are not "
    "modelled.":
        "El comercio sigue a vínculos de confianza, que el uso refuerza; no se modelan pedidos sueltos entre desconocidos, "
        "que sí están en los registros fiscales.",
    "Only ties inside one place are recorded and attention is bounded: a national network has hubs with thousands of "
    "partners.":
        "Solo se registran vínculos dentro de un lugar y la atención es limitada: una red nacional tiene nodos con miles de "
        "socios.",
    "Attention grows with log size; tractor firms ask a higher quality, which fewer suppliers reach.":
        "La atención crece con el logaritmo del tamaño; las tractoras piden más calidad, que menos proveedores alcanzan.",
    "Choice among few partners, the chain's segments, and triads that link partners of partners.":
        "La elección entre pocos socios, los eslabones de la cadena y las tríadas que unen a socios de socios.",
    "Attention is bounded, and grows with log size; rosters in surveys prompt for more partners.":
        "La atención es limitada y crece con el logaritmo del tamaño; las listas de las encuestas sugieren más socios.",
    "Choice favours partners of partners; a sparser network of more firms has a higher ratio by itself.":
        "La elección favorece a socios de socios; una red menos densa de más empresas tiene de por sí una razón mayor.",
    "Attention grows with log size only; a sparser network is more uneven by chance alone.":
        "La atención crece solo con el logaritmo del tamaño; una red menos densa es más desigual por puro azar.",
    "Use strengthens trust, so that ties seldom fall back; they end with falling trust, for want of benefit, or with exit.":
        "El uso refuerza la confianza y los vínculos rara vez retroceden; acaban al caer la confianza, sin beneficio o con "
        "la salida.",
    "The ladder of ties lets firms exchange information before they trade, so that the ratio cannot exceed one.":
        "La escalera de vínculos hace intercambiar información antes de comerciar: la razón no puede pasar de uno.",
    "Ties of the model are mutual, only trust has a direction: nothing to compare.":
        "Los vínculos del modelo son mutuos, solo la confianza tiene dirección: no hay qué comparar.",
}  # fmt: skip
