"""What a scenario may say: place, environment, institutions, programme, horizon, seed; each with its unit and range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from clustersim.core.errors import InputError
from clustersim.core.markup import card
from clustersim.core.numbers import number, years
from clustersim.core.words import N_, _, _n
from clustersim.model.activity_types import MEANINGS, ActivityType
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import SEGMENTS_MAX
from clustersim.model.units import YEAR
from clustersim.policy.programme import Programme
from clustersim.scenario.keys import did_you_mean, listed, must_be
from clustersim.scenario.translations import Texts, Translations
from clustersim.scenario.version import CURRENT, MEANING

NAME_MAX = 40
NAME = rf"^[A-Za-z][A-Za-z0-9_]{{0,{NAME_MAX - 1}}}$"
TABLE = r"^[^/\\:\s][^\\:]{0,198}\.csv$"
CLUSTERS_MAX = 5000
CLUSTERS_SHOWN = 10  # in notebooks
Segment = Annotated[str, Field(min_length=1, max_length=60)]


class Strict(BaseModel):
    """No unknown keys, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TableFile(Strict):
    """A CSV table beside the scenario; its columns are listed in `clustersim.scenario.tables`."""

    table: str = Field(..., pattern=TABLE, description="CSV file, by its path relative to the file that names it, at or "
                       "below its folder.")
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, so that no other "
                               "table takes its place; not checked if not given.")
    _place: tuple[Path, str] | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _stays_below(self) -> TableFile:
        if ".." in Path(self.table).parts:
            raise ValueError("table: " + _("must lie at or below the folder of the scenario."))
        return self

    def at(self, path: Path, sha256: str, label: str) -> TableFile:
        """Return the same table with its hash, found at `path`, which messages call `label`."""
        found = self.model_copy(update={"sha256": sha256})
        found._place = (path, label)
        return found

    @property
    def path(self) -> Path:
        """Where the file lies.

        Raises
        ------
        InputError
            If that is not known, since the scenario was not read from a file.
        """
        if self._place is None:
            raise InputError(self.table, "", _("the table is not at hand: load the scenario from its file."))
        return self._place[0]

    @property
    def label(self) -> str:
        """How messages call the file."""
        return self._place[1] if self._place else self.table


class AssociationSpec(Strict):
    """An association that stands already when the run begins."""

    members: int | None = Field(None, ge=0, le=1_000_000_000, description="Number of members: those of the table of firms if it "
                                "names any, else the firms that lean most to it; as many as lean to it if not given.")
    staff: float = Field(3.0, ge=0, le=1000, description="Staff in persons; half of the associations known have 3 at most.")
    years: float = Field(5.0, ge=0, le=200, description="Years since it was founded.")
    vision: float = Field(0.3, ge=0, le=1, description="Consensus on a shared vision, 0 to 1.")
    money: float | None = Field(None, ge=0, le=1e7, description="Money that it holds in kUSD; if not given as much as it wants "
                                "to hold for its staff (association.staff_reserve).")
    board_private: float | None = Field(None, ge=0, le=1, description="Share of the seats on its board that are private; that of "
                                        "a new one if not given (association.board_start).")


