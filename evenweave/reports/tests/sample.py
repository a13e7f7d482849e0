"""Invented facts for reports: one small and true to life, one as large as is wanted."""

from pathlib import Path
from typing import Any

import yaml

from evenweave.reports.facts import compared

NOT_ASSESSED = "worker-accommodation"
TOOLS = Path(__file__).resolve().parents[3] / "content/tools"


def _read(path: str) -> dict[str, Any]:
    return yaml.safe_load((TOOLS / path).read_text(encoding="utf-8"))


def tool_clusters() -> list[dict[str, Any]]:
    """The clusters and points of the tool, titles in three languages."""
    tool = _read("garment/2024.1/tool.yaml")
    french = _read("garment/2024.1/languages/fr/titles.yaml")
    khmer = _read("garment-KH/2024.1/languages/km/titles.yaml")

    def titled(kind: str, entry: dict[str, Any]) -> dict[str, Any]:
        key = entry["key"]
        return {"key": key, "title": {"en": entry["title"], "fr": french[kind][key], "km": khmer[kind][key]}}

    return [
        titled("clusters", cluster) | {"points": [titled("points", point) for point in cluster["points"]]}
        for cluster in tool["clusters"]
    ]


KHMER_LONG = (
    "ក្នុងអំឡុងពេលនៃការវាយតម្លៃអ្នកវាយតម្លៃបានឃើញថាច្រកចេញសង្គ្រោះបន្ទាន់ត្រូវបានបិទដោយប្រអប់ក្រដាសកាតុង"
    "ហើយកម្មករមិនអាចចេញបានទេនៅពេលមានអគ្គិភ័យដូច្នេះរោងចក្រត្រូវតែដោះប្រអប់ទាំងនោះចេញជាបន្ទាន់"
)
FINDING = {
    "en": "1 of 6 emergency exits could not be opened from the inside while people were at work.",
    "fr": "1 sortie de secours sur 6 ne s'ouvrait pas de l'intérieur pendant le travail.",
    "km": "ច្រកចេញសង្គ្រោះបន្ទាន់ ១ ក្នុងចំណោម ៦ មិនអាចបើកពីខាងក្នុងបានទេ ពេលមានមនុស្សកំពុងធ្វើការ។",
}
EXPLANATION = (
    "The door beside the cutting tables was blocked by cartons from 9 until 11 on the first day. Two supervisors "
    "said that deliveries are put there when the store is full. Workers knew of another exit, forty metres away.\n"
    "The evacuation plan on the wall shows the blocked door as the first way out."
)


def title(english: str, french: str, khmer: str) -> dict[str, str]:
    return {"en": english, "fr": french, "km": khmer}


def finding(number: int, cluster: str, point: str, **changes: Any) -> dict[str, Any]:
    return {
        "ref": f"F{number:04}", "question_id": f"SH-{number}", "cluster": cluster, "point": point, "text": FINDING,
        "explanation": {"language": "en", "text": EXPLANATION},
        "seriousness": "major",
        "law": [{"citation": {"en": "C155, Article 16", "fr": "C155, article 16"}, "source": "https://normlex.ilo.org/"}],
        "law_note": None, "is_public": False, "is_zero_tolerance": False,
        "first_seen": {"cycle_number": 2, "on": "2026-10-29"}, "was_open_last_time": False, "photo_count": 2,
        "country": compared(0.28, 409),
        "reply": {
            "position": "partly", "replied_on": "2026-10-20", "evidence_count": 1,
            "text": {"language": "km", "text": KHMER_LONG, "translations": [
                {"language": "en", "text": "The cartons were moved on 8 October.", "is_reviewed": True},
                {"language": "fr", "text": "Les cartons ont été déplacés.", "is_reviewed": False},
            ]},
        },
    } | changes


def point_facts(point: dict[str, Any], findings: int, *, last: str | None) -> dict[str, Any]:
    status = "finding" if findings else "no_finding"
    if point["key"] == NOT_ASSESSED:
        status = "not_assessed"
    return {
        **point, "status": status, "questions_assessed": 0 if status == "not_assessed" else 6,
        "findings": findings, "last_status": last, "country": compared(0.31, 3 if point["key"] == "chemicals" else 412),
    }


