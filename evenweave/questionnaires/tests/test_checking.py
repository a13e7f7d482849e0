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
    THEMES,
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
    "a national question that names no law of its country": (
        lambda c: c.change(NATIONAL, "XX-SA-05", law=[{"instrument": "C155"}]),
        [f'{NATIONAL}: XX-SA-05: cites no national law and has no law_note: "no source found"']),
    "a source that was and was not found": (
        lambda c: c.change(NATIONAL, "XX-SA-05", law_note="no source found"),
        [f"{NATIONAL}: XX-SA-05: cites national law and says that no source was found"]),
    "a global question on one country's law": (
        lambda c: c.change(GLOBAL, "SA-01", law=[{"instrument": "XX-LAW", "source": "https://example.org/law"}]),
        [AT_GLOBAL + "SA-01: cites XX-LAW, which is law of XX"]),
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
        lambda c: c.change(GLOBAL, "SA-01", tags=["public", "critical:1", "zero-tolerance", "urgent"]),
        [AT_GLOBAL + "SA-01: unknown tag 'urgent'"]),
    "a critical number out of range": (
        lambda c: c.change(GLOBAL, "SA-03", tags=["committee", "critical:22"]),
        [AT_GLOBAL + "SA-03: unknown tag 'critical:22'",
         AT_TOOL + "critical:22 is not in the country's list of critical issues",
         AT_LATER_TOOL + "critical:22 is not in the country's list of critical issues"]),
    "a critical issue without question": (
        lambda c: c.change(GLOBAL, "SA-02", tags=[]),
        [AT_TOOL + "critical issue 2 (Guards) has no question tagged critical:2"]),
    "a country without one of the lists": (
        lambda c: c.change(GLOBAL, "SA-01", tags=["public", "critical:1"]),
        [tool + "no question is tagged zero-tolerance" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a country without a public list": (
        lambda c: c.change(GLOBAL, "SA-01", tags=["critical:1", "zero-tolerance"]),
        [tool + "no question is tagged public" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a country whose committee has nothing to discuss": (
        lambda c: c.change(GLOBAL, "SA-03", tags=[]),
        [tool + "no question is tagged committee" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a replacement that forgets zero tolerance": (
        lambda c: c.add(NATIONAL, scored(
            "XX-SA-06", "exits", "Are the gates open?", "Every gate stood blocked.", replaces_global="SA-01",
            law_note="no source found", tags=["public", "critical:1"])) or c.change(DRAFT, questions={
                "XX-SA-06": {"text": "ទ្វារ?", "finding": "ទ្វារជាប់សោ។"}}) or c.change(
            GLOBAL, "SA-03", tags=["committee", "zero-tolerance"]),
        [tool + "XX-SA-06: takes the place of SA-01, which is tagged zero-tolerance, and is not"
         for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a critical number in a country without a list": (
        lambda c: c.change(LAYER, critical_issues=...) or c.change(NATIONAL, "XX-SA-05", tags=["critical:1"]),
        [tool + "critical:1 is not in the country's list of critical issues" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a national theme that the layer forgot": (
        lambda c: c.change(NATIONAL, "XX-SA-05", themes=[238]),
        [tool + "the national theme 237 (drills) has no question of this layer" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a national theme asked by the global tool alone": (
        lambda c: c.change(NATIONAL, "XX-SA-05", themes=[]) or c.change(GLOBAL, "SA-03", themes=[237]),
        [tool + "the national theme 237 (drills) has no question of this layer" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a national value that the law files forgot": (
        lambda c: c.change(NATIONAL_LAW, values=[]),
        [f"{THEMES}: drills: content/law has no value 'drill_interval_months' of XX"]),
    "a theme that nobody knows": (
        lambda c: c.change(GLOBAL, "SA-02", themes=[259]), [AT_GLOBAL + "SA-02: there is no theme 259"]),
    "an id used twice": (
        lambda c: c.add(GLOBAL, scored("SA-03", "machines", "Is it so?", "Quite other words stand here.",
                                       tags=["committee"])),
        [AT_GLOBAL + "SA-03: this id is used 2 times"]),
    "an id of another layer": (
        lambda c: c.add(NATIONAL, scored("YY-SA-01", "exits", "Is it so?", "Quite other words.", maps_to="SA-01",
                                         law_note="no source found")),
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
                   law_note="no source found", tags=["critical:1", "zero-tolerance", "public"]),
            scored("XX-SA-07", "exits", "Is two so?", "Somebody chained an opening.", replaces_global="SA-01",
                   law_note="no source found", tags=["critical:1", "zero-tolerance"]))
        or c.change(DRAFT, questions={"XX-SA-06": {"text": "ទ្វារ?", "finding": "ទ្វារជាប់សោ។"}}),
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
    "a later version beside the line": (
        lambda c: c.write("tools/sewing-XX/2025.1/questions/01-safety.yaml", {"cluster": "safety", "questions": [
            scored("XX-SA-09", "exits", "Is it so?", "Quite other words stand here.", maps_to="SA-01", themes=[237],
                   law_note="no source found")]}) or c.change(
            LATER_LAYER, based_on=..., critical_issues=c.read(LAYER)["critical_issues"]),
        [f"{LATER_LAYER}: is based on no earlier version, although there is 2024.1"]),
    "a later version in force no later": (
        lambda c: c.change(LATER_LAYER, in_force_from="2024-03-01"),
        [f"{LATER_LAYER}: is in force from 2024-03-01, no later than 2024.1"]),
    "a day that does not exist": (
        lambda c: c.change(NATIONAL_LAW, laws=[{"key": "XX-LAW", "title": "Labour Law", "date_on": "2024-02-30",
                                                "source": "https://example.org/law"}]),
        [f"{NATIONAL_LAW}: XX-LAW: date_on 2024-02-30 is no day of the calendar"]),
    "a value without a day": (
        lambda c: c.change(NATIONAL_LAW, values=[{"key": "drill_interval_months", "value": 6, "unit": "months",
                                                  "in_force_from": None, "source": "no source found"}]),
        [f"{NATIONAL_LAW}: drill_interval_months: 'known_on' is a required property"]),
    "a value without source": (
        lambda c: c.change(NATIONAL_LAW, values=[{"key": "drill_interval_months", "value": 6, "unit": "months",
                                                  "in_force_from": None, "known_on": "2024-01-01"}]),
        [f"{NATIONAL_LAW}: drill_interval_months: 'source' is a required property"]),
    "a value that rests on nothing": (
        lambda c: c.change(NATIONAL_LAW, values=[
            {"key": "drill_interval_months", "value": 6, "unit": "months", "in_force_from": None,
             "known_on": "2024-01-01", "source": "https://example.org/law", "law": "C155"}]),
        [f"{NATIONAL_LAW}: drill_interval_months: rests on 'C155', which is no law of XX in content/law"]),
    "a law that two countries claim": (
        lambda c: c.write("law/yy-labour.yaml", {"laws": [
            {"key": "XX-LAW", "title": "Labour Law", "source": "https://example.org/law"}]}),
        ["law/yy-labour.yaml: XX-LAW: this key belongs to law/xx-labour.yaml"]),
    "words that were never translated": (
        lambda c: c.change(DRAFT, questions={
            "SA-01": {"text": "Are the doors open?", "finding": "ទ្វារ __ ជាប់សោ។"}}),
        [tool + "SA-01: its words in 'km' are the English ones" for tool in (AT_TOOL, AT_LATER_TOOL)]),
    "a translation without review state": (
        lambda c: c.change(DRAFT, review=...), [f"{DRAFT}: 'review' is a required property"]),
    "two values from the same day": (
        lambda c: c.change(NATIONAL_LAW, values=[
            *c.read(NATIONAL_LAW)["values"], *(
                {"key": "minimum_age", "value": age, "unit": "years", "in_force_from": "1997-01-01",
                 "known_on": "2026-11-22", "source": "no source found"} for age in (14, 15))]),
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


REPLACED = {
    "a point that is none": (
        lambda c: c.change(GLOBAL, "SA-01", point="exitz"), AT_GLOBAL + "SA-01: no point 'exitz' in 'safety'"),
    "a finding that reads like another": (
        lambda c: c.change(GLOBAL, "SA-03", finding="__ doors were locked during the work."),
        AT_GLOBAL + "SA-03: its finding is nearly that of SA-01 (94 of 100 alike)"),
    "a blank that got lost": (
        lambda c: c.change("tools/sewing/2024.1/languages/km.yaml",
                           questions={"SA-01": {"text": "ទ្វារ?", "finding": "ទ្វារជាប់សោ។"}}),
        "tools/sewing/2024.1: SA-01: its finding has 1 blanks, in 'km' 0"),
    "a condition on a question that is not asked": (
        lambda c: c.change(GLOBAL, "SA-01", visible_if={"equals": ["FG-09", "yes"]}),
        "tools/sewing/2024.1: SA-01: visible_if asks for 'FG-09', which this version does not ask"),
}


@pytest.mark.parametrize("name", REPLACED)
def test_faults_are_found_in_a_global_question_that_every_country_replaces(content, name):
    content.change(NATIONAL, "XX-SA-05", replaces_global="SA-01", maps_to=..., maps_to_point=...,
                   tags=["public", "critical:1", "zero-tolerance"])
    content.write("tools/sewing/2024.1/languages/km.yaml", content.read(DRAFT))
    content.change(DRAFT, questions={"XX-SA-05": {"text": "ទ្វារ?", "finding": "ទ្វារ __ ជាប់សោ។"}})
    assert content.errors() == []

    plant, expected = REPLACED[name]
    plant(content)
    assert expected in content.errors()


def another_country(content: ContentFolder, **question) -> None:
    """A layer of Yland with a question of its own that reads as Xland's drill."""
    content.write("law/yy-labour.yaml", {"laws": [
        {"key": "YY-LAW", "title": "Labour Law", "source": "https://example.org/law"}]})
    content.write("tools/sewing-YY/2024.1/layer.yaml", {
        **content.read(LAYER), "key": "sewing-YY", "programme": "YY", "languages": {}, "critical_issues": []})
    content.write("tools/sewing-YY/2024.1/questions/01-safety.yaml", {"cluster": "safety", "questions": [scored(
        "YY-SA-05", "exits", "Is leaving practised?", "For 7 months no drill took place.",
        law_note="no source found", themes=[237], tags=["committee"], **question)]})


def test_countries_may_read_alike_where_both_replace_the_same_global_question(content):
    another_country(content, maps_to="SA-03")
    near = ("tools/sewing-YY/2024.1/questions/01-safety.yaml: YY-SA-05: its finding is nearly that of XX-SA-05, of "
            "another country, and no global question has both in its place (")
    assert [error[: len(near)] for error in content.errors()] == [near]

    content.change(NATIONAL, "XX-SA-05", replaces_global="SA-03", maps_to=..., maps_to_point=..., point="machines",
                   tags=["committee"])
    assert [error[: len(near)] for error in content.errors()] == [near]

    # a country that keeps the global question reads it beside the other's replacement
    content.change(NATIONAL, "XX-SA-05", finding="The boiler had no certificate, or a false one.")
    assert content.errors() == []

    content.change(NATIONAL, "XX-SA-05", finding="No drill took place for __ months.")
    another_country(content, replaces_global="SA-03")
    content.change("tools/sewing-YY/2024.1/questions/01-safety.yaml", "YY-SA-05", point="machines")
    assert content.errors() == []


def test_a_country_may_keep_the_words_of_the_global_question_that_it_replaces(content):
    another_country(content, replaces_global="SA-01")
    asked = next(q for q in content.read(GLOBAL)["questions"] if q["id"] == "SA-01")
    content.change("tools/sewing-YY/2024.1/questions/01-safety.yaml", "YY-SA-05", point=asked["point"],
                   finding=asked["finding"], tags=["public", "zero-tolerance", "committee"])
    assert content.errors() == []


@pytest.mark.parametrize("path", sorted((ContentFolder.REAL / "schema").glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_a_schema(path):
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
