"""The command line in Spanish: every page of help, every command and the usual errors, and no English text of the catalogue."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from clustersim.cli import command_line as cli
from clustersim.cli.help import walk
from clustersim.core import words
from spanish import english_in, phrases

REPOSITORY = Path(__file__).parents[2]
FOOTWEAR = REPOSITORY / "examples" / "footwear"
QUICK = ("--replicates", "3", "--years", "2")
PLACE = "title: Valle\nhorizon: {years: 1}\nreplicates: 2\nplace:\n  clusters:\n    - {name: valle, smes: 8, tractors: 1}\n"
SWEEP = """title: Prueba
question: ¿Funciona?
scenarios: [valle.yaml]
levers:
  method: grid
  keys:
    place.clusters.valle.trust: [0.3, 0.5]
replicates: 2
years: 1
outputs:
  indicators: [firms]
"""


def paths(command=None, path=()):
    """Yield the words that lead to each command."""
    command = command or cli.commands()
    yield path
    for name, one in getattr(command, "commands", {}).items():
        yield from paths(one, (*path, name))


@pytest.fixture
def spanish(call):
    """Call a command in Spanish; return exit status and what was said, after checking that none of it is English."""

    def _spanish(*arguments, allowed=()):
        code, out, err = call(*arguments, "--lang", "es")
        assert english_in(out + "\n" + err, allowed) == [], out + err
        return code, out, err

    return _spanish


@pytest.mark.parametrize("path", list(paths()), ids=lambda path: " ".join(path) or "clustersim")
def test_every_page_of_help_is_spanish(spanish, path):
    code, out, err = spanish(*path, "--help")
    assert code == 0 and err == "" and out.startswith("Uso: clustersim") and "--lang en|es" in out


def test_every_option_and_argument_says_what_it_is_for():
    for command in walk(cli.commands()):
        assert command.help, command.name
        for parameter in command.params:
            assert parameter.help, (command.name, parameter.name)
            assert parameter.metavar or parameter.is_flag, (command.name, parameter.name)


def test_a_run_its_figures_and_what_it_leaves(spanish, tmp_path):
    (tmp_path / "valle.yaml").write_text(PLACE, encoding="utf-8")
    code, out, err = spanish("run", "valle.yaml")
    assert code == 0 and "2 réplicas" in out and "miles de USD al año" in out and "Resultado: results/valle-" in out
    assert "trimestres" in err
    (folder,) = (tmp_path / "results").iterdir()
    assert spanish("results", "list")[0] == spanish("report", folder)[0] == 0
    code, out, _ = spanish("results", "export", folder, "csv")
    assert code == 0 and "8 filas" in out
    code, out, _ = spanish("results", "verify", folder)
    assert code == 0 and "0 dañados" in out


def test_a_comparison(spanish, tmp_path):
    code, out, _ = spanish("compare", "no_policy", "designed", *QUICK, "--no-figures")
    assert code == 0 and "Empleo final" in out and re.search(r"clustersim report results/\S+ --lang es", out)
    (folder,) = (tmp_path / "results").iterdir()
    code, out, _ = spanish("results", "export", folder, "csv", "--to", "runs.csv")
    assert code == 0 and out == "runs.csv: 6 filas\n"
    assert (tmp_path / "runs.csv").read_text(encoding="utf-8").startswith('"option","replicate","seed","jobs"')


def test_a_sweep(spanish, tmp_path):
    (tmp_path / "valle.yaml").write_text(PLACE, encoding="utf-8")
    (tmp_path / "prueba.yaml").write_text(SWEEP, encoding="utf-8")
    code, out, err = spanish("sweep", "prueba.yaml", "--dry-run")
    assert code == 0 and "4 corridas = 1 escenarios × 2 opciones" in out, err
    code, out, err = spanish("sweep", "prueba.yaml")
    assert code == 0 and "4 de 4 corridas" in err and "Resultado: results/prueba" in out
    for command in ("show", "verify", "digest", "compact"):
        assert spanish("results", command, "results/prueba")[0] == 0, command


def test_scenarios(spanish):
    for arguments in (("list",), ("show", "designed"), ("check", "organic"), ("new", "mi_valle")):
        assert spanish("scenario", *arguments)[0] == 0, arguments
    assert spanish("new", "instrument", "faroles")[0] == spanish("new", "rule", "primero")[0] == 0


@pytest.mark.parametrize("topic", ["parameters", "indicators", "instruments", "rules", "results"])
def test_every_topic_is_described(spanish, topic):
    code, out, _ = spanish("describe", topic)
    assert code == 0 and out


def test_a_register_and_the_choice_of_an_activity(spanish):
    code, out, _ = spanish("scenario", "from-firms", FOOTWEAR / "empresas.csv", "--activity-map", FOOTWEAR / "actividades.csv",
                           "--ties", FOOTWEAR / "vinculos.csv", "--out", "calzado.yaml")  # fmt: skip
    assert code == 0 and "empresas usadas" in out and "Después: clustersim run calzado.yaml" in out
    code, out, _ = spanish("select", FOOTWEAR / "empresas.csv", "--activity-map", FOOTWEAR / "actividades.csv")
    assert code == 0 and "Peso conocido" in out


def test_the_doctor(spanish):
    code, out, _ = spanish("doctor")
    assert code == 0 and "Todo funciona." in out


@pytest.mark.slow
def test_a_pattern(spanish, monkeypatch):
    from clustersim.studies.validation import plausibility, validation

    monkeypatch.setattr(validation, "QUICK", 6)
    monkeypatch.setattr(plausibility, "QUICK", 2)
    code, out, _ = spanish("validate", "--pattern", "P02", "--quick", "--plausibility")
    assert code in (0, 1) and "medidos con 6 réplicas" in out and "elementos:" in out


def test_the_benchmark_shows_its_table_in_spanish(monkeypatch, spanish):
    from clustersim.studies import speed

    figures = [
        {"name": name, "meaning": meaning, "unit": unit, "reference": reference, "value": 1234.5, "ratio": 1.5}
        for name, (unit, meaning, reference, _target) in speed.FIGURES.items()
    ]
    found = {"results": figures, "mechanisms": {"trust": {"ns_per_firm": 12.3, "bandwidth_share": 0.4}}}
    monkeypatch.setattr(speed, "measure", lambda progress: progress("x") or found)
    code, out, err = spanish("benchmark")
    assert code == 0 and "memoria de una empresa" in out and "12,3" in out and err == "  midiendo x …\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("runn",), "clustersim: no existe el comando 'runn'"),
        (("run",), "clustersim run: Falta el argumento 'ESCENARIO'"),
        (("run", "organic", "more"), "clustersim run: no se entiende: more"),
        (("run", "organic", "--replicate", "3"), "clustersim run: no existe la opción --replicate"),
        (("run", "organic", "--replicates", "many"), "Valor no válido de '--replicates': se encontró 'many'"),
        (("run", "organic", "--years", "soon"), "debe ser un número, como 2.5 o 1e3"),
        (("run", "organic", "--workers", "0"), "0 no es posible; se admite 1 o más"),
        (("run", "organic", "--out", "--no-figures"), "--out: necesita un valor; se encontró la opción '--no-figures'"),
        (("run", "organic", "--no-figures=3"), "--no-figures: no admite ningún valor"),
        (("run", "firms.csv"), "Para un escenario a partir de un registro de empresas"),
        (("describe", "params"), "describe: 'params' no es un tema"),
        (("scenario", "new", "My valley"), "scenario new: 'My valley' no es un nombre"),
        (("scenario", "new", "organic"), "'organic' ya lo usa el propio clustersim"),
        (("scenario", "from-firms", "f.csv", "--money", "euro"), "'euro' no es posible; se permite: usd, kusd, musd"),
        (("scenario", "from-firms", "f.csv", "--start-year", "12"),
         "12 no es posible; se permite: un número entero de 1000 a 3000"),
        (("validate", "--pattern", "P99"), "'P99' no es un patrón"),
        (("validate", "--seed", "-1"), "-1 no es posible"),
        (("select", "f.csv", "--years", "0"), "permitido: más de 0, hasta 100"),
        (("sweep", "launch_lag", "--part", "4/4"), "'4/4' no es una parte"),
        (("sweep", "launch_lag", "--backend", "cloud"), "'cloud' no es posible; permitido: local, dask, slurm"),
        (("results", "list", "nowhere"), "nowhere: no existe esa carpeta"),
        (("results", "export", "nowhere", "xls"), "'xls' no es un formato"),
        (("results", "export", "nowhere", "csv", "--to", "."), "es una carpeta, o está en una que no existe"),
        (("run", "basque_contry"), "basque_contry"),
        (("run", "organic", "--set", "horizon.years=soon"), "horizon.years"),
        (("run", "organic", "--records", "firm"), "records"),
        (("compare", "organic"), "compare"),
        (("report", "nowhere"), "nowhere"),
    ],
)
def test_errors_are_spanish(spanish, tmp_path, arguments, said):
    (tmp_path / "firms.csv").write_text("id\nA\n", encoding="utf-8")
    code, out, err = spanish(*arguments)
    assert code == 2 and out == "" and said in err


def test_no_command_is_an_error_in_spanish(call):
    code, out, err = call("--lang", "es")
    assert (code, out) == (2, "") and err.startswith("clustersim: falta un comando")


def test_interruptions_and_failures_are_spanish(spanish, monkeypatch):
    from clustersim.results.recorder import Recorder

    failures = {
        "Detenido; ningún resultado": KeyboardInterrupt(), "No hay memoria suficiente": MemoryError(),
        "Fallo inesperado": ZeroDivisionError("of nothing"), "El sistema se negó": OSError(28, "full"),
    }  # fmt: skip
    for said, error in failures.items():

        def fail(*_, error=error):
            raise error

        monkeypatch.setattr(Recorder, "note", fail)
        code, out, err = spanish("run", "organic", *QUICK, "--no-figures")
        assert code == 1 and out == "" and said in err


# which language


@pytest.mark.slow
def test_the_language_holds_for_the_call_only(call):
    before = words.use("es")
    try:
        assert "Todo" in call("doctor")[1] and "Everything" in call("doctor", "--lang=en")[1]
        assert words.language() == "es"
    finally:
        words.use(before)


def test_the_environment_asks_for_spanish(call, monkeypatch):
    monkeypatch.setenv("CLUSTERSIM_LANG", "es")
    assert call("results", "--help")[1].startswith("Uso:")
    assert call("--lang", "en", "results", "--help")[1].startswith("Usage:")


@pytest.mark.parametrize("arguments", [("--lang", "xx", "doctor"), ("doctor", "--lang", "xx"), ("results", "list", "--lang=xx")])
def test_an_unknown_language_is_one_sentence(call, arguments):
    code, out, err = call(*arguments)
    assert code == 2 and out == "" and err == "--lang: 'xx' is not a language that clustersim speaks\n  Allowed: en, es.\n"


def test_names_and_numbers_in_documents_do_not_depend_on_the_language(call):
    english, spanish = (json.loads(call("describe", "parameters", "--json", "--lang", lang)[1]) for lang in ("en", "es"))
    said = ("meaning", "unit", "source")
    assert [{k: v for k, v in p.items() if k not in said} for p in english] == [
        {k: v for k, v in p.items() if k not in said} for p in spanish
    ]
    assert all(one["meaning"] != other["meaning"] for one, other in zip(english, spanish, strict=True))


# progress, sizes and times


def test_a_speed_is_told_when_enough_is_done():
    from clustersim.cli.terminal import progress_line

    assert progress_line(4, 16_000, 2.0) == "4 of 16,000 quarters"
    assert progress_line(400, 16_000, 0.5) == "400 of 16,000 quarters"
    assert progress_line(400, 16_000, 2.0) == "400 of 16,000 quarters, 200 quarters/s, about 78 s left"
    assert progress_line(24, 24, 0.5) == "24 of 24 quarters, 48.0 quarters/s"


def test_sizes_and_times_are_written_as_the_language_does():
    from clustersim.cli.terminal import duration, size

    with words.speaking("es"):
        assert (size(1_234_567), size(999), duration(7200.0), duration(3 * 86400.0)) == ("1,2 MB", "999 bytes", "2 h", "3 días")


def test_the_check_finds_english():
    assert len(phrases()) > 100
    assert english_in("Véase\nCompiling the kernels once,\n  about half a minute…") == [
        "Compiling the kernels once, about half a minute…"
    ]
    assert english_in("Todo funciona.") == []


def test_a_terminal_shows_bars_in_spanish():
    from rich.console import Console

    from clustersim.cli.terminal import with_progress

    stream = io.StringIO()
    with words.speaking("es"):
        with_progress(Console(file=stream, force_terminal=True, width=80), lambda progress: progress(24, 24))
    assert "Simulando" in stream.getvalue() and "24 de 24 trimestres" in stream.getvalue()


@pytest.mark.parametrize("options", [(), ("--extends", "designed")])
def test_a_new_scenario_has_remarks_in_spanish_and_the_same_content(call, tmp_path, options):
    from clustersim.scenario.loading import load_scenario

    for lang in ("en", "es"):
        assert call("scenario", "new", f"here_{lang}", *options, "--lang", lang)[0] == 0
    english, spanish = (load_scenario(tmp_path / f"here_{lang}.yaml") for lang in ("en", "es"))
    assert "miles de dólares" in (tmp_path / "here_es.yaml").read_text(encoding="utf-8")
    assert english.programme == spanish.programme and english.horizon == spanish.horizon
