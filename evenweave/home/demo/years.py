"""What happened in each factory of the demo, in order. Every yield is the next day on which something happens."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from evenweave.assessments.models import Assessment
from evenweave.assessments.services import cases, replying, reviewing
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import buy_credits, give_consent, revoke_consent, settle_invoice, spend_credit
from evenweave.exchange.services import merge_factories
from evenweave.home.demo import acts
from evenweave.home.demo.people import Company, bring_along
from evenweave.home.demo.telling import Days, Story
from evenweave.home.demo.texts import Trouble
from evenweave.improvement import services as plans
from evenweave.improvement.enums import ItemStatus, Verification
from evenweave.improvement.models import PlanItem
from evenweave.organisations.models import Factory
from evenweave.organisations.services import register_factory
from evenweave.questionnaires.queries import compiled
from evenweave.reports.models import ProgressReport, Report
from evenweave.reports.services.amending import amend_report
from evenweave.reports.services.progress import escalate_overdue, send_progress
from evenweave.reports.services.releasing import release_report
from evenweave.toolkit import clock

# The demo's pictures show exits and ways out; they prove nothing about a payslip.
SHOWN_IN_PHOTOS = "emergency-preparedness"
# What the assessors wrote about the hero in their own words says nothing of another factory.
OF_OTHERS = {"FG-08": "None to name.", "FG-16": "None.", "FG-44": "Nothing was named."}
FACTS = {"first": "first_year", "second": "second_year"}


def _register(company: Company, key: str) -> Factory:
    known = company.texts.factories[key]
    profile = {name: value for name, value in known.items() if name not in {"key", "manager", "worker_representative"}}
    profile |= {"programme": company.texts.programme, "country": company.texts.programme}
    profile |= {name: Decimal(str(profile[name])) for name in ("latitude", "longitude")}
    factory = register_factory(data=profile, by=company.manager, is_invented=True)
    company.factories[key] = factory
    return factory


def _facts(company: Company, year: str, factory: Factory) -> dict:
    """The fact answers: the hero's are written out, another factory's differ where its size differs."""
    facts = dict(company.texts.story["facts"][FACTS[year]])
    return (
        facts
        | {
            "FG-01": factory.workers_total,
            "FG-02": factory.workers_total - factory.workers_female,
            "FG-03": factory.workers_female,
            "FG-23": "no",
        }
        | ({} if factory == company.factories.get("mekong-stitch") else OF_OTHERS)
    )


def _items(factory: Factory) -> dict[str, PlanItem]:
    """The open items of a factory's plan by the root of their question."""
    items = PlanItem.objects.filter(plan__factory=factory, withdrawn_at=None).order_by("number")
    return {item.lineage_root: item for item in items}


def _by_root(assessment: Assessment, troubles: Sequence[Trouble]) -> dict[str, Trouble]:
    """The troubles of an assessment by the root of their question."""
    tool = compiled(assessment.tool_id)
    return {
        tool.lineage_root(trouble.question_ids[tool.version]): trouble
        for trouble in troubles
        if tool.version in trouble.question_ids
    }


def _replies(assessment: Assessment, troubles: Sequence[Trouble]) -> dict:
    version = compiled(assessment.tool_id).version
    return {trouble.question_ids[version]: trouble.reply for trouble in troubles if version in trouble.question_ids}


def _start_plan(factory: Factory, troubles: dict[str, Trouble], sides: Sequence) -> None:
    """New and reopened items get causes and actions, and every open one both sides' word."""
    for root, item in _items(factory).items():
        is_new = item.status == ItemStatus.PENDING and not item.actions.filter(done_on=None).exists()
        if root in troubles and is_new:
            acts.begin(item, troubles[root], clock.now().date(), sides[0])
        if item.actions.exists():
            acts.agree(item, sides)


def _finish_some(
    company: Company, factory: Factory, troubles: dict[str, Trouble], sides: Sequence, share: float
) -> None:
    """A part of the open items is done; the programme checks those that are publicly reported."""
    open_items = [item for item in _items(factory).values() if item.status != ItemStatus.COMPLETED]
    photo = company.texts.photos["exit-clear"]
    for item in open_items[: round(len(open_items) * share)]:
        if item.lineage_root in troubles and item.actions.exists():
            note = troubles[item.lineage_root].evidence_note
            acts.finish(item, photo if item.point == SHOWN_IN_PHOTOS else None, note, sides[0])


