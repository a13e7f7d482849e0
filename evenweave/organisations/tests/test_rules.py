"""Names as they are compared, and what a profile must agree on."""

import pytest

from evenweave.organisations import rules


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("  Mekong   STITCH Co., Ltd. ", "mekong stitch co ltd"),
        ("Hồng Vân Sợi", "hong van soi"),
        ("Đông Á", "dong a"),
        ("Nordlys’ Ærø", "nordlys æro"),
        ("រោងចក្រ​កាត់ដេរ", "រោងចក្រកាត់ដេរ"),
        ("ＦＵＬＬ　ＷＩＤＴＨ", "full width"),
    ],
)
def test_plain_text_forgets_case_marks_and_signs_but_no_letter(name, plain):
    assert rules.plain(name) == plain


def test_two_records_match_exactly_when_name_and_address_say_the_same():
    key = rules.match_key("Injae Garment Co. Ltd.", "St. 598, Sangkat Toul Sanke")
    assert key == rules.match_key("INJAE GARMENT CO.,LTD", "St 598 Sangkat Toul Sanke")
    assert key != rules.match_key("Injae Garment 2 Co. Ltd.", "St. 598, Sangkat Toul Sanke")
    assert key != rules.match_key("Injae Garment Co. Ltd.", "St. 599, Sangkat Toul Sanke")
    assert rules.company_name("Co. Ltd.") == "co ltd"


@pytest.mark.parametrize(
    ("total", "female", "male", "faults"),
    [
        (None, None, None, {}),
        (10, None, None, {}),
        (10, 8, 2, {}),
        (10, 8, 3, {"workers_total": "total_is_not_the_sum"}),
        (10, 8, 1, {"workers_total": "total_is_not_the_sum"}),
        (10, 11, None, {"workers_female": "more_than_all"}),
        (10, None, 11, {"workers_male": "more_than_all"}),
        (None, 8, None, {"workers_total": "total_missing"}),
        (0, 0, 0, {}),
    ],
)
def test_workers_are_checked_against_each_other(total, female, male, faults):
    profile = {"name": "X", "workers_total": total, "workers_female": female, "workers_male": male}
    assert rules.profile_faults(profile, this_year=2026) == faults


def test_year_place_os_id_and_name_are_checked():
    profile = {"name": " ", "year_operations_began": 2027, "latitude": 95, "longitude": None, "os_id": "KH12"}
    assert rules.profile_faults(profile, this_year=2026) == {
        "name": "name_missing", "year_operations_began": "year_out_of_range", "latitude": "latitude_out_of_range",
        "longitude": "half_a_place", "os_id": "os_id_malformed",
    }
    assert rules.profile_faults({"name": "X", "latitude": 91, "longitude": -181}, this_year=2026) == {
        "latitude": "latitude_out_of_range", "longitude": "longitude_out_of_range",
    }
    assert rules.profile_faults({"name": "X", "os_id": "CN2019072X46HPM"}, this_year=2026) == {}


def test_phone_numbers_are_read_as_the_country_writes_them():
    assert rules.phone_number("023 216 789", "KH") == "+855 23 216 789"
    assert rules.phone_number("+47 22 24 90 90", "KH") == "+47 22 24 90 90"
    assert rules.phone_number("12", "KH") is None
    assert rules.phone_number("call me", "KH") is None
    assert rules.phone_number("023 216 789", "XX") is None


def test_edits_of_two_people_are_put_together_and_overlaps_named():
    was = {"phone": "1", "city": "A", "email": "a", "name": "N"}
    mine = {"phone": "2", "city": "A", "email": "b", "name": "M"}
    now = {"phone": "3", "city": "B", "email": "b", "name": "N"}
    assert rules.merged_edits(was, mine, now) == (
        {"phone": "2", "city": "B", "email": "b", "name": "M"}, ["phone"],
    )
