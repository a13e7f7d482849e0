"""What is typed into the committee's pages. What is typed comes back when something is wrong."""

from collections.abc import Iterable, Sequence

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evenweave.committees.enums import Seated, Sex, Signing
from evenweave.committees.models import Attendance, Candidate
from evenweave.committees.rules import Ballots
from evenweave.improvement.enums import Agreement, Side

LONG_TEXT = 4000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class CommitteeForm(forms.Form):
    """The committee's record."""

    formed_on = forms.DateField(
        label=_("Formed on"), widget=DayInput(), help_text=_("An existing committee is built on: write its own day.")
    )
    unions = forms.CharField(
        label=_("Unions in the factory"), required=False, max_length=LONG_TEXT, widget=_area(),
        help_text=_("One a line. Leave it empty where there is none."),
    )

    def names(self) -> list[str]:
        return _lines(self.cleaned_data["unions"])


class WhoForm(forms.Form):
    """Who somebody is: what a member and a candidate have in common."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    post = forms.CharField(
        label=_("Line, section or job"), max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    union = forms.CharField(label=_("Union"), max_length=120, required=False)
    person_ref = forms.ChoiceField(
        label=_("Account"), required=False, help_text=_("If the person signs in at this factory already.")
    )

    def __init__(self, *args, accounts: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_ref"].choices = [("", _("None yet")), *accounts]


class MemberForm(WhoForm):
    seated = forms.ChoiceField(label=_("Came to the seat"), widget=forms.RadioSelect)
    joined_on = forms.DateField(label=_("Member since"), widget=DayInput())
    term_ends_on = forms.DateField(
        label=_("Last day of the term"), widget=DayInput(), required=False,
        help_text=_("Empty: as long as the programme says; a member of management has no term."),
    )

    def __init__(self, *args, side: str, are_elected: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seated"].choices = _ways(side, are_elected)

    def clean(self) -> dict:
        cleaned = super().clean()
        joined, ends = cleaned.get("joined_on"), cleaned.get("term_ends_on")
        if joined and ends and ends < joined:
            self.add_error("term_ends_on", _("Choose a day after the member joined."))
        return cleaned


def _ways(side: str, are_elected: bool) -> list[tuple[str, object]]:
    offered = [Seated.NAMED, Seated.TAKEN_OVER]
    if side == Side.WORKERS:
        offered = [Seated.BY_UNION, Seated.TAKEN_OVER] if are_elected else [Seated.BY_UNION, *offered]
    words = {Seated.NAMED: _("Named by its side")} if side == Side.WORKERS else {}
    return [(way.value, words.get(way, way.label)) for way in offered]


class LeaveForm(forms.Form):
    left_on = forms.DateField(label=_("Last day on the committee"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class SignInForm(forms.Form):
    """How a member signs in without an e-mail address."""

    phone = forms.CharField(
        label=_("Phone number"), max_length=30, help_text=_("With + and the country code, as +855 12 345 678."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class ElectionForm(forms.Form):
    seats = forms.IntegerField(label=_("Seats to fill"), min_value=1, max_value=100)
    marks_each = forms.IntegerField(label=_("Names that one ballot may mark"), min_value=1, max_value=100)
    nominations_until_on = forms.DateField(label=_("Nominations until"), widget=DayInput())
    polling_on = forms.DateField(label=_("Workers vote on"), widget=DayInput())
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    scope = forms.ChoiceField(
        label=_("Which seats"), widget=forms.RadioSelect, initial="all",
        choices=[("all", _("All elected seats; those elected today leave")), ("free", _("Free seats only"))],
    )


class CandidateForm(WhoForm):
    nominated_by = forms.CharField(
        label=_("Named by"), max_length=200, help_text=_("A union, a line, or workers: how many.")
    )


class CountForm(forms.Form):
    """Numbers from the paper. One field of votes for each candidate."""

    eligible = forms.IntegerField(label=_("Workers who may vote"), min_value=0, max_value=10_000_000)
    handed_out = forms.IntegerField(label=_("Ballots handed out"), min_value=0, max_value=10_000_000)
    in_box = forms.IntegerField(label=_("Ballots in the box"), min_value=0, max_value=10_000_000)
    invalid = forms.IntegerField(label=_("Invalid ballots"), min_value=0, max_value=10_000_000)
    observers = forms.CharField(
        label=_("Who watched the count"), widget=_area(), max_length=LONG_TEXT,
        help_text=_("One a line: the name, and whom the person stands for."),
    )

    def __init__(self, *args, candidates: Iterable[Candidate], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = list(candidates)
        for one in self.candidates:
            self.fields[f"votes-{one.ref}"] = forms.IntegerField(
                label=_("Votes for %(name)s") % {"name": one.name}, min_value=0, max_value=10_000_000
            )

    def ballots(self) -> Ballots:
        return Ballots(*(self.cleaned_data[name] for name in ("eligible", "handed_out", "in_box", "invalid")))

    def votes(self) -> dict[str, int]:
        return {one.ref: self.cleaned_data[f"votes-{one.ref}"] for one in self.candidates}

    def names(self) -> list[str]:
        return _lines(self.cleaned_data["observers"])


class TieForm(forms.Form):
    elected = forms.MultipleChoiceField(label=_("Elected"), widget=forms.CheckboxSelectMultiple)
    how = forms.CharField(label=_("How it was decided"), max_length=300, help_text=_("By lot, or by a second ballot."))

    def __init__(self, *args, tied: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elected"].choices = tied


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MeetingForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=DayInput())
    starts_at = forms.TimeField(label=_("Begins at"), widget=TimeInput())
    ends_at = forms.TimeField(label=_("Ends at"), widget=TimeInput(), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)


class PointForm(forms.Form):
    title = forms.CharField(
        label=_("What do you want to talk about?"), max_length=600, widget=_area(2),
        help_text=_("No names of workers."),
    )


class AttendanceForm(forms.Form):
    present = forms.MultipleChoiceField(label=_("Who is here"), widget=forms.CheckboxSelectMultiple, required=False)
    guests = forms.CharField(
        label=_("Guests"), max_length=300, required=False, help_text=_("The coach, a union officer, an expert.")
    )

    def __init__(self, *args, rows: Iterable[Attendance], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = list(rows)
        groups = [
            (side.label, [(row.member.ref, row.member.name) for row in rows if row.member.side == side])
            for side in Side
        ]
        self.fields["present"].choices = [group for group in groups if group[1]]
        self.fields["present"].initial = [row.member.ref for row in rows if row.is_present]


class SaidForm(forms.Form):
    said = forms.CharField(label=_("What was said"), required=False, max_length=LONG_TEXT, widget=_area(4))


_WORDS = [(Agreement.AGREES, _("agrees")), (Agreement.DISAGREES, _("disagrees"))]


class DecisionForm(forms.Form):
    """A decision is an action: one thing that somebody does by a day."""

    text = forms.CharField(
        label=_("What do you decide?"), max_length=1000, widget=_area(3),
        help_text=_("One thing that somebody can finish."),
    )
    owner_name = forms.CharField(
        label=_("Who does it"), max_length=120, help_text=_("A person, or a post: “safety officer”.")
    )
    owner_side = forms.ChoiceField(label=_("For which side"), choices=Side.choices, widget=forms.RadioSelect)
    due_on = forms.DateField(label=_("Done by"), widget=DayInput())
    management = forms.ChoiceField(label=_("Management"), choices=_WORDS, widget=forms.RadioSelect, initial="agrees")
    workers = forms.ChoiceField(label=_("Workers"), choices=_WORDS, widget=forms.RadioSelect, initial="agrees")
    reason = forms.CharField(
        label=_("Reason of the side that disagrees"), required=False, max_length=1000, widget=_area(2)
    )
    item_number = forms.IntegerField(
        label=_("Number of the plan item"), required=False, min_value=1, max_value=1_000_000,
        help_text=_("The item it belongs to. Empty: a new item."),
    )

    def __init__(self, *args, has_item: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if has_item:
            del self.fields["item_number"]


class CloseForm(forms.Form):
    ended_at = forms.TimeField(label=_("The meeting ended at"), widget=TimeInput())
    remarks = forms.CharField(label=_("Remarks"), required=False, max_length=LONG_TEXT, widget=_area(3))


class SignForm(forms.Form):
    """The hash is of the text the person has read."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    signing = forms.ChoiceField(
        label=_("Your side"), widget=forms.RadioSelect, initial=Signing.SIGNS,
        choices=[(Signing.SIGNS, _("signs these minutes")), (Signing.OBJECTS, _("signs, and disagrees in part"))],
    )
    objection = forms.CharField(
        label=_("What your side disagrees with"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("It is written under the minutes and stops nothing."),
    )

