"""Programme: stages, gates, delay, budget, and levers that move by what is really paid."""

from __future__ import annotations

import pytest
from plans import plan, step

from clustersim.model.gates import CODES, OPEN
from clustersim.model.state import ASSOCIATION


def test_levers_and_flows_are_reset_where_there_is_no_programme(make):
    case = make()
    case.lever(facilitation=2.0, brand=1.0)
    case.cluster.public_spending = case.cluster.private_cofinance = 5.0
    case.cluster.income_public = case.cluster.income_private = case.cluster.returned = 5.0
    case.world.quarter = 3
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()
    assert not case.cluster.aimed.any()
    assert case.cluster.private_cofinance == case.cluster.income_public == case.cluster.income_private == 0.0
    assert case.cluster.returned == 0.0


def test_nothing_happens_before_the_announcement(make):
    case = plan(make(), {}, announced=3)
    assert step(case, 4) == [0.0, 0.0, 0.0, 10.0]
    assert case.cluster.credibility == 1.0


def test_delay_costs_credibility_and_action_regains_it(make):
    case = plan(make(), {}, lag=4)
    assert step(case, 4) == [0.0] * 4
    assert case.cluster.credibility == pytest.approx(0.94**4)
    assert case.cluster.stage == -1
    assert step(case) == [10.0]
    assert case.cluster.credibility == pytest.approx(1 - (1 - 0.94**4) * 0.96)
    assert case.levers()["events"] == pytest.approx(0.5 * case.cluster.credibility)  # trust in the programme carries it


def test_projects_that_fail_under_the_programme_cost_credibility(make):
    """One failure a quarter costs a twentieth here, as much as three do; waiting has its own price."""
    for failed, kept in ((0.0, 1.0), (1.0, 0.95), (3.0, 0.95)):
        case = plan(make(), {}, projects_failed=failed)
        case.p.programme.failure_loss = 0.05
        step(case)
        assert case.cluster.credibility == pytest.approx(kept), failed
    case = plan(make(), {}, projects_failed=1.0, credibility=0.5)
    step(case)
    assert case.cluster.credibility == pytest.approx((0.5 + 0.04 * 0.5) * 0.99)
    waiting = plan(make(), {}, projects_failed=1.0, lag=9)
    step(waiting)
    assert waiting.cluster.credibility == pytest.approx(0.94)


def test_without_delay_loss_waiting_is_free(make):
    case = plan(make(), {}, lag=4)
    case.p.programme.delay_loss = 0.0
    step(case, 5)
    assert case.cluster.credibility == 1.0


def test_a_lever_moves_by_what_is_paid_over_its_full_cost(make):
    case = plan(make(), {"money": 5.0, "strength": 3.0}, {"money": 5.0, "strength": 1.0}, {"money": 5.0, "full_cost": 0.0})
    step(case)
    assert case.levers()["events"] == pytest.approx(3.0 * 0.25 + 0.25)
    assert case.cluster.public_spending == 15.0


def test_no_money_no_movement(make):
    case = plan(make(), {"money": 0.0})
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()


@pytest.mark.parametrize(("coordination", "kept"), [(0.0, 0.4), (0.5, 0.7), (1.0, 1.0)])
def test_weak_coordination_costs_effect_but_no_less_money(make, coordination, kept):
    case = plan(make(), {"money": 20.0}, coordination=coordination)
    assert step(case) == [20.0]
    assert case.levers()["events"] == pytest.approx(kept)


def test_money_ends_with_its_duration_and_starts_after_its_delay(make):
    case = plan(make(), {"start": 2, "quarters": 3}, stages=({"quarters": 20},))
    assert step(case, 8) == [0, 0, 10, 10, 10, 0, 0, 0]


def test_taper_lets_the_money_fall_to_nothing(make):
    case = plan(make(), {"taper": 0.5})
    assert step(case, 9) == pytest.approx([10, 10, 10, 10, 8, 6, 4, 2, 0])
    full = plan(make(), {"taper": 1.0, "quarters": 4})
    assert step(full, 5) == pytest.approx([8, 6, 4, 2, 0])


def test_stages_follow_one_another(make):
    case = plan(make(), {"quarters": 3}, {"stage": 1, "money": 4.0, "quarters": 2}, stages=({"quarters": 3}, {"quarters": 2}))
    assert step(case, 6) == [10, 10, 10, 4, 4, 0]
    assert list(case.cluster.began[:3]) == [0, 3, -1]


def test_at_most_one_stage_begins_in_a_quarter(make):
    case = plan(make(), {}, stages=({"quarters": 0}, {"quarters": 0}, {}))
    step(case)
    assert case.cluster.stage == 0
    step(case)
    assert case.cluster.stage == 1


