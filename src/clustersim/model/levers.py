"""Policy channels: what a programme can move in a cluster. They are reset to zero every quarter, before the programme acts.

An instrument moves a channel and costs money; the mechanism named here reads the channel. To add a channel, add its line here
and read it in that mechanism.
"""

from __future__ import annotations

from clustersim.core.schema import Variable

LEVERS = {
    "facilitation": Variable("f8", "persons", "facilitators at work (meeting, trust, association, joint_action)"),
    "events": Variable("f8", "1", "intensity of awareness events: more meetings, warmer climate (meeting, trust)"),
    "matching": Variable("f8", "1", "knowledge of who complements whom: better partner choice (meeting)"),
    "tie_subsidy": Variable("f8", "share", "part of the coordination cost of a tie that is paid (linkage)"),
    "consensus": Variable("f8", "1", "intensity of consensus workshops (association)"),
    "founding": Variable("f8", "1", "above 0 the programme founds an association where none is (association)"),
    "cofinance": Variable("f8", "share", "public share of the cost of joint projects (joint_action)"),
    "supplier_quality": Variable("f8", "1", "help to suppliers to reach standards and win contracts (meeting, knowledge)"),
    "rd_support": Variable("f8", "share", "part of the price of R&D that is paid (finance, knowledge)"),
    "extension": Variable("f8", "1", "outreach of universities and technology centres (meeting, knowledge)"),
    "graduates": Variable("f8", "persons/quarter", "additional skilled graduates (market)"),
    "export_support": Variable("f8", "share", "part of the fixed cost of export that is carried jointly (market, finance)"),
    "brand": Variable("f8", "1", "reputation of the place in its markets (market, demography)"),
    "guarantee": Variable("f8", "share", "part of a loan that a public guarantee covers (finance)"),
    "attraction": Variable("f8", "1", "rise of the rate at which outside firms settle (demography)"),
    "incubation": Variable("f8", "1", "rise of the founding rate and of young firms' survival (demography)"),
    "purchasing": Variable("f8", "share", "additional public share of the cost of joint purchases (joint_action)"),
    "consortia": Variable("f8", "share", "additional public share of the cost of R&D consortia (joint_action)"),
    "planning": Variable("f8", "1", "quality of the cluster's plan: joint projects succeed more often (joint_action)"),
    "benchmarking": Variable("f8", "1", "sight of the distance to the frontier: search rises with it (complacency)"),
    "certification": Variable("f8", "share", "part of the cost of a certificate that is paid (knowledge, finance)"),
    "services": Variable("f8", "1", "shared services for members: design, tests, training (knowledge)"),
    "training": Variable("f8", "1", "training of specialised labour (knowledge, market)"),
    "standards": Variable("f8", "1", "technical standards and independent tests: quality rises faster (knowledge)"),
    "observatory": Variable("f8", "1", "early signal of a change of technology (knowledge)"),
    "linking": Variable("f8", "1", "links to other clusters and abroad: more outside links (meeting)"),
    "intelligence": Variable("f8", "1", "knowledge of markets: exports adapt faster (market)"),
    "procurement": Variable("f8", "share", "demand of public buyers over domestic orders, for firms of high quality (market)"),
    "park": Variable("f8", "1", "serviced land and infrastructure: less congestion, more settlers (market, demography)"),
    "paperwork": Variable("f8", "1", "paperwork saved: lower overheads, more start-ups (finance, demography)"),
    "venture": Variable("f8", "1", "equity for young firms without collateral (finance)"),
    "competition": Variable("f8", "1", "rivalry kept up: no price agreements, easier entry (conduct, demography)"),
    "targeting": Variable("f8", "1", "a map of the cluster: every instrument is targeted better (programme)"),
}
(
    FACILITATION, EVENTS, MATCHING, TIE_SUBSIDY, CONSENSUS, FOUNDING, COFINANCE, SUPPLIER_QUALITY, RD_SUPPORT, EXTENSION,
    GRADUATES, EXPORT_SUPPORT, BRAND, GUARANTEE, ATTRACTION, INCUBATION, PURCHASING, CONSORTIA, PLANNING, BENCHMARKING,
    CERTIFICATION, SERVICES, TRAINING, STANDARDS, OBSERVATORY, LINKING, INTELLIGENCE, PROCUREMENT, PARK, PAPERWORK, VENTURE,
    COMPETITION, TARGETING,
) = range(len(LEVERS))  # fmt: skip

# Channels that act on single firms alone: only these cost less where fewer firms are reached. The others act, wholly or in
# part, on the cluster, whoever is reached.
FIRM_CHANNELS = ("supplier_quality", "rd_support", "export_support", "guarantee", "venture", "certification", "services",
                 "standards", "benchmarking", "procurement", "intelligence")  # fmt: skip

# Who receives the money of an instrument.
NATION, FACILITATOR, ASSOCIATION, UNIVERSITY, PROJECTS, GUARANTEES, VENTURES = range(7)
RECIPIENTS = ("nation", "facilitator", "association", "university", "projects", "guarantees", "ventures")
