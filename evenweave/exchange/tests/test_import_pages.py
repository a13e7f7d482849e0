"""The pages of an import, for everybody of the cast."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenweave.exchange import queries, services
from evenweave.exchange.models import ImportBatch
from evenweave.exchange.tests.test_importing import LIST, a_file
from evenweave.organisations.models import Factory
from evenweave.organisations.services import correct_factory
from evenweave.toolkit.jobs.worker import perform_due

ELSEWHERE = {"foreign_manager"}


@pytest.fixture
def batch(cast):
    return services.read_factory_list(
        file=a_file(), filename="list.csv", programme="KH", by=cast.programme_manager
    )


def upload(client, text: str, name: str = "list.csv"):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(reverse("import_new"), {"programme": "KH", "file": file})


def test_who_opens_the_pages(cast, batch, seen_by):
    pages = {"list": reverse("import_list"), "new": reverse("import_new")}
    of_one = {name: reverse(name, args=[batch.ref]) for name in ("import_page", "import_columns", "import_duplicates")}
    for name, url in (pages | of_one).items():
        seen = seen_by(cast, url)
        for who, status in seen.items():
            if who == "programme_manager":
                expected = 200
            elif who in ELSEWHERE:
                expected = 404 if name in of_one else 200
            else:
                expected = 302 if who == "anonymous" else 403
            assert status == expected, (name, who)


def test_a_stranger_changes_nothing(cast, batch, client):
    before = Factory.objects.count()
    for who in ("foreign_manager", "team_leader", "manager", "nobody"):
        client.force_login(getattr(cast, who))
        expected = 404 if who in ELSEWHERE else 403
        for name in ("import_commit", "import_undo", "import_decide", "import_columns"):
            assert client.post(reverse(name, args=[batch.ref])).status_code == expected, (who, name)
    batch.refresh_from_db()
    assert (batch.state, Factory.objects.count()) == ("preview", before)


def test_a_list_goes_from_upload_to_undo(cast, client):
    client.force_login(cast.programme_manager)
    assert "Import a list" in client.get("/factories/").content.decode()
    columns = upload(client, LIST)["Location"]
    batch = ImportBatch.objects.get()
    form = client.get(columns).context["form"]
    chosen = {name: field.initial for name, field in form.fields.items()}
    assert chosen == {
        "column_0": "name", "column_1": "address", "column_2": "region", "column_3": "country",
        "column_4": "workers_total", "column_5": "workers_female", "column_6": "phone",
    }
    page = client.post(columns, chosen)["Location"]
    text = client.get(page).content.decode()
    for said in ("This is not a whole number. Write figures only", "“<bdi>abc</bdi>”",
                 "This is not a telephone number.",
                 "This is not the programme&#x27;s country.", "Enter the factory&#x27;s name.", "Like row 2",
                 "Register 3 factories"):
        assert said in text, said
    assert '<bdi class="ew-code">E5</bdi> <b><bdi>Workers</bdi></b>' in text
    assert client.post(reverse("import_commit", args=[batch.ref]))["Location"] == page
    assert Factory.objects.filter(name="Lotus Wear", status="active").exists()
    assert "Undo this import" in client.get(page).content.decode()
    client.post(reverse("import_undo", args=[batch.ref]))
    assert not Factory.objects.filter(name="Lotus Wear", status="active").exists()
    assert "Withdrawn again" in client.get(page).content.decode()


def test_a_typed_formula_is_shown_as_text(cast, client):
    client.force_login(cast.programme_manager)
    batch = services.read_factory_list(
        file=a_file('name\n"=cmd|\' /C calc\'!A0"\n<script>alert(1)</script>\n'), filename="<b>.csv", programme="KH",
        by=cast.programme_manager,
    )
    text = client.get(reverse("import_page", args=[batch.ref])).content.decode()
    assert "<script>alert" not in text
    assert "=cmd|" in text
    assert "<b>.csv" not in text


@pytest.mark.parametrize("text", ["", "name\n", "\x00\x01"])
def test_a_file_that_is_no_list_comes_back_with_what_was_chosen(cast, client, text):
    client.force_login(cast.programme_manager)
    response = upload(client, text)
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_columns_without_a_name_are_said_to_be_wrong_and_stay_chosen(cast, client):
    client.force_login(cast.programme_manager)
    columns = upload(client, "A,B\nx,y\n")["Location"]
    response = client.post(columns, {"column_0": "address", "column_1": ""})
    text = response.content.decode()
    assert "Say which column holds the factory&#x27;s name." in text
    assert '<option value="address" selected>' in text
    assert "2 headings were not recognised" in text
    assert "For example: x" in text


LIKE = "name,address\nMekong Stich,Nowhere Road 12 Village 3\nTonle Garmentz,Nowhere Road 12 Village 4\n"


@pytest.fixture
def possible(cast):
    for factory in (cast.factory, cast.other_factory):
        correct_factory(ref=factory.ref, data={"os_id": f"KH2020011ABCDE{factory.pk % 10}"}, by=cast.team_leader)
    return services.read_factory_list(file=a_file(LIKE), filename="x.csv", programme="KH", by=cast.programme_manager)


def test_possible_duplicates_stand_side_by_side_with_what_they_resemble(cast, client, possible):
    client.force_login(cast.programme_manager)
    url = reverse("import_duplicates", args=[possible.ref])
    assert url in client.get(reverse("import_page", args=[possible.ref])).content.decode()
    text = client.get(url).content.decode()
    for said in ("Row 2: Mekong Stich", "Nowhere Road 12 Village 3", ">Mekong Stitch</bdi>", "In the list",
                 cast.factory.get_absolute_url(), "To decide"):
        assert said in text, said
    assert f'href="{cast.other_factory.get_absolute_url()}"' in text


def test_decisions_are_taken_row_by_row_or_for_all_that_are_left(cast, client, possible):
    client.force_login(cast.programme_manager)
    decide, url = (reverse(name, args=[possible.ref]) for name in ("import_decide", "import_duplicates"))

    def decided() -> dict[int, str]:
        return dict(possible.rows.values_list("number", "decision"))

    assert client.post(decide, {"row": "2", "decision": "same", "page": "1"})["Location"] == f"{url}?page=1"
    assert decided() == {2: "same", 3: ""}
    assert "Row 2: Mekong Stich" not in client.get(url).content.decode()
    assert "Row 2: Mekong Stich" in client.get(url, {"decided": "1"}).content.decode()
    client.post(decide, {})
    assert decided() == {2: "same", 3: "another"}
    client.post(decide, {"row": "2", "decision": "another"})
    assert decided() == {2: "another", 3: "another"}
    assert client.post(decide, {"row": "99", "decision": "same"}).status_code == 404
    assert client.post(decide, {"row": "2", "decision": "nonsense"}).status_code == 302
    assert decided() == {2: "another", 3: "another"}


def test_what_was_registered_and_waits_stands_on_the_desk_until_it_is_decided(cast, client, possible):
    client.force_login(cast.programme_manager)
    url = reverse("import_duplicates", args=[possible.ref])
    assert url not in client.get(reverse("desk")).content.decode()
    client.post(reverse("import_commit", args=[possible.ref]))
    desk = client.get(reverse("desk")).content.decode()
    assert "2 possible duplicates in x.csv" in desk
    assert url in desk
    assert f'<a href="{url}">2</a>' in client.get(reverse("import_list")).content.decode()
    client.post(reverse("import_decide", args=[possible.ref]), {"row": "2", "decision": "same"})
    assert Factory.objects.get(name="Mekong Stich").merged_into == cast.factory
    client.post(reverse("import_decide", args=[possible.ref]), {"row": "3", "decision": "another"})
    assert url not in client.get(reverse("desk")).content.decode()
    again = client.post(reverse("import_decide", args=[possible.ref]), {"row": "2", "decision": "another"})
    assert "This row is decided already." in again.content.decode()
    client.force_login(cast.foreign_manager)
    assert url not in client.get(reverse("desk")).content.decode()


def test_long_work_shows_its_progress(cast, client):
    client.force_login(cast.programme_manager)
    lines = "".join(f"{chr(97 + n % 26) * 5}{n * 7919} works,Road {n * 31} Block {n}\n" for n in range(310))
    columns = upload(client, "name,address\n" + lines)["Location"]
    page = client.post(columns, {"column_0": "name", "column_1": "address"})["Location"]
    waiting = client.get(page).content.decode()
    assert "Being checked" in waiting
    assert "<progress" in waiting
    perform_due()
    assert "Look through, then register" in client.get(page).content.decode()


def test_a_preview_asks_as_many_questions_for_six_rows_as_for_sixty(cast, client, batch):
    client.force_login(cast.programme_manager)
    long = services.read_factory_list(
        file=a_file("name\n" + "".join(f"{chr(97 + n % 26) * 4}{n * 7919}\n" for n in range(60))), filename="x.csv",
        programme="KH", by=cast.programme_manager,
    )

    def questions(one: ImportBatch) -> int:
        url = reverse("import_page", args=[one.ref])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    assert questions(batch) == questions(long)


def test_possible_duplicates_ask_as_many_questions_for_one_as_for_ten(cast, client):
    client.force_login(cast.programme_manager)

    def questions(count: int) -> int:
        lines = "".join(f"{cast.factory.name} {letter},Nowhere Road 12\n" for letter in "abcdefghij"[:count])
        batch = services.read_factory_list(
            file=a_file("name,address\n" + lines), filename="x.csv", programme="KH", by=cast.programme_manager
        )
        assert queries.waiting_rows(batch).count() == count
        url = reverse("import_duplicates", args=[batch.ref])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    assert questions(2) == questions(10)
