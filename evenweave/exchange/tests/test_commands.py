"""evenweave import factories: the same as the pages, for those who work in a shell."""

import codecs
import io
import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenweave.activity.models import Entry
from evenweave.exchange.commands import import_group
from evenweave.exchange.models import ImportBatch
from evenweave.exchange.tests.test_importing import LIKE, LIST
from evenweave.organisations.models import Factory
from evenweave.toolkit.sheets import Column, Sheet, write_csv, write_workbook
from tests import builders

KEYS = ["rows", "created", "matched", "possible_duplicates", "rejected", "errors"]
NOTHING = {"rows": 0, "created": 0, "matched": 0, "possible_duplicates": 0, "rejected": 0}


@pytest.fixture
def run(cast, tmp_path):
    def call(content: str | bytes, *options: str, name: str = "list.csv", programme: str = "KH"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(import_group, ["factories", str(path), "--programme", programme, *options])

    return call


def said(done) -> dict:
    document = json.loads(done.stdout)
    assert list(document) == KEYS
    assert document["created"] + document["matched"] + document["rejected"] == document["rows"]
    assert document["possible_duplicates"] <= document["created"]
    return document


def counts(done) -> dict:
    return {name: count for name, count in said(done).items() if name != "errors"}


def test_it_registers_what_is_new_and_names_every_faulty_cell(run):
    done = run(LIST, "--json")
    assert done.exit_code == 0
    assert counts(done) == {"rows": 7, "created": 3, "matched": 2, "possible_duplicates": 0, "rejected": 2}
    errors = [(error["row"], error["column"], error["message"]) for error in said(done)["errors"]]
    assert sorted(errors) == [
        (5, "Phone", "This is not a telephone number. Write it with its country code, or leave the cell empty."),
        (5, "Workers", "This is not a whole number. Write figures only, such as 840."),
        (7, "Factory name", "Enter the factory's name."),
    ]
    assert set(Entry.objects.values_list("step", "actor")) == {("factory.imported", None)}
    assert Factory.objects.filter(name="Lotus Wear").count() == 1


def test_the_same_file_twice_creates_nothing_the_second_time(run):
    builders.a_factory("Chariessa Fashion Ltd", address="Street 2 Stefan Stambolov, Sandanski")
    text = LIKE + "Lotus Wear,Road 6\n"
    first = run(text, "--json")
    assert counts(first) == {"rows": 2, "created": 2, "matched": 0, "possible_duplicates": 1, "rejected": 0}
    before = Factory.objects.count()
    second = run(text, "--json")
    assert second.exit_code == 0
    assert counts(second) == {"rows": 2, "created": 0, "matched": 2, "possible_duplicates": 0, "rejected": 0}
    assert Factory.objects.count() == before


def test_a_dry_run_says_the_same_and_writes_nothing(run):
    before = Factory.objects.count()
    dry = said(run(LIST, "--dry-run", "--json"))
    assert (Factory.objects.count(), ImportBatch.objects.count()) == (before, 0)
    assert said(run(LIST, "--json")) == dry


def test_columns_are_mapped_by_hand(run):
    text = "Werk;Wo;Leute;Zweig;Chef;Ruf\nLotus Wear;Road 6;120;Shoes;Sok;Dara\n"
    unmapped = run(text, "--json")
    assert unmapped.exit_code == 1
    assert counts(unmapped) == NOTHING
    assert said(unmapped)["errors"] == [
        {"row": None, "column": None, "message": "Say which column holds the factory's name."}
    ]
    assert "Not read: Werk, Wo, Leute, Zweig, Chef, Ruf." in unmapped.stderr
    maps = ["Werk=name", "wo=address", "Leute = workers_total", "Zweig=sector", "Chef=owner", "Ruf=contact"]
    done = run(text, "--json", *[part for one in maps for part in ("--map", one)])
    assert (done.exit_code, said(done)["created"]) == (0, 1)
    factory = Factory.objects.get(name="Lotus Wear")
    assert (factory.address, factory.workers_total, factory.owner_name) == ("Road 6", 120, "Sok")
    assert [one.sector for one in factory.sectors.all()] == ["footwear"]
    assert [one.name for one in factory.contacts.all()] == ["Dara"]


def test_what_is_said_by_hand_goes_before_what_is_recognised(run):
    text = "Name,Firm\nMr Sok,Lotus Wear\n"
    assert run(text, "--json", "--map", "Firm=name").exit_code == 0
    assert Factory.objects.filter(name="Lotus Wear").exists()
    assert not Factory.objects.filter(name="Mr Sok").exists()
    left_out = run("name,workers\nRiver Wear,many\n", "--json", "--map", "workers=")
    assert said(left_out)["created"] == 1


@pytest.mark.parametrize(
    ("options", "programme"),
    [
        (["--map", "Name=nonsense"], "KH"), (["--map", "Nothing=name"], "KH"), (["--map", "Name"], "KH"),
        ([], "XX"), (["--nonsense"], "KH"),
    ],
)
def test_wrong_use_is_two(run, options, programme):
    done = run("Name\nLotus Wear\n", "--json", *options, programme=programme)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not ImportBatch.objects.exists()


def test_a_programme_may_be_named_in_small_letters(run):
    assert said(run("Name\nLotus Wear\n", "--json", programme="kh"))["created"] == 1


def test_a_file_that_is_not_there_is_wrong_use(cast, tmp_path):
    done = CliRunner().invoke(import_group, ["factories", str(tmp_path / "no.csv"), "--programme", "KH", "--json"])
    assert done.exit_code == 2


@pytest.mark.parametrize("content", ["", "A,B\nx,y\n", "name\n", b"\x00\x01\x02", b"PK\x03\x04broken"])
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_file_that_is_no_list_of_factories_answers_no_with_a_reason(run, content, dry):
    done = run(content, "--json", *dry)
    assert done.exit_code == 1
    assert counts(done) == NOTHING
    assert said(done)["errors"][0]["message"]


def test_nothing_that_could_be_imported_answers_no(run):
    done = run("name,workers\nLotus Wear,many\n", "--json")
    assert (done.exit_code, counts(done)) == (1, NOTHING | {"rows": 1, "rejected": 1})


ROWS = [["Usine Étoile", "Rue 1; no 2", 1200], ["ប៊ូផា", "ផ្លូវ ២៧១", 40]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", write_workbook([Sheet("S", [Column("Nom"), Column("Adresse"), Column("Effectif")], ROWS)])),
        ("b.csv", write_csv([Column("Nom"), Column("Adresse"), Column("Effectif")], ROWS)),
        ("c.csv", codecs.BOM_UTF8 + "Nom;Adresse;Effectif\r\nUsine Étoile;\"Rue 1; no 2\";1 200\r\n"
                  "ប៊ូផា;ផ្លូវ ២៧១;៤០\r\n".encode()),
        ("d.csv", "sep=;\r\nNom;Adresse;Effectif\r\nUsine Étoile;\"Rue 1; no 2\";1200\r\n"
                  "ប៊ូផា;ផ្លូវ ២៧១;40\r\n".encode("utf-16")),
        ("e.tsv", "Nom\tAdresse\tEffectif\nUsine Étoile\tRue 1; no 2\t1,200\nប៊ូផា\tផ្លូវ ២៧១\t40\n".encode()),
        ("f.csv", "Nom|Adresse|Effectif\nUsine Étoile|Rue 1; no 2|1200\n".encode("cp1252")),
    ],
)
def test_workbooks_and_csv_files_of_every_kind(run, name, content):
    done = run(content, "--json", name=name)
    assert (done.exit_code, said(done)["errors"]) == (0, [])
    made = {one.name: (one.address, one.workers_total) for one in Factory.objects.filter(workers_total__gt=0)}
    assert made.items() >= {"Usine Étoile": ("Rue 1; no 2", 1200)}.items()
    if name[0] != "f":
        assert made["ប៊ូផា"] == ("ផ្លូវ ២៧១", 40)


