"""The second year of a factory in its programme, walked in a real browser as each person in turn.

The acts stand in their order and share one house: what one person does, the next one sees. The story is that of
content/demo/KH; every expectation here was written from that story and the design, not read from the pages."""

import contextlib
import re
import time
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import yaml
from playwright.sync_api import Error, expect
from python_calamine import CalamineWorkbook

from tests.journeys.walking import PATIENCE_MS, People, Walker, even

HERO = "Mekong Stitch"
FILES_WITHIN_SECONDS = 420
OVERTIME = "Work beyond regular hours on 11 days in August 2025"
REASON_OF_AMENDMENT = "The factory handed in the internal regulations with the labour inspector's visa of 18 May 2021"
STORY = yaml.safe_load(Path("content/demo/KH/story.yaml").read_text())
PROTECTED = (*STORY["zero_tolerance"]["closed"]["protected_name"].split(), "badge 20714")
SENTENCES = {
    "factory-manager": "4 things wait for you. 2 are late.",
    "worker-representative": "4 things wait for you. 2 are late.",
    "other-factory": "3 things wait for you. 1 is late.",
    "buyer": "Nothing needs you today.",
    "buyer-unpaid": "Nothing needs you today.",
    "buyer-revoked": "Rien ne vous attend aujourd'hui.",
    "assessor": "2 things wait for you.",
    "second-assessor": "2 things wait for you.",
    "coach": "4 things wait for you. 2 are late.",
    "team-leader": "things wait for you.",
    "reviewer": "1 thing waits for you.",
    "programme-manager": "things wait for you.",
    "quality": "Nothing needs you today.",
    "ministry": "Nothing needs you today.",
}
MENUS = {
    "factory-manager": {"Today", "Our plan", "Committee", "Our factory", "Reports", "Assessments"},
    "worker-representative": {"Today", "Our plan", "Committee", "Our factory", "Reports", "Assessments"},
    "buyer": {"Today", "Factories", "Reports", "Credits", "Invoices", "Plans"},
    "coach": {"Today", "Factories", "Assessments", "Reports", "Plans", "Committees"},
    "ministry": {"Today", "Factories", "Urgent cases"},
}


@pytest.fixture(scope="module")
def people(house) -> People:
    """Somebody by key; whoever has come in once stays in."""
    inside: dict[str, Walker] = {}

    def come_in(key: str) -> Walker:
        if key not in inside:
            inside[key] = Walker(house, key)
        return inside[key]

    return come_in


def hero_ref(walker: Walker) -> str:
    return walker.find_factory(HERO).strip("/").split("/")[-1]


def test_everybody_comes_in_by_one_click_and_has_a_desk(people):
    desks = {key: people(key).read("body") for key in SENTENCES}
    assert {key: desks[key] for key, sentence in SENTENCES.items() if sentence not in desks[key]} == {}
    for key, menu in MENUS.items():
        words = people(key).page.locator("nav").first.locator("a").all_inner_texts()
        assert {even(one) for one in words} == menu, key


def test_the_factory_manager_reads_the_second_report_against_the_first(people):
    manager = people("factory-manager")
    manager.open(manager.find_report(HERO, 2))
    text = manager.read()
    assert "Assessment report, cycle 2" in text
    assert "2 people assessed the factory unannounced, 9 and 10 December 2025" in text
    assert "38 compliance points, 309 questions" in text
    assert "Findings 15 Found again 7 Publicly reported 6 Zero tolerance 0" in text
    assert "13 of 35 points have a finding; last time 14 of 35." in text
    findings = manager.page.locator("#findings li")
    assert findings.filter(has_text="Again").filter(has_text="since cycle 1").count() == 7
    assert findings.filter(has_text="New").filter(has_text="since cycle 2").count() == 8
    assert "2025.1" in text, "a reader can tell which questionnaire this was"

    manager.open(manager.find_report(HERO, 1))
    first = manager.read()
    assert "297 questions" in first
    assert "2024.1" in first
    manager.press("Version 1")
    expect(manager.page.locator("main")).to_contain_text("This version has been superseded.")
    assert "Findings 24" in manager.read()


