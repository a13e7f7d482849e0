"""A tool of seven questions for the tests of this room, small enough to know by heart.

facts: FG-01 (number of workers), FG-02 (is there a dormitory?)
child-labour: CL-01 ("yes" is the finding, zero tolerance, public), CL-02 (two blanks)
osh: SH-01 (three blanks, public), SH-02 (no blanks), SH-03 (asked only where there is a dormitory)"""

from evenweave.questionnaires.rules import Tool, canonical_json, content_hash
from evenweave.questionnaires.rules.tool import FORMAT, tool_from_data

CLUSTERS = [
    ("child-labour", "Child labour", [("child-labourers", "Child labourers"), ("young-workers", "Young workers")]),
    ("osh", "Occupational safety and health", [
        ("emergency-preparedness", "Emergency preparedness"), ("worker-accommodation", "Worker accommodation"),
    ]),
]


def _text(text: str, finding: str = "") -> dict:
    return {"text": text, "finding": finding, "look_for": ["Look with your own eyes."], "is_draft": False}


def _question(qid: str, cluster: str, point: str, english: dict, **more) -> dict:
    return {
        "id": qid, "kind": "scored", "cluster": cluster, "point": point, "texts": {"en": english},
        "roots": [qid], "noncompliant_answer": "no", "law": [], "law_note": "", "tags": [], "ancestors": [],
        "global_id": qid, "visible_if": None, "themes": [], "external_refs": [], "answer": "", "unit": "", "group": "",
    } | more


def _fact(qid: str, text: str, answer: str, **more) -> dict:
    return _question(
        qid, "facts", "", _text(text), kind="fact", answer=answer, group="workforce", noncompliant_answer=""
    ) | more


def questions() -> list[dict]:
    exits = _text(
        "Are all emergency exits open while people work?", "__ of __ exits on __ could not be opened from the inside."
    )
    khmer = _text("តើច្រកចេញទាំងអស់បើកចំហទេ?", "ច្រកចេញ __ នៃ __ នៅ __ មិនអាចបើកបាន។") | {"is_draft": True}
    return [
        _fact("FG-01", "How many people work at the factory?", "number", unit="workers"),
        _fact("FG-02", "Does the factory run a dormitory?", "yes_no"),
        _question(
            "CL-01", "child-labour", "child-labourers",
            _text("Was a child found at work?", "A child below the legal age was found at work."),
            noncompliant_answer="yes", tags=["public", "zero-tolerance"],
        ),
        _question(
            "CL-02", "child-labour", "young-workers",
            _text("Is every worker's age checked before hiring?", "For __ of __ workers no proof of age was kept."),
        ),
        _question(
            "SH-01", "osh", "emergency-preparedness", exits, texts={"en": exits, "km": khmer}, tags=["public"],
            law=[{"instrument": "C155", "provision": "Article 16", "source": ""}],
        ),
        _question(
            "SH-02", "osh", "emergency-preparedness",
            _text("Was an evacuation drill held in the last six months?", "No evacuation drill was held."),
        ),
        _question(
            "SH-03", "osh", "worker-accommodation",
            _text("Does the dormitory have two exits?", "The dormitory has only one exit."),
            visible_if={"equals": ["FG-02", "yes"]},
        ),
    ]


def data(*, rows: list[dict] | None = None, version: str = "t.1") -> dict:
    """The compiled form, ready for a database row."""
    return {
        "format": FORMAT, "tool": "small", "version": version, "layer": "small-KH", "layer_version": version,
        "programme": "KH",
        "titles": {"en": "Small tool"}, "issued_on": "2024-01-15", "in_force_from": "2024-03-01",
        "fact_groups": {"workforce": {"en": "The workforce"}}, "critical_issues": {},
        "clusters": [
            {
                "key": key, "order": place, "titles": {"en": title},
                "points": [
                    {"key": point, "order": order, "titles": {"en": name}, "merges": []}
                    for order, (point, name) in enumerate(points, start=1)
                ],
            }
            for place, (key, title, points) in enumerate(CLUSTERS, start=1)
        ],
        "questions": rows if rows is not None else questions(),
    }


def many(count: int) -> list[dict]:
    """`count` scored questions without blanks, spread over the points."""
    places = [(key, point) for key, _, points in CLUSTERS for point, _ in points]
    return [
        _question(
            f"ZZ-{n:03}", *places[n * len(places) // count], _text(f"Is thing {n} well?", f"Thing {n} is not well.")
        )
        for n in range(count)
    ]


def small_tool(**more) -> Tool:
    compiled = data(**more)
    return tool_from_data(compiled, content_hash(canonical_json(compiled)))