CELLS = st.one_of(
    st.text(max_size=12), st.integers(-5, 9999).map(str),
    st.sampled_from(["", "Lotus Wear", "Lotus Wears", "Mekong Stitch", "Cambodia", "China", "apparel", "x@y.org"]),
)
FIELDS = ["name", "address", "country", "sector", "workers_total", "email", "os_id", "latitude"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=len(FIELDS), max_size=len(FIELDS)), max_size=12), is_dry=st.booleans())
def test_every_row_is_created_matched_or_rejected(run, rows, is_dry):
    """`said` holds the sum; beside it, every rejected row is named and no other one, and only those created are new."""
    before = Factory.objects.count()
    done = run(_as_csv(rows), "--json", *["--dry-run"] * is_dry)
    document = said(done)
    assert done.exit_code in (0, 1)
    if document["rows"]:
        assert len({error["row"] for error in document["errors"]}) == document["rejected"]
    assert Factory.objects.count() - before == (0 if is_dry else document["created"])


def _as_csv(rows: list[list[str]]) -> bytes:
    import csv

    text = io.StringIO(newline="")
    csv.writer(text).writerows([FIELDS, *rows])
    return text.getvalue().encode("utf-8", "surrogatepass")


def test_words_for_people(run):
    done = run("name,workers,Remarks\nLotus Wear,,\nRiver,many,x\n")
    assert done.exit_code == 0
    assert done.stdout == (
        "Row 3, workers: This is not a whole number. Write figures only, such as 840.\n"
        "1 of 2 rows registered, 0 known already, 1 rejected.\n"
    )
    assert done.stderr == "Not read: Remarks. --map HEADING=FIELD says what a column holds.\n"