def test_the_factory_manager_works_on_the_plan(people):
    manager = people("factory-manager")
    plan = f"/plans/{hero_ref(manager)}/"
    manager.open(plan)
    assert "33 items: 27 done or verified, 2 late." in manager.read()
    columns = ["To agree", "Agreed", "Doing", "Done, waiting for check", "Done or verified"]
    words = manager.read()
    assert [words.index(f"{name} ") for name in columns] == sorted(words.index(f"{name} ") for name in columns)

    manager.thing("List").click()
    expect(manager.page).to_have_url(re.compile(r"\?view=list$"))
    manager.page.get_by_role("link", name=re.compile(r"^Late")).click()
    expect(manager.page).to_have_url(re.compile(r"\?view=list&only=late$"))
    assert manager.page.locator("main table tbody tr").count() == 2
    manager.page.reload()
    assert manager.page.locator("main table tbody tr").count() == 2

    manager.follow(OVERTIME)
    assert "Finding KH-WT-06 of cycle 2." in manager.read()
    manager.press("Add an action")
    manager.page.get_by_label("What will be done").fill("Print the week's overtime request before Wednesday noon.")
    manager.page.get_by_label("Who does it").fill("HR officer")
    manager.page.get_by_label("Management").check()
    manager.press("Add the action")
    error = manager.page.locator("#id_due_on").locator("xpath=ancestor::*[contains(@class, 'ew-field')][1]")
    expect(error).to_contain_text("Fill in: Done by")
    expect(manager.page.get_by_label("What will be done")).to_have_value(
        "Print the week's overtime request before Wednesday noon."
    )
    expect(manager.page.get_by_label("Who does it")).to_have_value("HR officer")
    manager.page.get_by_label("Done by").fill("2027-01-15")
    manager.press("Add the action")
    assert "Print the week's overtime request before Wednesday noon." in manager.read()
    assert "15 January 2027" in manager.read() or "15 Jan 2027" in manager.read()


def test_the_worker_representative_reads_the_same_and_disagrees_with_a_reason(people):
    worker = people("worker-representative")
    worker.open(worker.find_report(HERO, 2))
    assert "Findings 15 Found again 7" in worker.read()
    ref = hero_ref(worker)
    worker.open(f"/factories/{ref}/")
    assert "Sharing" not in worker.page.locator("main").inner_text()
    assert {worker.status(f"/factories/{ref}/sharing/"), worker.status("/invoices/")} == {403}

    worker.open(f"/plans/{ref}/")
    assert "33 items" in worker.read()
    worker.follow(OVERTIME)
    item = worker.page.url
    assert "Print the week's overtime request" in worker.read()
    assert "The workers' side" in worker.read()
    worker.page.goto(f"{item}answer/?position=disagrees")
    worker.page.get_by_label("disagrees").check()
    worker.press("Answer")
    assert worker.page.url.split("?")[0] == f"{item}answer/", "without a reason nothing is recorded"
    worker.page.get_by_label("Reason").fill("A printed list helps nobody who works at night.")
    worker.press("Answer")
    assert "A printed list helps nobody who works at night." in worker.read()
    manager = people("factory-manager")
    manager.open(item)
    assert "A printed list helps nobody who works at night." in manager.read()


