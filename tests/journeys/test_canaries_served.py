"""What must not be known is searched in everything the running house serves to those who may not know it.

The secrets are a planned assessment's day and a protected person's name. A search that finds nothing proves nothing,
so the same search runs first on a page of somebody who may know, and must find them there."""

import re
import zipfile
from collections import Counter
from datetime import date, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pypdf
import pytest
import yaml

from tests.journeys.walking import Walker, even

HERO = "Mekong Stitch"
STORY = yaml.safe_load(Path("content/demo/KH/story.yaml").read_text())
# The names stand in that one file and nowhere else.
NAMES = [word for case in STORY["zero_tolerance"].values() for word in case["protected_name"].split()]
MONTHS = {
    "en": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ],
    "fr": [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ],
}
MAY_NOT_KNOW = (
    "factory-manager", "worker-representative", "buyer", "coach", "ministry", "other-factory", "buyer-unpaid",
)
LISTS = (
    "/factories/", "/reports/", "/plans/", "/progress/", "/data/", "/log/", "/notices/", "/assessments/", "/cases/",
    "/credits/", "/invoices/", "/visits/", "/account/",
)
# Pages of one kind differ by their record; so many of a kind are read of each person.
MOST_OF_A_KIND = 3
FIRST_DAY_OF_SHEETS = date(1899, 12, 30)


def forms_of(day: date) -> re.Pattern[str]:
    """Every way in which the day could be written, none of which is another day's."""
    ways = [day.isoformat(), day.strftime("%Y%m%d"), day.strftime("%d.%m.%Y"), day.strftime("%d/%m/%Y")]
    ways.append(f"<v>{(day - FIRST_DAY_OF_SHEETS).days}</v>")
    written = []
    for months in MONTHS.values():
        long = months[day.month - 1]
        for month in {long, long[:3], long[:4]}:
            # Without a year it is this year's; with another year it is another day.
            other_year = rf"(?!\w*[.,]? (?!{day.year})\d{{4}})"
            written += [rf"\b{day.day} {month}\b{other_year}", rf"\b{month}\.? {day.day}\b(?!,? (?!{day.year})\d{{4}})"]
    return re.compile("|".join([*(re.escape(way) for way in ways), *written]), re.IGNORECASE)


def readable(body: bytes, kind: str) -> str:
    """The bytes as text: pages as they are, the parts of a sheet, the text and the data of a document."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as sheet:
            return " ".join(sheet.read(name).decode("utf-8", "replace") for name in sheet.namelist())
    if body.startswith(b"%PDF"):
        document = pypdf.PdfReader(BytesIO(body))
        return " ".join([*(page.extract_text() for page in document.pages), str(document.metadata)])
    if kind.startswith("image/") or "font" in kind:
        return body.decode("latin-1")
    return unescape(body.decode("utf-8", "replace"))


def crawl(walker: Walker, first: str = "/today/") -> dict[str, str]:
    """Everything that can be reached by links from a person's desk: address → text. Writes nothing."""
    origin = walker.house.address
    waiting, read, kinds = [first, *LISTS], {}, Counter()
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = walker.page.request.get(urljoin(origin, address), timeout=120_000)
        text = readable(answer.body(), answer.headers.get("content-type", ""))
        read[address] = f"{answer.headers} {text}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        for link in re.findall(r'(?:href|src|action)="([^"#]+)', text):
            target = urlsplit(urljoin(urljoin(origin, address), unescape(link)))
            path = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" != origin or path in seen or _is_left_out(path):
                continue
            kind = re.sub(r"[a-z0-9]{12}(?=/)", "*", path)
            kinds[kind] += 1
            if kinds[kind] <= MOST_OF_A_KIND:
                seen.add(path)
                waiting.append(path)
    return read


def _is_left_out(path: str) -> bool:
    return path.startswith(("/static/", "/demo/", "/accounts/", "/i18n/", "/styleguide/", "/verify/", "/notices/"))


@pytest.fixture(scope="module")
def secret_assessment(house) -> tuple[str, date]:
    """The address and the day of the planned assessment, from those who plan it."""
    manager = Walker(house, "programme-manager")
    address = manager.find_assessment(HERO, cycle=3)
    manager.open(address)
    written = re.search(r"Day (\d{1,2} \w+ \d{4})", manager.read())
    assert written, manager.read()
    day = datetime.strptime(written[1], "%d %B %Y").date()
    assert day > date.today(), "a day that is over is no secret"
    return address, day


def test_the_search_finds_the_day_and_a_name_where_they_may_be_read(house, secret_assessment):
    address, day = secret_assessment
    leader = Walker(house, "team-leader")
    leader.open(address)
    assert forms_of(day).search(leader.page.content())
    leader.open("/cases/")
    leader.follow(HERO)
    assert STORY["zero_tolerance"]["closed"]["protected_name"] in leader.read()


def test_the_forms_of_a_day_are_those_of_no_other_day():
    search = forms_of(date(2026, 12, 16)).search
    for words in ("16 December", "16 Dec 2026", "16 December 2026", "Dec. 16, 2026", "16 décembre", "2026-12-16"):
        assert search(words), words
    for words in ("16 Dec 2025", "16 December 2025", "Dec. 16, 2025", "2025-12-16", "116 December 2025", "17 Dec"):
        assert not search(words), words


@pytest.mark.parametrize("key", MAY_NOT_KNOW)
def test_nothing_served_tells_the_day_or_the_name(house, secret_assessment, key):
    address, day = secret_assessment
    walker = Walker(house, key)
    read = crawl(walker)
    assert len(read) >= 12, "the search must have been somewhere"
    search, ref = forms_of(day).search, address.strip("/").split("/")[-1]
    told = [(where, found[0]) for where, text in read.items() if (found := search(even(text)))]
    assert told == []
    assert [where for where, text in read.items() if ref in text] == []
    assert [(where, name) for where, text in read.items() for name in NAMES if name in text] == []
    assert walker.status(address) in {403, 404}
    assert not search(walker.page.content())


def test_no_mail_and_no_line_of_the_log_tells_them(house, secret_assessment):
    _address, day = secret_assessment
    mails = list((house.data / "mail").glob("*"))
    assert mails, "the demo's people were written to"
    search = forms_of(day).search
    for path in [*mails, *house.data.glob("*.log")]:
        text = re.sub(r"^(Date|Message-ID):.*$", "", path.read_text(errors="replace"), flags=re.MULTILINE)
        assert not [name for name in NAMES if name in text], path.name
        assert not search(text), path.name
