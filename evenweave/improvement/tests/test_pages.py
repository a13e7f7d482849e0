"""The plan's pages: who sees which, what a buyer may not read, what is kept when something is wrong."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evenweave.access.models import Standing
from evenweave.improvement import queries
from evenweave.improvement.models import ItemAction, ItemDetail, ItemEvidence, PlanItem, ThreadMessage
from evenweave.improvement.services import (
    add_action,
    add_evidence,
    add_self_found,
    answer_agreement,
    decide_check,
    move_item,
    share_details,
    write_message,
)
from evenweave.improvement.tests.scene import FIRST_DAY, SECOND, SECOND_YEAR, adopted, released
from evenweave.improvement.tests.test_services import a_photo, done, edited
from evenweave.toolkit import clock
from evenweave.toolkit.files import files_of
from evenweave.toolkit.todo import Todo
from tests import builders

TODAY = FIRST_DAY.date()

EVERYONE = {
    "manager", "worker", "other_manager", "buyer", "unpaid_buyer", "stranger_buyer", "coach", "assessor",
    "second_assessor", "reviewer", "team_leader", "programme_manager", "ministry", "quality", "administrator",
    "foreign_manager", "nobody",
}
SEES_PLANS = {"manager", "worker", "coach", "team_leader", "programme_manager", "quality"}
OUTSIDE = {"other_manager", "unpaid_buyer", "stranger_buyer", "foreign_manager"}


def statuses(seen: set[str], not_found: set[str]) -> dict[str, int]:
    """200 for those who see it, 404 for those who might see another, 403 for the others."""
    expected = dict.fromkeys(EVERYONE, 403) | dict.fromkeys(not_found, 404) | dict.fromkeys(seen, 200)
    return expected | {"anonymous": 302}


PAGES = {
    "plan": ("/plans/{factory}/", SEES_PLANS | {"buyer"}, OUTSIDE),
    "plan as list": ("/plans/{factory}/?view=list", SEES_PLANS | {"buyer"}, OUTSIDE),
    "plan by dates": ("/plans/{factory}/?view=dates", SEES_PLANS | {"buyer"}, OUTSIDE),
    "talk": ("/plans/{factory}/talk/", SEES_PLANS | {"buyer"}, OUTSIDE),
    "add": ("/plans/{factory}/add/", {"manager", "worker", "coach"}, {"other_manager"}),
    "share": ("/plans/{factory}/share/", {"manager"}, {"other_manager"}),
    "item": ("/plans/items/{item}/", SEES_PLANS | {"buyer"}, OUTSIDE),
    "own item": ("/plans/items/{own}/", SEES_PLANS, OUTSIDE | {"buyer"}),
    "edit": ("/plans/items/{item}/edit/", {"manager", "worker", "coach"}, {"other_manager"}),
    "add action": ("/plans/items/{item}/actions/add/", {"manager", "worker", "coach"}, {"other_manager"}),
    "done": ("/plans/actions/{action}/done/", {"manager", "worker", "coach"}, {"other_manager"}),
    "evidence": ("/plans/items/{item}/evidence/add/", {"manager", "worker", "coach"}, {"other_manager"}),
    "withdraw": ("/plans/items/{own}/withdraw/", {"manager", "worker", "coach"}, {"other_manager"}),
    "answer": ("/plans/items/{item}/answer/", {"manager", "worker"}, {"other_manager"}),
    "check": ("/plans/items/{item}/check/", {"coach", "team_leader", "programme_manager"}, {"foreign_manager"}),
}


@pytest.mark.parametrize("name", PAGES)
def test_who_sees_the_page(scene, seen_by, name):
    address, seen, not_found = PAGES[name]
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    action = add_action(
        ref=scene.item.ref, text="Clear it.", owner_name="Keo", owner_side="workers", due_on=TODAY, by=scene.manager
    )
    url = address.format(factory=scene.factory.ref, item=scene.item.ref, own=own.ref, action=action.ref)
    assert seen_by(scene, url) == statuses(seen, not_found)


def test_who_sees_the_list_of_plans(scene, client):
    """Whoever sees just one plan is led to it."""
    builders.a_plan(scene.other_factory)
    places = {}
    for key, person in scene.people.items():
        if person is None:
            continue
        client.force_login(person)
        places[key] = client.get("/plans/").status_code
    one = {"manager", "worker", "coach", "buyer", "other_manager"}
    several = {"team_leader", "programme_manager", "quality"}
    none = {"unpaid_buyer", "stranger_buyer", "foreign_manager"}
    assert places == dict.fromkeys(EVERYONE, 403) | dict.fromkeys(one, 302) | dict.fromkeys(several | none, 200)


def page(client, person, url: str) -> str:
    client.force_login(person)
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def board_of(client, scene, person, query: str = "") -> str:
    return page(client, person, f"/plans/{scene.factory.ref}/{query}")


def titles(html: str) -> set[str]:
    return {title for title in ("EX-1 is not well.", "EX-2 is not well.", "Wires hang") if title in html}


def test_each_sees_their_items_of_the_board(scene, client):
    add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    every = {"EX-1 is not well.", "EX-2 is not well.", "Wires hang"}
    for view in ("board", "list", "dates"):
        readers = SEES_PLANS | {"buyer"}
        seen = {key: titles(board_of(client, scene, scene.people[key], f"?view={view}")) for key in readers}
        assert seen == dict.fromkeys(SEES_PLANS, every) | {"buyer": every - {"Wires hang"}}


def test_filters_stand_in_the_address(scene, client):
    done(scene, scene.public_item)
    expected = {
        "?only=public": {"EX-1 is not well."},
        "?only=mine": {"EX-2 is not well."},
        "?only=late": set(),
        "?lane=waiting": {"EX-1 is not well."},
        "?lane=to_agree&view=list": {"EX-2 is not well."},
        "?cluster=osh": {"EX-1 is not well.", "EX-2 is not well."},
        "?cluster=unknown": set(),
        "?lane=unknown&only=unknown&view=unknown": {"EX-1 is not well.", "EX-2 is not well."},
    }
    assert {query: titles(board_of(client, scene, scene.manager, query)) for query in expected} == expected


def test_a_plan_without_items_says_when_they_come(scene, client):
    builders.paid(scene.roth, builders.a_cycle(scene.other_factory))
    builders.consented(scene.roth, scene.other_factory)
    builders.consented(scene.nordlys, scene.other_factory)
    url = f"/plans/{scene.other_factory.ref}/"
    html = page(client, scene.other_manager, url)
    assert "No plan items yet. They appear when the report is released, or add one now." in html
    assert "No plan items yet. They appear when the report is released." in page(client, scene.stranger_buyer, url)
    for key in ("manager", "buyer", "unpaid_buyer"):
        client.force_login(scene.people[key])
        assert client.get(url).status_code == 404, key


def test_a_revoked_consent_closes_plan_and_item(scene, client):
    client.force_login(scene.buyer)
    urls = [f"/plans/{scene.factory.ref}/", f"/plans/items/{scene.item.ref}/", f"/plans/{scene.factory.ref}/talk/"]
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    Standing.objects.filter(buyer=scene.nordlys, holder=None).update(ends_at=clock.now())
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_an_item_found_again_in_an_unpaid_cycle_leaves_the_buyers_sight(scene, client):
    cycle_2 = builders.a_cycle(scene.factory, 2, starts_on=date(2026, 11, 2))
    with clock.at(SECOND_YEAR):
        adopted(scene, released(scene, cycle_2, scene.second_tool), "EX-12", roots=SECOND, at=SECOND_YEAR)
        assert titles(board_of(client, scene, scene.buyer)) == {"EX-2 is not well."}
        assert client.get(f"/plans/items/{scene.public_item.ref}/").status_code == 404
        builders.paid(scene.costa, cycle_2)
        assert titles(board_of(client, scene, scene.unpaid_buyer)) == {"EX-1 is not well."}
        assert client.get(f"/plans/items/{scene.item.ref}/").status_code == 404


@pytest.fixture
def worked(scene):
    """EX-2 with everything that may be written on it."""
    edited(scene, scene.manager, immediate_action="Moved to the yard", whys=[("Why?", "The store is full")],
           root_cause="Nobody owns the space")
    add_action(
        ref=scene.item.ref, text="Rent a second store", owner_name="Keo Vanna", owner_side="management",
        due_on=date(2026, 1, 19), by=scene.manager,
    )
    add_action(
        ref=scene.item.ref, text="Check at shift start", owner_name="Chhim Bora", owner_side="workers",
        due_on=date(2026, 3, 7), by=scene.worker,
    )
    answer_agreement(ref=scene.item.ref, position="disagrees", reason="The day is too far", by=scene.worker)
    add_evidence(ref=scene.item.ref, file=a_photo(), note="East exit", is_before=False, by=scene.worker)
    return scene


DETAILS = {
    "Moved to the yard", "The store is full", "Nobody owns the space", "Rent a second store", "Keo Vanna",
    "Check at shift start", "Chhim Bora", "The day is too far", "East exit", "14 days late", "7 March", "19 January",
    "Chan Sopheap", "Keo Sreymom",
}


def shown(html: str, words: set[str]) -> set[str]:
    return {word for word in words if word in html}


def every_page(client, scene, person) -> str:
    urls = [f"/plans/{scene.factory.ref}/{view}" for view in ("", "?view=list", "?view=dates", "?only=late&view=list")]
    urls += [f"/plans/items/{scene.item.ref}/", f"/plans/{scene.factory.ref}/talk/", "/log/"]
    return "".join(page(client, person, url) for url in urls)


def test_a_buyer_reads_no_detail_before_the_factory_shares_it(worked, client):
    assert shown(every_page(client, worked, worked.buyer), DETAILS) == set()
    assert shown(every_page(client, worked, worked.coach), DETAILS) == DETAILS
    [stored] = files_of_evidence(worked)
    client.force_login(worked.buyer)
    assert client.get(f"/files/{stored.ref}/").status_code == 404


def files_of_evidence(scene):
    return list(files_of(ItemEvidence.objects.get()))


def test_a_buyer_reads_details_once_shared_but_no_name_of_the_workers_side(worked, client):
    share_details(plan_ref=worked.plan.ref, by=worked.manager)
    seen = shown(every_page(client, worked, worked.buyer), DETAILS)
    assert DETAILS - seen == {"Chhim Bora", "Keo Sreymom", "Chan Sopheap"}
    [stored] = files_of_evidence(worked)
    answer = client.get(f"/files/{stored.ref}/")
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"\xff\xd8")
    client.force_login(worked.stranger_buyer)
    assert client.get(f"/files/{stored.ref}/").status_code == 404


def test_a_buyer_is_a_buyer_to_the_others_unless_it_may_be_named(scene, client):
    builders.paid(scene.costa, scene.cycle)
    for item_ref in (scene.item.ref, None):
        write_message(plan_ref=scene.plan.ref, item_ref=item_ref, text="Can we help?", by=scene.buyer)
        write_message(plan_ref=scene.plan.ref, item_ref=item_ref, text="Check at noon.", by=scene.worker)
    unnamed = "<bdi>A buyer</bdi>"
    names = {"Lena Berg", "Nordlys", unnamed, "Keo Sreymom", "Can we help?"}
    assert shown(every_page(client, scene, scene.unpaid_buyer), names) == {unnamed, "Can we help?"}
    for key in ("manager", "worker", "coach", "quality"):
        seen = shown(every_page(client, scene, scene.people[key]), names)
        assert seen == names - {unnamed}, key
    assert shown(every_page(client, scene, scene.buyer), names) == {"Lena Berg", "Nordlys", "Can we help?"}
    scene.nordlys.may_be_named = True
    scene.nordlys.save()
    assert shown(every_page(client, scene, scene.unpaid_buyer), names) == {"Nordlys", "Can we help?"}


def test_the_board_moves_an_item_and_comes_back(scene, client):
    client.force_login(scene.worker)
    board = f"http://testserver/plans/{scene.factory.ref}/?only=public"
    move = f"/plans/items/{scene.public_item.ref}/move/"
    assert client.post(move, {"to": "doing"}, headers={"referer": board}).url == board
    scene.public_item.refresh_from_db()
    assert scene.public_item.status == "in_progress"
    answer = client.post(move, {"to": "waiting"}, headers={"referer": "https://elsewhere.example/"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/plans/items/{scene.public_item.ref}/"
    assert "Item 1 cannot be called done yet" in answer.content.decode()
    assert client.post(move, {"to": "nowhere"}).status_code == 404
    assert client.get(move).status_code == 405
    for key in ("buyer", "team_leader", "quality"):
        client.force_login(scene.people[key])
        assert client.post(move, {"to": "doing"}).status_code == 403


def test_an_edit_too_late_shows_both_versions_and_keeps_what_was_typed(scene, client):
    client.force_login(scene.worker)
    url = f"/plans/items/{scene.item.ref}/edit/"
    edited(scene, scene.manager, root_cause="Nobody owns the space")
    typed = {"immediate_action": "", "root_cause": "The store is full", "revision": "1", "why_1": "Why there?"}
    html = client.post(url, typed).content.decode()
    both = {"Nobody owns the space", "The store is full", "Why there?", "Chan Sopheap changed this item"}
    assert shown(html, both) == both
    assert 'name="revision" value="2"' in html
    assert ItemDetail.objects.get(item=scene.item).root_cause == "Nobody owns the space"
    assert client.post(url, typed | {"revision": "2"}).status_code == 302
    assert ItemDetail.objects.get(item=scene.item).root_cause == "The store is full"


BAD_INPUT = {
    "add": ("/plans/{factory}/add/", {"title": "", "question": ""}, "Fill in: What is not as it should be"),
    "add twice": (
        "/plans/{factory}/add/", {"title": "The exit again", "question": "EX-1"},
        "Item 1 is about this question already. Go on working there.",
    ),
    "action": (
        "/plans/items/{item}/actions/add/",
        {"text": "Rent a store", "owner_name": "", "owner_side": "management", "due_on": "soon"},
        "Fill in: Who does it",
    ),
    "answer": (
        "/plans/items/{item}/answer/", {"position": "disagrees", "reason": ""},
        "Say what your side disagrees with. The other side reads it.",
    ),
    "evidence": (
        "/plans/items/{item}/evidence/add/", {"note": "The east exit", "moment": "after"}, "Fill in: Photo"
    ),
    "message": ("/plans/items/{item}/message/", {"text": " "}, "Fill in: Your message, in any language"),
    "withdraw": ("/plans/items/{own}/withdraw/", {"reason": ""}, "Fill in: Why it leaves the plan"),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_named_where_it_stands_and_nothing_is_saved(scene, client, name):
    address, typed, error = BAD_INPUT[name]
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    client.force_login(scene.manager)
    url = address.format(factory=scene.factory.ref, item=scene.item.ref, own=own.ref)
    before = [model.objects.count() for model in (PlanItem, ItemAction, ItemEvidence, ThreadMessage)]
    response = client.post(url, typed)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count(error) == 2  # in the summary and at the field
    assert all(value in html for value in typed.values() if value.strip())
    assert [model.objects.count() for model in (PlanItem, ItemAction, ItemEvidence, ThreadMessage)] == before


def test_a_file_that_is_no_photo_is_refused_at_its_field(scene, client):
    client.force_login(scene.worker)
    url = f"/plans/items/{scene.item.ref}/evidence/add/"
    page_as_photo = SimpleUploadedFile("exit.jpg", b"<html>", content_type="image/jpeg")
    html = client.post(url, {"file": page_as_photo, "note": "The east exit", "moment": "before"}).content.decode()
    assert html.count("This file is not a photo that can be shown. Send a JPEG, PNG or WebP picture.") == 2
    assert "The east exit" in html
    assert ItemEvidence.objects.count() == 0
    photo = SimpleUploadedFile("exit.jpg", a_photo().read(), content_type="image/jpeg")
    assert client.post(url, {"file": photo, "note": "The east exit", "moment": "before"}).status_code == 302
    assert ItemEvidence.objects.get().is_before


def test_both_sides_answer_and_staff_check_through_the_pages(scene, client):
    ref = scene.public_item.ref
    for person in (scene.manager, scene.worker):
        html = page(client, person, f"/plans/items/{ref}/")
        assert "Does your side agree?" in html
        client.post(f"/plans/items/{ref}/answer/", {"position": "agrees"})
        assert "Does your side agree?" not in page(client, person, f"/plans/items/{ref}/")
    client.post(f"/plans/items/{ref}/edit/", {"immediate_action": "Opened.", "revision": "1"})
    for to in ("doing", "waiting"):
        client.post(f"/plans/items/{ref}/move/", {"to": to})
    html = page(client, scene.coach, f"/plans/items/{ref}/")
    assert "The factory says this is remedied" in html
    check = f"/plans/items/{ref}/check/"
    refused = client.post(check, {"decision": "refused", "reason": ""}).content.decode()
    assert "Say what is still missing, so that the factory can go on." in refused
    client.post(check, {"decision": "refused", "reason": "The lock is still there."})
    assert "The lock is still there." in page(client, scene.worker, f"/plans/items/{ref}/")
    assert "The lock is still there." not in page(client, scene.buyer, f"/plans/items/{ref}/")


def test_done_without_a_check_is_called_the_factorys_own_word(scene, client):
    done(scene, scene.item)
    done(scene, scene.public_item)
    decide_check(ref=scene.public_item.ref, is_accepted=True, by=scene.coach)
    own, verified = "The factory says it is done", "Verified by the programme"
    pages = {item: page(client, scene.buyer, f"/plans/items/{item.ref}/") for item in (scene.item, scene.public_item)}
    assert shown(pages[scene.item], {own, verified}) == {own}
    assert shown(pages[scene.public_item], {own, verified}) == {verified}


def test_an_answer_says_when_the_item_was_changed_after_it(scene, client):
    url = f"/plans/items/{scene.item.ref}/"
    with clock.at(FIRST_DAY + timedelta(hours=1)):
        answer_agreement(ref=scene.item.ref, position="agrees", by=scene.worker)
    assert "the item was changed since" not in page(client, scene.manager, url)
    with clock.at(FIRST_DAY + timedelta(hours=2)):
        edited(scene, scene.manager, root_cause="Nobody owns the space")
    assert page(client, scene.worker, url).count("the item was changed since") == 1


def test_the_plan_of_a_merged_factory_leads_to_the_survivor(scene, client):
    scene.other_factory.merged_into, scene.other_factory.status = scene.factory, "merged"
    scene.other_factory.save()
    client.force_login(scene.team_leader)
    assert client.get(f"/plans/{scene.other_factory.ref}/").url == f"/plans/{scene.factory.ref}/"
    client.force_login(scene.other_manager)
    assert client.get(f"/plans/{scene.other_factory.ref}/", follow=True).status_code == 404


def test_a_withdrawn_item_says_why_and_offers_nothing(scene, client):
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    client.force_login(scene.worker)
    client.post(f"/plans/items/{own.ref}/withdraw/", {"reason": "It was a shadow."})
    html = page(client, scene.worker, f"/plans/items/{own.ref}/")
    assert "This item was withdrawn: It was a shadow." in html
    assert shown(html, {"Begin the work", "Add evidence", "Write why", "Add an action", "Your turn"}) == set()
    assert "Wires hang" not in board_of(client, scene, scene.worker)


def waiting(person, today=TODAY) -> list[tuple]:
    return [(todo.title, todo.due_on, todo.action) for todo in queries.todos(person, today)]


def test_what_waits_for_whom(scene):
    done(scene, scene.public_item)
    add_action(
        ref=scene.item.ref, text="x", owner_name="K", owner_side="workers", due_on=date(2026, 2, 28), by=scene.manager
    )
    answer_agreement(ref=scene.item.ref, position="agrees", by=scene.manager)
    check = ("Check item 1: EX-1 is not well.", None, "Check")
    due = ("EX-2 is not well.", date(2026, 2, 28), "Open")
    answer = ("Say whether your side agrees with item 2", None, "Answer")
    lines = {key: found for key in EVERYONE if (found := waiting(scene.people[key]))}
    assert lines == {
        "manager": [due], "worker": [answer, due], "coach": [check], "team_leader": [check],
        "programme_manager": [check],
    }
    assert waiting(scene.manager, date(2026, 1, 31)) == []
    decide_check(ref=scene.public_item.ref, is_accepted=False, reason="The lock.", by=scene.coach)
    refused = ("The programme did not accept item 1: EX-1 is not well.", None, "Go on")
    assert waiting(scene.manager) == [refused, due]
    assert waiting(scene.coach) == []
    assert queries.todos(scene.worker, TODAY)[0] == Todo(
        "Say whether your side agrees with item 2", f"/plans/items/{scene.item.ref}/", None, "Mekong Stitch", "Answer"
    )


def test_many_answers_are_one_line(scene):
    assert queries.todos(scene.worker, TODAY) == [
        Todo("Say whether your side agrees with 2 items", f"/plans/{scene.factory.ref}/?only=mine", None,
             "Mekong Stitch", "Answer"),
    ]


def many_items(scene, first: int, last: int) -> None:
    roots = {f"ZZ-{n}": [f"ZZ-{n}"] for n in range(first, last)}
    items = adopted(scene, scene.assessment, *roots, roots=roots)
    ItemDetail.objects.filter(item__in=items).update(root_cause="x", due_on=TODAY - timedelta(days=3))
    ItemAction.objects.bulk_create(
        ItemAction(item=item, text="x", owner_name="K", owner_side="workers", due_on=TODAY) for item in items
    )
    ItemEvidence.objects.bulk_create(ItemEvidence(item=item, by=scene.worker) for item in items)


def asked(take) -> int:
    with CaptureQueriesContext(connection) as captured:
        take()
    return len(captured)


def test_nothing_asks_more_of_a_long_plan(scene, client):
    share_details(plan_ref=scene.plan.ref, by=scene.manager)
    reads = {"todos": lambda: queries.todos(scene.manager, TODAY), "checks": lambda: queries.todos(scene.coach, TODAY),
             "frozen": lambda: queries.frozen_plan(scene.plan, scene.cycle)}
    for key in ("manager", "buyer", "team_leader"):
        person = scene.people[key]
        for view in ("board", "list", "dates"):
            reads[f"{view} for {key}"] = partial(board_of, client, scene, person, f"?view={view}")
    many_items(scene, 0, 18)
    for read in reads.values():
        read()
    small = {name: asked(read) for name, read in reads.items()}
    many_items(scene, 18, 198)
    assert PlanItem.objects.count() == 200
    large = {name: asked(read) for name, read in reads.items()}
    assert large == small
    # A factory's tabs ask a question or two each, whatever the plan holds.
    assert max(large.values()) <= 42, large


def test_the_list_of_plans_counts_what_its_reader_sees(scene, client):
    own = add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    assert own.number == 3
    done(scene, scene.public_item)
    other = builders.a_plan(scene.other_factory)
    def loads(person):
        return {pk: (load.open, load.waiting) for pk, load in queries.loads_of(person, [scene.plan, other]).items()}
    assert loads(scene.team_leader) == {scene.plan.pk: (2, 1)}
    assert loads(scene.buyer) == {scene.plan.pk: (1, 1)}
    assert [plan.factory.name for plan in queries.plans_for(scene.team_leader)] == ["Mekong Stitch", "Tonle Garment"]

    def counted() -> int:
        return asked(lambda: page(client, scene.team_leader, "/plans/?page=1"))

    counted()
    small = counted()
    for number in range(30):
        builders.a_plan(builders.a_factory(f"Factory {number}"))
    assert counted() == small


def test_an_item_with_a_long_history_costs_no_more(scene, client):
    def once() -> int:
        return asked(lambda: page(client, scene.manager, f"/plans/items/{scene.item.ref}/"))

    page(client, scene.manager, f"/plans/items/{scene.item.ref}/")
    first = answer_agreement(ref=scene.item.ref, position="agrees", by=scene.manager)
    add_evidence(ref=first.ref, file=a_photo(), note="", is_before=True, by=scene.worker)
    write_message(plan_ref=scene.plan.ref, item_ref=first.ref, text="Hello", by=scene.buyer)
    small = once()
    for _ in range(12):
        answer_agreement(ref=first.ref, position="agrees", by=scene.worker)
        add_evidence(ref=first.ref, file=a_photo(), note="", is_before=True, by=scene.worker)
        write_message(plan_ref=scene.plan.ref, item_ref=first.ref, text="Hello", by=scene.buyer)
        add_action(ref=first.ref, text="x", owner_name="K", owner_side="workers", due_on=TODAY, by=scene.worker)
    assert once() <= small + 1  # the next action's day is there now


def test_the_plan_as_a_progress_report_freezes_it(worked):
    scene = worked
    add_self_found(factory_ref=scene.factory.ref, title="Wires hang", by=scene.manager)
    move_item(ref=scene.item.ref, status="in_progress", by=scene.worker)
    one, two = queries.frozen_plan(scene.plan, scene.cycle, languages=("en", "fr"))
    assert (one["number"], one["is_public"], one["changes"][0]["what"]["en"]) == (1, True, "added an item to the plan")
    changes = two.pop("changes")
    assert len(changes) == 7
    assert {change["by"] for change in changes} == {""}
    assert two == {
        "ref": scene.item.ref, "number": 2, "question_id": "EX-2",
        "cluster": {"en": "Occupational safety and health", "fr": "Occupational safety and health"},
        "point": {"en": "Emergency preparedness", "fr": "Emergency preparedness"},
        "text": {"en": "EX-2 is not well."}, "source": "finding", "status": "in_progress", "is_public": False,
        "is_late": True, "first_seen_on": "2026-02-02", "updated_on": "2026-02-02", "closed_on": None,
        "management": "not_yet", "workers": "disagrees", "verification": "not_needed",
        "immediate_action": {"language": "en", "text": "Moved to the yard"},
        "root_cause": {"language": "en", "text": "Nobody owns the space"},
        "actions": [
            {"text": {"language": "en", "text": "Rent a second store"}, "owner": "Keo Vanna",
             "owner_side": "management", "due_on": "2026-01-19", "done_on": None, "is_late": True},
            {"text": {"language": "en", "text": "Check at shift start"}, "owner": "", "owner_side": "workers",
             "due_on": "2026-03-07", "done_on": None, "is_late": False},
        ],
        "evidence_count": 1, "seriousness": "", "law": [],
    }


def test_a_finding_again_shows_since_when(scene, client):
    cycle_2 = builders.a_cycle(scene.factory, 2, starts_on=date(2026, 11, 2))
    assessment_2 = released(scene, cycle_2, scene.second_tool)
    with clock.at(SECOND_YEAR):
        adopted(scene, assessment_2, "EX-12", roots=SECOND, at=SECOND_YEAR)
        html = page(client, scene.manager, f"/plans/items/{scene.public_item.ref}/")
    assert "Finding EX-12, found again since 2026." in html
    assert "EX-1 · cycle 1 · 2 February 2026" in html
    assert "EX-12 · cycle 2 · 1 February 2027" in html


def test_a_buyer_is_told_who_reads_what_it_writes_when_a_cycle_has_begun_that_it_has_not_paid(scene, client):
    """A buyer's word belongs to the last cycle it has paid for; the factory's to the present one."""
    builders.a_cycle(scene.factory, 2, starts_on=date(2026, 11, 2))
    url = f"/plans/{scene.factory.ref}/talk/"
    assert "its coach, the programme and 1 buyer read this thread" in page(client, scene.buyer, url)
    assert "No buyer reads it yet." in page(client, scene.manager, url)
