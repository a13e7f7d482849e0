"""The forms of a factory's profile, its closure, and the filters of the list."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenweave.organisations.enums import FactoryStatus, Sector
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import Wanted, country_name
from evenweave.organisations.rules import (
    MOST_CONTACTS,
    MOST_CUSTOMERS,
    PLAIN_FIELDS,
    example_number,
    phone_number,
)
from evenweave.organisations.services import faults_of
from evenweave.toolkit.widgets import Select

CONTACT = ("name", "job_title", "phone", "email")
CUSTOMER = ("name", "years")
HINTS = {
    "os_id": gettext_lazy("The number of this factory at Open Supply Hub, if it has one"),
    "products": gettext_lazy("The two that sell most"),
    "latitude": gettext_lazy("Degrees, such as 11.5564"),
    "longitude": gettext_lazy("Degrees, such as 104.9282"),
    "workers_total": gettext_lazy("Full-time employees; women and men add up to it"),
}


def _model_field(name: str) -> forms.Field:
    made = Factory._meta.get_field(name).formfield(required=name == "name")
    made.help_text = HINTS.get(name, "")
    if made.required:
        made.error_messages["required"] = _("Enter the factory's name.")
    return made


class FactoryForm(forms.Form):
    """A profile. `country` gives numbers without a country code theirs; with `programmes` the person chooses one."""

    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Sectors"), choices=Sector, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one sector.")},
    )

    def __init__(self, *args, country: str, programmes: Sequence[str] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        if programmes:
            choices = [(code, country_name(code)) for code in programmes]
            self.fields["programme"] = forms.ChoiceField(
                label=_("Country programme"), choices=choices, initial=choices[0][0]
            )
        self.fields |= {name: _model_field(name) for name in PLAIN_FIELDS}
        for number in range(1, MOST_CONTACTS + 1):
            self.fields |= _contact_fields(number)
        for number in range(1, MOST_CUSTOMERS + 1):
            self.fields |= _customer_fields(number)
        self.fields["revision"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.fields["was"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        country = (cleaned.get("programme") or self.country)[:2]
        for name in [name for name in cleaned if name.endswith("phone") and cleaned[name]]:
            number = phone_number(cleaned[name], country)
            if number is None:
                example = example_number(country)
                self.add_error(name, _("Enter a telephone number such as %(example)s.") % {"example": example})
            else:
                cleaned[name] = number
        self._check_parts(cleaned)
        for name, sentence in faults_of(cleaned).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return cleaned

    def _check_parts(self, cleaned: dict[str, Any]) -> None:
        for kind, most, names in (("contact", MOST_CONTACTS, CONTACT), ("customer", MOST_CUSTOMERS, CUSTOMER)):
            for number in range(1, most + 1):
                given = [cleaned.get(f"{kind}_{number}_{name}") for name in names]
                if not given[0] and any(value not in (None, "") for value in given[1:]):
                    self.add_error(f"{kind}_{number}_name", _("Enter the name that belongs to this."))

    def profile(self) -> dict[str, Any]:
        """What was typed, as the services take it. Call it on a valid form."""
        return profile_from(self.cleaned_data)

    def started_from(self) -> dict[str, Any]:
        """The flat profile that the person began with; empty when it is not to be read."""
        try:
            was = json.loads(self.cleaned_data.get("was") or "{}")
        except ValueError:
            return {}
        return was if isinstance(was, dict) else {}


def _contact_fields(number: int) -> dict[str, forms.Field]:
    made = {
        "name": forms.CharField(label=_("Name"), max_length=120, required=False),
        "job_title": forms.CharField(label=_("Job title"), max_length=120, required=False),
        "phone": forms.CharField(label=_("Phone"), max_length=40, required=False),
        "email": forms.EmailField(label=_("E-mail"), required=False),
    }
    return {f"contact_{number}_{name}": made[name] for name in CONTACT}


def _customer_fields(number: int) -> dict[str, forms.Field]:
    return {
        f"customer_{number}_name": forms.CharField(label=_("Buyer's name"), max_length=120, required=False),
        f"customer_{number}_years": forms.IntegerField(
            label=_("Years of relationship"), min_value=0, max_value=150, required=False
        ),
    }


def profile_from(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A profile from a form's flat fields; contacts and customers without a name are none."""
    profile = {name: cleaned.get(name) for name in PLAIN_FIELDS}
    if cleaned.get("programme"):
        profile["programme"] = cleaned["programme"]
    return profile | {
        "sectors": sorted(cleaned.get("sectors") or []),
        "contacts": _parts(cleaned, "contact", MOST_CONTACTS, CONTACT),
        "customers": _parts(cleaned, "customer", MOST_CUSTOMERS, CUSTOMER),
    }


def _parts(cleaned: dict[str, Any], kind: str, most: int, names: Sequence[str]) -> list[dict[str, Any]]:
    rows = [{name: cleaned.get(f"{kind}_{number}_{name}") for name in names} for number in range(1, most + 1)]
    return [row for row in rows if row["name"]]


def flat(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile as the form's fields, every value as JSON holds it: to begin from, and to compare."""
    fields = {name: profile.get(name) for name in (*PLAIN_FIELDS, "sectors")}
    for kind, most, names in (("contact", MOST_CONTACTS, CONTACT), ("customer", MOST_CUSTOMERS, CUSTOMER)):
        rows = profile.get(f"{kind}s") or []
        for number in range(1, most + 1):
            row = rows[number - 1] if number <= len(rows) else {}
            fields |= {f"{kind}_{number}_{name}": row.get(name) for name in names}
    return {name: _jsonable(value) for name, value in fields.items()}


def _jsonable(value: Any) -> Any:
    if isinstance(value, bool | list):
        return value
    return "" if value is None else str(value)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why.")},
    )


class FactoryFilter(forms.Form):
    """What the list is narrowed to; everything in the address."""

    q = forms.CharField(label=gettext_lazy("Name, place or OS ID"), required=False, max_length=100)
    programme = forms.ChoiceField(label=gettext_lazy("Country"), required=False, widget=Select)
    region = forms.ChoiceField(label=gettext_lazy("Province or region"), required=False, widget=Select)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False, widget=Select)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False, widget=Select)

    def __init__(self, *args, programmes: Sequence[str], regions: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["programme"].choices = [("", _("All")), *((code, country_name(code)) for code in programmes)]
        fields["region"].choices = [("", _("All")), *((region, region) for region in regions)]
        fields["sector"].choices = [("", _("All")), *Sector.choices]
        fields["status"].choices = [
            ("", FactoryStatus.ACTIVE.label), (FactoryStatus.CLOSED, FactoryStatus.CLOSED.label), ("all", _("All")),
        ]
        for name, offered in (("programme", programmes), ("region", regions)):
            if len(offered) < 2:
                del fields[name]

    def wanted(self) -> Wanted:
        """The filters that can be read; one that cannot is none."""
        self.is_valid()
        given = self.cleaned_data
        status = {"": FactoryStatus.ACTIVE, "all": ""}.get(given.get("status", ""), given.get("status"))
        return Wanted(
            words=given.get("q", ""), programme=given.get("programme", ""), region=given.get("region", ""),
            sector=given.get("sector", ""), status=status,
        )
