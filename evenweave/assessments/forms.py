"""What people fill in: planning, people, answers, comments, replies, cases."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evenweave.access.enums import Role
from evenweave.assessments.enums import Extent, Field, Mode, Position
from evenweave.assessments.models import Assessment
from evenweave.assessments.queries import cycles_to_plan, factories_for_cases, who_can_be
from evenweave.assessments.services.answering import Said
from evenweave.organisations.models import Factory
from evenweave.people.models import Person
from evenweave.programmes.rules import ZeroTolerance, words
from evenweave.toolkit.uuid7 import uuid7

DAY = {"type": "date"}


def _day(label: str, **more) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **more)


class SubmitForm(forms.Form):
    """What is said when an assessment is handed in."""

    last_day_on = _day(_("Last day in the factory"), help_text=_("The report says from when to when you were there."))


class PlanForm(forms.Form):
    """The secret window of one cycle's assessment."""

    cycle = forms.ModelChoiceField(queryset=None, label=_("Factory and cycle"), to_field_name="ref", empty_label="")
    window_from = _day(_("First day of the window"))
    window_until = _day(_("Last day of the window"))
    mode = forms.ChoiceField(label=_("How"), choices=Mode, initial=Mode.ONSITE, widget=forms.RadioSelect)
    extent = forms.ChoiceField(label=_("Which questions"), choices=Extent, initial=Extent.FULL,
                               widget=forms.RadioSelect)

    def __init__(self, *args, person: Person, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = cycles_to_plan(person)


class AssignForm(forms.Form):
    """The day, two assessors, a reviewer."""

    day_on = _day(_("First day on site"))
    first = forms.ModelChoiceField(queryset=None, label=_("First assessor"), to_field_name="ref", empty_label="")
    second = forms.ModelChoiceField(queryset=None, label=_("Second assessor"), to_field_name="ref", empty_label="")
    reviewer = forms.ModelChoiceField(queryset=None, label=_("Quality reviewer"), to_field_name="ref", empty_label="")

    def __init__(self, *args, assessment: Assessment, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].queryset = self.fields["second"].queryset = who_can_be(Role.ASSESSOR, assessment)
        self.fields["reviewer"].queryset = who_can_be(Role.REVIEWER, assessment)

    def clean(self) -> dict:
        given = super().clean()
        if given.get("first") is not None and given.get("first") == given.get("second"):
            self.add_error("second", _("Choose two different people."))
        return given


class QuestionForm:
    """What the page of a question sends: for each field the value, the id its change would have, and the heads the
    page was drawn from. A field that is not sent was not on the page."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data

    def said(self) -> Mapping[str, Said]:
        """Raises ValueError for ids that no page of ours has made."""
        return {
            name: Said(self._id(name), value, self._heads(name))
            for name, value in self._values().items()
        }

    def _values(self) -> dict[str, str | list[str] | None]:
        found: dict[str, str | list[str] | None] = {}
        if "answer" in self.data:
            found[Field.ANSWER] = self.data["answer"].strip() or None
        if "blank" in self.data:
            blanks = [blank.strip() for blank in self.data.getlist("blank")]
            found[Field.FINDING] = blanks if any(blanks) else None
        for name in (Field.EXPLANATION, Field.SERIOUSNESS, Field.NOTE):
            if name in self.data:
                found[name] = self.data[name].replace("\r\n", "\n").strip() or None
        return found

    def _id(self, name: str) -> UUID:
        return UUID(self.data[f"id_{name}"]) if self.data.get(f"id_{name}") else uuid7()

    def _heads(self, name: str) -> frozenset[UUID]:
        return frozenset(UUID(head) for head in self.data.get(f"base_{name}", "").split(",") if head)


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    caption = forms.CharField(label=_("What it shows, and where"), max_length=200, required=False)


class CommentForm(forms.Form):
    text = forms.CharField(label=_("What should change, and why"), widget=forms.Textarea(attrs={"rows": 3}),
                           max_length=4000)


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files; cleans to a list."""

    widget = ManyFiles

    def clean(self, data, initial=None) -> list:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in files]


class ReplyForm(forms.Form):
    """The factory's word on one finding."""

    position = forms.ChoiceField(label=_("What does the factory say?"), choices=Position, widget=forms.RadioSelect)
    text = forms.CharField(label=_("In your words"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
                           max_length=8000)
    photos = PhotosField(label=_("Photos as evidence"), required=False,
                         widget=ManyFiles(attrs={"accept": "image/*"}))

    @property
    def language(self) -> str:
        return get_language() or "en"


class ExtensionForm(forms.Form):
    until_on = _day(_("Reply until"))
    reason = forms.CharField(label=_("Why you need more time"), widget=forms.Textarea(attrs={"rows": 3}),
                             max_length=2000)


class DecisionForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("Your decision"), choices=[("yes", _("Grant the time")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), help_text=_("The factory reads it."),
                             widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class CaseForm(forms.Form):
    """A suspicion of the gravest kind. The name of the person to protect is kept apart."""

    factory = forms.ModelChoiceField(queryset=None, label=_("Factory"), to_field_name="ref", empty_label="",
                                     required=False)
    issue = forms.ChoiceField(label=_("What do you suspect?"), widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("What was seen or heard, where and when"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000,
        help_text=_("Write no name of a worker here."),
    )
    protected_name = forms.CharField(
        label=_("Name of the person to protect"), required=False, max_length=120,
        help_text=_("Only those who handle the case can read this name."),
    )
    protected_details = forms.CharField(
        label=_("How to find this person"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, person: Person, protocol: ZeroTolerance, factory: Factory | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.fields["issue"].choices = [(issue.key, words(issue.title, language)) for issue in protocol.issues]
        if factory is not None:
            del self.fields["factory"]
        else:
            self.fields["factory"].queryset = factories_for_cases(person)
            self.fields["factory"].required = True


class CaseStepForm(forms.Form):
    note = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)


class CloseCaseForm(forms.Form):
    outcome = forms.CharField(label=_("How the case ended"), widget=forms.Textarea(attrs={"rows": 3}),
                              max_length=4000)
