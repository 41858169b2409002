"""Institution and policy: association, vision, projects, budget by source, public money, levers at work."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.levers import FACILITATION
from clustersim.model.sizes import EXTENT
from clustersim.model.state import (
    ASSOCIATION,
    EXPORT,
    FREE,
    PROJECTS_MAX,
    PROMOTION,
    PURCHASE,
    RESEARCH,
    SERVICES,
    STANDARDS,
    TRAINING,
)  # fmt: skip
from clustersim.model.units import YEAR

INDICATORS = {
    "formal": Indicator("Association exists", "flag", "1 where an association exists"),
    "members": Indicator("Members", "firms", "member firms of the association"),
    "vision": Indicator("Shared vision", "1", "consensus on a shared vision, 0 to 1"),
    "belief": Indicator("Belief in joint action", "1", "mean over firms, 0 to 1"),
    "projects_running": Indicator("Joint projects running", "projects",
                                  "projects not yet ended"),
    "projects_started": Indicator("Joint projects started", "projects/quarter",
                                  "in the quarter"),
    "projects_succeeded": Indicator("Joint projects succeeded", "projects/quarter",
                                    "in the quarter"),
    "projects_failed": Indicator("Joint projects failed", "projects/quarter",
                                 "in the quarter"),
    "staff": Indicator("Association staff", "persons", "staff of the association"),
    "association_cash": Indicator("Association funds", "kUSD", "cash of the association"),
    "income_public": Indicator("Association: public income", "kUSD/quarter",
                               "public grants received in the quarter"),
    "income_private": Indicator("Association: fees and services", "kUSD/quarter",
                                "fees, services sold and money from sponsors in the quarter"),
    "public_share": Indicator("Association: public share of income", "share",
                              "public income / (public income + fees and services); 0 without income"),
    "brand": Indicator("Brand", "1", "reputation of the cluster, 0 to 1"),
    "public_spending": Indicator("Public spending", "kUSD/quarter", "public money paid by the programme"),
    "private_cofinance": Indicator("Private co-finance", "kUSD/quarter",
                                   "private money beside public money, and into joint projects"),
    "facilitators": Indicator("Facilitators at work", "persons", "lever facilitation"),
    "credibility": Indicator("Credibility of the programme", "1", "0 to 1"),
    "research_running": Indicator("R&D consortia running", "projects",
                                  "joint projects of the kind research not yet ended"),
    "groups": Indicator("Members in thematic groups", "share", "share of members"),
    "board_private": Indicator("Private seats on the board", "share",
                               "share that follows fees and services in income, smoothed"),
    "board_large": Indicator("Board seats of large members", "share",
                             f"share that follows fees of members with {EXTENT['large']} in income, smoothed"),
    "collusion": Indicator("Price agreements", "1", "strength of collusion, 0 to 1"),
    "funds": Indicator("Unspent public funds", "kUSD",
                       "project, guarantee and venture funds at the end of the quarter"),
    "rapport": Indicator("Credibility of the facilitator", "1", "0 to 1; 0 where none works"),
    "returned": Indicator("Public money returned", "kUSD/quarter",
                          "unspent funds after the programme, and money for firms' bills that no bill asked for"),
    "kept": Indicator("Money left by evaluation", "share",
                      "part of the programme's planned money that its last evaluation left; 1 before the first"),
    "mapped": Indicator("Cluster mapped", "share", "how well the programme knows the cluster, 0 to 1"),
    "coordination": Indicator("Coordination of public bodies", "1", "0 to 1, with what teams and capability add to it"),
    "capability": Indicator("Capability of institutions", "1", "methods that they hold and keep, 0 to 1"),
    "local_knowledge": Indicator("Local knowledge of policy", "1", "what those who decide know of the place, over what its own "
                                 "public bodies know"),
    "foreign_spending": Indicator("Foreign public spending", "kUSD/quarter",
                                  "part of public spending that donors and multilaterals pay"),
    "applied": Indicator("Applied for at outside funds", "kUSD", "money asked for since the start"),
    "approved": Indicator("Approved by outside funds", "kUSD", "money approved since the start"),
    "outside_fund": Indicator("Unused money of outside funds", "kUSD", "approved money that no joint project has used yet"),
    "mutual_pool": Indicator("Pool of mutual guarantees", "kUSD", "what members have paid in, less what defaults took"),
    "public_goods": Indicator("Enabling public goods", "1", "norms, transport and security that all firms share, 0 to 1"),
    "member_share": Indicator("Member firms", "share", "members / firms"),
    "formal_membership": Indicator("Formal membership", "flag", "1 where an association exists and has a member"),
    "association_age": Indicator("Age of the association", "years",
                                 "years since the association was last founded; 0 where none exists"),
    "project_partners": Indicator("Partners of a joint project", "firms/project",
                                  "mean over running joint projects of the firms that pledged when they started"),
    "started_purchase": Indicator("Started: joint purchase", "projects/quarter", "of the joint projects started"),
    "started_promotion": Indicator("Started: joint promotion", "projects/quarter", "of the joint projects started"),
    "started_training": Indicator("Started: joint training", "projects/quarter", "of the joint projects started"),
    "started_standards": Indicator("Started: joint standards", "projects/quarter", "of the joint projects started"),
    "started_services": Indicator("Started: joint services", "projects/quarter", "of the joint projects started"),
    "started_export": Indicator("Started: joint export", "projects/quarter", "of the joint projects started"),
    "started_research": Indicator("Started: joint research", "projects/quarter", "of the joint projects started"),
    "income_fees": Indicator("Association: fees", "kUSD/quarter", "members' fees"),
    "income_services": Indicator("Association: services", "kUSD/quarter", "services sold to members"),
    "income_sponsors": Indicator("Association: sponsors", "kUSD/quarter", "money from sponsors that facilitators raise"),
    "income_local": Indicator("Association: local public money", "kUSD/quarter",
                              "public income that the place itself pays, without donors' part"),
    "income_national": Indicator("Association: national public money", "kUSD/quarter",
                                 "public income that the nation's centre pays, without donors' part"),
    "income_foreign": Indicator("Association: foreign public money", "kUSD/quarter",
                                "part of public income that donors and multilaterals pay"),
}  # fmt: skip


@kernel
def measure(actors, cluster, world, out):
    """Fill the family."""
    belief, running, research = 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            belief += actors.belief[i]
    for slot in range(PROJECTS_MAX):
        running += cluster.project_kind[slot] >= 0
        research += cluster.project_kind[slot] == RESEARCH
    income = cluster.income_public + cluster.income_private
    out.formal, out.members, out.vision = cluster.formal, cluster.members, cluster.vision
    out.belief = belief / max(cluster.firm_count, 1.0)
    out.projects_running, out.research_running = running, research
    out.projects_started = cluster.projects_started
    out.projects_succeeded, out.projects_failed = cluster.projects_succeeded, cluster.projects_failed
    out.staff, out.association_cash = cluster.staff, actors.cash[cluster.first + ASSOCIATION]
    out.income_public, out.income_private = cluster.income_public, cluster.income_private
    out.public_share = cluster.income_public / income if income > 0.0 else 0.0
    out.board_private, out.board_large, out.groups = cluster.board_private, cluster.board_large, cluster.groups
    out.brand, out.collusion = cluster.brand, cluster.collusion
    out.public_spending, out.private_cofinance = cluster.public_spending, cluster.private_cofinance
    out.funds = cluster.project_fund + cluster.guarantee_fund + cluster.venture_fund
    out.returned, out.kept = cluster.returned, cluster.kept
    out.facilitators, out.rapport = cluster.levers[FACILITATION], cluster.rapport
    out.credibility, out.mapped = cluster.credibility, cluster.mapped
    out.coordination, out.capability = cluster.coordinated, cluster.capability
    out.local_knowledge, out.foreign_spending = cluster.known, cluster.foreign_spending
    out.applied, out.approved, out.outside_fund = cluster.applied, cluster.approved, cluster.outside_fund
    out.mutual_pool, out.public_goods = cluster.mutual_pool, cluster.public_goods
    out.member_share = cluster.members / max(cluster.firm_count, 1.0)
    out.formal_membership = 1.0 if cluster.formal and cluster.members > 0.0 else 0.0
    out.association_age = (world.quarter - cluster.founded) / YEAR if cluster.formal else 0.0
    out.project_partners = mean_partners(cluster)
    measure_kinds(cluster, out)
    measure_sources(cluster, out)


@kernel
def mean_partners(cluster):
    """Return the mean number of partners of the joint projects that run."""
    partners, running = 0.0, 0.0
    for slot in range(PROJECTS_MAX):
        if cluster.project_kind[slot] >= 0:
            partners += cluster.project_partners[slot]
            running += 1.0
    return partners / running if running > 0.0 else 0.0


@kernel
def measure_kinds(cluster, out):
    """Fill the joint projects started, by kind."""
    started = cluster.started
    out.started_purchase, out.started_promotion, out.started_training = started[PURCHASE], started[PROMOTION], started[TRAINING]
    out.started_standards, out.started_services = started[STANDARDS], started[SERVICES]
    out.started_export, out.started_research = started[EXPORT], started[RESEARCH]


@kernel
def measure_sources(cluster, out):
    """Fill the income of the association by source: private money is divided as it comes in, public money by who pays."""
    foreign = cluster.foreign
    out.income_fees, out.income_services = cluster.income_fees, cluster.income_services
    out.income_sponsors = cluster.income_sponsors
    out.income_local, out.income_foreign = (1.0 - foreign) * cluster.income_local, foreign * cluster.income_public
    out.income_national = max(0.0, cluster.income_public - out.income_local - out.income_foreign)
