"""Forms of the plan. Each carries plain text; what is typed comes back when something is wrong."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from evenweave.improvement.enums import Agreement, Lane, Side
from evenweave.improvement.rules import MOST_WHYS
from evenweave.improvement.services.talking import LONGEST
from evenweave.questionnaires.rules import Tool

LONG_TEXT = 4000


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PlanFilter(forms.Form):
    """`view` and `only` stand in the address beside these two fields."""

    lane = forms.ChoiceField(label=_("State"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    only = forms.CharField(required=False, widget=forms.HiddenInput)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, clusters: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["lane"].choices = [("", _("All")), *Lane.choices]
        self.fields["cluster"].choices = [("", _("All")), *clusters]


class SelfFoundForm(forms.Form):
    """An issue that the factory found itself."""

    title = forms.CharField(
        label=_("What is not as it should be"), max_length=600, widget=_area(3),
        help_text=_("One sentence: what, where, how often. No names of workers."),
    )
    question = forms.ChoiceField(
        label=_("Question of the assessment that it belongs to"), required=False,
        help_text=_("If an assessment finds the same later, it goes on from this item."),
    )

    def __init__(self, data=None, *, tool: Tool | None, language: str) -> None:
        super().__init__(data)
        self.fields["question"].choices = [("", _("None, or not known")), *_questions(tool, language)]
        if tool is not None and any(question.is_draft(language) for question in tool.scored):
            self.fields["question"].help_text = " ".join([
                str(self.fields["question"].help_text),
                str(_("Some questions are shown in a draft translation that nobody has reviewed.")),
            ])


def _questions(tool: Tool | None, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    if tool is None:
        return []
    return [
        (
            cluster.title(language),
            [
                (question.id, f"{question.id} · {question.text(language)}")
                for question in tool.questions_of(cluster.key)
                if question.is_scored
            ],
        )
        for cluster in tool.clusters
    ]


class DetailForm(forms.Form):
    """What was done at once, five whys, the root cause. `revision` is of the text the person began from."""

    immediate_action = forms.CharField(
        label=_("Done at once"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("What was done straight away, so that nobody is in danger or loses pay."),
    )
    root_cause = forms.CharField(
        label=_("Root cause"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("The last answer: what has to change so that it does not happen again."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_WHYS + 1):
            self.fields[f"why_{number}"] = forms.CharField(
                label=_("Why? (%(number)s)") % {"number": number}, required=False, max_length=300,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
            self.fields[f"because_{number}"] = forms.CharField(
                label=_("Because (%(number)s)") % {"number": number}, required=False, max_length=1000,
                widget=_area(2),
            )

    @property
    def rows(self) -> list[tuple]:
        """The five pairs of bound fields."""
        return [(self[f"why_{n}"], self[f"because_{n}"]) for n in range(1, MOST_WHYS + 1)]

    def whys(self) -> list[tuple[str, str]]:
        data = self.cleaned_data
        return [(data[f"why_{n}"], data[f"because_{n}"]) for n in range(1, MOST_WHYS + 1)]


def detail_as_typed(detail) -> dict[str, object]:
    """A saved detail as the form's values."""
    values = {
        "immediate_action": detail.immediate_action, "root_cause": detail.root_cause, "revision": detail.revision,
    }
    for number, (why, because) in enumerate(detail.whys, start=1):
        values |= {f"why_{number}": why, f"because_{number}": because}
    return values


class ActionForm(forms.Form):
    text = forms.CharField(
        label=_("What will be done"), max_length=1000, widget=_area(3),
        help_text=_("One thing that somebody can finish."),
    )
    owner_name = forms.CharField(
        label=_("Who does it"), max_length=120, help_text=_("A person, or a post: “safety officer”.")
    )
    owner_side = forms.ChoiceField(label=_("For which side"), choices=Side.choices, widget=forms.RadioSelect)
    due_on = forms.DateField(label=_("Done by"), widget=DateInput)


class DoneForm(forms.Form):
    done_on = forms.DateField(label=_("Done on"), widget=DateInput, help_text=_("Today or a day before."))

    def __init__(self, data=None, *, today: date) -> None:
        super().__init__(data, initial={"done_on": today})


class AnswerForm(forms.Form):
    position = forms.ChoiceField(
        label=_("Your side"), widget=forms.RadioSelect,
        choices=[(Agreement.AGREES, _("agrees with this item")), (Agreement.DISAGREES, _("disagrees"))],
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("Needed when your side disagrees. It stays written, also when you agree later."),
    )


class CheckForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What you found"), widget=forms.RadioSelect,
        choices=[("accepted", _("It is remedied: verified")), ("refused", _("It is not remedied yet"))],
    )
    reason = forms.CharField(
        label=_("What is still missing"), required=False, max_length=LONG_TEXT, widget=_area(3),
        help_text=_("Needed when it is not remedied. The factory reads it."),
    )


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"), help_text=_("JPEG, PNG or WebP, up to 15 MB. Place and time inside the photo are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    moment = forms.ChoiceField(
        label=_("It shows how it was"), widget=forms.RadioSelect, initial="after",
        choices=[("before", _("before")), ("after", _("after"))],
    )
    note = forms.CharField(
        label=_("What it shows"), required=False, max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Your message, in any language"), max_length=LONGEST, widget=_area(3))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why it leaves the plan"), max_length=LONG_TEXT, widget=_area(3))
