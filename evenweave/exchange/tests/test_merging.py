"""A factory on record twice: with everything to lose, and nothing lost."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.access.enums import Action, Role
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.activity.services import verify_log
from evenweave.assessments.models import Assessment, Finding, ZeroToleranceCase
from evenweave.enrolment.models import CreditSpent, Cycle
from evenweave.exchange.services import merge_factories
from evenweave.exchange.tests.twin_scene import NOW, merge, readers_of
from evenweave.improvement.models import ItemFinding, Plan, PlanItem
from evenweave.improvement.services import adopt_findings
from evenweave.improvement.tests import scene
from evenweave.indicators.models import FactoryResult
from evenweave.organisations.models import Consent, Factory
from evenweave.people.models import Invitation
from evenweave.reports.models import ProgressReport, Report
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders

# What points at a factory, and what a merge does with it. A room that adds a row of its own decides here.
POINTERS = {
    "access.Standing.factory": "people move, buyers' ties end",
    "activity.Entry.factory": "stays: the log is not rewritten",
    "assessments.Assessment.factory": "moves",
    "assessments.Finding.factory": "moves",
    "assessments.ZeroToleranceCase.factory": "moves",
    "enrolment.Cycle.factory": "moves",
    "enrolment.Invoice.factory": "moves",
    "exchange.FactoryMerge.survivor": "stays: the merge itself",
    "exchange.FactoryMerge.duplicate": "stays: the merge itself",
    "exchange.ImportRow.factory": "stays: what became of the row",
    "exchange.ImportRow.match": "stays",
    "improvement.Plan.factory": "items move, the empty plan stays",
    "indicators.FactoryResult.factory": "moves",
    "organisations.Consent.factory": "stays and ends",
    "organisations.Factory.merged_into": "leads to the survivor",
    "organisations.FactoryContact.factory": "taken over when the survivor has none",
    "organisations.FactoryCustomer.factory": "taken over when the survivor has none",
    "organisations.FactorySector.factory": "joined",
    "committees.Committee.factory": "moves, unless the survivor has one; then it is closed",
    "people.Invitation.factory": "moves while open",
    "reports.ProgressReport.factory": "moves",
    "reports.Report.factory": "moves",
    "training.Charge.factory": "moves, unless the session charged the survivor too",
    "training.Guest.factory": "moves, unless the survivor is expected too",
    "training.Practice.factory": "moves with its consents",
    "training.Registration.factory": "moves",
    "training.Session.closed_to": "moves",
}


def test_whatever_points_at_a_factory_has_its_place_in_a_merge():
    hidden = Factory._meta.get_fields(include_hidden=True)
    relations = {
        f"{field.related_model._meta.label}.{field.field.name}"
        for field in hidden
        if field.auto_created and not field.concrete
    }
    assert relations == set(POINTERS)


def test_everything_of_the_duplicate_is_the_survivor_s(twins):
    merge(twins)
    for model in (Cycle, Assessment, Finding, Report, ProgressReport, FactoryResult, ZeroToleranceCase):
        assert set(model.objects.values_list("factory", flat=True)) == {twins.survivor.pk}, model
    assert not PlanItem.objects.filter(plan__factory=twins.duplicate).exists()
    assert dict(Cycle.objects.values_list("pk", "number")) == {
        twins.cycle.pk: 1, twins.moved.pk: 2, twins.secret.cycle_id: 3,
    }
    twins.duplicate.refresh_from_db()
    assert (twins.duplicate.status, twins.duplicate.merged_into) == ("merged", twins.survivor)


def test_findings_of_one_lineage_hang_on_the_survivor_s_open_item(twins):
    merge(twins)
    plan = Plan.objects.get(factory=twins.survivor)
    open_items = plan.items.filter(withdrawn_at=None)
    assert sorted(open_items.values_list("lineage_root", flat=True)) == ["EX-1", "EX-2", "EX-4"]
    held = ItemFinding.objects.filter(item__lineage_root="EX-1", item__withdrawn_at=None)
    assert set(held.values_list("finding__assessment", flat=True)) == {one.pk for one in twins.assessments}
    assert Finding.objects.count() == 4
    numbers = list(plan.items.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]


def test_consents_are_never_united(twins):
    """Nordlys has the survivor's consent: it reads what it paid for on both sides. Costa has paid the duplicate's
    cycle and keeps the credit, but reads nothing without the survivor's consent."""
    nordlys, costa = twins.cast.buyer, twins.cast.unpaid_buyer
    moved_report = Report.objects.get(assessment=twins.assessments[1])
    assert readers_of(moved_report, Action.REPORT_VIEW, nordlys, costa) == {nordlys.name, costa.name}
    merge(twins)
    assert readers_of(moved_report, Action.REPORT_VIEW, nordlys, costa) == {nordlys.name}
    assert readers_of(twins.survivor, Action.FACTORY_VIEW, nordlys, costa) == {nordlys.name}
    assert readers_of(twins.duplicate, Action.FACTORY_VIEW, nordlys, costa) == set()
    assert CreditSpent.objects.filter(buyer=twins.cast.costa, cycle=twins.moved).exists()
    open_consents = Consent.objects.filter(revoked_at=None)
    assert set(open_consents.values_list("factory", "buyer")) == {(twins.survivor.pk, twins.cast.nordlys.pk)}
    assert Consent.objects.count() == 3


