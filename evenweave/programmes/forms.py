"""What is asked on the page of quotes."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from evenweave.organisations.enums import Sector
from evenweave.programmes.enums import Service
from evenweave.toolkit.widgets import Select


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class QuoteForm(forms.Form):
    """Which services, for a factory of which sector, where and when."""

    programme = forms.ChoiceField(label=_("Programme"), widget=Select)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, widget=Select)
    services = forms.MultipleChoiceField(
        label=_("Services"), choices=Service.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    on = forms.DateField(label=_("On"), widget=DayInput(), help_text=_("The first day of the service"))
    workers = forms.IntegerField(
        label=_("Workers"), min_value=0, required=False,
        help_text=_("Prices go by the size of the workforce; left out, the smallest"),
    )

    def __init__(self, *args, programmes: dict[str, str], proposed: str, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = list(programmes.items())
        self.initial = {"programme": proposed, "on": today, "services": [Service.ASSESSMENT, Service.ADVISORY]}
