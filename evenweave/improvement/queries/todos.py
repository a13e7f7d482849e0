"""What of the plans waits for a person: the improvement room's lines of the desk."""

import calendar
from collections import defaultdict
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.improvement.enums import Agreement, ItemStatus, Side, Verification
from evenweave.improvement.models import ItemDetail, PlanItem
from evenweave.improvement.rules import SIDE_OF
from evenweave.people.models import Person
from evenweave.toolkit.todo import Todo

MOST_LINES = 40


def todos(person: Person, today: date) -> list[Todo]:
    """For the factory's two sides: answers outstanding, items not accepted, items due until the end of this month.
    For the programme's staff: checks asked for. At most 40 lines of a kind; at most seven queries."""
    sides = _sides_of(person)
    lines = _checks_asked(person)
    if sides:
        lines += _answers_outstanding(person, sides) + _not_accepted(person) + _due(person, today)
    return lines


def _sides_of(person: Person) -> dict[int, Side]:
    """Factory → the side the person answers for there; who would answer for both answers for none."""
    held = Standing.objects.active().filter(holder=person, role__in=SIDE_OF, factory__isnull=False)
    found: dict[int, set[Side]] = defaultdict(set)
    for role, factory in held.values_list("role", "factory_id"):
        found[factory].add(SIDE_OF[role])
    return {factory: sides.pop() for factory, sides in found.items() if len(sides) == 1}


def _open_items(person: Person, action: Action):
    items = PlanItem.objects.permitted(person, action).filter(withdrawn_at__isnull=True)
    return items.exclude(status=ItemStatus.COMPLETED).select_related("plan__factory")


def _answers_outstanding(person: Person, sides: dict[int, Side]) -> list[Todo]:
    """One line a factory: after a release there may be forty items to answer."""
    waiting: dict[int, list[PlanItem]] = defaultdict(list)
    for item in _open_items(person, Action.PLAN_AGREE).filter(plan__factory__in=sides).order_by("number"):
        if getattr(item, sides[item.plan.factory_id].value) == Agreement.NOT_YET:
            waiting[item.plan.factory_id].append(item)
    return [_answer(items) for items in waiting.values()]


def _answer(items: list[PlanItem]) -> Todo:
    factory = items[0].plan.factory
    if len(items) == 1:
        title = _("Say whether your side agrees with item %(number)s") % {"number": items[0].number}
        return Todo(title, items[0].get_absolute_url(), meta=factory.name, action=pgettext("act", "Answer"))
    title = ngettext(
        "Say whether your side agrees with %(count)s item", "Say whether your side agrees with %(count)s items",
        len(items),
    ) % {"count": len(items)}
    href = f"{reverse('plan', args=[factory.ref])}?only=mine"
    return Todo(title, href, meta=factory.name, action=pgettext("act", "Answer"))


def _not_accepted(person: Person) -> list[Todo]:
    refused = _open_items(person, Action.PLAN_AGREE).filter(verification=Verification.REFUSED)
    return [
        Todo(
            _("The programme did not accept item %(number)s: %(title)s") % {"number": item.number, "title": item.title},
            item.get_absolute_url(), meta=item.plan.factory.name, action=_("Go on"),
        )
        for item in refused.order_by("number")[:MOST_LINES]
    ]


def _due(person: Person, today: date) -> list[Todo]:
    until = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    due = ItemDetail.objects.permitted(person, Action.PLAN_AGREE).filter(
        due_on__lte=until, item__withdrawn_at__isnull=True
    )
    due = due.exclude(item__status=ItemStatus.COMPLETED).select_related("item__plan__factory").order_by("due_on", "pk")
    return [
        Todo(
            detail.item.title, detail.item.get_absolute_url(), due_on=detail.due_on,
            meta=_("Item %(number)s of %(factory)s")
            % {"number": detail.item.number, "factory": detail.item.plan.factory.name},
            action=pgettext("act", "Open"), language=detail.item.language,
        )
        for detail in due[:MOST_LINES]
    ]


def _checks_asked(person: Person) -> list[Todo]:
    asked = PlanItem.objects.permitted(person, Action.PLAN_VERIFY).filter(
        verification=Verification.ASKED, withdrawn_at__isnull=True
    )
    return [
        Todo(
            _("Check item %(number)s: %(title)s") % {"number": item.number, "title": item.title},
            item.get_absolute_url(), meta=item.plan.factory.name, action=pgettext("act", "Check"),
        )
        for item in asked.select_related("plan__factory").order_by("completed_at", "pk")[:MOST_LINES]
    ]