def _check(company: Company, factory: Factory, *, by: str = "coach", refused: dict | None = None) -> None:
    """The proof of every publicly reported item that is done is looked at; one may be refused at first."""
    waiting = PlanItem.objects.filter(plan__factory=factory, verification=Verification.ASKED).order_by("number")
    for item in waiting:
        accepted = refused is None or item.question_id != refused["question"]
        reason = "" if accepted else refused["reason"]
        plans.decide_check(ref=item.ref, is_accepted=accepted, reason=reason, by=company[by])


def _progress(factory: Factory, number: int, cycle: Cycle, words: dict, by) -> None:
    report = ProgressReport.objects.get(cycle=cycle, number=number)
    send_progress(progress_ref=report.ref, by=by, **words)


def _assess(
    company: Company, assessment: Assessment, troubles: Sequence[Trouble], year: str, variant: int
) -> Assessment:
    tool = compiled(assessment.tool_id)
    found = acts.found_in(tool, troubles, variant)
    return acts.visit(
        company, assessment, found, _facts(company, year, assessment.factory), seed=assessment.factory_id + variant
    )


def hero(company: Company, days: Days) -> Story:
    """Mekong Stitch: two whole years, and a third that has begun."""
    troubles = company.texts.troubles
    first = [trouble.told_of_the_hero(1) for trouble in troubles if 1 in trouble.at_the_hero]
    second = [trouble.told_of_the_hero(2) for trouble in troubles if 2 in trouble.at_the_hero]
    story = company.texts.story

    yield days.on(2024, 9, 16)
    factory = _register(company, "mekong-stitch")
    bring_along(company, "mekong-stitch", factory)
    manager, worker = company["factory-manager"], company["worker-representative"]
    sides = (manager, worker)

    yield days.on(2024, 10, 7)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2024, 10, 14)
    for buyer in company.buyers.values():
        give_consent(factory_ref=factory.ref, buyer_ref=buyer.ref, by=manager)
    yield days.on(2024, 10, 21)
    _buy(company, "buyer", "nordlys", 12)
    _buy(company, "buyer-revoked", "roth", 3)
    for key, buyer in (("buyer", "nordlys"), ("buyer-revoked", "roth")):
        spend_credit(buyer_ref=company.buyers[buyer].ref, cycle_ref=cycle.ref, by=company[key])

    yield days.on(2024, 11, 18)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield days.on(2024, 12, 3, 16)
    assessment = _assess(company, assessment, first, "first", 0)
    for question_id in _public_questions(assessment, first)[:2]:
        photo = company.texts.photos["exit-blocked"]
        acts.photograph(assessment, question_id, photo, "Building B, first floor", company["second-assessor"])
    yield days.on(2024, 12, 6)
    acts.hand_in(company, assessment)
    yield days.on(2024, 12, 12)
    acts.approve(company, assessment)
    yield days.on(2024, 12, 18)
    acts.answer_findings(assessment, _replies(assessment, first), manager)
    yield days.on(2024, 12, 20)
    report = release_report(assessment_ref=assessment.ref, by=company.manager)

    yield days.on(2025, 1, 8)
    _start_plan(factory, _by_root(assessment, first), sides)
    yield days.on(2025, 1, 14)
    _disagree(company, factory, story["disagreement"])
    yield days.on(2025, 1, 16)
    _progress(factory, 1, cycle, story["progress"]["first_year_1"], manager)
    talk = _talk(company, factory)
    yield days.on(2025, 1, 21)
    next(talk)
    yield days.on(2025, 1, 23)
    next(talk)
    yield days.on(2025, 2, 11)
    _amend(company, report, story["amendment"])
    yield days.on(2025, 3, 26)
    _finish_some(company, factory, _by_root(assessment, first), sides, 0.45)
    yield days.on(2025, 4, 2)
    _check(company, factory, refused=story["check_refusal"])
    next(talk)
    yield days.on(2025, 4, 14)
    duplicate = _register(company, "mekong-stitch-old")
    yield days.on(2025, 5, 12)
    merge_factories(survivor_ref=factory.ref, duplicate_ref=duplicate.ref, by=company.manager)
    yield days.on(2025, 6, 4)
    for row in story["self_found"]:
        plans.add_self_found(
            factory_ref=factory.ref, title=row["title"], question_id=row.get("question") or "", by=worker
        )
    yield days.on(2025, 7, 15)
    _finish_some(company, factory, _by_root(assessment, first), sides, 0.85)
    yield days.on(2025, 7, 22)
    _check(company, factory)
    yield days.on(2025, 8, 4)
    _progress(factory, 2, cycle, story["progress"]["first_year_2"], company["coach"])

    yield days.on(2025, 10, 7)
    cycle = acts.enter(company, factory, clock.now().date())
    for key, buyer in (("buyer", "nordlys"), ("buyer-revoked", "roth")):
        spend_credit(buyer_ref=company.buyers[buyer].ref, cycle_ref=cycle.ref, by=company[key])
    yield days.on(2025, 11, 24)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield days.on(2025, 12, 8, 11, 20)
    case = _open_case(company, "closed", assessment_ref=None, factory=factory)
    yield days.on(2025, 12, 8, 15)
    _take(company, case, "closed", "tell_manager")
    yield days.on(2025, 12, 8, 17)
    _take(company, case, "closed", "inform_ministry")
    yield days.on(2025, 12, 9, 16)
    _take(company, case, "closed", "ask_investigation")
    assessment = _assess(company, assessment, second, "second", 1)
    _note(assessment, story["notes"], company["assessor"])
    yield days.on(2025, 12, 11)
    _take(company, case, "closed", "agree_action_plan")
    yield days.on(2025, 12, 12)
    acts.hand_in(company, assessment)
    yield days.on(2025, 12, 15)
    for row in story["review_comments"]:
        reviewing.comment(ref=assessment.ref, question_id=row["question"], text=row["text"], by=company["reviewer"])
    reviewing.return_to_assessors(ref=assessment.ref, by=company["reviewer"])
    yield days.on(2025, 12, 16)
    for comment in assessment.comments.all():
        reviewing.resolve_comment(comment_ref=comment.ref, by=company["assessor"])
    acts.hand_in(company, assessment)
    yield days.on(2025, 12, 17)
    acts.approve(company, assessment)
    yield days.on(2025, 12, 19)
    assessment.refresh_from_db()
    request = replying.ask_extension(
        ref=assessment.ref,
        until_on=assessment.reply_due_on + timedelta(days=6),
        reason=story["extension"]["reason"],
        by=manager,
    )
    yield days.on(2025, 12, 20)
    replying.decide_extension(
        extension_ref=request.ref, granted=True, reason=story["extension"]["decision_reason"], by=company["team-leader"]
    )
    yield days.on(2025, 12, 26)
    acts.answer_findings(assessment, _replies(assessment, second), manager)
    yield days.on(2025, 12, 30)
    release_report(assessment_ref=assessment.ref, by=company.manager)

    yield days.on(2026, 1, 14)
    _start_plan(factory, _by_root(assessment, second), sides)
    yield days.on(2026, 1, 27)
    _progress(factory, 1, cycle, story["progress"]["second_year_1"], manager)
    yield days.on(2026, 2, 3)
    cases.close_case(case_ref=case.ref, outcome=story["zero_tolerance"]["closed"]["outcome"], by=company.manager)
    yield days.on(2026, 3, 16)
    revoke_consent(
        factory_ref=factory.ref, buyer_ref=company.buyers["roth"].ref, reason=story["revoke_reason"], by=manager
    )
    yield days.on(2026, 4, 21)
    next(talk)
    _finish_some(company, factory, _by_root(assessment, second), sides, 0.4)
    yield days.on(2026, 4, 28)
    _check(company, factory)
    next(talk)
    yield days.on(2026, 8, 10)
    escalate_overdue.func()
    _finish_some(company, factory, _by_root(assessment, second), sides, 0.8)
    yield days.on(2026, 9, 2)
    next(talk)

    yield days.on(2026, 10, 7)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2026, 11, 16)
    acts.plan(company, cycle, days.ahead(23))


