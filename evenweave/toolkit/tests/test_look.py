"""The identity holds: contrasts of both themes, one stylesheet for both directions, budgets, icons, no inline code."""

import gzip
import re
from pathlib import Path

import pytest

from evenweave.toolkit.components.marks import FAMILY_ICONS
from evenweave.toolkit.components.records import SYNC_ICONS

PACKAGE = Path(__file__).parents[2]
STATIC = PACKAGE / "toolkit" / "static" / "toolkit"
CSS = (STATIC / "evenweave.css").read_text()
LIST = (PACKAGE.parent / "docs" / "components.md").read_text()
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
OUTSIDE = [path for path in TEMPLATES if "toolkit" not in path.relative_to(PACKAGE).parts[:1]]


def tokens(selector: str) -> dict[str, str]:
    """The colours of the first block with this selector."""
    block = CSS[CSS.index(f"{selector} {{") :]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


LIGHT = tokens(":root")
DARK_CHOSEN = tokens(':root[data-theme="dark"]')
DARK_DEVICE = tokens(':root:not([data-theme="light"])')


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Text against its ground, and marks or borders against theirs, with the figures of the specification: light, dark.
PAIRS = [
    ("ink", "surface", 15.6, 13.4),
    ("ink", "paper", 14.2, 15.1),
    ("ink", "wash", 13.2, 11.2),
    ("slate", "surface", 7.5, 8.2),
    ("slate", "paper", 6.9, 9.2),
    ("slate", "wash", 6.4, 6.8),
    ("edge", "surface", 4.1, 4.7),
    ("edge", "paper", 3.7, 5.3),
    ("warp-700", "surface", 8.7, 8.4),
    ("warp-700", "paper", 7.9, 9.5),
    ("warp-700", "warp-50", 7.8, 7.3),
    ("weft-800", "weft-100", 7.8, 8.4),
    ("weft-600", "surface", 5.2, 7.9),
    ("weft-500", "surface", 3.4, 6.1),
    ("weft-500", "paper", 3.1, 6.8),
    ("on-turn", "weft-400", 8.1, 8.1),
    ("good", "good-bg", 6.4, 7.4),
    ("info", "info-bg", 6.9, 7.3),
    ("bad", "bad-bg", 6.8, 7.8),
    ("on-strong", "warp-700", 8.7, 10.0),
    ("on-shell", "shell", 11.9, 14.5),
    ("on-strong", "bad", 8.3, 9.7),
]


@pytest.mark.parametrize(("front", "ground", "in_light", "in_dark"), PAIRS)
def test_every_pair_of_colours_keeps_its_contrast_in_both_themes(front, ground, in_light, in_dark):
    assert contrast(LIGHT[front], LIGHT[ground]) == pytest.approx(in_light, abs=0.06)
    assert contrast(DARK_CHOSEN[front], DARK_CHOSEN[ground]) == pytest.approx(in_dark, abs=0.06)


def test_what_is_read_beside_the_specified_pairs_reads_in_both_themes():
    texts = [("on-bar", "bar"), ("on-shell-2", "shell"), ("ink", "weft-50"), ("ink", "info-bg"), ("ink", "bad-bg"),
             ("ink", "good-bg"), ("ink", "weft-100"), ("bad", "surface"), ("good", "surface"), ("good", "paper"),
             ("bad", "paper"), ("weft-800", "surface"), ("weft-800", "paper"), ("slate", "weft-50")]  # fmt: skip
    for theme in (LIGHT, DARK_CHOSEN):
        assert [pair for pair in texts if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


def test_dark_is_the_same_whether_the_device_or_the_person_asks_for_it():
    assert DARK_DEVICE == DARK_CHOSEN
    assert set(DARK_CHOSEN) == set(LIGHT)


def test_the_stylesheet_knows_no_left_and_no_right():
    assert re.findall(r"(?<![a-z])(?:left|right)(?![a-z])", CSS) == []
    assert re.findall(r"(?:^|[\s{;])(?:margin|padding|border|inset)-(?:top|bottom)\b", CSS) == []


def test_every_class_of_ours_has_our_prefix():
    short = {"w", "p", "g", "a", "b", "k", "off", "no", "gap"}  # strokes inside our own small drawings
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)(?=[\s.,:{>+~\[)])", re.sub(r'url\("[^"]*"\)', "", CSS)))
    assert {name for name in classes if not name.startswith("ew-")} <= short


def test_script_sizes_follow_the_specification():
    for script, lines in {"km": "1.9", "bn": "1.7", "ar": "1.7"}.items():
        block = re.search(rf'\[lang\|="{script}"\] {{(.*?)}}', CSS).group(1)
        assert f"--lh: {lines};" in block


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_our_own_stylesheet_stays_below_ten_thousand_bytes_packed():
    assert packed(STATIC / "evenweave.css") <= 10_000


@pytest.mark.parametrize("base", ["bootstrap-reboot.min.css", "bootstrap-reboot.rtl.min.css"])
def test_what_a_first_visit_loads_leaves_half_of_the_hundred_kilobytes_to_the_page(base):
    names = [
        "evenweave.css", "faces.css", "evenweave.js", "icons.svg", "mark.svg", f"vendor/{base}", "vendor/htmx.min.js"
    ]
    assert sum(packed(STATIC / name) for name in names) <= 50_000


def icons_used() -> set[str]:
    named = set(FAMILY_ICONS.values()) | set(SYNC_ICONS.values())
    for path in TEMPLATES:
        text = path.read_text()
        named |= set(re.findall(r'\{% icon "([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon(?:_after|_name)?="([a-z0-9-]+)"', text))
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts:
            named |= set(re.findall(r'\bicon(?:_name)?="([a-z0-9-]+)"', path.read_text()))
    return named


def test_every_icon_used_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    assert icons_used() - drawn == set()


def test_the_files_of_others_are_named_with_version_and_licence():
    note = (STATIC / "vendor" / "VENDORED.md").read_text()
    vendor = STATIC / "vendor"
    files = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()} - {"VENDORED.md"}
    assert {name for name in files if f"`{name}`" not in note} == set()
    for name in ("bootstrap-reboot.min.css", "bootstrap-reboot.rtl.min.css"):
        assert "v5.3.9" in (STATIC / "vendor" / name).read_text()


