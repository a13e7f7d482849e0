"""The country beside a report: whom it counts, and how another version's questions and points are found."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from evenweave.assessments.tests import smalltool
from evenweave.assessments.tests.scene import a_small_tool
from evenweave.indicators import rules
from evenweave.indicators.queries import country_beside
from evenweave.indicators.rules.comparing import CODES, NOBODY, Comparison, Others, asked_in
from evenweave.indicators.tests.others import counted
from evenweave.questionnaires.enums import Outcome
from evenweave.questionnaires.queries import compiled
from evenweave.questionnaires.rules import Tool, canonical_json, content_hash
from evenweave.questionnaires.rules.tool import tool_from_data
from tests import builders

C, N, A, U = (CODES[Outcome(one)] for one in (Outcome.COMPLIANT, Outcome.NONCOMPLIANT, Outcome.NOT_APPLICABLE,
                                              Outcome.UNABLE))


def tool_with(changes: dict[str, dict], *, gone: tuple[str, ...] = (), more: tuple[dict, ...] = ()) -> Tool:
    """The small tool with some questions changed, left out or added (`like`: the one that the rest is taken from)."""
    rows = [row | changes.get(row["id"], {}) for row in smalltool.questions() if row["id"] not in gone]
    known = {row["id"]: row for row in smalltool.questions()}
    rows += [known[row["like"]] | {name: value for name, value in row.items() if name != "like"} for row in more]
    return smalltool.small_tool(rows=rows)


SMALL = smalltool.small_tool()  # scored: CL-01, CL-02, SH-01, SH-02, SH-03


def ids(other: Tool, places) -> list[str]:
    return [other.scored[place].id for place in places]


def test_the_same_version_is_compared_question_by_question():
    asked = asked_in(SMALL, SMALL)
    assert asked.questions == {"CL-01": (0,), "CL-02": (1,), "SH-01": (2,), "SH-02": (3,), "SH-03": (4,)}
    assert asked.points == {
        "child-labourers": (0,), "young-workers": (1,), "emergency-preparedness": (2, 3), "worker-accommodation": (4,),
    }


def test_a_question_is_found_by_its_lineage():
    # This year SH-31 and SH-32 are the parts of SH-01, CL-09 unites CL-01 and CL-02, SH-02 is no more.
    new = tool_with({}, gone=("SH-01", "SH-02", "CL-01", "CL-02"), more=(
        {"like": "SH-01", "id": "SH-31", "roots": ["SH-01"], "global_id": "SH-31"},
        {"like": "SH-01", "id": "SH-32", "roots": ["SH-01"], "global_id": "SH-32"},
        {"like": "CL-01", "id": "CL-09", "roots": ["CL-01", "CL-02"], "global_id": "CL-09"},
    ))
    to_old, to_new = asked_in(SMALL, new), asked_in(new, SMALL)
    assert {one: ids(SMALL, places) for one, places in to_old.questions.items()} == {
        "SH-03": ["SH-03"], "SH-31": ["SH-01"], "SH-32": ["SH-01"], "CL-09": ["CL-01", "CL-02"],
    }
    assert {one: ids(new, places) for one, places in to_new.questions.items()} == {
        "CL-01": ["CL-09"], "CL-02": ["CL-09"], "SH-01": ["SH-31", "SH-32"], "SH-02": [], "SH-03": ["SH-03"],
    }


def test_what_both_ask_is_itself_even_beside_its_kin():
    new = tool_with({}, more=({"like": "SH-01", "id": "SH-31", "roots": ["SH-01"]},))
    assert ids(new, asked_in(new, SMALL).questions["SH-01"]) == ["SH-01"]


def test_a_national_question_is_found_by_the_global_one_behind_it():
    national = tool_with({}, gone=("SH-02",), more=({"like": "SH-02", "id": "KH-1", "roots": ["KH-1"],
                                                     "global_id": "SH-02"},))
    assert ids(SMALL, asked_in(SMALL, national).questions["KH-1"]) == ["SH-02"]
    assert ids(national, asked_in(national, SMALL).questions["SH-02"]) == ["KH-1"]
    other = tool_with({}, gone=("SH-02",), more=({"like": "SH-02", "id": "KH-2", "roots": ["KH-2"],
                                                  "global_id": "SH-02"},))
    assert ids(other, asked_in(other, national).questions["KH-1"]) == ["KH-2"]
    # The global question behind the national one has itself become another since.
    newer = tool_with({}, gone=("SH-02",), more=(
        {"like": "SH-02", "id": "SH-22", "roots": ["SH-02"], "global_id": "SH-22"},
        {"like": "SH-02", "id": "KH-1", "roots": ["KH-1"], "global_id": "SH-22"},
    ))
    assert ids(SMALL, asked_in(SMALL, newer).questions["KH-1"]) == ["SH-02"]
    alone = tool_with({"SH-02": {"global_id": ""}})
    assert asked_in(tool_with({}, gone=("SH-02",)), alone).questions["SH-02"] == ()


def with_points(points: list[tuple[str, str, list[str]]], of_sh: dict[str, str]) -> Tool:
    """The small tool with other points in its cluster osh (key, title, merges), and its questions placed in them."""
    data = smalltool.data(rows=[row | {"point": of_sh.get(row["id"], row["point"])} for row in smalltool.questions()])
    data["clusters"][1]["points"] = [
        {"key": key, "order": order, "titles": {"en": title}, "merges": merges}
        for order, (key, title, merges) in enumerate(points, 1)
    ]
    return tool_from_data(data, content_hash(canonical_json(data)))


def test_a_point_is_found_by_the_names_it_was_merged_from():
    split = with_points([("exits", "Exits", []), ("drills", "Fire drills", []), ("rooms", "Rooms", [])],
                        {"SH-01": "exits", "SH-02": "drills", "SH-03": "rooms"})
    whole = with_points([("fire", "Fire", ["Exits", "fire drills"]), ("beds", "Beds", ["rooms"])],
                        {"SH-01": "fire", "SH-02": "fire", "SH-03": "beds"})
    assert {key: ids(split, places) for key, places in asked_in(split, whole).points.items()
            if key in {"fire", "beds"}} == {"fire": ["SH-01", "SH-02"], "beds": ["SH-03"]}
    assert {key: ids(whole, places) for key, places in asked_in(whole, split).points.items()
            if key in {"exits", "drills"}} == {"exits": ["SH-01", "SH-02"], "drills": ["SH-01", "SH-02"]}


def test_the_rates_by_hand():
    comparison = Comparison(SMALL)
    comparison.add(SMALL, [bytes(one) for one in (
        (N, C, N, N, 0), (C, C, N, C, 0), (C, U, C, N, N), (A, U, C, C, C), (C, N, A, A, 0), (C, C, A, U, 0),
    )])
    country = comparison.country()
    assert country.questions == {
        "CL-01": Others(5, Fraction(1, 5)), "CL-02": Others(4), "SH-01": Others(4), "SH-02": Others(4),
        "SH-03": Others(2),
    }
    assert country.points == {
        "child-labourers": Others(5, Fraction(1, 5)), "young-workers": Others(4), "emergency-preparedness": Others(4),
        "worker-accommodation": Others(2),
    }
    # Child labour: 1/2, 0, 0, nothing assessed, 1/2, 0. Safety: 1, 1, 1 (2 of 2), 0, nothing, nothing.
    assert country.clusters == {"child-labour": Others(5, Fraction(1, 5)), "osh": Others(4)}


NEW = tool_with({"SH-02": {"point": "worker-accommodation"}}, gone=("SH-01",), more=(
    {"like": "SH-01", "id": "SH-31", "roots": ["SH-01"], "global_id": "SH-31"},
    {"like": "SH-01", "id": "SH-32", "roots": ["SH-01"], "global_id": "SH-32"},
))
ANSWERS = st.sampled_from([0, C, N, A, U])


def of(tool: Tool):
    return st.lists(st.lists(ANSWERS, min_size=len(tool.scored), max_size=len(tool.scored)).map(bytes), max_size=12)


@settings(max_examples=100, deadline=None)
@given(of(SMALL), of(NEW), st.sampled_from([SMALL, NEW]))
def test_the_same_as_counted_row_by_row(old, new, tool):
    comparison = Comparison(tool)
    comparison.add(SMALL, old)
    comparison.add(NEW, new)
    country = comparison.country()
    answers = [(SMALL, vector) for vector in old] + [(NEW, vector) for vector in new]
    assert country.questions == _told(rules.question_rates(_rows(answers, tool, "questions")))
    statuses = [
        rules.point_statuses(group) for group in rules.by_assessment(_rows(answers, tool, "points")).values()
    ]
    assert country.points == _told(rules.point_rates(statuses))
    cluster_of = {key: point.cluster for key, point in tool.points.items()}
    found: dict[str, list[Fraction]] = {}
    for status in statuses:
        for cluster, rate in rules.cluster_rates(status, cluster_of).items():
            found.setdefault(cluster, []).append(rate.value)
    means = {key: Others(len(r), sum(r) / len(r) if len(r) >= 5 else None) for key, r in found.items()}
    assert {key: others for key, others in country.clusters.items() if others.n} == means


def _rows(answers, tool: Tool, which: str) -> list[rules.Row]:
    """A row for each question or point of `tool` that an assessment answered, in any of the places it is asked."""
    rows = []
    for number, (other, vector) in enumerate(answers):
        for key, places in getattr(asked_in(other, tool), which).items():
            codes = [vector[place] for place in places if vector[place] in (C, N)]
            if codes:
                rows.append(rules.Row(str(number), number, 1, "", key, key, int(N in codes)))
    return rows


def _told(rates: dict) -> dict:
    return {key: Others(rate.assessed, rate.value if rate.assessed >= 5 else None) for key, rate in rates.items()}


# --- whom it counts ---------------------------------------------------------------------------------

GOOD = {"CL-01": "no", "CL-02": "yes", "SH-01": "yes", "SH-02": "yes", "SH-03": "yes"}


@pytest.mark.django_db
def test_the_country_is_the_latest_of_every_other_factory():
    planner = builders.a_person()
    small = a_small_tool()
    rows = [row | {"id": "SH-90", "roots": ["SH-01"]} if row["id"] == "SH-01" else row
            for row in smalltool.questions()]
    newer = a_small_tool("t.2", rows=rows, in_force_from=date(2025, 3, 1))
    ours = counted(newer, GOOD | {"SH-90": "no"}, planner=planner)
    tool = compiled(newer.pk)

    def beside() -> Others:
        return country_beside(ours, tool).questions.get("SH-90", NOBODY)

    first = counted(small, GOOD | {"SH-01": "no"}, planner=planner)
    for answer in ("no", "yes", "yes"):
        counted(newer, GOOD | {"SH-90": answer}, planner=planner)
    counted(small, GOOD | {"SH-01": "no"}, planner=planner, programme="HT")
    counted(newer, {}, planner=planner)
    assert beside() == Others(4)  # four others, and ours, and one that was not asked, and one abroad
    counted(small, GOOD, planner=planner)
    assert beside() == Others(5, Fraction(2, 5))
    assert country_beside(ours, tool).points["emergency-preparedness"] == Others(5, Fraction(2, 5))
    again = counted(newer, GOOD | {"SH-90": "yes"}, planner=planner, factory=first.factory)
    assert beside() == Others(5, Fraction(1, 5))
    # The factory that was assessed again is compared with the others as they are; it is never among them.
    assert country_beside(again, tool).questions["SH-90"] == Others(5, Fraction(2, 5))


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_country():
    planner = builders.a_person()
    small = a_small_tool()
    ours, tool = counted(small, GOOD, planner=planner), compiled(small.pk)
    counts = []
    for _turn in range(2):
        for _other in range(3):
            counted(small, GOOD, planner=planner)
        with CaptureQueriesContext(connection) as queries:
            country_beside(ours, tool)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2
