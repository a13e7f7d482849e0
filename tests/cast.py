"""The cast, introduced once: who they are and what they may see. Every page test looks at all of them.

| key | who | may see |
|---|---|---|
| manager | Chan Sopheap, manager of Mekong Stitch | Mekong Stitch, from what has been shared with the factory on |
| worker | Keo Sreymom, worker representative there | the same, without money, consents and the reply |
| other_manager | Ly Dara, manager of Tonle Garment | nothing of Mekong Stitch |
| buyer | Lena Berg of Nordlys: consented and paid | Mekong Stitch's released reports and plan of cycle 1 |
| unpaid_buyer | Bruno Costa of Costa Moda: consented, not paid | that Mekong Stitch takes part; no report, no plan |
| stranger_buyer | Ines Roth of Roth & Cie: neither | nothing |
| coach | Heng Vibol, Mekong Stitch's coach | the factory; of an assessment nothing before the factory itself |
| assessor | Som Chenda, programme staff | who takes part; once assigned, this assessment |
| second_assessor | Nou Pisey | this assessment |
| reviewer | Ann Okello | this assessment |
| team_leader | Prak Nary, programme KH | the programme |
| programme_manager | Ros Samnang, programme KH | the programme, money and release too |
| ministry | Tep Bopha, ministry observer of KH | that factories take part; cases she was informed of |
| quality | Maria Silva, global quality | everything that is not money, consent, secret person or protocol step |
| administrator | Ada Admin | accounts |
| foreign_manager | Amina Haddad, programme manager of JO | nothing of KH |
| nobody | signed in, without any standing | nothing |
| None | not signed in | public pages |
"""

from dataclasses import dataclass, fields

from evenweave.access.enums import Role
from evenweave.access.models import Standing
from evenweave.organisations.models import Buyer, Factory
from evenweave.people.models import Person
from tests import builders

PROGRAMME = "KH"


@dataclass
class Cast:
    manager: Person
    worker: Person
    other_manager: Person
    buyer: Person
    unpaid_buyer: Person
    stranger_buyer: Person
    coach: Person
    assessor: Person
    second_assessor: Person
    reviewer: Person
    team_leader: Person
    programme_manager: Person
    ministry: Person
    quality: Person
    administrator: Person
    foreign_manager: Person
    nobody: Person
    factory: Factory
    other_factory: Factory
    nordlys: Buyer
    costa: Buyer
    roth: Buyer

    @property
    def people(self) -> dict[str, Person | None]:
        """Everybody by key, and the one who is not signed in."""
        everyone = {f.name: getattr(self, f.name) for f in fields(self)}
        return {key: one for key, one in everyone.items() if isinstance(one, Person)} | {"anonymous": None}


NAMES = {
    "manager": "Chan Sopheap",
    "worker": "Keo Sreymom",
    "other_manager": "Ly Dara",
    "buyer": "Lena Berg",
    "unpaid_buyer": "Bruno Costa",
    "stranger_buyer": "Ines Roth",
    "coach": "Heng Vibol",
    "assessor": "Som Chenda",
    "second_assessor": "Nou Pisey",
    "reviewer": "Ann Okello",
    "team_leader": "Prak Nary",
    "programme_manager": "Ros Samnang",
    "ministry": "Tep Bopha",
    "quality": "Maria Silva",
    "administrator": "Ada Admin",
    "foreign_manager": "Amina Haddad",
    "nobody": "Nobody Known",
}


def introduce() -> Cast:
    """The cast with its standings; no cycle, no assessment yet: builders.an_assessment(cast) ties the assessors."""
    people = {key: builders.a_person(name, key) for key, name in NAMES.items()}
    factory = builders.a_factory("Mekong Stitch", programme=PROGRAMME)
    other_factory = builders.a_factory("Tonle Garment", programme=PROGRAMME)
    buyers = {
        key: builders.a_buyer(name)
        for key, name in {"nordlys": "Nordlys", "costa": "Costa Moda", "roth": "Roth & Cie"}.items()
    }
    cast = Cast(**people, **buyers, factory=factory, other_factory=other_factory)
    _stand(cast)
    return cast


def _stand(cast: Cast) -> None:
    def give(person: Person, role: Role, **scope) -> None:
        Standing.objects.create(holder=person, role=role, starts_at=builders.LONG_AGO, **scope)

    give(cast.manager, Role.FACTORY_MANAGER, factory=cast.factory)
    give(cast.worker, Role.WORKER_REPRESENTATIVE, factory=cast.factory)
    give(cast.other_manager, Role.FACTORY_MANAGER, factory=cast.other_factory)
    give(cast.coach, Role.ADVISOR, factory=cast.factory)
    give(cast.buyer, Role.BUYER_OFFICER, buyer=cast.nordlys)
    give(cast.unpaid_buyer, Role.BUYER_OFFICER, buyer=cast.costa)
    give(cast.stranger_buyer, Role.BUYER_OFFICER, buyer=cast.roth)
    for member in (cast.coach, cast.assessor, cast.second_assessor, cast.reviewer):
        give(member, Role.STAFF, programme=PROGRAMME)
    give(cast.team_leader, Role.TEAM_LEADER, programme=PROGRAMME)
    give(cast.programme_manager, Role.PROGRAMME_MANAGER, programme=PROGRAMME)
    give(cast.ministry, Role.MINISTRY, programme=PROGRAMME)
    give(cast.foreign_manager, Role.PROGRAMME_MANAGER, programme="JO")
    give(cast.quality, Role.QUALITY)
    give(cast.administrator, Role.ADMINISTRATOR)
