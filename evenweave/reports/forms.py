"""What is typed before a release, an amendment, a progress report."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenweave.reports.facts import Facts
from evenweave.reports.rules import Correction

MOST_STRENGTHS = 6
SOURCE_LANGUAGE = "en"


class ReleaseForm(forms.Form):
    """What works well, a line each; printed beside the findings."""

    strengths = forms.CharField(
        label=gettext_lazy("What works well"), required=False, max_length=1500, strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One sentence a line, at most six. They stand in the report beside the findings."),
    )

    def clean_strengths(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["strengths"].splitlines() if line.strip()]
        if len(lines) > MOST_STRENGTHS:
            raise forms.ValidationError(_("Enter at most six sentences, one a line."))
        return lines


class AmendForm(forms.Form):
    """A reason, and for every finding whether it is taken back, its sentence, its explanation."""

    reason = forms.CharField(
        label=gettext_lazy("Why the report is amended"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In English. Everyone who may read the report reads the reason."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, facts: Facts) -> None:
        super().__init__(data)
        self.facts = facts
        for finding in facts["findings"]:
            self._add(finding)

    def _add(self, finding: Facts) -> None:
        ref, explanation = finding["ref"], finding["explanation"]
        self.fields[f"{ref}-withdrawn"] = forms.BooleanField(
            label=_("Take this finding back"), required=False,
        )
        self.fields[f"{ref}-text"] = forms.CharField(
            label=_("The finding's sentence, in English"), max_length=2000, initial=finding["text"][SOURCE_LANGUAGE],
            widget=forms.Textarea(attrs={"rows": 2}), required=False,
        )
        self.fields[f"{ref}-explanation"] = forms.CharField(
            label=_("Explanation"), max_length=6000, required=False,
            initial=explanation["text"] if explanation else "", widget=forms.Textarea(attrs={"rows": 4}),
        )

    def rows(self) -> list[dict[str, Any]]:
        """The findings with their fields, in the order of the report."""
        return [
            {"finding": finding, "fields": [self[f"{finding['ref']}-{name}"]
                                            for name in ("withdrawn", "text", "explanation")]}
            for finding in self.facts["findings"]
        ]

    @property
    def withdrawn(self) -> list[str]:
        return [f["ref"] for f in self.facts["findings"] if self.cleaned_data[f"{f['ref']}-withdrawn"]]

    @property
    def corrected(self) -> dict[str, Correction]:
        """Only what differs from the report, and of findings that stay."""
        found = {}
        for finding in self.facts["findings"]:
            ref, before = finding["ref"], finding["explanation"]
            if self.cleaned_data[f"{ref}-withdrawn"]:
                continue
            text = _unix(self.cleaned_data[f"{ref}-text"])
            explanation = _unix(self.cleaned_data[f"{ref}-explanation"])
            correction = Correction(
                text if text != finding["text"][SOURCE_LANGUAGE] else None,
                explanation if explanation != (_unix(before["text"]) if before else "") else None,
            )
            if correction != Correction():
                found[ref] = correction
        return found


def _unix(text: str) -> str:
    """A browser sends line ends of its own."""
    return text.replace("\r\n", "\n").strip()


class ProgressForm(forms.Form):
    """The author's words on the plan."""

    overview = forms.CharField(
        label=gettext_lazy("How the factory stands"), max_length=6000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What has changed since the report, what is still open, and why."),
    )
    dialogue = forms.CharField(
        label=gettext_lazy("Dialogue between management and workers"), max_length=6000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Committee meetings, agreements with unions. No names of workers."),
    )
    learning = forms.CharField(
        label=gettext_lazy("Learning"), max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Training and seminars that took place, and what they changed."),
    )
