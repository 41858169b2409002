"""No number hides in a kernel: what a sweep could want to move is a declared parameter, the rest is named here with a reason."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "clustersim"
FILES = [*sorted((PACKAGE / "model").rglob("*.py")),
         *(PACKAGE / "simulation" / name for name in ("announcing.py", "initial.py", "neighbours.py"))]  # fmt: skip
PLAIN = {0, 1}  # nothing and all of it

# What else stands in a function, and why it is no choice of the model.
HALF_OF_TWO = "the mean of two"
BOTH_ENDS = "a tie has two ends"
IN_FUNCTIONS = {
    "model/network.py": {
        "wrap": ({0.5}, "half a turn of the circle"), "near": ({2}, "the largest distance on the circle is one half"),
        "index_ties": ({2}, BOTH_ENDS),
    },
    "model/sorting.py": {"sort_order": ({2}, "a heap's children"), "sift": ({2}, "a heap's children")},
    "model/state.py": {"columns": ({64}, "bytes of a line of cache"), "allocate_ties": ({2}, BOTH_ENDS)},
    "model/mechanisms/meeting.py": {
        "broker": ({2}, "two draws for each pair"), "look_out": ({2}, "from minus one to one"),
    },
    "model/mechanisms/trust.py": {
        "interact": ({0.5}, HALF_OF_TWO), "gossip": ({2}, "a third one needs two partners"),
    },
    "model/mechanisms/linkage.py": {
        "negotiate": ({2}, "trust in both directions"), "cognitive_fit": ({2, 0.5}, "a parabola through 0, the peak, and 0"),
    },
    "model/mechanisms/market.py": {"bargain": ({0.5}, "equal sides split a surplus in halves")},
    "model/mechanisms/phase.py": {"sample_triads": ({2}, "a pair of partners")},
    "model/indicators/relations.py": {"measure": ({2}, "a tie has two ends; pairs of firms")},
    "simulation/initial.py": {
        "describe_clusters": ({7, 8, 24, 384}, "room in arrays, and bytes of an identity"),
        "make_room": ({2, 3, 4, 8, 16, 96, 256}, "room in arrays"), "place_institutions": ({2}, "what keys institutions"),
    },
}  # fmt: skip

# What else stands outside of functions and declarations, by the name that it is given there.
NAMED = {
    "model/units.py": {"YEAR", "HALF_YEAR", "TINY", "ORIGIN", "EXPECTED"},
    "model/sizes.py": {"BOUNDS"},
    "model/network.py": {"HEADROOM", "BIRTHS"},
    "model/state.py": {"SEGMENTS_MAX", "MEETINGS", "LEVELS", "ENDED", "AGGLOMERATION", "GOVERNMENT", "NO_STAGE", "POTENTIAL", "VERTICAL"},
    "model/levers.py": {"NATION"},
    "model/mechanisms/meeting.py": {"FINE"},
    "model/mechanisms/linkage.py": {"FORBIDDEN"},
    "model/mechanisms/facilitation.py": {"HOURS"},
    "model/indicators/success.py": {"BOUNDS", "DUE", "SIX"},
    "model/indicators/structure.py": {"YOUNG"},
    "simulation/initial.py": {"ORIENTATIONS"},
    "simulation/announcing.py": {"AT_RANDOM"},
}


def numbers(node: ast.AST) -> set[float]:
    """Return the numbers below a node that are not plain: exponents, declarations and the codes of a range are left out."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Parameter", "Variable", "Indicator", "range", "N_"} - {"range"}:
        return set()
    if isinstance(node, ast.Constant):
        is_number = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        return {node.value} - PLAIN if is_number else set()
    parts = [node.left] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) else list(ast.iter_child_nodes(node))
    return set().union(*map(numbers, parts)) if parts else set()
