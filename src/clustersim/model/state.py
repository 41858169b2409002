"""The state of a simulation: columns of actors and ties, one record for each cluster and each world.

Actors of all kinds share one id space. Each cluster owns a contiguous run of rows, institutions first, then firms, and a
contiguous run of tie rows; a world (one replicate) owns a run of clusters. A kernel therefore advances one cluster in
memory that fits the processor's cache, and clusters and replicates run side by side without touching each other.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from clustersim.core.schema import Variable, record_dtype
from clustersim.model.activity_types import QUANTITIES
from clustersim.model.levers import BILLS, LEVERS
from clustersim.model.sizes import CLASSES

SEGMENTS_MAX, STAGES_MAX, PROJECTS_MAX, RELATED_MAX, DONORS_MAX = 8, 16, 8, 3, 8  # places in the records
AIMS_MAX = 16  # aims of a programme: bits in a column of the actors
LONG_AGO = -1000  # a quarter before any that counts

# Kinds of actor. The first four rows of a cluster are always these institutions; universities, technology centres and donors
# follow, then firms.
GOVERNMENT, FACILITATOR, BANK, ASSOCIATION, UNIVERSITY, TECHNOLOGY_CENTRE, DONOR, TRACTOR, SME = range(9)
KINDS = ("government", "facilitator", "bank", "association", "university", "technology_centre", "donor", "tractor", "sme")
REGIMES = ("decentralised", "feedback", "centralised")  # of government: who decides
# Kinds of joint project, from the easiest to the hardest.
PURCHASE, PROMOTION, TRAINING, STANDARDS, SERVICES, EXPORT, RESEARCH = range(7)
PROJECT_KINDS = ("purchase", "promotion", "training", "standards", "services", "export", "research")
FREE = -1

# Levels and kinds of tie. A tie marked ENDED is removed when the linkage step closes.
ENDED, ACQUAINTANCE, INFORMATION, COMMERCIAL, STRATEGIC = -1, 0, 1, 2, 3
LEVELS = ("acquaintance", "information", "commercial", "strategic")
CONTACT, TRADE, ADVICE, COOPERATION = range(4)
LAYERS = ("contact", "trade", "advice", "cooperation")  # what a tie is: see `layer`
VERTICAL, HORIZONTAL, INSTITUTIONAL, EXTERNAL = range(4)
TIE_KINDS = ("vertical", "horizontal", "institutional", "external")
OUTSIDE = -1  # the partner of an external tie
MEETINGS = 2  # places for a quarter's meetings by row, and so the ties that a quarter can add

AGGLOMERATION, CREATION, DEVELOPMENT, MATURITY, TRANSFORMATION, DECLINE, MUSEUM, RENAISSANCE, DISSOLVED = range(9)
PHASES = ("agglomeration", "creation", "development", "maturity", "transformation", "decline", "museum", "renaissance",
          "dissolved")  # fmt: skip

POTENTIAL, LATENT, CONSOLIDATED = range(3)  # what a cluster asks of a facilitator
NO_STAGE, TRUST, LINKAGES, VISION, ACTION = range(5)  # stages of clusterisation

EXIT_CAUSES = ("alive", "insolvency", "closure", "tractor_exit")

ACTORS = {
    "uid": Variable("u8", "id", "identity: keys the actor's draws, kept for life"),
    "parent": Variable("u8", "id", "identity of the firm it spun off from, 0 if none"),
    "kind": Variable("i1", "code", "kind of actor, -1 for a free row", empty=FREE),
    "segment": Variable("i1", "code", "segment of the value chain, upstream first"),
    "cause": Variable("i1", "code", "why the last owner of the row left"),
    "certified": Variable("i1", "flag", "holds an international certificate"),
    "member": Variable("i1", "flag", "member of the association"),
    "project": Variable("i1", "slot", "joint project it takes part in, -1 if none", empty=-1),
    "innovated": Variable("i1", "flag", "innovated in this quarter"),
    "born": Variable("i4", "quarter", "quarter of birth, negative if before the start"),
    "x": Variable("f8", "km", "place, east of the cluster's centre"),
    "y": Variable("f8", "km", "place, north of the cluster's centre"),
    "employees": Variable("f8", "persons", "employment"),
    "knowledge": Variable("f8", "log points", "knowledge level: log productivity that it can reach"),
    "technology": Variable("f8", "turn", "position on the circle of technologies, [0, 1)"),
    "absorptive": Variable("f8", "1", "absorptive capacity, 0 to 1"),
    "rd_share": Variable("f8", "share of sales", "R&D intensity that it aims at"),
    "productivity": Variable("f8", "kUSD/person/quarter", "output that an employee can make"),
    "quality": Variable("f8", "1", "quality of product and process, 0 to 1"),
    "cash": Variable("f8", "kUSD", "money held"),
    "debt": Variable("f8", "kUSD", "owed to the cluster's bank"),
    "assets": Variable("f8", "kUSD", "machines and buildings at book value"),
    "base": Variable("f8", "kUSD/quarter", "customer base: domestic final orders at the mean state of demand"),
    "export_share": Variable("f8", "share", "exports over final sales"),
    "local_share": Variable("f8", "share", "inputs bought from cluster firms over all inputs"),
    "sales": Variable("f8", "kUSD/quarter", "sales, final and to cluster buyers"),
    "exports": Variable("f8", "kUSD/quarter", "sales abroad"),
    "trade": Variable("f8", "kUSD/quarter", "sales to buyers in the cluster, after discounts"),
    "purchases": Variable("f8", "kUSD/quarter", "inputs bought from cluster suppliers"),
    "dependence": Variable("f8", "share", "largest cluster buyer's share of sales"),
    "wage_bill": Variable("f8", "kUSD/quarter", "wages paid"),
    "profit": Variable("f8", "kUSD/quarter", "operating profit after interest"),
    "margin": Variable("f8", "share", "profit over sales, smoothed"),
    "fitness": Variable("f8", "1", "competitiveness over the mean of its market", empty=1),
    "cost_saving": Variable("f8", "share", "part of input cost saved through joint purchase, fading"),
    "reach": Variable("f8", "1", "help from joint projects toward export, fading"),
    "search": Variable("f8", "1", "search effort: falls in complacency, rises in crisis", empty=1),
    "threshold": Variable("f8", "1", "trust at which it cooperates half of the time"),
    "wariness": Variable("f8", "1", "weight on a larger partner's power to harm"),
    "climate": Variable("f8", "1", "generalised trust: what it expects of a stranger"),
    "climate_start": Variable("f8", "1", "generalised trust that the place's history left"),
    "bond": Variable("f8", "1", "mean trust in its partners"),
    "belief": Variable("f8", "1", "belief that joint action succeeds, 0 to 1"),
    "capacity": Variable("f8", "1", "partners that it can keep, over those of the least able of its size", empty=1),
    "referrals": Variable("f8", "share", "domestic orders that new acquaintances bring, over the others, fading"),
    "log_size": Variable("f8", "1", "log of (1 + employees)"),
    "effect": Variable("f8", "1", "work space: sum over ties"),
    "weight": Variable("f8", "1", "work space: sum of weights over ties"),
    "contacts": Variable("f8", "1", "work space: contacts in this quarter"),
    "best": Variable("f8", "1", "work space: largest value over ties"),
    "outside": Variable("f8", "1", "work space: trusted weight of partners outside"),
    "degree": Variable("i4", "ties", "live ties, as listed in `by_actor`"),
    "asking": Variable("i4", "ties", "firms whose advice it asks"),
    "taken": Variable("i4", "ties", "live ties, those just formed included"),
    "around": Variable("i4", "index", "where its ties begin in the list of ties by actor"),
    "root": Variable("i4", "row", "representative of its component of cooperating firms"),
    "top": Variable("i1", "level", "highest level among its ties inside the cluster, -1 if none", empty=-1),
    "targets": Variable("u2", "bits", "aims of the programme that it is within"),
    "together": Variable("i4", "quarter", "last quarter in which a programme that aims at groups saw it in a joint project",
                         empty=LONG_AGO),
    "premium": Variable("f8", "kUSD/quarter", "what it paid more because suppliers bargained as a group"),
    "employees_then": Variable("f8", "persons", "employment at the end of the last year, 0 where it did not work then"),
    "sales_then": Variable("f8", "kUSD/quarter", "sales in the last quarter of that year"),
    "earned_then": Variable("f8", "kUSD/person/quarter", "value added per job in that quarter"),
}  # fmt: skip

TIES = {
    "a": Variable("i4", "row", "first actor"),
    "b": Variable("i4", "row", "second actor, -1 for a partner outside"),
    "uid": Variable("u8", "id", "identity of the pair: keys its draws"),
    "since": Variable("i4", "quarter", "quarter in which it formed"),
    "level": Variable("i1", "code", "0 acquaintance, 1 information, 2 commercial, 3 strategic", empty=ENDED),
    "kind": Variable("i1", "code", "0 vertical, 1 horizontal, 2 institutional, 3 external"),
    "asker": Variable("i1", "code", "who asks the other for advice: 0 the first actor, 1 the second"),
    "last": Variable("i1", "code", "last interaction: 1 success, -1 failure, 0 none yet"),
    "trust_ab": Variable("f8", "1", "trust of a in b"),
    "trust_ba": Variable("f8", "1", "trust of b in a"),
    "fit": Variable("f8", "1", "cognitive fit of the two, inverted U in distance, 0 to 1"),
    "value": Variable("f8", "kUSD/quarter", "trade over the tie, at list price"),
    "target": Variable("f8", "turn", "technology position of an outside partner"),
    "home": Variable("i1", "slot", "related cluster of an outside partner, -1 for a partner abroad", empty=-1),
}

CLUSTERS = {
    "world": Variable("i8", "index", "the world it belongs to"),
    "uid": Variable("u8", "id", "identity: keys the cluster's draws"),
    "first": Variable("i8", "row", "its first actor row"),
    "firms": Variable("i8", "row", "its first firm row"),
    "last": Variable("i8", "row", "one past its last used row"),
    "room": Variable("i8", "row", "one past its last row"),
    "ties": Variable("i8", "row", "its first tie row"),
    "tie_count": Variable("i8", "ties", "live ties"),
    "tie_room": Variable("i8", "ties", "tie rows it owns"),
    "rows_first": Variable("i8", "row", "first row of its programme"),
    "rows_last": Variable("i8", "row", "one past the last row of its programme"),
    "stages_first": Variable("i8", "row", "first stage of its programme"),
    "stages": Variable("i8", "stages", "stages of its programme"),
    "segments": Variable("i8", "segments", "segments of its value chain"),
    "radius": Variable("f8", "km", "radius of its territory"),
    "activity": Variable("f8", "turn", "place of its activity on the circle of technologies, relative to the market's"),
    "related": Variable("i8", "index", "related clusters of its nation, -1 for none", (RELATED_MAX,), -1),
    "relatedness": Variable("f8", "1", "how near each is in activity, 0 to 1", (RELATED_MAX,)),
    "related_knowledge": Variable("f8", "log points", "mean knowledge of each, as published last", (RELATED_MAX,)),
    "related_technology": Variable("f8", "turn", "mean technology of each, seen from this activity, as published last",
                                   (RELATED_MAX,)),
    "related_market": Variable("f8", "kUSD/quarter", "market of each, as published last", (RELATED_MAX,)),
    "nation_share": Variable("f8", "share", "part of the nation's jobs that its clusters held at the start"),
    "nation_index": Variable("f8", "1", "jobs of the nation's clusters over those at the start, as published last", empty=1),
    "trust_start": Variable("f8", "1", "generalised trust at the start, mean over actors"),
    "quotient_start": Variable("f8", "ratio", "location quotient at the start"),
    "employment_start": Variable("f8", "persons", "employment at the start"),
    "firms_start": Variable("f8", "firms", "firms at the start"),
    "anchors": Variable("i8", "rows", "tractor firms at the start, in its first firm rows"),
    "export_pull": Variable("f8", "share", "export share that a capable firm reaches"),
    "share_start": Variable("f8", "share", "share of its markets that it held at the start"),
    "market": Variable("f8", "kUSD/quarter", "size of the market of each segment", (SEGMENTS_MAX,)),
    "expansion": Variable("f8", "1/quarter", "log growth of each segment's market in the quarter", (SEGMENTS_MAX,)),
    "adoption": Variable("f8", "share", "part of the demand that its products can find which they have found",
                         (SEGMENTS_MAX,), 1),
    "held": Variable("f8", "kUSD/quarter", "customer bases of its firms in each segment, as counted last", (SEGMENTS_MAX,)),
    "rivals": Variable("f8", "log points", "strength of outsiders in each segment beside that of the typical one: what lets the "
                       "place hold its first share", (SEGMENTS_MAX,)),
    "fitness": Variable("f8", "1", "mean competitiveness in each segment's market", (SEGMENTS_MAX,)),
    "asked": Variable("f8", "turn", "technology that each segment's market asks for", (SEGMENTS_MAX,)),
    "branch": Variable("i8", "segment", "segment that sells in a related activity, -1 if none", empty=-1),
    "branch_of": Variable("i8", "slot", "which related activity that is, -1 if none", empty=-1),
    "diversified": Variable("f8", "firms", "firms that moved into it in the quarter"),
    "coordination": Variable("f8", "1", "coordination between public bodies, 0 to 1"),
    "top_down": Variable("f8", "1", "orientation of policy, 0 bottom-up to 1 top-down"),
    "budget": Variable("f8", "kUSD/quarter", "programme budget, 0 for no limit"),
    "announced": Variable("i8", "quarter", "when the programme is announced, -1 for no programme"),
    "lag": Variable("i8", "quarters", "from announcement to the first stage"),
    "elections": Variable("i8", "quarters", "quarters from one election to the next, 0 for none"),
    "exposure_to_politics": Variable("f8", "1", "how much of political change reaches the programme, by who leads it", empty=1),
    "turnover_factor": Variable("f8", "1", "turnover of facilitators relative to the usual one, by who leads it", empty=1),
    "stage": Variable("i8", "index", "current stage of the programme, -1 before the first", empty=-1),
    "began": Variable("i8", "quarter", "when each stage began, -1 if not yet", (STAGES_MAX,), -1),
    "credibility": Variable("f8", "1", "credibility of the programme, 0 to 1", empty=1),
    "mapped": Variable("f8", "share", "how well the programme knows the cluster, 0 to 1"),
    "interrupted": Variable("i8", "quarter", "public money is interrupted before this quarter"),
    "evaluated": Variable("i8", "quarters", "quarters from one evaluation of the programme to the next, 0 for none"),
    "evaluated_for": Variable("i8", "code", "what an evaluation reads: see `clustersim.model.gates`"),
    "evaluated_gain": Variable("f8", "1", "least rise of that above its value at the first stage's begin"),
    "evaluated_keep": Variable("f8", "share", "part of the planned money that is left after a rise that is smaller"),
    "baseline": Variable("f8", "1", "what evaluations compare with: its value at the first stage's begin"),
    "kept": Variable("f8", "share", "part of the planned money that the last evaluation left", empty=1),
    "idle": Variable("i8", "quarters", "quarters in a row in which the programme has planned no money"),
    "returned": Variable("f8", "kUSD", "unspent public money returned to the nation in the quarter"),
    "levers": Variable("f8", "by channel", "policy channels of this quarter, in the order of LEVERS", (len(LEVERS),)),
    "aimed": Variable("f8", "by channel", "what reaches a firm of each channel, by its size class and segment",
                      (len(LEVERS), len(CLASSES), SEGMENTS_MAX)),
    "rapport": Variable("f8", "1", "credibility of the facilitator, 0 to 1; 0 where none works"),
    "part": Variable("f8", "share", "by kind of bill, in the order of BILLS: part of the promised aid that its money paid last",
                     (len(BILLS),), 1),
    "granted": Variable("f8", "kUSD", "the same: money for firms' bills in the quarter", (len(BILLS),)),
    "brokers": Variable("f8", "persons", "effective facilitators for meetings"),
    "bridgers": Variable("f8", "persons", "effective facilitators for links to universities, banks and outside"),
    "mediators": Variable("f8", "persons", "effective facilitators for trust"),
    "promoters": Variable("f8", "persons", "effective facilitators for projects"),
    "speakers": Variable("f8", "persons", "effective facilitators for brand and money"),
    "contact": Variable("f8", "quarters", "work space: one over the chance of contact, by level of tie", (4,)),
    "shield": Variable("f8", "1", "work space: effective trust added by facilitation, by level", (4,)),
    "benefit": Variable("f8", "1", "work space: benefit by level of tie; the last place stands for no level", (5,)),
    "cost": Variable("f8", "1", "work space: coordination cost by level, after subsidy", (5,)),
    "exposure": Variable("f8", "1", "work space: exposure by level", (5,)),
    "nation": Variable("f8", "kUSD", "account of the nation's households, firms and treasury"),
    "abroad": Variable("f8", "kUSD", "account of the rest of the world"),
    "project_fund": Variable("f8", "kUSD", "public money set aside for joint projects"),
    "guarantee_fund": Variable("f8", "kUSD", "public money set aside to cover defaults"),
    "venture_fund": Variable("f8", "kUSD", "public money set aside for equity in young firms"),
    "written_off": Variable("f8", "kUSD", "debt written off since the start"),
    "bank_capital": Variable("f8", "kUSD", "what the bank keeps before it distributes earnings"),
    "loans": Variable("f8", "kUSD", "the bank's claims on firms"),
    "lost": Variable("f8", "kUSD", "loans written off in the quarter"),
    "bad_debt": Variable("f8", "share", "the same over all loans, smoothed"),
    "credit_wanted": Variable("f8", "kUSD", "loans that firms asked for in the quarter"),
    "credit_granted": Variable("f8", "kUSD", "loans that they got in the quarter"),
    "skilled": Variable("f8", "persons", "skilled labour pool"),
    "wage": Variable("f8", "kUSD/quarter", "wage per employee"),
    "employment": Variable("f8", "persons", "employment of firms"),
    "displaced": Variable("f8", "persons", "jobs that its domestic sales beyond its first market share replace in the nation"),
    "jobs_past": Variable("f8", "persons", "employment of the last four quarters", (4,)),
    "sales_past": Variable("f8", "kUSD/quarter", "sales of the last four quarters", (4,)),
    "jobs_growth": Variable("f8", "1/year", "log employment over that of a year before"),
    "sales_growth": Variable("f8", "1/year", "log sales over those of a year before"),
    "firm_count": Variable("f8", "firms", "firms alive"),
    "knowledge": Variable("f8", "log points", "mean knowledge of firms"),
    "technology": Variable("f8", "turn", "mean technology of firms"),
    "recipe": Variable("f8", "turn", "technology of its firms, weighted by sales: what success looks like in the place"),
    "variety": Variable("f8", "turn", "standard deviation of the technology of firms"),
    "trust": Variable("f8", "1", "mean trust over ties between firms"),
    "climate": Variable("f8", "1", "mean generalised trust of firms"),
    "formal": Variable("i8", "flag", "1 where an association exists"),
    "founded": Variable("i8", "quarter", "when the association was last founded, below 0 if before the start; -1 as well where "
                        "`origin` is 0", empty=-1),
    "origin": Variable("i8", "code", "0 none, 1 organic, 2 designed, 3 redesigned"),
    "members": Variable("f8", "firms", "members of the association"),
    "board_private": Variable("f8", "share", "seats of the board that follow private money, smoothed"),
    "board_large": Variable("f8", "share", "seats of the board that large members hold, smoothed"),
    "groups": Variable("f8", "share", "members that sit in a thematic group"),
    "collusion": Variable("f8", "1", "strength of price agreements among members, 0 to 1"),
    "vision": Variable("f8", "1", "consensus on a shared vision, 0 to 1"),
    "wins": Variable("f8", "1", "recent joint successes, fading"),
    "losses": Variable("f8", "1", "recent joint failures, fading"),
    "staff": Variable("f8", "persons", "staff of the association"),
    "distress": Variable("i8", "quarters", "quarters in which the association could not pay its staff"),
    "brand": Variable("f8", "1", "reputation of the cluster, 0 to 1"),
    "income_public": Variable("f8", "kUSD", "public income of the association in the quarter"),
    "income_private": Variable("f8", "kUSD", "fees and services income of the association in the quarter"),
    "public_spending": Variable("f8", "kUSD", "public money spent in the quarter"),
    "private_cofinance": Variable("f8", "kUSD", "private money put beside public money or into projects in the quarter"),
    "project_kind": Variable("i8", "code", "kind of each running project, -1 for a free slot", (PROJECTS_MAX,), -1),
    "project_end": Variable("i8", "quarter", "when each running project ends", (PROJECTS_MAX,)),
    "project_partners": Variable("f8", "firms", "partners of each running project", (PROJECTS_MAX,)),
    "projects_started": Variable("f8", "projects", "started in the quarter"),
    "projects_succeeded": Variable("f8", "projects", "ended with success in the quarter"),
    "projects_failed": Variable("f8", "projects", "ended without success in the quarter"),
    "entries": Variable("f8", "firms", "start-ups and settlers in the quarter"),
    "spinoffs": Variable("f8", "firms", "spin-offs in the quarter"),
    "exits": Variable("f8", "firms", "exits in the quarter"),
    "innovations": Variable("f8", "innovations", "in the quarter"),
    "component": Variable("f8", "share", "firms in the largest component of cooperative ties"),
    "pipelines": Variable("f8", "ties", "links to partners outside"),
    "clustering": Variable("f8", "share", "pairs of a firm's partners that know each other, sampled and smoothed"),
    "linked": Variable("f8", "share", "firms with a cooperative tie"),
    "schooled": Variable("f8", "firms", "firms with a tie to a university or technology centre at level 1 or more"),
    "phase": Variable("i8", "code", "life-cycle phase"),
    "phase_since": Variable("i8", "quarter", "when it began"),
    "clusterisation": Variable("i8", "code", "0 none, 1 trust, 2 linkages, 3 vision, 4 action"),
    "facilitation_state": Variable("i8", "code", "state that asks for a facilitator: 0 potential, 1 latent, 2 consolidated"),
    "smooth_linked": Variable("f8", "share", "linked share, smoothed"),
    "smooth_component": Variable("f8", "share", "component share, smoothed"),
    "smooth_vision": Variable("f8", "1", "vision, smoothed"),
    "smooth_pipelines": Variable("f8", "ties/firm", "external ties per firm, smoothed"),
    "smooth_employment": Variable("f8", "persons", "employment relative to the nation, smoothed"),
    "reference": Variable("f8", "1", "the nation's employment, relative to the start: follows domestic demand", empty=1),
    "trend": Variable("f8", "1/year", "smoothed growth of relative employment"),
    "peak": Variable("f8", "persons", "slowly leaking peak of smoothed relative employment"),
    "trough": Variable("f8", "persons", "lowest smoothed relative employment since decline began"),
    "gap_then": Variable("f8", "turn", "smoothed distance to the regime's technology at maturity or at its last shift"),
    "smooth_gap": Variable("f8", "turn", "mean distance to the regime's technology, smoothed"),
    "regime": Variable("i8", "code", "who decides in government: 0 localities, 1 both with feedback, 2 the centre"),
    "autonomy": Variable("f8", "share", "part of the planned money that localities can pay by themselves", empty=1),
    "party_turnover": Variable("f8", "1", "chance that an election changes the party in power"),
    "teams": Variable("f8", "1", "how far teams of several public bodies are at work, 0 to 1"),
    "capability": Variable("f8", "1", "methods that institutions hold and keep, 0 to 1"),
    "heard": Variable("f8", "1", "how far what the cluster knows reaches policy, 0 to 1"),
    "coordinated": Variable("f8", "1", "coordination between public bodies with what was bought of it, 0 to 1"),
    "known": Variable("f8", "1", "what those who decide know of the place, over what localities know", empty=1),
    "own": Variable("f8", "share", "part of the planned money that is paid in the place, at once", empty=1),
    "arrives": Variable("f8", "share", "part of the planned money that arrives from the centre, after the wait"),
    "wait": Variable("i8", "quarters", "how long money from the centre is under way"),
    "carried": Variable("f8", "1", "part of an instrument's effect that who decides and who executes leave of it", empty=1),
    "overhead": Variable("f8", "share", "part of the programme's money that its levels cost"),
    "handovers": Variable("i8", "levels", "levels of the programme less one"),
    "bidders": Variable("i8", "bidders", "who can be chosen to execute the programme, 0 where that is not said"),
    "tender_every": Variable("i8", "quarters", "quarters from one tender to the next, 0 for an appointment"),
    "ability": Variable("f8", "1", "what the executor achieves over what is usual", empty=1),
    "launched": Variable("i8", "quarter", "when the programme was announced anywhere, -1 for no programme", empty=-1),
    "donors": Variable("i8", "rows", "donors, in the last rows of its institutions"),
    "funded": Variable("f8", "share", "part of the planned money for which there is a funder", empty=1),
    "foreign": Variable("f8", "share", "part of the public money that comes from donors and multilaterals"),
    "gives": Variable("f8", "share", "part of the public money that comes from each donor", (DONORS_MAX,)),
    "foreign_spending": Variable("f8", "kUSD", "public money of the quarter that came from them"),
    "donated": Variable("f8", "kUSD", "what each donor has paid since the start", (DONORS_MAX,)),
    "factors": Variable("f8", "1", "what its type of activity multiplies, in the order of QUANTITIES", (len(QUANTITIES),), 1),
    "research": Variable("f8", "1", "R&D intensity that its firms aim at, over the usual one", empty=1),
    "research_from": Variable("f8", "persons", "research below the cost of so many employees is not begun here, -1 for the usual "
                              "bound", empty=-1),
    "aims": Variable("i8", "aims", "aims of its programme: targets of instruments that are not for everyone"),
    "aim_firms": Variable("f8", "firms", "firms within each aim", (AIMS_MAX,)),
    "aim_jobs": Variable("f8", "persons", "their employees", (AIMS_MAX,)),
    "picked": Variable("f8", "by channel", "what reaches a firm of each channel for each aim that it is within",
                       (len(LEVERS), AIMS_MAX)),
    "mutual_pool": Variable("f8", "kUSD", "what members have paid in to guarantee each other's loans"),
    "backing": Variable("f8", "share", "part of the guarantees that members have promised for which their pool is enough"),
    "public_goods": Variable("f8", "1", "enabling public goods of the place, 0 to 1"),
    "files": Variable("f8", "files", "projects that are being written for outside funds"),
    "applied": Variable("f8", "kUSD", "money that outside funds have been asked for since the start"),
    "approved": Variable("f8", "kUSD", "money that they have approved since the start"),
    "outside_fund": Variable("f8", "kUSD", "the part of it that no joint project has used yet"),
    "income_fees": Variable("f8", "kUSD", "members' fees in the quarter, for the record alone like all that follow"),
    "income_services": Variable("f8", "kUSD", "services that the association sold to members in the quarter"),
    "income_sponsors": Variable("f8", "kUSD", "what sponsors gave it in the quarter"),
    "income_local": Variable("f8", "kUSD", "public income of the association in the quarter that the place itself paid"),
    "started": Variable("f8", "projects", "joint projects started in the quarter, by kind", (len(PROJECT_KINDS),)),
    "loans_placed": Variable("f8", "loans", "firms that got new credit in the quarter"),
    "loans_guaranteed": Variable("f8", "loans", "those of them that owe more than they secure by themselves"),
    "settlers": Variable("f8", "firms", "firms that settled from outside in the quarter"),
    "attracted": Variable("f8", "kUSD", "machines and buildings that they brought"),
    "called": Variable("f8", "kUSD", "the part of it that the lever attraction called, as expected"),
    "growing": Variable("f8", "firms", "SMEs that did better at the end of the last year than a year before"),
    "growing_small": Variable("f8", "firms", "those of them that were micro or small then"),
}

WORLDS = {
    "key": Variable("u8", "id", "key of all draws: seed and replicate"),
    "replicate": Variable("i8", "index", "replicate"),
    "quarter": Variable("i8", "quarter", "quarters done since the start"),
    "begins": Variable("i8", "quarter", "first quarter in which anything happens: 1 where a register says what the first one is "
                       "like, else 0"),
    "first_cluster": Variable("i8", "index", "its first cluster"),
    "last_cluster": Variable("i8", "index", "one past its last cluster"),
    "shocks_first": Variable("i8", "row", "its first scheduled shock"),
    "shocks_last": Variable("i8", "row", "one past its last scheduled shock"),
    "frontier": Variable("f8", "log points", "knowledge at the technology frontier"),
    "regime": Variable("f8", "turn", "technology position that the market asks for"),
    "coming": Variable("f8", "turn", "the same, with what is scheduled for the next years"),
    "cycle_local": Variable("f8", "1", "log state of domestic demand"),
    "cycle_export": Variable("f8", "1", "log state of export demand"),
    "shock_demand": Variable("f8", "1", "log effect of scheduled demand shocks now"),
    "rivalry": Variable("f8", "log points", "strength of outside competitors beyond their usual lag"),
    "departures": Variable("f8", "firms", "largest tractor firms that leave each cluster in this quarter"),
    "unrest": Variable("f8", "1", "chance per quarter that politics interrupts public money, from scheduled shocks"),
    "wage": Variable("f8", "kUSD/quarter", "national wage per employee"),
    "output": Variable("f8", "kUSD/person/quarter", "output per employee at zero knowledge"),
    "growth": Variable("f8", "log points/quarter", "growth of markets in money, with the frontier"),
}

PROGRAMME_ROWS = {
    "instrument": Variable("i8", "index", "instrument of the programme"),
    "channel": Variable("i8", "index", "policy channel"),
    "recipient": Variable("i8", "code", "who is paid"),
    "stage": Variable("i8", "index", "stage that it belongs to"),
    "start": Variable("i8", "quarters", "after the stage began"),
    "quarters": Variable("i8", "quarters", "duration"),
    "money": Variable("f8", "kUSD/quarter", "cost, public and private, as planned"),
    "full_cost": Variable("f8", "kUSD/quarter", "cost at which the channel is moved by `strength`"),
    "strength": Variable("f8", "1", "movement of the channel at full cost"),
    "taper": Variable("f8", "share", "last part of the duration over which the money falls to nothing"),
    "cofinance": Variable("f8", "share", "part that private hands must pay"),
    "payer": Variable("i8", "code", "who pays that part: 0 the association, 1 the firms reached"),
    "classes": Variable("i8", "bits", "size classes that it reaches"),
    "segments": Variable("i8", "bits", "segments that it reaches"),
    "report": Variable("i8", "flag", "1 where the second half of each year is paid on an accepted report"),
    "until": Variable("f8", "share", "private share of the association's income at which it is no longer paid, 0 for none"),
    "factor": Variable("f8", "1", "what a rule makes of the planned money", empty=1),
    "public": Variable("f8", "kUSD", "public money spent in the quarter"),
    "private": Variable("f8", "kUSD", "private money spent in the quarter"),
    "pooled": Variable("i8", "flag", "1 where a rule moves money between the instruments and keeps its total"),
    "aim": Variable("i8", "bit", "aim that says which firms it reaches, -1 for all of its size classes and segments", empty=-1),
    "target": Variable("i8", "code", "what that aim is: see TARGETS"),
    "younger_than": Variable("f8", "quarters", "age that firms reached must not have, where it is for young ones"),
    "call_every": Variable("i8", "quarters", "quarters from one call to the next"),
    "winners": Variable("i8", "firms", "firms that win a call"),
    "by_merit": Variable("i8", "flag", "1 where merit decides on a call, 0 where a draw does"),
    "per_firm": Variable("f8", "1/firm", "part of the full cost that each firm reached adds, 0 where it does not count them"),
    "per_job": Variable("f8", "1/person", "the same for each of their jobs"),
}
# Whom an instrument is for, by the code in its rows.
TARGETS = ("everyone", "members", "group", "young", "named", "winners")
STAGE_ROWS = {
    "quarters": Variable("i8", "quarters", "duration"),
    "gate": Variable("i8", "code", "what must be reached before it begins: see `clustersim.model.gates`"),
    "level": Variable("f8", "1", "value that must be reached"),
    "not_before": Variable("i8", "quarters", "earliest begin, after the programme's start"),
    "politics": Variable("f8", "1", "how much of political change reaches it, by who leads it", empty=1),
    "turnover": Variable("f8", "1", "turnover of facilitators relative to the usual one, by who leads it", empty=1),
}
SHOCK_ROWS = {
    "kind": Variable("i8", "code", "see SHOCKS"),
    "quarter": Variable("i8", "quarter", "begin"),
    "quarters": Variable("i8", "quarters", "duration; 0 for good"),
    "amount": Variable("f8", "1", "log demand, turns of the technology circle, log points of rivals, chance, or firms"),
}
REFORM_ROWS = {
    "quarter": Variable("i8", "quarter", "from when on"),
    "regime": Variable("i8", "code", "who decides in government from then on: see REGIMES"),
    "coordination": Variable("f8", "1", "coordination between public bodies from then on, what the regime adds included"),
    "autonomy": Variable("f8", "share", "part of the planned money that localities can pay by themselves from then on"),
}
FUNDER_ROWS = {
    "first": Variable("i8", "quarters", "after the programme is announced, when it begins to pay"),
    "last": Variable("i8", "quarters", "the same, when it has ceased to"),
    "share": Variable("f8", "share", "part of the planned money that it pays"),
    "donor": Variable("i8", "index", "which donor it is, -1 for one of the nation", empty=-1),
}
SHOCKS = ("demand", "technology", "competitor", "political", "tractor_exit")

if TYPE_CHECKING:  # the columns are declared above, which static types cannot read
    Actors: TypeAlias = Any
    Ties: TypeAlias = Any
else:
    Actors = namedtuple("Actors", list(ACTORS))
    Ties = namedtuple("Ties", [*TIES, "by_actor"])
Meetings = namedtuple("Meetings", ["a", "b", "kind", "brokered", "seeker", "priority", "order"])
Programme = namedtuple("Programme", ["rows", "stages", "shocks", "reforms", "funders"])
Record = namedtuple("Record", ["indicators", "spending"])


def layer(level: Any, value: Any) -> Any:
    """Return the place in LAYERS of ties of these levels with this trade: numbers, or arrays of them.

    Contacts over which goods are sold are trade at arm's length; advice is asked for; from the commercial level on two cooperate.
    """
    loose = np.where(np.asarray(value) > 0.0, TRADE, CONTACT)
    return np.where(level >= COMMERCIAL, COOPERATION, np.where(level >= INFORMATION, ADVICE, loose))


def table(variables: dict[str, Variable], length: int) -> np.recarray:
    """Return `length` records of these variables, each field at its empty value."""
    records = np.zeros(length, record_dtype(variables)).view(np.recarray)
    for name, variable in variables.items():
        if variable.empty:
            records[name] = variable.empty
    return records


def columns(variables: dict[str, Variable], length: int) -> list[np.ndarray]:
    """Return one array for each variable, filled with its empty value.

    All lie in one block of memory, on borders of 64 bytes: the system can then use large pages for it, which saves the
    kernels much address translation (a quarter touches every column of a cluster).
    """
    sizes = [-(-length * np.dtype(v.dtype).itemsize // 64) * 64 for v in variables.values()]
    block = np.zeros(sum(sizes) + 64, np.uint8)
    at = -block.ctypes.data % 64
    parts = []
    for variable, size in zip(variables.values(), sizes, strict=True):
        part = block[at : at + length * np.dtype(variable.dtype).itemsize].view(variable.dtype)
        if variable.empty:
            part[:] = variable.empty
        parts.append(part)
        at += size
    return parts


def allocate_actors(rows: int) -> Actors:
    """Return actor columns of `rows` free rows."""
    return Actors(*columns(ACTORS, rows))


def allocate_ties(rows: int) -> Ties:
    """Return tie columns of `rows` ended ties, with the list of ties by actor (two places for each tie)."""
    return Ties(*columns(TIES, rows), np.zeros(2 * rows, np.int32))


def allocate_meetings(rows: int) -> Meetings:
    """Return the work space for the meetings of a quarter."""
    size = MEETINGS * rows
    return Meetings(
        np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int8), np.zeros(size, np.int8),
        np.zeros(size, np.int8), np.zeros(size, np.uint64), np.zeros(size, np.int32),
    )  # fmt: skip
