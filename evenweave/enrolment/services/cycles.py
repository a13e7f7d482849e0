"""Entering a factory into a cycle, and keeping the cycle's dated steps."""

from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from evenweave.access.enums import Action, Role, Shared
from evenweave.access.models import Standing
from evenweave.access.services import give_standing
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.enrolment.enums import CycleState, Package
from evenweave.enrolment.models import Cycle, CycleStep
from evenweave.enrolment.rules import DRAFT_SENT, SERVICES_OF, is_kept_from_the_factory
from evenweave.enrolment.services.invoices import invoice_cycle
from evenweave.notifications.services import notify
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.queries import calendar, rules_on, sale_on
from evenweave.programmes.rules import Rules, ServiceModel, add_months, due_on
from evenweave.programmes.rules.selling import (
    COUNTRY_NOT_OPEN,
    NOT_YET_OPEN,
    PACKAGE_ONLY,
    SECTOR_NOT_COVERED,
    UNKNOWN_SERVICE,
)
from evenweave.programmes.services import version_in_use
from evenweave.programmes.wording import refusal_of
from evenweave.toolkit.refusals import Refused

# Where on the form a rule that forbids the sale belongs; a country that is not open concerns the whole.
FIELD_OF = {
    NOT_YET_OPEN: "starts_on", SECTOR_NOT_COVERED: "sector", PACKAGE_ONLY: "package",
    COUNTRY_NOT_OPEN: None, UNKNOWN_SERVICE: "package",
}


def open_cycle(
    *, factory_ref: str, package: str, sector: str, starts_on: date, advisors: list[Person], by: Person
) -> Cycle:
    """The factory is in the programme for a year: its steps have their days, its coaches their standing, and an
    invoice is out where a price list is in force. Buyers that have consent are not told before they pay."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.CYCLE_OPEN, ref=factory_ref)
        _refuse_what_is_not_sold(factory, package, sector, starts_on)
        rules = rules_on(factory.programme, starts_on)
        number = _next_number(factory, starts_on)
        cycle = Cycle.objects.create(
            factory=factory,
            programme=factory.programme,
            number=number,
            sector=sector,
            package=package,
            service_model=rules.service_model(sector).key,
            starts_on=starts_on,
            ends_on=add_months(starts_on, 12) - timedelta(days=1),
            rules_version=version_in_use(factory.programme),
        )
        _lay_out_steps(cycle, rules)
        anchor_steps(cycle=cycle, anchor_key="cycle_start", on=starts_on)
        finish_step(cycle=cycle, step_key="register", on=starts_on)
        _assign(cycle, advisors, by, log)
        log.record(
            Step.CYCLE_OPENED,
            about=cycle,
            by=by,
            factory=factory,
            cycle=cycle,
            sharing=Shared.FACTORY,
            payload={"number": number, "package": package, "sector": sector},
        )
        notify("cycle.opened", about=cycle, except_for=by)
        invoice_cycle(cycle, rules, by=by, log=log)
    return cycle


def _refuse_what_is_not_sold(factory: Factory, package: str, sector: str, starts_on: date) -> None:
    if factory.status != FactoryStatus.ACTIVE:
        raise Refused(_("This factory is closed or merged. Open the cycle for the record that is in use."))
    if not factory.sectors.filter(sector=sector, until_on=None).exists():
        raise Refused(_("The factory does not work in this sector. Correct its profile first."), field="sector")
    sale = sale_on(factory.programme, starts_on, sector=sector, services=SERVICES_OF[Package(package)])
    if not sale.is_allowed:
        raise Refused(refusal_of(sale), field=FIELD_OF[sale.reasons[0].rule])


def _next_number(factory: Factory, starts_on: date) -> int:
    """One cycle after the other: none may begin before the last one ends."""
    last_end = factory.cycles.aggregate(Max("ends_on"))["ends_on__max"]
    if last_end is not None and starts_on <= last_end:
        raise Refused(
            _("The factory's cycle runs until %(day)s. Choose a later first day.") % {"day": last_end.isoformat()},
            field="starts_on",
        )
    factory.cycles.filter(state=CycleState.OPEN).update(state=CycleState.CLOSED)
    return (factory.cycles.aggregate(Max("number"))["number__max"] or 0) + 1


def _lay_out_steps(cycle: Cycle, rules: Rules) -> None:
    CycleStep.objects.bulk_create(
        CycleStep(
            cycle=cycle,
            key=known.key,
            order=known.order,
            owner=known.owner,
            sharing=Shared.STAFF
            if not known.shown_to_factory or is_kept_from_the_factory(is_secret=known.is_secret, anchor=known.anchor)
            else Shared.FACTORY,
        )
        for known in rules.model_named(cycle.service_model).steps_for(cycle.package)
    )


def anchor_steps(*, cycle: Cycle, anchor_key: str, on: date) -> None:
    """Something happened on a day that other steps count from: give those their due days. Inside a step.

    With the draft the factory learns of its assessment: the steps that would have betrayed it may be read."""
    model = rules_on(cycle.programme, cycle.starts_on).model_named(cycle.service_model)
    days = calendar(cycle.programme)
    for known in model.steps_for(cycle.package):
        if known.anchor == anchor_key:
            cycle.steps.filter(key=known.key, done_on=None).update(due_on=due_on(known, on, days))
    if anchor_key == DRAFT_SENT:
        _reveal_assessment(cycle, model)


def finish_step(*, cycle: Cycle, step_key: str, on: date) -> None:
    """The step is done on that day; a service model without it needs nothing done. Inside a step."""
    cycle.steps.filter(key=step_key, done_on=None).update(done_on=on)


def _reveal_assessment(cycle: Cycle, model: ServiceModel) -> None:
    keys = [
        known.key
        for known in model.steps_for(cycle.package)
        if is_kept_from_the_factory(is_secret=known.is_secret, anchor=known.anchor)
        and (known.shown_to_factory or known.is_secret)
    ]
    cycle.steps.filter(key__in=keys).update(sharing=Shared.FACTORY)


def _assign(cycle: Cycle, advisors: list[Person], by: Person, log) -> None:
    for advisor in advisors:
        if not Standing.objects.active().filter(holder=advisor, role=Role.STAFF, programme=cycle.programme).exists():
            raise Refused(_("Choose coaches from the programme's own staff."), field="advisors")
        _refuse_assessor(cycle.factory, advisor)
        give_standing(role=Role.ADVISOR, holder=advisor, factory=cycle.factory)
        log.record(
            Step.ADVISOR_ASSIGNED,
            about=cycle,
            by=by,
            factory=cycle.factory,
            cycle=cycle,
            sharing=Shared.FACTORY,
            payload={"advisor": advisor.ref},
        )


def _refuse_assessor(factory: Factory, advisor: Person) -> None:
    """Who is at work on an assessment of the factory cannot become its coach meanwhile."""
    at_work = Standing.objects.active().filter(
        holder=advisor, role=Role.ASSESSOR, assessment__factory=factory, assessment__released_at=None
    )
    if at_work.exists():
        raise Refused(
            _("%(name)s assesses this factory and cannot coach it now. Choose another person.")
            % {"name": advisor.name},
            field="advisors",
        )
