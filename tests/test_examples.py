"""Every public function and class has an example in its docstring, and each example does what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import clustersim
from clustersim.core.words import VARIABLE

FACES = ("clustersim", "clustersim.errors", "clustersim.instruments", "clustersim.mesa_model", "clustersim.plugins",
         "clustersim.programme_rules", "clustersim.testing")  # fmt: skip
EXTRAS = {"to_xarray": "xarray"}  # what an example needs beside clustersim itself


def public():
    """Return all public functions and classes, each once, and the public methods that results share, by their full name."""
    from clustersim.results.presenting import Presented

    found = {}
    for face in FACES:
        module = importlib.import_module(face)
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                found.setdefault(value, f"{face}.{name}")
    methods = {getattr(Presented, name): f"Presented.{name}" for name in vars(Presented) if not name.startswith("_")}
    return {name: value for value, name in (found | methods).items()}


def own_doc(value):
    """Return the docstring of a thing itself, not the one that a class inherits."""
    return (vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__) or ""


def elsewhere():
    """Return what else in the package has an example, by its full name."""
    known, found = set(public().values()), {}
    for module in pkgutil.walk_packages(clustersim.__path__, "clustersim."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            here = getattr(value, "__module__", None) == module.name
            if here and (inspect.isfunction(value) or inspect.isclass(value)) and value not in known and ">>>" in own_doc(value):
                found[f"{module.name}.{name}"] = value
    return found


PUBLIC, ELSEWHERE = public(), elsewhere()


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_an_example(name):
    doc = own_doc(PUBLIC[name])
    assert ">>>" in doc, f"{name} needs an example that runs"
    assert "+SKIP" not in doc, f"the example of {name} is not run"


@pytest.mark.parametrize("name", [*PUBLIC, *ELSEWHERE])
def test_the_example_does_what_it_says(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "en")
    value = (PUBLIC | ELSEWHERE)[name]
    if extra := EXTRAS.get(name.rpartition(".")[2]):
        pytest.importorskip(extra)
    said = []
    known = {} if name in PUBLIC else vars(importlib.import_module(value.__module__)).copy()  # who reads those is in the module
    for test in doctest.DocTestFinder(recurse=False).find(value, name, globs=known):
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert not said, "".join(said)
    assert not list(tmp_path.iterdir()), "an example leaves files behind"


def test_no_example_is_skipped():
    assert not [name for name, value in ELSEWHERE.items() if "+SKIP" in own_doc(value)]
