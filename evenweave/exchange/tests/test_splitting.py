"""A merge that was made in error is taken back: what nobody has touched since returns, the rest stays."""

from datetime import date, timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from evenweave.access.enums import Action
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.activity.services import verify_log
from evenweave.assessments.models import Assessment, Finding, ZeroToleranceCase
from evenweave.committees.models import Committee
from evenweave.enrolment.models import Cycle
from evenweave.enrolment.services import give_consent
from evenweave.exchange.models import FactoryMerge
from evenweave.exchange.rules.splitting import those_that_stay
from evenweave.exchange.services import merge_factories, split_factories, splitting
from evenweave.exchange.services.merge_records import WATCHED
from evenweave.exchange.tests.twin_scene import NOW, merge, readers_of
from evenweave.improvement.models import ItemFinding, PlanItem, ThreadMessage
from evenweave.improvement.services import add_action, add_self_found
from evenweave.indicators.models import FactoryResult
from evenweave.organisations.models import Consent, Factory
from evenweave.organisations.services import correct_factory
from evenweave.people.models import Invitation
from evenweave.reports.models import ProgressReport, Report
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused
from tests import builders

LATER = NOW + timedelta(days=3)
# Everything that hangs on a factory, as it stood before: model → fields that say where a row belongs and how it is.
STANDS = {
    Cycle: ("factory", "number"), Assessment: ("factory",), Finding: ("factory",), ZeroToleranceCase: ("factory",),
    Report: ("factory",), ProgressReport: ("factory",), FactoryResult: ("factory", "cycle_number", "is_latest"),
    PlanItem: ("plan__factory", "number", "status", "verification", "cycle", "is_public", "withdrawn_at"),
    ItemFinding: ("item",), Consent: ("factory", "revoked_at", "reason"), Invitation: ("factory",),
    Factory: ("status", "merged_into", "name", "address", "os_id", "phone"),
}


def stand() -> dict:
    return {
        model.__name__: {row[0]: row[1:] for row in model.objects.order_by("pk").values_list("pk", *fields)}
        for model, fields in STANDS.items()
    }


def split(twins, by=None) -> Factory:
    with clock.at(LATER):
        return split_factories(
            survivor_ref=twins.survivor.ref, duplicate_ref=twins.duplicate.ref, by=by or twins.cast.programme_manager
        )


def test_records_that_belong_together_stay_together():
    ties = [("a", "b"), ("b", "c"), ("d", "e")]
    assert those_that_stay("abcdef", ties, ["c"]) == {"a", "b", "c"}
    assert those_that_stay("abcdef", ties, []) == frozenset()
    assert those_that_stay("ab", [], ["z"]) == frozenset()


def test_when_nobody_has_touched_anything_all_stands_as_before(twins):
    before, people = stand(), dict(twins.cast.people)
    merge(twins)
    assert stand() != before
    returned = split(twins)
    assert returned == twins.duplicate
    assert stand() == before
    everybody = [person for person in people.values() if person is not None]
    assert readers_of(returned, Action.FACTORY_PROFILE, *everybody) >= {"Ly Dara"}
    assert "Ly Dara" not in readers_of(twins.survivor, Action.FACTORY_PROFILE, *everybody)
    assert "Chan Sopheap" not in readers_of(returned, Action.FACTORY_PROFILE, *everybody)


def test_buyers_read_again_what_they_read_before_and_nothing_else(twins):
    cast = twins.cast
    buyers = (cast.buyer, cast.unpaid_buyer, cast.stranger_buyer)
    reports = [Report.objects.get(assessment=one) for one in twins.assessments]

    def read() -> list[set[str]]:
        seen = [readers_of(report, Action.REPORT_VIEW, *buyers) for report in reports]
        return [*seen, *(readers_of(one, Action.FACTORY_VIEW, *buyers) for one in (twins.survivor, twins.duplicate))]

    before = read()
    merge(twins)
    with clock.at(NOW + timedelta(days=1)):
        give_consent(factory_ref=twins.survivor.ref, buyer_ref=cast.costa.ref, by=cast.manager)
        assert readers_of(reports[1], Action.REPORT_VIEW, *buyers) == {cast.buyer.name, cast.unpaid_buyer.name}
    split(twins)
    with clock.at(LATER + timedelta(days=1)):
        after = read()
        # Costa has the survivor's consent now, which the factory itself gave; it has paid nothing there.
        assert after == [before[0], before[1], before[2] | {cast.unpaid_buyer.name}, before[3]]


