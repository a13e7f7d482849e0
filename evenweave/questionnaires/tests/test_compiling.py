"""One tool out of a global version and a country's layer, and what becomes of questions between versions."""

import json

from evenweave.questionnaires.enums import LineageKind
from evenweave.questionnaires.queries import read_source
from evenweave.questionnaires.rules import (
    LineageStep,
    canonical_json,
    content_hash,
    earlier_questions,
    lineage_between,
    tool_from_json,
)
from evenweave.questionnaires.rules.compiling import compiled_data
from evenweave.questionnaires.tests.content_folder import DRAFT, GLOBAL, LATER, LAYER, NATIONAL, ContentFolder, scored


def ids(tool) -> list[str]:
    return [question.id for question in tool.questions]


def test_facts_first_then_clusters_and_points_in_order(content):
    assert ids(content.compiled()) == ["FG-01", "FG-02", "SA-01", "XX-SA-05", "SA-02", "SA-03"]


def test_a_national_question_takes_the_place_of_a_global_one_or_follows_it(content):
    content.add(
        NATIONAL,
        scored("XX-SA-07", "exits", "Own doors?", "Gates stood blocked.", replaces_global="SA-01", maps_to="SA-01",
               tags=["public", "critical:1"]),
        scored("XX-SA-08", "machines", "Own guards?", "Pulleys ran bare.", maps_to="SA-02"))
    tool = content.compiled()
    assert ids(tool) == ["FG-01", "FG-02", "XX-SA-07", "XX-SA-05", "SA-02", "XX-SA-08", "SA-03"]
    assert {qid: tool.question(qid).global_id for qid in ("SA-02", "XX-SA-05", "XX-SA-07", "XX-SA-08")} == {
        "SA-02": "SA-02", "XX-SA-05": "", "XX-SA-07": "SA-01", "XX-SA-08": "SA-02"}
    assert tool.question("XX-SA-07").roots == ("SA-01",)
    assert tool.question("XX-SA-08").roots == ("XX-SA-08",)


def test_a_country_leaves_out_what_it_retires(content):
    content.change(LAYER, retired=["SA-03"])
    assert ids(content.compiled()) == ["FG-01", "FG-02", "SA-01", "XX-SA-05", "SA-02"]


def test_a_split_shares_its_root(content):
    later = content.compiled("2025.1")
    assert ids(later) == ["FG-01", "FG-02", "SA-01", "XX-SA-05", "SA-04", "SA-06", "SA-03"]
    assert {qid: later.question(qid).roots for qid in ("SA-04", "SA-06", "SA-03")} == {
        "SA-04": ("SA-02",), "SA-06": ("SA-02",), "SA-03": ("SA-03",)}
    assert [question.id for question in later.questions_from("SA-02")] == ["SA-04", "SA-06"]
    assert later.lineage_root("SA-06") == "SA-02"


def test_lineage_between_versions_names_each_kind(content):
    content.write(LATER, {"cluster": "safety", "questions": [
        scored("SA-02", "machines", "Are all moving parts guarded?", "__ machines had bare belts or pulleys."),
        scored("SA-09", "machines", "A new matter?", "Something new was found."),
        scored("SA-08", "exits", "Doors and boiler as one?", "Doors or boiler failed.", replaces=["SA-03", "SA-01"],
               tags=["public", "critical:1"]),
    ], "retired": ["SA-01", "SA-03"]})
    content.change("tools/sewing/2025.1/tool.yaml", retired=...)
    old, new = content.compiled(), content.compiled("2025.1")
    assert lineage_between(old, new) == [
        LineageStep(LineageKind.MERGED, ("SA-01", "SA-03"), ("SA-08",)),
        LineageStep(LineageKind.SAME, ("XX-SA-05",), ("XX-SA-05",)),
        LineageStep(LineageKind.REWORDED, ("SA-02",), ("SA-02",)),
        LineageStep(LineageKind.NEW, (), ("SA-09",)),
    ]
    merged = new.question("SA-08")
    assert (merged.lineage_root, merged.roots) == ("SA-01", ("SA-01", "SA-03"))
    assert [question.id for question in earlier_questions(merged, old)] == ["SA-01", "SA-03"]
    assert [question.id for question in earlier_questions(new.question("SA-02"), old)] == ["SA-02"]
    assert earlier_questions(new.question("SA-09"), old) == ()


def test_a_national_stand_in_hands_over_to_the_stand_in_of_its_successor(content):
    content.add(NATIONAL, scored("XX-SA-07", "exits", "Own doors?", "Gates stood blocked.", replaces_global="SA-01",
                                 tags=["public", "critical:1"]))
    content.change("tools/sewing/2025.1/tool.yaml", retired=["SA-02", "SA-01"])
    content.add(LATER, scored("SA-20", "exits", "Doors again?", "Every way out was blocked.", replaces=["SA-01"]))
    content.write("tools/sewing-XX/2025.1/questions/01-safety.yaml", {
        "cluster": "safety", "retired": ["XX-SA-07"], "questions": [
            scored("XX-SA-09", "exits", "Own ways out?", "No way out stood free.", replaces_global="SA-20")]})
    old, new = content.compiled(), content.compiled("2025.1")
    assert new.question("XX-SA-09").roots == old.question("XX-SA-07").roots == ("SA-01",)
    assert LineageStep(LineageKind.REPLACED, ("XX-SA-07",), ("XX-SA-09",)) in lineage_between(old, new)
    assert [question.id for question in earlier_questions(new.question("XX-SA-09"), old)] == ["XX-SA-07"]


