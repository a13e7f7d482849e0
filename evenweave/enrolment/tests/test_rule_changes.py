"""Which running cycles a change of the rules would break: each kind by hand, the page, the command."""

import shutil
from datetime import UTC, date, datetime

import pytest
import yaml
from click.testing import CliRunner
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evenweave.enrolment import services
from evenweave.enrolment.commands import content
from evenweave.enrolment.queries import broken_cycles
from evenweave.programmes.models import RulesVersion
from evenweave.programmes.queries import shared_defaults, whole_file
from evenweave.programmes.rules.resolving import resolved
from evenweave.programmes.services import load_programmes
from evenweave.toolkit import clock
from evenweave.toolkit.yaml_files import read_yaml

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with clock.at(NOW):
        yield


@pytest.fixture
def entered(cast):
    """Two running cycles: Mekong Stitch with the package, Tonle Garment with the assessment alone."""
    for factory, package in ((cast.factory, "assessment_and_advisory"), (cast.other_factory, "assessment")):
        services.open_cycle(factory_ref=factory.ref, package=package, sector="apparel", starts_on=date(2026, 2, 2),
                            advisors=[], by=cast.programme_manager)
    return cast


def proposal(change) -> dict:
    """Cambodia's file with a change in its newest service model or elsewhere, made whole."""
    data = yaml.safe_load(yaml.safe_dump(dict(whole_file("KH"))))
    change(data)
    return data


def newest_steps(data: dict) -> list[dict]:
    return data["service_models"][-1]["steps"]


def step_of(data: dict, key: str) -> dict:
    return next(step for step in newest_steps(data) if step["key"] == key)


def breaks(change) -> dict[str, list[tuple[str, str]]]:
    found = broken_cycles("KH", proposal(change))
    return {each.cycle.factory.name: [(one.kind, one.step or (one.reason.rule if one.reason else ""))
                                      for one in each.broken] for each in found}


def drop(*keys: str):
    def change(data: dict) -> None:
        data["service_models"][-1]["steps"] = [step for step in newest_steps(data) if step["key"] not in keys]
    return change


def nothing(data: dict) -> None:
    data["name"]["fr"] = "Le Cambodge"


def later(data: dict) -> None:
    step_of(data, "progress_1")["days"] = 45


def added(data: dict) -> None:
    newest_steps(data).append({"key": "survey", "title": {"en": "Survey", "fr": "Enquête"}, "owner": "programme",
                               "sources": ["K"], "confidence": "assumed"})


def package_only(data: dict) -> None:
    data["packages"] = [row for row in data["packages"] if row["key"] == "assessment_and_advisory"]


def until_last_year(data: dict) -> None:
    data["service_models"][-1]["key"] = "2026"


@pytest.mark.parametrize(("change", "expected"), [
    (nothing, {}),
    (drop("register"), {}),  # done on the first day
    (drop("committee"), {"Mekong Stitch": [("step_gone", "committee")]}),
    (later, {"Mekong Stitch": [("step_moved", "progress_1")]}),
    (added, {"Mekong Stitch": [("step_added", "survey")], "Tonle Garment": [("step_added", "survey")]}),
    (package_only, {"Tonle Garment": [("not_sold", "package_only")]}),
    (until_last_year, {"Mekong Stitch": [("model_gone", "")], "Tonle Garment": [("model_gone", "")]}),
])
def test_what_a_change_breaks(entered, change, expected):
    assert breaks(change) == expected


def test_cycles_are_measured_by_the_rules_they_were_enrolled_under(entered):
    """A cycle enrolled when a report was due after 45 days is broken by today's 30, one enrolled today is not."""
    older = RulesVersion.objects.create(programme="KH", content_hash="0" * 64, data=proposal(later))
    entered.factory.cycles.update(rules_version=older)
    assert breaks(nothing) == {"Mekong Stitch": [("step_moved", "progress_1")]}
    assert breaks(later) == {}


def test_a_cycle_that_has_ended_or_is_closed_is_not_broken(entered):
    entered.factory.cycles.update(ends_on=date(2026, 3, 1))
    entered.other_factory.cycles.update(state="closed")
    assert breaks(added) == {}


