"""The files of a report: about forty pages in three languages, beside bare Typst on the same pages."""

import io
import json
import time
from collections.abc import Iterator
from statistics import median

from bench.registry import TIMES, Row, benchmark, milliseconds
from evenweave.reports.facts import Facts
from evenweave.reports.tests.sample import CODE, URL, report_facts

FINDINGS_A_POINT = 7
RATIO = 1.5
LANGUAGES = ("en", "fr", "km")


@benchmark("report files")
def report_files() -> Iterator[Row]:
    """From frozen facts to the bytes of the PDF, and the sheet. Ours and the bare library take turns, each time with
    facts that neither has seen: the library remembers what it has set before."""
    from pypdf import PdfReader

    from evenweave.reports.rendering import assessment_pdf, findings_xlsx

    assessment_pdf(_facts(0), "en", verify_url=URL, code=CODE)  # the library and the fonts are loaded once a worker
    totals: list[float] = []
    limits: list[float] = []
    pages = 0
    for turn in range(TIMES):
        total = limit = 0.0
        for place, language in enumerate(LANGUAGES):
            facts = _facts(100 * turn + place)
            began = time.perf_counter()
            content = assessment_pdf(facts, language, verify_url=URL, code=CODE)
            total += time.perf_counter() - began
            limit += _bare_seconds(_facts(100 * turn + 50 + place), language)
            pages = max(pages, len(PdfReader(io.BytesIO(content)).pages))
        totals.append(total * 1000)
        limits.append(limit * 1000)
    bare = median(limits)
    yield Row("report files in three languages", f"{pages} pages", median(totals), "ms", bar=bare * RATIO, limit=bare)
    facts = _facts(0)
    sheet = median([milliseconds(lambda: findings_xlsx(facts)) for _ in range(TIMES)])
    yield Row("findings.xlsx", f"{len(facts['findings'])} findings", sheet, "ms", bar=250)


def _facts(number: int) -> Facts:
    facts = report_facts(findings_a_point=FINDINGS_A_POINT)
    facts["factory"]["name"] = f"Kravanh Stitchworks {number}"
    for finding in facts["findings"]:
        finding["explanation"]["text"] = f"{number}. {finding['explanation']['text']}"
    return facts


def _bare_seconds(facts: Facts, language: str) -> float:
    """The library alone on the same template with the same words, all of them ready."""
    import typst

    from evenweave.reports.rendering.assessment import TEMPLATE, assessment_page_data
    from evenweave.reports.rendering.parts import created_at, wording
    from evenweave.toolkit.documents.fonts import font_files, printable
    from evenweave.toolkit.documents.rendering import STANDARD, TEMPLATES

    data = printable(assessment_page_data(facts, wording(language), verify_url=URL, code=CODE))
    inputs = {"data": json.dumps(data), "language": language, "title": "Report", "created": "2026 10 29 0 0 0"}
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False,
                        font_paths=sorted({str(file.parent) for file in font_files()}))
    began = time.perf_counter()
    typst.Compiler(input=str(TEMPLATES / TEMPLATE), root=str(TEMPLATES), font_paths=fonts, sys_inputs=inputs).compile(
        format="pdf", pdf_standards=STANDARD, timestamp=created_at("2026-10-29")
    )
    return time.perf_counter() - began
