"""A list from its file to its factories and back."""

import csv
import io

import pytest
from django.http import Http404

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.activity.models import Entry
from evenweave.activity.services import verify_log
from evenweave.exchange import services
from evenweave.exchange.models import ImportBatch, ImportRow
from evenweave.exchange.queries import Summary, summary_of, tally, waiting_rows
from evenweave.exchange.tests.test_reading import DATA
from evenweave.organisations.models import Factory
from evenweave.organisations.services import correct_factory
from evenweave.toolkit.jobs.worker import perform_due
from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.sheets import Column, Sheet, write_workbook
from tests import builders

LIST = """Factory name,Address,Province,Country,Workers,Female,Phone
Bopha Knits,Street 271,Phnom Penh,Cambodia,840,700,023 216 789
Mekong Stitch,,,KH,,,
Bopha  KNITS,Street 271.,Phnom Penh,Cambodia,,,
Chariot Sewing,Road 3,Kandal,China,abc,,call me
=HYPERLINK("http://x"),Road 4,Kandal,,10,,
,Road 5,,,,,
Lotus Wear,Road 6,Kandal,Cambodia,10,4,
"""


def a_file(text: str = LIST) -> io.BytesIO:
    return io.BytesIO(text.encode())


def read(cast, text: str = LIST, **given) -> ImportBatch:
    asked = {"file": a_file(text), "filename": "list.csv", "programme": "KH", "by": cast.programme_manager} | given
    return services.read_factory_list(**asked)


def verdicts(batch: ImportBatch) -> dict[int, str]:
    return dict(batch.rows.order_by("number").values_list("number", "verdict"))


def names() -> set[str]:
    return set(Factory.objects.filter(status="active").values_list("name", flat=True))


def test_a_preview_judges_each_row_and_registers_nothing(cast):
    before = names()
    batch = read(cast)
    assert verdicts(batch) == {
        2: "new", 3: "known", 4: "repeated", 5: "faulty", 6: "new", 7: "faulty", 8: "new",
    }
    rows = {row.number: row for row in batch.rows.all()}
    assert {field: said[0] for field, said in rows[5].faults.items()} == {
        "workers_total": "not_a_number", "phone": "not_a_phone",
    }
    assert {field: said[0] for field, said in rows[5].warnings.items()} == {"country": "another_country"}
    assert rows[5].cells["workers_total"] == "abc"
    assert rows[7].faults == {"name": ["name_missing", {}]}
    assert (rows[3].match, rows[4].like_row) == (cast.factory, 2)
    assert names() == before
    assert not Entry.objects.exists()


def test_registering_takes_the_new_rows_once_and_says_so_in_the_log(cast):
    before = names()
    batch = services.commit_import(ref=read(cast).ref, by=cast.programme_manager)
    assert batch.state == "committed"
    assert names() - before == {"Bopha Knits", '=HYPERLINK("http://x")', "Lotus Wear"}
    factory = Factory.objects.get(name="Bopha Knits")
    assert (factory.programme, factory.country, factory.region, factory.workers_total, factory.phone) == (
        "KH", "KH", "Phnom Penh", 840, "+855 23 216 789",
    )
    assert list(Entry.objects.filter(factory=factory).values_list("step", "actor")) == [
        ("factory.imported", cast.programme_manager.pk)
    ]
    assert verify_log() == []
    with pytest.raises(Refused):
        services.commit_import(ref=batch.ref, by=cast.programme_manager)


def test_the_same_file_again_creates_nothing(cast):
    services.commit_import(ref=read(cast).ref, by=cast.programme_manager)
    before = names()
    again = read(cast)
    assert set(verdicts(again).values()) == {"known", "faulty"}
    services.commit_import(ref=again.ref, by=cast.programme_manager)
    assert names() == before


def test_two_imports_of_one_list_at_the_same_time_register_it_once(cast):
    first, second = read(cast), read(cast)
    services.commit_import(ref=first.ref, by=cast.programme_manager)
    services.commit_import(ref=second.ref, by=cast.programme_manager)
    assert Factory.objects.filter(name="Bopha Knits").count() == 1
    assert set(second.rows.exclude(outcome="").values_list("outcome", flat=True)) == {"matched"}


