"""Secrets are looked for in every byte that is served to people who may not know them.

Canaries live in the world of tests/world.py: the day of the planned assessment (with its window and every day
that would betray it), the names of two people whom cases are about, a private note of the assessors, and what each
side of a factory says in a self-assessment that only one of them has given. Everybody
of the cast walks through every address and every link found on the way; pages, headers, PDFs, sheets, error pages,
mails and log lines are searched in every way a day is written. Those who may know must find it somewhere: otherwise
there was nothing to leak.
"""

import difflib
import html
import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pypdf
import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from evenweave.activity.models import Entry, Payload
from evenweave.notifications.services import send_digests
from evenweave.people.models import Person
from evenweave.toolkit import clock
from evenweave.toolkit.jobs.worker import perform_due
from tests import world as worlds
from tests.test_permissions import ANYBODY, LEADS, PAIR, QUALITY, TABLE, TEAM

pytestmark = pytest.mark.django_db

AT_WORK = TEAM | LEADS | QUALITY
MAY_KNOW = {
    "the day": AT_WORK, "the note": PAIR, "the kept name": PAIR | LEADS, "the informed name": LEADS,
    "management's words": {"manager"}, "the workers' words": {"worker"},
}
IGNORANT = ANYBODY - AT_WORK

# The people read in different languages, so that a day would leak in each.
LANGUAGES = {"manager": "km", "worker": "fr", "coach": "ar", "buyer": "fr", "ministry": "km", "unpaid_buyer": "ar"}


# --- the canaries, in every way they could be written ------------------------------------------------------------


DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


def plain(text: str) -> str:
    """What a reader and what a program would see: as it is, and without marks; digits of all scripts as ours."""
    shown = html.unescape(re.sub(r"<[^>]+>", "", text))
    return spaced(f"{text}\n{shown}")


def spaced(text: str) -> str:
    """One kind of space and of digits: Khmer and Arabic have their own."""
    return re.sub(r"[\s\u00a0\u200b\u202f]+", " ", text.translate(DIGITS))


def days_that_betray() -> list[date]:
    """The day, the ends of its window, and the day its report would be due (28 days after, by the service model)."""
    return [worlds.SECRET_DAY, *worlds.SECRET_WINDOW, worlds.SECRET_DAY + timedelta(days=28)]


