"""Making the demo: the stories of invented factories, told through the real services."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.home.demo import years
from evenweave.home.demo.people import Company, let_in, show_faces
from evenweave.home.demo.telling import Days, Story, tell
from evenweave.home.demo.texts import Texts, demo_programmes, texts_of
from evenweave.home.models import DemoPerson
from evenweave.home.queries.demo import is_demo
from evenweave.notifications.queries import unread_before
from evenweave.notifications.services import read_notice
from evenweave.organisations.models import Buyer, Factory
from evenweave.programmes.queries import local_today, programme_zone
from evenweave.toolkit import clock
from evenweave.toolkit.jobs import leases
from evenweave.toolkit.jobs.performing import durable_backend, perform
from evenweave.toolkit.refusals import Refused

LEASE_SECONDS = 600
DAYS_OF_NEWS = 45
# Factories whose story is told before the doors open, so that every comparison has its five.
TOLD_FIRST = 5
UNDER_WAY = {
    "bassac-knit": "visiting",
    "sangker-footwear": "review",
    "koh-sdach-apparel": "reply",
    "prek-leap-sewing": "release",
}
SPECIAL = {"mekong-stitch", "mekong-stitch-old", "tonle-garment", *UNDER_WAY}

Say = Callable[[str], None]


def begin_demo(*, say: Say) -> bool:
    """The people of the demo, its main factory's two years and a handful of others: all or nothing. Returns False
    when the demo has begun already. Refused in an installation that is not marked as a demo."""
    _refuse_real_installation()
    if DemoPerson.objects.exists():
        return False
    now = clock.now()
    for programme in demo_programmes():
        texts = texts_of(programme)
        days = _days(programme, now)
        with transaction.atomic():
            with clock.at(days.on(2024, 8, 1)):
                company = let_in(texts)
            stories = [
                years.hero(company, days),
                years.neighbour(company, days),
                *(years.under_way(company, days, key, until) for key, until in UNDER_WAY.items()),
                *_ordinary(company, days, _ordinary_keys(texts)[:TOLD_FIRST]),
            ]
            acts = tell(stories, now, perform_short_jobs)
            show_faces(company)
            _open_old_notices(now)
        say(
            _("The demo of %(programme)s has begun: %(acts)s days lived through.")
            % {"programme": programme, "acts": acts}
        )
    return True


def continue_demo(*, say: Say, most_factories: int | None = None) -> int:
    """The other factories of the demo, one after the other, while pages are served. Returns how many it made."""
    _refuse_real_installation()
    made = 0
    for programme in demo_programmes():
        texts = texts_of(programme)
        company = _company_of(texts)
        days = _days(programme, clock.now())
        keys = _ordinary_keys(texts)[TOLD_FIRST:]
        if most_factories is not None:
            keys = keys[: max(most_factories - TOLD_FIRST - len(UNDER_WAY) - 2, 0)]
        known = set(Factory.objects.filter(programme=programme).values_list("name", flat=True))
        for key in keys:
            if texts.factories[key]["name"] in known:
                continue
            tell(_ordinary(company, days, [key]), clock.now(), perform_short_jobs)
            made += 1
            say(_("Demo: %(name)s has joined.") % {"name": texts.factories[key]["name"]})
    return made


def _open_old_notices(now: datetime) -> None:
    """People have read what they were told long ago; the news of the last weeks waits for them."""
    for notice in unread_before(now - timedelta(days=DAYS_OF_NEWS)):
        with clock.at(notice.at + timedelta(hours=4)):
            read_notice(ref=notice.ref, by=notice.person)


def _refuse_real_installation() -> None:
    if not is_demo():
        raise Refused(
            _("This database is a real installation. A demo is made in a database of its own: EVENWEAVE_DEMO=1.")
        )


def _days(programme: str, now: datetime) -> Days:
    return Days(programme_zone(programme), local_today(programme, now))


def _ordinary_keys(texts: Texts) -> list[str]:
    return [key for key in texts.factories if key not in SPECIAL]


def _ordinary(company: Company, days: Days, keys: Iterable[str]) -> list[Story]:
    every = _ordinary_keys(company.texts)
    return [years.ordinary(company, days, key, every.index(key)) for key in keys]


def _company_of(texts: Texts) -> Company:
    """The demo's people as they are in the database."""
    company = Company(texts)
    company.people = {known.key: known.person for known in DemoPerson.objects.select_related("person")}
    company.buyers = {key: Buyer.objects.get(name=name) for key, name in texts.buyers.items()}
    return company


def perform_short_jobs() -> None:
    """Do the background work that waits, except making documents: that is the worker's, and slow."""
    backend = durable_backend()
    while (claimed := leases.claim("demo", LEASE_SECONDS, {"default"})) is not None:
        job, lease = claimed
        perform(job, lease, backend)
