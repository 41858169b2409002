"""Collects the texts of the program and compiles their Spanish: ``make words``.

New texts enter the catalogue untranslated and are listed; texts that are no longer said leave it.
``--add FILE.json`` takes translations from a mapping of English to Spanish (a list of two where there is a plural; the key is
then the singular; "context|text" where there is a context). ``--check`` writes nothing, and fails if the catalogue is not
complete and up to date.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "clustersim"
PO = SOURCE / "core" / "locale" / "es" / "LC_MESSAGES" / "clustersim.po"
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2), "_c": ((1, "c"), 2)}
Found = tuple[int, str, list[str | None], list[str]]  # line, keyword, arguments, comments: what Babel's readers give
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same catalogue is the same file on any day
FIELD = re.compile(r"\{(\w*)(?:![rs])?(?::[^}]*)?\}")


def declared() -> list[str]:
    """Return the texts that are declared as data and said by the program: what is no word, such as the unit "1", is left out."""
    sys.path.insert(0, str(SOURCE.parent))
    texts = [*_of_the_model(), *_of_policy(), *_of_scenarios(), *_of_results(), *_of_facts(), *_of_commands()]
    return [text for text in dict.fromkeys(texts) if any(sign.isalpha() for sign in text)]


def _of_the_model() -> Iterator[str]:
    """Parameters, indicators, channels, and the names of what the state holds in codes."""
    from clustersim.model.gates import GATES
    from clustersim.model.indicators import INDICATORS
    from clustersim.model.levers import LEVERS
    from clustersim.model.parameters import PARAMETERS
    from clustersim.model.state import KINDS, LEVELS, PHASES, SHOCKS, TIE_KINDS

    for parameters in PARAMETERS.values():
        for p in parameters.values():
            yield from (p.doc, p.unit, p.source)
    for indicator in INDICATORS.values():
        yield from (indicator.label, indicator.unit, indicator.formula)
    for lever in LEVERS.values():
        yield from (lever.meaning, lever.unit)
    yield from GATES.values()
    for names in (PHASES, KINDS, LEVELS, TIE_KINDS, SHOCKS):
        yield from (name.replace("_", " ") for name in names)


def _of_policy() -> Iterator[str]:
    """Instruments and rules by name, what they do and where that comes from."""
    from clustersim.core.words import speaking
    from clustersim.policy.instruments import INSTRUMENTS
    from clustersim.policy.instruments.base import Instrument
    from clustersim.policy.rules import RULES
    from clustersim.views.catalogue import label, meaning

    with speaking("en"):
        for use, rule in RULES.items():
            yield from (label(use), meaning(use), rule.source)
            yield from (field.description or "" for field in rule.model_fields.values())
        for use, kind in INSTRUMENTS.items():
            yield from (label(use), meaning(use), kind.source, *(effect.per for effect in kind.effects))
            yield from (field.description or "" for field in kind.model_fields.values())
    yield Instrument.source


def _of_scenarios() -> Iterator[str]:
    """What the schema of a scenario says of its keys, and of the mappings that they hold."""
    from clustersim.policy.rule import Rule
    from clustersim.scenario.model import Scenario

    def descriptions(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("description"), str):
                yield node["description"]
            node = list(node.values())
        for part in node if isinstance(node, list) else ():
            yield from descriptions(part)

    yield from descriptions(Scenario.model_json_schema())
    yield from (field.description or "" for field in Rule.model_fields.values())


def _of_results() -> Iterator[str]:
    """The data dictionary of a result, and the outcomes of a comparison."""
    from clustersim.model.indicators import INDICATORS
    from clustersim.results.tables import DATA_DICTIONARY
    from clustersim.studies.comparison.outcomes import OUTCOMES

    composed = {f"{i.label}: {i.formula}" for i in INDICATORS.values()}
    for said in DATA_DICTIONARY.values():
        yield said["rows"]
        for unit, doc in said["columns"].values():
            yield from (unit, *((doc,) if doc not in composed else ()))
    for outcome in OUTCOMES.values():
        yield from (outcome.label, outcome.unit, outcome.doc)


def _of_facts() -> Iterator[str]:
    """What the facts of the sources are of, and their units."""
    from clustersim.studies.evidence.facts import facts

    for fact in facts().values():
        yield from (fact.quantity, fact.unit)


def _of_commands() -> Iterator[str]:
    """What the commands and their options say of themselves."""
    from clustersim.cli.command_line import commands
    from clustersim.cli.help import texts

    yield from texts(commands())


def spoken(file: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: object) -> Iterator[Found]:
    """Find the texts that a source file says, those inside f-strings as well, which Babel's own reader of Python overlooks."""
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in keywords:
            continue
        if any(_is_made_up(argument) for argument in node.args):
            raise ValueError(f"{file.name}:{node.lineno}: a text must stand whole at the call, and take what varies as fields")
        yield node.lineno, name, [_literal(argument) for argument in node.args], []


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_made_up(node: ast.expr) -> bool:
    """Whether a text is put together where it is said, so that there is nothing to look up."""
    parts = {ast.BinOp: ("left", "right"), ast.IfExp: ("body", "orelse")}.get(type(node), ())
    return isinstance(node, ast.JoinedStr) or any(_literal(getattr(node, part)) is not None for part in parts)