def test_both_histories_tell_it_and_verify(twins):
    merge(twins)
    split(twins)
    entries = Entry.objects.filter(step="factory.split")
    assert set(entries.values_list("chain", "actor")) == {
        (f"factory:{factory.ref}", twins.cast.programme_manager.pk) for factory in (twins.survivor, twins.duplicate)
    }
    said = entries.first().payload.content
    assert (said["went_back"]["enrolment.cycle"], said["stayed"]) == (2, {})
    assert verify_log() == []
    record = FactoryMerge.objects.get()
    assert (record.split_by, record.split_at) == (twins.cast.programme_manager, LATER)


def test_a_cycle_that_somebody_worked_on_stays_with_its_items_and_everything_of_it(twins):
    """A coach changes the item of EX-4, which came with the duplicate's first cycle: that cycle, its report, findings
    and items stay, the folded item of EX-1 included. The planned second cycle goes back."""
    cast = twins.cast
    merge(twins)
    item = PlanItem.objects.get(lineage_root="EX-4")
    with clock.at(NOW + timedelta(days=1)):
        touch(item, cast)
    split(twins)
    cycles = dict(Cycle.objects.values_list("pk", "factory"))
    survivor, duplicate = twins.survivor.pk, twins.duplicate.pk
    assert cycles == {twins.cycle.pk: survivor, twins.moved.pk: survivor, twins.secret.cycle_id: duplicate}
    assert set(Report.objects.values_list("factory", flat=True)) == {survivor}
    assert set(Finding.objects.values_list("factory", flat=True)) == {survivor}
    assert not PlanItem.objects.filter(plan__factory=duplicate).exists()
    twins.secret.refresh_from_db()
    assert twins.secret.factory_id == duplicate
    assert dict(Cycle.objects.values_list("pk", "number")) == {
        twins.cycle.pk: 1, twins.moved.pk: 2, twins.secret.cycle_id: 2,
    }
    assert set(FactoryResult.objects.values_list("factory", flat=True)) == {survivor}
    assert FactoryResult.objects.filter(is_latest=True).count() == 1
    said = Entry.objects.filter(step="factory.split").first().payload.content
    assert (said["went_back"]["enrolment.cycle"], said["stayed"]["enrolment.cycle"]) == (1, 1)


def test_an_item_that_no_longer_is_as_the_merge_left_it_stays_with_what_it_took_over(twins):
    merge(twins)
    taker = PlanItem.objects.get(plan__factory=twins.survivor, lineage_root="EX-1", withdrawn_at=None)
    PlanItem.objects.filter(pk=taker.pk).update(is_public=not taker.is_public, cycle=twins.cycle, sharing=1)
    split(twins)
    assert ItemFinding.objects.filter(item=taker).count() == 2
    twins.moved.refresh_from_db()
    assert twins.moved.factory == twins.survivor


def touch(item: PlanItem, cast) -> None:
    add_action(
        ref=item.ref, text="Train the guards", owner_name="Sok", owner_side="management", due_on=date(2026, 12, 1),
        by=cast.manager,
    )


def test_what_was_corrected_since_is_not_taken_back_from_the_profile(twins):
    merge(twins)
    with clock.at(NOW + timedelta(days=1)):
        correct_factory(ref=twins.survivor.ref, data={"address": "Street 3"}, by=twins.cast.manager)
    split(twins)
    survivor = Factory.objects.get(pk=twins.survivor.pk)
    assert (survivor.address, survivor.os_id) == ("Street 3", "")
    assert Factory.objects.get(pk=twins.duplicate.pk).os_id == "KH2020011ABCDEF"


