"""How much of a registry takes part: counted by hand, and read by those who may."""

from datetime import UTC, date, datetime

import pytest

from evenweave.enrolment.queries import Coverage, coverage, coverage_for
from evenweave.enrolment.screens import section_of
from evenweave.organisations.models import Factory
from evenweave.toolkit import clock
from tests import builders

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.fixture
def registry(cast):
    """Four of the registry, two of them in a cycle; one enrolled without a number; a closed one and one of abroad."""
    Factory.objects.update(registry_id="")
    listed = [builders.a_factory(f"Listed {n}", programme="KH") for n in range(4)]
    for number, factory in enumerate(listed):
        Factory.objects.filter(pk=factory.pk).update(registry_id=f"R-{number}")
    builders.a_cycle(listed[0], starts_on=date(2025, 9, 1))
    builders.a_cycle(listed[1], starts_on=date(2026, 3, 2))
    builders.a_cycle(listed[2], starts_on=date(2025, 3, 1))  # ended the day before yesterday
    builders.a_cycle(cast.factory, starts_on=date(2025, 9, 1))
    closed = builders.a_factory("Closed", programme="KH")
    Factory.objects.filter(pk=closed.pk).update(registry_id="R-9", status="closed")
    abroad = builders.a_factory("Abroad", programme="JO")
    Factory.objects.filter(pk=abroad.pk).update(registry_id="J-1")
    return cast


def test_factories_of_the_registry_against_those_in_a_cycle(registry, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = coverage("KH", ["apparel", "footwear"], TODAY.date())
    assert found == Coverage(registered=4, enrolled=2, unlisted=1)
    assert found.share == 0.5
    section = section_of(found)
    assert section.sentence == ("2 of 4 registered factories are in a cycle today: 50.0 %. "
                                "1 more is in a cycle and has no registry number.")
    assert [fact.value for fact in section.facts] == [4, 2, "50.0 %"]


def test_without_a_registry_there_is_no_number(registry):
    found = coverage("HT", ["apparel"], TODAY.date())
    assert (found, found.share) == (Coverage(0, 0, 0), None)
    section = section_of(found)
    assert "No factory has a registry number yet" in section.sentence
    assert section.facts == ()


def test_who_reads_it(registry):
    with clock.at(TODAY):
        readers = {key for key, person in registry.people.items() if person and coverage_for(person, "KH")}
        assert readers == {"team_leader", "programme_manager", "ministry", "quality"}
        assert coverage_for(registry.foreign_manager, "JO") == Coverage(1, 0, 0)
        assert coverage_for(registry.quality, "VN") is None  # taking part is voluntary there
