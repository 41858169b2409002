"""Knowledge: level, distance to the frontier, diversity, R&D, innovation, certificates, search."""

from __future__ import annotations

import math

from clustersim.accelerate import kernel
from clustersim.network import turn
from clustersim.schema import Indicator
from clustersim.state import FREE

INDICATORS = {
    "knowledge": Indicator("Knowledge", "Conocimiento", "log points", "mean over firms"),
    "frontier_gap": Indicator("Distance to the frontier", "Distancia a la frontera", "log points", "frontier - mean knowledge"),
    "regime_gap": Indicator("Distance to the market's technology", "Distancia a la tecnología del mercado", "turn",
                            "mean over firms of the distance on the circle of technologies"),
    "diversity": Indicator("Technological diversity", "Diversidad tecnológica", "1",
                           "1 - length of the mean vector of technology positions on the circle"),
    "absorptive": Indicator("Absorptive capacity", "Capacidad de absorción", "1", "mean over firms"),
    "rd_share": Indicator("R&D intensity", "Intensidad de I+D", "share of sales", "mean over firms"),
    "innovations": Indicator("Innovations per firm", "Innovaciones por empresa", "1/quarter", "innovating firms / firms"),
    "certified_share": Indicator("Certified firms", "Empresas certificadas", "share", "firms with a certificate / firms"),
    "quality": Indicator("Quality", "Calidad", "1", "mean over firms"),
    "search": Indicator("Search effort", "Esfuerzo de búsqueda", "1", "mean over firms"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family in the declared order."""
    out[:] = 0.0
    east, north = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        out[0] += actors.knowledge[i]
        out[2] += turn(actors.technology[i], world.regime)
        out[4] += actors.absorptive[i]
        out[5] += actors.rd_share[i]
        out[6] += actors.innovated[i]
        out[7] += actors.certified[i]
        out[8] += actors.quality[i]
        out[9] += actors.search[i]
        east += math.cos(2.0 * math.pi * actors.technology[i])
        north += math.sin(2.0 * math.pi * actors.technology[i])
    firms = max(cluster.firm_count, 1.0)
    for k in range(out.size):
        out[k] /= firms
    out[1] = world.frontier - out[0]
    out[3] = 1.0 - math.sqrt(east * east + north * north) / firms
