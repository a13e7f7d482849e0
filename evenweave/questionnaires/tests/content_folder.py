"""A small content folder that is whole, which a test then breaks in one place."""

import shutil
from pathlib import Path

import yaml

from evenweave.questionnaires.queries import read_source
from evenweave.questionnaires.rules import Tool, compile_tool
from evenweave.questionnaires.rules.checking import check

GLOBAL = "tools/sewing/2024.1/questions/01-safety.yaml"
FACTS = "tools/sewing/2024.1/questions/00-facts.yaml"
NATIONAL = "tools/sewing-XX/2024.1/questions/01-safety.yaml"
LAYER = "tools/sewing-XX/2024.1/layer.yaml"
LATER = "tools/sewing/2025.1/questions/01-safety.yaml"
LATER_LAYER = "tools/sewing-XX/2025.1/layer.yaml"
DRAFT = "tools/sewing-XX/2024.1/languages/km/01-safety.yaml"
LAW = "law/ilo-basics.yaml"
NATIONAL_LAW = "law/xx-labour.yaml"
THEMES = "tools/sewing/national-themes.yaml"


def scored(qid: str, point: str, text: str, finding: str, **more) -> dict:
    return {
        "id": qid, "kind": "scored", "point": point, "text": text, "finding": finding, "noncompliant_answer": "no",
        "look_for": ["Look twice."], "law": [{"instrument": "C155"}], **more,
    }


FILES = {
    "tools/sewing/2024.1/tool.yaml": {
        "key": "sewing", "version": "2024.1", "title": "Sewing", "issued_on": "2024-01-01",
        "fact_groups": [{"key": "workforce", "title": "Workforce"}],
        "clusters": [
            {"key": "safety", "title": "Safety", "prefix": "SA", "points": [
                {"key": "exits", "title": "Exits"}, {"key": "machines", "title": "Machines"}]},
        ],
    },
    FACTS: {"cluster": "facts", "questions": [
        {"id": "FG-01", "kind": "fact", "group": "workforce", "answer": "number", "unit": "workers",
         "text": "How many?"},
        {"id": "FG-02", "kind": "fact", "group": "workforce", "answer": "yes_no", "text": "Are there boilers?"},
    ]},
    GLOBAL: {"cluster": "safety", "questions": [
        scored("SA-02", "machines", "Are moving parts guarded?", "__ machines had bare belts.", tags=["critical:2"],
               themes=[192]),
        scored("SA-01", "exits", "Are the doors open?", "__ doors were locked during work.",
               tags=["public", "critical:1", "zero-tolerance"]),
        scored("SA-03", "machines", "Is the boiler certified?", "The boiler had no certificate.",
               visible_if={"equals": ["FG-02", "yes"]}, tags=["committee"]),
    ]},
    LAYER: {
        "key": "sewing-XX", "version": "2024.1", "title": "Sewing in Xland", "programme": "XX",
        "layer_of": {"tool": "sewing", "version": "2024.1"}, "issued_on": "2024-01-01",
        "in_force_from": "2024-03-01",
        "critical_issues": [{"number": 1, "title": "Doors"}, {"number": 2, "title": "Guards"}],
        "languages": {"km": {"titles": False, "questions": "public", "review": "unreviewed-draft"}},
    },
    NATIONAL: {"cluster": "safety", "questions": [
        scored("XX-SA-05", "exits", "Is evacuation practised?", "No drill took place for __ months.", maps_to=None,
               maps_to_point="exits", themes=[237], law=[{"instrument": "XX-LAW", "provision": "Article 3",
                                            "source": "https://example.org/law"}]),
    ]},
    DRAFT: {"language": "km", "review": "unreviewed-draft",
            "questions": {"SA-01": {"text": "ទ្វារ?", "finding": "ទ្វារ __ ជាប់សោ។"}}},
    "tools/sewing/2025.1/tool.yaml": {
        "key": "sewing", "version": "2025.1", "based_on": "2024.1", "title": "Sewing", "issued_on": "2025-01-01",
        "retired": ["SA-02"]},
    LATER: {"cluster": "safety", "questions": [
        scored("SA-04", "machines", "Are belts covered?", "Drive belts of __ machines lay open.", replaces=["SA-02"],
               tags=["critical:2"]),
        scored("SA-06", "machines", "Do needles have guards?", "Needle guards were absent on __ machines.",
               replaces=["SA-02"]),
    ]},
    LATER_LAYER: {
        "key": "sewing-XX", "version": "2025.1", "based_on": "2024.1", "title": "Sewing in Xland", "programme": "XX",
        "layer_of": {"tool": "sewing", "version": "2025.1"}, "issued_on": "2025-01-01",
        "in_force_from": "2025-09-01"},
    LAW: {"instruments": [{"key": "C155", "title": "Occupational Safety", "year": 1981, "kind": "convention",
                           "source": "list of conventions"}]},
    NATIONAL_LAW: {
        "laws": [{"key": "XX-LAW", "title": "Labour Law", "source": "https://example.org/law"}],
        "values": [{"key": "drill_interval_months", "value": 6, "unit": "months", "in_force_from": "1997-01-01",
                    "known_on": "2024-01-01", "source": "no source found", "law": "XX-LAW"}]},
    THEMES: {"tool": "sewing", "highest_theme": 258, "themes": [
        {"key": "drills", "theme": 237, "title": "Drills", "countries": {"XX": ["drill_interval_months"], "YY": []}}]},
}


class ContentFolder:
    """Content under a folder of its own: read it, change a file, check it, compile it."""

    REAL = Path(__file__).resolve().parents[3] / "content"

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(self.REAL / "schema", root / "schema")
        for path, data in FILES.items():
            self.write(path, data)

    def write(self, path: str, data: dict | str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> dict:
        return yaml.safe_load((self.root / path).read_text(encoding="utf-8"))

    def change(self, path: str, question_id: str = "", **fields) -> None:
        """Set fields of a question, or of the file itself; a field that is set to ... is taken out."""
        data = self.read(path)
        target = next(q for q in data["questions"] if q["id"] == question_id) if question_id else data
        for name, value in fields.items():
            if value is ...:
                del target[name]
            else:
                target[name] = value
        self.write(path, data)

    def add(self, path: str, *questions: dict) -> None:
        data = self.read(path)
        self.change(path, questions=[*data["questions"], *questions])

    def errors(self) -> list[str]:
        return [str(fault) for fault in check(read_source(self.root)).faults]

    def compiled(self, version: str = "2024.1") -> Tool:
        return compile_tool(read_source(self.root), "sewing-XX", version)