def test_what_the_system_made_of_a_cycle_since_goes_back_with_it(twins):
    merge(twins)
    due = ProgressReport.objects.create(
        factory=twins.survivor, cycle=twins.moved, programme="KH", number=2, author="factory", due_on=date(2026, 9, 1)
    )
    split(twins)
    due.refresh_from_db()
    assert due.factory == twins.duplicate


def test_what_began_after_the_merge_stays(twins):
    merge(twins)
    with clock.at(NOW + timedelta(days=1)):
        item = add_self_found(factory_ref=twins.survivor.ref, title="Dust", by=twins.cast.manager)
    split(twins)
    item.refresh_from_db()
    assert item.plan.factory == twins.survivor


def test_an_accepted_invitation_stays(twins):
    merge(twins)
    Invitation.objects.update(accepted_at=NOW + timedelta(days=1))
    split(twins)
    assert Invitation.objects.get().factory == twins.survivor


def test_the_last_merge_of_a_row_is_split_first(twins):
    cast = twins.cast
    before = stand()
    merge(twins)
    third = builders.a_factory("Mekong Stitch Ltd")
    with clock.at(NOW + timedelta(hours=1)):
        merge_factories(survivor_ref=third.ref, duplicate_ref=twins.survivor.ref, by=cast.programme_manager)
    with pytest.raises(Refused, match="Split that first"):
        split(twins)
    with clock.at(NOW + timedelta(hours=2)):
        split_factories(survivor_ref=third.ref, duplicate_ref=twins.survivor.ref, by=cast.programme_manager)
    twins.duplicate.refresh_from_db()
    assert twins.duplicate.merged_into == twins.survivor
    split(twins)
    after = stand()
    del after["Factory"][third.pk]
    assert after == before


def test_what_was_split_can_be_merged_and_split_again(twins):
    before = stand()
    for _again in range(2):
        merge(twins)
        split(twins)
    assert stand() == before
    with pytest.raises(Http404):
        split(twins)


@pytest.mark.parametrize(
    "who", ["team_leader", "foreign_manager", "manager", "coach", "quality", "buyer", "ministry", "nobody"]
)
def test_only_the_programme_manager_splits(twins, who):
    merge(twins)
    with pytest.raises(Http404):
        split(twins, by=getattr(twins.cast, who))
    assert not Cycle.objects.filter(factory=twins.duplicate).exists()


def test_who_opens_the_page(twins, seen_by):
    merge(twins)
    url = reverse("split_check", args=[twins.survivor.ref, twins.duplicate.ref])
    for who, status in seen_by(twins.cast, url).items():
        expected = {"programme_manager": 200, "foreign_manager": 404, "anonymous": 302}.get(who, 403)
        assert status == expected, who


def test_the_page_says_what_goes_back_and_what_stays_and_does_it(twins, client):
    merge(twins)
    client.force_login(twins.cast.programme_manager)
    find = reverse("merge_find", args=[twins.survivor.ref])
    url = reverse("split_check", args=[twins.survivor.ref, twins.duplicate.ref])
    assert url in client.get(find).content.decode()
    text = client.get(url).content.decode()
    assert "Cycles: 2, Assessments: 2, Reports: 1, Progress reports: 1, Plan items: 2" in text
    assert "Nothing that moved: nobody has worked on it since." in text
    with clock.at(NOW + timedelta(days=1)):
        touch(PlanItem.objects.get(lineage_root="EX-4"), twins.cast)
    assert "Cycles: 1, Assessments: 1, Reports: 1" in client.get(url).content.decode()
    assert client.post(url)["Location"] == twins.duplicate.get_absolute_url()
    assert client.get(twins.duplicate.get_absolute_url()).status_code == 200
    assert url not in client.get(find).content.decode()
    assert client.get(url).status_code == 404


def test_whatever_a_merge_changes_has_its_place_in_a_split():
    by_hand = {Standing, Invitation, Consent, Factory, FactoryResult}
    put_back = {
        Cycle, PlanItem, *splitting.OF_AN_ITEM, ThreadMessage, *splitting.OF_A_CYCLE, Committee,
        *splitting.OF_A_COMMITTEE, *splitting.OF_TRAINING,
    }
    assert by_hand | put_back == set(WATCHED)
