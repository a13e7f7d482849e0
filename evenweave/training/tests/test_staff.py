"""Who trained whom, and what the staff may not do without an accreditation."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.assessments.services import planning
from evenweave.assessments.tests.scene import a_small_tool
from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Accreditation
from evenweave.people.queries import barred_from
from evenweave.people.rules import Span, may_act
from evenweave.toolkit.refusals import Refused
from evenweave.training import services
from evenweave.training.models import Certificate, Passed
from evenweave.training.queries.trainers import tree_for
from evenweave.training.tests.scene import FIRST, TODAY, a_session, morning, registered
from tests import builders

pytestmark = pytest.mark.django_db

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(("spans", "day", "is_required", "may"), [
    ([], date(2026, 3, 1), False, True),  # a programme that begins
    ([], date(2026, 3, 1), True, False),
    ([YEAR], date(2025, 12, 31), False, False),  # the day before
    ([YEAR], date(2026, 1, 1), False, True),
    ([YEAR], date(2026, 12, 31), False, True),  # the last day counts
    ([YEAR], date(2027, 1, 1), False, False),  # run out
    ([YEAR, Span(date(2027, 1, 1), date(2027, 6, 30))], date(2027, 1, 1), True, True),  # renewed
    ([Span(date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 1))], date(2026, 2, 28), True, True),
    ([Span(date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 1))], date(2026, 3, 1), False, False),  # withdrawn
])
def test_one_that_has_run_out_bars_and_none_at_all_only_where_one_is_required(spans, day, is_required, may):
    assert may_act(spans, day, is_required=is_required) is may


def accredited(cast, person, kind: str, until: date) -> Accreditation:
    with morning():
        return services.accredit(
            person_ref=person.ref, programme="KH", accredited_as=kind, given_on=date(2025, 1, 1), until_on=until,
            ground="Course of January 2025, two assessments shadowed", by=cast.programme_manager,
        )


def test_an_assessor_whose_accreditation_has_run_out_is_not_assigned(cast):
    a_small_tool()
    cycle = builders.a_cycle(cast.factory, starts_on=TODAY)
    day = TODAY + timedelta(days=30)
    accredited(cast, cast.assessor, "assessor", day - timedelta(days=1))
    accredited(cast, cast.second_assessor, "assessor", day)
    with morning():
        made = planning.plan_assessment(
            cycle_ref=cycle.ref, window_from=day - timedelta(days=5), window_until=day, by=cast.programme_manager
        )
        same = {"ref": made.ref, "reviewer": cast.reviewer, "by": cast.team_leader}
        with pytest.raises(Refused, match="Som Chenda has no accreditation for this that holds on") as refused:
            planning.assign_assessment(day_on=day, assessors=[cast.assessor, cast.second_assessor], **same)
        assert refused.value.field == "assessors"
        planning.assign_assessment(
            day_on=day - timedelta(days=1), assessors=[cast.assessor, cast.second_assessor], **same
        )
        accredited(cast, cast.reviewer, "reviewer", TODAY)
        with pytest.raises(Refused, match="Ann Okello") as refused:
            planning.assign_assessment(day_on=day, assessors=[cast.second_assessor], **same)
    assert refused.value.field == "reviewer"


def test_a_trainer_whose_accreditation_ends_before_the_last_day_holds_no_session(cast):
    one = accredited(cast, cast.coach, "trainer", FIRST)
    with pytest.raises(Refused, match="Heng Vibol"):
        a_session(cast)
    accredited(cast, cast.coach, "trainer", FIRST + timedelta(days=1))
    assert a_session(cast).trainer == cast.coach
    with morning():
        services.withdraw_accreditation(ref=one.ref, reason="Renewed.", by=cast.team_leader)
        # In another programme it says nothing.
        assert barred_from([cast.coach], AccreditedAs.TRAINER, "JO", TODAY, is_required=False) == []
        assert barred_from([cast.coach], AccreditedAs.TRAINER, "JO", TODAY, is_required=True) == [cast.coach]


def test_who_accredits_whom(cast):
    with morning(), pytest.raises(Refused, match="the programme's staff"):
        services.accredit(person_ref=cast.manager.ref, programme="KH", accredited_as="trainer", given_on=TODAY,
                          until_on=TODAY, ground="x", by=cast.team_leader)
    for person in (cast.coach, cast.manager, cast.foreign_manager):
        with morning(), pytest.raises(Refused, match="a programme of yours"):
            services.accredit(person_ref=cast.coach.ref, programme="KH", accredited_as="trainer", given_on=TODAY,
                              until_on=TODAY, ground="x", by=person)
    one = accredited(cast, cast.coach, "trainer", FIRST)
    for person in (cast.coach, cast.quality, cast.foreign_manager):
        with pytest.raises(Http404):
            services.withdraw_accreditation(ref=one.ref, reason="x", by=person)


def test_the_tree_counts_whom_the_factorys_own_trainers_reached(cast, client):
    session = a_session(cast, course="workers-induction")
    sok, visal = [
        *registered(cast, session, "Sok Sreyneath"),
        *registered(cast, session, "Visal", by=cast.other_manager, factory=cast.other_factory),
    ]
    with morning(FIRST):
        services.note_list(ref=session.ref, on=FIRST, present=[sok.ref, visal.ref], by=cast.coach)
        services.close_session(ref=session.ref, by=cast.coach)
    certificate = Certificate.objects.get(registration=sok)
    same = {"certificate_ref": certificate.ref, "by": cast.manager}
    with morning(FIRST + timedelta(days=9)):
        for women in (9, 12):  # said twice: the last word counts
            services.note_passed_on(on=FIRST + timedelta(days=2), women=women, men=3, **same)
        services.note_passed_on(on=FIRST + timedelta(days=5), women=4, men=0, **same)
        for on in (FIRST - timedelta(days=1), FIRST + timedelta(days=10)):
            with pytest.raises(Refused, match="between the certificate and today"):
                services.note_passed_on(on=on, women=1, men=0, **same)
        with pytest.raises(Refused, match="Somebody was trained"):
            services.note_passed_on(on=FIRST, women=0, men=0, **same)
        with pytest.raises(Http404):
            services.note_passed_on(certificate_ref=certificate.ref, on=FIRST, women=1, men=0, by=cast.other_manager)
    (branch,) = tree_for(cast.team_leader)
    assert (branch.trainer, branch.reached, len(branch.own)) == (cast.coach, 19, 2)
    (ours,) = tree_for(cast.manager)
    assert [(one.certificate, one.days, one.women, one.men) for one in ours.own] == [(certificate, 2, 16, 3)]
    assert (tree_for(cast.quality), Passed.objects.count()) == ([], 2)
    client.force_login(cast.manager)
    page = client.get(reverse("trainer_tree")).content.decode()
    assert "Trained by Heng Vibol: 19 workers reached" in page
    assert "Visal" not in page
    refused = client.post(reverse("trainer_passed", args=[certificate.ref]), {"women": "7", "men": "1"})
    assert (refused.status_code, 'value="7"' in refused.content.decode()) == (422, True)


def test_the_list_says_what_holds_and_what_has_run_out(cast, client):
    accredited(cast, cast.assessor, "assessor", date(2026, 1, 31))
    accredited(cast, cast.coach, "trainer", date(2026, 4, 1))
    for person in (cast.team_leader, cast.quality):
        client.force_login(person)
        with morning():
            page = client.get(reverse("accreditation_list")).content.decode()
        assert "Has run out" in page
        assert "Ends soon" in page
