"""Importing lists of factories into a country that has as many already, with the search for duplicates; how well that
search finds what people called duplicates; and saving an answer while a list is imported."""

import csv
import io
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.registry import Row, benchmark, milliseconds

SIZES = (5_000, 50_000)
GROWTH_BAR = 11
PAIRS = Path(__file__).parent.parent / "tests" / "data" / "facilities" / "oar_dedupe_labelled_pairs.csv"
HEADINGS = [
    "Factory name", "Address", "City", "Country", "Sector", "Workers", "Female", "Male", "Year", "Phone", "Email",
]
SYLLABLES = [
    "ba", "ko", "sun", "lin", "hua", "mek", "ong", "tra", "vin", "seo", "yung", "wah", "gra", "chi", "dai", "nam",
    "ree", "ton", "le", "sok", "phal", "rin", "kim", "hor", "tae", "jin", "sha", "mar", "ela", "tor",
]
KINDS = ("Garment", "Textile", "Knitwear", "Apparel", "Fashion", "Industrial", "Sewing", "Footwear", "Embroidery")
TAILS = ("Co., Ltd", "(Cambodia) Co., Ltd.", "Ltd", "Factory", "Corporation", "")
SAVES = 60


@benchmark("import factories")
def import_factories() -> Iterator[Row]:
    """Read, check with the search for duplicates, show the preview, register; the same list again; and as growth."""
    from evenweave.config.commandline import start_django

    start_django()
    taken = {}
    for size in SIZES:
        content = _a_list(size)
        seconds, found = _imported(content)
        taken[size] = sum(seconds.values())
        limit = _read_alone(content)
        rows, bar = f"{size:,} rows", 10 * size / SIZES[0]
        yield Row("import factories: read, check and preview", rows, seconds["preview"], "s", bar=bar, limit=limit)
        yield Row("import factories, registering too", rows, taken[size], "s", bar=bar, limit=limit)
        yield Row("import factories: possible duplicates found", rows, found, "rows", bar=size)
    growth = taken[SIZES[1]] / taken[SIZES[0]]
    yield Row("import factories, growth", f"{SIZES[0]:,} to {SIZES[1]:,}", growth, "×", bar=GROWTH_BAR)


@benchmark("find duplicates")
def find_duplicates() -> Iterator[Row]:
    """Of the pairs that people labelled, how many of the same are found (recall) and how many of those found are the
    same (precision): alone, and in a register of fifty thousand."""
    from evenweave.exchange.rules.matching import best_matches, halves
    from evenweave.organisations.rules import match_key

    with PAIRS.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    others = [halves(match_key(row[0], row[1])) for row in _rows(SIZES[1])]
    new = [halves(match_key(pair["name_a"], pair["address_a"])) for pair in pairs]
    known = [halves(match_key(pair["name_b"], pair["address_b"])) for pair in pairs]
    alone = [best_matches([one], [other])[0] is not None for one, other in zip(known, new, strict=True)]
    among = [match is not None for match in best_matches([*others, *known], new)]
    for size, found in (("112 pairs", alone), (f"112 pairs in {SIZES[1]:,}", among)):
        same = [pair["label"] == "match" for pair in pairs]
        right = sum(is_found and is_same for is_found, is_same in zip(found, same, strict=True))
        recall, precision = right / sum(same), right / max(sum(found), 1)
        yield Row("find duplicates: recall", size, recall, "", bar=0.9, is_within=recall >= 0.9)
        yield Row("find duplicates: precision", size, precision, "", bar=0, is_within=True)