def test_as_many_queries_for_two_as_for_one(entered, django_assert_num_queries):
    with django_assert_num_queries(3):
        broken_cycles("KH", whole_file("KH"))
    entered.other_factory.cycles.update(state="closed")
    with django_assert_num_queries(3):
        broken_cycles("KH", whole_file("KH"))


# The page


def upload(text: str) -> dict:
    return {"file": SimpleUploadedFile("KH.yaml", text.encode(), "application/yaml")}


def changed_file(change) -> str:
    data = read_yaml(configured.CONTENT / "programmes" / "KH.yaml")
    change(data)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def test_the_page_says_what_a_proposed_file_would_break_and_keeps_nothing(entered, client):
    client.force_login(entered.quality)
    address = reverse("rule_changes", args=["KH"])
    assert "break no running cycle" in client.get(address).content.decode()
    kept = RulesVersion.objects.count()
    shown = client.post(address, upload(changed_file(package_only))).content.decode()
    assert "would break 1 running cycle." in shown
    assert "Tonle Garment" in shown
    assert "Mekong Stitch" not in shown
    assert "What it bought is not sold: Assessment and advisory are sold only together" in shown
    assert RulesVersion.objects.count() == kept


@pytest.mark.parametrize(("text", "says"), [
    ("code: [", "cannot be used"), ("- a list", "holds no keys"), ("code: KH", "is a required property"),
    ("\x00\xff", "cannot be used"),
])
def test_a_file_that_is_none_is_refused_with_its_faults(entered, client, text, says):
    client.force_login(entered.programme_manager)
    answer = client.post(reverse("rule_changes", args=["KH"]), upload(text))
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_file_of_another_country_is_refused(entered, client):
    client.force_login(entered.programme_manager)
    text = (configured.CONTENT / "programmes" / "VN.yaml").read_text(encoding="utf-8")
    answer = client.post(reverse("rule_changes", args=["KH"]), upload(text))
    assert "the file of VN is named VN.yaml" in answer.content.decode()


def test_who_compares(entered, client):
    address = reverse("rule_changes", args=["KH"])
    codes = {}
    for key in ("programme_manager", "quality", "foreign_manager", "team_leader", "manager", "buyer", "nobody"):
        client.force_login(entered.people[key])
        codes[key] = client.get(address).status_code
    assert codes == {"programme_manager": 200, "quality": 200, "foreign_manager": 404, "team_leader": 403,
                     "manager": 403, "buyer": 403, "nobody": 403}
    client.force_login(entered.quality)
    assert client.get(reverse("rule_changes", args=["QQ"])).status_code == 404


# The command


def test_checking_and_loading_say_what_breaks_beside_the_answer(entered, tmp_path, settings):
    load_programmes()
    folder = tmp_path / "content"
    shutil.copytree(configured.CONTENT, folder)
    (folder / "programmes" / "KH.yaml").write_text(changed_file(package_only), encoding="utf-8")
    settings.CONTENT = folder
    said = ["The rules of Cambodia have changed. Running cycles that would break: 1.",
            "  Tonle Garment, cycle 1: What it bought is not sold: Assessment and advisory are sold only together, "
            "as a yearly package"]
    result = CliRunner().invoke(content, ["load", "--json"])
    assert result.stderr.splitlines() == said
    assert '"error": null' in result.stdout
    assert RulesVersion.objects.filter(programme="KH").count() == 2
    assert CliRunner().invoke(content, ["load", "--json"]).stderr == ""


def test_a_version_is_kept_once_and_again_when_it_returns(cast):
    assert [version.programme for version in load_programmes()] == [
        "BD", "HT", "ID", "JO", "KH", "LS", "MM", "NI", "VN"]
    assert load_programmes() == []
    RulesVersion.objects.create(programme="KH", content_hash="1" * 64, data={})
    assert [version.programme for version in load_programmes()] == ["KH"]


def test_a_whole_file_is_resolved_once_more_to_itself():
    whole = dict(whole_file("KH"))
    assert resolved(whole, shared_defaults()) == whole
