"""A cluster: its actors and ties, its accounts and what it remembers (docs/odd.md, section 2)."""

from __future__ import annotations

from clustersim.model.levers import LEVERS
from clustersim.model.state import AIMS_MAX, DONORS_MAX, PROJECTS_MAX, RELATED_MAX, SEGMENTS_MAX, STAGES_MAX
from reference.entities import BILLS, Actor, Donor, Firm, Institution, Tie
from reference.world import World

KINDS = 7  # of joint projects
# What the type of activity multiplies, in this order.
FACTORS = ("surplus", "contract", "research_from", "span", "closeness", "pipelines", "export_cost", "brand")
SINGLE = (
    # accounts and the bank
    "nation", "abroad", "project_fund", "guarantee_fund", "venture_fund", "written_off", "bank_capital", "loans", "lost",
    "bad_debt", "credit_wanted", "credit_granted", "outside_fund", "mutual_pool", "backing",
    # economy
    "skilled", "employment", "displaced", "jobs_growth", "sales_growth", "firm_count", "knowledge", "technology", "variety",
    "recipe", "entries", "spinoffs", "exits", "innovations", "diversified", "public_goods",
    # association, joint action and conduct
    "trust", "members", "board_private", "board_large", "groups", "collusion", "vision", "wins", "losses", "staff", "brand",
    "income_public", "income_private", "projects_started", "projects_succeeded", "projects_failed", "files", "applied",
    "approved",
    # counted for the record alone
    "income_fees", "income_services", "income_sponsors", "income_local", "loans_placed", "loans_guaranteed", "settlers",
    "attracted", "called", "growing", "growing_small",
    # programme and facilitators
    "budget", "public_spending", "private_cofinance", "returned", "rapport", "brokers", "bridgers", "mediators", "promoters",
    "speakers", "foreign_spending",
    # public bodies
    "party_turnover", "teams", "capability", "heard", "arrives", "overhead", "foreign",
    # links and phase
    "component", "pipelines", "linked", "schooled", "clustering",
    "smooth_linked", "smooth_component", "smooth_vision", "smooth_pipelines",
    "smooth_employment", "trend", "peak", "trough", "gap_then", "smooth_gap",
    # nation
    "nation_share",
)  # fmt: skip


class Cluster:
    """A cluster; `rows` are the firm rows in use, None for a free one."""

    def __init__(self, model, world: World, spec):
        self.model, self.world, self.spec, self.name = model, world, spec, spec.name
        self.p = world.parameters
        self.uid = 0
        self.institutions: list[Institution] = []
        self.rows: list[Firm | None] = []
        self.causes: dict[int, int] = {}  # why the last owner of a row left
        self.ties: list[Tie] = []
        self.backed = 0  # spin-offs of the quarter with money of the venture fund, which the tests ask for
        for name in SINGLE:
            setattr(self, name, 0.0)

        # Type of activity, and research of its own
        self.factors = [1.0] * len(FACTORS)
        self.research, self.research_from = 1.0, -1.0

        # Programme
        self.levers = dict.fromkeys(LEVERS, 0.0)
        self.aimed = {channel: [[0.0] * SEGMENTS_MAX for _ in range(4)] for channel in LEVERS}  # by size class and segment
        self.part = [1.0] * len(BILLS)
        self.granted = [0.0] * len(BILLS)
        self.stage = self.announced = -1
        self.began = [-1] * STAGES_MAX
        self.credibility = self.exposure_to_politics = self.turnover_factor = self.kept = 1.0
        self.baseline = self.mapped = 0.0
        self.funders: tuple = ()
        self.interrupted = self.idle = self.lag = self.elections = 0

        self.indicators: dict[str, float] = {}
        self.first_seen: dict[str, float] | None = None  # those at the first decision of the programme's rule

        # Targets of its instruments
        self.aim_list: list = []
        self.aim_firms = [0.0] * AIMS_MAX
        self.aim_jobs = [0.0] * AIMS_MAX
        self.picked = {channel: [0.0] * AIMS_MAX for channel in LEVERS}

        # Public bodies, and whose money it is
        self.autonomy = self.coordinated = self.known = self.own = self.carried = self.ability = self.funded = 1.0
        self.regime = self.wait = self.handovers = self.bidders = self.tender_every = self.donors = 0
        self.launched = -1
        self.gives = [0.0] * DONORS_MAX
        self.donated = [0.0] * DONORS_MAX

        # Association and projects
        self.founded = -1
        self.formal = self.origin = self.distress = 0
        self.project_kind = [-1] * PROJECTS_MAX
        self.project_end = [0] * PROJECTS_MAX
        self.project_partners = [0] * PROJECTS_MAX
        self.started = [0.0] * KINDS

        # Related activities
        self.related = [-1] * RELATED_MAX
        self.relatedness = [0.0] * RELATED_MAX
        self.related_knowledge = [0.0] * RELATED_MAX
        self.related_technology = [0.0] * RELATED_MAX
        self.related_market = [0.0] * RELATED_MAX
        self.branch = self.branch_of = -1

        # Phase
        self.reference = self.nation_index = 1.0
        self.phase = self.phase_since = self.clusterisation = self.facilitation_state = 0

    @property
    def aims(self) -> int:
        return len(self.aim_list)

    def factor(self, quantity: str) -> float:
        """What its type of activity multiplies a quantity by."""
        return self.factors[FACTORS.index(quantity)]

    @property
    def firms(self) -> list[Firm]:
        """Firms in row order."""
        return [firm for firm in self.rows if firm is not None]

    @property
    def actors(self) -> list[Actor]:
        return [*self.institutions, *self.firms]

    @property
    def live_ties(self) -> list[Tie]:
        return [tie for tie in self.ties if tie.level >= 0]

    @property
    def facilitator(self) -> Institution:
        return self.institutions[1]

    @property
    def bank(self) -> Institution:
        return self.institutions[2]

    @property
    def association(self) -> Institution:
        return self.institutions[3]

    @property
    def schools(self) -> list[Institution]:
        """Universities, then technology centres."""
        return [institution for institution in self.institutions[4:] if not isinstance(institution, Donor)]

    def put(self, firm: Firm) -> None:
        """Give the firm the lowest free row, or the next after the last."""
        place = next((k for k, there in enumerate(self.rows) if there is None), len(self.rows))
        if place == len(self.rows):
            self.rows.append(None)
        self.rows[place] = firm
        firm.row = len(self.institutions) + place

    def take_away(self, firm: Firm, cause: int) -> None:
        """Free the firm's row, and remember why."""
        self.rows[self.rows.index(firm)] = None
        self.causes[firm.row] = cause
        firm.remove()

    def pay_school(self, money: float) -> None:
        """To the first university (or technology centre), to the nation if there is none."""
        if self.schools:
            self.schools[0].cash += money
        else:
            self.nation += money

    def list_ties(self) -> None:
        """Rebuild each actor's listed ties, in order of formation, and count anew whose advice it asks."""
        for actor in self.actors:
            actor.ties = []
            actor.asking = 0
        for tie in self.ties:
            if tie.between_firms and tie.level >= 1:
                tie.seeker.asking += 1
            tie.a.ties.append(tie)
            if tie.b is not None:
                tie.b.ties.append(tie)
        for actor in self.actors:
            actor.taken = len(actor.ties)