def test_an_os_id_or_a_registry_number_is_recognised_under_another_name(cast):
    correct_factory(ref=cast.factory.ref, data={"os_id": "KH2020011ABCDEF", "registry_id": "77"}, by=cast.manager)
    batch = read(cast, "name,os id,registration number\nA,KH2020011ABCDEF,\nB,,77\nC,,78\nD,,78\n")
    assert verdicts(batch) == {2: "known", 3: "known", 4: "new", 5: "repeated"}


LIKE = "name,address\nChariesa Fashions,2 Stefan Stambolov street Sandanski\n"


@pytest.fixture
def resembled(cast):
    return builders.a_factory("Chariessa Fashion Ltd", address="Street 2 Stefan Stambolov, Sandanski")


def test_a_possible_duplicate_is_registered_and_waits_for_a_person(cast, resembled):
    batch = read(cast, LIKE)
    assert (verdicts(batch), batch.rows.get().match) == ({2: "possible"}, resembled)
    assert summary_of(batch) == Summary(rows=1, created=1, matched=0, possible_duplicates=1, rejected=0)
    services.commit_import(ref=batch.ref, by=cast.programme_manager)
    assert "Chariesa Fashions" in names()
    assert summary_of(batch) == Summary(rows=1, created=1, matched=0, possible_duplicates=1, rejected=0)
    batch.refresh_from_db()
    assert waiting_rows(batch).count() == 1
    again = read(cast, LIKE)
    assert verdicts(again) == {2: "known"}


def test_the_same_factory_is_not_registered_when_a_person_says_so_before(cast, resembled):
    batch = read(cast, LIKE)
    services.decide_row(ref=batch.ref, number=2, decision="same", by=cast.programme_manager)
    assert summary_of(batch) == Summary(rows=1, created=0, matched=1, possible_duplicates=0, rejected=0)
    services.commit_import(ref=batch.ref, by=cast.programme_manager)
    assert "Chariesa Fashions" not in names()
    assert batch.rows.get().decided_by == cast.programme_manager


def test_the_same_factory_is_merged_when_a_person_says_so_afterwards(cast, resembled):
    batch = services.commit_import(ref=read(cast, LIKE).ref, by=cast.programme_manager)
    made = Factory.objects.get(name="Chariesa Fashions")
    services.decide_row(ref=batch.ref, number=2, decision="same", by=cast.programme_manager)
    made.refresh_from_db()
    assert (made.status, made.merged_into) == ("merged", resembled)
    row = batch.rows.get()
    assert (row.outcome, row.match, row.decision) == ("merged", resembled, "same")
    assert summary_of(batch).matched == 1
    assert not waiting_rows(batch).exists()
    assert verify_log() == []
    for decision in ("same", "another"):
        with pytest.raises(Refused):
            services.decide_row(ref=batch.ref, number=2, decision=decision, by=cast.programme_manager)
    assert verdicts(read(cast, LIKE)) == {2: "known"}


def test_another_factory_stays_as_it_is(cast, resembled):
    batch = services.commit_import(ref=read(cast, LIKE).ref, by=cast.programme_manager)
    services.decide_row(ref=batch.ref, number=2, decision="another", by=cast.programme_manager)
    assert "Chariesa Fashions" in names()
    assert not waiting_rows(batch).exists()
    assert Factory.objects.get(name="Chariesa Fashions").status == "active"


def test_a_row_like_an_earlier_row_is_merged_into_what_that_became(cast):
    text = LIKE + "Chariessa Fashion Ltd,Street 2 Stefan Stambolov Sandanski\n"
    batch = read(cast, text)
    assert verdicts(batch) == {2: "new", 3: "possible"}
    assert batch.rows.get(number=3).like_row == 2
    services.commit_import(ref=batch.ref, by=cast.programme_manager)
    services.decide_row(ref=batch.ref, number=3, decision="same", by=cast.programme_manager)
    merged = Factory.objects.get(name="Chariessa Fashion Ltd")
    assert merged.merged_into == Factory.objects.get(name="Chariesa Fashions")


