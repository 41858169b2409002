"""Knowledge: level, distance to the frontier, diversity, R&D, innovation, certificates, search."""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.network import wrap
from clustersim.model.state import FREE

INDICATORS = {
    "knowledge": Indicator("Knowledge", "log points", "mean over firms"),
    "frontier_gap": Indicator("Distance to the frontier", "log points", "frontier - mean knowledge"),
    "regime_gap": Indicator("Distance to the market's technology", "turn",
                            "mean over firms of the distance on the circle of technologies to what their market asks for"),
    "diversity": Indicator("Technological diversity", "turn",
                           "standard deviation over firms of the offset of their technology from their market's"),
    "absorptive": Indicator("Absorptive capacity", "1", "mean over firms"),
    "rd_share": Indicator("R&D intensity", "share of sales", "mean over firms"),
    "research_share": Indicator("Firms that do R&D", "share", "firms with R&D of their own / firms"),
    "innovations": Indicator("Innovations per firm", "1/quarter",
                             "innovating firms alive at the end of the quarter / firms"),
    "certified_share": Indicator("Certified firms", "share", "firms with a certificate / firms"),
    "quality": Indicator("Quality", "1", "mean over firms"),
    "search": Indicator("Search effort", "1", "mean over firms"),
    "branch_share": Indicator("Firms in a related activity", "share",
                              "firms whose segment sells in a related activity / firms"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family."""
    knowledge, absorptive, intensity, innovated, certified = 0.0, 0.0, 0.0, 0.0, 0.0
    quality, search, branch, distance, offset, squares, researching = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        knowledge += actors.knowledge[i]
        absorptive += actors.absorptive[i]
        intensity += actors.rd_share[i]
        researching += actors.rd_share[i] > 0.0
        innovated += actors.innovated[i]
        certified += actors.certified[i]
        quality += actors.quality[i]
        search += actors.search[i]
        branch += actors.segment[i] == cluster.branch
        apart = wrap(actors.technology[i] - cluster.asked[actors.segment[i]])
        offset += apart
        squares += apart * apart
        distance += abs(apart)
    firms = max(cluster.firm_count, 1.0)
    out.knowledge, out.absorptive, out.rd_share = knowledge / firms, absorptive / firms, intensity / firms
    out.research_share = researching / firms
    out.innovations, out.certified_share = innovated / firms, certified / firms
    out.quality, out.search, out.branch_share = quality / firms, search / firms, branch / firms
    out.frontier_gap, out.regime_gap = world.frontier - out.knowledge, distance / firms
    out.diversity = math.sqrt(max(0.0, squares / firms - (offset / firms) ** 2))