def test_the_buyer_reads_what_the_factory_shares_and_joins_the_one_thread(people):
    buyer = people("buyer")
    buyer.open("/factories/")
    assert "1 factory." in buyer.read()
    ref = hero_ref(buyer)
    buyer.open(buyer.find_report(HERO, 1))
    text = buyer.read()
    assert f"This is version 2. {REASON_OF_AMENDMENT}" in text
    assert "Version 2 11 February 2025, in force Version 1 20 December 2024, superseded" in text
    assert "Reworded: Social security and other benefits KH-CO-70" in text
    assert "refused to 27 workers" in text
    assert "refused to 24 workers" in text
    assert "Taken back: Employment contracts KH-CT-02" in text
    buyer.open(f"/plans/{ref}/")
    text = buyer.read()
    assert "31 items" in text, "the two that the factory found itself stay with the factory"
    assert "bicycles and motorbikes" not in text
    assert "Add an item" not in text
    assert buyer.status(f"/plans/{ref}/add/") == 403
    buyer.open(f"/plans/{ref}/talk/")
    assert "Ros Sokha" not in buyer.read(), "a buyer does not learn who speaks for the workers"
    assert "1 buyer read this thread" in buyer.read()
    buyer.page.get_by_label("Your message").fill("We confirm the new shipping dates for March.")
    buyer.press("Send")
    expect(buyer.page.locator("main")).to_contain_text("We confirm the new shipping dates for March.")
    worker = people("worker-representative")
    worker.open(f"/plans/{ref}/talk/")
    assert "Ingrid Solvang, Nordlys" in worker.read()
    assert "We confirm the new shipping dates for March." in worker.read()


def _wait_for_file(reader: Walker, report: str, name: str) -> None:
    """Documents are made in the background, the demo's hundred one after the other: look again until it is there."""
    deadline = time.monotonic() + FILES_WITHIN_SECONDS
    reader.open(report)
    while not reader.thing(name).count() and time.monotonic() < deadline:
        reader.page.wait_for_timeout(2000)
        reader.open(report)


def test_the_buyer_takes_the_report_as_a_sheet_and_as_a_document(people):
    buyer = people("buyer")
    report = buyer.find_report(HERO, 2)
    files = {}
    for name in ("Excel", "PDF, English"):
        _wait_for_file(buyer, report, name)
        with buyer.page.expect_download(timeout=PATIENCE_MS) as waiting:
            buyer.thing(name).click()
        files[name] = waiting.value.path().read_bytes()
    rows = CalamineWorkbook.from_filelike(BytesIO(files["Excel"])).get_sheet_by_index(0).to_python()
    assert len([row for row in rows[1:] if any(row)]) == 15
    assert {"Finding", "Status"} <= {str(cell) for cell in rows[0]}
    document = pypdf.PdfReader(BytesIO(files["PDF, English"]))
    text = even(" ".join(page.extract_text() for page in document.pages))
    assert HERO in text
    assert OVERTIME in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert not [word for word in PROTECTED if word in text]


def test_a_buyer_that_has_not_paid_sees_the_name_and_why_not_more(people):
    paid = people("buyer")
    report, ref = paid.find_report(HERO, 2), hero_ref(paid)
    unpaid = people("buyer-unpaid")
    unpaid.open("/factories/")
    text = unpaid.read()
    assert "1 factory." in text
    assert HERO in text
    assert "No cycle is paid yet: one credit opens a cycle's report, plan and progress reports." in text
    assert [unpaid.status(path) for path in (report, f"/plans/{ref}/", f"/plans/{ref}/talk/")] == [404, 404, 404]
    unpaid.open("/reports/")
    assert HERO not in unpaid.read()


def test_a_buyer_whose_consent_ended_finds_nothing_until_it_is_given_again(people):
    manager = people("factory-manager")
    report, ref = manager.find_report(HERO, 2), hero_ref(manager)
    revoked = people("buyer-revoked")
    addresses = (f"/factories/{ref}/", f"/plans/{ref}/", f"/plans/{ref}/talk/", report)
    assert [revoked.status(path) for path in addresses] == [404, 404, 404, 404]
    revoked.open("/factories/")
    assert HERO not in revoked.read()

    manager.open(f"/factories/{ref}/sharing/")
    text = manager.read()
    assert "Roth & Cie has placed no order with us since May 2025." in text
    manager.page.get_by_label("Buyer", exact=True).select_option(label="Roth & Cie")
    manager.page.get_by_label("I decide for the factory").check()
    manager.press("Give consent")
    expect(manager.page.locator("main table").first).to_contain_text("Roth & Cie")
    assert [revoked.status(path) for path in addresses] == [200, 200, 200, 200]
    assert "15" in revoked.read()