class ClusterSpec(Strict):
    """One cluster at the start."""

    name: str = Field(..., pattern=NAME, description="Letters, digits and underscores.")
    segments: tuple[Segment, ...] = Field(("suppliers", "producers"), min_length=1, max_length=SEGMENTS_MAX,
                                      description="Segments of the value chain, upstream first.")
    tractors: int = Field(3, ge=0, le=100_000, description="Tractor firms.")
    smes: int = Field(60, ge=0, le=1_000_000_000_000, description="Micro, small and medium firms; none only where all "
                      "firms of a table are tractor firms.")
    universities: int = Field(1, ge=0, le=50, description="Universities.")
    technology_centres: int = Field(0, ge=0, le=50, description="Technology centres.")
    tractor_segment: str | None = Field(None, description="Segment of the tractor firms; the last one if not given.")
    radius_km: float = Field(12.0, gt=0, le=500, description="Radius of the territory in km.")
    founded_before: int | None = Field(None, ge=0, le=3000, description="Year before which the initial firms were "
                                       "founded (a remark).")
    location_quotient: float = Field(1.5, gt=0, le=100, description="Location quotient at the start.")
    trust: float = Field(0.34, ge=0, le=1, description="Generalised trust at the start, mean over actors.")
    market_share: float = Field(0.05, gt=0, le=0.9, description="Share of its markets that the cluster holds at first.")
    adoption: float = Field(1.0, gt=0, le=1, description="Part of the demand that the products of its segments can find which "
                            "they have found at the start: near 0 for a young industry, 1 for one that all know.")
    export_share: float = Field(0.35, ge=0, le=0.9, description="Export share that a fully capable firm reaches.")
    activity: float = Field(0.0, ge=0, lt=1, description="Place of its activity on the circle of technologies (turns): "
                            "clusters of near activities are related.")
    size_median: float | None = Field(None, gt=0, le=10_000, description="Median employment of initial SMEs, in place "
                                      "of the parameter population.size_median.")
    type: ActivityType | None = Field(None, description="Type of activity: "
                                      + "; ".join(f"{name}, {meaning}" for name, meaning in MEANINGS.items())
                                      + ". What it changes is in docs/odd.md, section 5; nothing if not given.")
    research_share: float | None = Field(
        None, gt=0, le=1, description="Share of the firms that do R&D of their own at the start. It sets the scale from which "
        "research is worth while in the place; that scale stays, as a difference to other places, while the share moves.")
    research_intensity: float | None = Field(
        None, ge=0, le=0.5, description="R&D over sales of the firms that do any, at usual search effort (tractor firms: "
        "more), at the start and later; the parameter complacency.rd_share if not given.")
    association: AssociationSpec | None = Field(None, description="An association that stands at the start; none if not given, "
                                                "unless the table of firms lists members.")
    copies: int = Field(1, ge=1, le=CLUSTERS_MAX, description="How many clusters of this kind the place has, equal but for "
                        "chance; of several, the names end in _0001, _0002 and so on.")
    firms: TableFile | None = Field(None, description="Table of the initial firms: it sets tractors and smes, "
                                   "and the record of quarter 0 is what it says.")
    ties: TableFile | None = Field(None, description="Table of the ties between them at the start, which has no others.")

    @model_validator(mode="after")
    def _segment_known(self) -> ClusterSpec:
        if self.tractor_segment is not None and self.tractor_segment not in self.segments:
            said = _("{found!r} is not one of {names}.", found=self.tractor_segment, names=", ".join(self.segments))
            raise ValueError(f"tractor_segment: {said}")
        if len(set(self.segments)) < len(self.segments):
            raise ValueError("segments: " + _("two have the same name."))
        if self.smes < 1 and (self.firms is None or self.tractors < 1):
            raise ValueError("smes: " + must_be(str(self.smes), _("a whole number from 1 to 1000000000000")))
        return self

    @model_validator(mode="after")
    def _has_its_members(self) -> ClusterSpec:
        here = self.tractors + self.smes
        if self.firms is None and self.association is not None and (self.association.members or 0) > here:
            raise ValueError("association.members: " + must_be(str(self.association.members), _("at most the {n} firms there are",
                                                                                                n=here)))  # fmt: skip
        return self

    @model_validator(mode="after")
    def _can_be_copied(self) -> ClusterSpec:
        if self.copies > 1 and (self.firms is not None or self.ties is not None):
            said = _("found {found}; a cluster with a table of firms stands alone.", found=self.copies)
            raise ValueError(f"copies: {said}")
        if self.copies > 1 and len(self.name) > NAME_MAX - len("_0001"):
            said = _("{name!r} is too long to be numbered; at most {most} characters.", name=self.name,
                     most=NAME_MAX - len("_0001"))  # fmt: skip
            raise ValueError(f"name: {said}")
        return self

    def numbered(self) -> tuple[ClusterSpec, ...]:
        """Return the clusters that this one stands for: itself, or its copies, each with its own name."""
        if self.copies == 1:
            return (self,)
        return tuple(self.model_copy(update={"name": f"{self.name}_{k:04d}", "copies": 1}) for k in range(1, self.copies + 1))


