"""A visit is written down, on the day or soon after. What is to be done goes into the plan, not into a drawer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.advisory import rules
from evenweave.advisory.enums import VisitMode, VisitState
from evenweave.advisory.models import Visit, VisitPhoto, VisitWork
from evenweave.advisory.queries import VISITS_STEP, count_for
from evenweave.enrolment.services import finish_step
from evenweave.improvement import services as plans
from evenweave.improvement.models import ItemAction, PlanItem
from evenweave.notifications.services import notify
from evenweave.people.models import Person
from evenweave.programmes.queries import local_today
from evenweave.toolkit import clock
from evenweave.toolkit.files import store_file
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uploads import accept_image


@dataclass(frozen=True, slots=True)
class TookPart:
    """How many took part. `who`: posts, never a worker's name."""

    managers: int
    workers: int
    women: int
    who: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What somebody at the factory does next: an action of the plan item."""

    text: str
    owner_name: str
    owner_side: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Work:
    """One thing the visit worked on: an open item of the plan (`item_ref`), or a new issue (`issue`)."""

    item_ref: str = ""
    issue: str = ""
    advice: str = ""
    next: Next | None = None


def log_visit(
    *, ref: str, held_on: date, mode: str, took_part: TookPart, works: Iterable[Work], note: str = "", by: Person
) -> Visit:
    """The visit was held. A new issue becomes an item of the plan, found by the factory; a next step becomes an action
    of its item. The factory's two sides are asked whether that is what was agreed. Once the service model's number of
    visits is reached, the cycle's step is done."""
    with step() as log:
        visit = _to_log(by, ref)
        _refuse_impossible(visit, held_on, took_part)
        visit.state, visit.day_on, visit.mode = VisitState.HELD, held_on, VisitMode(mode)
        visit.managers, visit.workers, visit.women = took_part.managers, took_part.workers, took_part.women
        visit.who, visit.note, visit.language = took_part.who.strip(), note.strip(), by.language
        visit.logged_at = clock.now()
        visit.save()
        done = [_work_on(visit, work, by) for work in works]
        _count(visit)
        log.record(
            Step.VISIT_LOGGED, about=visit, by=by, sharing=Shared.FACTORY, factory=visit.cycle.factory,
            cycle=visit.cycle, payload={"items": [work.item.ref for work in done]},
        )
        notify("visit.logged", about=visit, except_for=by)
    return visit


def _to_log(by: Person, ref: str) -> Visit:
    visit = Visit.objects.select_related("cycle__factory", "coach").one_for(by, Action.VISIT_LOG, ref=ref)
    if visit.state != VisitState.PLANNED:
        raise Refused(_("This visit was logged or cancelled already. Plan another one."))
    return visit


def _refuse_impossible(visit: Visit, held_on: date, took_part: TookPart) -> None:
    today = local_today(visit.cycle.programme, clock.now())
    if held_on > today:
        raise Refused(_("This day has not come yet. Log the visit once it was held."), field="held_on")
    if held_on < visit.cycle.starts_on:
        raise Refused(
            _("The cycle began on %(day)s. Give that day or a later one.")
            % {"day": date_format(visit.cycle.starts_on)},
            field="held_on",
        )
    if took_part.managers + took_part.workers < 1:
        raise Refused(_("Somebody took part. Give the number of managers and of workers."), field="managers")
    if took_part.women > took_part.managers + took_part.workers:
        raise Refused(_("There cannot be more women than people who took part."), field="women")


def _work_on(visit: Visit, work: Work, by: Person) -> VisitWork:
    factory = visit.cycle.factory
    if work.item_ref:
        item = PlanItem.objects.permitted(by, Action.PLAN_EDIT).filter(plan__factory=factory, ref=work.item_ref).first()
        if item is None:
            raise Refused(_("Choose items of this factory's plan."), field="works")
        if visit.works.filter(item=item).exists():
            raise Refused(_("Item %(number)s stands there twice.") % {"number": item.number}, field="works")
    else:
        item = plans.add_self_found(factory_ref=factory.ref, title=work.issue.strip(), by=by)
    return VisitWork.objects.create(
        visit=visit, item=item, advice=work.advice.strip(), language=by.language,
        next_step=_next_step(item, work.next, by) if work.next else None,
    )


def _next_step(item: PlanItem, what: Next, by: Person) -> ItemAction:
    return plans.add_action(
        ref=item.ref, text=what.text, owner_name=what.owner_name, owner_side=what.owner_side, due_on=what.due_on, by=by
    )


def _count(visit: Visit) -> None:
    count = count_for(visit.cycle)
    held = visit.cycle.visits.filter(state=VisitState.HELD).count()
    if count and count.at_least and held >= count.at_least:
        finish_step(cycle=visit.cycle, step_key=VISITS_STEP, on=visit.day_on)


def draw_causes(*, ref: str, fishbone: Mapping[str, str], by: Person) -> VisitWork:
    """What the people of the visit found behind an item, bone by bone; `fishbone`: cause → one cause a line."""
    with step() as log:
        work = VisitWork.objects.select_related("visit__cycle__factory", "item").one_for(by, Action.VISIT_LOG, ref=ref)
        work.fishbone = rules.tidy_fishbone(fishbone)
        work.save(update_fields=["fishbone"])
        log.record(
            Step.VISIT_LOGGED, about=work.visit, by=by, sharing=Shared.FACTORY, factory=work.visit.cycle.factory,
            cycle=work.visit.cycle, payload={"causes_of": work.item.ref},
        )
    return work


def add_visit_photo(*, ref: str, file: IO[bytes], caption: str, by: Person) -> VisitPhoto:
    """A photo, drawn anew without metadata. Raises Refused for anything else."""
    if not Visit.objects.permitted(by, Action.VISIT_LOG).filter(ref=ref).exists():
        raise Http404
    image = accept_image(file, field="file")
    with step() as log:
        visit = Visit.objects.select_related("cycle__factory").one_for(by, Action.VISIT_LOG, ref=ref)
        if visit.state != VisitState.HELD:
            raise Refused(_("Log the visit first."))
        photo = VisitPhoto.objects.create(visit=visit, caption=caption, by=by)
        ending = "png" if image.content_type == "image/png" else "jpg"
        store_file(
            content=image.bytes, name=f"visit-{photo.ref}.{ending}", content_type=image.content_type, owner=photo,
            action=Action.VISIT_VIEW, by=by,
        )
        log.record(
            Step.VISIT_LOGGED, about=visit, by=by, sharing=Shared.FACTORY, factory=visit.cycle.factory,
            cycle=visit.cycle, payload={"photo": photo.ref},
        )
    return photo
