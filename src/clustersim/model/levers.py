"""Policy channels: what a programme can move in a cluster. They are reset to zero every quarter, before the programme acts.

An instrument moves a channel and costs money; the mechanisms named here read the channel. To add a channel, add its line here
and read it in them.
"""

from __future__ import annotations

from clustersim.core.schema import Lever

LEVERS: dict[str, Lever] = {
    "facilitation": Lever("persons", "facilitators at work", "cluster", ("meeting", "trust", "association", "joint_action")),
    "events": Lever("1", "intensity of awareness events: more meetings, warmer climate", "both", ("meeting", "trust")),
    "matching": Lever("1", "knowledge of who complements whom: better partner choice", "cluster", ("meeting",)),
    "tie_subsidy": Lever("share", "part of the coordination cost of a tie that is paid", "cluster", ("linkage",)),
    "consensus": Lever("1", "intensity of consensus workshops", "cluster", ("association",)),
    "founding": Lever("1", "above 0 the programme founds an association where none is", "cluster", ("association",)),
    "cofinance": Lever("share", "public share of the cost of joint projects", "cluster", ("joint_action",)),
    "supplier_quality": Lever("1", "help to suppliers to reach standards and win contracts",
                              "both", ("meeting", "knowledge"), scales=True),
    "rd_support": Lever("share", "part of the price of R&D that is paid", "firms", ("finance", "complacency")),
    "extension": Lever("1", "outreach of universities and technology centres", "cluster", ("meeting", "knowledge")),
    "graduates": Lever("persons/quarter", "additional skilled graduates", "cluster", ("market",)),
    "export_support": Lever("share", "part of the fixed cost of export that is carried jointly", "firms", ("market", "finance")),
    "brand": Lever("1", "reputation of the place in its markets", "cluster", ("market", "demography")),
    "guarantee": Lever("share", "part of a loan that a public guarantee covers", "firms", ("finance",)),
    "attraction": Lever("1", "rise of the rate at which outside firms settle", "cluster", ("demography",)),
    "incubation": Lever("1", "rise of the founding rate and of young firms' survival", "cluster", ("demography",)),
    "purchasing": Lever("share", "additional public share of the cost of joint purchases", "cluster", ("joint_action",)),
    "consortia": Lever("share", "additional public share of the cost of R&D consortia", "cluster", ("joint_action",)),
    "planning": Lever("1", "quality of the cluster's plan: joint projects succeed more often", "cluster", ("joint_action",)),
    "benchmarking": Lever("1", "sight of the distance to the frontier: search rises with it", "firms", ("complacency",)),
    "certification": Lever("share", "part of the cost of a certificate that is paid", "firms", ("knowledge", "finance")),
    "services": Lever("1", "shared services for members: design, tests, training", "firms", ("knowledge",)),
    "training": Lever("1", "training of specialised labour", "both", ("knowledge", "market")),
    "standards": Lever("1", "technical standards and independent tests: quality rises faster", "firms", ("knowledge",)),
    "observatory": Lever("1", "early signal of a change of technology", "cluster", ("knowledge",)),
    "linking": Lever("1", "links to other clusters and abroad: more outside links", "cluster", ("meeting",)),
    "intelligence": Lever("1", "knowledge of markets: exports adapt faster", "firms", ("market",)),
    "procurement": Lever("share", "demand of public buyers over domestic orders, for firms of high quality",
                         "firms", ("market",)),
    "park": Lever("1", "serviced land and infrastructure: less congestion, more settlers", "cluster", ("market", "demography")),
    "paperwork": Lever("1", "paperwork saved: lower overheads, more start-ups", "both", ("finance", "demography")),
    "venture": Lever("1", "equity for young firms without collateral", "firms", ("finance",)),
    "competition": Lever("1", "rivalry kept up: no price agreements, easier entry", "cluster", ("conduct", "demography")),
    "targeting": Lever("1", "a map of the cluster: every instrument is targeted better", "cluster", ("programme",)),
    "coordination": Lever("1", "teams of several public bodies: they coordinate more while they are paid", "cluster",
                          ("government",)),
    "capability": Lever("1", "methods that institutions learn, and keep when the money ends", "cluster",
                        ("government", "facilitation")),
    "dialogue": Lever("1", "exchange between cluster and government: policy hears what is known in the place", "cluster",
                      ("government",)),
    "mutual": Lever("share", "part of a member's own credit for which fellow members vouch", "firms", ("finance",)),
    "public_goods": Lever("1", "enabling public goods under construction: norms, transport, security", "cluster", ("market",)),
    "bargaining": Lever("share", "how far suppliers bargain with a tractor firm as a group", "firms", ("market",)),
    "preparation": Lever("persons", "officers who turn ideas into files for outside funds, and into firms",
                         "cluster", ("joint_action", "demography")),
    "teams": Lever("teams", "action teams: short and easy joint projects are looked for side by side",
                   "cluster", ("joint_action",)),
    "talent": Lever("1", "effort to draw skilled people from outside", "cluster", ("market",)),
}
(
    FACILITATION, EVENTS, MATCHING, TIE_SUBSIDY, CONSENSUS, FOUNDING, COFINANCE, SUPPLIER_QUALITY, RD_SUPPORT, EXTENSION,
    GRADUATES, EXPORT_SUPPORT, BRAND, GUARANTEE, ATTRACTION, INCUBATION, PURCHASING, CONSORTIA, PLANNING, BENCHMARKING,
    CERTIFICATION, SERVICES, TRAINING, STANDARDS, OBSERVATORY, LINKING, INTELLIGENCE, PROCUREMENT, PARK, PAPERWORK, VENTURE,
    COMPETITION, TARGETING, COORDINATION, CAPABILITY, DIALOGUE, MUTUAL, PUBLIC_GOODS, BARGAINING, PREPARATION, TEAMS, TALENT,
) = range(len(LEVERS))  # fmt: skip

# Channels that pay a part of a bill that firms get: never more than the money given for it.
BILLS = (RD_SUPPORT, EXPORT_SUPPORT, CERTIFICATION, PAPERWORK)

# Channels whose full effect costs less where fewer firms are reached.
FIRM_CHANNELS = tuple(name for name, lever in LEVERS.items() if lever.scales or lever.reach == "firms")

# Who receives the money of an instrument.
NATION, FACILITATOR, ASSOCIATION, UNIVERSITY, PROJECTS, GUARANTEES, VENTURES = range(7)
RECIPIENTS = ("nation", "facilitator", "association", "university", "projects", "guarantees", "ventures")
