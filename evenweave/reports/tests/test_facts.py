"""Facts: their canonical bytes, their hash, and what may not be among them."""

import copy

import pytest

from evenweave.reports.facts import canonical, check, compared, facts_hash
from evenweave.reports.tests.sample import report_facts


def test_the_bytes_do_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": {"d": [1, 2], "c": "ខ្មែរ"}}) == '{"a":{"c":"ខ្មែរ","d":[1,2]},"b":1}'.encode()
    assert facts_hash({"b": 1, "a": 2}) == facts_hash({"a": 2, "b": 1})
    assert facts_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_any_difference_changes_the_hash():
    facts = report_facts()
    changed = copy.deepcopy(facts)
    changed["findings"][0]["is_public"] = not changed["findings"][0]["is_public"]
    assert facts_hash(facts) != facts_hash(changed)


def test_what_is_no_number_is_no_fact():
    with pytest.raises(ValueError, match="JSON"):
        canonical({"rate": float("nan")})


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, {"rate": None, "n": None, "suppressed": "fewer_than_five"}),
        (4, {"rate": None, "n": None, "suppressed": "fewer_than_five"}),
        (5, {"rate": 0.3333, "n": 5, "suppressed": None}),
    ],
)
def test_a_group_below_five_is_not_told(n, expected):
    assert compared(1 / 3, n) == expected


def test_whole_facts_are_accepted():
    check(report_facts())
    check(report_facts(version=2, with_last=False))


def test_missing_and_unknown_facts_are_named():
    facts = report_facts()
    facts["findings"][0]["worker_name"] = "somebody"
    del facts["factory"]["city"]
    facts["findings"][1]["reply"]["position"] = "maybe"
    facts["clusters"][0]["rate"] = "half"
    facts["assessment"]["days"] = "2026-10-06"
    with pytest.raises(ValueError, match="not the facts of a report") as refused:
        check(facts)
    for fault in (
        "facts.findings[0].worker_name is not known", "facts.factory.city is missing",
        "facts.findings[1].reply.position: 'maybe' is none of agrees, partly, disagrees",
        "facts.clusters[0].rate: 'half' is no number", "facts.assessment.days: no list",
    ):
        assert fault in str(refused.value)


def test_facts_of_another_kind_are_refused():
    with pytest.raises(ValueError, match="kind"):
        check({"kind": "invoice"})
