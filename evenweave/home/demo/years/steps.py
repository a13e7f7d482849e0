"""Steps that the stories share, each made of acts."""

from collections.abc import Sequence
from decimal import Decimal

from evenweave.assessments.models import Assessment
from evenweave.assessments.services import cases
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import buy_credits, settle_invoice, spend_credit
from evenweave.home.demo import acts
from evenweave.home.demo.people import Company
from evenweave.home.demo.texts import Trouble
from evenweave.improvement import services as plans
from evenweave.improvement.enums import ItemStatus, Verification
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.organisations.services import register_factory
from evenweave.questionnaires.queries import compiled
from evenweave.reports.models import ProgressReport
from evenweave.reports.services.progress import send_progress
from evenweave.toolkit import clock

# The demo's pictures show exits and ways out; they prove nothing about a payslip.
SHOWN_IN_PHOTOS = "emergency-preparedness"
# What a factory's file says for its story alone.
OF_THE_STORY = {"key", "manager", "worker_representative", "shares_with", "paid_by", "now"}
FACTS = {"first": "first_year", "second": "second_year"}


def register(company: Company, key: str) -> Factory:
    known = company.texts.factories[key]
    profile = {name: value for name, value in known.items() if name not in OF_THE_STORY}
    profile |= {"programme": company.texts.programme, "country": company.texts.programme}
    profile |= {name: Decimal(str(profile[name])) for name in ("latitude", "longitude")}
    factory = register_factory(data=profile, by=company.manager, is_invented=True)
    company.factories[key] = factory
    return factory


def facts(company: Company, year: str, factory: Factory) -> dict:
    """The fact answers: the hero's are written out, another factory's differ where its size differs."""
    told = company.texts.story["facts"][FACTS[year]]
    return (
        told
        | {
            "FG-01": factory.workers_total,
            "FG-02": factory.workers_total - factory.workers_female,
            "FG-03": factory.workers_female,
            "FG-23": "no",
        }
        | ({} if factory == company.hero else company.texts.story.get("elsewhere", {}))
    )


def items(factory: Factory) -> dict[str, PlanItem]:
    """The open items of a factory's plan by the root of their question."""
    found = PlanItem.objects.filter(plan__factory=factory, withdrawn_at=None).order_by("number")
    return {item.lineage_root: item for item in found}


def by_root(assessment: Assessment, troubles: Sequence[Trouble]) -> dict[str, Trouble]:
    """The troubles of an assessment by the root of their question."""
    tool = compiled(assessment.tool_id)
    return {
        tool.lineage_root(trouble.question_ids[tool.version]): trouble
        for trouble in troubles
        if tool.version in trouble.question_ids
    }


def replies(assessment: Assessment, troubles: Sequence[Trouble]) -> dict:
    version = compiled(assessment.tool_id).version
    return {trouble.question_ids[version]: trouble.reply for trouble in troubles if version in trouble.question_ids}


def start_plan(factory: Factory, troubles: dict[str, Trouble], sides: Sequence) -> None:
    """New and reopened items get causes and actions, and every open one both sides' word."""
    for root, item in items(factory).items():
        is_new = item.status == ItemStatus.PENDING and not item.actions.filter(done_on=None).exists()
        if root in troubles and is_new:
            acts.begin(item, troubles[root], clock.now().date(), sides[0])
        if item.actions.exists():
            acts.agree(item, sides)


def finish_some(
    company: Company, factory: Factory, troubles: dict[str, Trouble], sides: Sequence, share: float
) -> None:
    """A part of the open items is done; the programme checks those that are publicly reported."""
    open_items = [item for item in items(factory).values() if item.status != ItemStatus.COMPLETED]
    photo = company.texts.photos.get("exit-clear")
    for item in open_items[: round(len(open_items) * share)]:
        if item.lineage_root in troubles and item.actions.exists():
            note = troubles[item.lineage_root].evidence_note
            acts.finish(item, photo if item.point == SHOWN_IN_PHOTOS else None, note, sides[0])


def check(company: Company, factory: Factory, *, by: str = "coach", refused: dict | None = None) -> None:
    """The proof of every publicly reported item that is done is looked at; one may be refused at first."""
    waiting = PlanItem.objects.filter(plan__factory=factory, verification=Verification.ASKED).order_by("number")
    for item in waiting:
        accepted = refused is None or item.question_id != refused["question"]
        reason = "" if accepted else refused["reason"]
        plans.decide_check(ref=item.ref, is_accepted=accepted, reason=reason, by=company[by])


def progress(factory: Factory, number: int, cycle: Cycle, words: dict, by) -> None:
    report = ProgressReport.objects.get(cycle=cycle, number=number)
    send_progress(progress_ref=report.ref, by=by, **words)


def assess(
    company: Company, assessment: Assessment, troubles: Sequence[Trouble], year: str, variant: int,
    *, share: float = 1.0, seed: int | None = None,
) -> Assessment:
    """The pair answers the questionnaire, or a `share` of it."""
    found = acts.found_in(compiled(assessment.tool_id), troubles, variant)
    seed = assessment.factory_id + variant if seed is None else seed
    return acts.visit(company, assessment, found, facts(company, year, assessment.factory), share=share, seed=seed)


def open_case(company: Company, key: str, *, assessment_ref: str | None, factory: Factory):
    told = company.texts.story["zero_tolerance"][key]
    place = {"assessment_ref": assessment_ref} if assessment_ref else {"factory_ref": factory.ref}
    return cases.open_case(
        issue=told["issue"],
        description=told["description"],
        protected_name=told["protected_name"],
        protected_details=told["protected_details"],
        by=company["assessor"] if assessment_ref else company["team-leader"],
        **place,
    )


def take(company: Company, case, key: str, duty: str) -> None:
    told = company.texts.story["zero_tolerance"]
    note = told[key].get("notes", told["closed"]["notes"])[duty]
    cases.take_step(case_ref=case.ref, key=duty, note=note, by=company["team-leader"])


def buy(company: Company, who: str, buyer: str, quantity: int) -> None:
    """A buyer pays for credits in this programme."""
    purchase = buy_credits(
        buyer_ref=company.buyers[buyer].ref, programme=company.texts.programme, quantity=quantity, by=company[who]
    )
    settle_invoice(invoice_ref=purchase.invoice.ref, paid_on=clock.now().date(), by=company.manager)


def spend(company: Company, cycle: Cycle, payers: dict[str, str]) -> None:
    """`payers`: the buyers' officers who open the cycle's report, and the buyer of each."""
    for who, buyer in payers.items():
        spend_credit(buyer_ref=company.buyers[buyer].ref, cycle_ref=cycle.ref, by=company[who])
