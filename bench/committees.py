"""The agenda of a factory with many open items, and a year of a committee's calendar."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from bench.registry import Row, benchmark, median, milliseconds

OPEN_ITEMS = 500
AGENDA_BAR = 150
FEED_BAR = 100


@benchmark("committee")
def committee() -> Iterator[Row]:
    """Server time of a planned meeting's page with 500 open items behind its agenda, and of the feed of a year."""
    from evenweave.config.commandline import start_django

    start_django()
    scene = _scene()
    page = _page_of(scene)
    page()
    yield Row("agenda of a meeting", f"{OPEN_ITEMS} open items", median(lambda: milliseconds(page)), "ms",
              bar=AGENDA_BAR, limit=median(lambda: milliseconds(lambda: _bare(scene))))
    feed = _feed_of(scene)
    feed()
    yield Row("calendar feed", "a year, 76 days in it", median(lambda: milliseconds(feed)), "ms", bar=FEED_BAR)


def _scene() -> dict:
    """A factory whose plan holds 500 open items of a real tool, a third of them late, and a committee with a year of
    meetings before it and one planned."""
    from evenweave.access.services import give_standing
    from evenweave.committees import services
    from evenweave.improvement.models import ItemAction, ItemDetail, Plan, PlanItem
    from evenweave.organisations.models import Factory
    from evenweave.people.models import Person
    from evenweave.questionnaires.models import CompiledTool

    chance, today = random.Random(5), datetime.now(UTC).date()
    tool = CompiledTool.objects.order_by("pk").first()
    factory = Factory.objects.create(
        name="Bench Garment", programme=tool.programme, country=tool.programme, is_invented=True
    )
    person = Person.objects.create_user(name="Bench Member", email="bench@example.org", password="x")
    give_standing(role="factory_manager", holder=person, factory=factory)
    plan = Plan.objects.create(factory=factory)
    questions = _questions(tool)
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan, number=number, source="self_found", tool=tool, question_id=questions[number % len(questions)],
            title=f"Issue {number} of the floor", sharing=20,
        )
        for number in range(1, OPEN_ITEMS + 1)
    )
    items = list(PlanItem.objects.filter(plan=plan))
    days = {item.pk: today + timedelta(days=chance.randint(-60, 120)) for item in items}
    ItemDetail.objects.bulk_create(ItemDetail(item=item, due_on=days[item.pk]) for item in items)
    ItemAction.objects.bulk_create(
        ItemAction(item=item, text="Do it", owner_name="X", owner_side="management", due_on=days[item.pk])
        for item in items
    )
    committee = services.form_committee(
        factory_ref=factory.ref, formed_on=today - timedelta(days=700), unions=["A", "B"], by=person
    )
    return {"person": person, "meetings": _meetings(committee, person, items, today), "token": services.renew_feed(
        by=person), "plan": plan}


def _questions(tool) -> list[str]:
    from evenweave.questionnaires.queries import compiled

    return [question.id for question in compiled(tool.content_hash).scored]


def _meetings(committee, person, items, today: date) -> list:
    """Twelve meetings with five decisions each, due over the year, and a planned one at the end."""
    from evenweave.committees.models import AgendaPoint, Decision, Meeting

    made = []
    for number in range(1, 14):
        on = today + timedelta(days=28 * (number - 12))
        made.append(Meeting.objects.create(
            committee=committee, number=number, on=on, starts_at=time(9, 30), place="Room 2", planned_by=person,
            state="planned" if number == 13 else "open",
        ))
    for meeting in made[:12]:
        point = AgendaPoint.objects.create(meeting=meeting, number=1, source="own", title="A point")
        Decision.objects.bulk_create(
            Decision(point=point, item=item, action=item.actions.first(), is_new_item=False, management="agrees",
                     workers="agrees", by=person)
            for item in items[meeting.number * 5:meeting.number * 5 + 5]
        )
    return made


def _page_of(scene: dict):
    from django.test import Client, override_settings

    client = Client()
    client.force_login(scene["person"])
    url = scene["meetings"][-1].get_absolute_url()

    def ask() -> None:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            assert client.get(url).status_code == 200

    return ask


def _bare(scene: dict) -> list:
    """What any agenda has to read: the open items with their days."""
    from evenweave.improvement.models import PlanItem

    return list(PlanItem.objects.filter(plan=scene["plan"]).select_related("detail"))


def _feed_of(scene: dict):
    from django.test import Client, override_settings
    from django.urls import reverse

    url = reverse("calendar_ics", args=[scene["token"]])

    def ask() -> None:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            answer = Client().get(url)
            assert answer.status_code == 200

    return ask