BOOTSTRAP = re.compile(
    r"^(?:container(?:-\w+)?|row|col(?:-\w+)*|btn(?:-\w+)*|card(?:-\w+)?|badge|alert(?:-\w+)?|nav(?:bar)?(?:-\w+)*|"
    r"form-(?:control|select|check|label|text|floating)|table(?:-\w+)?|list-group(?:-\w+)*|modal(?:-\w+)*|"
    r"dropdown(?:-\w+)*|d-\w+(?:-\w+)?|[mp][tbsexy]?-(?:\d|auto)|text-\w+|bg-\w+|visually-hidden|w-\d+|float-\w+)$"
)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_outside_the_toolkit_writes_a_class_that_is_not_ours(path):
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text())
    classes = {name for found in re.findall(r'class="([^"]*)"', text) for name in found.split()}
    assert {name for name in classes if BOOTSTRAP.match(name)} == set()
    assert {name for name in classes if not name.startswith("ew-")} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_template_holds_inline_code_or_writes_lang_or_dir_of_the_page(path):
    text = path.read_text()
    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text) == []
    if path.name != "page.html":
        assert "<html" not in text


def test_every_component_stands_in_the_list_and_the_list_names_no_other():
    from evenweave.toolkit.templatetags.ew import register

    inside = {"html_attributes", "is_right_to_left", "language_is_draft", "messages_shown"}
    inside |= {"shell", "tab_bar", "columns"}
    listed = set()
    for row in re.findall(r"^\| (`\w+`(?:, `\w+`)*)(?: \(blocks?\))? \|", LIST[LIST.index("## Tags") :], re.MULTILINE):
        listed |= set(re.findall(r"`(\w+)`", row))
    assert listed == set(register.tags) - inside


def test_drawings_carry_no_style_attributes():
    from evenweave.toolkit import charts

    rows = [charts.Row("A & <b>", 3, 2.5, 4), charts.Row("B", 0)]
    drawn = [
        charts.dots_and_ticks(rows, "words", "points"),
        charts.dots_and_ticks(rows, "words", narrow=True, rtl=True),
        charts.unit_bars([("Jun", 2), ("Jul", 0)], "words"),
        charts.unit_bars([("2025", 90)], "words", bad=True),
        charts.sparkline([3, 2, 1], "words"),
    ]
    for svg in drawn:
        assert "style=" not in svg
        assert 'aria-label="words"' in svg
    assert "A &amp; &lt;b&gt;" in drawn[0]


def test_the_axis_begins_at_zero_and_counts_have_whole_number_ticks():
    from evenweave.toolkit.charts import _ticks

    assert _ticks(0) == [0, 1]
    assert _ticks(6) == [0, 1, 2, 3, 4, 5, 6]
    assert _ticks(9) == [0, 2, 4, 6, 8, 10]
    assert _ticks(38) == [0, 5, 10, 15, 20, 25, 30, 35, 40]
    assert _ticks(412) == [0, 100, 200, 300, 400, 500]


def test_bars_draw_one_unit_for_each_thing_up_to_twenty():
    from evenweave.toolkit.charts import unit_bars

    assert unit_bars([("a", 20), ("b", 3), ("c", 0)], "w").count("<rect") == 23
    assert unit_bars([("a", 21), ("b", 3), ("c", 0)], "w").count("<rect") == 2
