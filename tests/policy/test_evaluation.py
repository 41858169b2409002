"""A programme that is evaluated, and prices of the place: what a scenario says of them arrives in money and in results."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from clustersim.core.words import said_in, speaking
from clustersim.policy.programme import Observed
from clustersim.results import simulate
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.views.report.assumptions import GATES, programme

RULE = {"every_years": 1, "per_year": 20, "indicator": "linked", "gain": 1.0}
TWO = [{"use": "facilitator", "per_year": 80}, {"use": "supplier_development", "per_year": 40, "classes": ["small"]}]


def scenario(price: float = 1.0, **programme: Any) -> Scenario:
    """Return a small place with a programme of two stages."""
    stages = [{"name": name, "quarters": 8, "instruments": TWO} for name in ("first", "second")]
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": [{"name": "one", "smes": 20}], "price_level": price},
        "programme": {"stages": stages, **programme},
    })  # fmt: skip


def money(**rule: Any) -> Any:
    """Return spending and indicators of three replicates of a programme with this evaluation (or none)."""
    result = simulate(scenario(**({"evaluation": RULE | rule} if rule else {})), replicates=3, years=4.5)
    return result.spending, result.indicators


def by_quarter(spending: Any, evaluation: bool) -> list[float]:
    chosen = spending[(spending["instrument"] == "evaluation") == evaluation]
    return chosen[chosen["replicate"] == 0].groupby("quarter")["public"].sum().reindex(range(18), fill_value=0.0).tolist()


def test_an_evaluation_has_its_own_line_of_spending_in_every_stage():
    spending, _ = money(keep=1.0)
    own = spending[spending["instrument"] == "evaluation"]
    assert by_quarter(spending, True) == pytest.approx([5.0] * 16 + [0.0, 0.0])
    assert not own["private"].any() and own.groupby("stage", observed=True)["quarter"].nunique().tolist() == [8, 8]
    assert by_quarter(spending, False) == by_quarter(money()[0], False), "what finds enough changes nothing else"


def test_what_is_found_wanting_gets_less_and_says_so():
    spending, indicators = money(keep=0.5)
    assert by_quarter(spending, False) == pytest.approx([30.0] * 4 + [15.0] * 12 + [0.0, 0.0])
    first = indicators[indicators["replicate"] == 0]
    assert first["kept"].tolist() == [1.0] * 4 + [0.5] * 14
    assert first["public_spending"].tolist() == pytest.approx([35.0] * 4 + [17.5] * 12 + [0.0] * 2)


def test_keeping_nothing_ends_the_programme_and_its_evaluation():
    spending, _ = money(keep=0.0)
    assert by_quarter(spending, False)[4:] == by_quarter(spending, True)[4:] == [0.0] * 14


def test_without_an_evaluation_none_is_paid():
    spending, indicators = money()
    assert "evaluation" not in set(spending["instrument"]) and (indicators["kept"] == 1.0).all()


@pytest.mark.parametrize("price", [0.4, 2.0])
def test_prices_change_what_money_moves_and_not_what_is_spent(price):
    dear, usual = (Simulation(made, workers=1) for made in (scenario(price), scenario()))
    np.testing.assert_allclose(dear.state.plan.rows.full_cost, price * usual.state.plan.rows.full_cost)
    one, other = dear.advance(2).indicators[-1, 0], usual.advance(2).indicators[-1, 0]
    assert dear.state.clusters.public_spending[0] == usual.state.clusters.public_spending[0] == 30.0
    np.testing.assert_allclose(dear.state.clusters.levers[0] * price, usual.state.clusters.levers[0])
    assert not np.array_equal(one, other)


SAID = {
    "en": ["Evaluation", "each", "20", "every 2 years; the money is multiplied by 0.5 where share of firms with a "
           "cooperative tie has risen by less than 1"],
    "es": ["Evaluación", "cada una", "20", "cada 2 años; el dinero se multiplica por 0,5 donde proporción de empresas con "
           "un vínculo de cooperación subió menos de 1"],
}  # fmt: skip


@pytest.mark.parametrize("lang", SAID)
def test_a_report_tells_the_rule(lang):
    with speaking(lang):
        (table,) = programme(scenario(evaluation=RULE | {"every_years": 2}), "one").tables
        assert table.rows[-1] == SAID[lang]
        assert len(table.rows) == 1 + len(programme(scenario(), "one").tables[0].rows)


@pytest.mark.parametrize("indicator", get_args(Observed))
def test_whatever_an_evaluation_reads_has_a_name_in_both_languages(indicator):
    names = {said_in(lang, GATES[indicator]) for lang in ("en", "es")}
    assert len(names) == 2 and indicator not in names
