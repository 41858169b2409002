"""Titles and descriptions in other languages: shown to who reads, inherited as long as they are true, of no consequence else."""

from __future__ import annotations

import pytest

from clustersim.core.words import speaking
from clustersim.experiments.design import load_experiment, shipped_experiments
from clustersim.experiments.planning import make_plan
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from scenario_cases import SMALL, refused, write  # noqa: F401

SAID = SMALL + "description: D\ntranslations:\n  es: {title: Título, description: Descripción}\n"


def both(scenario):
    with speaking("es"):
        return scenario.titled(), scenario.described()


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_every_shipped_scenario_speaks_spanish(name):
    scenario = load_scenario(name)
    with speaking("en"):
        assert (scenario.titled(), scenario.described()) == (scenario.title, scenario.description)
    assert not set(both(scenario)) & {scenario.title, scenario.description}


@pytest.mark.parametrize("name", sorted(shipped_experiments()))
def test_every_shipped_experiment_speaks_spanish(name):
    experiment, *_rest = load_experiment(name)
    with speaking("es"):
        assert not {experiment.titled(), experiment.asked()} & {experiment.title, experiment.question}


def test_what_is_not_translated_shows_as_the_file_says_it(write):  # noqa: F811
    assert both(load_scenario(write(SMALL))) == ("T", "")
    assert both(load_scenario(write(SMALL + "translations: {es: {description: De}, en: {title: E}}\n"))) == ("T", "De")


def test_a_child_inherits_translations_only_of_what_it_does_not_say_anew(write):  # noqa: F811
    write(SAID, "base.yaml")
    assert both(load_scenario(write("extends: base.yaml\n"))) == ("Título", "Descripción")
    assert both(load_scenario(write("extends: base.yaml\ntitle: Mine\n"))) == ("Mine", "Descripción")
    own = "extends: base.yaml\ntitle: Mine\ndescription: M\ntranslations: {es: {title: Mío}}\n"
    assert both(load_scenario(write(own))) == ("Mío", "M")
    assert both(load_scenario("base.yaml", ["description=other"])) == ("Título", "other")


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [("{fr: {title: x}}", "translations.fr", "Allowed: en, es."), ("{es: {titel: x}}", "translations.es.titel", "'title'"),
     ("{es: T}", "translations.es", "In Spanish."), ("[es]", "translations", "")],
)  # fmt: skip
def test_other_languages_and_keys_are_refused(write, text, key, hint):  # noqa: F811
    error = refused(write(SMALL + f"translations: {text}\n"))
    assert (error.key, error.others) == (key, 0) and hint in error.hint


def test_a_plan_does_not_hold_them(write):  # noqa: F811
    write(SAID, "s.yaml")
    text = "title: T\nquestion: Q\nscenarios: [s.yaml]\n"
    plain, _experiment = make_plan(write(text, "e.yaml"))
    said, experiment = make_plan(write(text + "translations: {es: {title: Te, question: Cu}}\n", "e.yaml"))
    assert plain.hash == said.hash
    with speaking("es"):
        assert (experiment.titled(), experiment.asked()) == ("Te", "Cu")