def collect() -> Catalog:
    """Return all texts of the sources, without translations."""
    found = Catalog(locale="es", fuzzy=False)
    found._num_plurals, found._plural_expr = 2, "(n != 1)"  # Babel's Spanish has a third form, for whole millions
    for _file, _line, message, _comments, context in extract_from_dir(SOURCE, [("**.py", spoken)], keywords=KEYWORDS):
        found.add(message, context=context)
    for text in declared():
        found.add(text)
    return found


def known() -> Catalog:
    """Return the catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="es", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="es")


def translated(additions: dict[str, object] | None = None) -> Catalog:
    """Return all texts of the sources with the translations that are kept or added."""
    old, new = known(), collect()
    for message in new:
        if not message.id:
            continue
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        key = f"{message.context}|{one}" if message.context else one
        before = old.get(message.id, message.context)
        if additions and key in additions:
            spanish = additions[key]
            message.string = tuple(spanish) if isinstance(spanish, list) else spanish
        elif before is not None and before.string:
            message.string = before.string
    return new


def faults(catalogue: Catalog) -> list[str]:
    """Return what is missing or wrong: no translation, or other fields than the English has."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(said) or len(said) != len(forms):
            found.append(f"not translated: {forms[0]!r}")
            continue
        allowed = set(FIELD.findall(" ".join(forms)))
        strange = set(FIELD.findall(" ".join(said))) ^ allowed
        if strange - ({"n"} if len(forms) == 2 else set()):
            found.append(f"other fields ({', '.join(sorted(strange))}): {forms[0]!r}")
    return found


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """Return the catalogue as the bytes of its two files; equal content gives equal bytes."""
    catalogue.creation_date = catalogue.revision_date = UNDATED
    catalogue.project, catalogue.msgid_bugs_address, catalogue.last_translator, catalogue.language_team = "clustersim", "", "", ""
    catalogue.header_comment = "# Spanish for what clustersim says; see tools/words.py."
    for message in catalogue:
        message.flags.discard("python-brace-format")
        message.flags.discard("python-format")
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalogue, width=0, sort_output=True, no_location=True, ignore_obsolete=True)
    write_mo(compiled, catalogue)
    return text.getvalue(), compiled.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Renew the catalogue, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--add", type=Path, action="append", default=[], metavar="FILE.json", help="translations to take")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something is missing")
    asked = parser.parse_args(arguments)
    additions: dict[str, object] = {}
    for path in asked.add:
        additions |= json.loads(path.read_text(encoding="utf-8"))
    catalogue = translated(additions)
    po, mo = written(catalogue)
    said = faults(catalogue)
    if asked.check:
        stale = not PO.exists() or PO.read_bytes() != po or PO.with_suffix(".mo").read_bytes() != mo
        said += ["the catalogue is out of date: run make words"] if stale else []
    else:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(po)
        PO.with_suffix(".mo").write_bytes(mo)
    print("\n".join(said) or f"{len(catalogue)} texts, all translated")
    return 1 if said and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
