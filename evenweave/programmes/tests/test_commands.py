"""`evenweave content`: what it counts, what it says, how it exits."""

import json

import pytest
import yaml
from click.testing import CliRunner

from evenweave.programmes.commands import content as content_command
from evenweave.programmes.rules.resolving import resolved
from evenweave.questionnaires.tests.content_folder import GLOBAL, LAYER, ContentFolder

PROGRAMMES = ContentFolder.REAL / "programmes"
DEFAULTS = yaml.safe_load((PROGRAMMES / "defaults.yaml").read_text(encoding="utf-8"))
REAL = resolved(yaml.safe_load((PROGRAMMES / "KH.yaml").read_text(encoding="utf-8")), DEFAULTS)


@pytest.fixture
def content(tmp_path) -> ContentFolder:
    folder = ContentFolder(tmp_path / "content")
    folder.write("programmes/defaults.yaml", DEFAULTS)
    folder.write("programmes/XX.yaml", {**REAL, "code": "XX"})
    return folder


def run(content: ContentFolder) -> tuple[int, dict]:
    result = CliRunner().invoke(content_command, ["check", "--json", "--folder", str(content.root)])
    return result.exit_code, json.loads(result.stdout)


def test_check_counts_and_exits_by_the_answer(content):
    code, found = run(content)
    assert code == 0
    assert {name: found[name] for name in found if name != "compiled"} == {
        "clusters": 1, "compliance_points": 2, "scored_questions": 5, "fact_questions": 2, "programmes": 1,
        "courses": 0, "national_layers": 1, "questions_by_country": {"XX": 5},
        "national_provisions_by_country": {"XX": 1},
        "tools": ["sewing"], "languages": ["en", "km"],
        "errors": [],
    }
    content.change(GLOBAL, "SA-01", tags=["public", "critical:1", "zero-tolerance", "urgent"])
    code, found = run(content)
    assert code == 1
    assert found["errors"] == [f"{GLOBAL}: SA-01: unknown tag 'urgent'"]


def test_a_layer_needs_its_programme(content):
    (content.root / "programmes" / "XX.yaml").rename(content.root / "programmes" / "YY.yaml")
    code, found = run(content)
    assert code == 1
    assert found["errors"] == ["programmes/YY.yaml: the file of XX is named XX.yaml"]
    content.write("programmes/YY.yaml", {**REAL, "code": "YY"})
    assert run(content)[1]["errors"] == [
        f"{LAYER}: there is no programme 'XX'", "tools/sewing-XX/2025.1/layer.yaml: there is no programme 'XX'"]


def broken(**changes) -> dict:
    """The real file as XX, with parts replaced; a change may be a function of the part."""
    data = json.loads(json.dumps({**REAL, "code": "XX"}))
    for name, change in changes.items():
        data[name] = change(data[name]) if callable(change) else change
    return without(data)


def without(data):
    """The same, less everything that was set to ..."""
    if isinstance(data, dict):
        return {name: without(value) for name, value in data.items() if value is not ...}
    return [without(value) for value in data] if isinstance(data, list) else data


def later(entries: list[dict], **fields) -> list[dict]:
    return [{**entry, **fields} for entry in entries]


def with_step(models: list[dict], **fields) -> list[dict]:
    """The newest model with changes to its step `assessment`."""
    models[-1]["steps"] = [{**step, **fields} if step["key"] == "assessment" else step for step in models[-1]["steps"]]
    return models


