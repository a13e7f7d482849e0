"""The Excel files of reports: one row a finding, one row a plan item.

Headings are English and fixed in every language: buyers' own tables and scripts read them by name."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from evenweave.reports.rendering.parts import country_name, created_at, term, wording
from evenweave.toolkit.documents import Wording
from evenweave.toolkit.sheets import Column, Sheet, write_workbook

LANGUAGE = "en"
type Facts = Mapping[str, Any]

# (column, what it means)
FINDING_COLUMNS = (
    (Column("Finding ID", 14), "Identifies the finding for ever. Of a withdrawn finding it is never used again."),
    (Column("Factory", 28), "The factory's name."),
    (Column("OS ID", 18), "The factory's ID in Open Supply Hub; empty when none is known."),
    (Column("Country", 14), "The country the factory is in."),
    (Column("Cluster", 26), "One of the eight groups of compliance points."),
    (Column("Point", 28), "The compliance point the question belongs to."),
    (Column("Question", 12), "The question's permanent ID."),
    (Column("Finding", 60), "What was found, as the report states it."),
    (Column("Severity", 11), "Minor, Major or Grave, as the assessors judged it; empty when they did not."),
    (Column("Legal ref", 36), "The law or convention the finding rests on; several are separated by semicolons."),
    (Column("First seen", 12, "date"), "The day of the report that first had this finding."),
    (Column("Status", 13), "State of the plan item: Pending, In progress or Completed. Completed is the factory's "
                           "own word unless the programme has checked it."),
    (Column("Root cause", 40), "Why it happened, as factory and workers see it; empty until the factory shares it."),
    (Column("Action", 48), "What will be done; several actions are separated by semicolons."),
    (Column("Owner role", 20), "Which side owns the actions: management or workers."),
    (Column("Due", 12, "date"), "The day by which the last open action is due."),
    (Column("Closed", 12, "date"), "The day the plan item was completed."),
    (Column("Evidence count", 10, "number"), "How many pieces of evidence the plan item holds."),
    (Column("Updated", 12, "date"), "The day the row last changed."),
)
FACTORY_COLUMNS = (
    (Column("Factory", 28), "The factory's name."),
    (Column("OS ID", 18), "The factory's ID in Open Supply Hub; empty when none is known."),
    (Column("Country", 14), "The country the factory is in."),
    (Column("City", 18), "The city or district."),
    (Column("Address", 34), "The street address."),
    (Column("Sectors", 18), "What the factory makes; several are separated by semicolons."),
    (Column("Workers", 10, "number"), "All workers."),
    (Column("Women", 10, "number"), "Women among the workers."),
    (Column("Men", 10, "number"), "Men among the workers."),
    (Column("Programme", 24), "The country programme."),
    (Column("Cycle", 8, "number"), "The factory's cycle in the programme, counted from 1."),
    (Column("Report", 18), "The report the rows come from."),
    (Column("Version", 9, "number"), "The version of the report in force."),
    (Column("Released", 12, "date"), "The day this version was released."),
    (Column("Points assessed", 10, "number"), "Compliance points with at least one question answered yes or no."),
    (Column("Points with a finding", 10, "number"), "Compliance points with at least one finding."),
    (Column("Findings", 10, "number"), "All findings in the report."),
)
COUNTRY_COLUMNS = (
    (Column("Factory", 28), "The factory's name."),
    (Column("OS ID", 18), "The factory's ID in Open Supply Hub; empty when none is known."),
    (Column("Report", 18), "The report the rows come from."),
    (Column("Cluster", 26), "One of the eight groups of compliance points."),
    (Column("Point", 28), "The compliance point; empty in a row about a whole cluster."),
    (Column("Question", 12), "The question of a finding; empty in a row about a point or cluster."),
    (Column("This factory", 12, "number"), "1 with a finding, 0 without; of a cluster the share of its points assessed "
                                           "that have one. Empty when nothing was assessed."),
    (Column("Other factories", 12, "number"), "Share of the other factories here with a finding, from 0 to 1, each by "
                                              "its latest assessment on the day of the release; of a cluster the mean "
                                              "of their shares."),
    (Column("N", 8, "number"), "How many other factories were assessed on it. Fewer than five are not shown."),
    (Column("Note", 26), "Why a comparison is missing."),
)
# Those that say something of the factory and nothing of a report.
FACTORY_ALONE = FACTORY_COLUMNS[:11]
ITEM_COLUMNS = (
    (Column("Item", 8, "number"), "The item's number in the factory's plan."),
    (Column("Issue", 60), "What is to be remedied."),
    (Column("Cluster", 26), "One of the eight groups of compliance points."),
    (Column("Point", 28), "The compliance point."),
    (Column("Question", 12), "The question's permanent ID; empty for an issue the factory found that fits none."),
    (Column("Source", 22), "A finding of an assessment, or found by the factory."),
    (Column("Public", 9), "TRUE when the question is publicly reported."),
    (Column("Status", 13), "Pending, In progress or Completed. Completed is the factory's own word unless checked."),
    (Column("Check", 22), "Whether the programme has checked the remedy."),
    (Column("Management", 18), "Whether management agrees with the item."),
    (Column("Workers", 18), "Whether the workers' side agrees with the item."),
    (Column("Immediate action", 40), "What was done at once."),
    (Column("Root cause", 40), "Why it happened."),
    (Column("First seen", 12, "date"), "The day of the report that first had it."),
    (Column("Due", 12, "date"), "The day by which the last open action is due."),
    (Column("Late", 8), "TRUE when an open action is past its day."),
    (Column("Closed", 12, "date"), "The day the item was completed."),
    (Column("Evidence count", 10, "number"), "How many pieces of evidence the item holds."),
    (Column("Updated", 12, "date"), "The day the item last changed."),
)
ACTION_COLUMNS = (
    (Column("Item", 8, "number"), "The item's number in the factory's plan."),
    (Column("Action", 60), "What will be done."),
    (Column("Owner", 24), "Who does it: a name or a post; empty where a worker would be named."),
    (Column("Owner role", 16), "The owner's side: management or workers."),
    (Column("Due", 12, "date"), "By which day."),
    (Column("Done", 12, "date"), "The day it was done."),
    (Column("Late", 8), "TRUE when it is past its day and not done."),
)
STEP_COLUMNS = (
    (Column("Day", 12, "date"), "When it happened."),
    (Column("Item", 8, "number"), "The item it belongs to; empty when it concerns the whole plan."),
    (Column("Step", 70), "What happened."),
    (Column("By", 28), "Who did it."),
)


def findings_xlsx(facts: Facts, *, plan: Mapping[str, Facts] | None = None) -> bytes:
    """findings.xlsx of one report: a row a finding, the factory, the data dictionary.

    `plan`: the plan item (PlanItemFacts) of each finding by the finding's ref; without it the columns of the plan
    are empty, as they are at the moment of release. The same input gives the same bytes."""
    return findings_workbook([facts], plan=plan, created_at=created_at(facts["report"]["released_on"]))


def findings_workbook(
    reports: Iterable[Facts], *, plan: Mapping[str, Facts] | None = None, created_at: dt.datetime
) -> bytes:
    """findings.xlsx of several reports, with a row for each factory, and the country beside them."""
    say, reports = wording(LANGUAGE), list(reports)
    rows = (
        _finding_row(say, facts, finding, (plan or {}).get(finding["ref"]))
        for facts in reports for finding in facts["findings"]
    )
    return write_workbook(
        [
            _sheet("Findings", FINDING_COLUMNS, rows, freeze="C2"),
            _sheet("Factories", FACTORY_COLUMNS, (_factory_row(say, facts) for facts in reports), freeze="B2"),
            _dictionary({"Findings": FINDING_COLUMNS, "Factories": FACTORY_COLUMNS, "Country": COUNTRY_COLUMNS}),
            _sheet("Country", COUNTRY_COLUMNS, (row for facts in reports for row in _country_rows(say, facts))),
        ],
        title="Findings", created_at=created_at,
    )


def progress_xlsx(facts: Facts) -> bytes:
    """The plan of a progress report: a row an item, a row an action, the steps since the report before."""
    say = wording(LANGUAGE)
    columns = {
        "Plan": ITEM_COLUMNS, "Actions": ACTION_COLUMNS, "Steps": STEP_COLUMNS, "Factories": FACTORY_ALONE,
    }
    return write_workbook(
        [
            _sheet("Plan", ITEM_COLUMNS, (_item_row(say, item) for item in facts["items"]), freeze="C2"),
            _sheet("Actions", ACTION_COLUMNS, _action_rows(say, facts), freeze="C2"),
            _sheet("Steps", STEP_COLUMNS, _step_rows(say, facts)),
            _sheet("Factories", FACTORY_ALONE, [_factory_columns(say, facts)], freeze="B2"),
            _dictionary(columns),
        ],
        title="Improvement plan", created_at=created_at(facts["report"]["submitted_on"]),
    )


def _sheet(name: str, columns: Any, rows: Iterable[Any], *, freeze: str = "A2") -> Sheet:
    return Sheet(name, [column for column, _meaning in columns], rows, freeze=freeze)


def _dictionary(sheets: Mapping[str, Any]) -> Sheet:
    rows = [
        [name, column.title, column.kind, meaning] for name, columns in sheets.items() for column, meaning in columns
    ]
    columns = [Column("Sheet", 14), Column("Column", 22), Column("Kind", 10), Column("Meaning", 90)]
    return Sheet("Data dictionary", columns, rows)


# --- rows -----------------------------------------------------------------------------------------


def _day(day: str | None) -> dt.date | None:
    return dt.date.fromisoformat(day[:10]) if day else None


def _text(text: Mapping[str, Any] | None) -> str:
    """What was typed; where a reviewed English translation is there, that."""
    if not text:
        return ""
    reviewed = (each for each in text.get("translations", ()) if each["is_reviewed"])
    return next((each["text"] for each in reviewed if each["language"] == LANGUAGE), text["text"])


def _factory_columns(say: Wording, facts: Facts) -> list[Any]:
    factory, workers = facts["factory"], facts["factory"]["workers"]
    return [
        factory["name"], factory["os_id"], country_name(say, factory["country_code"]), factory["city"],
        factory["address"],
        "; ".join(term(say, "sector", sector) for sector in factory["sectors"]),
        workers["total"], workers["women"], workers["men"], say.words(facts["programme"]["title"]),
        facts["cycle_number"],
    ]


def _factory_row(say: Wording, facts: Facts) -> list[Any]:
    statuses = [point["status"] for cluster in facts["clusters"] for point in cluster["points"]]
    return [
        *_factory_columns(say, facts), facts["report"]["ref"], facts["report"]["version"],
        _day(facts["report"]["released_on"]), len(statuses) - statuses.count("not_assessed"), statuses.count("finding"),
        len(facts["findings"]),
    ]


def _finding_row(say: Wording, facts: Facts, finding: Facts, item: Facts | None) -> list[Any]:
    factory = facts["factory"]
    clusters = {cluster["key"]: cluster for cluster in facts["clusters"]}
    cluster = clusters[finding["cluster"]]
    points = {point["key"]: say.words(point["title"]) for point in cluster["points"]}
    return [
        finding["ref"], factory["name"], factory["os_id"], country_name(say, factory["country_code"]),
        say.words(cluster["title"]), points[finding["point"]], finding["question_id"], say.words(finding["text"]),
        term(say, "seriousness", finding["seriousness"]),
        "; ".join(say.words(law["citation"]) for law in finding["law"]),
        _day(finding["first_seen"]["on"]), *_plan_cells(say, item, facts["report"]["released_on"]),
    ]


STATUS_NUMBERS = {"finding": 1, "no_finding": 0, "not_assessed": None}


def _country_rows(say: Wording, facts: Facts) -> Iterable[list[Any]]:
    """The same comparisons as on the page and in the PDF: each cluster, its points, the findings of each."""
    factory = facts["factory"]
    who = [factory["name"], factory["os_id"], facts["report"]["ref"]]
    findings: dict[str, list[Facts]] = {}
    for finding in facts["findings"]:
        findings.setdefault(finding["point"], []).append(finding)
    for cluster in facts["clusters"]:
        title = say.words(cluster["title"])
        yield [*who, title, "", "", cluster["rate"], *_compared(say, cluster["country"])]
        for point in cluster["points"]:
            name = say.words(point["title"])
            yield [*who, title, name, "", STATUS_NUMBERS[point["status"]], *_compared(say, point["country"])]
            for finding in findings.get(point["key"], ()):
                yield [*who, title, name, finding["question_id"], 1, *_compared(say, finding.get("country"))]


def _compared(say: Wording, country: Facts | None) -> list[Any]:
    """Rate, size and, where there are none, why. Reports from before questions were compared say nothing of them."""
    if country is None:
        return [None, None, ""]
    return [country["rate"], country["n"], say.say("fewer_than_five") if country["suppressed"] else ""]


def _plan_cells(say: Wording, item: Facts | None, released_on: str) -> list[Any]:
    if item is None:
        return [None] * 7 + [_day(released_on)]
    return [
        term(say, "item_status", item["status"]), _text(item["root_cause"]),
        "; ".join(_text(action["text"]) for action in item["actions"]), _owner_roles(say, item), _due(item),
        _day(item["closed_on"]), item["evidence_count"], _day(item["updated_on"]),
    ]


def _owner_roles(say: Wording, item: Facts) -> str:
    sides = dict.fromkeys(action["owner_side"] for action in item["actions"])
    return "; ".join(term(say, "side", side) for side in sides)


def _due(item: Facts) -> dt.date | None:
    return _day(max((action["due_on"] for action in item["actions"] if action["due_on"] and not action["done_on"]),
                    default=None))


def _item_row(say: Wording, item: Facts) -> list[Any]:
    return [
        item["number"], say.words(item["text"]), say.words(item["cluster"]), say.words(item["point"]),
        item["question_id"],
        term(say, "source", item["source"]), item["is_public"], term(say, "item_status", item["status"]),
        term(say, "verification", item["verification"]), term(say, "agreement", item["management"]),
        term(say, "agreement", item["workers"]), _text(item["immediate_action"]), _text(item["root_cause"]),
        _day(item["first_seen_on"]), _due(item), item["is_late"], _day(item["closed_on"]), item["evidence_count"],
        _day(item["updated_on"]),
    ]


def _action_rows(say: Wording, facts: Facts) -> Iterable[list[Any]]:
    for item in facts["items"]:
        for action in item["actions"]:
            yield [
                item["number"], _text(action["text"]), action["owner"], term(say, "side", action["owner_side"]),
                _day(action["due_on"]), _day(action["done_on"]), action["is_late"],
            ]


def _step_rows(say: Wording, facts: Facts) -> list[list[Any]]:
    steps = [(step, None) for step in facts["steps"]]
    steps += [(step, item["number"]) for item in facts["items"] for step in item["changes"]]
    steps.sort(key=lambda entry: (entry[0]["on"], entry[1] or 0))
    return [[_day(step["on"]), number, say.words(step["what"]), step["by"]] for step, number in steps]
