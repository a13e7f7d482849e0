"""Letting the demo's people in: the first manager as an installer would, everybody else by invitation."""

from dataclasses import dataclass, field

from evenweave.access.enums import Role
from evenweave.access.services import give_standing
from evenweave.home.demo.texts import Texts, demo_programmes, texts_of
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
# The factories whose people one click signs in: the manager, and the worker representative where there is one.
FACES = {"mekong-stitch": ("factory-manager", "worker-representative"), "tonle-garment": ("other-factory", "")}
FACES_ABROAD = ("factory-manager", "")


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

    @property
    def hero(self) -> Factory | None:
        """The factory whose facts are written out."""
        return self.factories.get("mekong-stitch")

    def is_coached(self, factory: Factory) -> bool:
        """The demo's one coach goes to a few factories; assessors must not meet them there."""
        return factory in [self.factories[key] for key in self.texts.coached if key in self.factories]

    def officer_of(self, buyer: str) -> str:
        """The key of the person who acts for a buyer."""
        return next(key for key, known in BUYER_OF.items() if known == buyer)


def let_in(texts: Texts) -> Company:
    """The programme's staff. The main programme brings the buyers with their officers and the global quality lead, and
    the others meet them. Factories bring their own."""
    company = Company(texts)
    company.people["programme-manager"] = _found(company, "programme-manager", Role.PROGRAMME_MANAGER, texts.programme)
    for key, role in STAFF_ROLES.items():
        if _row(company, key):
            company.people[key] = _invited(company, key, role, programme=texts.programme)
    if texts.is_main:
        company.people["quality"] = _found(company, "quality", Role.QUALITY, "")
        _let_buyers_in(company)
    else:
        _meet_buyers(company)
    return company


def _let_buyers_in(company: Company) -> None:
    for key, buyer_key in BUYER_OF.items():
        buyer = Buyer.objects.create(name=company.texts.buyers[buyer_key], is_invented=True)
        company.buyers[buyer_key] = buyer
        company.people[key] = _invited(company, key, Role.BUYER_OFFICER, buyer=buyer)


def _meet_buyers(company: Company) -> None:
    """The buyers that the main programme let in, and their officers."""
    main = texts_of(demo_programmes()[0])
    names = {main.buyers[key]: key for key in BUYER_OF.values()}
    company.buyers = {names[buyer.name]: buyer for buyer in Buyer.objects.filter(name__in=names, is_invented=True)}
    emails = {_email(main, key): key for key in BUYER_OF}
    company.people |= {emails[person.email]: person for person in Person.objects.filter(email__in=emails)}


def company_of(texts: Texts) -> Company | None:
    """The programme's people as they are in the database; None before they were let in."""
    emails = {_email(texts, row["key"]): row["key"] for row in texts.people}
    known = {emails[person.email]: person for person in Person.objects.filter(email__in=emails)}
    if "programme-manager" not in known:
        return None
    company = Company(texts, people=known)
    _meet_buyers(company)
    return company


def bring_along(company: Company, key: str, factory: Factory) -> None:
    """A factory's manager and worker representative; some bring the faces that one click signs in."""
    known = company.texts.factories[key]
    faces = FACES.get(key, ("", ""))
    if not company.texts.is_main and key == next(iter(company.texts.factories)):
        faces = FACES_ABROAD
    for role, face, name in (
        (Role.FACTORY_MANAGER, faces[0], known["manager"]["name"]),
        (Role.WORKER_REPRESENTATIVE, faces[1], known["worker_representative"]["name"]),
    ):
        person_key = face or f"{key}:{role}"
        company.people[person_key] = _invited(company, person_key, role, factory=factory, name=name)
        company.people[f"{key}:{role}"] = company.people[person_key]


def show_faces(company: Company) -> None:
    """The people of /demo/, in the order of the file; the main programme's come first."""
    texts = company.texts
    first = demo_programmes().index(texts.programme) * 100
    for order, row in enumerate(row for row in texts.people if "who" in row):
        DemoPerson.objects.update_or_create(
            key=_face(texts, row["key"]),
            defaults={
                "person": company.people[row["key"]],
                "programme": texts.programme,
                "language": texts.language,
                "order": first + order,
                "who": row["who"],
                "try_this": row["try_this"],
            },
        )


def _face(texts: Texts, key: str) -> str:
    """The key on /demo/: the main programme's people need no name of their country."""
    return key if texts.is_main else f"{texts.programme.lower()}-{key}"


def _row(company: Company, key: str) -> dict:
    return next((dict(row) for row in company.texts.people if row["key"] == key), {})


def _found(company: Company, key: str, role: Role, programme: str) -> Person:
    row = _row(company, key)
    language = row.get("language", company.texts.language)
    person = Person.objects.create_user(name=row["name"], email=_email(company.texts, key), language=language)
    give_standing(role=role, holder=person, programme=programme)
    return person


def _invited(company: Company, key: str, role: Role, *, name: str = "", programme: str = "", **place) -> Person:
    row = _row(company, key)
    _invitation, token = invite(
        name=row.get("name") or name, email=_email(company.texts, key), role=role, programme=programme,
        by=company.manager, **place,
    )
    return accept_invitation(token=token, password=None, language=row.get("language", company.texts.language))


def _email(texts: Texts, key: str) -> str:
    return f"{_face(texts, key).replace(':', '.').replace('_', '-')}@example.org"
