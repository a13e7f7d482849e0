"""Making the demo: the stories of invented factories, told through the real services."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest

from django.db import transaction
from django.utils.translation import gettext as _

from evenweave.home.demo import years
from evenweave.home.demo.people import Company, company_of, let_in, show_faces
from evenweave.home.demo.telling import Days, tell
from evenweave.home.demo.texts import Texts, demo_programmes, texts_of
from evenweave.home.models import DemoPerson
from evenweave.home.queries.demo import is_demo
from evenweave.notifications.queries import unread_before
from evenweave.notifications.services import read_notice
from evenweave.organisations.models import Factory
from evenweave.programmes.queries import local_today, programme_zone
from evenweave.toolkit import clock
from evenweave.toolkit.jobs import leases
from evenweave.toolkit.jobs.performing import durable_backend, perform
from evenweave.toolkit.refusals import Refused

LEASE_SECONDS = 600
DAYS_OF_NEWS = 45
USUAL_FACTORIES = 40
# Factories whose story is told before the doors open, so that every comparison has its five.
TOLD_FIRST = 5
UNDER_WAY = {
    "bassac-knit": "visiting",
    "sangker-footwear": "review",
    "koh-sdach-apparel": "reply",
    "prek-leap-sewing": "release",
}
SPECIAL = {"mekong-stitch", "mekong-stitch-old", "tonle-garment", *UNDER_WAY}
FEWEST_FACTORIES = TOLD_FIRST + len(SPECIAL) - 1  # the older record of the first factory is merged into it

Say = Callable[[str], None]


def begin_demo(*, say: Say) -> bool:
    """The people of the main programme's demo, its main factory's two years and a handful of others: all or nothing.
    Returns False when the demo has begun already. Refused in an installation that is not marked as a demo."""
    _refuse_real_installation()
    if DemoPerson.objects.exists():
        return False
    now = clock.now()
    texts = texts_of(demo_programmes()[0])
    days = _days(texts.programme, now)
    with transaction.atomic():
        company = _new_company(texts, days)
        keys = _ordinary_keys(texts)
        stories = [
            years.hero(company, days),
            *years.together(company, days, "mekong-stitch"),
            years.neighbour(company, days),
            *(years.under_way(company, days, key, until) for key, until in UNDER_WAY.items()),
            *(years.ordinary(company, days, key, keys.index(key)) for key in keys[:TOLD_FIRST]),
        ]
        acts = tell(stories, now, perform_short_jobs)
        show_faces(company)
        _open_old_notices(now)
    say(
        _("The demo of %(programme)s has begun: %(acts)s days lived through.")
        % {"programme": texts.programme, "acts": acts}
    )
    return True


def continue_demo(*, say: Say, most_factories: int | None = None) -> int:
    """The other factories of the demo, one after the other, while pages are served. Returns how many it made.

    A factory is told in one transaction, the first of a country with the country's staff: whoever is cut off leaves
    nothing half told, and the next run goes on from there. `most_factories` are those of all countries together."""
    _refuse_real_installation()
    made = 0
    for programme, key in islice(_the_rest(), max((most_factories or USUAL_FACTORIES) - FEWEST_FACTORIES, 0)):
        name = texts_of(programme).factories[key]["name"]
        if Factory.objects.filter(programme=programme, name=name, is_invented=True).exists():
            continue
        with transaction.atomic():
            _join(programme, key)
        made += 1
        say(_("Demo: %(name)s has joined.") % {"name": name})
    return made


def _the_rest() -> Iterator[tuple[str, str]]:
    """Programme and factory, one of each country in turn, so that every country soon has something to show."""
    main, *others = (texts_of(programme) for programme in demo_programmes())
    rows = [[(texts.programme, key) for key in _ordinary_keys(texts)] for texts in others]
    rows.append([(main.programme, key) for key in _ordinary_keys(main)[TOLD_FIRST:]])
    return (one for one in chain.from_iterable(zip_longest(*rows)) if one is not None)


def _join(programme: str, key: str) -> None:
    """One factory lives through its years."""
    texts, now = texts_of(programme), clock.now()
    days = _days(programme, now)
    company = company_of(texts) or _new_company(texts, days)
    story = years.ordinary(company, days, key, _ordinary_keys(texts).index(key))
    tell([story, *years.together(company, days, key)], now, perform_short_jobs)
    if not DemoPerson.objects.filter(programme=programme).exists():
        show_faces(company)
    _open_old_notices(now)


def _new_company(texts: Texts, days: Days) -> Company:
    with clock.at(days.on(2024, 8, 1)):
        return let_in(texts)


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


def perform_short_jobs() -> None:
    """Do the background work that waits, except making documents: that is the worker's, and slow."""
    backend = durable_backend()
    while (claimed := leases.claim("demo", LEASE_SECONDS, {"default"})) is not None:
        job, lease = claimed
        perform(job, lease, backend)
