"""The ILO manual on the table: each name that is given for something in it exists."""

from __future__ import annotations

import json

from clustersim.cli import main
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.loading import load_scenario
from clustersim.views.catalogue.manual import KINDS, PLACES, STEPS, entries


def test_each_name_that_the_manual_is_led_to_exists():
    programme = load_scenario(STEPS).programme
    known = {
        "instrument": set(INSTRUMENTS), "indicator": set(INDICATORS),
        "parameter": {f"{group}.{name}" for group, declared in PARAMETERS.items() for name in declared},
        "stage": {stage.name for stage in programme.stages},
    }  # fmt: skip
    assert set(known) == set(KINDS)
    for one in entries():
        assert one["name"] in known[one["kind"]], one
    assert [one["name"] for one in entries() if one["kind"] == "stage"] == [stage.name for stage in programme.stages]


def test_every_place_of_the_manual_has_its_instruments():
    found = {place: [one["name"] for one in entries() if one["place"] == f"ILO {place}"] for place in PLACES}
    table_5 = {"inter_agency_teams", "enabling_public_goods", "mutual_guarantee", "talent_attraction", "policy_dialogue"}
    assert table_5 <= set(found["table 5"])
    assert {"cluster_departments", "training_centre", "competition_policy"} <= set(found["fig 17"])
    assert {"awareness_events", "cluster_mapping", "industrial_park"} <= set(found["table 2"])
    assert "facilitator" in found["table 6"] and len(found["table 6"]) >= 13 and len(found["annex 2"]) >= 12
    cited = {use for use, kind in INSTRUMENTS.items() if any(place in kind.source for place in PLACES)}
    assert cited <= {name for names in found.values() for name in names}


def test_the_command_shows_it_in_both_languages(capsys):
    assert main(["describe", "manual"]) == 0
    assert "inter_agency_teams" in capsys.readouterr().out
    assert main(["describe", "manual", "--json", "--lang", "es"]) == 0
    assert any(one["item"] == "Paso 7: agenda" for one in json.loads(capsys.readouterr().out))
