"""Columns, cells and matches, by plain rules."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from evenweave.exchange.rules.cells import Place, read_row
from evenweave.exchange.rules.columns import guessed, mapping_fault
from evenweave.exchange.rules.matching import Index, Known, halves
from evenweave.organisations.rules import match_key

DATA = Path(settings.ROOT) / "tests" / "data" / "facilities"
CAMBODIA = Place("KH", frozenset({"cambodia", "cambodge"}))


def test_usual_headings_are_recognised_each_field_once():
    headings = ["Country", "Factory Name", "ADDRESS 1", "Address_2", "Lat", "Lng", "OAR_ID", "Total workers",
                "Female", "Supplier", "Remarks", "Nom"]
    assert guessed(headings) == {
        "Country": "country", "Factory Name": "name", "ADDRESS 1": "address", "Address_2": "address_more",
        "Lat": "latitude", "Lng": "longitude", "OAR_ID": "os_id", "Total workers": "workers_total",
        "Female": "workers_female",
    }
    assert guessed(["A", "B"]) == {}


def test_a_mapping_needs_the_name_and_each_field_once():
    assert mapping_fault({"A": "name"}) is None
    assert mapping_fault({"A": "address"}) == "no_name"
    assert mapping_fault({"A": "name", "B": "city", "C": "city"}) == "field_twice"


def test_good_cells_are_understood_as_lists_write_them():
    reading = read_row({
        "name": "  Injae   Garment ", "country": "KINGDOM", "workers_total": "1,200", "workers_female": 1000,
        "workers_male": 200.0, "latitude": "11,5564", "longitude": 104.9282, "phone": 23216789,
        "sectors": "Garments; Shoes",
        "has_dormitory": "Yes", "year_operations_began": "2009", "contact_1_name": "Sok", "contact_1_phone": "",
        "customer_2_name": "Nordlys", "customer_2_years": "4", "products": None,
    }, Place("KH", frozenset({"kingdom"})), this_year=2026)
    assert reading.faults == {}
    assert reading.profile == {
        "name": "Injae Garment", "workers_total": 1200, "workers_female": 1000, "workers_male": 200,
        "latitude": Decimal("11.5564"), "longitude": Decimal("104.9282"), "phone": "+855 23 216 789",
        "sectors": ["apparel", "footwear"], "has_dormitory": True, "year_operations_began": 2009,
        "contacts": [{"name": "Sok", "job_title": "", "phone": "", "email": ""}],
        "customers": [{"name": "Nordlys", "years": 4}],
    }


@pytest.mark.parametrize(
    ("field", "cell", "key"),
    [
        ("name", "", "name_missing"), ("name", "x" * 201, "too_long"), ("name", "a\x00b", "control_sign"),
        ("country", "China", "another_country"), ("workers_total", "many", "not_a_number"),
        ("workers_total", -5, "not_a_number"), ("workers_total", "12.5", "not_a_number"),
        ("workers_total", True, "not_a_number"), ("latitude", "north", "not_degrees"),
        ("latitude", "NaN", "not_degrees"), ("phone", "call me", "not_a_phone"), ("email", "a@b", "not_an_email"),
        ("sectors", "Submarines", "not_a_sector"),
        ("has_dormitory", "perhaps", "not_yes_or_no"), ("year_operations_began", "2099", "year_out_of_range"),
        ("os_id", "12", "os_id_malformed"), ("customer_1_years", "4", "part_without_name"),
    ],
)
def test_a_bad_cell_is_named_and_said_why(field, cell, key):
    reading = read_row({"name": "X"} | {field: cell}, CAMBODIA, this_year=2026)
    assert {where: said[0] for where, said in reading.faults.items()} == {
        "customer_1_name" if key == "part_without_name" else field: key
    }


def test_two_cells_that_contradict_each_other_are_a_fault():
    cells = {"name": "X", "workers_total": 10, "workers_female": 8, "workers_male": 3}
    assert read_row(cells, CAMBODIA, this_year=2026).faults == {"workers_total": ("total_is_not_the_sum", {})}


def test_a_lost_letter_is_a_warning_only():
    reading = read_row({"name": "Huadong □ Garment"}, CAMBODIA, this_year=2026)
    assert (reading.faults, list(reading.warnings)) == ({}, ["name"])


def test_possible_duplicates_are_found_as_people_found_them():
    """47 pairs that people called the same, 65 that they called distinct."""
    found = {"match": 0, "distinct": 0}
    with (DATA / "oar_dedupe_labelled_pairs.csv").open(encoding="utf-8") as file:
        for pair in csv.DictReader(file):
            index = Index([Known(1, *halves(match_key(pair["name_b"], pair["address_b"])))])
            found[pair["label"]] += index.best(*halves(match_key(pair["name_a"], pair["address_a"]))) is not None
    assert found == {"match": 45, "distinct": 13}


def test_without_an_address_only_a_nearly_equal_name_is_a_match():
    index = Index([Known(1, *halves(match_key("Mekong Stitch Co Ltd", "Street 598")))])
    assert index.best("mekong stitch", "").id == 1
    assert index.best("mekong stich", "").id == 1
    assert index.best("mekong garment", "") is None