def test_two_assessors_answer_without_a_page_load_and_settle_where_they_differ(people):
    first, second = people("assessor"), people("second-assessor")
    place = first.find_assessment("Bassac Knit")
    question = f"{place}questions/WT-12/"
    first.open(question)
    second.open(question)
    loads: list[str] = []
    first.page.on("load", lambda page: loads.append(page.url))
    with first.page.expect_response(lambda answer: answer.request.method == "POST"):
        first.page.get_by_label("No", exact=True).check()
    assert loads == []
    first.open(question)
    expect(first.page.get_by_label("No", exact=True)).to_be_checked()

    with second.page.expect_response(lambda answer: answer.request.method == "POST"):
        second.page.get_by_label("Does not apply").check()
    expect(second.page.locator("#conflicts")).to_contain_text("Two answers to one question")
    expect(second.page.locator("#conflicts")).to_contain_text("Pen Sotheara")
    expect(second.page.locator("#conflicts")).to_contain_text("Yos Chanthou")
    first.open(question)
    assert "answered without seeing the other's answer" in first.read("#conflicts")
    first.page.locator("#conflicts article").filter(has_text="Pen Sotheara").get_by_role("button").click()
    expect(first.page.locator("#conflicts")).not_to_contain_text("Two answers")
    second.open(question)
    expect(second.page.get_by_label("No", exact=True)).to_be_checked()
    assert even(second.page.locator("#conflicts").inner_text()) == ""


def test_an_assessment_with_gaps_is_not_handed_in(people):
    assessor = people("assessor")
    place = assessor.find_assessment("Bassac Knit")
    assessor.open(f"{place}check/")
    text = assessor.read()
    assert "157 things are missing." in text
    assert "Is every fixed-duration contract in writing with a clear end date" in text
    assert assessor.page.get_by_role("button", name="Submit for review").count() == 0
    assessor.follow("Is every fixed-duration contract in writing")
    assert assessor.page.url.endswith("/questions/KH-CT-01/")


def test_the_reviewer_sends_back_and_then_approves(people):
    reviewer, assessor = people("reviewer"), people("assessor")
    place = reviewer.find_assessment("Sangker Footwear")
    reviewer.open(f"{place}review/")
    assert "11 draft findings." in reviewer.read()
    reviewer.press("Comment on CL-43")
    reviewer.page.get_by_label("What should change, and why").fill("Say which posts the three supervisors hold.")
    reviewer.press("Save the comment")
    assert "One open comment." in reviewer.read()
    reviewer.press("Return with comments")
    expect(reviewer.page.locator("main")).to_contain_text("In progress")

    assessor.open(f"{place}questions/CL-43/")
    assert "Say which posts the three supervisors hold." in assessor.read()
    words = assessor.page.get_by_label("In your words")
    with assessor.page.expect_response(lambda answer: answer.request.method == "POST"):
        words.fill("Two line leaders and one section leader could not say who on their line was under eighteen.")
        words.blur()
    assessor.press("Dealt with")
    expect(assessor.page.locator("main")).to_contain_text("dealt with by Pen Sotheara")
    assessor.open(f"{place}check/")
    assessor.press("Submit for review")
    assert "In review" in assessor.read()

    reviewer.open(f"{place}review/")
    assert "Two line leaders and one section leader" in reviewer.read()
    reviewer.press("Approve")
    assert "From here on the factory and its coach know of the assessment. This cannot be undone." in reviewer.read()
    with reviewer.page.expect_navigation():
        reviewer.page.locator("main form button").first.click()
    expect(reviewer.page.locator("main")).to_contain_text("With the factory for reply")


