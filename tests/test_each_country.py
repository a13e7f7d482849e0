"""A factory of each country goes through its year: the country's rules, its whole questionnaire, its report."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.assessments.enums import AssessmentState, Position
from evenweave.assessments.services import planning, replying, reviewing, submitting
from evenweave.enrolment.services import open_cycle, settle_invoice
from evenweave.home.demo.acts import visit
from evenweave.home.demo.people import Company
from evenweave.improvement.models import PlanItem
from evenweave.programmes.queries import rules_on
from evenweave.questionnaires.models import CompiledTool
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.services import load_content
from evenweave.reports.services.releasing import release_report
from evenweave.toolkit import clock
from evenweave.toolkit.files import open_stored
from evenweave.toolkit.jobs.worker import perform_due
from tests import builders

STAFF = {"assessor": Role.STAFF, "second-assessor": Role.STAFF, "reviewer": Role.STAFF,
         "team-leader": Role.TEAM_LEADER, "programme-manager": Role.PROGRAMME_MANAGER}
# What each country's people read its public list in, beside the languages that its reports are made in.
READ_IN = {"HT": "fr", "JO": "ar", "BD": "bn", "VN": "vi", "ID": "id", "NI": "es", "LS": "en"}
LATIN = {"en", "es", "vi", "id"}


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def load_country(country: str, folder: Path) -> None:
    whole = Path(settings.CONTENT)
    (folder / "tools").mkdir()
    for part in ("schema", "law", "programmes", "conformance", "tools/garment", f"tools/garment-{country}"):
        (folder / part).symlink_to(whole / part)
    load_content(folder)


def company_in(country: str) -> Company:
    people = {}
    for key, role in STAFF.items():
        people[key] = builders.a_person(f"{key} {country}", f"{key}-{country}")
        Standing.objects.create(holder=people[key], role=role, programme=country, starts_at=builders.LONG_AGO)
    return Company(texts=None, people=people)


def facts_of(tool) -> dict[str, object]:
    """Something for everything that is asked for information only."""
    return {question.id: {"number": 3, "yes_no": "yes"}.get(question.answer, "Nothing to note.")
            for question in tool.questions if not question.is_scored}


@pytest.mark.django_db
@pytest.mark.parametrize("country", READ_IN)
def test_a_year_in(country, tmp_path, settings):
    load_country(country, tmp_path)
    company = company_in(country)
    factory = builders.a_factory(f"Works of {country}", programme=country, country=country)
    manager = builders.a_person("The Manager")
    Standing.objects.create(holder=manager, role=Role.FACTORY_MANAGER, factory=factory, starts_at=builders.LONG_AGO)

    with clock.at(at(date(2026, 1, 5))):
        cycle = open_cycle(factory_ref=factory.ref, package="assessment_and_advisory", sector="apparel",
                           starts_on=date(2026, 1, 5), by=company.manager, advisors=[])
        for invoice in cycle.invoices.all():
            settle_invoice(invoice_ref=invoice.ref, paid_on=date(2026, 1, 5), by=company.manager)
    with clock.at(at(date(2026, 4, 1))):
        made = planning.plan_assessment(cycle_ref=cycle.ref, window_from=date(2026, 4, 6),
                                        window_until=date(2026, 4, 30), by=company.manager)
        made = planning.assign_assessment(
            ref=made.ref, day_on=date(2026, 4, 14), assessors=[company["assessor"], company["second-assessor"]],
            reviewer=company["reviewer"], by=company["team-leader"])
    tool = compiled(made.tool_id)
    assert CompiledTool.objects.get(pk=made.tool_id).programme == country
    national = next(question for question in tool.scored if question.id.startswith(f"{country}-"))
    public = next(question for question in tool.public if READ_IN[country] in question.texts)
    found = {question.id: (question.finding().replace("__", "3"), "Seen on the second floor.", "major")
             for question in (national, public)}
    with clock.at(at(date(2026, 4, 14))):
        made = visit(company, made, found, facts_of(tool))
    with clock.at(at(date(2026, 4, 16))):
        submitting.submit(ref=made.ref, by=company["assessor"], last_day_on=date(2026, 4, 15))
    with clock.at(at(date(2026, 4, 20))):
        reviewing.approve(ref=made.ref, by=company["reviewer"])
    with clock.at(at(date(2026, 4, 22))):
        for question_id in found:
            replying.reply(ref=made.ref, question_id=question_id, position=Position.PARTLY, text="We changed it.",
                           language="en", by=manager)
        replying.close_replies(ref=made.ref, by=manager)
    with clock.at(at(date(2026, 5, 4))):
        report = release_report(assessment_ref=made.ref, by=company.manager)
        perform_due()

    made.refresh_from_db()
    assert made.state == AssessmentState.RELEASED
    assert PlanItem.objects.filter(plan__factory=factory).count() == len(found)
    facts = json.loads(report.facts)
    text = next(row for row in facts["findings"] if row["question_id"] == public.id)
    read_in = READ_IN[country]
    assert (read_in in text["text"], read_in in text["drafts"]) == (True, read_in != "en")
    files = {one.language: one for one in report.files.filter(kind="pdf")}
    assert set(files) == set(facts["languages"]) == set(rules_on(country, date(2026, 5, 4)).report_languages)
    with open_stored(files["en"].stored) as content:
        printed = "".join(page.extract_text() for page in PdfReader(content).pages)
    assert factory.name in printed
    for language, sentence in text["text"].items():
        if language in LATIN:
            assert " ".join(sentence.split())[:25] in " ".join(printed.split())
    assert ("Draft translation, not reviewed" in printed) == (read_in not in facts["languages"])
