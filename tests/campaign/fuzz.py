"""Nonsense wherever something is read: an answer is a result, or one short sentence, and nothing half-written stays."""

from __future__ import annotations

import builtins
import contextlib
import copy
import io
import json
import random
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import works
from .attack import REPOSITORY, Attack, Fault, judged, last_lines, scratch, worded
from .children import Child
from .flips import quiet, readers
from .mutation import JSON_VALUES, NUMBERS, SIGNS, Corpus, changed, mutated, places, write

RUNS_EVERY, COMMAND_EVERY, REPORT_EVERY = 25, 50, 503  # cases of which one is run, asked through the command, or made a report of
FIRMS_MAX = 300  # in a scenario that is run
WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9.-]{2,30}")


class Reached(BaseException):
    """A command line was accepted: the work would begin now."""


def called(arguments: list[str], listed: Sequence[str] = ()) -> tuple[int | None, str, list[Fault]]:
    """Return status, words and faults of a command line in this process; no status if it was accepted.

    A command that lists faults must say those that are `listed`, each for itself, and nothing else; all others say one.
    """
    from clustersim.cli import command_line as cli

    out, said = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
            status = cli.main(arguments)
    except Reached:
        return None, "", []
    except SystemExit as error:
        return None, "", [Fault("words", f"SystemExit {error.code} of {shlex.join(arguments)[:300]}")]
    except Exception as error:
        return None, "", [Fault("traceback", f"{last_lines(error)} of {shlex.join(arguments)[:300]}")]
    words = said.getvalue()
    found = []
    if status and not (status == 2 and not words and out.getvalue()):  # a group without a command shows its page
        found = worded(words) if len(listed) < 2 else [fault for one in listed for fault in worded(one)]
    elif "RuntimeWarning: " in words:
        found = worded(words[words.index("RuntimeWarning: ") :][:300])
    if listed and words.split() != " ".join(listed).split():
        found.append(Fault("wrong", f"{len(listed)} problems, and the command says: {words[:300]}"))
    if status not in (0, 1, 2):
        found.append(Fault("words", f"status {status}"))
    return status, words, [fault._replace(what=f"{fault.what} [{shlex.join(arguments)[:300]}]") for fault in found]


def words_in(texts: list[str]) -> list[str]:
    """Return the words that texts are made of."""
    return sorted(set(WORD.findall("\n".join(texts))))


def new_in(before: set[str]) -> list[str]:
    """Return what is new in the working folder, hidden things included."""
    return sorted({path.name for path in Path().iterdir()} - before)


