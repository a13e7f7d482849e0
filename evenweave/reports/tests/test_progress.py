"""Progress reports: what they freeze, who may send them, when they are late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.access.enums import Action, Shared
from evenweave.access.scope import permitted
from evenweave.activity.models import Entry
from evenweave.advisory import services as advisory
from evenweave.committees.models import Committee, Member
from evenweave.enrolment.models import CycleStep
from evenweave.home.queries.desk import desk_of
from evenweave.improvement.models import Plan, PlanItem
from evenweave.improvement.services import add_action, edit_item
from evenweave.notifications.models import Notice
from evenweave.programmes.queries import local_today
from evenweave.reports import facts as shape
from evenweave.reports.enums import ProgressState
from evenweave.reports.models import ProgressReport
from evenweave.reports.queries import desk, reading
from evenweave.reports.services.progress import escalate_overdue, send_progress
from evenweave.reports.tests.scene import a_released_scene, after_release
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from evenweave.training.models import Attendance, Registration, Session
from tests import builders

pytestmark = pytest.mark.django_db

WORDS = {"overview": "The exits are clear.", "dialogue": "", "learning": "Two supervisors were trained."}
CAUSE = "Goods arrive when the store is full."


@pytest.fixture
def released():
    scene = a_released_scene()
    CycleStep.objects.create(cycle=scene.scene.cycle, key="progress_1", order=9, owner="factory")
    return scene


def first() -> ProgressReport:
    return ProgressReport.objects.get(number=1)


def worked_on(released) -> PlanItem:
    item = PlanItem.objects.get()
    with after_release(5):
        edit_item(ref=item.ref, immediate_action="Cartons removed.", whys=[], root_cause=CAUSE, revision=1,
                  by=released.cast.manager)
        add_action(ref=item.ref, text="Mark the floor.", owner_name="Keo Sreymom", owner_side="workers",
                   due_on=date(2025, 12, 10), by=released.cast.manager)
        add_action(ref=item.ref, text="Rent a second store.", owner_name="Chan Sopheap", owner_side="management",
                   due_on=date(2026, 3, 1), by=released.cast.manager)
    return item


def sent(released, days: int = 20) -> ProgressReport:
    with after_release(days):
        return send_progress(progress_ref=first().ref, by=released.cast.manager, **WORDS)


def test_sending_freezes_the_plan_and_shares_it(released):
    item = worked_on(released)
    progress = sent(released)
    facts = reading.facts_of(progress)
    shape.check(facts)
    assert shape.facts_hash(facts) == progress.facts_hash
    assert (progress.state, progress.sharing) == (ProgressState.SENT, Shared.BUYERS)
    assert Plan.objects.get().details_sharing == Shared.BUYERS
    assert (facts["report"]["submitted_on"], facts["report"]["due_on"], facts["report"]["since"]) == (
        "2025-12-21", "2025-12-31", "2025-12-01",
    )
    (frozen,) = facts["items"]
    assert frozen["ref"] == item.ref
    assert frozen["root_cause"] == {"language": "en", "text": CAUSE}
    # The worker's name is not told; the side is. Her action is eleven days late.
    assert [(action["owner"], action["owner_side"], action["is_late"]) for action in frozen["actions"]] == [
        ("", "workers", True), ("Chan Sopheap", "management", False),
    ]
    assert frozen["text"]["en"] == "1 of 6 exits on floor 2 could not be opened from the inside."
    assert facts["learning"] == {"language": "en", "text": WORDS["learning"]}
    assert facts["dialogue"] is None
    assert "Keo Sreymom" not in progress.facts
    assert CycleStep.objects.get(key="progress_1").done_on == date(2025, 12, 21)
    assert Entry.objects.filter(step="progress.sent", sharing=Shared.BUYERS).count() == 1


def test_what_was_frozen_stays(released):
    item = worked_on(released)
    progress = sent(released)
    before = progress.facts
    with after_release(25):
        edit_item(ref=item.ref, immediate_action="Cartons removed.", whys=[], root_cause="Another cause.", revision=2,
                  by=released.cast.manager)
    progress.refresh_from_db()
    assert progress.facts == before


def test_who_reads_it_once_it_is_sent(released):
    progress = sent(released)
    readers = {
        key for key, person in released.cast.people.items()
        if permitted(person, Action.PROGRESS_VIEW, ProgressReport.objects.filter(pk=progress.pk)).exists()
    }
    assert readers == {"manager", "worker", "buyer", "coach", "team_leader", "programme_manager", "quality"}


def test_items_that_the_buyers_have_not_paid_for_stay_out(released):
    plan = Plan.objects.get()
    other = builders.a_cycle(released.cast.factory, number=2, service_model="2021")
    for number, cycle, sharing in ((7, other, Shared.BUYERS), (8, None, Shared.FACTORY)):
        PlanItem.objects.create(plan=plan, number=number, source="self_found", title=f"Secret {number}", cycle=cycle,
                                sharing=sharing)
    facts = reading.facts_of(sent(released))
    assert [item["number"] for item in facts["items"]] == [1]
    assert "Secret" not in first().facts


def test_the_programmes_evaluation_tells_no_details_the_factory_has_not_shared(released):
    worked_on(released)
    second = ProgressReport.objects.get(number=2)
    with after_release(200):
        send_progress(progress_ref=second.ref, by=released.cast.coach, **WORDS)
    second.refresh_from_db()
    (item,) = reading.facts_of(second)["items"]
    assert (item["root_cause"], item["actions"], item["changes"]) == (None, [], [])
    assert CAUSE not in second.facts
    assert Plan.objects.get().details_sharing == Shared.FACTORY


def test_only_its_author_sends_it(released):
    by_number = {1: {"manager"}, 2: {"coach", "team_leader", "programme_manager"}}
    for number, authors in by_number.items():
        for key, person in released.cast.people.items():
            if key in authors | {"anonymous"}:
                continue
            with pytest.raises(Http404), after_release(20):
                send_progress(progress_ref=ProgressReport.objects.get(number=number).ref, by=person, **WORDS)
    assert set(ProgressReport.objects.values_list("state", flat=True)) == {ProgressState.DUE}


def test_it_is_sent_once_and_never_empty(released):
    with pytest.raises(Refused) as refusal, after_release(20):
        send_progress(progress_ref=first().ref, by=released.cast.manager, **WORDS | {"overview": "  "})
    assert refusal.value.field == "overview"
    assert Plan.objects.get().details_sharing == Shared.FACTORY
    sent(released)
    with pytest.raises(Refused):
        sent(released)


def told(cast, kind: str) -> list[str]:
    names = {person.pk: key for key, person in cast.people.items() if person is not None}
    return sorted(names[pk] for pk in Notice.objects.filter(kind=kind).values_list("person_id", flat=True))


# Due on 31 December; in Phnom Penh the day ends at 17:00 UTC.
LAST_MINUTE = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)
MIDNIGHT = datetime(2025, 12, 31, 17, 0, tzinfo=UTC)


def escalated_at(moment: datetime) -> None:
    with clock.at(moment):
        escalate_overdue.func()


def test_late_from_local_midnight_and_said_once(released):
    escalated_at(LAST_MINUTE)
    assert told(released.cast, "progress.overdue") == []
    assert first().escalated_at is None
    escalated_at(MIDNIGHT)
    assert told(released.cast, "progress.overdue") == ["coach", "manager", "programme_manager", "team_leader"]
    assert Entry.objects.filter(step="progress.overdue", sharing=Shared.FACTORY).count() == 1
    Notice.objects.update(read_at=MIDNIGHT)
    escalated_at(MIDNIGHT + timedelta(days=40))
    assert told(released.cast, "progress.overdue").count("manager") == 1
    assert Entry.objects.filter(step="progress.overdue").count() == 1


def test_the_factory_is_reminded_once_in_the_week_before(released):
    escalated_at(datetime(2025, 12, 23, 16, 0, tzinfo=UTC))  # 23 December, 23:00: eight days left
    assert told(released.cast, "progress.due") == []
    escalated_at(datetime(2025, 12, 23, 17, 0, tzinfo=UTC))  # the 24th
    assert told(released.cast, "progress.due") == ["manager"]
    Notice.objects.update(read_at=MIDNIGHT)
    escalated_at(datetime(2025, 12, 27, tzinfo=UTC))
    assert told(released.cast, "progress.due") == ["manager"]


def test_what_was_sent_is_never_late(released):
    sent(released)
    escalated_at(MIDNIGHT)
    assert told(released.cast, "progress.overdue") == []


def titles(person, day: date) -> list[str]:
    return [todo.title for todo in desk.todos(person, day)]


def test_what_waits_on_each_desk(released):
    early, late = date(2025, 12, 5), date(2026, 1, 5)
    assert titles(released.cast.manager, early) == ["Progress report 1 of Mekong Stitch"]
    for key in ("worker", "buyer", "coach", "team_leader", "programme_manager", "ministry", "nobody"):
        assert titles(getattr(released.cast, key), early) == [], key
    for key in ("coach", "team_leader", "programme_manager"):
        assert titles(getattr(released.cast, key), late) == ["Mekong Stitch has not sent progress report 1"], key
    assert titles(released.cast.coach, date(2026, 8, 20)) == [
        "Progress report 2 of Mekong Stitch", "Mekong Stitch has not sent progress report 1",
    ]
    with after_release(4):
        assert any(entry.title == "Progress report 1 of Mekong Stitch"
                   for group in desk_of(released.cast.manager).groups for entry in group.entries)


def test_writing_checking_sending(released, client):
    worked_on(released)
    client.force_login(released.cast.manager)
    url = reverse("progress_write", args=[first().ref])
    with after_release(20):
        page = client.get(url).text
        assert CAUSE in page
        empty = client.post(url, WORDS | {"overview": ""})
        assert empty.status_code == 422
        assert WORDS["learning"] in empty.text
        check = client.post(url, WORDS)
        assert "Send to 1 buyer" in check.text
        assert first().state == ProgressState.DUE
        assert WORDS["overview"] in client.post(url, WORDS | {"change": "1"}).text
        done = client.post(url, WORDS | {"confirmed": "1"})
        assert first().state == ProgressState.SENT
        text = client.get(done["Location"]).text
    assert CAUSE in text
    assert WORDS["overview"] in text
    client.force_login(released.cast.buyer)
    buyers = client.get(done["Location"]).text
    assert CAUSE in buyers
    assert "Keo Sreymom" not in buyers


def test_visits_and_the_score_of_the_dialogue_are_in_it_without_a_name(released, client):
    cycle, cast = released.scene.cycle, released.cast
    with after_release(3):
        visit = advisory.plan_visit(
            cycle_ref=cycle.ref, day_on=local_day(3), coach_ref=cast.coach.ref, by=cast.team_leader
        )
        advisory.log_visit(
            ref=visit.ref, held_on=local_day(3), mode="on_site", took_part=advisory.TookPart(2, 3, 1, "the nurse"),
            works=[advisory.Work(item_ref=PlanItem.objects.get().ref)], note="Nobody else should read this.",
            by=cast.coach,
        )
        advisory.score_dialogue(cycle_ref=cycle.ref, progress="moderate", reason="They meet.", by=cast.coach)
    facts = reading.facts_of(sent(released))
    shape.check(facts)
    assert [step["what"]["en"] for step in facts["visits"]] == [
        "At the factory: 5 people took part, one item of the plan worked on",
        "Dialogue between management and workers: Moderate progress",
    ]
    assert all({"en", "fr"} <= set(step["what"]) for step in facts["visits"])
    assert not any(words in str(facts) for words in ("Heng Vibol", "the nurse", "Nobody else", "They meet"))
    client.force_login(cast.buyer)
    assert "5 people took part" in client.get(first().get_absolute_url()).content.decode()


def test_a_course_counts_those_who_came_and_a_committee_its_seats(released):
    cast, day = released.cast, local_day(4)
    session = Session.objects.create(
        course="occupational-safety-and-health", programme="KH", language="km", place="Phnom Penh",
        days=[day.isoformat()], first_on=day, last_on=day, capacity=9, trainer=cast.coach,
        planned_by=cast.team_leader,
    )
    for number, came in enumerate((True, True, False), start=1):
        seat = Registration.objects.create(
            session=session, factory=cast.factory, number=number, name=f"Worker {number}", name_key=f"worker {number}",
            sex="woman", post="worker", state="booked", registered_by=cast.manager,
        )
        if came:
            Attendance.objects.create(registration=seat, on=day, noted="by_list", noted_by=cast.coach)
    committee = Committee.objects.create(factory=cast.factory, formed_on=day)
    for side, sex in (("management", "man"), ("workers", "woman"), ("workers", "woman")):
        Member.objects.create(committee=committee, name="N", sex=sex, side=side, seated="named", joined_on=day)
    facts = reading.facts_of(sent(released))
    shape.check(facts)
    assert [step["what"]["en"] for step in facts["training"]] == [
        "Occupational safety and health: 2 people took part"
    ]
    assert [(member["side"], member["role"]["en"]) for member in facts["committee"]["members"]] == [
        ("management", "one man"), ("workers", "2 women"),
    ]
    assert "Worker 1" not in str(facts)


def local_day(days: int) -> date:
    with after_release(days):
        return local_today("KH", clock.now())


def test_a_report_without_visits_or_committee_has_neither_part(released):
    facts = reading.facts_of(sent(released))
    assert not {"visits", "committee"} & set(facts)
