"""What people fill in about a self-assessment, beside its questions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evenweave.questionnaires.rules import Question
from evenweave.selfassessments.screens import choices_for
from evenweave.selfassessments.services.together import MOST_LETTERS


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Filled-in workbook"), help_text=_("The Excel file (.xlsx) that you took out here, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ProposalForm(forms.Form):
    """An answer for the whole factory."""

    answer = forms.ChoiceField(label=_("The answer you propose"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What you would agree on"), required=False, max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Both sides, the coach and the programme read it. Write no name of a worker."),
    )

    def __init__(self, data=None, *, question: Question) -> None:
        super().__init__(data)
        choices = choices_for(question)
        if choices:
            self.fields["answer"].choices = [(value, word) for value, word, _icon in choices]
        else:
            mode = {"inputmode": "decimal"} if question.answer == "number" else {"dir": "auto"}
            self.fields["answer"] = forms.CharField(
                label=_("The answer you propose"), max_length=500, widget=forms.TextInput(attrs=mode)
            )

