"""Registering: seats, waiting lists, who may, and what is told to whom."""

from datetime import date

import pytest
from django.http import Http404

from evenweave.activity.models import Entry, Payload
from evenweave.enrolment.enums import Package
from evenweave.notifications.models import Notice
from evenweave.organisations.models import FactorySector
from evenweave.toolkit.refusals import Refused
from evenweave.training import services
from evenweave.training.models import Registration, Session
from evenweave.training.tests.scene import FIRST, ONE_DAY, SECOND, a_session, morning, people, registered, states
from tests import builders

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


def test_who_finds_no_seat_waits_and_moves_up_in_order(cast):
    session = a_session(cast, capacity=2)
    sok, chan, mey = registered(cast, session, "Sok", "Chan", "Mey")
    registered(cast, session, "Visal", by=cast.other_manager, factory=cast.other_factory)
    assert states(session) == {"Sok": "booked", "Chan": "booked", "Mey": "waiting", "Visal": "waiting"}
    with morning():
        services.cancel_registration(ref=chan.ref, by=cast.manager)
    assert states(session) == {"Sok": "booked", "Chan": "cancelled", "Mey": "booked", "Visal": "waiting"}
    assert told("training.moved_up") == ["Chan Sopheap"]
    with morning():
        services.cancel_registration(ref=sok.ref, by=cast.team_leader)
    assert states(session)["Visal"] == "booked"
    assert told("training.moved_up") == ["Chan Sopheap", "Ly Dara"]
    # Nobody overtakes, and a cancelled name may come again, at the end.
    assert states(session)["Mey"] == "booked"
    (again,) = registered(cast, session, "Chan")
    assert (again.state, again.number) == ("waiting", 5)
    assert mey.session.registrations.count() == 5


def test_the_log_holds_no_name(cast):
    session = a_session(cast)
    registered(cast, session, "Sok Sreyneath")
    entry = Entry.objects.get(step="training.registered")
    assert (entry.factory_id, entry.sharing) == (cast.factory.pk, 20)
    assert all("Sreyneath" not in str(row.content) for row in Payload.objects.all())


def test_one_wrong_person_registers_nobody(cast):
    session = a_session(cast)
    registered(cast, session, "Sok Dara")
    wrong = ((("Mey", " sok  DARA"), "name_2"), (("Mey", "Mey"), "name_2"), (("  ",), "name_1"), ((), "name_1"))
    for names, field in wrong:
        with pytest.raises(Refused) as refused:
            registered(cast, session, *names)
        assert refused.value.field == field
    assert states(session) == {"Sok Dara": "booked"}
    # Another factory may have a Sok Dara, too.
    registered(cast, session, "Sok Dara", by=cast.other_manager, factory=cast.other_factory)


def test_any_factory_may_come_enrolled_or_not_unless_the_programme_does_not_sell_it(cast):
    session = a_session(cast)
    assert not cast.factory.cycles.exists()
    registered(cast, session, "Not enrolled")
    builders.a_cycle(cast.other_factory, starts_on=date(2026, 1, 5), package=Package.ASSESSMENT)
    registered(cast, session, "Enrolled", by=cast.other_manager, factory=cast.other_factory)
    # The country serves no footwear.
    abroad = builders.a_factory("Shoes of Amman", programme="JO", country="JO")
    FactorySector.objects.filter(factory=abroad).update(sector="footwear")
    builders.a_person("Jordan Staff", "jordan")
    from evenweave.access.enums import Role
    from evenweave.access.models import Standing

    trainer = builders.a_person("Trainer of Jordan")
    Standing.objects.create(holder=trainer, role=Role.STAFF, programme="JO", starts_at=builders.LONG_AGO)
    with morning():
        there = services.plan_session(
            course_key=ONE_DAY, programme="JO", days=[FIRST], place="Amman", capacity=5, language="ar",
            trainer_ref=trainer.ref, by=cast.foreign_manager,
        )
    with pytest.raises(Refused, match="does not cover this sector"):
        registered(cast, there, "Layla", by=cast.foreign_manager, factory=abroad)
    with pytest.raises(Http404):
        registered(cast, there, "Sok")