def test_the_consent_of_the_survivor_opens_what_was_paid_before(twins):
    from evenweave.enrolment.services import give_consent

    merge(twins)
    with clock.at(NOW + timedelta(days=1)):
        give_consent(factory_ref=twins.survivor.ref, buyer_ref=twins.cast.costa.ref, by=twins.cast.manager)
        costa = twins.cast.unpaid_buyer
        moved, own = (Report.objects.get(assessment=one) for one in reversed(twins.assessments))
        assert readers_of(moved, Action.REPORT_VIEW, costa) == {costa.name}
        assert readers_of(own, Action.REPORT_VIEW, costa) == set()


def test_people_and_open_invitations_move(twins):
    merge(twins)
    cast = twins.cast
    everybody = [person for person in cast.people.values() if person is not None]
    managers = {"Chan Sopheap", "Ly Dara"}
    readers = readers_of(twins.survivor, Action.FACTORY_PROFILE, *everybody)
    assert managers <= readers
    assert readers_of(twins.duplicate, Action.FACTORY_PROFILE, cast.manager, cast.other_manager) == set()
    assert Invitation.objects.get().factory == twins.survivor


def test_a_planned_assessment_stays_as_secret_as_it_was(twins):
    merge(twins)
    cast = twins.cast
    everybody = [person for person in cast.people.values() if person is not None]
    assert readers_of(twins.secret, Action.ASSESSMENT_VIEW, *everybody) == {
        cast.assessor.name, cast.team_leader.name, cast.programme_manager.name, cast.quality.name,
    }


def test_the_country_counts_the_factory_once_by_its_newest_assessment(twins):
    merge(twins)
    assert dict(FactoryResult.objects.values_list("assessment", "is_latest")) == {
        twins.assessments[0].pk: False, twins.assessments[1].pk: True,
    }
    assert dict(FactoryResult.objects.values_list("assessment", "cycle_number")) == {
        twins.assessments[0].pk: 1, twins.assessments[1].pk: 2,
    }


def test_what_the_survivor_leaves_empty_is_taken_over(twins):
    Factory.objects.filter(pk=twins.survivor.pk).update(phone="+855 23 216 789", latitude=11, longitude=104)
    Factory.objects.filter(pk=twins.duplicate.pk).update(phone="+855 12 345 678", latitude=12, longitude=105)
    merge(twins)
    survivor = Factory.objects.get(pk=twins.survivor.pk)
    assert (survivor.name, survivor.address, survivor.os_id) == ("Mekong Stitch", "Street 2", "KH2020011ABCDEF")
    assert (survivor.phone, survivor.latitude) == ("+855 23 216 789", 11)


def test_both_chains_of_the_log_say_so_and_verify(twins):
    merge(twins)
    merged = Entry.objects.filter(step="factory.merged")
    assert set(merged.values_list("chain", flat=True)) == {
        f"factory:{twins.survivor.ref}", f"factory:{twins.duplicate.ref}",
    }
    assert set(merged.values_list("actor", flat=True)) == {twins.cast.programme_manager.pk}
    assert verify_log() == []


