"""evenweave import factories: the same as the pages, for those who work in a shell."""

import json

import pytest
from click.testing import CliRunner

from evenweave.activity.models import Entry
from evenweave.exchange.commands import import_group
from evenweave.exchange.models import ImportBatch
from evenweave.exchange.tests.test_importing import LIST
from evenweave.organisations.models import Factory


@pytest.fixture
def run(cast, tmp_path):
    def call(text: str, *options: str, name: str = "list.csv"):
        path = tmp_path / name
        path.write_text(text)
        return CliRunner().invoke(import_group, ["factories", str(path), "--programme", "KH", *options])

    return call


def test_it_registers_what_is_new_and_answers_no_when_a_row_is_faulty(run):
    done = run(LIST, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (said["registered"], said["error"]) == (3, None)
    assert said["rows"] == {"new": 3, "known": 1, "repeated": 1, "possible": 0, "faulty": 2}
    assert [(row["row"], row["verdict"]) for row in said["listed"]] == [(5, "faulty"), (7, "faulty")]
    assert "This is not a whole number." in said["listed"][0]["said"]
    assert set(Entry.objects.values_list("step", "actor")) == {("factory.imported", None)}
    again = run("Factory name,Address\nLotus Wear,Road 6\n", "--json")
    assert (again.exit_code, json.loads(again.stdout)["registered"]) == (0, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(run):
    before = Factory.objects.count()
    done = run(LIST, "--dry-run", "--json")
    assert json.loads(done.stdout)["rows"] == {"new": 3, "known": 1, "repeated": 1, "possible": 0, "faulty": 2}
    assert done.exit_code == 1
    assert (Factory.objects.count(), ImportBatch.objects.count()) == (before, 0)


def test_words_for_people(run):
    done = run("name\nLotus Wear\n")
    assert done.exit_code == 0
    assert done.stdout == "1 registered of 1 rows: 1 new.\n"


@pytest.mark.parametrize("text", ["", "A,B\nx,y\n"])
def test_a_file_that_is_no_list_is_answered_no(run, text):
    done = run(text, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]


def test_an_unknown_programme_is_wrong_use(run, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("name\nx\n")
    done = CliRunner().invoke(import_group, ["factories", str(path), "--programme", "XX"])
    assert done.exit_code == 2
