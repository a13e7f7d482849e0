"""Forms of the visits. What is typed comes back when something is wrong."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evenweave.advisory.enums import Cause, DialogueProgress, VisitMode
from evenweave.advisory.services import Next, TookPart, Work
from evenweave.improvement.enums import Side
from evenweave.improvement.models import PlanItem
from evenweave.people.models import Person

LONG_TEXT = 4000
WORK_ROWS = 4
NEW_ISSUE = "new"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _day(label, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _count(label, **more) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **more
    )


def _coach(coaches: QuerySet[Person]) -> list[tuple[str, str]]:
    return [(coach.ref, coach.name) for coach in coaches]


class CoachForm(forms.Form):
    """Whose visits are laid out."""

    coach = forms.ChoiceField(label=_("Coach"))

    def __init__(self, data=None, *, coaches: QuerySet[Person], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["coach"].choices = _coach(coaches)


class DayForm(CoachForm):
    """A visit's day and coach."""

    day_on = _day(_("Day"))
    mode = forms.ChoiceField(
        label=_("How"), choices=VisitMode, initial=VisitMode.ON_SITE, widget=forms.RadioSelect
    )
    field_order = ["day_on", "coach", "mode"]


class MoveForm(CoachForm):
    day_on = _day(_("New day"))
    field_order = ["day_on", "coach"]


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the visit is cancelled"), max_length=1000, widget=_area(3), required=False,
        help_text=_("The factory reads it."),
    )


class LogForm(forms.Form):
    """A visit in five minutes: when, who, what it worked on, what comes next."""

    held_on = _day(_("Held on"))
    mode = forms.ChoiceField(label=_("How"), choices=VisitMode, widget=forms.RadioSelect)
    managers = _count(_("Managers who took part"))
    workers = _count(_("Workers and their representatives who took part"))
    women = _count(_("Women among all of them"))
    who = forms.CharField(
        label=_("Who they were"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Posts, not names: “line leaders, two shop stewards, the nurse”."),
    )
    note = forms.CharField(
        label=_("Anything else worth keeping"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("The factory reads it. Nothing that would tell who said what."),
    )

    def __init__(self, data=None, *, items: QuerySet[PlanItem], **kwargs) -> None:
        super().__init__(data, **kwargs)
        choices = [("", _("Nothing here")), (NEW_ISSUE, _("A new issue"))]
        choices += [(item.ref, f"{item.number} · {item.title}") for item in items]
        for n in range(1, WORK_ROWS + 1):
            self._work(n, choices)

    def _work(self, n: int, choices: list) -> None:
        self.fields[f"item_{n}"] = forms.ChoiceField(label=_("Worked on"), required=False, choices=choices)
        self.fields[f"issue_{n}"] = forms.CharField(
            label=_("The new issue, in one sentence"), required=False, max_length=600, widget=_area(2)
        )
        self.fields[f"advice_{n}"] = forms.CharField(
            label=_("Advice"), required=False, max_length=LONG_TEXT, widget=_area(3)
        )
        self.fields[f"next_{n}"] = forms.CharField(
            label=_("Next step"), required=False, max_length=1000, widget=_area(2),
            help_text=_("It becomes an action in the plan."),
        )
        self.fields[f"owner_{n}"] = forms.CharField(label=_("Who does it"), required=False, max_length=120)
        self.fields[f"side_{n}"] = forms.ChoiceField(
            label=_("For which side"), required=False, choices=[("", _("Choose")), *Side.choices]
        )
        self.fields[f"due_{n}"] = _day(_("Done by"), required=False)

    @property
    def rows(self) -> list[list]:
        names = ("item", "issue", "advice", "next", "owner", "side", "due")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, WORK_ROWS + 1)]

    def clean(self) -> dict:
        data = super().clean()
        for n in range(1, WORK_ROWS + 1):
            self._check(n, data)
        return data

    def _check(self, n: int, data: dict) -> None:
        """A row with something in it says what it is about; a next step says who and by when."""
        chosen, rest = data.get(f"item_{n}"), ("issue", "advice", "next", "owner", "due")
        if not chosen and any(data.get(f"{name}_{n}") for name in rest):
            self.add_error(f"item_{n}", _("Choose the item this is about, or “A new issue”."))
        if chosen == NEW_ISSUE and not data.get(f"issue_{n}", "").strip():
            self.add_error(f"issue_{n}", _("Say in one sentence what the issue is."))
        if data.get(f"next_{n}"):
            for name, message in (
                ("owner", _("Say who does it.")), ("side", _("Choose a side.")), ("due", _("Say by when.")),
            ):
                if not data.get(f"{name}_{n}") and f"{name}_{n}" not in self.errors:
                    self.add_error(f"{name}_{n}", message)

    def took_part(self) -> TookPart:
        data = self.cleaned_data
        return TookPart(data["managers"], data["workers"], data["women"], data["who"])

    def works(self) -> list[Work]:
        return [self._work_of(n) for n in range(1, WORK_ROWS + 1) if self.cleaned_data[f"item_{n}"]]

    def _work_of(self, n: int) -> Work:
        data = self.cleaned_data
        is_new = data[f"item_{n}"] == NEW_ISSUE
        following = None
        if data[f"next_{n}"]:
            following = Next(data[f"next_{n}"], data[f"owner_{n}"], data[f"side_{n}"], data[f"due_{n}"])
        return Work(
            item_ref="" if is_new else data[f"item_{n}"], issue=data[f"issue_{n}"] if is_new else "",
            advice=data[f"advice_{n}"], next=following,
        )


class CausesForm(forms.Form):
    """A fishbone, bone by bone: one cause a line."""

    def __init__(self, data=None, *, drawn: dict | None = None) -> None:
        super().__init__(data)
        for cause in Cause:
            self.fields[cause.value] = forms.CharField(
                label=cause.label, required=False, max_length=1000, widget=_area(3),
                initial="\n".join((drawn or {}).get(cause.value, [])), help_text=_("One cause a line, at most four."),
            )


class PhotoForm(forms.Form):
    file = forms.FileField(label=_("Photo"), help_text=_("JPEG, PNG or WebP, at most 15 MB. No faces of workers."))
    caption = forms.CharField(label=_("What it shows"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))


class WordForm(forms.Form):
    """A side's word on a visit's log."""

    is_as_agreed = forms.ChoiceField(
        label=_("Your side"), widget=forms.RadioSelect,
        choices=[("yes", _("This is what we agreed")), ("no", _("We agreed something else"))],
    )
    text = forms.CharField(label=_("In your words"), required=False, max_length=LONG_TEXT, widget=_area(3))


class ScoreForm(forms.Form):
    progress = forms.ChoiceField(
        label=_("Dialogue between management and workers"), choices=DialogueProgress, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("What you saw"), required=False, max_length=LONG_TEXT, widget=_area(4),
        help_text=_("Both sides read it. Nothing that would tell who said what."),
    )


class PlannerFilter(forms.Form):
    month = forms.ChoiceField(label=_("Month"), required=False)
    coach = forms.ChoiceField(label=_("Coach"), required=False)

    def __init__(self, data, *, months: list[tuple[str, str]], coaches: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["month"].choices = months
        self.fields["coach"].choices = [("", _("All")), *coaches]

    def chosen_month(self, otherwise: date) -> date:
        text = self.cleaned_data.get("month") if self.is_valid() else ""
        return date.fromisoformat(f"{text}-01") if text else otherwise
