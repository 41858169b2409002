"""The house: imports point to a lower floor, mechanisms do not know each other, files and kernels stay short, extras stay out."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "clustersim"
FILE_LINES, KERNEL_LINES = 310, 45

# The floor of each module; a package's line holds for all of its modules. "" is the package itself.
FLOORS = {
    0: ["", "__main__", "errors", "instruments", "plugins", "mesa_model", "programme_rules"],
    1: ["core"],
    2: ["model"],
    3: ["policy"],
    4: ["scenario"],
    5: ["simulation"],
    6: ["results"],
    7: ["experiments"],
    8: ["studies"],
    9: ["testing", "views"],
    10: ["cli"],
}
FLOOR = {name: floor for floor, names in FLOORS.items() for name in names}
CORE = 6  # the highest floor of the core, which knows nothing of the extras
EXTRAS = {"dask", "distributed", "duckdb", "matplotlib", "mesa", "netCDF4", "pandas", "pyarrow", "rich", "typer"}


def name_of(path: Path) -> str:
    """Return a module's name below ``clustersim``, with dots."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(SOURCE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def floor_of(name: str) -> int:
    """Return the floor of a module, from its own line or its package's."""
    top = name.split(".")[0]
    if top not in FLOOR:
        pytest.fail(f"clustersim.{name} has no floor: give it one in FLOORS of tests/test_floors.py (see the architecture)")
    return FLOOR[top]


def statements(tree: ast.AST):
    """Yield all nodes but those under ``if TYPE_CHECKING``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from statements(node)


def imported(name: str):
    """Yield (full name, line) of all that a module imports, also inside functions and by ``import_module``."""
    for node in statements(TREES[name]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"clustersim.{name}: relative import in line {node.lineno}; write it out"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            if node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), node.lineno


def inside(name: str) -> list[tuple[str, int]]:
    """Return (module below ``clustersim``, line) of a module's imports from the package itself."""
    found = []
    for full, line in imported(name):
        top, _, rest = full.partition(".")
        if top != "clustersim":
            continue
        while rest and rest not in MODULES:  # a name in a module, not a module
            rest = rest.rpartition(".")[0]
        if rest or full in {"clustersim", "clustersim.__version__"}:
            found.append((rest, line))
    return found


def test_every_module_has_a_floor():
    for name in MODULES:
        floor_of(name)


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name or "clustersim")
def test_imports_point_to_a_lower_floor(name):
    floor = floor_of(name)
    for target, line in inside(name):
        where = f"{MODULES[name].relative_to(SOURCE)}:{line} (floor {floor})"
        assert floor_of(target) <= floor, f"{where} imports clustersim.{target} (floor {floor_of(target)}): a higher floor"


def test_modules_of_one_floor_do_not_import_in_a_circle():
    graph = {name: {target for target, _ in inside(name) if target != name} for name in MODULES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' → '.join(error.args[1])}")


def test_mechanisms_and_indicators_know_neither_each_other_nor_their_neighbours():
    for name in MODULES:
        room = name.split(".")[0]
        if room == "mechanisms":
            strangers = [t for t, _ in inside(name) if t.split(".")[0] in {"mechanisms", "indicators"}]
        elif room == "indicators":
            strangers = [t for t, _ in inside(name) if t.startswith("mechanisms")]
            strangers += [t for t, _ in inside(name) if t.startswith("indicators") and "." in name]
        else:
            continue
        assert not strangers, f"clustersim.{name} imports {', '.join(strangers)}: each has its own room"


def test_each_mechanism_has_its_own_file_and_parameters():
    names = [name for name in MODULES if name.startswith("mechanisms.")]
    assert len(names) == 17
    for name in names:
        assigned = {ast.unparse(t) for node in TREES[name].body if isinstance(node, ast.Assign) for t in node.targets}
        assert "PARAMETERS" in assigned, f"clustersim.{name} declares no PARAMETERS"


def test_the_core_imports_no_extras():
    for name in MODULES:
        if floor_of(name) <= CORE:
            extras = {full.split(".")[0] for full, _ in imported(name)} & EXTRAS
            assert not extras, f"clustersim.{name} is of the core and imports {', '.join(sorted(extras))}"


def loaded(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded("import clustersim") & {"numba", "numpy", *EXTRAS, "pydantic", "yaml"}


def test_the_core_loads_no_extras():
    modules = loaded("import clustersim.simulation.engine, clustersim.scenario.loading")
    assert {"numba", "numpy"} <= modules
    assert not modules & EXTRAS


def test_the_mesa_model_loads_no_figures():
    assert "matplotlib" not in loaded("import clustersim.simulation.mesa_model")


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name or "clustersim")
def test_files_are_short(name):
    lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())
    assert lines < FILE_LINES, f"clustersim.{name} has {lines} lines: split it"


def is_kernel(node: ast.AST) -> bool:
    """Whether a function is decorated with ``kernel``, with or without arguments."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(ast.unparse(d.func if isinstance(d, ast.Call) else d) == "kernel" for d in node.decorator_list)


def test_kernels_are_short():
    kernels = [(name, node) for name, tree in TREES.items() for node in ast.walk(tree) if is_kernel(node)]
    assert len(kernels) > 80
    for name, node in kernels:
        lines = node.end_lineno - node.lineno + 1
        assert lines < KERNEL_LINES, f"clustersim.{name}.{node.name} has {lines} lines: split it"


def test_files_with_kernels_are_part_of_the_cache_key():
    from clustersim.core.accelerate import kernel_sources

    known = {name_of(path) for path in kernel_sources()}
    for name, tree in TREES.items():
        if any(is_kernel(node) for node in ast.walk(tree)):
            assert name in known, f"clustersim.{name} holds kernels: add it to accelerate.kernel_sources"
