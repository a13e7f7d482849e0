"""Words of the tool in another language: a reader is told what nobody has reviewed, and in which language they are."""

import io
import json

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from evenweave.assessments.models import CurrentAnswer
from evenweave.assessments.queries import draft_findings
from evenweave.assessments.rules import sentence_language
from evenweave.reports import facts as shape
from evenweave.reports import screens
from evenweave.reports.rendering import assessment_pdf
from evenweave.reports.rendering.assessment import assessment_page_data
from evenweave.reports.rendering.parts import wording
from evenweave.reports.tests.sample import CODE, FINDING, URL, finding, report_facts
from evenweave.reports.tests.scene import RELEASED, a_replied_scene, released_from
from evenweave.toolkit import clock

DRAFT = "ew-draft"
KHMER = "ច្រកចេញ 1 នៃ 6 នៅ 2 មិនអាចបើកបាន។"


def in_khmer(client, person, url: str) -> str:
    person.language = "km"
    person.save(update_fields=["language"])
    client.force_login(person)
    return client.get(url).content.decode()


@pytest.mark.django_db
def test_a_draft_is_marked_on_every_page_of_a_finding(client):
    scene = a_replied_scene()
    CurrentAnswer.objects.filter(question_id="SH-01", field="finding").update(value=["1", "6", "2"])
    (draft,) = draft_findings(scene.assessment, "km")
    assert (draft.text, draft.language, draft.is_draft_translation) == (KHMER, "km", True)
    manager = scene.cast.manager
    with clock.at(RELEASED):
        marked = f'<span lang="km" dir="auto">{KHMER}</span> <span class="{DRAFT}">'
        assert marked in in_khmer(client, manager, reverse("assessment_reply", args=[scene.ref]))
        released = released_from(scene)
        (found,) = released.facts["findings"]
        assert (set(found["text"]), found["drafts"]) == ({"en", "km"}, ["km"])
        assert marked in in_khmer(client, manager, reverse("report", args=[released.report.ref]))


@pytest.mark.django_db
def test_a_sentence_with_english_words_in_its_blanks_stays_english(client):
    scene = a_replied_scene()
    with clock.at(RELEASED):
        released = released_from(scene)
        page = in_khmer(client, scene.cast.manager, reverse("report", args=[released.report.ref]))
        item = in_khmer(client, scene.cast.manager, released.report.cycle.factory.plan.items.get().get_absolute_url())
    english = "1 of 6 exits on floor 2 could not be opened from the inside."
    assert released.facts["findings"][0]["text"] == {"en": english}
    assert f'<b><span lang="en" dir="auto">{english}</span></b>' in page
    assert f'<h1><span lang="en" dir="auto">{english}</span></h1>' in item


@pytest.mark.django_db
def test_words_of_a_french_assessor_keep_the_french_sentence():
    scene = a_replied_scene()
    question = scene.tool.question("SH-01")
    assert sentence_language(question, "km", ["1", "6", "B2"], "en") == "km"
    assert sentence_language(question, "km", ["1", "6", "étage"], "en") == "en"
    assert sentence_language(question, "en", ["1", "6", "ជាន់ទីពីរ"], "km") == "km"
    assert sentence_language(question, "km", ["1", "6", "étage"], "fr") == "en"  # the tool has no French


def test_words_say_their_language_and_their_state():
    with translation.override("fr"):
        assert str(screens.shown({"en": "Doors", "fr": "Portes"})) == "Portes"
        assert str(screens.shown({"en": "Doors"})) == '<span lang="en" dir="auto">Doors</span>'
        draft = str(screens.shown({"en": "Doors", "fr": "Portes"}, ["fr"]))
    assert draft.startswith('<span lang="fr" dir="auto">Portes</span> <span class="ew-draft">')
    with translation.override("en"):
        assert str(screens.shown({"en": "A <b> & c", "fr": "x"}, ["fr"])) == "A &lt;b&gt; &amp; c"


def test_a_draft_is_marked_in_the_file(monkeypatch):
    facts = report_facts()
    facts["findings"][0] = finding(1, facts["findings"][0]["cluster"], facts["findings"][0]["point"],
                                   drafts=["fr", "km"])
    facts["gathered"][0]["drafts"] = ["fr"]
    shape.check(json.loads(json.dumps(facts)))
    note = wording("fr").say("draft_text")
    data = assessment_page_data(facts, wording("fr"), verify_url=URL, code=CODE)
    first, second, *_ = (each for group in data["groups"] for point in group["points"] for each in point["findings"])
    assert (first["text"], first["draft"], second["draft"]) == (FINDING["fr"], note, "")
    file = PdfReader(io.BytesIO(assessment_pdf(facts, "fr", verify_url=URL, code=CODE)))
    whole = " ".join(" ".join(page.extract_text() for page in file.pages).split())
    assert whole.count(note) == 2
    assert f"{FINDING['fr']} {note}" in whole
    english = assessment_page_data(facts, wording("en"), verify_url=URL, code=CODE)
    points = [point for group in english["groups"] for point in group["points"]]
    assert {each["draft"] for point in points for each in point["findings"]} == {""}
