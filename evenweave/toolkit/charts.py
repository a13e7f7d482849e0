"""Charts as SVG text, made on the server: the same picture on the page and in the PDF.

Colours stand as presentation attributes (the light theme: print and PDF) and as classes that the page's
stylesheet
overrides in both themes. No `style` attributes: the content security policy refuses them. Values are
counts or
rates on one axis that starts at 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

ONE, TWO, BEFORE, BAD, INK, SLATE, LINE, SURFACE = (
    "#0d535a",
    "#c9781c",
    "#84b9bc",
    "#9a1434",
    "#15262b",
    "#46575d",
    "#cbd2d0",
    "#ffffff",
)
FONT = "Noto Sans, sans-serif"
MOST_UNITS = 20
LABEL_STEP = 7.4  # px that one letter of 14 px takes, on the wide side


@dataclass(frozen=True)
class Row:
    """One row of dots and ticks: this one, the mean of others, and what it was before (None: not drawn)."""

    label: str
    now: float
    others: float | None = None
    before: float | None = None


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _words(
    x: float,
    y: float,
    text: object,
    css: str = "",
    anchor: str = "middle",
    colour: str = SLATE,
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    kind = f' class="{css}"' if css else ""
    place = f'x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}"{weight}{kind}>{escape(text)}</text>'


def _line(path: str, colour: str, css: str, width: float = 1) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}" class="{css}"/>'


def _svg(width: float, height: float, label: str, inside: Sequence[str], css: str = "ew-chart") -> SafeString:
    size = f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
    return SafeString(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" class="{css}" '
        f'font-family="{FONT}" font-size="14" aria-label="{escape(label)}">{"".join(inside)}</svg>'
    )


def _ticks(highest: float) -> list[float]:
    """Whole-number ticks from 0 to at least `highest`, at most nine of them."""
    step = 1
    while math.ceil(highest / step) > 8:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return [step * at for at in range(math.ceil(max(highest, 1) / step) + 1)]


def dots_and_ticks(
    rows: Sequence[Row], label: str, axis: str = "", rtl: bool = False, narrow: bool = False
) -> SafeString:
    """One row a thing: a filled dot now, a hollow dot before, an upright tick for the mean of others.

    `label` says in words what is drawn; `axis` names the unit. Sort `rows` by value before. In `rtl` the names stand
    on the other side, the axis runs from the names outwards. `narrow` sets each name above its row, for phones.
    """
    width, step, top = (320, 56, 8) if narrow else (800, 34, 22)
    longest = max((len(row.label) for row in rows), default=0)
    names = 0 if narrow else min(400, longest * LABEL_STEP + 24)
    highest = max((max(row.now, row.others or 0, row.before or 0) for row in rows), default=1)
    ticks = _ticks(highest)
    span = width - names - (32 if narrow else 40)

    def at(value: float) -> float:
        away = names + 12 + span * value / ticks[-1]
        return width - away if rtl else away

    bottom = top + step * len(rows)
    drawn = [_line(f"M{_n(at(tick))} {top}V{_n(bottom)}", LINE, "ew-c-grid") for tick in ticks[1:]]
    drawn += [_line(f"M{_n(at(0))} {top}V{_n(bottom)}", INK, "ew-c-base", 1.5)]
    drawn += [_words(at(tick), bottom + 20, _n(tick)) for tick in ticks]
    for number, row in enumerate(rows):
        foot = top + step * (number + 1)
        drawn.append(_name(row.label, width, names, foot, rtl, narrow))
        drawn += _marks(row, foot - step / 2 + (12 if narrow else 0), at)
    if axis:
        drawn.append(_words((at(0) + at(ticks[-1])) / 2, bottom + 42, axis))
    return _svg(width, bottom + (52 if axis else 30), label, drawn)


def _name(text: str, width: float, names: float, foot: float, rtl: bool, narrow: bool) -> str:
    """A row's name: on its own line above the row, or in the column of names with its end at the axis.

    SVG anchors follow the writing direction of the text, so "end" is the inner edge in both directions of the page.
    """
    if narrow:
        return _words(width - 18 if rtl else 18, foot - 36, text, "ew-c-name", "start", INK)
    return _words(width - names if rtl else names, foot - 12, text, "ew-c-name", "end", INK)


def _marks(row: Row, y: float, at) -> list[str]:
    drawn = []
    if row.before is not None and row.before != row.now:
        drawn.append(_line(f"M{_n(at(row.before))} {_n(y)}H{_n(at(row.now))}", ONE, "ew-c-one-line", 3))
        place = f'cx="{_n(at(row.before))}" cy="{_n(y)}" r="7"'
        drawn.append(f'<circle {place} fill="{SURFACE}" stroke="{ONE}" stroke-width="2.5" class="ew-c-before"/>')
    if row.others is not None:
        drawn.append(_line(f"M{_n(at(row.others))} {_n(y - 11)}v22", TWO, "ew-c-two-line", 4))
    drawn.append(f'<circle cx="{_n(at(row.now))}" cy="{_n(y)}" r="8" fill="{ONE}" class="ew-c-one"/>')
    return drawn


def unit_bars(values: Sequence[tuple[str, int]], label: str, bad: bool = False, width: int = 318) -> SafeString:
    """Upright bars of stacked units, one unit one thing; above 20 in a bar they are plain bars of the same
    height scale.

    `values`: (name, count) in order of time; `bad` draws findings. `width` in px of the drawing.
    """
    highest = max([count for _name, count in values] + [1])
    unit, gap = (11, 3) if highest <= MOST_UNITS else (0, 0)
    tall = highest * (unit + gap) if unit else 140
    floor = tall + 26
    step = width / max(len(values), 1)
    bar = min(52, step * 0.64)
    colour, css = (BAD, "ew-c-bad") if bad else (ONE, "ew-c-one")
    drawn = []
    for number, (name, count) in enumerate(values):
        x = step * number + (step - bar) / 2
        if unit:
            boxes = [(floor - 3 - (unit + gap) * (at + 1) + gap, unit) for at in range(count)]
        else:
            boxes = [(floor - tall * count / highest, tall * count / highest)] if count else []
        drawn += [
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(bar)}" height="{_n(height)}" rx="1.5" '
            f'fill="{colour}" class="{css}"/>'
            for y, height in boxes
        ]
        top = min([y for y, _height in boxes] or [floor])
        drawn.append(_words(x + bar / 2, top - 7, count, "ew-c-key", colour=INK, bold=True))
        drawn.append(_words(x + bar / 2, floor + 18, name))
    drawn.append(_line(f"M0 {_n(floor)}h{width}", INK, "ew-c-base", 1.5))
    return _svg(width, floor + 26, label, drawn)


def sparkline(values: Sequence[float], label: str, highest: float | None = None) -> SafeString:
    """112 × 36, one point a cycle, the last one larger, the base line at 0. `highest` fixes the scale of a
    column.
    """
    width, base, inset = 112, 34, 6
    top = max(highest or 0, *values, 1) if values else 1
    step = (width - 2 * inset) / max(len(values) - 1, 4)
    points = [(inset + step * at, base - (base - inset) * value / top) for at, value in enumerate(values)]
    drawn = [_line(f"M0 {base}h{width}", LINE, "ew-c-grid")]
    if len(points) > 1:
        drawn.append(_line("M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points), ONE, "ew-c-one-line", 2))
    last = len(points) - 1
    drawn += [
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{3.8 if at == last else 2}" fill="{ONE}" class="ew-c-one"/>'
        for at, (x, y) in enumerate(points)
    ]
    return _svg(width, 36, label, drawn, "ew-chart ew-spark")


def fishbone(effect: str, bones: Sequence[tuple[str, Sequence[str]]], label: str, rtl: bool = False) -> SafeString:
    """An Ishikawa drawing: up to six bones, each a name and up to four causes, that lead to the `effect` at the head.

    Long words are cut to fit; whoever draws it puts the table with the whole text beside it."""
    width, spine, reach = 800, 190, 150

    def at(x: float) -> float:
        return width - x if rtl else x

    drawn = [_line(f"M{_n(at(20))} {spine}H{_n(at(650))}", INK, "ew-c-base", 2.5)]
    for number, (name, causes) in enumerate(bones[:6]):
        way = -1 if number % 2 == 0 else 1
        foot = 250 + 190 * (number // 2)
        tip = foot - 70
        drawn.append(
            _line(f"M{_n(at(tip))} {spine + way * reach}L{_n(at(foot))} {spine}", ONE, "ew-c-one-line", 2)
        )
        y = spine + way * (reach + 12) + (0 if way < 0 else 10)
        drawn.append(_words(at(tip), y, name, "ew-c-name", colour=INK, bold=True))
        for place, cause in enumerate(causes[:4]):
            away = reach - 24 - 34 * place
            bone = foot - 70 * away / reach
            y = spine + way * away
            drawn.append(_line(f"M{_n(at(bone))} {_n(y)}H{_n(at(bone - 14))}", SLATE, "ew-c-grid"))
            drawn.append(_words(at(bone - 18), y + 4, _cut(cause, 20), anchor="end"))
    drawn += [_words(at(662), spine + 5 + 18 * (place - 1), line, "ew-c-key", "start", INK, bold=True)
              for place, line in enumerate(_folded(effect, 16, 4))]
    return _svg(width, 2 * spine, label, drawn)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _folded(text: str, most: int, lines: int) -> list[str]:
    """The text in lines of about `most` letters, the last one cut."""
    folded = [""]
    for word in text.split():
        if folded[-1] and len(folded[-1]) + len(word) >= most:
            folded.append("")
        folded[-1] = f"{folded[-1]} {word}".strip()
    kept = folded[:lines]
    if len(folded) > lines:
        kept[-1] = _cut(f"{kept[-1]} …", most + 2)
    return [_cut(line, most + 2) for line in kept]