def test_the_team_leader_gives_a_factory_more_time(people):
    leader = people("team-leader")
    leader.open("/today/")
    leader.follow("Koh Sdach Apparel asks for more time to reply")
    assert "The payroll officer is on maternity leave" in leader.read()
    leader.page.get_by_label("Grant the time").check()
    leader.press("Decide")
    assert "Fill in: Why" in leader.read(), "a decision without a reason is none"
    expect(leader.page.get_by_label("Grant the time")).to_be_checked()
    leader.page.get_by_label("Why").fill("Two findings hang on these papers, and the report can still be in time.")
    leader.press("Decide")
    expect(leader.page.locator("main")).to_contain_text("Two findings hang on these papers")
    leader.open("/today/")
    assert "Koh Sdach Apparel asks for more time" not in leader.read()


def test_the_programme_manager_releases_a_report(people):
    manager = people("programme-manager")
    place = manager.find_assessment("Prek Leap Sewing")
    manager.open(f"{place}release/")
    text = manager.read()
    assert "Findings 11, 2 of them publicly reported" in text
    assert "The factory's manager and worker representatives, and its coach" in text
    assert "None: no buyer has both consent and a paid cycle." in text
    manager.press("Release to the factory")
    text = manager.read()
    assert "Assessment report, cycle 1" in text
    assert "Findings 11 Found again 0 Publicly reported 2" in text
    assert "11 items in the plan" in text


def test_the_programme_manager_amends_a_released_report(people):
    manager = people("programme-manager")
    manager.open(manager.find_report("Prek Leap Sewing", 1))
    manager.press("Amend this report")
    manager.page.get_by_label("Why the report is amended").fill("The union showed that it has had its room since May.")
    texts = manager.page.locator("textarea[name$='-text']").all()
    name = next(one.get_attribute("name") for one in texts if "The union had no room" in one.input_value())
    taken_back = manager.page.locator(f"input[name='{name.removesuffix("-text")}-withdrawn']")
    with contextlib.suppress(Error):
        manager.page.locator("details", has=taken_back).locator("summary").first.click(timeout=2_000)
    taken_back.check()
    manager.press("See what would change")
    text = manager.read()
    assert "Taken back" in text
    assert "FA-17" in text
    manager.press("Amend and tell every reader")
    text = manager.read()
    assert "This is version 2. The union showed that it has had its room since May." in text
    assert "Findings 10" in text


def test_the_programme_manager_plans_in_secret(people):
    manager, coach = people("programme-manager"), people("coach")
    manager.open("/assessments/plan/")
    choice = manager.page.get_by_label("Factory and cycle")
    options = [even(one) for one in choice.locator("option").all_inner_texts()]
    assert not [one for one in options if HERO in one], "cycle 3 of Mekong Stitch is planned already"
    assert coach.status("/assessments/plan/") == 403


def test_the_programme_manager_registers_a_duplicate_and_merges_it(people):
    manager = people("programme-manager")
    original = manager.find_factory("Veal Sbov Stitching")
    manager.open("/factories/register/")
    manager.page.get_by_label("Name", exact=True).first.fill("Veal Sbov Stitching Co., Ltd")
    manager.page.get_by_label("City").fill("Phnom Penh")
    manager.press("Register the factory")
    expect(manager.page.get_by_label("City")).to_have_value("Phnom Penh")
    manager.page.get_by_label("Apparel").check()
    manager.press("Register the factory")
    assert manager.thing("Register the factory").count() == 0, manager.read()
    duplicate = manager.page.url
    manager.open(f"{original}merge/")
    manager.follow("Veal Sbov Stitching Co., Ltd")
    manager.press("Keep the first: Veal Sbov Stitching")
    assert "A merge can be split again" in manager.read()
    manager.press("Merge Veal Sbov Stitching Co., Ltd into this record")
    manager.open(duplicate)
    assert manager.page.url.endswith(original), "the old address leads to the record that stays"
    manager.open("/factories/?q=Veal+Sbov")
    assert "1 factory." in manager.read()