def test_split_replaced_and_retired(content):
    content.change("tools/sewing/2025.1/tool.yaml", retired=["SA-02", "SA-03", "SA-01"])
    content.add(LATER, scored("SA-20", "exits", "Doors again?", "Every way out was blocked.", replaces=["SA-01"]))
    assert lineage_between(content.compiled(), content.compiled("2025.1")) == [
        LineageStep(LineageKind.REPLACED, ("SA-01",), ("SA-20",)),
        LineageStep(LineageKind.SAME, ("XX-SA-05",), ("XX-SA-05",)),
        LineageStep(LineageKind.SPLIT, ("SA-02",), ("SA-04", "SA-06")),
        LineageStep(LineageKind.RETIRED, ("SA-03",), ()),
    ]


def test_a_merge_of_a_split_keeps_every_root(content):
    content.write("tools/sewing/2026.1/tool.yaml", {
        "key": "sewing", "version": "2026.1", "based_on": "2025.1", "title": "Sewing", "issued_on": "2026-01-01",
        "retired": ["SA-06", "SA-01"]})
    content.write("tools/sewing/2026.1/questions/01-safety.yaml", {"cluster": "safety", "questions": [
        scored("SA-30", "machines", "All as one?", "All of it failed.", replaces=["SA-06", "SA-01"])]})
    content.write("tools/sewing-XX/2026.1/layer.yaml", {
        **content.read(LAYER), "version": "2026.1", "based_on": "2025.1", "in_force_from": "2026-09-01",
        "layer_of": {"tool": "sewing", "version": "2026.1"}})
    assert content.compiled("2026.1").question("SA-30").roots == ("SA-01", "SA-02")


def test_a_translation_lives_as_long_as_its_words(content):
    assert content.compiled("2025.1").question("SA-01").text("km") == "ទ្វារ?"
    content.add(LATER, scored("SA-01", "exits", "Are all doors open?", "__ doors were locked.",
                              tags=["public", "critical:1"]))
    question = content.compiled("2025.1").question("SA-01")
    assert set(question.texts) == {"en"}
    assert question.text("km") == "Are all doors open?"
    assert question.roots == ("SA-01",)
    assert content.compiled().question("SA-01").in_language("km").is_draft


def test_a_translation_of_the_tool_itself_ages_the_same_way(content):
    content.write("tools/sewing/2024.1/languages/fr/01-safety.yaml", {
        "language": "fr", "review": "reviewed", "questions": {
            "SA-01": {"text": "Portes ouvertes ?", "finding": "__ portes fermées."},
            "SA-03": {"text": "Chaudière certifiée ?", "finding": "Pas de certificat."}}})
    content.add(LATER, scored("SA-01", "exits", "Are all doors open?", "__ doors were locked.",
                              tags=["public", "critical:1"]))
    later = content.compiled("2025.1")
    assert set(later.question("SA-01").texts) == {"en"}
    assert later.question("SA-03").text("fr") == "Chaudière certifiée ?"
    assert not later.question("SA-03").in_language("fr").is_draft


def test_titles_in_other_languages(content):
    content.write("tools/sewing/2024.1/languages/fr/titles.yaml", {
        "language": "fr", "review": "reviewed", "clusters": {"safety": "Sécurité"}, "points": {"exits": "Issues"}})
    for version in ("2024.1", "2025.1"):
        tool = content.compiled(version)
        assert tool.cluster("safety").title("fr") == "Sécurité"
        assert tool.points["exits"].title("fr") == "Issues"
        assert tool.points["machines"].title("fr") == "Machines"


def test_the_hash_is_of_the_content_and_of_nothing_else(content, tmp_path):
    def hash_of(folder: ContentFolder) -> str:
        return folder.compiled().content_hash

    twin = ContentFolder(tmp_path / "twin")
    assert hash_of(content) == hash_of(twin)
    text = (twin.root / GLOBAL).read_text(encoding="utf-8")
    twin.write(GLOBAL, "# a remark\n" + text)
    assert hash_of(content) == hash_of(twin)
    twin.change(DRAFT, questions={"SA-01": {"text": "ទ្វារ", "finding": "ទ្វារ __ ជាប់សោ។"}})
    assert hash_of(content) != hash_of(twin)


def test_a_tool_survives_its_json(content):
    canonical = canonical_json(compiled_data(read_source(content.root), "sewing-XX", "2025.1"))
    assert tool_from_json(canonical) == content.compiled("2025.1")
    assert tool_from_json(canonical).content_hash == content_hash(canonical)
    assert json.loads(canonical)["format"] == 1


def test_critical_numbers_count_only_where_a_country_lists_issues(content):
    assert set(content.compiled().question("SA-02").tags) == {"critical:2"}
    content.change(LAYER, critical_issues=...)
    tool = content.compiled()
    assert not tool.question("SA-02").tags
    assert set(tool.question("SA-01").tags) == {"public", "zero-tolerance"}
    assert content.errors() == []
