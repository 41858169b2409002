"""Structure of a cluster: firms, classes, births and deaths, jobs, concentration, phase."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.sizes import EXTENT, LARGE_FROM, MEDIUM_FROM, SMALL_FROM
from clustersim.model.state import FREE, TRACTOR
from clustersim.model.units import YEAR

YOUNG = 5 * YEAR  # what "young" means in the share of young firms, by definition

INDICATORS = {
    "phase": Indicator("Life-cycle phase", "code", "see the list of phases"),
    "clusterisation": Indicator("Clusterisation stage", "code",
                                "0 none, 1 trust, 2 linkages, 3 vision, 4 action"),
    "firms": Indicator("Firms", "firms", "firms alive"),
    "tractors": Indicator("Tractor firms", "firms", "firms of the kind tractor"),
    "micro": Indicator("Micro firms", "firms", f"firms with {EXTENT['micro']}"),
    "small": Indicator("Small firms", "firms", f"firms with {EXTENT['small']}"),
    "medium": Indicator("Medium firms", "firms", f"firms with {EXTENT['medium']}"),
    "large": Indicator("Large firms", "firms", f"firms with {EXTENT['large']}"),
    "young_share": Indicator("Young firms", "share", "firms aged five years or less / firms"),
    "entries": Indicator("Entries", "firms/quarter", "start-ups and settlers from outside"),
    "spinoffs": Indicator("Spin-offs", "firms/quarter", "firms born from a firm of the cluster"),
    "exits": Indicator("Exits", "firms/quarter", "firms that closed"),
    "employment": Indicator("Jobs", "persons", "sum of employees over firms"),
    "location_quotient": Indicator("Location quotient", "ratio",
                                   "quotient at the start * relative employment / relative employment at the start; "
                                   "relative employment = employment / the nation's, which follows domestic demand"),
    "concentration": Indicator("Concentration (HHI)", "1", "sum of squared shares in sales"),
    "facilitation_state": Indicator("State of facilitation", "code",
                                    "0 potential; 1 latent: enough cooperating firms; 2 consolidated: an association and a "
                                    "linked core (ILO §3.4 table 6)"),
    "programme_stage": Indicator("Programme stage", "code",
                                 "number of the current stage, -1 before the first"),
    "entry_point": Indicator("Entry point", "code",
                             "how the association was last founded: 0 not yet, 1 organic, 2 designed, 3 redesigned"),
    "settlers": Indicator("Settlers from outside", "firms/quarter", "firms that settled from outside, a part of entries"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family."""
    tractors, micro, small, medium, large, young, sales, squares = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        tractors += actors.kind[i] == TRACTOR
        size = actors.employees[i]
        micro += size < SMALL_FROM
        small += SMALL_FROM <= size < MEDIUM_FROM
        medium += MEDIUM_FROM <= size < LARGE_FROM
        large += size >= LARGE_FROM
        young += world.quarter - actors.born[i] <= YOUNG
        sales += actors.sales[i]
        squares += actors.sales[i] * actors.sales[i]
    out.phase, out.clusterisation, out.facilitation_state = cluster.phase, cluster.clusterisation, cluster.facilitation_state
    out.programme_stage, out.entry_point = cluster.stage, cluster.origin
    out.firms, out.tractors, out.employment = cluster.firm_count, tractors, cluster.employment
    out.micro, out.small, out.medium, out.large = micro, small, medium, large
    out.young_share = young / max(cluster.firm_count, 1.0)
    out.entries, out.spinoffs, out.exits = cluster.entries, cluster.spinoffs, cluster.exits
    out.settlers = cluster.settlers
    relative = cluster.employment / cluster.reference / cluster.employment_start
    out.location_quotient = cluster.quotient_start * relative
    out.concentration = squares / (sales * sales) if sales > 0.0 else 0.0
