"""Success and gaps: six metrics of two firms' books and their mean, and how wide each of seven gaps is."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.indicators import AT, by_name
from clustersim.model.indicators.success import INDICATORS, measure
from clustersim.model.state import FREE


@pytest.fixture
def books(make):
    """Return a maker of clusters of two firms with plain books and of one that has left."""

    def _books(**cluster):
        case = make(3)
        case.all(profit=np.array([30.0, 10.0, 9e9]), assets=np.array([300.0, 100.0, 9e9]), cash=np.array([120.0, -20.0, 9e9]),
                 debt=np.array([80.0, 20.0, 9e9]), wage_bill=np.array([60.0, 40.0, 9e9]))  # fmt: skip
        case.set(2, kind=FREE)
        case.cluster.firm_count, case.cluster.employment, case.cluster.skilled = 2, 20.0, 20.0
        for name, value in cluster.items():
            case.cluster[name] = value
        return case

    return _books


def measured(case, young=0.0, universities=0.0, sales=0.0, exports=0.0):
    """Return the indicators by name."""
    out = by_name(np.zeros((1, len(AT))))[0]
    out.young_share, out.university_links, out.sales, out.exports = young, universities, sales, exports
    measure(case.actors, case.cluster, out)
    return {name: out[name] for name in INDICATORS}


def test_metrics_come_from_the_books_of_the_firms_alive(books):
    """They hold assets of 400 and cash of 120, owe 100, earn 40 a quarter and pay wages of 100."""
    found = measured(books(jobs_growth=0.03, sales_growth=-0.02))
    assert found["employment_growth"] == 0.03 and found["turnover_growth"] == -0.02
    assert found["profitability"] == pytest.approx(4 * 40 / 520)
    assert found["liquidity"] == pytest.approx(120 / (100 + 0.2 * 100))
    assert found["solvency"] == pytest.approx((520 - 100) / 520)


def test_success_is_the_mean_of_six_metrics_between_their_bounds(books):
    """Young firms 0.1 of 0.5; jobs at 0.05 and sales at -0.1 between -0.1 and 0.1; returns above 0.3; liquidity 1 of 3."""
    found = measured(books(jobs_growth=0.05, sales_growth=-0.1), young=0.1)
    assert found["success"] == pytest.approx((0.2 + 0.75 + 0.0 + 1.0 + 1 / 3 + 420 / 520) / 6)
    best = books(jobs_growth=9.0, sales_growth=9.0)
    best.all(profit=9e9, wage_bill=0.0, debt=0.0)
    assert measured(best, young=1.0)["success"] == pytest.approx((5 + 0.0) / 6), "who owes nothing and pays nobody has no ratio"


def test_without_books_there_is_nothing_to_divide_by(books):
    case = books(employment=0.0, firm_count=0)
    case.all(kind=FREE)
    names = ("profitability", "liquidity", "solvency", "gap_education", "gap_market", "gap_capital")
    assert {measured(case)[name] for name in names} == {0.0}


@pytest.mark.parametrize(
    ("gap", "cluster", "given", "width"),
    [
        ("gap_education", {"skilled": 20.0}, {}, 0.0), ("gap_education", {"skilled": 15.0}, {}, 0.5),
        ("gap_education", {"skilled": 2.0}, {}, 1.0), ("gap_education", {"skilled": 90.0}, {}, 0.0),
        ("gap_government", {"coordinated": 0.8, "credibility": 0.5}, {}, 0.6),
        ("gap_firms", {"linked": 0.3}, {}, 0.7),
        ("gap_market", {"export_pull": 0.4}, {"sales": 100.0, "exports": 10.0}, 0.75),
        ("gap_market", {"export_pull": 0.4}, {"sales": 100.0, "exports": 60.0}, 0.0),
        ("gap_market", {"export_pull": 0.0}, {"sales": 100.0}, 0.0), ("gap_market", {"export_pull": 0.4}, {}, 0.0),
        ("gap_capital", {"credit_wanted": 200.0, "credit_granted": 50.0}, {}, 0.75),
        ("gap_capital", {"credit_wanted": 0.0}, {}, 0.0),
        ("gap_research", {}, {"universities": 0.35}, 0.65),
        ("gap_clusters", {"pipelines": 0.5}, {}, 0.75), ("gap_clusters", {"pipelines": 7.0}, {}, 0.0),
    ],
)  # fmt: skip
def test_each_gap_is_as_wide_as_its_formula_says(books, gap, cluster, given, width):
    assert measured(books(**cluster), **given)[gap] == pytest.approx(width)