def test_a_stage_waits_for_its_date(make):
    case = plan(make(), {}, lag=1, stages=({"not_before": 2},))
    assert step(case, 5) == [0, 0, 0, 10, 10]


@pytest.mark.parametrize(
    ("gate", "name", "level", "short"),
    [("climate", "climate", 0.6, 0.599), ("linked", "linked", 0.4, 0.399), ("vision", "vision", 0.3, 0.299),
     ("members", "members", 7.0, 6.0), ("component", "component", 0.25, 0.249), ("formal", "formal", 1, 0),
     ("private", "board_private", 0.5, 0.499)],
)  # fmt: skip
def test_a_stage_waits_for_its_gate_and_stays_open_after_it(make, gate, name, level, short):
    case = plan(make(), {}, stages=({"gate": gate, "level": level},))
    case.cluster[name] = short
    assert step(case, 3) == [0, 0, 0]
    case.cluster[name] = level
    assert step(case) == [10]
    case.cluster[name] = 0
    assert step(case) == [10]


def test_every_gate_is_known_by_its_name(make):
    assert list(CODES) == ["climate", "linked", "vision", "members", "component", "formal", "private"]
    assert step(plan(make(), {}, stages=({"gate": OPEN},))) == [10]


def test_a_budget_scales_all_rows_alike(make):
    rows = {"money": 30.0, "full_cost": 30.0}, {"money": 10.0, "full_cost": 10.0, "channel": "brand"}
    case = plan(make(), *rows, budget=20.0)
    assert step(case) == [20.0]
    assert case.levers()["events"] == case.levers()["brand"] == pytest.approx(0.5)
    assert step(plan(make(), *rows, budget=50.0)) == [40.0]
    assert step(plan(make(), *rows, budget=0.0)) == [40.0]  # none


def test_a_budget_is_for_public_money_alone(make):
    """Of forty a quarter ten come from the association; a budget of twenty pays two thirds of the thirty."""
    rows = {"money": 20.0, "cofinance": 0.5}, {"money": 20.0, "channel": "brand"}
    case = plan(make(), *rows, budget=20.0, formal=1)
    case.actors.cash[ASSOCIATION] = 100.0
    assert step(case) == pytest.approx([20.0])
    assert case.cluster.private_cofinance == pytest.approx(20.0 / 3)
    assert case.levers()["events"] == case.levers()["brand"] == pytest.approx(2 / 3)


RULE = {"evaluated": 2, "evaluated_for": CODES["linked"], "evaluated_gain": 0.1, "evaluated_keep": 0.25}


def judged(make, linked, **cluster):
    """Return what is spent while the linked share passes through these values, one a quarter."""
    case = plan(make(), {"quarters": 40}, stages=({"quarters": 40},), **(RULE | cluster))
    spent = []
    for value in linked:
        case.cluster.linked = value
        spent += step(case)
    return spent, case


def test_an_evaluation_cuts_the_money_until_one_finds_the_gain(make):
    spent, case = judged(make, [0.3, 0.9, 0.39, 0.9, 0.41, 0.0, 0.2])
    assert case.cluster.baseline == pytest.approx(0.3)
    assert spent == [10, 10, 2.5, 2.5, 10, 10, 2.5]
    assert case.cluster.kept == 0.25


def test_the_baseline_is_taken_when_the_first_stage_begins(make):
    spent, case = judged(make, [0.0, 0.3, 0.3, 0.39, 0.41], lag=1)
    assert case.cluster.baseline == pytest.approx(0.3) and spent == [0, 10, 10, 2.5, 2.5]


def test_a_programme_that_an_evaluation_ends_does_not_come_back(make):
    spent, case = judged(make, [0.3, 0.3, 0.3, 0.3, 0.9, 0.9], evaluated_keep=0.0)
    assert spent == [10, 10, 0, 0, 0, 0] and case.cluster.kept == 0.0
    assert case.cluster.idle == 4, "its funds go back as at any other end"


def test_without_evaluation_nothing_is_cut(make):
    spent, case = judged(make, [0.3] * 6, evaluated=0)
    assert spent == [10] * 6 and case.cluster.kept == 1.0


@pytest.mark.parametrize("gate", CODES)
def test_an_evaluation_reads_what_gates_read(make, gate):
    name = {"private": "board_private"}.get(gate, gate)
    case = plan(make(), {}, **(RULE | {"evaluated_for": CODES[gate], "evaluated_gain": 1.0}))
    case.cluster[name] = 2
    step(case)
    assert case.cluster.baseline == 2.0
    case.cluster[name] = 3
    step(case, 2)
    assert case.cluster.kept == 1.0
    case.cluster[name] = 2
    step(case, 2)
    assert case.cluster.kept == 0.25