def test_the_ministry_reads_the_case_it_was_told_of_and_no_name(people):
    officer = people("ministry")
    officer.open("/cases/")
    assert "Bassac Knit" not in officer.read(), "nobody has informed the ministry of that one yet"
    officer.follow(HERO)
    text = officer.read()
    assert "A child under the legal age at work" in text
    assert "Letter handed to the child labour department." in text
    assert not [word for word in PROTECTED if word in officer.page.content()]
    assert {officer.status("/reports/"), officer.status("/plans/"), officer.status("/assessments/")} == {403}
    report = people("factory-manager").find_report(HERO, 2)
    assert officer.status(report) == 403


def test_the_coach_checks_an_item_and_sends_the_overdue_progress_report(people):
    coach = people("coach")
    coach.open("/today/")
    assert "Progress report 2 of Mekong Stitch" in coach.read()
    assert "Check item 28" in coach.read()
    coach.open("/assessments/")
    rows = [even(one) for one in coach.page.locator("main table tbody tr").all_inner_texts()]
    assert sorted(row for row in rows if HERO in row) == [f"{HERO} 1 Released", f"{HERO} 2 Released"]

    coach.open("/today/")
    coach.follow("Write it")
    coach.press("Check before sending")
    assert "Fill in: How the factory stands" in coach.read()
    coach.page.get_by_label("How the factory stands").fill("Twelve of fifteen items are done; overtime is not.")
    coach.press("Check before sending")
    text = coach.read()
    assert "Twelve of fifteen items are done; overtime is not." in text
    assert "Nordlys" in text or "buyer" in text
    coach.press("Send", exact=False)
    assert "Twelve of fifteen items are done; overtime is not." in coach.read()
    buyer = people("buyer")
    buyer.open(coach.page.url)
    assert "Twelve of fifteen items are done; overtime is not." in buyer.read()
    coach.open("/today/")
    assert "Progress report 2 of Mekong Stitch" not in coach.read()


def test_quality_reads_everything_and_changes_nothing(people):
    quality = people("quality")
    quality.open(quality.find_report(HERO, 1))
    assert "Changed since version 1" in quality.read()
    assert "Amend this report" not in quality.read()
    quality.open("/cases/")
    assert "Bassac Knit" in quality.read()
    quality.open(f"/plans/{hero_ref(quality)}/")
    assert quality.page.locator("main form[method=post]").count() == 0
    forbidden = ("/factories/register/", "/assessments/plan/", "/imports/new/", "/credits/")
    assert {quality.status(path) for path in forbidden} == {403}


def test_the_code_on_a_report_tells_whether_it_is_in_force_and_names_nobody(people, house):
    manager = people("factory-manager")
    manager.open(manager.find_report(HERO, 1))
    current = next(link for link in manager.links() if link.startswith("/verify/"))
    manager.press("Version 1")
    expect(manager.page.locator("main")).to_contain_text("This version has been superseded.")
    old = next(link for link in manager.links() if link.startswith("/verify/"))
    stranger = house.browser.new_context().new_page()
    said = {}
    for name, path in (("current", current), ("old", old), ("unknown", "/verify/ABCD00000000000000000000EF/")):
        stranger.goto(f"{house.address}{path}")
        said[name] = even(stranger.locator("main").inner_text())
        assert HERO not in stranger.content()
    assert "in force" in said["current"]
    assert "superseded" in said["old"]
    assert "in force" not in said["unknown"]


def test_a_stranger_is_led_to_the_door(house, people):
    ref = hero_ref(people("factory-manager"))
    stranger = house.browser.new_context().new_page()
    for path in ("/today/", "/factories/", f"/plans/{ref}/", f"/factories/{ref}/", "/cases/", "/data/findings.xlsx"):
        stranger.goto(f"{house.address}{path}")
        assert "/accounts/login/" in stranger.url, path
        assert HERO not in stranger.content()
