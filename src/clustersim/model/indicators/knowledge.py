"""Knowledge: level, distance to the frontier, diversity, R&D, innovation, certificates, search."""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import FREE

INDICATORS = {
    "knowledge": Indicator("Knowledge", "Conocimiento", "log points", "mean over firms"),
    "frontier_gap": Indicator("Distance to the frontier", "Distancia a la frontera", "log points", "frontier - mean knowledge"),
    "regime_gap": Indicator("Distance to the market's technology", "Distancia a la tecnología del mercado", "turn",
                            "mean over firms of the distance on the circle of technologies to what their market asks for"),
    "diversity": Indicator("Technological diversity", "Diversidad tecnológica", "turn",
                           "standard deviation over firms of the offset of their technology from their market's"),
    "absorptive": Indicator("Absorptive capacity", "Capacidad de absorción", "1", "mean over firms"),
    "rd_share": Indicator("R&D intensity", "Intensidad de I+D", "share of sales", "mean over firms"),
    "innovations": Indicator("Innovations per firm", "Innovaciones por empresa", "1/quarter",
                             "innovating firms alive at the end of the quarter / firms"),
    "certified_share": Indicator("Certified firms", "Empresas certificadas", "share", "firms with a certificate / firms"),
    "quality": Indicator("Quality", "Calidad", "1", "mean over firms"),
    "search": Indicator("Search effort", "Esfuerzo de búsqueda", "1", "mean over firms"),
    "branch_share": Indicator("Firms in a related activity", "Empresas en una actividad afín", "share",
                              "firms whose segment sells in a related activity / firms"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family in the declared order."""
    out[:] = 0.0
    offset, squares = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        out[0] += actors.knowledge[i]
        out[4] += actors.absorptive[i]
        out[5] += actors.rd_share[i]
        out[6] += actors.innovated[i]
        out[7] += actors.certified[i]
        out[8] += actors.quality[i]
        out[9] += actors.search[i]
        out[10] += actors.segment[i] == cluster.branch
        apart = actors.technology[i] - cluster.asked[actors.segment[i]]
        apart -= math.floor(apart + 0.5)
        offset += apart
        squares += apart * apart
        out[2] += abs(apart)
    firms = max(cluster.firm_count, 1.0)
    for k in range(out.size):
        out[k] /= firms
    out[1] = world.frontier - out[0]
    out[3] = math.sqrt(max(0.0, squares / firms - (offset / firms) ** 2))