PLANTED = {
    "an unknown zone": (broken(time_zone="Asia/Nowhere"), "there is no time zone 'Asia/Nowhere'"),
    "an assessment that is no secret": (
        broken(service_models=lambda models: with_step(models, is_secret=False)),
        "service model 2021: the step 'assessment' is secret (is_secret: true)"),
    "a secret with a due day": (
        broken(service_models=lambda models: with_step(models, anchor="cycle_start", days=200)),
        "service model 2021: the secret step 'assessment' has no day that could be worked out"),
    "a step twice": (
        broken(service_models=lambda models: with_step(models, key="register")),
        "service model 2021: the step 'register' stands twice"),
    "a duty after nothing": (
        broken(zero_tolerance=lambda rows: [{**rows[0], "steps": [{**rows[0]["steps"][0], "after": "never"}]}]),
        "zero tolerance: 'tell_manager' follows 'never', which is no earlier step"),
    "tiers that do not rise": (
        broken(buyer_credits=lambda rows: [{**rows[0], "tiers": [{"at_least": 10, "price": "1.00"}]}]),
        "buyer credits from 2014-01-01: tiers begin at 1 and rise"),
    "a package without a price for large factories": (
        broken(factory_prices=lambda rows: [{**rows[0], "lines": rows[0]["lines"][:-1]}]),
        "factory prices from 2024-01-01: no price of 'assessment_and_advisory' for the largest factories"),
    "a rule that begins too late": (
        broken(reply=lambda rows: later(rows, **{"from": "2015-04-01"})), "XX has no rule 'reply' on 2014-01-01"),
    "a service model that nobody has": (
        broken(service_models=[{"model": "1999"}]), "there is no service model '1999' in the defaults"),
    "a start that is neither known nor dated": (
        broken(sectors=lambda rows: [{**rows[0], "from": None, "known_on": ...}]),
        "apparel: 'known_on' is a required property"),
    "a programme without an opening that sells": (
        broken(opening={"from": None, "sources": ["K"], "confidence": "assumed"}),
        "a programme without an opening sells nothing, but has participation, sectors, packages"),
    "a planned programme without milestones": (
        broken(opening={"from": None, "sources": ["K"], "confidence": "assumed"}),
        "a programme that is planned has its milestones"),
    "a programme that opens and sells nothing": (broken(packages=...), "a programme that opens has packages"),
    "a committee of fewer than none": (
        broken(committee=lambda rows: later(rows, least_members=11)),
        "committee from 2014-01-01: at least 11 members, at most 10"),
    "two models at once": (
        broken(service_models=lambda models: [{k: v for k, v in m.items() if k != "until"} if m["key"] == "2015"
                                              else m for m in models]),
        "apparel has 2 service models on 2021-01-01: 2015, 2021"),
    "a price that is a number": (
        broken(buyer_credits=lambda rows: [{**rows[0], "tiers": [{"at_least": 1, "price": 1400}]}]),
        "buyer_credits 1 tiers 1 price: 1400 is not of type 'string'"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_fault_in_a_programme_is_found(content, name):
    data, said = PLANTED[name]
    content.write("programmes/XX.yaml", data)
    code, found = run(content)
    assert code == 1
    assert f"programmes/XX.yaml: {said}" in found["errors"]


def test_a_code_that_is_no_source_is_found(content):
    content.write("programmes/sources.yaml", {"sources": {"SEED": {"title": "The seed"}, "K": {"title": "Known"}}})
    found = run(content)[1]["errors"]
    assert "programmes/XX.yaml: there is no source 'C8' in sources.yaml" in found
    assert "programmes/defaults.yaml: there is no source 'Z1' in sources.yaml" in found
    assert not [error for error in found if "'SEED'" in error]


@pytest.mark.django_db
def test_load_says_what_it_did_and_does_nothing_twice(content, settings):
    settings.CONTENT = content.root

    def load() -> tuple[int, dict]:
        result = CliRunner().invoke(content_command, ["load", "--json"])
        return result.exit_code, json.loads(result.stdout)

    code, said = load()
    assert (code, [(row["tool"], row["did"]) for row in said["loaded"]]) == (0, [
        ("sewing 2024.1 + sewing-XX 2024.1", "new"), ("sewing 2025.1 + sewing-XX 2025.1", "new")])
    assert load() == (0, {"loaded": [], "error": None})
    content.change(GLOBAL, "SA-01", noncompliant_answer=False)
    code, said = load()
    assert code == 1
    assert said["error"].startswith(f"{GLOBAL}: SA-01 noncompliant_answer")
