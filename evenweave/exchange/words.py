"""The sentences about cells, and the names of the columns."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenweave.exchange.rules.columns import FIELDS
from evenweave.organisations.models import Factory, FactoryContact, FactoryCustomer
from evenweave.organisations.rules import FIRST_YEAR
from evenweave.organisations.services import WORDS as PROFILE_WORDS
from evenweave.toolkit import clock

CELL_WORDS = {
    "control_sign": gettext_lazy("There is a sign in it that cannot be shown. Type the cell anew."),
    "too_long": gettext_lazy("This is longer than %(longest)s characters. Shorten it."),
    "not_a_number": gettext_lazy("This is not a whole number. Write figures only, such as 840."),
    "not_degrees": gettext_lazy("These are not degrees. Write them such as 11.5564."),
    "not_a_phone": gettext_lazy(
        "This is not a telephone number. Write it with its country code, or leave the cell empty."
    ),
    "not_an_email": gettext_lazy("This is not an e-mail address. Correct it, or leave the cell empty."),
    "not_a_country": gettext_lazy("This is no country that is known here. Write its name or its code of two letters."),
    "another_country": gettext_lazy(
        "This is not the programme's country. Leave the row out if the factory belongs to another programme."
    ),
    "not_a_sector": gettext_lazy("This is no sector of the programme. Write apparel or footwear."),
    "sector_left_out": gettext_lazy("It names a sector that is none of the programme; that one is left out."),
    "not_yes_or_no": gettext_lazy("This is neither yes nor no. Write one of them."),
    "part_without_name": gettext_lazy("Enter the name that belongs to this."),
    "lost_sign": gettext_lazy("A letter seems to have been lost here."),
}


def sentence(fault: list) -> str:
    """The sentence of a fault as the rows keep it: [key, what it needs]."""
    key, said = fault
    words: dict[str, Any] = {"first": FIRST_YEAR, "last": clock.now().year} | said
    return str((CELL_WORDS | PROFILE_WORDS)[key]) % words


def field_label(field: str) -> str:
    """A field in words, as people find it on the form."""
    special = {"sectors": _("Sector"), "country": _("Country")}
    if field in special:
        return special[field]
    for kind, model, name in (
        ("contact", FactoryContact, _("Contact %(number)s: %(field)s")),
        ("customer", FactoryCustomer, _("Main buyer %(number)s: %(field)s")),
    ):
        if field.startswith(f"{kind}_"):
            number, part = field.removeprefix(f"{kind}_").split("_", 1)
            return name % {"number": number, "field": model._meta.get_field(part).verbose_name}
    label = str(Factory._meta.get_field(field).verbose_name)
    return label[:1].upper() + label[1:]


def field_choices() -> list[tuple[str, str]]:
    """The fields that a column may hold, for a list to choose from."""
    return [("", _("Not read")), *((field, field_label(field)) for field in FIELDS)]
