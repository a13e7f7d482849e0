"""PDF files: tagged, in our fonts alone, the same bytes every time, whatever people typed."""

import datetime as dt
import io
import subprocess
import sys

import psutil
import pytest
from pypdf import PdfReader

from evenweave.toolkit.documents import DocumentFailed, Wording, free_memory, render_pdf
from evenweave.toolkit.documents.codes import qr_svg
from evenweave.toolkit.documents.fonts import font_files, printable

NOON = dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC)
KHMER_WITHOUT_SPACES = "ក្នុងអំឡុងពេលនៃការវាយតម្លៃអ្នកវាយតម្លៃបានឃើញថាច្រកចេញសង្គ្រោះបន្ទាន់ត្រូវបានបិទ" * 8


def rendered(*texts: str, language="en", text_language="en") -> bytes:
    data = {"texts": [{"language": text_language, "text": text} for text in texts], "qr": qr_svg("https://example.org")}
    return render_pdf("toolkit/tests/specimen.typ", data, language=language, title="A specimen", created_at=NOON)


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def fonts_in(content: bytes) -> set[str]:
    names = set()
    for page in reader(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] or "/FontFile3" in (
                font["/DescendantFonts"][0]["/FontDescriptor"]
            )
            names.add(font["/BaseFont"].split("+")[1])
    return names


def line_places(content: bytes) -> set[float]:
    """The heights at which lines of Khmer text stand."""
    places = set()

    def visit(text, matrix, text_matrix, font, _size):
        if font and "Khmer" in font["/BaseFont"] and text.strip():
            places.add(round(text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5], 1))

    for page in reader(content).pages:
        page.extract_text(visitor_text=visit)
    return places


def test_the_file_declares_itself_accessible():
    pdf = reader(rendered("Hello"))
    catalog = pdf.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert "/StructTreeRoot" in catalog
    assert pdf.metadata.title == "A specimen"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()


def test_only_our_fonts_are_in_the_file():
    content = rendered("Latin ếêœ", "ភាសាខ្មែរ", "نص عربي", "বাংলা ভাষা", "漢字 😀 ✓ ∮")
    assert fonts_in(content) == {
        "NotoSans-Regular", "NotoSansKhmer-Regular", "NotoSansArabic-Regular", "NotoSansBengali-Regular"}


def test_the_fonts_are_four_whole_files():
    assert [file.name.split("[")[0] for file in font_files()] == [
        "NotoSans", "NotoSansKhmer", "NotoSansArabic", "NotoSansBengali"]


@pytest.mark.parametrize("text", [
    "ច្រកចេញសង្គ្រោះបន្ទាន់", "জরুরি বহির্গমন পথ ১২৩।", "مخارج الطوارئ ١٢٣", "Lối thoát hiểm: ẶẾỘỮỲ đ ư ơ",
    "Pintu darurat", "¿Están abiertas las salidas?", "Sòti yo louvri",
])
def test_every_language_of_the_programmes_is_printed_as_written(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    "text",
    ["漢字", "😀👩‍🏭", "✓ → □", "\x00\x07\x1b", "\ufeffbom", "\u202ereversed", "\ud7ff\ue000", "a\r\nb\rc",
     "\ufffe\uffff", ""],
)
def test_nothing_that_people_type_makes_a_document_fail(text):
    assert rendered(text + " word").startswith(b"%PDF")


def test_signs_without_a_font_are_shown_as_missing():
    assert printable({"a": ["漢 ok", 5, None, True]}) == {"a": ["\ufffd ok", 5, None, True]}
    assert printable("ក្រុម\u200bហ៊ុន ⟶ ế") == "ក្រុម\u200bហ៊ុន \ufffd ế"
    assert printable("a\u202eb\ufeffc\x00d") == "abcd"


def test_a_word_that_never_ends_may_break():
    assert printable("x" * 100) == "\u200b".join(["x" * 40, "x" * 40, "x" * 20])
    assert printable("x" * 40) == "x" * 40


def test_typst_code_in_a_text_is_text():
    text = reader(rendered('#panic("no") $x$ *bold* #read("/etc/passwd") <label> @ref')).pages[0].extract_text()
    assert '#panic("no") $x$ *bold* #read("/etc/passwd") <label> @ref' in text


def test_khmer_lines_break():
    lines = line_places(rendered(KHMER_WITHOUT_SPACES, text_language="km"))
    assert len(lines) >= 6


def test_pages_are_numbered():
    pages = reader(rendered("Hello")).pages
    assert [f"page {number} of 2" in page.extract_text() for number, page in enumerate(pages, 1)] == [True, True]


def test_the_same_input_gives_the_same_bytes_even_in_another_process():
    here = rendered("Hello 漢 😀 ក្រុមហ៊ុន", language="km")
    assert rendered("Hello 漢 😀 ក្រុមហ៊ុន", language="km") == here
    program = (
        "import sys; from evenweave.toolkit.tests.test_documents import rendered;"
        "sys.stdout.buffer.write(rendered('Hello 漢 😀 ក្រុមហ៊ុន', language='km'))"
    )
    there = subprocess.run([sys.executable, "-X", "utf8", "-c", program], capture_output=True, check=True)
    assert there.stdout == here


def test_another_day_gives_other_bytes():
    data = {"texts": [], "qr": qr_svg("x")}
    later = render_pdf("toolkit/tests/specimen.typ", data, language="en", title="A specimen",
                       created_at=NOON + dt.timedelta(days=1))
    assert later != rendered()


def test_a_broken_template_says_which():
    with pytest.raises(DocumentFailed, match=r"specimen\.typ"):
        render_pdf("toolkit/tests/specimen.typ", {}, language="en", title="x", created_at=NOON)


def test_the_code_is_a_picture_of_its_modules():
    svg = qr_svg("https://evenweave.example/verify/7K4M29QT")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"')
    assert "M0 0h1v1h-1z" in svg
    assert "script" not in svg


@pytest.fixture
def english(tmp_path) -> Wording:
    (tmp_path / "labels.en.yaml").write_text(
        'hello: "Hello {name}"\nitems: {"=0": "Nothing", one: "{n} item", other: "{n} items"}\n'
    )
    return Wording(tmp_path, "en")


def test_words_numbers_and_days(english):
    assert english.say("hello", name="{Dara}") == "Hello {Dara}"
    assert [english.count("items", number) for number in (0, 1, 1200)] == ["Nothing", "1 item", "1,200 items"]
    assert english.percent(0.845) == "84\u00a0%"
    assert english.day("2026-10-06T09:00:00Z") == "6 October 2026"
    assert english.days(["2026-10-07", "2026-10-06"]) == "6 and 7 October 2026"
    assert english.days(["2026-10-31", "2026-11-01"]) == "31 October 2026 and 1 November 2026"
    assert english.days([]) == ""
    assert english.join(["a", "", "b", "c"]) == "a, b and c"


def test_words_fall_back_to_english_then_to_what_there_is(english):
    assert english.words({"en": "Gender", "fr": "Genre"}) == "Gender"
    assert english.words({"km": "យេនឌ័រ"}) == "យេនឌ័រ"
    assert english.words({}) == english.words(None) == ""


def private_megabytes() -> float:
    return psutil.Process().memory_full_info().uss / 1e6


def test_memory_is_given_back():
    for number in range(12):
        rendered(f"{number} " + "A long story. " * 8_000)
    held = private_megabytes()
    free_memory()
    assert private_megabytes() < held - 20
    assert rendered("Hello").startswith(b"%PDF")