def test_whoever_has_looked_at_some_may_call_the_rest_others(cast, resembled):
    batch = read(cast, LIKE + "Chariessa Fashionz,2 Stefan Stambolov Street in Sandanski\n")
    services.decide_row(ref=batch.ref, number=2, decision="same", by=cast.programme_manager)
    assert services.decide_rest(ref=batch.ref, by=cast.programme_manager) == 1
    assert dict(batch.rows.values_list("number", "decision")) == {2: "same", 3: "another"}


def test_a_list_with_the_headings_of_an_earlier_one_keeps_what_was_said_about_its_columns(cast):
    read(cast, "A,B,Remarks\nLotus Wear,Road 6,x\n", mapping={"A": "name", "Remarks": "products"})
    by = cast.programme_manager
    again = services.open_import(file=a_file("A,B,Remarks\nOther,Road 7,y\n"), filename="b.csv", programme="KH", by=by)
    assert again.mapping == {"A": "name", "Remarks": "products"}
    assert again.samples == [["Other"], ["Road 7"], ["y"]]
    other = services.open_import(file=a_file("A,B\nOther,Road 7\n"), filename="b.csv", programme="KH", by=by)
    assert other.mapping == {}


def test_a_check_that_was_begun_anew_is_the_one_that_counts(cast, monkeypatch):
    batch = read(cast, "A,B\nLotus Wear,Road 6\n", mapping={"A": "name"})
    real = services.checking.examine

    def slow(*given):
        monkeypatch.setattr(services.checking, "examine", real)
        services.check_import(ref=batch.ref, mapping={"B": "name"}, by=cast.programme_manager)
        return real(*given)

    monkeypatch.setattr(services.checking, "examine", slow)
    with pytest.raises(Refused):
        services.check_import(ref=batch.ref, mapping={"A": "name"}, by=cast.programme_manager)
    batch.refresh_from_db()
    assert (batch.state, batch.mapping, batch.rows.get().profile) == ("preview", {"B": "name"}, {"name": "Road 6"})


def test_columns_can_be_chosen_by_hand_and_changed(cast):
    text = "A,B,C\nLotus Wear,Road 6,10\n"
    with pytest.raises(Refused):
        read(cast, text)
    batch = read(cast, text, mapping={"A": "address", "B": "name", "C": "workers_total"})
    assert batch.rows.get().profile["name"] == "Road 6"
    batch = services.check_import(
        ref=batch.ref, mapping={"A": "name", "B": "address"}, by=cast.programme_manager
    )
    assert batch.rows.get().profile == {"name": "Lotus Wear", "address": "Road 6"}
    for wrong in ({"Z": "name"}, {"A": "name", "B": "merged_into"}, {"A": "name", "B": "name"}):
        with pytest.raises(Refused):
            services.check_import(ref=batch.ref, mapping=wrong, by=cast.programme_manager)


def test_undoing_withdraws_only_what_nobody_has_touched(cast):
    text = "name\n" + "".join(f"{name}\n" for name in ("Alone", "Corrected", "Entered", "Staffed"))
    batch = services.commit_import(ref=read(cast, text).ref, by=cast.programme_manager)
    made = {row.factory.name: row.factory for row in batch.rows.select_related("factory")}
    correct_factory(ref=made["Corrected"].ref, data={"city": "Kep"}, by=cast.team_leader)
    with_cycle = builders.a_cycle(made["Entered"])
    Standing.objects.create(holder=cast.coach, role=Role.ADVISOR, factory=made["Entered"])
    Standing.objects.create(holder=cast.other_manager, role=Role.FACTORY_MANAGER, factory=made["Staffed"])
    services.undo_import(ref=batch.ref, by=cast.programme_manager)
    assert {row.factory.name: row.outcome for row in batch.rows.select_related("factory")} == {
        "Alone": "withdrawn", "Corrected": "kept", "Entered": "kept", "Staffed": "kept",
    }
    assert "Alone" not in names()
    assert {"Corrected", "Entered", "Staffed"} <= names()
    assert with_cycle.factory_id == made["Entered"].pk
    assert verify_log() == []
    again = read(cast, text)
    assert verdicts(again) == {2: "new", 3: "known", 4: "known", 5: "known"}
    with pytest.raises(Refused):
        services.undo_import(ref=batch.ref, by=cast.programme_manager)