def rate(points: list[dict[str, Any]], key: str) -> float | None:
    assessed = [point[key] for point in points if point[key] in {"finding", "no_finding"}]
    return round(assessed.count("finding") / len(assessed), 4) if assessed else None


def report_facts(*, findings_a_point: int = 1, with_last: bool = True, version: int = 1) -> dict[str, Any]:
    """Facts of a report on the 38 points: every third holds `findings_a_point` findings, none in child labour."""
    clusters, findings = [], []
    for cluster in tool_clusters():
        points = []
        for index, point in enumerate(cluster["points"]):
            is_free = cluster["key"] == "child-labour" or point["key"] == NOT_ASSESSED
            here = findings_a_point if index % 3 == 0 and not is_free else 0
            for _ in range(here):
                number = len(findings) + 1
                was_open = with_last and number % 3 == 1
                findings.append(finding(
                    number, cluster["key"], point["key"], is_public=number % 4 == 1, was_open_last_time=was_open,
                    seriousness=("grave", "major", "minor")[number % 3],
                    first_seen={"cycle_number": 1, "on": "2025-09-12"} if was_open
                    else {"cycle_number": 2, "on": "2026-10-29"},
                ))
            last = ("no_finding" if index == 1 else "finding") if with_last else None
            points.append(point_facts(point, here, last=last))
        clusters.append({
            **cluster, "points": points, "rate": rate(points, "status"), "last_rate": rate(points, "last_status"),
            "country": compared(0.42, 3 if cluster["key"] == "working-time" else 412),
        })
    all_points = [point for cluster in clusters for point in cluster["points"]]
    last_statuses = [point["last_status"] for point in all_points]
    amendment = {
        "of_version": 1, "of_released_on": "2026-10-29",
        "reason": {"language": "en", "text": "The certificate of the fire brigade was found after the release."},
        "changes": [
            {"kind": "withdrawn", "question_id": "SH-9", "point": title("Chemicals", "Chimie", "គីមី"), "before": FINDING,
             "after": None},
            {"kind": "changed", "question_id": "SH-4", "point": title("Chemicals", "Chimie", "គីមី"), "before": FINDING,
             "after": {"en": "2 of 6 emergency exits could not be opened from the inside."}},
        ],
    }
    return {
        "kind": "assessment", "schema": 1,
        "report": {"ref": "KH-2026-0184", "version": version,
                   "released_on": "2026-10-29" if version == 1 else "2026-11-20",
                   "amendment": amendment if version > 1 else None},
        "factory": {
            "ref": "k3v8", "name": "Kravanh Stitchworks", "address": "Street 371", "city": "Kandal",
            "country_code": "KH", "os_id": "KH2026A1B2C3D4E", "sectors": ["apparel"],
            "workers": {"total": 1860, "women": 1562, "men": 298},
        },
        "programme": {"code": "KH", "title": title("Cambodia programme", "Programme Cambodge", "កម្មវិធីកម្ពុជា")},
        "cycle_number": 2,
        "assessment": {
            "mode": "onsite", "extent": "full", "is_unannounced": True, "days": ["2026-10-06", "2026-10-07"],
            "assessors": ["Sreymom Chea", "Dara Voeun"], "reviewer": "Maly Prak",
            "interviews": {"workers": 40, "managers": 6, "unions": 2},
            "tool": {"title": title("Garment tool, Cambodia", "Outil habillement, Cambodge", "ឧបករណ៍"),
                     "version": "2025.1", "hash": "9f2c4a" * 10},
            "questions_asked": 248, "questions_scored": 221,
        },
        "last": {"cycle_number": 1, "released_on": "2025-09-12", "points_assessed": len(last_statuses),
                 "points_with_finding": last_statuses.count("finding"), "findings": 41} if with_last else None,
        "clusters": clusters, "findings": findings,
        "strengths": [
            {"language": "en", "text": "Both unions meet the manager each month."},
            {"language": "en", "text": "The nursing room is used by 31 mothers."},
            {"language": "km", "text": "ឃ្លាំងសារធាតុគីមីត្រូវបានផ្លាស់ប្តូរ និងមានខ្យល់ចេញចូលល្អ។"},
        ],
        "gathered": [
            {"id": "FG-1", "group": title("Workforce", "Effectif", "កម្លាំងពលកម្ម"), "value": 1860,
             "text": title("Workers on the payroll", "Travailleurs inscrits", "កម្មករក្នុងបញ្ជី"),
             "unit": title("people", "personnes", "នាក់")},
            {"id": "FG-2", "group": title("Workforce", "Effectif", "កម្លាំងពលកម្ម"), "value": None, "unit": None,
             "text": title("Workers on fixed-term contracts", "Contrats à durée déterminée", "កិច្ចសន្យាមានកំណត់")},
            {"id": "FG-3", "group": title("Industrial relations", "Relations", "ទំនាក់ទំនង"), "value": True, "unit": None,
             "text": title("Is there a collective agreement?", "Y a-t-il une convention ?", "មានអនុសញ្ញារួមទេ?")},
        ],
        "languages": ["en", "fr", "km"],
    }


