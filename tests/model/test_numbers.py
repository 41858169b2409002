"""No number hides in a kernel: what a sweep could move is a declared parameter; what is left stands here with a reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "clustersim"
FILES = [*sorted((PACKAGE / "model").rglob("*.py")),
         *(PACKAGE / "simulation" / name for name in ("announcing.py", "initial.py", "neighbours.py"))]  # fmt: skip
PLAIN = {0, 1}  # nothing and all of it

# What else stands in a function, and why it is no choice of the model.
HALF_OF_TWO = "the mean of two"
BOTH_ENDS = "a tie has two ends"
LOG_NORMAL = "half the variance, so that the mean of the exponential is 1"
IN_FUNCTIONS = {
    "model/founding.py": {"observe": ({2}, BOTH_ENDS)},
    "model/network.py": {
        "wrap": ({0.5}, "half a turn of the circle"), "near": ({2}, "the largest distance on the circle is one half"),
        "index_ties": ({2}, BOTH_ENDS),
    },
    "model/reach.py": {"cut": ({0.5}, "half way between two scores")},
    "model/sorting.py": {"sort_order": ({2}, "a heap's children"), "sift": ({2}, "a heap's children")},
    "model/state.py": {"columns": ({64}, "bytes of a line of cache"), "allocate_ties": ({2}, BOTH_ENDS)},
    "model/mechanisms/meeting.py": {
        "broker": ({2}, "two draws for each pair"), "look_out": ({2}, "from minus one to one"),
        "bridge": ({2}, "two draws for each meeting; of two kinds one half each"), "choose": ({2}, "the place of an alternative"),
        "refer": ({2}, "parts of two, so that equals bring each other what a referral is"),
    },
    "model/mechanisms/trust.py": {
        "interact": ({0.5}, HALF_OF_TWO), "gossip": ({2}, "a third one needs two partners"),
    },
    "model/mechanisms/linkage.py": {
        "negotiate": ({2}, "trust in both directions"), "cognitive_fit": ({2, 0.5}, "a parabola through 0, the peak, and 0"),
    },
    "model/mechanisms/knowledge.py": {"learn": ({2}, "a parabola through 0, the best, and 0")},
    "model/mechanisms/market.py": {
        "shift_markets": ({0.5}, LOG_NORMAL), "sell": ({0.5}, LOG_NORMAL),
        "bargain": ({0.5}, "equal sides split a surplus in halves"),
    },
    "model/mechanisms/phase.py": {"sample_triads": ({2}, "a pair of partners")},
    "model/indicators/relations.py": {"measure": ({2}, "a tie has two ends; pairs of firms")},
    "simulation/initial.py": {
        "identity_of": ({8}, "bytes of an identity"), "describe_clusters": ({7, 8, 24, 384}, "room in arrays"),
        "make_room": ({2, 3, 4, 8, 16, 96, 256}, "room in arrays"), "place_institutions": ({2}, "what keys institutions"),
    },
}  # fmt: skip

# What stands outside of functions and declarations: by its name, which the line there explains.
NAMED = {
    "model/units.py": {"YEAR", "HALF_YEAR", "TINY", "ORIGIN", "EXPECTED"},
    "model/sizes.py": {"SMALL_FROM, MEDIUM_FROM, LARGE_FROM", "BOUNDS"},
    "model/network.py": {"HEADROOM", "BIRTHS, BIRTH_PART"},
    "model/state.py": {"SEGMENTS_MAX, STAGES_MAX, PROJECTS_MAX, RELATED_MAX, DONORS_MAX", "MEETINGS", "AIMS_MAX", "LONG_AGO"},
    "model/reach.py": {"EVERY_CLASS, EVERY_SEGMENT"},
    "model/activity_types.py": {"FACTORS"},
    "model/mechanisms/meeting.py": {"ONE, TWO", "FINE"},
    "model/mechanisms/linkage.py": {"FORBIDDEN"},
    "model/mechanisms/facilitation.py": {"HOURS"},
    "model/mechanisms/market.py": {"INDUSTRIES"},
    "model/mechanisms/phase.py": {"BETTER"},
    "model/indicators/structure.py": {"YOUNG"},
    "model/indicators/success.py": {"DUE", "METRICS", "YOUNG_FIRMS, GROWTH, RETURN, LIQUIDITY, SHORTAGE, WHOLE"},
    "simulation/initial.py": {"ORIENTATIONS"},
    "simulation/announcing.py": {"AT_RANDOM"},
}
DECLARES = {"Parameter", "Variable", "Indicator", "Lever"}


def numbers(node: ast.AST) -> set[float]:
    """Return the numbers below a node but for plain ones, exponents and declarations."""
    if isinstance(node, ast.Constant):
        return {node.value} - PLAIN if isinstance(node.value, (int, float)) else set()
    if isinstance(node, ast.Call) and ast.unparse(node.func) in DECLARES:
        return set()
    parts = [node.left] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) else ast.iter_child_nodes(node)
    return {value for part in parts for value in numbers(part)}


def is_codes(node: ast.stmt) -> bool:
    """Whether an assignment counts things through: a range, or whole numbers one after the other from 1 or below."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        return ast.unparse(node.value.func) == "range"
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple)):
        return False
    try:
        values = ast.literal_eval(node.value)
    except ValueError:
        return False
    first = values[0]
    return isinstance(first, int) and first <= 1 and list(values) == list(range(first, first + len(values)))


def found(path: Path) -> tuple[dict[str, set[float]], set[str]]:
    """Return the numbers in the functions of a file, and the names of what holds numbers outside of them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions: dict[str, set[float]] = {}
    outside: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = {value for part in node.body for value in numbers(part)}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and not is_codes(node) and numbers(node.value or ast.Pass()):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            outside |= {ast.unparse(target).strip("()") for target in targets}
    return {name: values for name, values in functions.items() if values}, outside


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_number_hides(path):
    place = path.relative_to(PACKAGE).as_posix()
    functions, outside = found(path)
    allowed = {name: values for name, (values, _) in IN_FUNCTIONS.get(place, {}).items()}
    assert functions == allowed, "declare a Parameter, or allow the number here with its reason"
    assert outside == NAMED.get(place, set()), "declare a Parameter, or name the constant here and explain it there"


def test_a_hidden_number_is_found(tmp_path):
    file = tmp_path / "made.py"
    file.write_text("FREE = 0\nA, B = 3, 4\nSPEED = 0.3\nP = {'a': Parameter(0.7, '1', 0, 2, '')}\n"
                    "def act(x):\n    return 1.0 - 0.25 * x ** 2\n", encoding="utf-8")  # fmt: skip
    assert found(file) == ({"act": {0.25}}, {"A, B", "SPEED"})
