"""The style guide: every component in every state, in either writing direction (`?dir=rtl`).

Its texts are samples for the eye, not product text: they are not translated. Factories and people are invented.
"""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenweave.access.routes import public
from evenweave.toolkit import charts
from evenweave.toolkit.parts import (
    Bench,
    Choice,
    Entry,
    Fact,
    File,
    Item,
    Knot,
    Lane,
    Link,
    Mark,
    Message,
    Photo,
    Reader,
    Seat,
    Side,
    Step,
    Tag,
    Task,
)
from evenweave.toolkit.tables import Column, columns

TAGS = (
    Tag("none", "Not started"),
    Tag("none", "To agree"),
    Tag("doing", "In progress"),
    Tag("waiting", "Needs evidence"),
    Tag("waiting", "Waiting for check", "clock"),
    Tag("good", "Done"),
    Tag("good", "Verified", "shield-check"),
    Tag("wrong", "Non-compliant"),
    Tag("wrong", "3 days late", "clock"),
    Tag("danger", "Danger now"),
    Tag("audience", "Publicly reported"),
    Tag("audience", "Hidden from factory and buyers", "lock"),
)
MARKS = (
    Mark("full", 7, "verified"),
    Mark("half", 8, "in work"),
    Mark("hatched", 3, "need evidence"),
    Mark("empty", 4, "agreed"),
    Mark("dashed", 5, "to agree"),
)
FINDING_MARKS = (Mark("finding", 4, "with a finding"), Mark("no-finding", 4, "without"))
MANY_MARKS = (Mark("full", 80, "answered"), Mark("half", 12, "begun"), Mark("empty", 60, "open"))
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'%3E"
    "%3Cpath fill='%23b3a77f' d='M0 0h4v3H0z'/%3E%3Cpath fill='%23815c3c' d='M1.5 1h1v2h-1z'/%3E%3C/svg%3E"
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name of the factory", help_text="As it stands on the business licence")
    workers = forms.IntegerField(label="Workers", required=False)
    due_on = forms.DateField(label="Due", widget=forms.DateInput(attrs={"type": "date"}))
    country = forms.ChoiceField(label="Country", choices=[("a", "Cambodia"), ("b", "Jordan")])
    words = forms.CharField(label="In your words", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    kind = forms.ChoiceField(
        label="How serious is it?", widget=forms.RadioSelect, choices=[("s", "Standard"), ("x", "Serious")]
    )
    topics = forms.MultipleChoiceField(
        label="Subjects",
        widget=forms.CheckboxSelectMultiple,
        choices=[("w", "Wages"), ("t", "Working time")],
        required=False,
    )
    agreed = forms.BooleanField(label="Both sides have seen this")
    paper = forms.FileField(label="Certificate", help_text="PDF or photo, at most 8 MB", required=False)
    locked = forms.CharField(label="Registration number", initial="SAMPLE-0184", disabled=True)


class SampleFilter(forms.Form):
    """What a list is narrowed by."""

    q = forms.CharField(label="Name or place", required=False)
    country = forms.ChoiceField(label="Country", choices=[("", "All six"), ("a", "Jordan")], required=False)
    since = forms.ChoiceField(label="Report released", choices=[("", "Any time")], required=False)


def _desk() -> dict:
    return {
        "late": [
            Entry(
                "Fri 13",
                "Answer the comments on the draft report",
                "#",
                meta="Prey Chhuk Apparel · 4 comments; its five working days ended on Friday",
                tags=[Tag("wrong", "2 working days late", "clock")],
                action=Link("Answer", "#"),
                state="late",
            )
        ],
        "today": [
            Entry(
                "14:00",
                "Advisory visit 4 of 6: why exits fill up again",
                "#",
                "2 hours",
                "Kravanh Stitchworks, Kandal · five committee members confirmed",
                [Tag("good", "Agenda ready", "check")],
                Link("Open visit", "#"),
            ),
            Entry(
                "Any time",
                "A buyer asked about the boiler certificate",
                "#",
                meta="Sla Ket Knitting · item 31 · asked yesterday, 16:20",
                tags=[Tag("waiting", "Waiting for you", "clock")],
                action=Link("Reply", "#"),
                state="turn",
            ),
        ],
        "later": [Entry("Sat 28", "Progress report 1 due", "#", "11 days left", "9 of 14 sections written")],
    }


def _item(number: int, title: str, **more) -> Item:
    moves = (Choice("To agree", "to-agree", is_on=True), Choice("Agreed", "agreed"), Choice("Doing", "doing"))
    return Item(f"Item {number}", title, "#", moves=moves, move_action="#", **more)


def _lanes() -> list[Lane]:
    both = ("yes", "yes", "Both agreed")
    return [
        Lane("To agree", "circle", 5, [
            _item(44, "Show the piece rate on the payslip", owner="Pich Kunthea", due="no date yet",
                  agreement=("yes", "", "Workers to answer")),
            _item(46, "Write down the cause of every accident", owner="not named", due="no date yet",
                  agreement=("", "", "New")),
        ], "to-agree", "#", "3 more"),
        Lane("Agreed", "knot", 1, [
            _item(41, "Add probation terms to 12 contracts", owner="Pich Kunthea", due="due 4 December",
                  agreement=both),
        ], "agreed"),
        Lane("Doing", "circle-half-2", 1, [
            _item(34, "Keep the east exit free of cartons", owner="Keo Vanna", due="12 days late", is_late=True,
                  evidence="3 photos", audience="Public", agreement=both),
        ], "doing"),
        Lane("Done, waiting for check", "clock", 1, [
            _item(31, "Test the fire alarm every month", owner="Keo Vanna", due="done 9 November",
                  evidence="2 photos, 1 file", audience="Public", agreement=("yes", "no", "Workers disagree")),
        ], "done"),
        Lane("Verified", "shield-check", 0, [], "verified"),
    ]  # fmt: skip


def _people() -> dict:
    return {
        "messages": [
            Message("A buyer", "11 November", "Can we help by collecting three times a week?"),
            Message("Heng Rithy", "12 November", "Yes. I ask the forwarder for a price.", "manager", "a"),
            Message(
                "Sok Channary", "yesterday", "ម៉ោងថែម ទ្វារនៅតែជាប់កេស។", "worker representative", "b", "km",
                "At overtime the door is still blocked.", "en", is_unread=True,
            ),
        ],
        "benches": (
            Bench("Management", "2 seats, 1 woman", [
                Seat("Heng Rithy", "Factory manager", Tag("good", "Here", "check")),
                Seat("Chhim Bora", "Maintenance", Tag("none", "Away")),
            ]),
            Bench("Workers, elected", "2 seats, 1 woman", [
                Seat("Sok Channary", "Line 4", Tag("good", "Here", "check")), Seat("", "election in May"),
            ]),
        ),
        "sides": (
            Side("Sreymom Chea", "10:43, this tablet", Tag("wrong", "No"), "1 of 6 exits",
                 "Floor 2, building B, was blocked by cartons.", "3 photos", "Use Sreymom’s answer", "1"),
            Side("Dara Voeun", "10:57, second tablet", Tag("wrong", "No"), "2 of 6 exits",
                 "Floor 2, and the canteen door.", "2 photos", "Use Dara’s answer", "2"),
        ),
        "parties": (
            ("a", "Management agreed", "Heng Rithy, 2 Nov", Tag("good", "Agrees", "check")),
            ("b", "Workers agreed", "Sok Channary, 2 Nov", Tag("good", "Agrees", "check")),
        ),
    }  # fmt: skip


def _records() -> dict:
    return {
        "facts": [Fact("Owner", "Keo Vanna"), Fact("Due", "5 November 2026", note="12 days ago", is_bad=True),
                  Fact("Law", "Labour Law, article 230")],
        "checks": [Fact("Factory", "Kravanh Stitchworks", "#"), Fact("Findings", "19, of which 3 public", "#"),
                   Fact("Readers", "The factory and 3 buyers", "#")],
        "figures": [Fact("Findings", 19), Fact("Found again", 6), Fact("Publicly reported", 3), Fact("Danger now", 0)],
        "readers": [Reader("Factory", "Manager and committee"), Reader("Buyers", "3, with consent and paid"),
                    Reader("Public", "from 29 December", may_read=False)],
        "steps": [Step("Yesterday", "Message sent", "Sok Channary"), Step("10 Nov", "Photo added", "Keo Vanna"),
                  Step("3 Nov", "Moved to Doing", "Heng Rithy")],
        "photos": [Photo(PICTURE, "A door with cartons in front", "6 October, from the assessment", word="Before"),
                   Photo(PICTURE, "The same door, free", "10 November, Keo Vanna", word="After", is_after=True)],
        "uploads": [Photo(PICTURE, "Stairs", "Dormitory stairs", percent=61),
                    Photo(PICTURE, "Gate", "Gate", failed="Larger than 8 MB. Shrink it and send again.")],
        "files": [File("Exit check list, October", "#", "PDF, 2 pages · 6 November, Sok Channary")],
        "knots": [Knot("To agree", "past", "29 Oct"), Knot("Agreed", "past", "2 Nov"),
                  Knot("Doing", "now", "since 3 Nov"), Knot("Done, waiting for check", "to-come"),
                  Knot("Verified", "to-come")],
        "whys": [("Why was the exit blocked?", "Cartons wait there for the truck."),
                 ("Why there?", "The store is full from Wednesday on.")],
        "attention": [("Exit blocked on floor 2: photo is missing", "#", "Emergency preparedness"),
                      ("Boiler certificate: “N/A” needs a reason", "#", "Worker protection")],
        "tasks": [
            Task("Child labour", "#", Tag("good", "Done"), [Mark("full", 3, "done")], "3 points · 9 of 9 answered",
                 [Choice("Sreymom", "s", is_on=True), Choice("Dara", "d")], "#"),
            Task("Compensation", "#", Tag("waiting", "Needs evidence"),
                 [Mark("full", 2, "done"), Mark("hatched", 1, "needs evidence"), Mark("empty", 4, "open")],
                 "7 points · 22 of 46 answered", [Choice("Sreymom", "s"), Choice("Dara", "d", is_on=True)], "#"),
            Task("Working time", "#", Tag("none", "Not started"), [Mark("empty", 3, "open")], "0 of 17 answered"),
        ],
    }  # fmt: skip


def _charts(rtl: bool) -> dict:
    rows = [
        charts.Row("Occupational safety and health", 4, 3.9, 6),
        charts.Row("Compensation", 3, 2.8),
        charts.Row("Working time", 2, 1.7),
        charts.Row("Contracts and HR", 1, 1.5, 2),
        charts.Row("Child labour", 0, 0.1),
    ]
    months = [("Jun", 2), ("Jul", 3), ("Aug", 3), ("Sep", 4), ("Oct", 5), ("Nov", 6)]
    words = ("Points with findings by cluster: now, before, mean of others", "points with a finding")
    return {
        "dots": charts.dots_and_ticks(rows, *words, rtl=rtl),
        "narrow_dots": charts.dots_and_ticks(rows, *words, rtl=rtl, narrow=True),
        "units": charts.unit_bars(months, "Items verified each month: 2, 3, 3, 4, 5, 6"),
        "years": charts.unit_bars([("2024", 6), ("2025", 5), ("2026", 3)], "Not met: 6, 5, 3", bad=True),
        "tall": charts.unit_bars([("2024", 64), ("2025", 51), ("2026", 33)], "Findings: 64, 51, 33"),
        "months": months,
        "cycles": (15, 15, 11),
    }


@public(because="samples of the components, no data of anybody")
def styleguide(request: HttpRequest) -> HttpResponse:
    direction = request.GET.get("dir", "")
    direction = direction if direction in ("ltr", "rtl") else ""
    heads = columns(
        request,
        Column("name", "Factory", is_sortable=True),
        Column("cycles", "Points with findings"),
        Column("open", "Open items", is_number=True, is_sortable=True),
        Column("late", "Late", is_number=True, is_sortable=True),
        Column("needs", "Needs you"),
        default="-late",
    )
    wrong = SampleForm({"name": "Kravanh Stitchworks", "locked": "x"})
    wrong.is_valid()
    view = {
        "direction": direction,
        "families": TAGS,
        "marks": MARKS,
        "finding_marks": FINDING_MARKS,
        "many_marks": MANY_MARKS,
        "desk": _desk(),
        "lanes": _lanes(),
        "people": _people(),
        "records": _records(),
        "charts": _charts(direction == "rtl"),
        "heads": heads,
        "page": Paginator(range(62), 10).get_page(request.GET.get("page", 2)),
        "form": SampleForm(prefix="empty"),
        "wrong_form": wrong,
        "filter_form": SampleFilter(request.GET or None, prefix="f"),
        "views": [Link("All", "#", count=62, is_current=True), Link("Needs me", "#", count=5)],
        "tabs": [Link("Overview", "#"), Link("Report", "#", is_current=True), Link("Plan", "#")],
        "choices": [("yes", "Yes", "check"), ("no", "No", "x"), ("na", "Does not apply", "minus"),
                    ("unable", "Could not check", "circle")],
        "seriousness": [("standard", "Standard", ""), ("serious", "Serious", "alert-triangle"),
                        ("danger", "Danger now", "danger")],
        "helps": [("scale", "Law: 2 articles", "Labour Law, article 230."),
                  ("eye", "What to look for", "Try every exit door yourself, in working hours.")],
        "month_heads": ["Month", "Items"],
        "blanks": ["1", "6", "floor 2"],
        "blank_labels": ["How many", "Of", "Where"],
        "outbox": Link("Outbox", "#"),
        "action": Link("All 17", "#"),
        "icons": ICONS,
    }  # fmt: skip
    return render(request, "config/styleguide.html", view)


ICONS = [
    *("check", "x", "minus", "plus", "circle", "circle-half-2", "circle-check", "alert-triangle", "alert-octagon"),
    *("danger", "clock", "calendar", "camera", "photo", "chevron-right", "chevron-left", "chevron-down"),
    *("arrow-right", "search", "user", "users", "building-factory-2", "layout-kanban", "list", "message"),
    *("file-text", "download", "lock", "eye", "wifi-off", "refresh", "upload", "scale", "home", "world", "bell"),
    *("pencil", "paperclip", "microphone", "shield-check", "map-pin", "info-circle", "filter", "knot", "crosses"),
]
