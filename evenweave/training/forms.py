"""Forms of the training. What is typed comes back when something is wrong."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evenweave.people.enums import AccreditedAs
from evenweave.people.models import Person
from evenweave.training.enums import Post, Sex, Stage
from evenweave.training.queries.courses import said
from evenweave.training.rules import Course
from evenweave.training.services import Participant

PEOPLE_ROWS = 6


def day_field(label, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def line() -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto"})


class _Days(forms.Form):
    """As many days as the course has."""

    def _add_days(self, count: int) -> None:
        for n in range(1, count + 1):
            label = _("Day") if count == 1 else _("Day %(number)s") % {"number": n}
            self.fields[f"day_{n}"] = day_field(label)

    def days(self) -> list[date]:
        return [value for name, value in self.cleaned_data.items() if name.startswith("day_")]


class SessionForm(_Days):
    """A new session of a course."""

    programme = forms.ChoiceField(label=_("Programme"))
    place = forms.CharField(label=_("Place"), max_length=200, widget=line())
    capacity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=500, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    language = forms.ChoiceField(label=_("Language"))
    trainer = forms.ChoiceField(label=_("Trainer"))
    closed_to = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, data=None, *, course: Course, programmes: dict[str, str], languages: list[tuple[str, str]],
        staff: QuerySet[Person], **kwargs,
    ) -> None:
        super().__init__(data, **kwargs)
        self._add_days(course.days)
        self.fields["programme"].choices = list(programmes.items())
        self.fields["language"].choices = languages
        self.fields["trainer"].choices = [(person.ref, person.name) for person in staff]
        self.fields["capacity"].initial = course.most_participants
        self.order_fields([*(name for name in self.fields if name.startswith("day_")), "place", "capacity"])


class ChangeForm(_Days):
    """A planned session with other days, another place, more or fewer seats."""

    place = forms.CharField(label=_("Place"), max_length=200, widget=line())
    capacity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=500, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    trainer = forms.ChoiceField(label=_("Trainer"))

    def __init__(self, data=None, *, days: int, staff: QuerySet[Person], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self._add_days(days)
        self.fields["trainer"].choices = [(person.ref, person.name) for person in staff]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it does not take place"), max_length=500, required=False, widget=area(3),
        help_text=_("The factories read it."),
    )


class RegisterForm(forms.Form):
    """Up to six people at once: name, sex and post."""

    def __init__(self, data=None, **kwargs) -> None:
        super().__init__(data, **kwargs)
        for n in range(1, PEOPLE_ROWS + 1):
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Name"), max_length=120, required=False, widget=line()
            )
            self.fields[f"sex_{n}"] = forms.ChoiceField(
                label=_("Sex"), required=False, choices=[("", _("Choose")), *Sex.choices]
            )
            self.fields[f"post_{n}"] = forms.ChoiceField(
                label=_("Post"), required=False, choices=[("", _("Choose")), *Post.choices]
            )

    @property
    def rows(self) -> list[list]:
        return [[self[f"{name}_{n}"] for name in ("name", "sex", "post")] for n in range(1, PEOPLE_ROWS + 1)]

    def clean(self) -> dict:
        data = super().clean()
        named = [n for n in range(1, PEOPLE_ROWS + 1) if data.get(f"name_{n}", "").strip()]
        if not named and not self.errors:
            self.add_error("name_1", _("Give at least one person's name."))
        for n in range(1, PEOPLE_ROWS + 1):
            self._check(n, data, is_named=n in named)
        return data

    def _check(self, n: int, data: dict, *, is_named: bool) -> None:
        if is_named:
            for name, message in (("sex", _("Choose; “Not said” is an answer.")), ("post", _("Choose a post."))):
                if not data.get(f"{name}_{n}") and f"{name}_{n}" not in self.errors:
                    self.add_error(f"{name}_{n}", message)
        elif (data.get(f"sex_{n}") or data.get(f"post_{n}")) and f"name_{n}" not in self.errors:
            self.add_error(f"name_{n}", _("Give the name of this person."))

    def people(self) -> list[Participant]:
        data = self.cleaned_data
        return [
            Participant(data[f"name_{n}"], data[f"sex_{n}"], data[f"post_{n}"])
            for n in range(1, PEOPLE_ROWS + 1)
            if data[f"name_{n}"].strip()
        ]


class ConfirmForm(forms.Form):
    """A button, and nothing to fill in."""


class AttendanceForm(forms.Form):
    """Who was there on a day."""

    on = forms.ChoiceField(label=_("Day"))
    present = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, *, days: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["on"].choices = days
        self.fields["present"].choices = people


class CodeForm(forms.Form):
    """A participant's own code, as the trainer gave it."""

    code = forms.CharField(
        label=_("Your code"), max_length=12, help_text=_("Six letters and digits. The trainer has given it to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class QuestionsForm(forms.Form):
    """The questions of a course, and after it how it was."""

    def __init__(self, data=None, *, course: Course, stage: str, **kwargs) -> None:
        super().__init__(data, **kwargs)
        for question in course.questions:
            self.fields[question.id] = forms.TypedChoiceField(
                label=said(question.text), coerce=int, widget=forms.RadioSelect,
                choices=[(place, said(choice)) for place, choice in enumerate(question.choices, start=1)],
            )
        if stage == Stage.AFTER:
            self.fields["satisfied"] = forms.TypedChoiceField(
                label=_("How was the course?"), coerce=int, widget=forms.RadioSelect,
                choices=[(5, _("Very good")), (4, _("Good")), (3, _("Neither good nor bad")), (2, _("Bad")),
                         (1, _("Very bad"))],
            )

    def given(self) -> dict[str, int]:
        return {name: value for name, value in self.cleaned_data.items() if name != "satisfied"}


class SeminarForm(forms.Form):
    """A day on which factories and buyers learn from each other."""

    title = forms.CharField(label=_("What it is about"), max_length=200, widget=line())
    programme = forms.ChoiceField(label=_("Programme"))
    on = day_field(_("Day"))
    place = forms.CharField(label=_("Place"), max_length=200, widget=line())
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=1000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    agenda = forms.CharField(label=_("Agenda"), max_length=3000, widget=area(6), help_text=_("One point a line."))
    speakers = forms.CharField(
        label=_("Speakers"), max_length=1500, required=False, widget=area(3),
        help_text=_("One a line: the name, and what they are."),
    )

    def __init__(self, data=None, *, programmes: dict[str, str], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["programme"].choices = list(programmes.items())


class JoinForm(forms.Form):
    who = forms.ChoiceField(label=_("Who comes"))
    people = forms.IntegerField(
        label=_("With how many people"), min_value=1, max_value=99,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data=None, *, who: list, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["who"].choices = [(one.ref, one.name) for one in who]


class HeardForm(forms.Form):
    summary = forms.CharField(
        label=_("What was heard"), max_length=6000, required=False, widget=area(8),
        help_text=_("Input, good practice, challenges. No factory's name without its consent."),
    )


class CancelSeminarForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it does not take place"), max_length=500, required=False, widget=area(3),
        help_text=_("Who wanted to come reads it."),
    )


class PracticeForm(forms.Form):
    """Something that worked."""

    title = forms.CharField(label=_("In one line"), max_length=200, widget=line())
    problem = forms.CharField(label=_("What the problem was"), max_length=4000, widget=area(4))
    done = forms.CharField(label=_("What was done"), max_length=4000, widget=area(4))
    result = forms.CharField(
        label=_("What came of it"), max_length=4000, widget=area(3),
        help_text=_("Nothing that would tell who a worker is."),
    )
    course = forms.ChoiceField(label=_("Subject"), required=False)

    def __init__(self, data=None, *, courses: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["course"].choices = [("", _("Choose")), *courses]


class ConsentForm(forms.Form):
    is_named = forms.ChoiceField(
        label=_("How others read it"), widget=forms.RadioSelect,
        choices=[("yes", _("With the factory's name")), ("no", _("Without the factory's name"))],
    )


class LibraryForm(forms.Form):
    words = forms.CharField(label=_("Words"), required=False, max_length=100, widget=line())
    course = forms.ChoiceField(label=_("Subject"), required=False)

    def __init__(self, data=None, *, courses: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["course"].choices = [("", _("All")), *courses]


def _number(label) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=9999, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )


class PassedForm(forms.Form):
    """How many workers a factory's trainer has trained on a day."""

    on = day_field(_("Day"))
    women = _number(_("Women"))
    men = _number(_("Men"))


class AccreditForm(forms.Form):
    person = forms.ChoiceField(label=_("Who"))
    programme = forms.ChoiceField(label=_("Programme"))
    accredited_as = forms.ChoiceField(label=_("As"), choices=AccreditedAs)
    given_on = day_field(_("From"))
    until_on = day_field(_("Until"))
    ground = forms.CharField(
        label=_("On what ground"), max_length=500, widget=area(3),
        help_text=_("The training, who looked on, how it was tested."),
    )

    def __init__(self, data=None, *, programmes: dict[str, str], staff: dict[str, str], **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["programme"].choices = list(programmes.items())
        self.fields["person"].choices = sorted(staff.items(), key=lambda row: row[1])


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500, required=False, widget=area(3))
