"""What a rule is shown of clusters beside their indicators: the money planned, and the gaps as an association reports them."""

from __future__ import annotations

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.model.mechanisms.programme import asked_for, evaluate, open_stages, payable
from clustersim.model.state import COMMERCIAL, EXTERNAL, FREE, INFORMATION, INSTITUTIONAL, UNIVERSITY

# The seven gaps (ILO §2.6), each the indicator gap_NAME; in the order of the columns of `report`.
GAPS = ("education", "government", "firms", "market", "capital", "research", "clusters")
EDUCATION, GOVERNMENT, FIRMS, MARKET, CAPITAL, RESEARCH, CLUSTERS = range(len(GAPS))


@kernel(entry=True)
def foretell(clusters, worlds, programme, parameters, out):
    """Write the public money (kUSD) that each row will ask for in the coming quarter without a rule.

    `clusters` is a copy, in which the stages of that quarter are opened.
    """
    for c in range(clusters.size):
        cluster = clusters[c]
        world, p = worlds[cluster.world], parameters[cluster.world].programme
        if cluster.announced < 0 or world.quarter < cluster.announced:
            continue
        open_stages(cluster, world, programme.stages, p)
        evaluate(cluster, world)
        for row in range(cluster.rows_first, cluster.rows_last):
            if payable(cluster, programme.rows[row]):
                out[row] = asked_for(cluster, world, programme.rows[row], 1.0, p) * (1.0 - programme.rows[row].cofinance)


@kernel(entry=True)
def report(actors, ties, clusters, parameters, out):
    """Write the seven gaps as the members of each association see them; NaN where no association reports.

    `out` (cluster, gap) holds the gaps of all firms before. What lies outside firms is not seen otherwise by members: the market
    of skilled labour, public bodies, and what the bank refuses.
    """
    for c in range(clusters.size):
        cluster = clusters[c]
        members, cooperating, schooled, outside, sales, exports = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(cluster.firms, cluster.last):
            if actors.kind[i] == FREE or not actors.member[i]:
                continue
            members += 1.0
            sales += actors.sales[i]
            exports += actors.exports[i]
            cooperating += actors.top[i] >= COMMERCIAL
            links, school = links_of(actors, ties, i)
            outside += links
            schooled += school
        if not cluster.formal or cluster.staff < parameters[cluster.world].programme.report_staff or members == 0.0:
            out[c, :] = np.nan
            continue
        told = sales > 0.0 and cluster.export_pull > 0.0
        out[c, FIRMS] = 1.0 - cooperating / members
        out[c, MARKET] = min(1.0, max(0.0, 1.0 - exports / sales / cluster.export_pull)) if told else 0.0
        out[c, RESEARCH] = 1.0 - schooled / members
        out[c, CLUSTERS] = max(0.0, 1.0 - outside / members)


@kernel
def links_of(actors, ties, i):
    """Return the number of outside links of a firm, and 1 if it has a tie to a university or technology centre."""
    links, school = 0.0, 0.0
    for slot in range(actors.around[i], actors.around[i] + actors.degree[i]):
        t = ties.by_actor[slot]
        links += ties.kind[t] == EXTERNAL
        if ties.kind[t] == INSTITUTIONAL and ties.level[t] >= INFORMATION and actors.kind[ties.a[t]] >= UNIVERSITY:
            school = 1.0  # the institution is the end with the lower row
    return links, school
