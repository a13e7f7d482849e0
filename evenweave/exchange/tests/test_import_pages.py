"""The pages of an import, for everybody of the cast."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evenweave.exchange import services
from evenweave.exchange.models import ImportBatch
from evenweave.exchange.tests.test_importing import LIST, a_file
from evenweave.organisations.models import Factory
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
    of_one = {name: reverse(name, args=[batch.ref]) for name in ("import_page", "import_columns")}
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
    for said in ("This is not a whole number.", "“<bdi>abc</bdi>”", "This is not a telephone number.",
                 "This is not the programme&#x27;s country.", "Enter the factory&#x27;s name.", "Like row 2",
                 "Register 3 factories"):
        assert said in text, said
    assert "<b>Workers</b>" in text
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


def test_decisions_are_taken_row_by_row_or_all_at_once(cast, client, batch):
    text = "name,address\nMekong Stich,Nowhere Road 12 Village 3\nMekong Stitchs,Nowhere Road 12, Village 3\n".replace(
        "12, V", "12 V"
    )
    client.force_login(cast.programme_manager)
    one = services.read_factory_list(
        file=a_file(text), filename="x.csv", programme="KH", by=cast.programme_manager
    )
    assert set(one.rows.values_list("verdict", flat=True)) == {"possible"}
    decide = reverse("import_decide", args=[one.ref])

    def wanted() -> list[int]:
        return list(one.rows.filter(is_wanted=True).order_by("number").values_list("number", flat=True))

    client.post(decide, {"row": "3", "wanted": "1"})
    assert wanted() == [3]
    client.post(decide, {"wanted": "1"})
    assert wanted() == [2, 3]
    client.post(decide, {"row": "2"})
    assert wanted() == [3]
    client.post(decide, {})
    assert wanted() == []
    assert client.post(decide, {"row": "99", "wanted": "1"}).status_code == 404


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
