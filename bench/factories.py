"""The list of factories for somebody who may see two hundred, while the house grows around them."""

import random
from collections.abc import Iterator

from bench.registry import TIMES, Row, benchmark, median, milliseconds, percentile

SIZES = (1_000, 10_000, 100_000)
SEEN = 200
ASKED = 40
BAR = 25
GROWTH_BAR = 1.3


@benchmark("factory list")
def factory_list() -> Iterator[Row]:
    """Server time at the 95th percentile for a buyer's officer and for a coach, as the house grows."""
    from evenweave.config.commandline import start_django

    start_django()
    chance = random.Random(7)
    figures: dict[str, list[float]] = {"buyer": [], "coach": []}
    for size in SIZES:
        _grow(size, chance)
        people = _newcomers(size, chance)
        for who, person in people.items():
            page = _page_of(person)
            taken = median(lambda page=page: _p95(page))
            figures[who].append(taken)
            limit = median(lambda person=person: _p95(lambda: _bare(person)))
            yield Row(f"factory list, {who}", f"{SEEN} of {size:,}", taken, "ms", bar=BAR, limit=limit)
            asked = _questions(page)
            yield Row(f"factory list, {who}: statements", f"{SEEN} of {size:,}", asked, "", bar=20)
    for who, taken in figures.items():
        growth = taken[-1] / taken[0]
        yield Row(f"factory list, {who}: growth", f"{SIZES[0]:,} to {SIZES[-1]:,}", growth, "×", bar=GROWTH_BAR)


def _grow(size: int, chance: random.Random) -> None:
    from evenweave.organisations.models import Factory, FactorySector
    from evenweave.organisations.services import rewrite_keys

    new = []
    for number in range(Factory.objects.count(), size):
        letters = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=6)).title()
        factory = Factory(
            name=f"{letters} Garment {number}", programme="XA", country="XA", city=f"City {number % 97}",
            region=f"Province {number % 25}", is_invented=True,
        )
        rewrite_keys(factory)
        new.append(factory)
    Factory.objects.bulk_create(new, batch_size=2000)
    FactorySector.objects.bulk_create(
        [FactorySector(factory=factory, sector="apparel") for factory in new], batch_size=5000
    )


def _newcomers(size: int, chance: random.Random) -> dict:
    """A buyer's officer whose buyer has the consent of two hundred factories, half of them paid, and a coach of two
    hundred."""
    from datetime import date

    from evenweave.access.enums import Role
    from evenweave.access.models import Standing
    from evenweave.enrolment.models import Cycle
    from evenweave.organisations.models import Buyer, Factory
    from evenweave.people.models import Person

    keys = chance.sample(list(Factory.objects.values_list("pk", flat=True)), SEEN)
    officer, coach = (Person.objects.create(name=f"{who} {size}", email=f"{who}{size}@example.org")
                      for who in ("officer", "coach"))
    buyer = Buyer.objects.create(name=f"Buyer {size}", is_invented=True)
    cycles = Cycle.objects.bulk_create(
        Cycle(factory_id=key, programme="XA", number=size, sector="apparel", package="assessment", service_model="x",
              starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        for key in keys[: SEEN // 2]
    )
    tie = {"role": Role.BUYER_OFFICER, "buyer": buyer}
    Standing.objects.bulk_create([
        Standing(holder=officer, **tie),
        *(Standing(factory_id=key, **tie) for key in keys),
        *(Standing(factory_id=cycle.factory_id, cycle=cycle, **tie) for cycle in cycles),
        *(Standing(holder=coach, role=Role.ADVISOR, factory_id=key) for key in keys),
    ])
    return {"buyer": officer, "coach": coach}


def _page_of(person):
    """Asks for the list as this person, through every middleware."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(person)

    def page() -> None:
        answer = client.get("/factories/")
        if answer.status_code != 200 or f"of {SEEN}" not in answer.content.decode():
            raise RuntimeError("the list does not show what it should")

    return page


def _p95(work) -> float:
    for _ in range(TIMES):
        work()
    return percentile([milliseconds(work) for _ in range(ASKED)], 0.95)


def _bare(person) -> None:
    """The limit: the same fifty rows in one statement, drawn by nobody."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT f.ref, f.name, f.city, f.region, f.os_id, f.search_key FROM organisations_factory f"
            " JOIN access_standing t ON t.factory_id = f.id"
            " WHERE t.holder_id = %s OR (t.holder_id IS NULL AND t.buyer_id IN"
            " (SELECT buyer_id FROM access_standing WHERE holder_id = %s)) ORDER BY f.search_key LIMIT 50",
            [person.pk, person.pk],
        )
        cursor.fetchall()


def _questions(page) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page()
    return len(asked)