def _public_questions(assessment: Assessment, troubles: Sequence[Trouble]) -> list[str]:
    tool = compiled(assessment.tool_id)
    ids = [trouble.question_ids[tool.version] for trouble in troubles if tool.version in trouble.question_ids]
    return [question_id for question_id in ids if tool.question(question_id).is_public]


def _buy(company: Company, who: str, buyer: str, quantity: int) -> None:
    purchase = buy_credits(
        buyer_ref=company.buyers[buyer].ref, programme=company.texts.programme, quantity=quantity, by=company[who]
    )
    settle_invoice(invoice_ref=purchase.invoice.ref, paid_on=clock.now().date(), by=company.manager)


def _talk(company: Company, factory: Factory):
    """The shared thread, one message at a time."""
    faces = {"manager": "factory-manager", "worker": "worker-representative"}
    for row in company.texts.story["thread"]:
        plans.write_message(
            plan_ref=factory.plan.ref, text=row["text"], by=company[faces.get(row["who"], row["who"])], language="en"
        )
        yield


def _open_case(company: Company, key: str, *, assessment_ref: str | None, factory: Factory):
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


def _take(company: Company, case, key: str, duty: str) -> None:
    told = company.texts.story["zero_tolerance"]
    note = told[key].get("notes", told["closed"]["notes"])[duty]
    cases.take_step(case_ref=case.ref, key=duty, note=note, by=company["team-leader"])


