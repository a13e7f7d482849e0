"""What is typed into enrolment's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from evenweave.enrolment.enums import Package
from evenweave.organisations.enums import Sector
from evenweave.people.models import Person

MOST_PROPOSED = 200_000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CycleForm(forms.Form):
    """Entering a factory into a year of service."""

    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    package = forms.ChoiceField(label=_("Package"), choices=Package.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(label=_("First day of the cycle"), widget=DayInput())
    advisors = forms.ModelMultipleChoiceField(
        label=_("Coaches"),
        queryset=Person.objects.none(),
        required=False,
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A coach cannot assess the same factory."),
    )

    def __init__(self, *args, staff, sectors, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["advisors"].queryset = staff
        self.fields["sector"].choices = [(key, Sector(key).label) for key in sectors]


class ConsentForm(forms.Form):
    """Which buyer may read; the choices are those without a consent."""

    buyer = forms.ChoiceField(label=_("Buyer"))
    is_understood = forms.BooleanField(
        label=_("I decide for the factory, and I understand that I can withdraw this at any time"),
        error_messages={"required": _("Tick the box to confirm that you decide for the factory.")},
    )

    def __init__(self, *args, buyers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["buyer"].choices = [("", _("Choose a buyer")), *((buyer.ref, buyer.name) for buyer in buyers)]


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason, kept in your ledger"), max_length=300)


class CreditsForm(forms.Form):
    """How many credits, and of which programme; without a word, of the one the page proposes."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    quantity = forms.IntegerField(label=_("How many credits"), min_value=1, max_value=1000)

    def __init__(self, *args, programmes, proposed, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = list(programmes.items())
        self.fields["programme"].initial = proposed

    def clean_programme(self) -> str:
        return self.cleaned_data["programme"] or self.fields["programme"].initial


class SpendForm(forms.Form):
    """Which unpaid cycle of a consenting factory a credit is spent on."""

    cycle = forms.ChoiceField(label=_("Factory and cycle"))

    def __init__(self, *args, cycles, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        numbers = {cycle.ref: _("Cycle %(number)s") % {"number": cycle.number} for cycle in cycles}
        choices = ((cycle.ref, f"{cycle.factory.name} · {numbers[cycle.ref]}") for cycle in cycles)
        self.fields["cycle"].choices = [("", _("Choose a cycle")), *choices]


class PaidForm(forms.Form):
    paid_on = forms.DateField(label=_("Day the money came"), widget=DayInput())


class ProposalForm(forms.Form):
    """A programme's file as somebody would have it; read, compared, and not kept."""

    file = forms.FileField(
        label=_("Proposed file"), help_text=_("The programme's file (.yaml) with your changes, at most 200 kB"),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > MOST_PROPOSED:
            raise forms.ValidationError(_("This file is larger than 200 kB."))
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is not a text file in UTF-8.")) from error