class Place(Strict):
    """The clusters."""

    clusters: tuple[ClusterSpec, ...] = Field(..., min_length=1, max_length=CLUSTERS_MAX, description="The clusters.")
    nation_jobs: float | None = Field(None, gt=0, le=1e10, description="Jobs of the nation in these activities, those of the "
                                      "clusters included; a nation far larger than they if not given.")

    price_level: float = Field(1.0, gt=0, le=10, description="Prices of what instruments buy here, relative to those at "
                               "which their full costs are stated.")

    @model_validator(mode="after")
    def _names_differ(self) -> Place:
        count = sum(cluster.copies for cluster in self.clusters)
        if count > CLUSTERS_MAX:
            said = _("{count} with all copies; at most {most} are possible.", count=count, most=CLUSTERS_MAX)
            raise ValueError(f"clusters: {said}")
        names = [one.name for cluster in self.clusters for one in cluster.numbered()]
        if len(set(names)) < len(names):
            said = _("two are called {name!r}.", name=max(names, key=names.count))
            raise ValueError(f"clusters: {said}")
        return self


class Shock(Strict):
    """A dated shock."""

    kind: Literal["demand", "technology", "competitor", "political", "tractor_exit"] = Field(
        ..., description="Of demand, of technology (what the market asks for moves), by a new competitor, of politics, or by the "
        "exit of tractor firms.")
    year: float = Field(..., ge=0, le=200, description="Years after the start.")
    years: float = Field(0.0, ge=0, le=200, description="Duration in years; 0 for good.")
    size: float = Field(..., ge=-5, le=5, description="Log demand, turns of the technology circle, log points of "
                        "rivals, chance per quarter that public money is interrupted, or number of the largest "
                        "tractor firms that leave each cluster.")

    @model_validator(mode="after")
    def _lasts(self) -> Shock:
        if self.years > 0.0 and round(YEAR * self.years) == 0:  # no quarter, which would be for good
            must = _("0, which is for good, or a quarter of a year (0.25) or more")
            raise ValueError("years: " + must_be(f"{self.years:g}", must))
        return self


class Environment(Strict):
    """What comes from outside."""

    shocks: tuple[Shock, ...] = Field(default=(), description="Dated shocks.")


Regime = Literal["decentralised", "feedback", "centralised"]


class Reform(Strict):
    """A dated change of how public bodies act; what it does not name stays."""

    year: float = Field(..., ge=0, le=200, description="Years after the start.")
    regime: Regime | None = Field(None, description="Who decides from then on.")
    coordination: float | None = Field(None, ge=0, le=1, description="Coordination between public bodies from then on.")
    autonomy: float | None = Field(None, ge=0, le=1, description="Fiscal autonomy of localities from then on.")

    @model_validator(mode="after")
    def _changes_something(self) -> Reform:
        if self.regime is None and self.coordination is None and self.autonomy is None:
            raise ValueError("year: " + _("a reform must name at least one of regime, coordination and autonomy."))
        return self


class Government(Strict):
    """How public bodies act."""

    coordination: float = Field(default=0.5, ge=0, le=1, description="Coordination between public bodies, 0 to 1.")
    regime: Regime = Field(
        default="decentralised", description="Who decides: localities, the centre, or both with feedback between them.")
    election_years: int | None = Field(default=None, ge=1, le=20, description="Years from one election to the next, of which "
                                      "each may interrupt public programmes; none if not given.")
    orientation: Literal["bottom_up", "mixed", "top_down"] = Field(
        default="mixed", description="Whether policy supports private initiative or sets the priorities itself.")
    autonomy: float = Field(default=1.0, ge=0, le=1, description="Part of the planned money that localities can pay by "
                            "themselves: it counts fully in the decentralised regime, in part with feedback, and not in the "
                            "centralised one. The rest comes from the centre, later and not wholly.")
    turnover: float = Field(default=0.0, ge=0, le=1, description="Chance that an election changes the party in power, which "
                            "breaks with some of what there was.")
    reforms: tuple[Reform, ...] = Field(default=(), max_length=100, description="Dated changes of the government.")

    @model_validator(mode="after")
    def _parties_change_at_elections(self) -> Government:
        if self.turnover > 0.0 and self.election_years is None:
            found = f"{self.turnover:g}"
            said = _("found {found}; parties change at elections only, so election_years must be given.", found=found)
            raise ValueError(f"turnover: {said}")
        return self


