"""The rule works: all money is for events at first, and for projects in the end. Run: python -m pytest"""

from pathlib import Path

from clustersim.plugins import load_plugin
from clustersim.testing import check_rule

(RULE,) = load_plugin(Path(__file__).with_name("links_then_projects.py")).rules
PAID = ["awareness_events", "project_cofinance"]


def test_money_moves_from_events_to_projects():
    found = check_rule(RULE, PAID, rise=0.1)
    assert found.factors == dict.fromkeys(PAID, (0.0, 2.0)) and "projects_started" in found.differs


def test_it_stays_with_events_where_firms_do_not_link():
    assert check_rule(RULE, PAID, rise=1.0).factors == {PAID[0]: (2.0, 2.0), PAID[1]: (0.0, 0.0)}
