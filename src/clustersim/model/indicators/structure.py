"""Structure of a cluster: firms, classes, births and deaths, jobs, concentration, phase."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import FREE, TRACTOR

INDICATORS = {
    "phase": Indicator("Life-cycle phase", "Fase del ciclo de vida", "code", "see the list of phases"),
    "clusterisation": Indicator("Clusterisation stage", "Etapa de clusterización", "code",
                                "0 none, 1 trust, 2 linkages, 3 vision, 4 action"),
    "firms": Indicator("Firms", "Empresas", "firms", "firms alive"),
    "tractors": Indicator("Tractor firms", "Empresas tractoras", "firms", "firms of the kind tractor"),
    "micro": Indicator("Micro firms", "Microempresas", "firms", "firms with fewer than 10 employees"),
    "small": Indicator("Small firms", "Pequeñas empresas", "firms", "firms with 10 to fewer than 50 employees"),
    "medium": Indicator("Medium firms", "Medianas empresas", "firms", "firms with 50 to fewer than 250 employees"),
    "large": Indicator("Large firms", "Grandes empresas", "firms", "firms with 250 employees or more"),
    "young_share": Indicator("Young firms", "Empresas jóvenes", "share", "firms aged five years or less / firms"),
    "entries": Indicator("Entries", "Entradas", "firms/quarter", "start-ups and settlers from outside"),
    "spinoffs": Indicator("Spin-offs", "Empresas derivadas", "firms/quarter", "firms born from a firm of the cluster"),
    "exits": Indicator("Exits", "Salidas", "firms/quarter", "firms that closed"),
    "employment": Indicator("Jobs", "Empleo", "persons", "sum of employees over firms"),
    "location_quotient": Indicator("Location quotient", "Coeficiente de localización", "ratio",
                                   "quotient at the start * relative employment / relative employment at the start; "
                                   "relative employment = employment / the nation's, which follows domestic demand"),
    "concentration": Indicator("Concentration (HHI)", "Concentración (HHI)", "1", "sum of squared shares in sales"),
    "facilitation_state": Indicator("State of facilitation", "Estado de la facilitación", "code",
                                    "0 potential; 1 latent: enough cooperating firms; 2 consolidated: an association and a "
                                    "linked core (ILO §3.4 table 6)"),
    "programme_stage": Indicator("Programme stage", "Etapa del programa", "code",
                                 "number of the current stage, -1 before the first"),
    "entry_point": Indicator("Entry point", "Punto de entrada", "code",
                             "how the association was last founded: 0 not yet, 1 organic, 2 designed, 3 redesigned"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family in the declared order."""
    tractors, micro, small, medium, large, young, sales, squares = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        tractors += actors.kind[i] == TRACTOR
        size = actors.employees[i]
        micro += size < 10.0
        small += 10.0 <= size < 50.0
        medium += 50.0 <= size < 250.0
        large += size >= 250.0
        young += world.quarter - actors.born[i] <= 20
        sales += actors.sales[i]
        squares += actors.sales[i] * actors.sales[i]
    relative = cluster.employment / cluster.reference / cluster.employment_start
    out[0], out[1], out[2], out[3] = cluster.phase, cluster.clusterisation, cluster.firm_count, tractors
    out[4], out[5], out[6], out[7] = micro, small, medium, large
    out[8] = young / max(cluster.firm_count, 1.0)
    out[9], out[10], out[11], out[12] = cluster.entries, cluster.spinoffs, cluster.exits, cluster.employment
    out[13] = cluster.quotient_start * relative
    out[14] = squares / (sales * sales) if sales > 0.0 else 0.0
    out[15], out[16], out[17] = cluster.facilitation_state, cluster.stage, cluster.origin
