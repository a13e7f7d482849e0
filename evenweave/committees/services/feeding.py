"""A person's calendar feed: an address with a secret, which only its owner has and can make anew."""

import secrets

from evenweave.committees.models import CalendarFeed
from evenweave.committees.queries.feed import hash_of
from evenweave.people.models import Person
from evenweave.toolkit import clock


def renew_feed(*, by: Person) -> str:
    """A new address holds from now on, and the one before leads nowhere. Returns its secret, which is kept nowhere."""
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(
        person=by, defaults={"token_hash": hash_of(token), "made_at": clock.now()}
    )
    return token


def stop_feed(*, by: Person) -> None:
    """The address leads nowhere any more."""
    CalendarFeed.objects.filter(person=by).delete()
