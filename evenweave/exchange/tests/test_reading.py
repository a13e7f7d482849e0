"""Columns, cells and matches, by plain rules."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from evenweave.exchange.rules.cells import Place, read_row
from evenweave.exchange.rules.columns import FIELDS, guessed, mapping_fault
from evenweave.exchange.rules.headings import LANGUAGES
from evenweave.exchange.rules.matching import best_matches, halves, likenesses
from evenweave.organisations.rules import match_key, plain

DATA = Path(settings.ROOT) / "tests" / "data" / "facilities"
CAMBODIA = Place("KH", {"cambodia": "KH", "cambodge": "KH", "kh": "KH", "china": "CN"})


def test_usual_headings_are_recognised_each_field_once():
    headings = ["Country", "Factory Name", "ADDRESS 1", "Address_2", "Lat", "Lng", "OAR_ID", "Total workers",
                "Female", "Supplier", "Remarks", "Nom"]
    assert guessed(headings) == {
        "Country": "country", "Factory Name": "name", "ADDRESS 1": "address", "Address_2": "address_more",
        "Lat": "latitude", "Lng": "longitude", "OAR_ID": "os_id", "Total workers": "workers_total",
        "Female": "workers_female",
    }
    assert guessed(["A", "B"]) == {}


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Facility Name|Street Address|Zip Code|Number of Workers|OS ID|Parent company",
         "name|address|postal_code|workers_total|os_id|owner_name"),
        ("Nom de l'usine|Adresse|Ville|Pays|Effectif total|Femmes|Téléphone|Secteur d’activité|Propriétaire",
         "name|address|city|country|workers_total|workers_female|phone|sectors|owner_name"),
        ("NOMBRE DE LA FABRICA|Dirección|Municipio|Código postal|Trabajadores|Hombres|Correo electrónico|Rubro",
         "name|address|city|postal_code|workers_total|workers_male|email|sectors"),
        ("Tên nhà máy|Địa chỉ|Tỉnh/Thành phố|Số lao động|Nữ|Nam|Năm thành lập|Người liên hệ|Mã số thuế",
         "name|address|region|workers_total|workers_female|workers_male|year_operations_began|contact_1_name"
         "|registry_id"),
        ("Nama Pabrik|Alamat|Kabupaten/Kota|Provinsi|Kode Pos|Jumlah Pekerja|Perempuan|Laki-laki|Produk",
         "name|address|city|region|postal_code|workers_total|workers_female|workers_male|products"),
        ("কারখানার নাম|ঠিকানা|জেলা|মোট শ্রমিক|নারী শ্রমিক|পুরুষ|ফোন নম্বর|মালিকের নাম",
         "name|address|region|workers_total|workers_female|workers_male|phone|owner_name"),
        ("ឈ្មោះរោងចក្រ|អាសយដ្ឋាន|ខេត្ត|ចំនួនកម្មករ|ស្រី|លេខទូរស័ព្ទ|ផលិតផល",
         "name|address|region|workers_total|workers_female|phone|products"),
        ("اسم المصنع|العنوان|المحافظة|عدد العمال|اناث|ذكور|البريد الالكتروني|خط الطول",
         "name|address|region|workers_total|workers_female|workers_male|email|longitude"),
        ("Factory name / Tên nhà máy|Workers (total)|Address [street]", "name|workers_total|address"),
        ("name|workers_total|year_operations_began|registry_id|sector|owner|contact",
         "name|workers_total|year_operations_began|registry_id|sectors|owner_name|contact_1_name"),
    ],
)
def test_headings_are_recognised_in_eight_languages(headings, fields):
    given = headings.split("|")
    mapping = guessed(given)
    assert [mapping.get(heading) for heading in given] == fields.split("|")


def test_no_heading_means_two_things():
    said: dict[str, set[str]] = {}
    for words in LANGUAGES.values():
        for field, headings in words.items():
            for heading in headings:
                said.setdefault(plain(heading), set()).add(field)
    assert {heading: fields for heading, fields in said.items() if len(fields) > 1} == {}
    assert all(set(words) <= set(FIELDS) for words in LANGUAGES.values())


def test_a_mapping_needs_the_name_and_each_field_once():
    assert mapping_fault({"A": "name"}) is None
    assert mapping_fault({"A": "address"}) == "no_name"
    assert mapping_fault({"A": "name", "B": "city", "C": "city"}) == "field_twice"


def test_good_cells_are_understood_as_lists_write_them():
    reading = read_row({
        "name": "  Injae   Garment ", "country": "KINGDOM", "workers_total": "1,200", "workers_female": 1000,
        "workers_male": 200.0, "latitude": "11,5564", "longitude": 104.9282, "phone": 23216789,
        "sectors": "Garments; Chaussures",
        "has_dormitory": "Yes", "year_operations_began": "2009", "contact_1_name": "Sok", "contact_1_phone": "",
        "customer_2_name": "Nordlys", "customer_2_years": "4", "products": None,
    }, Place("KH", {"kingdom": "KH"}), this_year=2026)
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
        ("country", "Atlantis", "not_a_country"), ("workers_total", "many", "not_a_number"),
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


def test_a_sector_of_somebody_else_is_left_out_and_said():
    reading = read_row({"name": "X", "sectors": "Apparel|Health"}, CAMBODIA, this_year=2026)
    assert (reading.faults, reading.profile["sectors"]) == ({}, ["apparel"])
    assert reading.warnings == {"sectors": ("sector_left_out", {})}


def test_both_halves_of_a_place_are_named():
    cells = {"name": "X", "latitude": "91.2", "longitude": "-186.2"}
    assert read_row(cells, CAMBODIA, this_year=2026).faults == {
        "latitude": ("latitude_out_of_range", {}), "longitude": ("not_degrees", {})
    }


def test_a_lost_letter_is_a_warning_only():
    reading = read_row({"name": "Huadong □ Garment"}, CAMBODIA, this_year=2026)
    assert (reading.faults, list(reading.warnings)) == ({}, ["name"])


def half(name: str, address: str = ""):
    return halves(match_key(name, address))


def labelled() -> list[dict[str, str]]:
    with (DATA / "oar_dedupe_labelled_pairs.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_possible_duplicates_are_found_as_people_found_them():
    """47 pairs that people called the same, 65 that they called distinct: recall 0.957, precision 0.776."""
    found = {"match": 0, "distinct": 0}
    for pair in labelled():
        one, other = half(pair["name_a"], pair["address_a"]), half(pair["name_b"], pair["address_b"])
        is_found = best_matches([other], [one]) != [None]
        assert is_found == (likenesses(one, [other]) != [None])
        found[pair["label"]] += is_found
    assert found == {"match": 45, "distinct": 13}


def test_they_are_found_among_a_thousand_others_too():
    others = []
    for path in sorted((DATA / "lists").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            others += [half(row["name"], row["address"]) for row in csv.DictReader(file)]
    pairs = labelled()
    known = others + [half(pair["name_b"], pair["address_b"]) for pair in pairs]
    found = best_matches(known, [half(pair["name_a"], pair["address_a"]) for pair in pairs])
    same = [match for pair, match in zip(pairs, found, strict=True) if pair["label"] == "match"]
    assert sum(match is not None for match in same) / len(same) >= 0.9


def test_a_record_is_compared_with_what_stood_before_it_only():
    one, slip, other = half("Mekong Stitch", "Street 598"), half("Mekong Stich", "Street 598"), half("Tonle", "Road 1")
    assert best_matches([], []) == []
    assert best_matches([one], [other]) == [None]
    assert [match and match.place for match in best_matches([other], [one, slip, one])] == [None, 1, 1]


def test_without_an_address_only_a_nearly_equal_name_is_a_match():
    known = [half("Mekong Stitch Co Ltd", "Street 598")]
    found = best_matches(known, [half("mekong stitch"), half("mekong garment"), half("mekong stich")])
    assert [match and match.place for match in found] == [0, None, 0]