def written(day: date) -> set[str]:
    forms = {f"{day:{form}}" for form in ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y")}
    for language in ("en", "fr", "km", "ar"):
        with translation.override(language):
            for form in ("DATE_FORMAT", "SHORT_DATE_FORMAT", "j F Y", "j F", "F j", "j M Y", "j M", "M j", "D j M"):
                forms.add(date_format(day, form))
    # As Khmer is mostly written; Django spells the month otherwise.
    return forms | ({f"{day.day} មីនា"} if day.month == 3 else set())


def ways_to_say_the_day() -> set[str]:
    said = set().union(*(written(day) for day in days_that_betray()))
    with translation.override("en"):
        return {spaced(way) for way in said} | {"2027-03", "March 2027", "mars 2027", "in 113 days", "113 days"}


CANARIES = {
    "the day": ways_to_say_the_day(),
    "the note": {worlds.PRIVATE_NOTE},
    "the kept name": {worlds.PROTECTED, worlds.PROTECTED.split()[1], "Lives with an aunt"},
    "the informed name": {worlds.PROTECTED_OF_INFORMED, worlds.PROTECTED_OF_INFORMED.split()[1]},
    "management's words": {worlds.MANAGEMENT_WORDS}, "the workers' words": {worlds.WORKERS_WORDS},
}
def leaks(text: str, name: str) -> list[str]:
    """Which ways of saying the secret stand in the text; a number is no part of a longer one."""
    seen = plain(text)
    return [
        way for way in sorted(CANARIES[name])
        if way in seen and re.search(rf"(?<!\d){re.escape(way)}(?!\d)", seen)
    ]


# --- the walk ----------------------------------------------------------------------------------------------------

HREF = re.compile(r'(?:href|src|action|hx-get)="(/[^"#]*)')
# Leaving, changing the language, and what holds nothing of anybody.
NOT_FOLLOWED = ("/static/", "/i18n/", "/accounts/", "/styleguide/", "/demo/", "/healthz", "/readyz")
MOST_PAGES = 400
# Pages of one kind differ by their record. The table names one in each state; of what links lead to besides, so many.
MOST_OF_A_KIND = 4
REF = re.compile(r"(?<=[/=])[a-z0-9]{12}(?=/|&|$)|(?<==)[^&]*")
BY_THE_HOUR = {"Set-Cookie", "Expires"}


def walk(client: Client, world: worlds.World) -> dict[str, str]:
    """Every address of the table and every link found on the way → all that was answered, as text. What walking
    changes (a notice was read) is taken back."""
    with transaction.atomic():
        answers = _walked(client, world)
        transaction.set_rollback(True)
    return answers


def _walked(client: Client, world: worlds.World) -> dict[str, str]:
    waiting = [row.url(world) for row in TABLE if row.sees is not None and row.route not in {"styleguide", "readyz"}]
    answers: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    while waiting and len(answers) < MOST_PAGES:
        url = waiting.pop()
        if url in answers:
            continue
        answers[url] = everything_of(client.get(url))
        for link in sorted({html.unescape(link) for link in HREF.findall(answers[url])}):
            kind = REF.sub("*", link)
            if not link.startswith(NOT_FOLLOWED) and link not in answers and kinds[kind] < MOST_OF_A_KIND:
                kinds[kind] += 1
                waiting.append(link)
    return answers


def everything_of(response) -> str:
    """Status, headers and content; of a PDF and a sheet the words inside, too."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in sorted(response.headers.items()) if name not in BY_THE_HOUR)
    return f"{response.status_code}\n{heads}\n{''.join(words_of(content))}"


def words_of(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield from (page.extract_text() for page in reader.pages)
        yield str(reader.metadata)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as sheet:
            yield from (sheet.read(name).decode("utf-8", "replace") for name in sheet.namelist())


def without_chance(text: str) -> str:
    """The answer without what is drawn anew for every page."""
    # A form that writes a change carries its identity, drawn when the page is.
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "", text)
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?|nonce=)"?[\w-]+', r"\1", text)
    return re.sub(r"'nonce-[^']+'|nonce-[\w+/=-]+|csrf[-_]?token[^>]{0,120}", "", text, flags=re.IGNORECASE)


def differences(before: str, after: str) -> list[str]:
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:8]


# --- the world ---------------------------------------------------------------------------------------------------


class Listening(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def _django_db_helper():
    """Instead of pytest-django's: no transaction of its own around a test, `world` has one."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    with worlds.standing(django_db_blocker, tmp_path_factory.mktemp("files")) as world:
        worlds.complete(world)
        for key, language in LANGUAGES.items():
            Person.objects.filter(pk=world.cast.people[key].pk).update(language=language)
        world.mails = [f"{one.to} {one.subject}\n{one.body}\n{one.alternatives}" for one in mail.outbox]
        yield world


@pytest.fixture
def world(built, django_db_blocker, settings):
    with worlds.untouched(built, django_db_blocker, settings), clock.at(worlds.NOW):
        yield built
        built.planned = None


@pytest.fixture
def lines():
    """Everything that the product writes to its log meanwhile, quiet things included."""
    listening, root = Listening(), logging.getLogger()
    level = root.level
    root.addHandler(listening)
    root.setLevel(logging.INFO)
    yield listening.lines
    root.setLevel(level)
    root.removeHandler(listening)


def signed_in(world: worlds.World, key: str) -> Client:
    client = Client(raise_request_exception=False)
    if world.cast.people[key] is not None:
        client.force_login(world.cast.people[key])
    return client


# --- the promises ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(IGNORANT))
def test_whoever_may_not_know_sees_the_same_world_with_and_without_the_planned_assessment(key, world, lines):
    """Not the day, and not that there is one: no counter, step, list, link or header differs."""
    client = signed_in(world, key)
    worlds.plan_nothing(world)
    before = walk(client, world)
    worlds.plan_the_secret(world)
    after = walk(client, world)
    for name, knowing in MAY_KNOW.items():
        found = [address for address, text in after.items() if leaks(text, name)]
        assert bool(found) == (key in knowing), (name, found)
    secret = world.planned.ref
    told = {url: without_chance(text) for url, text in after.items() if secret not in url}
    untold = {url: without_chance(text) for url, text in before.items() if worlds.NOWHERE not in url}
    assert told.keys() == untold.keys()
    assert [differences(untold[url], told[url]) for url in told if told[url] != untold[url]] == []
    assert [line for line in lines for name in CANARIES if leaks(line, name)] == []
    assert not any(secret in text for url, text in after.items() if secret not in url)


@pytest.mark.parametrize("key", sorted(AT_WORK))
def test_whoever_works_on_it_finds_what_is_theirs_and_no_name_that_is_not(key, world, lines):
    worlds.plan_the_secret(world)
    seen = walk(signed_in(world, key), world)
    for name, knowing in MAY_KNOW.items():
        found = [address for address, text in seen.items() if leaks(text, name)]
        assert bool(found) == (key in knowing), (name, found)
    # Addresses stand in the access log of whoever runs the server; the log of a server is read by everybody there.
    assert [address for address in seen for name in CANARIES if leaks(address, name)] == []
    assert [line for line in lines for name in CANARIES if leaks(line, name)] == []


def test_no_mail_says_a_secret_not_even_to_those_who_know(world):
    mail.outbox.clear()
    worlds.plan_the_secret(world)
    send_digests.call()
    perform_due()
    told = world.mails + [f"{one.to} {one.subject}\n{one.body}\n{one.alternatives}" for one in mail.outbox]
    assert len(told) > 60
    assert any("waits for assessors" in text for text in told)  # the planning was announced, without its day
    assert [text for text in told for name in CANARIES if leaks(text, name)] == []


def test_the_log_of_steps_holds_no_secret(world):
    worlds.plan_the_secret(world)
    kept = [str(row) for row in Entry.objects.values()] + [str(row) for row in Payload.objects.values()]
    assert [row for row in kept for name in CANARIES if leaks(row, name)] == []


@pytest.mark.parametrize("key", ["manager", "programme_manager"])
def test_pages_of_errors_say_no_secret(key, world, monkeypatch, lines):
    worlds.plan_the_secret(world)
    client = signed_in(world, key)

    def fails(*_args, **_kwargs):
        assessment, _plan = world.planned, world.planned.plan
        raise RuntimeError(f"something about {assessment} failed")

    monkeypatch.setattr("evenweave.home.queries.desk.desk_of", fails)
    answers = {
        500: client.get(reverse("desk")),
        400: client.get("/", headers={"host": "not a host"}),
        404: client.get("/17-march-2026/"),
        403: Client(enforce_csrf_checks=True).post(reverse("account_login")),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {code: code for code in answers}
    for answer in answers.values():
        assert [name for name in CANARIES if leaks(everything_of(answer), name)] == []
    assert lines  # the failure was written down
    assert [line for line in lines for name in CANARIES if leaks(line, name)] == []


def test_the_search_finds_a_day_however_it_is_written():
    for told in (
        "<td>17 March 2027</td>", "<td>March 17, 2027</td>", "Mar<wbr>ch&nbsp;17, 2027", "2027-03-17T01:00",
        "17/03/2027", "១៧ មីនា ២០២៧", "١٧ مارس ٢٠٢٧", "le 17 mars", 'datetime="2027-03-08"', "14 April 2027",
    ):
        assert leaks(told, "the day"), told
    for told in ("117 March 1927", "17 May 2027", "2026-11-24", "ref 2027031755"):
        assert leaks(told, "the day") == [], told
