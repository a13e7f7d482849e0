"""Somebody holds a report on paper: is it genuine, is it in force, is the file unchanged?"""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import axe_violations, sideways_scroll

FILES_WITHIN_MS = 180_000
ENGLISH = 'a[download]:has-text("PDF, English")'


def test_a_file_is_checked_without_leaving_the_device(house, tmp_path):
    page = house.enter_as("factory-manager")
    page.goto(f"{house.address}/reports/")
    page.locator("main table a").first.click()
    _wait_for_files(page)
    with page.expect_download() as download:
        page.locator(ENGLISH).last.click()
    genuine = tmp_path / "report.pdf"
    download.value.save_as(genuine)
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(genuine.read_bytes() + b" ")
    code = page.locator('a[href^="/verify/"]').first.get_attribute("href")

    anybody = house.browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    sent = []
    anybody.on("request", lambda request: sent.append(request.method))
    anybody.goto(f"{house.address}{code}")
    assert "This report is in force" in anybody.inner_text("h1")
    assert "Mekong" not in anybody.content()
    assert _said_of(anybody, genuine).startswith("Unchanged: this is the file: PDF, English")
    assert _said_of(anybody, changed).startswith("Not one of the files of this report.")
    assert set(sent) == {"GET"}
    assert (axe_violations(anybody), sideways_scroll(anybody)) == ([], 0)


def _wait_for_files(page) -> None:
    """The demo's files are made in the background."""
    waited = 0
    while not page.locator(ENGLISH).count():
        page.wait_for_timeout(2_000)
        waited += 2_000
        assert waited < FILES_WITHIN_MS, "no files were made"
        page.reload()


def _said_of(page, file: Path) -> str:
    result = page.locator("[data-verify-result]")
    page.evaluate("document.querySelector('[data-verify-result]').textContent = ''")
    page.set_input_files("#verify-file", file)
    expect(result).to_have_text(re.compile("^(?!Reading)."))
    return result.inner_text()
