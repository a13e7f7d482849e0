"""Letting the demo's people in: the first manager as an installer would, everybody else by invitation."""

from dataclasses import dataclass, field

from evenweave.access.enums import Role
from evenweave.access.services import give_standing
from evenweave.home.demo.texts import Texts
from evenweave.home.models import DemoPerson
from evenweave.organisations.models import Buyer, Factory
from evenweave.people.models import Person
from evenweave.people.services import accept_invitation, invite

STAFF_ROLES = {
    "team-leader": Role.TEAM_LEADER,
    "assessor": Role.STAFF,
    "second-assessor": Role.STAFF,
    "coach": Role.STAFF,
    "reviewer": Role.STAFF,
    "ministry": Role.MINISTRY,
}
BUYER_OF = {"buyer": "nordlys", "buyer-unpaid": "costa-moda", "buyer-revoked": "roth"}


@dataclass
class Company:
    """Everybody of one demo programme, by key; factories and buyers too."""

    texts: Texts
    people: dict[str, Person] = field(default_factory=dict)
    factories: dict[str, Factory] = field(default_factory=dict)
    buyers: dict[str, Buyer] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Person:
        return self.people[key]

    @property
    def manager(self) -> Person:
        return self.people["programme-manager"]


def let_in(texts: Texts) -> Company:
    """The programme's staff, the buyers and their officers, and the global quality lead. Factories bring their own."""
    company = Company(texts)
    company.people["programme-manager"] = _found(company, "programme-manager", Role.PROGRAMME_MANAGER, texts.programme)
    company.people["quality"] = _found(company, "quality", Role.QUALITY, "")
    for key, role in STAFF_ROLES.items():
        company.people[key] = _invited(company, key, role, programme=texts.programme)
    for key, buyer_key in BUYER_OF.items():
        buyer = Buyer.objects.create(name=texts.buyers[buyer_key], is_invented=True)
        company.buyers[buyer_key] = buyer
        company.people[key] = _invited(company, key, Role.BUYER_OFFICER, buyer=buyer)
    return company


def bring_along(company: Company, key: str, factory: Factory) -> None:
    """A factory's manager and worker representative; two factories bring the faces that one click signs in."""
    faces = {"mekong-stitch": ("factory-manager", "worker-representative"), "tonle-garment": ("other-factory", "")}
    known = company.texts.factories[key]
    manager_key, worker_key = faces.get(key, ("", ""))
    for role, face, name in (
        (Role.FACTORY_MANAGER, manager_key, known["manager"]["name"]),
        (Role.WORKER_REPRESENTATIVE, worker_key, known["worker_representative"]["name"]),
    ):
        person_key = face or f"{key}:{role}"
        company.people[person_key] = _invited(company, person_key, role, factory=factory, name=name)
        company.people[f"{key}:{role}"] = company.people[person_key]


def show_faces(company: Company) -> None:
    """The people of /demo/, in the order of the file."""
    for order, row in enumerate(company.texts.people):
        DemoPerson.objects.update_or_create(
            key=row["key"],
            defaults={
                "person": company.people[row["key"]],
                "order": order,
                "who": row["who"],
                "try_this": row["try_this"],
            },
        )


def _row(company: Company, key: str) -> dict:
    return next((dict(row) for row in company.texts.people if row["key"] == key), {})


def _found(company: Company, key: str, role: Role, programme: str) -> Person:
    row = _row(company, key)
    person = Person.objects.create_user(name=row["name"], email=_email(key), language=row["language"])
    give_standing(role=role, holder=person, programme=programme)
    return person


def _invited(company: Company, key: str, role: Role, *, name: str = "", programme: str = "", **place) -> Person:
    row = _row(company, key)
    _invitation, token = invite(
        name=row.get("name") or name, email=_email(key), role=role, programme=programme, by=company.manager, **place
    )
    return accept_invitation(token=token, password=None, language=row.get("language", "en"))


def _email(key: str) -> str:
    return f"{key.replace(':', '.').replace('_', '-')}@example.org"