@benchmark("save during an import")
def save_during_an_import() -> Iterator[Row]:
    """Saving answers, as a browser does, while another process imports a list: the slowest of all."""
    from bench.answers import QUESTIONS, _Site

    site = _Site(QUESTIONS)
    alone = [milliseconds(site._save) for _ in range(SAVES)]
    other = f"from bench.imports import import_a_list; import_a_list({SIZES[0]})"
    importer = subprocess.Popen([sys.executable, "-c", other])
    beside = []
    while importer.poll() is None:
        beside.append(milliseconds(site._save))
        time.sleep(0.02)
    if importer.returncode:
        raise RuntimeError("the import failed")
    limit = max(alone)
    size = f"{SIZES[0]:,} rows, {len(beside)} saves"
    yield Row("save an answer during an import, slowest", size, max(beside), "ms", bar=1000, limit=limit)
    yield Row("save an answer during an import, p50", size, statistics.median(beside), "ms", bar=1000,
              limit=statistics.median(alone))


def import_a_list(size: int) -> None:
    """For the other process of `save_during_an_import`."""
    from evenweave.config.commandline import start_django

    start_django()
    _imported(_a_list(size))


def _imported(content: bytes) -> tuple[dict[str, float], int]:
    """Seconds to the preview and to the end, and how many rows are possible duplicates."""
    from django.test import Client

    from evenweave.access.enums import Role
    from evenweave.access.models import Standing
    from evenweave.exchange.queries import summary_of
    from evenweave.exchange.services import commit_import, read_factory_list
    from evenweave.people.models import Person

    manager, _made = Person.objects.get_or_create(email="manager@example.org", defaults={"name": "Manager"})
    Standing.objects.get_or_create(holder=manager, role=Role.PROGRAMME_MANAGER, programme="KH")
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager)
    began = time.perf_counter()
    batch = read_factory_list(file=io.BytesIO(content), filename="list.csv", programme="KH", by=manager)
    if client.get(f"/imports/{batch.ref}/").status_code != 200:
        raise RuntimeError("the preview could not be opened")
    looked = time.perf_counter()
    commit_import(ref=batch.ref, by=manager)
    found = summary_of(batch)
    if found.created + found.matched != found.rows or not found.created:
        raise RuntimeError(f"the list was not imported: {found}")
    return {"preview": looked - began, "registered": time.perf_counter() - looked}, found.possible_duplicates


def _read_alone(content: bytes) -> float:
    """The limit: the rows read and written into a table of their own as they stand."""
    from django.db import connection

    began = time.perf_counter()
    rows = list(csv.reader(io.StringIO(content.decode())))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare (" + ", ".join(f"c{n} text" for n in range(len(HEADINGS))) + ")")
        cursor.executemany("INSERT INTO bare VALUES (" + ", ".join(["%s"] * len(HEADINGS)) + ")", rows)
        cursor.execute("DROP TABLE bare")
    return time.perf_counter() - began


def _a_list(size: int) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, *_rows(size)])
    return text.getvalue().encode()


def _rows(size: int) -> list[list]:
    """Invented factories; one in twenty is an earlier one written a little differently."""
    chance = random.Random(size)
    rows: list[list] = []
    for number in range(size):
        row = _changed(chance.choice(rows), chance) if number % 20 == 19 else _factory(chance)
        rows.append([*row[:9], f"023 {chance.randrange(210, 219)} {chance.randrange(100, 999)}",
                     f"info{number}@example.org"])
    return rows


def _factory(chance: random.Random) -> list:
    def word(count: int) -> str:
        return "".join(chance.choices(SYLLABLES, k=count)).title()

    name = f"{word(3)} {word(2)} {chance.choice(KINDS)} {chance.choice(TAILS)}".strip()
    address = f"No. {chance.randrange(999)}, Street {chance.randrange(700)}, Phum {word(2)}, Sangkat {word(3)}"
    women, men = chance.randrange(5000), chance.randrange(2000)
    return [name, address, "Phnom Penh", "Cambodia", "Garment", women + men, women, men, chance.randrange(1990, 2024)]


def _changed(row: list, chance: random.Random) -> list:
    place = chance.randrange(1, 6)
    name = row[0][:place] + row[0][place + 1 :]
    return [name, row[1].replace("No. ", "#").replace("Street", "St"), *row[2:]]
