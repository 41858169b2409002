"""What the gate of a stage, or an evaluation, reads of a cluster: names, meanings, codes and the reading, in one place.

To add one: its name and meaning, and what `standing` returns for its code.
"""

from __future__ import annotations

from typing import Literal

from clustersim.core.accelerate import kernel

Observed = Literal["climate", "linked", "vision", "members", "component", "formal", "private"]
GATES: dict[Observed, str] = {
    "climate": "mean generalised trust",
    "linked": "share of firms with a cooperative tie",
    "vision": "shared vision",
    "members": "members of the association",
    "component": "share of firms in the linked core",
    "formal": "whether an association exists, 0 or 1",
    "private": "private seats on its board",
}
OPEN = 0  # the code of no gate
CODES = {name: code for code, name in enumerate(GATES, start=OPEN + 1)}
CLIMATE, LINKED, VISION, MEMBERS, COMPONENT, FORMAL, PRIVATE = CODES.values()


@kernel
def standing(cluster, gate):
    """Return where the cluster stands in what a gate or an evaluation reads."""
    if gate == CLIMATE:
        return cluster.climate
    if gate == LINKED:
        return cluster.linked
    if gate == VISION:
        return cluster.vision
    if gate == MEMBERS:
        return cluster.members
    if gate == COMPONENT:
        return cluster.component
    if gate == FORMAL:
        return float(cluster.formal)
    return cluster.board_private
