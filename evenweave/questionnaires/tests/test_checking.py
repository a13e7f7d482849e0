"""Each kind of planted fault is found, and told where it is; whole content has none."""

import json

import jsonschema
import pytest

from evenweave.questionnaires.tests.content_folder import (
    DRAFT,
    FACTS,
    GLOBAL,
    LATER,
    LATER_LAYER,
    LAW,
    LAYER,
    NATIONAL,
    NATIONAL_LAW,
    ContentFolder,
    scored,
)

AT_GLOBAL = f"{GLOBAL}: "
AT_TOOL = "tools/sewing-XX/2024.1: "
AT_LATER_TOOL = "tools/sewing-XX/2025.1: "


def test_whole_content_has_no_errors(content):
    assert content.errors() == []


PLANTED = {
    "an answer without quotes": (
        lambda c: c.change(GLOBAL, "SA-01", noncompliant_answer=False),
        [AT_GLOBAL + "SA-01 noncompliant_answer: False is not one of ['yes', 'no'] (yes and no need quotes)"]),
    "a field nobody knows": (
        lambda c: c.change(GLOBAL, "SA-01", colour="red"),
        [AT_GLOBAL + "SA-01: Additional properties are not allowed ('colour' was unexpected)"]),
    "a scored question without finding": (
        lambda c: c.change(GLOBAL, "SA-01", finding=...), [AT_GLOBAL + "SA-01: 'finding' is a required property"]),
    "a fact with a finding": (
        lambda c: c.change(FACTS, "FG-01", finding="Too many."), [f"{FACTS}: FG-01: 'finding' does not belong here"]),
    "no law and no note": (
        lambda c: c.change(GLOBAL, "SA-01", law=...), [AT_GLOBAL + "SA-01: needs 'law' or 'law_note'"]),
    "an empty law list": (
        lambda c: c.change(GLOBAL, "SA-01", law=[]),
        [AT_GLOBAL + 'SA-01: needs a legal reference, or law_note: "no source found"']),
    "another law note": (
        lambda c: c.change(GLOBAL, "SA-01", law_note="unknown"),
        [AT_GLOBAL + "SA-01 law_note: 'no source found' was expected"]),
    "a law nobody wrote down": (
        lambda c: c.change(GLOBAL, "SA-01", law=[{"instrument": "C999"}]),
        [AT_GLOBAL + "SA-01: no instrument or law 'C999' in content/law"]),
    "a national provision without source": (
        lambda c: c.change(NATIONAL, "XX-SA-05", law=[{"instrument": "XX-LAW", "provision": "Article 3"}]),
        [f"{NATIONAL}: XX-SA-05: the national provision XX-LAW Article 3 needs the source where it was read"]),
    "one law with two titles": (
        lambda c: c.write("law/ilo-more.yaml", {"instruments": [
            {"key": "C155", "title": "Something Else", "year": 1981, "kind": "convention", "source": "a list"}]}),
        ["law/ilo-more.yaml: C155: has another title in law/ilo-basics.yaml: “Occupational Safety”"]),
    "an unknown tag": (
        lambda c: c.change(GLOBAL, "SA-01", tags=["public", "critical:1", "urgent"]),
        [AT_GLOBAL + "SA-01: unknown tag 'urgent'"]),
    "a critical number out of range": (
        lambda c: c.change(GLOBAL, "SA-03", tags=["critical:22"]),
        [AT_GLOBAL + "SA-03: unknown tag 'critical:22'",
         AT_TOOL + "critical:22 is not in the country's list of critical issues",
         AT_LATER_TOOL + "critical:22 is not in the country's list of critical issues"]),
    "a critical issue without question": (
        lambda c: c.change(GLOBAL, "SA-02", tags=[]),
        [AT_TOOL + "critical issue 2 (Guards) has no question tagged critical:2"]),
    "an id used twice": (
        lambda c: c.add(GLOBAL, scored("SA-03", "machines", "Is it so?", "Quite other words stand here.")),
        [AT_GLOBAL + "SA-03: this id is used 2 times"]),
    "an id of another layer": (
        lambda c: c.add(NATIONAL, scored("YY-SA-01", "exits", "Is it so?", "Quite other words.", maps_to="SA-01")),
        [f"{NATIONAL}: YY-SA-01: an id of this layer begins with XX-"]),
    "a point that does not exist": (
        lambda c: c.change(GLOBAL, "SA-03", point="boilers"),
        [AT_GLOBAL + "SA-03: no point 'boilers' in 'safety'"]),
    "a point without question": (
        lambda c: c.change("tools/sewing/2024.1/tool.yaml", clusters=[{
            "key": "safety", "title": "Safety", "prefix": "SA", "points": [
                {"key": "exits", "title": "Exits"}, {"key": "machines", "title": "Machines"},
                {"key": "lifts", "title": "Lifts"}]}]),
        [AT_TOOL + "the point 'lifts' has no scored question",
         AT_LATER_TOOL + "the point 'lifts' has no scored question"]),
    "a condition on a question that is not asked": (
        lambda c: c.change(GLOBAL, "SA-03", visible_if={"equals": ["FG-09", "yes"]}),
        [AT_TOOL + "SA-03: visible_if asks for 'FG-09', which this version does not ask",
         AT_LATER_TOOL + "SA-03: visible_if asks for 'FG-09', which this version does not ask"]),
    "a condition that goes round": (
        lambda c: c.change(FACTS, "FG-02", visible_if={"not": {"equals": ["SA-03", "no"]}}),
        [AT_TOOL + "FG-02: visible_if goes round in a circle", AT_TOOL + "SA-03: visible_if goes round in a circle",
         AT_LATER_TOOL + "FG-02: visible_if goes round in a circle",
         AT_LATER_TOOL + "SA-03: visible_if goes round in a circle"]),
    "a near copy": (
        lambda c: c.change(NATIONAL, "XX-SA-05", finding="3 Doors were locked, during work!"),
        [f"{NATIONAL}: XX-SA-05: its finding is nearly that of SA-01 (100 of 100 alike)"]),
    "a missing draft": (
        lambda c: c.change(DRAFT, questions={}),
        [AT_TOOL + "SA-01: text and finding are promised in 'km' and missing",
         AT_LATER_TOOL + "SA-01: text and finding are promised in 'km' and missing"]),
    "a draft that claims review": (
        lambda c: c.change(DRAFT, review="reviewed"),
        [AT_TOOL + "SA-01: the words in 'km' are not marked as an unreviewed draft",
         AT_LATER_TOOL + "SA-01: the words in 'km' are not marked as an unreviewed draft"]),
    "titles that were promised": (
        lambda c: c.change(LAYER, languages={"fr": {"titles": True, "questions": "none", "review": "reviewed"}}),
        [f"{tool}the {what} '{key}' has no title in 'fr'" for tool in (AT_TOOL, AT_LATER_TOOL) for what, key in (
            ("cluster", "safety"), ("point", "exits"), ("point", "machines"), ("fact group", "workforce"))]),
    "a translation of nothing": (
        lambda c: c.change(DRAFT, questions={**c.read(DRAFT)["questions"], "SA-99": {"text": "ទ្វារ"}}),
        [AT_TOOL + f"{DRAFT}: translates 'SA-99', which this version does not ask"]),
    "a maps_to into nothing": (
        lambda c: c.change(NATIONAL, "XX-SA-05", maps_to="SA-77", maps_to_point=...),
        [f"{NATIONAL}: XX-SA-05: maps_to 'SA-77' is no question of the tool below"]),
    "a national question without a place": (
        lambda c: c.change(NATIONAL, "XX-SA-05", maps_to=..., maps_to_point=...),
        [f"{NATIONAL}: XX-SA-05: a national question says maps_to, or maps_to: null and maps_to_point"]),
    "two questions for one global one": (
        lambda c: c.add(
            NATIONAL,
            scored("XX-SA-06", "exits", "Is one so?", "Every gate stood blocked.", replaces_global="SA-01",
                   tags=["critical:1"]),
            scored("XX-SA-07", "exits", "Is two so?", "Somebody chained an opening.", replaces_global="SA-01")),
        [f"{NATIONAL}: XX-SA-06: more than one question replaces the global SA-01",
         f"{NATIONAL}: XX-SA-07: more than one question replaces the global SA-01"]),
    "a lineage from nowhere": (
        lambda c: c.change(LATER, "SA-06", replaces=["SA-50"]),
        [f"{LATER}: SA-06: replaces 'SA-50', which no earlier version asks"]),
    "a replaced question that is still asked": (
        lambda c: c.change(LATER, "SA-06", replaces=["SA-02", "SA-03"]),
        [f"{LATER}: SA-06: replaces 'SA-03', which is still asked: list it under retired"]),
    "a retired question that never was": (
        lambda c: c.change("tools/sewing/2025.1/tool.yaml", retired=["SA-02", "SA-88"]),
        ["tools/sewing/2025.1/tool.yaml: retires 'SA-88', which no earlier version asks"]),
    "a retired id used again": (
        lambda c: c.write("tools/sewing/2026.1/tool.yaml", {
            "key": "sewing", "version": "2026.1", "based_on": "2025.1", "title": "Sewing", "issued_on": "2026-01-01"})
        or c.write("tools/sewing/2026.1/questions/01-safety.yaml", {"cluster": "safety", "questions": [
            scored("SA-02", "machines", "Are moving parts guarded?", "__ machines had bare belts.")]}),
        ["tools/sewing/2026.1/questions/01-safety.yaml: SA-02: was retired in an earlier version; "
         "an id is never used again"]),
    "a base that is not there": (
        lambda c: c.change(LATER_LAYER, based_on="2023.1"), ["tools/sewing-XX/2023.1: no such version"]),
    "two values from the same day": (
        lambda c: c.change(NATIONAL_LAW, values=[
            {"key": "minimum_age", "value": age, "unit": "years", "in_force_from": "1997-01-01",
             "known_on": "2026-11-22", "source": "no source found"} for age in (14, 15)]),
        [f"{NATIONAL_LAW}: minimum_age: is 14 from the same day in {NATIONAL_LAW}"]),
    "a law without source": (
        lambda c: c.change(NATIONAL_LAW, laws=[{"key": "XX-LAW", "title": "Labour Law"}]),
        [f"{NATIONAL_LAW}: XX-LAW: 'source' is a required property"]),
    "an id of another cluster": (
        lambda c: c.add(GLOBAL, scored("CL-01", "exits", "Is it so?", "Quite other words.")),
        [AT_GLOBAL + "CL-01: an id in 'safety' is SA-…"]),
    "a blank that got lost": (
        lambda c: c.change(DRAFT, questions={"SA-01": {"text": "ទ្វារ?", "finding": "ទ្វារជាប់សោ។"}}),
        [AT_TOOL + "SA-01: its finding has 1 blanks, in 'km' 0",
         AT_LATER_TOOL + "SA-01: its finding has 1 blanks, in 'km' 0"]),
    "a public question that waits for one nobody asks": (
        lambda c: c.change(GLOBAL, "SA-01", visible_if={"equals": ["SA-03", "no"]}),
        [AT_TOOL + "SA-01: is public but waits for 'SA-03', which a short assessment does not ask",
         AT_LATER_TOOL + "SA-01: is public but waits for 'SA-03', which a short assessment does not ask"]),
    "a key written twice": (
        lambda c: c.write(LAW, "instruments: []\ninstruments: []\n"),
        [f"{LAW}: line 2, column 1: 'instruments' is written twice"]),
    "no YAML at all": (
        lambda c: c.write(LAW, "instruments: [\n"), None),
    "a folder with another name": (
        lambda c: c.change(LAYER, version="2024.2"),
        [f"{LAYER}: key and version must be those of the folder, tools/sewing-XX/2024.1"]),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_fault_is_found(content, name):
    plant, expected = PLANTED[name]
    plant(content)
    found = content.errors()
    if expected is None:
        assert len(found) == 1
        assert found[0].startswith(f"{LAW}: line")
    else:
        assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("path", sorted((ContentFolder.REAL / "schema").glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_a_schema(path):
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