def _amend(company: Company, report: Report, told: dict) -> None:
    findings = {finding.question_id: finding for finding in report.assessment.findings.all()}
    amend_report(
        report_ref=report.ref,
        withdrawn=[findings[told["withdrawn_question"]].ref],
        corrected={findings[told["corrected_question"]].ref: told["corrected_text"]},
        reason=told["reason"],
        by=company.manager,
    )


def _disagree(company: Company, factory: Factory, told: dict) -> None:
    """One side does not agree with an item; the reason stays beside it."""
    item = next(item for item in _items(factory).values() if item.question_id == told["question"])
    person = company["worker-representative"] if told["side"] == "workers" else company["factory-manager"]
    plans.answer_agreement(ref=item.ref, position="disagrees", reason=told["reason"], by=person)


def _note(assessment: Assessment, notes: Sequence[dict], by) -> None:
    """Private notes of the assessors: no reader of the report sees them."""
    acts.write_notes(assessment, {row["question"]: row["text"] for row in notes}, by)


def neighbour(company: Company, days: Days) -> Story:
    """Tonle Garment: one report, and a progress report that is overdue."""
    troubles = company.texts.troubles[4:17]
    yield days.on(2026, 3, 2)
    factory = _register(company, "tonle-garment")
    bring_along(company, "tonle-garment", factory)
    yield days.on(2026, 5, 4)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2026, 8, 3)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield from _first_report(company, days, assessment, troubles, (2026, 8, 18), sides_key="other-factory")
    yield days.on(2026, 11, 10)
    escalate_overdue.func()


def _first_report(
    company: Company, days: Days, assessment: Assessment, troubles, on: tuple[int, int, int], *, sides_key: str
) -> Story:
    """Visit, review, reply and release within four weeks of a day."""
    start = days.on(*on, 15)
    yield start
    year = "first" if compiled(assessment.tool_id).version < "2025" else "second"
    assessment = _assess(company, assessment, troubles, year, assessment.factory_id)
    yield start + timedelta(days=3)
    acts.hand_in(company, assessment)
    yield start + timedelta(days=8)
    acts.approve(company, assessment)
    yield start + timedelta(days=13)
    acts.answer_findings(assessment, _replies(assessment, troubles), company[sides_key])
    yield start + timedelta(days=16)
    release_report(assessment_ref=assessment.ref, by=company.manager)


