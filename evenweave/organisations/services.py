"""Registering factories, correcting what is known about them, closing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenweave.access.enums import Action, Shared
from evenweave.activity.services import step
from evenweave.activity.steps import Step
from evenweave.organisations.enums import FactoryStatus
from evenweave.organisations.models import Factory, FactoryContact, FactoryCustomer, FactorySector
from evenweave.organisations.queries import UNLISTED, programmes_for, same_factory
from evenweave.organisations.rules import FIRST_YEAR, PLAIN_FIELDS, match_key, phone_number, profile_faults, search_key
from evenweave.toolkit import clock
from evenweave.toolkit.refusals import Refused

WORDS = {
    "name_missing": gettext_lazy("Enter the factory's name."),
    "total_missing": gettext_lazy("Enter how many workers there are in all."),
    "total_is_not_the_sum": gettext_lazy(
        "Women and men do not add up to the number of workers. Correct one of the three."
    ),
    "more_than_all": gettext_lazy("This is more than the number of all workers."),
    "year_out_of_range": gettext_lazy("Enter a year from %(first)s to %(last)s."),
    "half_a_place": gettext_lazy("Enter both latitude and longitude, or neither."),
    "latitude_out_of_range": gettext_lazy("Latitude lies between -90 and 90."),
    "longitude_out_of_range": gettext_lazy("Longitude lies between -180 and 180."),
    "os_id_malformed": gettext_lazy("An OS ID has two letters, seven digits, then six letters or digits."),
}


class ChangedMeanwhile(Refused):
    """Somebody else has corrected the profile since it was opened. `profile` is what is saved now."""

    def __init__(self, factory: Factory) -> None:
        super().__init__(_("Somebody else corrected this profile while you did. Compare and save again."))
        self.profile = profile_of(factory)
        self.revision = factory.revision


def faults_of(profile: dict[str, Any]) -> dict[str, str]:
    """What is wrong with a profile in words: field → sentence."""
    year = clock.now().year
    said = {"first": FIRST_YEAR, "last": year}
    return {field: str(WORDS[key]) % said for field, key in profile_faults(profile, this_year=year).items()}


def register_factory(*, data: dict[str, Any], by, is_invented: bool = False) -> Factory:
    """The factory takes part from now on. `data`: `programme`, the PLAIN_FIELDS that are known (only `name` must be),
    `sectors`: ["apparel"], `contacts`: [{name, job_title, phone, email}], `customers`: [{name, years}].

    Refused for a faulty profile and when the programme already has a factory of this name and address; Http404
    when the person registers nothing in this programme."""
    programme = data.get("programme", "")
    if programme not in programmes_for(by, Action.FACTORY_REGISTER):
        raise Http404
    with step() as log:
        _refuse_faults(data)
        twin = same_factory(programme, match_key(data["name"], data.get("address", "")))
        if twin is not None:
            raise Refused(
                _("%(name)s at this address is registered already.") % {"name": twin.name}, field="name"
            )
        factory = make_factory(data=data, is_invented=is_invented)
        log.record(Step.FACTORY_REGISTERED, about=factory, by=by, factory=factory, sharing=Shared.FACTORY)
    return factory


def make_factory(*, data: dict[str, Any], is_invented: bool = False) -> Factory:
    """The rows of a factory, checked but not logged: for a step of a higher room, inside its transaction."""
    return save_factories([draw_up_factory(data=data, is_invented=is_invented)])[0]


@dataclass(frozen=True)
class Draft:
    """A factory that was checked and is not saved yet, with what hangs on it."""

    factory: Factory
    sectors: tuple[str, ...]
    contacts: tuple[FactoryContact, ...]
    customers: tuple[FactoryCustomer, ...]


def draw_up_factory(*, data: dict[str, Any], is_invented: bool = False, is_read: bool = False) -> Draft:
    """Everything about a new factory that can be done before anything is written. Refused for a faulty profile.
    `is_read`: its telephone numbers are already as `rules.phone_number` writes them."""
    _refuse_faults(data)
    factory = Factory(
        programme=data["programme"], country=data.get("country") or data["programme"][:2], is_invented=is_invented
    )
    _write(factory, data, is_read=is_read)
    return Draft(
        factory,
        tuple(sorted(set(data.get("sectors") or ()))),
        tuple(_contact(factory, contact, is_read=is_read) for contact in data.get("contacts") or ()),
        tuple(FactoryCustomer(factory=factory, **customer) for customer in data.get("customers") or ()),
    )


def save_factories(drafts: Sequence[Draft]) -> list[Factory]:
    """Save them, in four statements for one as for hundreds; not logged: for a step of a higher room, inside its
    transaction."""
    factories = Factory.objects.bulk_create([draft.factory for draft in drafts])
    today = clock.now().date()
    FactorySector.objects.bulk_create(
        FactorySector(factory=draft.factory, sector=sector, from_on=today)
        for draft in drafts for sector in draft.sectors
    )
    FactoryContact.objects.bulk_create(contact for draft in drafts for contact in draft.contacts)
    FactoryCustomer.objects.bulk_create(customer for draft in drafts for customer in draft.customers)
    return factories


def correct_factory(*, ref: str, data: dict[str, Any], by, revision: int | None = None) -> Factory:
    """The profile says from now on what `data` says; what it leaves out stays. With the `revision` that the person
    started from, ChangedMeanwhile when somebody else has corrected the profile since."""
    with step() as log:
        factory = Factory.objects.one_for(by, Action.FACTORY_EDIT, ref=ref)
        if factory.status in UNLISTED:
            raise Http404
        if revision is not None and revision != factory.revision:
            raise ChangedMeanwhile(factory)
        before = profile_of(factory)
        wished = before | data
        _refuse_faults(wished)
        changed = {name: value for name, value in wished.items() if value != before.get(name)}
        if not changed:
            return factory
        _write(factory, changed)
        factory.revision += 1
        factory.save()
        _write_parts(factory, changed)
        log.record(
            Step.FACTORY_CORRECTED, about=factory, by=by, factory=factory, sharing=Shared.FACTORY,
            payload={"changed": sorted(changed)},
        )
    return factory


def take_over_profile(*, factory: Factory, profile: dict[str, Any]) -> list[str]:
    """Write these fields of a locked factory, checked but not logged: for a step of a higher room, inside its
    transaction. Returns their names."""
    if profile:
        _refuse_faults(profile_of(factory) | profile)
        _write(factory, profile)
        factory.revision += 1
        factory.save()
        _write_parts(factory, profile)
    return sorted(profile)


def close_factory(*, ref: str, reason: str, by) -> Factory:
    """The factory has ceased to work: it stays, with the reason, and takes no part in anything new."""
    with step() as log:
        factory = _to_move(ref, FactoryStatus.ACTIVE, reason, by)
        factory.status, factory.status_reason = FactoryStatus.CLOSED, reason
        factory.save(update_fields=["status", "status_reason"])
        log.record(
            Step.FACTORY_CLOSED, about=factory, by=by, factory=factory, sharing=Shared.FACTORY,
            payload={"reason": reason},
        )
    return factory


def reopen_factory(*, ref: str, reason: str, by) -> Factory:
    """A closed factory works again, or was noted as closed by mistake."""
    with step() as log:
        factory = _to_move(ref, FactoryStatus.CLOSED, reason, by)
        factory.status, factory.status_reason = FactoryStatus.ACTIVE, ""
        factory.save(update_fields=["status", "status_reason"])
        log.record(
            Step.FACTORY_REOPENED, about=factory, by=by, factory=factory, sharing=Shared.FACTORY,
            payload={"reason": reason},
        )
    return factory


def _to_move(ref: str, expected: FactoryStatus, reason: str, by) -> Factory:
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    factory = Factory.objects.one_for(by, Action.FACTORY_CLOSE, ref=ref)
    if factory.status != expected:
        raise Refused(_("This factory is: %(status)s.") % {"status": factory.get_status_display()})
    return factory


def profile_of(factory: Factory) -> dict[str, Any]:
    """The profile as `correct_factory` takes it. Three queries."""
    return {name: getattr(factory, name) for name in PLAIN_FIELDS} | {
        "sectors": sorted(factory.sectors.filter(until_on=None).values_list("sector", flat=True)),
        "contacts": list(factory.contacts.order_by("pk").values("name", "job_title", "phone", "email")),
        "customers": list(factory.customers.order_by("pk").values("name", "years")),
    }


def rewrite_keys(factory: Factory) -> None:
    """What the list searches and imports match by, after a change of name or place. Does not save."""
    factory.search_key = search_key(factory.name, factory.city, factory.region, factory.os_id)
    factory.match_key = match_key(factory.name, factory.address)


def _refuse_faults(profile: dict[str, Any]) -> None:
    for field, sentence in faults_of(profile).items():
        raise Refused(sentence, field=field)


def _write(factory: Factory, data: dict[str, Any], *, is_read: bool = False) -> None:
    for name in PLAIN_FIELDS:
        if name in data:
            value = data[name]
            setattr(factory, name, _phone(value, factory) if name.endswith("phone") and not is_read else value)
    rewrite_keys(factory)


def _phone(text: str, factory: Factory) -> str:
    return phone_number(text, factory.country) or text if text else ""


def _contact(factory: Factory, contact: dict[str, Any], *, is_read: bool = False) -> FactoryContact:
    phone = contact.get("phone", "")
    return FactoryContact(factory=factory, **contact | {"phone": phone if is_read else _phone(phone, factory)})


def _write_parts(factory: Factory, data: dict[str, Any]) -> None:
    """Contacts and customers are replaced; a sector that is left out ends today and stays on record."""
    if "contacts" in data:
        factory.contacts.all().delete()
        FactoryContact.objects.bulk_create(_contact(factory, contact) for contact in data["contacts"])
    if "customers" in data:
        factory.customers.all().delete()
        FactoryCustomer.objects.bulk_create(
            FactoryCustomer(factory=factory, **customer) for customer in data["customers"]
        )
    if "sectors" in data:
        today = clock.now().date()
        open_now = factory.sectors.filter(until_on=None)
        open_now.exclude(sector__in=data["sectors"]).update(until_on=today)
        new = set(data["sectors"]) - set(open_now.values_list("sector", flat=True))
        FactorySector.objects.bulk_create(
            FactorySector(factory=factory, sector=sector, from_on=today) for sector in sorted(new)
        )
