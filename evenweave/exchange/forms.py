"""The forms of imports and of merging."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenweave.exchange.models import ImportBatch
from evenweave.exchange.queries import Chosen
from evenweave.exchange.words import field_choices
from evenweave.organisations.queries import country_name
from evenweave.toolkit.widgets import Select


class UploadForm(forms.Form):
    programme = forms.ChoiceField(label=gettext_lazy("Country programme"))
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("An Excel workbook (.xlsx) or a CSV file, at most 20 MB"),
        error_messages={
            "required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty."),
            "missing": gettext_lazy("Choose a file."),
        },
    )

    def __init__(self, *args, programmes: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [(code, country_name(code)) for code in programmes]


class ColumnsForm(forms.Form):
    """One choice for each heading of the file: what its column holds."""

    def __init__(self, *args, batch: ImportBatch, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.headings = batch.headings
        choices = field_choices()
        for place, heading in enumerate(batch.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=_("“%(heading)s”") % {"heading": heading}, choices=choices, required=False, widget=Select,
                initial=batch.mapping.get(heading, ""), help_text=_samples(batch, place),
            )

    def mapping(self) -> dict[str, str]:
        """Heading → field of the columns that are read. Call it on a valid form."""
        given = self.cleaned_data
        return {heading: given[f"column_{place}"] for place, heading in enumerate(self.headings)
                if given[f"column_{place}"]}


def _samples(batch: ImportBatch, place: int) -> str:
    said = batch.samples[place] if place < len(batch.samples) else []
    if not said:
        return _("Every cell that was looked at is empty.")
    return _("For example: %(cells)s") % {"cells": " · ".join(said)}


class TwinForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name, place or OS ID of the other record"), required=False, max_length=100)


class FindingsForm(forms.Form):
    """Which reports' findings are taken out. Nothing chosen means all that the person may take out."""

    since = forms.DateField(
        label=gettext_lazy("Report released from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    factory = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def chosen(self) -> Chosen:
        """Call it on a valid form."""
        return Chosen(factory=self.cleaned_data["factory"], since=self.cleaned_data["since"])


class ResultsForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name, place or OS ID"), required=False, max_length=100)