class Scenarios(Attack):
    """Scenarios and overrides."""

    name = "fuzz-scenarios"
    what = "changed texts of scenarios and of `--set`, loaded and told their problems; some run, some through `scenario check`"
    short, long = 400, 1_000_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        from clustersim.scenario.loading import resolved, shipped_scenarios

        works.write_inputs(folder)
        self.path = folder / "case.yaml"
        seeds = [works.SMALL, works.SUPPORTED]
        seeds += [path.read_text("utf-8") for path in shipped_scenarios().values() if path.stat().st_size < 8000]
        self.keys = sorted(resolved("basque_machine_tools")["origins"])
        self.seeds = seeds
        self.corpus = Corpus(seeds, words_in([*seeds, *self.keys]), self.load, ("clustersim/scenario/",))

    def load(self, text: str) -> Any:
        """Load a text as a scenario."""
        from clustersim.scenario.loading import load_scenario

        return load_scenario(write(self.path, text))

    def ready(self, number: int) -> None:
        self.corpus.ready(number)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError, entering
        from clustersim.scenario.loading import load_scenario, problems

        overrides: list[str] = []
        name: str | Path = self.path
        if number % 4 == 3:
            name = draw.choice(("small.yaml", "supported.yaml", "organic"))
            value = (
                draw.choice((*NUMBERS, *SIGNS)) if draw.random() < 0.7 else mutated(draw.choice(self.keys), draw, NUMBERS, SIGNS)
            )
            overrides = [mutated(f"{draw.choice(self.keys)}={value}", draw, self.keys, NUMBERS) if draw.random() < 0.5
                         else f"{draw.choice(self.keys)}={value}"]  # fmt: skip
        else:
            write(self.path, self.corpus.text(number, draw))
        scenario, found = judged(lambda: load_scenario(name, overrides), InputError)
        with entering("command"):
            told, more = judged(lambda: problems(name, overrides), ())
        said = [str(problem) for problem in told or ()]
        found += more + [fault for one in said for fault in worded(one)]
        if not more and bool(told) != (scenario is None):
            found.append(Fault("wrong", f"loaded: {scenario is not None}; problems: {len(said)}"))
        if scenario is not None and number % RUNS_EVERY == 0:
            found += self.run(scenario)
        if number % COMMAND_EVERY == 1:
            given = [f"--set={one}" for one in overrides]  # a value of its own that begins with -- is an option
            found += called(["scenario", "check", str(name), *given], said)[2]
        return found

    def run(self, scenario: Any) -> list[Fault]:
        """Run a scenario that was accepted, if it is small, for half a year."""
        import numpy as np

        from clustersim.core.errors import InputError
        from clustersim.results import simulate

        firms = sum(cluster.smes + cluster.tractors for cluster in scenario.place.clusters)
        if firms > FIRMS_MAX or len(scenario.place.clusters) > 30:
            return []
        result, found = judged(lambda: simulate(scenario, years=0.5, workers=1), InputError)
        if result is not None and not np.isfinite(result.indicators.select_dtypes("number").to_numpy()).all():
            bad = [name for name in result.indicators.select_dtypes("number")
                   if not np.isfinite(result.indicators[name].to_numpy()).all()]  # fmt: skip
            found.append(Fault("wrong", f"numbers that are not finite, without a word: {', '.join(bad)[:200]}"))
        return found


class Experiments(Attack):
    """Experiments."""

    name, what = "fuzz-experiments", "changed texts of experiments, made into plans"
    short, long = 60, 100_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        self.path = folder / "case.yaml"
        seeds = [works.TINY, *(path.read_text("utf-8") for path in sorted((REPOSITORY / "experiments").glob("*.yaml")))]
        # As quick as they can be: the design is what is read here.
        seeds = [re.sub(r"points: \d+", "points: 3", text) for text in seeds]
        self.corpus = Corpus(seeds, words_in(seeds), self.plan, ("clustersim/experiments/", "clustersim/scenario/yaml_reader"))

    def plan(self, text: str) -> Any:
        """Make the plan of a text."""
        from clustersim.experiments.planning import make_plan

        return make_plan(write(self.path, text))

    def ready(self, number: int) -> None:
        self.corpus.ready(number)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError

        text = self.corpus.text(number, draw)
        return judged(lambda: self.plan(text), InputError)[1]


@contextlib.contextmanager
def nothing_is_done() -> Iterator[None]:
    """Let commands end where the work would begin."""
    from clustersim.cli import terminal
    from clustersim.experiments import estimate, sweeping

    def accepted(*given: Any, **options: Any) -> Any:
        raise Reached

    kept = [(terminal, "with_progress", terminal.with_progress), (sweeping, "run_left", sweeping.run_left)]
    kept += [(estimate, "estimate", estimate.estimate)] if hasattr(estimate, "estimate") else []
    terminal.with_progress = sweeping.run_left = accepted
    if len(kept) > 2:
        estimate.estimate = accepted
    try:
        yield
    finally:
        for module, name, value in kept:
            setattr(module, name, value)