@pytest.mark.parametrize("who", ["team_leader", "foreign_manager", "manager", "coach", "quality", "buyer", "nobody"])
def test_nobody_else_imports_into_this_programme(cast, who):
    with pytest.raises(Http404):
        read(cast, by=getattr(cast, who))
    mine = read(cast)
    for act in (services.commit_import, services.undo_import):
        with pytest.raises(Http404):
            act(ref=mine.ref, by=getattr(cast, who))
    with pytest.raises(Http404):
        services.check_import(ref=mine.ref, mapping={"Factory name": "name"}, by=getattr(cast, who))
    with pytest.raises(Http404):
        services.decide_row(ref=mine.ref, number=2, decision="same", by=getattr(cast, who))
    with pytest.raises(Http404):
        services.decide_rest(ref=mine.ref, by=getattr(cast, who))


@pytest.mark.parametrize("content", [b"", b"   ", b"name\n", b"\x00\x01\x02", b"PK\x03\x04broken", b"<html>\x00"])
def test_a_file_that_is_no_list_is_refused_and_leaves_nothing(cast, content):
    with pytest.raises(Refused) as refused:
        read(cast, file=io.BytesIO(content))
    assert refused.value.field == "file"
    assert not ImportBatch.objects.exists()


def test_a_workbook_is_read_like_a_csv_file(cast):
    sheet = Sheet("Factories", [Column("Factory name"), Column("Workers", kind="number")], [["Lotus Wear", 12]])
    batch = read(cast, file=io.BytesIO(write_workbook([sheet])), filename="list.xlsx")
    assert batch.rows.get().profile == {"name": "Lotus Wear", "workers_total": 12}


@pytest.mark.parametrize(
    ("number", "programme", "expected"),
    [
        # Rows of other countries are told; whether they belong here is for a person to say.
        ("5", "KH", {"new": 59, "known": 0, "repeated": 0, "possible": 5, "faulty": 0}),
        ("7", "KH", {"new": 29, "known": 0, "repeated": 0, "possible": 0, "faulty": 0}),
        ("15", "KH", {"new": 344, "known": 0, "repeated": 0, "possible": 7, "faulty": 0}),
    ],
)
def test_a_real_list_is_imported(cast, number, programme, expected):
    content = (DATA / "lists" / f"{number}.csv").read_bytes()
    batch = read(cast, file=io.BytesIO(content), filename=f"{number}.csv", programme=programme)
    assert tally(batch) == expected
    services.commit_import(ref=batch.ref, by=cast.programme_manager)
    made = [row.factory for row in batch.rows.filter(outcome="registered").select_related("factory")]
    assert len(made) == expected["new"] + expected["possible"]
    assert all(factory.address and factory.latitude is not None for factory in made)
    assert {sector.sector for factory in made for sector in factory.sectors.all()} == {"apparel"}


