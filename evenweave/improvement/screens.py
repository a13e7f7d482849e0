"""What the pages of the plan say: rows and records of the queries as the components' parts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evenweave.access.enums import Action, Shared
from evenweave.activity.models import Entry
from evenweave.activity.steps import Step
from evenweave.assessments.models import Finding
from evenweave.improvement import rules
from evenweave.improvement.enums import Agreement, ItemOrigin, ItemSource, ItemStatus, Lack, Lane, Side, Verification
from evenweave.improvement.models import PlanItem, SideAnswer
from evenweave.improvement.queries import Counts, ItemRead, ItemRow, PlanRead, Said
from evenweave.improvement.queries.items import Proof
from evenweave.organisations.models import Factory
from evenweave.programmes.queries import local_today
from evenweave.toolkit import parts
from evenweave.toolkit.components.marks import spoken
from evenweave.toolkit.days import short_day

CARDS_SHOWN = 6

LANE_ICONS = {
    Lane.TO_AGREE: "circle", Lane.AGREED: "knot", Lane.DOING: "circle-half-2", Lane.WAITING: "clock",
    Lane.VERIFIED: "shield-check",
}
STATUS_OF_LANE = {
    Lane.TO_AGREE: ItemStatus.PENDING, Lane.AGREED: ItemStatus.PENDING, Lane.DOING: ItemStatus.IN_PROGRESS,
    Lane.WAITING: ItemStatus.COMPLETED, Lane.VERIFIED: ItemStatus.COMPLETED,
}
SIDES = {Agreement.AGREES: "yes", Agreement.DISAGREES: "no", Agreement.NOT_YET: ""}


def day_at(factory: Factory, moment: datetime) -> date:
    return local_today(factory.programme, moment)


def short(day: date, today: date) -> str:
    """"9 November", with the year when it is another one."""
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def days_late(count: int) -> str:
    return ngettext("%(days)s day late", "%(days)s days late", count) % {"days": count}


# ---- the plan


def plan_title(read: PlanRead) -> str:
    return _("Our plan") if read.ties.side else _("Improvement plan")


def plan_sentence(counts: Counts) -> str:
    if not counts.total:
        return _("One plan for the factory, the workers and every buyer.")
    items = ngettext("%(count)s item", "%(count)s items", counts.total) % {"count": counts.total}
    done = _("%(count)s done or verified") % {"count": counts.lanes[Lane.VERIFIED]}
    late = _("%(count)s late") % {"count": counts.late}
    return _("One plan for the factory, the workers and every buyer. %(items)s: %(done)s, %(late)s.") % {
        "items": items, "done": done, "late": late,
    }


def plan_marks(counts: Counts) -> list[parts.Mark]:
    lanes = counts.lanes
    return [
        parts.Mark("full", lanes[Lane.VERIFIED], _("done or verified")),
        parts.Mark("hatched", lanes[Lane.WAITING], _("waiting for check")),
        parts.Mark("half", lanes[Lane.DOING], _("in work")),
        parts.Mark("empty", lanes[Lane.AGREED], _("agreed")),
        parts.Mark("dashed", lanes[Lane.TO_AGREE], _("to agree")),
    ]


def view_links(query: QueryDict, view: str) -> list[parts.Link]:
    views = [("board", _("Board"), "layout-kanban"), ("list", _("List"), "list"), ("dates", _("Dates"), "calendar")]
    return [
        parts.Link(label, _address(query, view=key), icon=icon, is_current=view == key) for key, label, icon in views
    ]


def filter_links(query: QueryDict, counts: Counts, only: str, *, has_own: bool, has_days: bool) -> list[parts.Link]:
    """`has_own`: something can wait for this reader; `has_days`: the reader sees due days."""
    offered = [("", _("All"), counts.total), ("public", _("Publicly reported"), counts.public)]
    if has_days:
        offered.insert(1, ("late", _("Late"), counts.late))
    if has_own:
        offered.insert(1, ("mine", _("Mine"), counts.mine))
    return [
        parts.Link(label, _address(query, only=key), is_current=only == key, count=count)
        for key, label, count in offered
    ]


def _address(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"?{changed.urlencode()}"


def lanes(rows: Sequence[ItemRow], read: PlanRead, query: QueryDict) -> list[parts.Lane]:
    """The five columns; a long one shows its first cards and leads to the rest in the list."""
    made = []
    for lane in Lane:
        inside = [row for row in rows if row.lane == lane]
        inside.sort(key=lambda row: (row.due_on or date.max, row.item.number))
        more = len(inside) - CARDS_SHOWN
        made.append(
            parts.Lane(
                str(lane.label), LANE_ICONS[lane], len(inside), [card(row, read) for row in inside[:CARDS_SHOWN]],
                key=lane.value,
                more_href=_address(query, view="list", lane=lane.value) if more > 0 else "",
                more_word=_("%(count)s more") % {"count": more} if more > 0 else "",
            )
        )
    return made


def card(row: ItemRow, read: PlanRead) -> parts.Item:
    item = row.item
    return parts.Item(
        number=item_word(item),
        title=spoken(item.title, item.language),
        href=item.get_absolute_url(),
        owner=row.owner or (_("not named") if read.sees_details and item.status != ItemStatus.COMPLETED else ""),
        due=_due_words(row, read),
        is_late=row.is_late,
        evidence=_photos(row.evidence),
        audience=_("Public") if item.is_public else "",
        tag=card_tag(row),
        agreement=agreement_of(item),
        moves=moves_of(item, row.lane) if read.may(Action.PLAN_EDIT) else (),
        move_action=reverse("plan_item_move", args=[item.ref]),
    )


def card_tag(row: ItemRow) -> parts.Tag | None:
    """Only what the column does not say."""
    if row.item.verification == Verification.REFUSED:
        return parts.Tag("wrong", _("Not accepted"))
    if row.item.verification == Verification.VERIFIED:
        return parts.Tag("good", _("Verified"), "shield-check")
    if row.lane == Lane.VERIFIED:
        return parts.Tag("none", _("Not checked"), "check")
    if row.item.source == ItemSource.SELF_FOUND and row.item.origin == ItemOrigin.COMMITTEE:
        return parts.Tag("none", _("Decided by the committee"), "users")
    if row.item.source == ItemSource.SELF_FOUND and row.item.origin == ItemOrigin.SELF_ASSESSMENT:
        return parts.Tag("none", _("Self-reported"), "pencil")
    if row.item.source == ItemSource.SELF_FOUND:
        return parts.Tag("none", _("Found by the factory"), "search")
    return None


def lane_tag(row: ItemRow) -> parts.Tag:
    families = {
        Lane.TO_AGREE: "none", Lane.AGREED: "none", Lane.DOING: "doing", Lane.WAITING: "waiting", Lane.VERIFIED: "good",
    }
    own = card_tag(row)
    if own is not None and (row.lane == Lane.VERIFIED or row.item.verification == Verification.REFUSED):
        return own
    return parts.Tag(families[row.lane], str(row.lane.label), LANE_ICONS[row.lane])


def _due_words(row: ItemRow, read: PlanRead) -> str:
    if row.item.status == ItemStatus.COMPLETED and row.item.completed_at:
        day = day_at(read.factory, row.item.completed_at)
        return _("done %(day)s") % {"day": short(day, read.today)}
    if not read.sees_details:
        return ""
    if row.is_late:
        return days_late(row.days_late)
    return _("due %(day)s") % {"day": short(row.due_on, read.today)} if row.due_on else _("no date yet")


def _photos(count: int) -> str:
    return ngettext("%(count)s photo", "%(count)s photos", count) % {"count": count} if count else ""


def item_word(item: PlanItem) -> str:
    return _("Item %(number)s") % {"number": item.number}


def agreement_of(item: PlanItem) -> tuple[str, str, str]:
    return SIDES[Agreement(item.management)], SIDES[Agreement(item.workers)], agreement_words(item)


def agreement_words(item: PlanItem) -> str:
    """Who has still to answer, or who disagrees."""
    management, workers = Agreement(item.management), Agreement(item.workers)
    no, none = Agreement.DISAGREES, Agreement.NOT_YET
    if management is no and workers is no:
        return _("Both sides disagree")
    if no in (management, workers):
        return _("Management disagrees") if management is no else _("Workers disagree")
    if management is none and workers is none:
        return _("Both sides to answer")
    if none in (management, workers):
        return _("Management to answer") if management is none else _("Workers to answer")
    return _("Both sides agree")


def moves_of(item: PlanItem, lane: Lane) -> list[parts.Choice]:
    """Where the item may go, as the column it will stand in."""
    choices = []
    for status in rules.moves_from(item.state, is_withdrawn=item.withdrawn_at is not None):
        to = rules.lane_of(rules.moved(item.state, status, is_public=item.is_public))
        choices.append(parts.Choice(str(to.label), to.value))
    return choices


def by_month(rows: Iterable[ItemRow], read: PlanRead) -> list[tuple[str, list[parts.Entry]]]:
    """Items under the month in which their next action is due: the late ones first, those without a day last."""
    groups: dict[tuple, list[ItemRow]] = {}
    for row in rows:
        groups.setdefault(_month_key(row, read.today), []).append(row)
    return [
        (_month_title(key), [_entry(row, read) for row in sorted(groups[key], key=_by_day)]) for key in sorted(groups)
    ]


def _by_day(row: ItemRow) -> tuple:
    return row.due_on or date.max, row.item.number


def _month_key(row: ItemRow, today: date) -> tuple:
    if row.lane in (Lane.WAITING, Lane.VERIFIED):
        return (3,)
    if row.due_on is None:
        return (2,)
    return (0,) if row.due_on < today else (1, row.due_on.year, row.due_on.month)


def _month_title(key: tuple) -> str:
    if key[0] == 1:
        return date_format(date(key[1], key[2], 1), "F Y")
    return {0: _("Late"), 2: _("No date yet"), 3: _("Done")}[key[0]]


def _entry(row: ItemRow, read: PlanRead) -> parts.Entry:
    when, more = "", ""
    if row.due_on:
        when, more = short_day(row.due_on, row.due_on.year), days_late(row.days_late) if row.is_late else ""
    elif row.item.completed_at:
        done_on = day_at(read.factory, row.item.completed_at)
        when = short_day(done_on, done_on.year)
    tags = [lane_tag(row)]
    if row.item.is_public:
        tags.append(parts.Tag("audience", _("Public")))
    meta = " · ".join(filter(None, (item_word(row.item), row.owner, agreement_words(row.item))))
    return parts.Entry(
        when=when, when_more=more, title=spoken(row.item.title, row.item.language),
        href=row.item.get_absolute_url(), meta=meta, tags=tags,
        state="late" if row.is_late else "turn" if row.waits_for_me else "",
    )


# ---- one item


def item_tags(one: ItemRead) -> list[parts.Tag]:
    item, tags = one.item, []
    if one.is_withdrawn:
        return [parts.Tag("none", _("Withdrawn"), "x")]
    late = max((row.days_late for row in one.actions), default=0)
    if late and item.status != ItemStatus.COMPLETED:
        tags.append(parts.Tag("danger", days_late(late), "clock"))
    if item.verification == Verification.REFUSED:
        tags.append(parts.Tag("wrong", _("Not accepted")))
    if item.verification == Verification.VERIFIED:
        tags.append(parts.Tag("good", _("Verified by the programme"), "shield-check"))
    elif rules.is_own_word(item.state):
        tags.append(parts.Tag("none", _("The factory says it is done"), "check"))
    if item.is_public:
        tags.append(parts.Tag("audience", _("Publicly reported")))
    return tags


def item_sentence(one: ItemRead) -> str:
    item = one.item
    standing = [finding for finding in one.findings if not hasattr(finding, "withdrawal")]
    if item.source == ItemSource.SELF_FOUND and item.origin == ItemOrigin.COMMITTEE:
        return _("Decided by the committee.")
    if item.source == ItemSource.SELF_FOUND and item.origin == ItemOrigin.SELF_ASSESSMENT:
        return _("Self-reported: the factory said so in its self-assessment.")
    if item.source == ItemSource.SELF_FOUND:
        return _("Found by the factory itself.")
    if len({finding.assessment_id for finding in standing}) > 1:
        year = day_at(one.read.factory, standing[0].made_at).year
        return _("Finding %(question)s, found again since %(year)s.") % {"question": item.question_id, "year": year}
    return _("Finding %(question)s of cycle %(number)s.") % {
        "question": item.question_id, "number": item.cycle.number if item.cycle else "",
    }


def knots(one: ItemRead, steps: Iterable[Entry]) -> list[parts.Knot]:
    """The five states (four where nobody checks) with the days that are known to the reader."""
    item, factory, today = one.item, one.read.factory, one.read.today
    order = [Lane.TO_AGREE, Lane.AGREED, Lane.DOING, Lane.WAITING, Lane.VERIFIED]
    if item.verification == Verification.NOT_NEEDED:
        order.remove(Lane.WAITING)
    days = _lane_days(one, steps)
    here = order.index(one.lane) if one.lane in order else len(order) - 1
    made = []
    for place, lane in enumerate(order):
        state = "now" if place == here else "past" if place < here else "to-come"
        note = short(day_at(factory, days[lane]), today) if place <= here and lane in days else ""
        made.append(parts.Knot(_lane_word(item, lane), state, note))
    return made


def _lane_word(item: PlanItem, lane: Lane) -> str:
    if lane is not Lane.VERIFIED:
        return str(lane.label)
    return _("Done") if item.verification == Verification.NOT_NEEDED else _("Verified")


def _lane_days(one: ItemRead, steps: Iterable[Entry]) -> dict[Lane, datetime]:
    days = {Lane.TO_AGREE: one.item.opened_at}
    if rules.is_agreed(one.item.state) and one.answers:
        days[Lane.AGREED] = one.answers[-1].at
    for entry in steps:
        payload = entry.payload.content or {}
        if entry.step == Step.PLAN_ITEM_MOVED and payload.get("after") == ItemStatus.IN_PROGRESS:
            days.setdefault(Lane.DOING, entry.at)
    if one.item.completed_at:
        days[Lane.WAITING] = one.item.completed_at
        if one.item.verification == Verification.NOT_NEEDED:
            days[Lane.VERIFIED] = one.item.completed_at
    decided = [check.decided_at for check in one.checks if check.is_accepted]
    if decided:
        days[Lane.VERIFIED] = decided[-1]
    return days


def found_rows(one: ItemRead) -> list[dict]:
    """Each finding that the item answers to, the newest first, with its day and whether it was taken back."""
    return [
        {
            "finding": finding,
            "meta": _("%(question)s · cycle %(number)s · %(day)s")
            % {
                "question": finding.question_id, "number": finding.cycle.number,
                "day": date_format(day_at(one.read.factory, finding.made_at), "j F Y"),
            },
            "withdrawn": _reason_of(finding),
        }
        for finding in reversed(one.findings)
    ]


def _reason_of(finding: Finding) -> str:
    return finding.withdrawal.reason if hasattr(finding, "withdrawal") else ""


def action_rows(one: ItemRead) -> list[dict]:
    return [
        {
            "action": row.action,
            "owner": row.owner,
            "side": str(Side(row.action.owner_side).label),
            "due": short(row.action.due_on, one.read.today),
            "tag": _action_tag(row, one.read.today),
            "may_finish": one.may_work and row.action.done_on is None,
        }
        for row in one.actions
    ]


def _action_tag(row, today: date) -> parts.Tag:
    if row.action.done_on:
        return parts.Tag("good", _("Done %(day)s") % {"day": short(row.action.done_on, today)}, "circle-check")
    if row.days_late:
        return parts.Tag("danger", days_late(row.days_late), "clock")
    return parts.Tag("doing", _("Open"))


def photos(one: ItemRead) -> list[parts.Photo]:
    return [_photo(one, proof) for proof in one.proof]


def _photo(one: ItemRead, proof: Proof) -> parts.Photo:
    src = reverse("file", args=[proof.stored.ref])
    word = _("Before") if proof.is_before else _("After")
    day = short(day_at(one.read.factory, proof.at), one.read.today)
    origin = _("from the assessment") if proof.is_from_assessment else proof.by
    caption = ", ".join(filter(None, (proof.note, day, origin)))
    alt = f"{word}: {proof.note}" if proof.note else f"{word}: {one.item.title}"
    return parts.Photo(src=src, alt=alt, caption=caption, href=src, word=word, is_after=not proof.is_before)


def parties(one: ItemRead, steps: Iterable[Entry]) -> list[tuple]:
    """Both sides with their present answer, and whether the item was changed after it; by whom is for the factory and
    the programme."""
    changed_at = max((entry.at for entry in steps if _changes_what_was_agreed(entry)), default=None)
    latest: dict[str, SideAnswer] = {answer.side: answer for answer in one.answers}
    rows = []
    for letter, side in (("a", Side.MANAGEMENT), ("b", Side.WORKERS)):
        position = Agreement(getattr(one.item, side.value))
        answer = latest.get(side) if position is not Agreement.NOT_YET else None
        small = _answer_words(one, answer, changed_at)
        rows.append((letter, _party_words(side, position), small, _position_tag(position)))
    return rows


def _party_words(side: Side, position: Agreement) -> str:
    words = {
        (Side.MANAGEMENT, Agreement.AGREES): _("Management agrees"),
        (Side.MANAGEMENT, Agreement.DISAGREES): _("Management disagrees"),
        (Side.MANAGEMENT, Agreement.NOT_YET): _("Management has not answered"),
        (Side.WORKERS, Agreement.AGREES): _("The workers' side agrees"),
        (Side.WORKERS, Agreement.DISAGREES): _("The workers' side disagrees"),
        (Side.WORKERS, Agreement.NOT_YET): _("The workers' side has not answered"),
    }
    return words[side, position]


def _position_tag(position: Agreement) -> parts.Tag | None:
    if position is Agreement.DISAGREES:
        return parts.Tag("wrong", _("Disagrees"))
    return parts.Tag("good", _("Agrees")) if position is Agreement.AGREES else None


def _changes_what_was_agreed(entry: Entry) -> bool:
    """Causes or actions were written; an action that is only noted as done changes nothing."""
    return entry.step == Step.PLAN_ITEM_CHANGED and not {"done", "findings"} & set(entry.payload.content or {})


def _answer_words(one: ItemRead, answer: SideAnswer | None, changed_at: datetime | None) -> str:
    if answer is None:
        return ""
    day = short(day_at(one.read.factory, answer.at), one.read.today)
    name = "" if one.read.ties.is_buyer else answer.by.name
    changed = _("the item was changed since") if changed_at is not None and changed_at > answer.at else ""
    return ", ".join(filter(None, (name, day, changed)))


def disagreements(one: ItemRead) -> list[dict]:
    """Every disagreement with its reason, also those that were settled later."""
    return [
        {
            "side": str(Side(answer.side).label), "reason": answer.reason, "language": answer.language,
            "day": short(day_at(one.read.factory, answer.at), one.read.today),
        }
        for answer in one.answers
        if answer.position == Agreement.DISAGREES
    ]


def facts(one: ItemRead) -> list[parts.Fact]:
    item, today = one.item, one.read.today
    due = one.detail.due_on if one.detail else None
    made = [
        parts.Fact(_("Compliance point"), f"{one.point}"),
        parts.Fact(_("Cluster"), one.cluster),
        parts.Fact(_("Next action due"), date_format(due, "j F Y") if due else "", is_bad=bool(due and due < today)),
        parts.Fact(_("Law"), "\n".join(one.law)),
        parts.Fact(_("Checked by"), _checked_by(item)),
        parts.Fact(_("In the plan since"), date_format(day_at(one.read.factory, item.opened_at), "j F Y")),
    ]
    return [fact for fact in made if fact.value]


def _checked_by(item: PlanItem) -> str:
    if item.is_public or item.verification == Verification.VERIFIED:
        return _("The programme, because it is publicly reported")
    return _("Nobody: the factory reports it itself")


def check_rows(one: ItemRead) -> list[dict]:
    """The decisions of the programme, the newest first."""
    return [
        {
            "word": _("Verified") if check.is_accepted else _("Not accepted"),
            "reason": check.reason,
            "day": short(day_at(one.read.factory, check.decided_at), one.read.today),
        }
        for check in reversed(one.checks)
        if check.decided_at
    ]


def readers(one: ItemRead) -> list[parts.Reader]:
    """Who reads this item, and what of it."""
    buyers = _buyers_words(one)
    details = one.read.plan.details_shared_at
    if details:
        since = _("buyers too, since %(day)s") % {"day": short(day_at(one.read.factory, details), one.read.today)}
    else:
        since = _("the factory, its coach and the programme; buyers once the factory shares them")
    return [
        parts.Reader(_("Factory"), _("both sides, all of it")),
        parts.Reader(_("Programme"), _("coach and staff, all of it")),
        parts.Reader(_("Buyers"), buyers, may_read=bool(one.buyers)),
        parts.Reader(_("Causes, proof"), since, may_read=bool(details)),
    ]


def _buyers_words(one: ItemRead) -> str:
    if one.item.sharing < Shared.BUYERS:
        return _("no: the factory found it itself, and no assessment did")
    return ngettext(
        "%(count)s buyer that the factory has consented to and that paid for cycle %(number)s",
        "%(count)s buyers that the factory has consented to and that paid for cycle %(number)s",
        one.buyers,
    ) % {"count": one.buyers, "number": one.item.cycle.number if one.item.cycle else ""}


def step_lines(read: PlanRead, entries: Iterable[Entry]) -> list[parts.Step]:
    """Steps as lines. A buyer reads whose step it was only when it was its own."""
    return [
        parts.Step(_date(read, entry.at), str(Step(entry.step).label), _actor(read, entry))
        for entry in entries
    ]


def _date(read: PlanRead, moment: datetime) -> str:
    return short_day(day_at(read.factory, moment), read.today.year)


def _actor(read: PlanRead, entry: Entry) -> str:
    if entry.actor is None or (read.ties.is_buyer and entry.actor_id != read.person.pk):
        return ""
    return entry.actor.name


def messages_of(read: PlanRead, said: Iterable[Said]) -> list[parts.Message]:
    sides = {"factory_manager": "a", "management_representative": "a", "worker_representative": "b"}
    return [
        parts.Message(
            name=one.name, role=one.role, when=short(day_at(read.factory, one.message.at), read.today),
            text=one.message.text, lang=one.message.language, side=sides.get(one.message.role, ""), is_own=one.is_own,
        )
        for one in said
    ]


def thread_sentence(buyers: int, *, is_shared: bool = True) -> str:
    if not is_shared:
        return _("The factory's two sides, its coach and the programme read this thread. No buyer does.")
    if not buyers:
        return _("The factory's two sides, its coach and the programme read this thread. No buyer reads it yet.")
    return ngettext(
        "The factory's two sides, its coach, the programme and %(count)s buyer read this thread.",
        "The factory's two sides, its coach, the programme and %(count)s buyers read this thread. A buyer appears "
        "without a name unless it has agreed to be named.",
        buyers,
    ) % {"count": buyers}


def move_buttons(one: ItemRead) -> list[dict]:
    """The verbs with which the item goes on, each with the column it posts and whether it is the way forward."""
    verbs = {
        ItemStatus.PENDING: _("Lay back"),
        ItemStatus.IN_PROGRESS: _("Take up again") if one.item.status == ItemStatus.COMPLETED else _("Begin the work"),
        ItemStatus.COMPLETED: _("Done: ask for the check") if one.item.is_public else _("Call it done"),
    }
    return [
        {
            "label": verbs[status],
            "value": rules.lane_of(rules.moved(one.item.state, status, is_public=one.item.is_public)).value,
            "is_forward": status == ItemStatus.COMPLETED or one.item.status == ItemStatus.PENDING,
            "is_off": status == ItemStatus.COMPLETED and bool(one.lacks),
            "described_by": "lacks" if status == ItemStatus.COMPLETED and one.lacks else "",
        }
        for status in one.moves
    ]


def lack_words(one: ItemRead) -> str:
    """What is missing before the item can be called done; "" when nothing is, or when nobody could call it so."""
    if ItemStatus.COMPLETED not in one.moves or not one.lacks:
        return ""
    return "; ".join(str(Lack(lack).label) for lack in one.lacks)
