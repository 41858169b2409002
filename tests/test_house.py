"""The house: few rooms, no circles, short kernels that the cache knows, light imports. `make lint` keeps the floors."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from clustersim.core.accelerate import kernel_sources

SOURCE = Path(__file__).parents[1] / "src" / "clustersim"
ENTRIES, KERNEL_LINES = 18, 45
EXTRAS = {"dask", "distributed", "duckdb", "matplotlib", "mesa", "netCDF4", "pandas", "pyarrow", "rich", "typer"}

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def where(path: Path, node: ast.AST) -> str:
    """Return file and line of a node."""
    return f"{path.relative_to(SOURCE)}:{node.lineno}"


def test_the_top_of_the_package_has_few_entries():
    entries = {path.name for path in SOURCE.iterdir()} - {"__pycache__"}
    assert len(entries) <= ENTRIES, f"put new modules into a room: {', '.join(sorted(entries))}"


def test_modules_do_not_import_in_a_circle():
    """Imports inside functions and those for annotations only are counted too."""
    graph = grimp.build_graph("clustersim", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) - {name} for name in graph.modules}
    assert len(imports) == len(TREES)
    try:
        list(TopologicalSorter(imports).static_order())
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' → '.join(error.args[1])}")


def test_imports_are_written_so_that_they_can_be_checked():
    """Full names, and statements: the floors cannot see `import_module("clustersim.…")`, which only the top room may use."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{where(path, node)}: write the import out"
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
                named = isinstance(node.args[0], ast.Constant) and str(node.args[0].value).startswith("clustersim")
                assert not named or path.parent.name == "cli", f"{where(path, node)}: use an import statement"


def test_each_mechanism_has_its_own_file_and_parameters():
    mechanisms = {path: tree for path, tree in TREES.items() if path.parent.name == "mechanisms" and path.stem != "__init__"}
    assert len(mechanisms) == 18
    for path, tree in mechanisms.items():
        assigned = {ast.unparse(t) for node in tree.body if isinstance(node, ast.Assign) for t in node.targets}
        assert "PARAMETERS" in assigned, f"{path.name} declares no PARAMETERS"


def loaded(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert not loaded("import clustersim") & {"numba", "numpy", *EXTRAS, "pydantic", "scipy", "yaml"}


def test_the_engine_loads_no_extras():
    modules = loaded("import clustersim.simulation.engine, clustersim.scenario.loading")
    assert {"numba", "numpy"} <= modules
    assert not modules & EXTRAS


def test_the_mesa_model_loads_no_figures():
    assert "matplotlib" not in loaded("import clustersim.simulation.mesa_model")


def is_kernel(node: ast.AST) -> bool:
    """Whether a function is decorated with ``kernel``, with or without arguments."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(ast.unparse(d.func if isinstance(d, ast.Call) else d) == "kernel" for d in node.decorator_list)


def test_kernels_are_short_and_part_of_the_cache_key():
    kernels = [(path, node) for path, tree in TREES.items() for node in ast.walk(tree) if is_kernel(node)]
    known = set(kernel_sources())
    assert len(kernels) > 80
    for path, node in kernels:
        lines = node.end_lineno - node.lineno + 1
        assert lines < KERNEL_LINES, f"{where(path, node)}: {node.name} has {lines} lines: split it"
        assert path in known, f"{where(path, node)}: no part of core.accelerate.kernel_sources"


@pytest.mark.xdist_group("alone")
def test_what_must_not_meet_is_kept_together(request):
    """The pair of pytest and pytest-xdist that the lock names heeds groups; some pairs forget them without a word."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process runs all tests")
    assert request.node.nodeid.endswith("@alone")