def test_next_year_s_finding_meets_the_merged_item(twins):
    merge(twins)
    cycle = builders.a_cycle(twins.survivor, 4, starts_on=date(2026, 11, 3))
    later = scene.released(twins.cast, cycle, twins.secret.tool)
    finding = scene.a_finding(later, "EX-4", scene.FIRST, scene.SECOND_YEAR)
    adopt_findings(assessment=later, findings=[finding], at=scene.SECOND_YEAR, by=twins.cast.programme_manager)
    item = PlanItem.objects.get(plan__factory=twins.survivor, lineage_root="EX-4", withdrawn_at=None)
    assert item.item_findings.count() == 2


@pytest.mark.parametrize(
    "who", ["team_leader", "foreign_manager", "manager", "coach", "quality", "buyer", "ministry", "nobody"]
)
def test_only_the_programme_manager_merges(twins, who):
    with pytest.raises(Http404):
        merge(twins, by=getattr(twins.cast, who))
    assert Cycle.objects.filter(factory=twins.duplicate).count() == 2


def test_a_merge_that_makes_no_sense_is_refused_and_changes_nothing(twins):
    by = twins.cast.programme_manager
    ref = twins.survivor.ref
    with pytest.raises(Refused):
        merge_factories(survivor_ref=ref, duplicate_ref=ref, by=by)
    Factory.objects.filter(pk=twins.survivor.pk).update(status="closed")
    with pytest.raises(Refused):
        merge(twins)
    Factory.objects.filter(pk=twins.survivor.pk).update(status="active")
    elsewhere = builders.a_factory("Amman", programme="JO", country="JO")
    Standing.objects.create(holder=by, role=Role.PROGRAMME_MANAGER, programme="JO")
    with pytest.raises(Refused):
        merge_factories(survivor_ref=ref, duplicate_ref=elsewhere.ref, by=by)
    merge(twins)
    for refs in ((ref, twins.duplicate.ref), (twins.duplicate.ref, ref)):
        with pytest.raises(Http404):
            merge_factories(survivor_ref=refs[0], duplicate_ref=refs[1], by=by)


def test_a_duplicate_of_a_duplicate_leads_to_the_last_survivor(twins):
    merge(twins)
    third = builders.a_factory("Mekong Stitch Ltd")
    merge_factories(
        survivor_ref=third.ref, duplicate_ref=twins.survivor.ref, by=twins.cast.programme_manager
    )
    assert set(Factory.objects.filter(status="merged").values_list("merged_into", flat=True)) == {third.pk}
    assert Cycle.objects.filter(factory=third).count() == 3


def test_who_opens_the_pages(twins, seen_by):
    refs = [twins.survivor.ref, twins.duplicate.ref]
    urls = [
        reverse("merge_find", args=refs[:1]), reverse("merge_compare", args=refs), reverse("merge_check", args=refs),
    ]
    for url in urls:
        for who, status in seen_by(twins.cast, url).items():
            expected = {"programme_manager": 200, "foreign_manager": 404, "anonymous": 302}.get(who, 403)
            assert status == expected, (url, who)


def test_two_records_are_found_compared_checked_and_merged(twins, client):
    client.force_login(twins.cast.programme_manager)
    find, compare, check = (
        reverse("merge_find", args=[twins.survivor.ref]),
        reverse("merge_compare", args=[twins.survivor.ref, twins.duplicate.ref]),
        reverse("merge_check", args=[twins.survivor.ref, twins.duplicate.ref]),
    )
    assert find in client.get(twins.survivor.get_absolute_url()).content.decode()
    assert compare in client.get(find).content.decode()
    assert compare not in client.get(find, {"q": "tonle"}).content.decode()
    compared = client.get(compare).content.decode()
    assert check in compared
    assert reverse("merge_check", args=[twins.duplicate.ref, twins.survivor.ref]) in compared
    said = client.get(check).content.decode()
    assert "Cycles: 2, assessments: 2, reports: 1, plan items: 2, people: 1" in said
    assert Cycle.objects.filter(factory=twins.duplicate).count() == 2
    assert client.post(check)["Location"] == twins.survivor.get_absolute_url()
    moved = client.get(twins.duplicate.get_absolute_url())
    assert moved["Location"] == twins.survivor.get_absolute_url()
    assert client.get(find.replace(twins.survivor.ref, twins.duplicate.ref)).status_code == 404
