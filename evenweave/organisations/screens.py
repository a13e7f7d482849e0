"""What the pages of a factory say about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from evenweave.organisations.enums import FactoryStatus, Sector
from evenweave.organisations.models import Factory
from evenweave.organisations.queries import Profile, country_name
from evenweave.toolkit.parts import Fact, Reader


@dataclass(frozen=True, slots=True)
class FactoryRow:
    """A line of the list, every value as it is shown; `locked` is the reason why there is nothing more to open."""

    name: str
    href: str
    place: str
    sectors: str
    os_id: str
    status: str
    locked: str


def rows_of(factories: Iterable[Factory], agreed: dict[int, datetime]) -> list[FactoryRow]:
    """The lines of a page; `agreed`: since when a buyer that has paid nothing has the consent of which."""
    sectors = {sector.value: str(sector.label) for sector in Sector}
    statuses = {status.value: str(status.label) for status in FactoryStatus}
    return [
        FactoryRow(
            name=factory.name,
            href=factory.get_absolute_url(),
            place=factory.place,
            sectors=", ".join(sectors[row.sector] for row in factory.open_sectors),
            os_id=factory.os_id,
            status=statuses[factory.status],
            locked=locked_reason(agreed[factory.pk]) if factory.pk in agreed else "",
        )
        for factory in factories
    ]


def locked_reason(agreed_at: datetime) -> str:
    """Why a buyer with the factory's consent reads no report yet, and what opens it."""
    day = date_format(agreed_at, "DATE_FORMAT")
    return _(
        "The factory agreed on %(day)s. No cycle is paid yet: one credit opens a cycle's report, plan and progress "
        "reports."
    ) % {"day": day}


def identity_facts(factory: Factory) -> list[Fact]:
    """What everybody who may see the factory reads; DOMAIN 1.3: name and location are not confidential."""
    return [
        Fact(_("Address"), ", ".join(filter(None, (factory.address, factory.address_more)))),
        Fact(_("Place"), " ".join(filter(None, (factory.place, factory.postal_code)))),
        Fact(_("Country"), country_name(factory.country)),
        Fact(_("On the map"), f"{factory.latitude}, {factory.longitude}" if factory.latitude is not None else ""),
        Fact(_("Sectors"), ", ".join(sector.get_sector_display() for sector in factory.open_sectors)),
        Fact(_("OS ID"), factory.os_id),
    ]


def confidential_facts(factory: Factory, profile: Profile) -> list[tuple[str, list[Fact]]]:
    """The rest of the profile under its headings; headings without a fact are left out."""
    groups = [
        (_("Who works there"), _worker_facts(factory)),
        (_("What it makes"), _trade_facts(factory, profile)),
        (_("Contacts"), _contact_facts(factory, profile)),
        (_("Owner"), [
            Fact(_("Legal name"), factory.owner_name), Fact(_("Address"), factory.owner_address),
            Fact(_("Contact person"), factory.owner_contact), Fact(_("Phone"), factory.owner_phone),
        ]),
    ]
    return [(title, shown) for title, facts in groups if (shown := [fact for fact in facts if fact.value])]


def _worker_facts(factory: Factory) -> list[Fact]:
    def number(count: int | None) -> str:
        return "" if count is None else number_format(count, force_grouping=True)

    return [
        Fact(_("Workers"), number(factory.workers_total)),
        Fact(_("Women"), number(factory.workers_female)),
        Fact(_("Men"), number(factory.workers_male)),
        Fact(_("Dormitory"), _("The factory houses workers in a dormitory.") if factory.has_dormitory else ""),
    ]


def _trade_facts(factory: Factory, profile: Profile) -> list[Fact]:
    buyers = "; ".join(
        customer.name if customer.years is None
        else _("%(name)s, %(years)s years") % {"name": customer.name, "years": customer.years}
        for customer in profile.customers
    )
    return [
        Fact(_("Main products"), factory.products),
        Fact(_("Year operations began"), str(factory.year_operations_began or "")),
        Fact(_("Main buyers, as the factory names them"), buyers),
        Fact(_("National registry number"), factory.registry_id),
    ]


def _contact_facts(factory: Factory, profile: Profile) -> list[Fact]:
    people = [
        Fact(title, ", ".join(filter(None, (contact.name, contact.job_title, contact.phone, contact.email))))
        for title, contact in zip((_("First contact"), _("Second contact")), profile.contacts, strict=False)
    ]
    return [Fact(_("Phone"), factory.phone), Fact(_("E-mail"), factory.email), *people]


def readers() -> list[Reader]:
    """Who reads a factory's profile, as the policy has it."""
    return [
        Reader(_("Programme, coach"), _("the whole profile")),
        Reader(_("The factory"), _("the whole profile")),
        Reader(_("Consented buyers"), _("name, place and sector only")),
        Reader(_("Ministry"), _("name, place and sector only")),
    ]