def test_who_may_register_whom(cast):
    session = a_session(cast, capacity=20)
    for person in (cast.manager, cast.coach, cast.team_leader, cast.programme_manager, cast.assessor):
        registered(cast, session, f"By {person.name}", by=person)
    for person in (cast.worker, cast.other_manager, cast.buyer, cast.quality, cast.ministry, cast.foreign_manager):
        with pytest.raises(Http404):
            registered(cast, session, "Nobody", by=person)
    # Somebody of the staff registered them: the manager is told, and not of what she did herself.
    assert set(told("training.registered")) == {"Chan Sopheap"}
    one = Registration.objects.first()
    with morning():
        for person in (cast.worker, cast.other_manager, cast.quality, cast.foreign_manager):
            with pytest.raises(Http404):
                services.cancel_registration(ref=one.ref, by=person)


def test_a_session_closed_to_one_factory_is_nobody_elses(cast):
    closed = a_session(cast, closed_to_ref=cast.factory.ref)
    registered(cast, closed, "Sok")
    with pytest.raises(Http404):
        registered(cast, closed, "Mey", by=cast.other_manager, factory=cast.other_factory)
    with pytest.raises(Http404):
        registered(cast, closed, "Mey", by=cast.team_leader, factory=cast.other_factory)
    with pytest.raises(Refused, match="is for one factory"):
        a_session(cast, course="made-to-measure")


@pytest.mark.parametrize(("change", "field"), [
    ({"days": [date(2026, 3, 1)]}, "days"), ({"days": [SECOND, FIRST]}, "days"), ({"days": []}, "days"),
    ({"capacity": 26}, "capacity"), ({"capacity": 0}, "capacity"), ({"language": "xx"}, "language"),
    ({"course_key": "none"}, "course"), ({"programme": "JO"}, "programme"), ({"trainer_ref": "nobody"}, "trainer"),
])
def test_an_impossible_session_is_refused_and_says_where(cast, change, field):
    with morning(), pytest.raises(Refused) as refused:
        services.plan_session(**{
            "course_key": "supervisory-skills", "programme": "KH", "days": [FIRST, SECOND], "place": "Here",
            "capacity": 5, "language": "km", "trainer_ref": cast.coach.ref, "by": cast.team_leader,
        } | change)
    assert (refused.value.field, Session.objects.count()) == (field, 0)


def test_more_seats_go_to_who_waits_and_fewer_than_are_taken_are_refused(cast):
    session = a_session(cast, capacity=1)
    registered(cast, session, "Sok", "Mey", "Chan")
    same = {"ref": session.ref, "days": [FIRST, SECOND], "place": session.place, "trainer_ref": cast.coach.ref,
            "by": cast.team_leader}
    with morning():
        services.change_session(capacity=2, **same)
        assert states(session) == {"Sok": "booked", "Mey": "booked", "Chan": "waiting"}
        assert told("training.changed") == []
        with pytest.raises(Refused, match="2 are taken"):
            services.change_session(capacity=1, **same)
        services.change_session(capacity=2, **(same | {"place": "Elsewhere"}))
    assert told("training.changed") == ["Chan Sopheap"]


def test_a_cancelled_session_tells_each_factory_once_and_takes_nobody_more(cast):
    session = a_session(cast)
    registered(cast, session, "Sok", "Mey")
    registered(cast, session, "Visal", by=cast.other_manager, factory=cast.other_factory)
    with morning(), pytest.raises(Refused, match="Say why"):
        services.cancel_session(ref=session.ref, reason=" ", by=cast.team_leader)
    with morning():
        services.cancel_session(ref=session.ref, reason="The trainer is ill.", by=cast.team_leader)
    assert told("training.cancelled") == ["Chan Sopheap", "Ly Dara"]
    assert set(states(session).values()) == {"cancelled"}
    with pytest.raises(Refused, match="over or was cancelled"):
        registered(cast, session, "Late")
    assert people("x")[0].sex == "woman"
