"""Cases for the oracle in which firms share risk, public goods, bargaining, prospects of projects, and work."""

from __future__ import annotations

from clustersim.model.state import TRACTOR
from oracle_cases import BUSY, FOUND_SOON, FOUR, LIVELY, PAIR, POOR, TIGHT, Case, bounded, government, scenario
from oracle_policy import alone

SHARING = (
    "mutual_guarantee", "enabling_public_goods", "organised_suppliers", "project_preparation", "action_teams",
    "talent_attraction",
)  # fmt: skip
FOUNDED = ({"use": "association_founding", "per_year": 60}, {"use": "association_grant", "per_year": 200})
# Members that sell to tractor firms, early and often.
CHAIN = {"market": {"standard_tractor": 0, "standard_sme": 0, "surplus": 1, "organised": 0.9, "group_cost": 0.05},
         "association": FOUND_SOON["association"] | {"join_rate": 0.5, "join_bar": 0.5}}  # fmt: skip
# Files that are approved, and firms that pledge.
GENEROUS = BUSY | {"joint_action": BUSY["joint_action"] | {"approval": 0.6, "file_value": 60, "outside_kept": 2}}


def backing_in_part(cluster) -> bool:
    """Whether the members' pool is enough for some of what they promise, and not for all."""
    return 0.0 < cluster.backing < 1.0


def pool_without_guarantee(cluster) -> bool:
    """Whether members are being paid back what they put into a pool that guarantees no more."""
    return cluster.backing == 0.0 < cluster.mutual_pool


def bargained(cluster) -> bool:
    """Whether a tractor firm paid more because its suppliers bargained as a group."""
    return any(firm.premium > 0.0 for firm in cluster.firms if firm.kind == TRACTOR)


def outside_call(cluster) -> bool:
    """Whether outside money is there for projects where the state has none."""
    return cluster.outside_fund > 0.0 == cluster.project_fund and cluster.projects_started > 0.0


def both_pay(cluster) -> bool:
    """Whether projects can draw on the state's money and on that of outside funds."""
    return cluster.outside_fund > 0.0 < cluster.project_fund


def several_at_once(cluster) -> bool:
    return cluster.projects_started > 2.0


def given_back(cluster) -> bool:
    """Whether outside money that was approved is there no more, long after the programme's last."""
    return cluster.approved > 0.0 == cluster.outside_fund and cluster.idle > cluster.p.joint_action.outside_kept


CASES = {
    "mutual guarantee": Case(
        lambda: scenario(
            {"trust": 0.6, "smes": 57},
            parameters=bounded(FOUND_SOON, {"demography": {"closure": 0.05}, "finance": {"dues": 0.02}}),
            programme=alone(*FOUNDED, {"use": "mutual_guarantee", "per_year": 60}, quarters=24),
        ),
        (backing_in_part, pool_without_guarantee),
    ),
    "mutual guarantee in bad times": Case(
        lambda: scenario(
            *PAIR, parameters=bounded(TIGHT, FOUND_SOON, {"finance": {"dues": 0.01, "gearing": 2, "sound": 0.2}}),
            programme=alone(
                *FOUNDED, {"use": "mutual_guarantee", "per_year": 400, "classes": ["micro", "small"]},
                {"use": "credit_guarantee", "per_year": 60},
            ),
        ),
        ("mutual_pool", backing_in_part, "lost"),
    ),
    "mutual guarantee of an association that closes": Case(
        lambda: scenario(
            {"trust": 0.6}, parameters=bounded(POOR, {"finance": {"unwinding": 0.05}}),
            programme=alone({"use": "mutual_guarantee", "per_year": 200}),
        ),
        ("mutual_pool", "origin", pool_without_guarantee),
    ),
    "public goods": Case(
        lambda: scenario(
            {"trust": 0.4, "export_share": 0.6}, prices=0.3,
            programme=alone({"use": "enabling_public_goods", "per_year": 200}, quarters=16),
            parameters={"market": {"arms_length": 0.5, "haggling": 0.1, "norms": 1, "connected": 1, "goods_wear": 0.1}},
        ),
        ("public_goods",),
    ),
    "organised suppliers": Case(
        lambda: scenario(
            {"trust": 0.6, "smes": 57, "tractors": 5}, parameters=bounded(CHAIN, {"market": {"haggling": 0.1}}),
            programme=alone(
                {"use": "organised_suppliers", "per_year": 60}, {"use": "enabling_public_goods", "per_year": 200},
                {"use": "organised_suppliers", "per_year": 60, "classes": ["micro"], "start": 6},
                {"use": "supplier_development", "per_year": 120},
            ),
        ),
        (bargained, "members"),
    ),
    "project preparation": Case(
        lambda: scenario(
            {"trust": 0.5, "smes": 57}, parameters=bounded(GENEROUS),
            programme=alone({"use": "project_preparation", "per_year": 240}, quarters=14),
        ),
        ("applied", "approved", outside_call, given_back),
    ),
    "project preparation beside the state's calls": Case(
        lambda: scenario(
            {"trust": 0.6}, {"name": "beta", "trust": 0.3, "universities": 0, "technology_centres": 0},
            parameters=bounded(GENEROUS, LIVELY, {"joint_action": {"outside_share": 0.8, "aid_most": 0.9}}),
            programme=alone(
                {"use": "project_preparation", "per_year": 400}, {"use": "project_cofinance", "per_year": 100},
                {"use": "joint_purchasing", "per_year": 100}, {"use": "joint_rd_grant", "per_year": 200, "start": 6},
            ),
        ),
        (both_pay, "research_running", "entries"),
    ),
    "action teams": Case(
        lambda: scenario(
            {"trust": 0.6, "smes": 77}, parameters=bounded(BUSY, {"joint_action": {"team_launch": 1}}),
            programme=alone({"use": "action_teams", "per_year": 160}, quarters=30),
        ),
        (several_at_once,),
    ),
    "action teams with money of all kinds": Case(
        lambda: scenario(
            *FOUR, parameters=bounded(GENEROUS, {"joint_action": {"team_launch": 0.8, "team_hardest": 6, "teams_most": 4}}),
            programme=alone(
                {"use": "action_teams", "per_year": 300, "taper": 1.0}, {"use": "project_preparation", "per_year": 240},
                {"use": "project_cofinance", "per_year": 60}, {"use": "facilitator", "per_year": 160},
            ),
        ),
        (several_at_once, both_pay),
    ),
    "talent": Case(
        lambda: scenario(
            {"trust": 0.5}, parameters={"market": {"talents": 20}},
            programme=alone({"use": "talent_attraction", "per_year": 80}, {"use": "cluster_brand", "per_year": 40, "start": 8}),
        ),
    ),
    "all of it, shared": Case(
        lambda: scenario(
            *FOUR, parameters=bounded(GENEROUS, CHAIN), institutions=government("feedback", "mixed", 0.7, 2), prices=0.5,
            programme=alone(*FOUNDED, *({"use": use, "per_year": 120, "start": k} for k, use in enumerate(SHARING))),
        ),
        ("mutual_pool", "public_goods", "approved", bargained, several_at_once),
    ),
}  # fmt: skip