def ordinary(company: Company, days: Days, key: str, number: int) -> Story:
    """Another factory of the programme: two assessments, a plan that moves, progress reports in time."""
    first = company.texts.troubles[number % 7 :: 5]
    second = company.texts.troubles[number % 5 :: 8]
    month, day = 1 + number % 6, 3 + number
    yield days.on(2024, 8, 1 + number)
    factory = _register(company, key)
    bring_along(company, key, factory)
    sides = (company[f"{key}:factory_manager"], company[f"{key}:worker_representative"])
    yield days.on(2024, 9, 2 + number)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2024, 10, 1 + number)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield from _first_report(
        company, days, assessment, first, (2024, 10, 15 + number % 12), sides_key=f"{key}:factory_manager"
    )
    yield days.on(2024, 11, 25)
    _start_plan(factory, _by_root(assessment, first), sides)
    yield days.on(2024, 11, 28)
    _progress(factory, 1, cycle, company.texts.story["progress"]["first_year_1"], sides[0])
    yield days.on(2025, month, day)
    _finish_some(company, factory, _by_root(assessment, first), sides, 0.3 + 0.1 * (number % 5))
    yield days.on(2025, month, day + 6)
    _check(company, factory, by="team-leader")
    yield days.on(2025, 6, 30)
    _progress(factory, 2, cycle, company.texts.story["progress"]["first_year_2"], company["team-leader"])
    yield days.on(2025, 9, 3 + number)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2025, 10, 2 + number)
    assessment = acts.plan(company, cycle, (clock.now() + timedelta(days=14)).date())
    yield from _first_report(
        company, days, assessment, second, (2025, 10, 16 + number % 12), sides_key=f"{key}:factory_manager"
    )
    yield days.on(2025, 11, 24)
    _start_plan(factory, _by_root(assessment, second), sides)
    yield days.on(2025, 12, 1)
    _progress(factory, 1, cycle, company.texts.story["progress"]["second_year_1"], sides[0])
    yield days.on(2026, month, day)
    _finish_some(company, factory, _by_root(assessment, second), sides, 0.2 + 0.15 * (number % 4))
    yield days.on(2026, month, day + 7)
    _check(company, factory, by="team-leader")
    yield days.on(2026, 6, 29)
    _progress(factory, 2, cycle, company.texts.story["progress"]["first_year_2"], company["team-leader"])


def under_way(company: Company, days: Days, key: str, until: str) -> Story:
    """A factory whose assessment is going on these days; `until`: visiting, review, reply or release."""
    troubles = company.texts.troubles[3::6]
    yield days.on(2026, 8, 17)
    factory = _register(company, key)
    bring_along(company, key, factory)
    yield days.on(2026, 9, 7)
    cycle = acts.enter(company, factory, clock.now().date())
    yield days.on(2026, 10, 26)
    first_day = days.on(2026, 11, {"visiting": 20, "review": 16, "reply": 9, "release": 3}[until], 15)
    assessment = acts.plan(company, cycle, first_day.date())
    yield first_day
    share = 0.55 if until == "visiting" else 1.0
    found = acts.found_in(compiled(assessment.tool_id), troubles, factory.pk)
    assessment = acts.visit(
        company, assessment, found, _facts(company, "second", factory), share=share, seed=factory.pk
    )
    if until == "visiting":
        yield first_day + timedelta(hours=1)
        case = _open_case(company, "open", assessment_ref=assessment.ref, factory=factory)
        yield first_day + timedelta(hours=2)
        _take(company, case, "open", "tell_manager")
        return
    yield first_day + timedelta(days=3)
    acts.hand_in(company, assessment)
    if until == "review":
        return
    yield first_day + timedelta(days=8)
    acts.approve(company, assessment)
    manager = company[f"{key}:factory_manager"]
    if until == "reply":
        assessment.refresh_from_db()
        yield first_day + timedelta(days=10)
        replying.ask_extension(
            ref=assessment.ref,
            until_on=assessment.reply_due_on + timedelta(days=5),
            by=manager,
            reason=company.texts.story["extension"]["reason"],
        )
        return
    yield first_day + timedelta(days=13)
    acts.answer_findings(assessment, _replies(assessment, troubles), manager)