def named(command: Any, words: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Yield the words that call each command of a tree."""
    for name, inner in getattr(command, "commands", {}).items():
        yield [*words, name]
        yield from named(inner, (*words, name))


class Commands(Attack):
    """Command lines."""

    name = "fuzz-commands"
    what = "command lines of known and unknown words, values and files (all but validate, doctor and benchmark), up to their work"
    short, long = 150, 100_000
    gigabytes = 8.0
    BESIDE = ("validate", "doctor", "benchmark")  # which are all work

    def prepare(self, folder: Path) -> None:
        from clustersim.cli import command_line as cli
        from clustersim.cli.help import walk

        works.write_inputs(folder)
        write(folder / "bad.yaml", "title: [")
        write(folder / "firms.csv", "name,employees\nA,3\n")
        for kind in works.COMMANDS:
            if Child(works.command(kind, folder / "results"), folder / "said.txt").end(120):
                raise RuntimeError((folder / "said.txt").read_text())
        shutil.copytree(folder / "results", folder / ".kept")
        names = [path.name for path in (folder / "results").iterdir() if path.is_dir()]
        root = cli.commands()
        self.options = sorted(
            {name for one in walk(root) for parameter in one.params for name in parameter.opts if name[0] == "-"}
        )
        self.paths = [words for words in named(root) if words[0] not in self.BESIDE]
        self.values = ["small.yaml", "supported.yaml", "tiny.yaml", "bad.yaml", "organic", "firms.csv", "results", "nothing.yaml",
                       *(f"results/{name}" for name in names), "csv", "netcdf", "json", "en", "es", "0/2", "2/2", "local",
                       "slurm",
                       "dask", "tcp://10.0.0.1:80", "place.clusters.north.smes=9", "a=b", "/dev/null", "/proc/self/mem", "/etc",
                       ".", "", "firms,events", "launch_lag", *NUMBERS, *SIGNS]  # fmt: skip
        self.stack = contextlib.ExitStack()
        self.stack.enter_context(nothing_is_done())
        self.before = {path.name for path in folder.iterdir()}

    def line(self, draw: random.Random) -> list[str]:
        """Return a command line."""
        words = list(draw.choice(self.paths))
        for _ in range(draw.randrange(6)):
            how = draw.random()
            if how < 0.45:
                words.append(draw.choice(self.values))
            elif how < 0.9:
                words += [draw.choice(self.options), draw.choice(self.values)]
            elif how < 0.95:
                words.append(f"{draw.choice(self.options)}={draw.choice(self.values)}")
            else:
                words.append(mutated(draw.choice((*self.options, *self.values)), draw, self.options, self.values))
        if draw.random() < 0.15:
            draw.shuffle(words)
        return [word.replace("\x00", "")[:3000] for word in words if word not in self.BESIDE]

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        if number % 200 == 0:
            shutil.rmtree("results", ignore_errors=True)
            shutil.copytree(".kept", "results")
        works.write_inputs(Path())
        words = self.line(draw)
        status, _said, found = called(words)
        made = new_in(self.before)
        if status and [name for name in made if ".kept-" not in name]:
            found.append(Fault("left", f"{', '.join(made)[:200]} after {shlex.join(words)[:300]}"))
        for name in made:
            shutil.rmtree(name) if Path(name).is_dir() else Path(name).unlink()
        return found


class Registers(Attack):
    """Registers of firms, with their ties and maps."""

    name = "fuzz-registers"
    what = "changed tables of firms, ties and activities, made into scenarios, which must load"
    short, long = 60, 100_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        example = REPOSITORY / "examples" / "footwear"

        def some(name: str, lines: int = 25) -> str:
            return "".join((example / name).read_text("cp1252").splitlines(True)[:lines])

        self.texts = {"firms": some("empresas.csv"), "ties": some("vinculos.csv"), "activity_map": some("actividades.csv")}
        other = "id,name,employees,founded,sales,exports,latitude,longitude\n"
        other += "1,A,3,1999,10.5,0,-1.2,-78.6\n2,B,40,2005,999,1,-1.3,-78.5\n"
        seeds = [self.texts["firms"], other]
        words = words_in(list(self.texts.values())) + [",", ";", "\t", "empleados", "employees", "municipio"]
        self.folder = folder
        self.corpus = Corpus(seeds, words, lambda text: self.make({"firms": text}), ("clustersim/scenario/registers/",))

    def make(self, texts: dict[str, str], **options: Any) -> Path:
        """Make a scenario; return its file."""
        from clustersim.scenario.registers.making import make_scenario

        with scratch() as place:
            files = {name: write(place / f"{name}.csv", text) for name, text in texts.items()}
            out = place / "out" / "made.yaml"
            out.parent.mkdir()
            try:
                make_scenario(files.pop("firms"), out, force=True, **files, **options)
            except BaseException:
                if left := sorted(path.name for path in out.parent.iterdir()):
                    raise HalfWritten(", ".join(left)) from None
                raise
            from clustersim.scenario.loading import load_scenario

            try:
                load_scenario(out)
            except Exception as error:
                raise Unusable(str(error)) from None
            return out

    def ready(self, number: int) -> None:
        self.corpus.ready(number)

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError

        texts = {"firms": self.corpus.text(number, draw)}
        if number % 3 == 0:
            texts = self.texts | {"firms": draw.choice((self.texts["firms"], texts["firms"]))}
            which = draw.choice(("ties", "activity_map"))
            texts[which] = mutated(texts[which], draw, self.corpus.words, list(self.texts.values()))
        options: dict[str, Any] = {"by_municipality": draw.random() < 0.2}
        if draw.random() < 0.2:
            options |= {"money": draw.choice(("usd", "kusd", "musd")), "decimal": draw.choice(("comma", "point", None))}
        return judged(lambda: self.make(texts, **options), InputError)[1]


class HalfWritten(Exception):
    """A register that was refused left files."""


class Unusable(Exception):
    """A scenario that was made cannot be loaded."""


class Folders(Attack):
    """Documents in the folders of results."""

    name = "fuzz-folders"
    what = "one key of a JSON document in a result gone, renamed or of another kind (its hash made to fit); one of its readers"
    short, long = 60, 100_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        works.write_inputs(folder)
        works.small_batches()
        self.documents: list[tuple[str, Path, Any, list[tuple[Any, ...]]]] = []
        self.readers = {}
        for kind in works.COMMANDS:
            child = Child(works.command(kind, folder / kind), folder / "said.txt")
            if child.end(120):
                raise RuntimeError(child.words())
            found = works.result_in(folder / kind, kind)
            assert found is not None
            self.readers[kind] = readers(kind) | {"report": reported, "reproduce": reproduced}
            for path in sorted(found.glob("*.json")):
                document = json.loads(path.read_text("utf-8"))
                self.documents.append((kind, path, document, list(places(document))))
        self.tally: Counter[str] = Counter()

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError

        kind, path, document, paths = self.documents[number % len(self.documents)]
        before = {one: one.read_bytes() for one in path.parent.glob("*.json")}
        chunks = {one: one.read_bytes() for one in path.parent.glob("chunks/*")}
        document = copy.deepcopy(document)
        what = "; ".join(changed(document, draw, paths) for _ in range(1)) if draw.random() < 0.97 else "another document"
        if what == "another document":
            document = draw.choice(JSON_VALUES)
        found = []
        try:
            write(path, json.dumps(document, indent=1, ensure_ascii=draw.random() < 0.1) + "\n")
            fitted(path.parent, path)
            name = self.asked(kind, number, draw)
            value, faults = judged(lambda: quiet(lambda: self.readers[kind][name](path.parent)), InputError)
            found += [fault._replace(what=f"{name} of {path.name}, {what}: {fault.what}") for fault in faults]
            self.tally["told" if value is None else "read"] += 1
        finally:
            for one, data in before.items():
                one.write_bytes(data)
            for one in (path.parent / "chunks").glob("*"):
                one.unlink()
            for one, data in chunks.items():
                one.write_bytes(data)
            for aside in path.parent.glob("damaged"):
                shutil.rmtree(aside)
        return found


    def asked(self, kind: str, number: int, draw: random.Random) -> str:
        """Return the reader of a case: one by chance; the report, and doing all again, seldom, for they take long."""
        if number % REPORT_EVERY < 2:
            return ("report", "reproduce")[number % REPORT_EVERY]
        return draw.choice([name for name in self.readers[kind] if name not in ("report", "reproduce")])


def reported(folder: Path) -> bytes:
    """Return the page of a result."""
    from clustersim.views.report import write_report

    return write_report(folder, folder.parent / "report.html").read_bytes()


def reproduced(folder: Path) -> dict[str, Any]:
    """Do a result again; of a sweep one point."""
    from clustersim.experiments.store import is_store
    from clustersim.studies.reproducing import reproduce

    return reproduce(folder, 1, 1 if is_store(folder) else None).document()


def fitted(folder: Path, path: Path) -> None:
    """Make the hashes that a result carries fit a changed document, as somebody could who means harm."""
    from clustersim.experiments import store as sweeps
    from clustersim.results import manifest

    if sweeps.is_store(folder):
        fitted_sweep(folder, path)
    elif path.name != manifest.FILES and (folder / manifest.FILES).exists():
        manifest.seal(folder)


def fitted_sweep(folder: Path, path: Path) -> None:
    """Make the plan's own hash, what chunks say of it, and the hashes of what lies beside them fit a changed document."""
    import hashlib

    import pyarrow.parquet as pq

    from clustersim.experiments import chunks, identity
    from clustersim.experiments.store import CHUNKS, PLAN, PROVENANCE, provenance_text
    from clustersim.results import manifest

    try:
        said = json.loads(path.read_text("utf-8"))
        said.pop("sha256", None)
        if path.name == PROVENANCE:
            path.write_text(provenance_text(said), "utf-8")
        elif path.name == PLAN:
            own = hashlib.sha256(identity.canonical(said).encode()).hexdigest()
            path.write_text(identity.canonical(said | {"sha256": own}) + "\n", "utf-8")
            for old in (folder / CHUNKS).iterdir():
                table = pq.read_table(old)
                table = table.replace_schema_metadata(table.schema.metadata | {b"clustersim.plan": own.encode()})
                old.unlink()
                pq.write_table(table, folder / "chunk")
                (folder / "chunk").rename(folder / CHUNKS / chunks.file_name((folder / "chunk").read_bytes()))
    except (AttributeError, TypeError, ValueError, RecursionError):
        return  # no object, or one that cannot be written: no hash fits it
    if path.name not in (PLAN, PROVENANCE, manifest.FILES) and (folder / manifest.FILES).exists():
        entries = manifest.entries_of(folder) or {}
        (folder / manifest.FILES).write_bytes(manifest._rendered({name: manifest._entry(folder / name) for name in entries}))


RULE = '''"""A rule whose answers come from outside."""

import builtins
from typing import Literal

from clustersim.policy.rule import Rule, Seen


class Odd(Rule):
    """Answers anything."""

    use: Literal["odd"] = "odd"
    etiqueta = "Rara"
    descripcion = "Responde cualquier cosa."
    source = "assumed"

    def decide(self, seen: Seen):
        return builtins.campaign_answer(seen)
'''
STEERED = (
    works.SMALL
    + """
programme:
  rule: {use: odd, every: 2}
  stages:
    - {name: first, quarters: 6, instruments: [{use: facilitator, per_year: 240}, {use: awareness_events, per_year: 20}]}
"""
)


class Hostile:
    """A value whose every use fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def _fail(self, *given: Any) -> Any:
        raise self.error

    __float__ = __int__ = __len__ = __bool__ = __hash__ = _fail  # type: ignore[assignment]
    __str__ = __repr__ = __eq__ = __iter__ = __getitem__ = _fail  # type: ignore[assignment]


class OwnError(BaseException):
    """An exception that is not an Exception, and whose text may fail."""

    def __init__(self, text: Any) -> None:
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class Rules(Attack):
    """Answers of rules."""

    name = "fuzz-rules"
    what = "rules that answer anything or raise anything, in runs of a year"
    short, long = 150, 100_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        from clustersim.policy.plugins.files import use_files
        from clustersim.scenario.loading import load_scenario

        use_files([write(folder / "odd.py", RULE)])
        self.scenario = load_scenario(write(folder / "steered.yaml", STEERED))

    def errors(self, draw: random.Random) -> BaseException:
        """Return an exception."""
        text: Any = draw.choice(("", "x", "x" * 10**6, "\x1b[31m", "\ud800", Hostile(ValueError("no text")), 5, None, ("a", "b")))
        kind = draw.choice((ValueError, KeyError, RuntimeError, OSError, MemoryError, RecursionError, StopIteration,
                            AssertionError,
                            ArithmeticError, GeneratorExit, SystemExit, KeyboardInterrupt, OwnError, UnicodeError))  # fmt: skip
        return kind(text)

    def value(self, draw: random.Random, deep: int = 0) -> Any:
        """Return anything."""
        import numpy as np

        if deep < 2 and draw.random() < 0.6:
            names = ("facilitator", "awareness_events", "rd_voucher", "", "x" * 5000, 3, None, ("a",), True, "\ud800")
            return {draw.choice(names): self.value(draw, deep + 1) for _ in range(draw.choice((1, 1, 2, 5)))}
        return draw.choice((
            1.0, 0.0, 10.0, 10.0000001, -1e-9, float("nan"), float("inf"), 10**400, -(10**400), True, None, "1", "x" * 10**5,
            b"1", [],
            [1.0] * 1000, {}, object(), Hostile(ValueError("x" * 10**4)), Hostile(OwnError("own")), Hostile(KeyboardInterrupt()),
            np.float32(0.5), np.float64("nan"), np.array([1.0]), np.array(2.0), 1 + 2j, range(10**9), iter([1]), lambda: 1,
            int,
        ))  # fmt: skip

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError
        from clustersim.results import simulate

        raises = draw.random() < 0.3
        answer, error, place = (None if raises else self.value(draw)), self.errors(draw), draw.choice((0, 0, 2))

        def decide(seen: Any) -> Any:
            if seen.quarter < place:
                return {}
            if raises:
                raise error
            return answer

        builtins.campaign_answer = decide  # type: ignore[attr-defined]
        what = f"raises {described(error)}" if raises else f"answers {described(answer)}"
        found = self.asked(lambda: simulate(self.scenario, years=1.0, workers=1 + number % 2), InputError)
        return [fault._replace(what=f"{what}: {fault.what}") for fault in found]

    @staticmethod
    def asked(work: Any, accepted: type[BaseException]) -> list[Fault]:
        """Judge a run; a KeyboardInterrupt is the rule's own here."""
        try:
            return judged(work, accepted)[1]
        except KeyboardInterrupt:
            return [Fault("traceback", "KeyboardInterrupt of the rule's own ends the run as if the user had")]


def described(value: Any) -> str:
    """Return what a value is, whatever it does."""
    try:
        return f"{type(value).__name__} {value!r:.80}"
    except BaseException:
        return f"{type(value).__name__} whose text fails"


class Plugins(Attack):
    """Files of instruments and rules."""

    name = "fuzz-plugins"
    what = "changed Python files of instruments and rules of one's own, loaded"
    short, long = 60, 20_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        examples = REPOSITORY / "examples" / "plugins"
        self.seeds = [RULE, *((examples / name).read_text("utf-8") for name in ("quality_seal.py", "links_then_projects.py"))]
        self.words = words_in(self.seeds) + ["None", "0", "1e400", "...", "lambda: 1", "[]", "raise ValueError", "property"]
        self.path = folder / "plugin.py"

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError
        from clustersim.policy.plugins.files import use_files

        write(self.path, mutated(draw.choice(self.seeds), draw, self.words, self.seeds))
        try:
            return judged(lambda: quiet(lambda: use_files([self.path])), InputError)[1]
        finally:
            use_files(())