class Institutions(Strict):
    """Institutions at the start."""

    government: Government = Government()


class Horizon(Strict):
    """How long, and which year the start is called."""

    years: float = Field(default=40.0, gt=0, le=200, description="Years to run.")
    start_year: int = Field(default=2000, ge=0, le=3000, description="Calendar year of the start.")


class ScenarioTexts(Texts):
    """Title and description in one more language."""

    description: str | None = Field(None, max_length=5000, description=N_("What it is about, in that language."))


class Scenario(Strict):
    """A scenario, complete and checked."""

    lay_over: ClassVar[Callable[[Scenario, Mapping[str, Any] | None, Mapping[str, Any]], Scenario]]  # of `scenario.changing`

    # Of the file, not of what it says: results do not carry it, and no hash depends on it.
    version: int = Field(CURRENT, ge=1, le=CURRENT, exclude=True, description=MEANING)
    title: str = Field(..., max_length=200, description="Title in one line.")
    description: str = Field("", max_length=5000, description="What it is about.")
    translations: Translations[ScenarioTexts] | None = Field(None, description=N_("Title and description in other "
                                                             "languages, such as `es: {title: …}` (a remark)."))
    horizon: Horizon = Horizon()
    seed: int = Field(1, ge=0, lt=2**63, description="Seed of all random draws.")
    replicates: int = Field(20, ge=1, le=1_000_000, description="Replicates to run.")
    place: Place
    environment: Environment = Environment()
    institutions: Institutions = Institutions()
    programme: Programme | None = None
    parameters: dict[str, dict[str, float]] = Field(default_factory=dict,
                                                    description="Overrides: mechanism, then parameter.")
    sources: dict[str, str] = Field(default_factory=dict, description="Where values come from, by dotted key.")

    @model_validator(mode="after")
    def _parameters_known_and_in_range(self) -> Scenario:
        for group, values in self.parameters.items():
            if group not in PARAMETERS:
                raise ValueError(f"parameters.{group}: " + _("no such mechanism"))
            for name, value in values.items():
                if name not in PARAMETERS[group]:
                    raise ValueError(f"parameters.{group}.{name}: " + _("no such parameter"))
                declared = PARAMETERS[group][name]
                if not declared.low <= value <= declared.high:
                    bounds = f"[{declared.low:g}, {declared.high:g}]"
                    said = _("{value} is outside {bounds} {unit}", value=f"{value:g}", bounds=bounds, unit=_(declared.unit))
                    raise ValueError(f"parameters.{group}.{name}: {said}")
        return self

    @model_validator(mode="after")
    def _programme_fits_the_place(self) -> Scenario:
        if self.programme is None:
            return self
        names = {cluster.name for cluster in self.place.clusters}
        for key, named in (("clusters", self.programme.clusters or ()), ("scale", self.programme.scale)):
            for name in named:
                if name not in names:
                    raise ValueError(f"programme.{key}: " + _("{name!r} is not a cluster of this place", name=name))
        self._check_rounds(names)
        segments = {segment for cluster in self.place.clusters for segment in cluster.segments}
        for _stage, instrument in self.programme.instruments():
            use = type(instrument).model_fields["use"].default
            for name in instrument.segments or ():
                if name not in segments:
                    said = _("{use!r} reaches the segment {name!r}, which no cluster has", use=use, name=name)
                    raise ValueError(f"programme: {said}")
            for name in instrument.clusters or ():
                if name not in names:
                    said = _("{use!r} is used in {name!r}, which is not a cluster of this place", use=use, name=name)
                    raise ValueError(f"programme: {said}")
        return self

    def _check_rounds(self, names: set[str]) -> None:
        """Raise ValueError unless the clusters that rounds name can win there, each once."""
        programme = self.programme
        seen: set[str] = set()
        for k, one in enumerate(programme.selection.rounds if programme and programme.selection else ()):
            for name in () if isinstance(one.clusters, int) else one.clusters:
                where = f"programme.selection.rounds[{k}].clusters: "
                if name not in names:
                    said = _("{name!r} is not a cluster of this place.", name=name)
                    raise ValueError(where + f"{said} {did_you_mean(name, names, listed(sorted(names)))}")
                if programme and programme.clusters is not None and name not in programme.clusters:
                    raise ValueError(where + _("{name!r} is not one of the programme's `clusters`.", name=name))
                if name in seen:
                    raise ValueError(where + _("{name!r} wins twice.", name=name))
                seen.add(name)

    def with_(self, overrides: Mapping[str, Any] | None = None, **more: Any) -> Scenario:
        """Return the scenario with some values set anew, and checked as a whole.

        Parameters
        ----------
        overrides : mapping, optional
            Values by dotted key, as ``--set`` takes them: numbers, texts, lists, mappings, true and false, None, or parts of
            another scenario, such as its programme.
        **more : object
            The same for keys without dots, such as ``seed=3``.

        Raises
        ------
        InputError
            If a key leads nowhere, naming the nearest one, or a value is not possible there.

        Examples
        --------
        >>> from clustersim import load_scenario
        >>> changed = load_scenario("organic").with_({"horizon.years": 5, "place.clusters.valley.smes": 80}, seed=3)
        >>> changed.horizon.years, changed.place.clusters[0].smes, changed.seed
        (5.0, 80, 3)
        """
        return type(self).lay_over(self, overrides, more)

    def titled(self) -> str:
        """Return the title in the language in force, or as the file says it."""
        return (self.translations and self.translations.of("title")) or self.title

    def described(self) -> str:
        """Return the description in the language in force, or as the file says it."""
        return (self.translations and self.translations.of("description")) or self.description

    def _facts(self) -> list[str]:
        clusters = sum(cluster.copies for cluster in self.place.clusters)
        firms = sum(cluster.copies * (cluster.tractors + cluster.smes) for cluster in self.place.clusters)
        return [
            _n("one cluster", "{n} clusters", clusters, n=number(clusters, 0)),
            _n("one firm", "{n} firms", firms, n=number(firms, 0)),
            _("{years} from {start}", years=years(self.quarters), start=self.horizon.start_year),
            _("seed {seed}", seed=self.seed),
        ]  # fmt: skip

    def __repr__(self) -> str:
        return f"<Scenario {self.titled()}: {', '.join(self._facts())}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the clusters, and the stages of the programme."""
        heads = [_("Cluster"), _("Tractor firms"), _("SMEs"), _("Universities"), _("Trust at the start")]
        rows = [
            [one.name, number(one.tractors, 0), number(one.smes, 0), number(one.universities, 0), number(one.trust, 2)]
            for one in self.place.clusters[:CLUSTERS_SHOWN]
        ]
        if self.programme is None:
            stages = _("no programme")
        else:
            stages = _("programme: {stages}", stages=", ".join(stage.name for stage in self.programme.stages))
        return card(self.titled(), [*self._facts(), stages], heads, rows)

    def expanded(self) -> Scenario:
        """Return the scenario with every copy of a cluster written out, also where the programme names it."""
        if all(cluster.copies == 1 for cluster in self.place.clusters):
            return self
        copies = {cluster.name: cluster.numbered() for cluster in self.place.clusters}
        every = tuple(one for group in copies.values() for one in group)
        change: dict[str, Any] = {"place": self.place.model_copy(update={"clusters": every})}
        if self.programme is not None:
            names = {name: [one.name for one in group] for name, group in copies.items()}
            change["programme"] = self.programme.with_copies(names)
        return self.model_copy(update=change)

    @property
    def quarters(self) -> int:
        """Quarters to run."""
        return max(1, round(4 * self.horizon.years))