def test_a_map_grows_with_mapping_fades_without_and_targets_every_instrument(make):
    rows = {"channel": "targeting", "full_cost": 10.0, "quarters": 2}, {"channel": "brand", "full_cost": 10.0, "quarters": 40}
    case = plan(make(), *rows, stages=({"quarters": 40},))
    brands, mapped = [], []
    for _ in range(5):
        step(case)
        brands.append(case.levers()["brand"])
        mapped.append(float(case.cluster.mapped))
    first = 0.25 * (1.0)  # the map of a quarter serves from the next one on
    second = first + 0.25 * (1.0 - first) - 0.05 * first
    assert mapped[:3] == pytest.approx([0.0, first, second])
    assert mapped[3:] == pytest.approx([second * 0.95, second * 0.95**2])
    assert brands == pytest.approx([1.0 + 0.2 * share for share in mapped])


def test_more_mapping_than_full_maps_no_faster(make):
    case = plan(make(), {"channel": "targeting", "full_cost": 1.0})
    step(case, 2)
    assert case.cluster.mapped == pytest.approx(0.25)


def test_who_leads_a_stage_decides_from_its_begin(make):
    stages = {"quarters": 1}, {"quarters": 8, "politics": 0.2, "turnover": 1.5}
    case = plan(make(), {}, stages=stages)
    seen = []
    for _ in range(2):
        step(case)
        seen.append((float(case.cluster.exposure_to_politics), float(case.cluster.turnover_factor)))
    assert seen == [(1.0, 1.0), (0.2, 1.5)]


def factors(case):
    return case.plan.rows.factor.tolist()


def test_a_rule_that_keeps_the_total_divides_the_planned_public_money_anew(make):
    rows = ({"pooled": 1, "factor": 3.0, "money": 10.0}, {"pooled": 1, "factor": 1.0, "money": 20.0},
            {"money": 5.0, "full_cost": 0.0})  # fmt: skip
    case = plan(make(), *rows)
    assert step(case) == pytest.approx([35.0])
    assert factors(case) == pytest.approx([3.0 * 30 / 50, 30 / 50, 1.0]), "the last row is no instrument's"
    assert case.plan.rows.public.tolist() == pytest.approx([18.0, 12.0, 5.0])
    assert step(case, 3) == pytest.approx([35.0] * 3)


def test_its_total_follows_tapers_ends_and_begins_of_the_instruments(make):
    rows = ({"pooled": 1, "factor": 2.0, "quarters": 2}, {"pooled": 1, "factor": 1.0, "start": 1, "taper": 1.0, "quarters": 3})
    case, bare = plan(make(), *rows), plan(make(), *({**row, "pooled": 0, "factor": 1.0} for row in rows))
    assert step(case, 5) == pytest.approx([10.0, 17.5, 5.0, 2.5, 0.0])
    assert step(bare, 5) == pytest.approx([10.0, 17.5, 5.0, 2.5, 0.0])
    assert factors(case)[1] == pytest.approx(1.0), "alone it gets what is planned"


def test_only_public_money_and_what_somebody_can_be_paid_for_counts(make):
    rows = ({"pooled": 1, "factor": 2.0, "recipient": 2}, {"pooled": 1, "factor": 0.5}, {"pooled": 1, "factor": 1.0})
    case = plan(make(), *rows)
    assert step(case) == pytest.approx([20.0])
    assert factors(case) == pytest.approx([2.0 / 0.75, 0.5 / 0.75, 1.0 / 0.75]), "a grant to nobody keeps its weight"
    shared = plan(make(), {"pooled": 1, "factor": 3.0, "cofinance": 0.5, "payer": 1}, {"pooled": 1})
    step(shared)
    assert factors(shared) == pytest.approx([3.0 * 15 / 25, 15 / 25]), "half of the first row is private"


def test_where_a_rule_leaves_nothing_to_give_the_money_to_it_is_paid_as_planned(make):
    later = {"pooled": 1, "start": 3}
    case = plan(make(), {"pooled": 1, "factor": 0.0}, later | {"factor": 0.0}, later | {"factor": 2.0})
    assert step(case, 4) == pytest.approx([10.0, 10.0, 10.0, 30.0])
    assert factors(case) == pytest.approx([1.0, 0.0, 2.0])
    stopped = plan(make(), {"pooled": 1, "factor": 4.0}, interrupted=2)
    assert step(stopped, 2) == [0.0, 0.0] and factors(stopped) == [4.0], "nothing is divided while politics stops the money"