URL = "https://evenweave.example/verify/7K4M29QT"
CODE = "7K4M29QT"


def said(text: str, language: str = "en") -> dict[str, Any]:
    return {"language": language, "text": text}


def action(text: str, **changes: Any) -> dict[str, Any]:
    return {"text": said(text), "owner": "Head of the warehouse", "owner_side": "management", "due_on": "2026-12-15",
            "done_on": None, "is_late": False} | changes


def plan_item(number: int, cluster: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "ref": f"P{number}", "number": number, "question_id": f"SH-{number}", "cluster": cluster["title"],
        "point": cluster["points"][0]["title"], "text": FINDING, "source": "finding", "status": "pending",
        "is_public": False, "is_late": False, "first_seen_on": "2026-10-29", "updated_on": "2026-11-12",
        "closed_on": None, "management": "agrees", "workers": "not_yet", "verification": "not_needed",
        "immediate_action": said("The cartons were moved to the store."),
        "root_cause": said("Deliveries come before the store is emptied.\nNobody owns the space before the door."),
        "actions": [action("Mark the floor before each exit."),
                    action("Move deliveries to the afternoon.", owner="", owner_side="workers", due_on="2027-01-15")],
        "evidence_count": 0, "seriousness": "major", "law": [],
        "changes": [{"on": "2026-11-12", "what": title("Management agreed.", "La direction est d'accord.", "យល់ព្រម។"),
                     "by": "Chan Dara"}],
    } | changes


def progress_facts(items: int = 8) -> dict[str, Any]:
    """Facts of the first progress report of cycle 2: items in all states, spread over the clusters."""
    clusters = tool_clusters()
    report = report_facts()
    states: list[dict[str, Any]] = [
        {},
        {"status": "in_progress", "is_late": True, "actions": [
            action("Change the lock of exit 3.", due_on="2026-11-10", is_late=True)]},
        {"status": "completed", "closed_on": "2026-11-20", "workers": "agrees", "verification": "verified",
         "is_public": True, "evidence_count": 3, "actions": [
            action("Change the lock of exit 4.", due_on="2026-11-10", done_on="2026-11-09")]},
        {"status": "completed", "closed_on": "2025-03-01", "workers": "disagrees", "actions": [],
         "source": "self_found", "question_id": "", "root_cause": None, "immediate_action": None, "changes": []},
    ]
    return {
        "kind": "progress", "schema": 1,
        "report": {"ref": "KH-2026-0184-P1", "number": 1, "submitted_on": "2026-11-27", "due_on": "2026-11-28",
                   "author": "factory", "since": "2026-10-29"},
        "factory": report["factory"], "programme": report["programme"], "cycle_number": 2,
        "items": [plan_item(number + 1, clusters[number % 8], **states[number % 4]) for number in range(items)],
        "steps": [{"on": "2026-10-29", "by": "The programme",
                   "what": title("The report was released.", "Le rapport a été publié.", "ចេញផ្សាយ។")}],
        "overview": said("A new warehouse opens in March."), "dialogue": said(KHMER_LONG, "km"), "learning": None,
        "languages": ["en", "fr", "km"],
    }
