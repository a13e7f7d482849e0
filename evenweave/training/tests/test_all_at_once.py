"""People register for one session at the same moment: as many seats as there are, and nobody lost.

Sixty in every run, two hundred with --long."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from evenweave.training import services
from evenweave.training.services import Participant
from evenweave.training.tests.scene import a_session, morning
from tests.cast import introduce

AT_ONCE, SEATS = 8, 25


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [60, pytest.param(200, marks=pytest.mark.long)])
def test_people_at_once_find_exactly_the_seats_there_are(many):
    cast = introduce()
    session = a_session(cast, capacity=SEATS)
    together = threading.Barrier(AT_ONCE)

    def register(number: int) -> str:
        is_ours = number % 2 == 0
        try:
            if number < AT_ONCE:
                together.wait()
            with morning():
                (made,) = services.register(
                    session_ref=session.ref, factory_ref=(cast.factory if is_ours else cast.other_factory).ref,
                    people=[Participant(f"Person {number}", "woman", "worker")],
                    by=cast.manager if is_ours else cast.other_manager,
                )
            return made.state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(register, range(many)))
    assert (told.count("booked"), told.count("waiting")) == (SEATS, many - SEATS)
    rows = list(session.registrations.order_by("number"))
    assert [one.number for one in rows] == list(range(1, many + 1))
    assert {one.state for one in rows[:SEATS]} == {"booked"}
    assert {one.state for one in rows[SEATS:]} == {"waiting"}
    assert {one.name for one in rows} == {f"Person {number}" for number in range(many)}