def test_every_real_list_is_read_and_each_factory_keeps_its_country(cast):
    """Fourteen lists, 959 rows: every row is registered or stood there before, and nothing is a fault."""
    rows = created = matched = 0
    for path in sorted((DATA / "lists").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            ours = sum(row["country"].casefold() in ("vietnam", "viet nam", "vn") for row in csv.DictReader(file))
        before = Factory.objects.filter(programme="VN", country="VN").count()
        batch = read(cast, file=io.BytesIO(path.read_bytes()), filename=path.name, programme="VN", by=None)
        found = summary_of(services.commit_import(ref=batch.ref, by=None))
        assert Factory.objects.filter(programme="VN", country="VN").count() - before <= ours, path.name
        rows, created, matched = rows + found.rows, created + found.created, matched + found.matched
        assert {field for row in batch.rows.all() for field in row.faults} == set(), path.name
    assert rows == created + matched == 959
    assert Factory.objects.filter(programme="VN").count() == created > 800


def test_factories_with_os_ids_are_known_by_them(cast):
    content = (DATA / "oar_fixture_facilities.csv").read_bytes()
    given = {"filename": "a.csv", "programme": "BD", "by": None}
    batch = services.open_import(file=io.BytesIO(content), **given)
    mapping = batch.mapping
    assert "name" in mapping.values()
    batch = services.check_import(ref=batch.ref, mapping=mapping, by=None)
    first = summary_of(services.commit_import(ref=batch.ref, by=None))
    assert (first.rows, first.created) == (163, 163)
    assert Factory.objects.filter(programme="BD", country="BD").count() == 11
    again = summary_of(read(cast, file=io.BytesIO(content), **given))
    assert (again.created, again.matched) == (0, 163)


def test_the_raw_lines_of_nine_hundred_contributors_are_read_without_an_error_of_ours(cast):
    lists: dict[str, list[str]] = {}
    with (DATA / "oar_fixture_list_items.csv").open(encoding="utf-8") as file:
        for item in csv.DictReader(file):
            lists.setdefault(item["list_header"], []).append(item["raw_data"])
    rows = 0
    for header, lines in lists.items():
        batch = read(cast, header + "\n" + "\n".join(lines))
        rows += batch.rows.count()
    assert rows == 932
    lost = [row for row in ImportRow.objects.all() if any(said[0] == "lost_sign" for said in row.warnings.values())]
    assert len(lost) == 7
    assert ImportRow.objects.filter(verdict="new").exists()


def test_long_work_is_a_job_with_progress_and_ends_the_same(cast):
    names_of = [f"Weaver {number} {chr(97 + number % 26)}{chr(97 + number // 26 % 26)}" for number in range(320)]
    text = "name,address\n" + "".join(f"{name},Road {n * 37} Village {n}\n" for n, name in enumerate(names_of))
    batch = services.open_import(file=a_file(text), filename="long.csv", programme="KH", by=cast.programme_manager)
    batch = services.ask_check(ref=batch.ref, mapping=batch.mapping, by=cast.programme_manager)
    assert batch.state == "checking"
    assert perform_due() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("preview", 320)
    services.ask_commit(ref=batch.ref, by=cast.programme_manager)
    with pytest.raises(Refused):
        services.ask_commit(ref=batch.ref, by=cast.programme_manager)
    assert perform_due() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(outcome="registered").count()) == ("committed", 320)
    services.ask_undo(ref=batch.ref, by=cast.programme_manager)
    assert perform_due() == 1
    assert Factory.objects.filter(status="withdrawn").count() == 320
    assert verify_log() == []


def test_interrupted_registering_goes_on_where_it_stopped(cast, monkeypatch):
    text = "name\n" + "".join(f"{chr(97 + n) * 9}\n" for n in range(26))
    batch = read(cast, text)
    monkeypatch.setattr(services.registering, "ROWS_A_STEP", 25)
    real, calls = services.registering._register_some, []

    def stops_after_one(*given):
        if calls:
            raise RuntimeError("the machine stopped")
        calls.append(1)
        return real(*given)

    monkeypatch.setattr(services.registering, "_register_some", stops_after_one)
    with pytest.raises(RuntimeError):
        services.commit_import(ref=batch.ref, by=cast.programme_manager)
    assert batch.rows.filter(outcome="registered").count() == 25
    monkeypatch.setattr(services.registering, "_register_some", real)
    services.commit_import(ref=batch.ref, by=cast.programme_manager)
    assert batch.rows.filter(outcome="registered").count() == 26
    assert Entry.objects.filter(step="factory.imported").count() == 26
