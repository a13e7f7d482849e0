"""What the pages of training say: records as the components' parts."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evenweave.people.models import Accreditation
from evenweave.programmes.queries import programme_name
from evenweave.toolkit.documents.codes import qr_svg
from evenweave.toolkit.parts import Fact, Tag
from evenweave.training.enums import RegistrationState, SeminarState, SessionState
from evenweave.training.models import Practice, PracticeConsent, Registration, Seminar, Session
from evenweave.training.queries.courses import said, title_of
from evenweave.training.queries.sessions import Seats
from evenweave.training.rules import Course, Outcome, Price

SESSION_FAMILIES = {SessionState.PLANNED: "none", SessionState.HELD: "good", SessionState.CANCELLED: "wrong"}
SEMINAR_FAMILIES = {SeminarState.PLANNED: "none", SeminarState.HELD: "good", SeminarState.CANCELLED: "wrong"}
REGISTRATION_FAMILIES = {
    RegistrationState.BOOKED: "good", RegistrationState.WAITING: "waiting", RegistrationState.CANCELLED: "none",
}


def language_name(code: str) -> str:
    """A language's name in the reader's own."""
    from babel import Locale

    return Locale.parse(get_language() or "en", sep="-").languages.get(code, code)


def session_tag(session: Session) -> Tag:
    return Tag(SESSION_FAMILIES[SessionState(session.state)], session.get_state_display())


def registration_tag(registration: Registration) -> Tag:
    return Tag(REGISTRATION_FAMILIES[RegistrationState(registration.state)], registration.get_state_display())


def days_words(session: Session) -> str:
    """"3 and 4 March 2026"-like: every day, joined by the language's own "and"."""
    return get_text_list([date_format(day) for day in session.dates], _("and"))


def seats_words(seats: Seats) -> str:
    """"12 of 25 seats are taken." and, when somebody waits, how many."""
    words = _("%(booked)s of %(capacity)s seats are taken.") % {"booked": seats.booked, "capacity": seats.capacity}
    if seats.waiting:
        words += " " + ngettext("%(count)s person waits.", "%(count)s people wait.", seats.waiting) % {
            "count": seats.waiting
        }
    return words


def price_words(price: Price | None, *, is_closed: bool) -> str:
    """What it costs, that the list is a demo's where it is, or that there is no price."""
    if price is None:
        return _("No price list is in force.")
    amount = number_format(price.per_closed_day if is_closed else price.per_person)
    form = _("%(amount)s %(currency)s a day, for one factory") if is_closed else _("%(amount)s %(currency)s a person")
    return form % {"amount": amount, "currency": price.currency}


def course_facts(course: Course, price: Price | None) -> list[Fact]:
    length = ngettext("%(count)s day", "%(count)s days", course.days) % {"count": course.days}
    hours = ngettext("%(count)s hour", "%(count)s hours", course.hours) % {"count": course.hours}
    demo = _("This price list is made for the demo.") if price and price.is_demo else ""
    facts = [
        Fact(_("For whom"), said(course.for_whom)),
        Fact(_("Length"), f"{length}, {hours}"),
        Fact(_("Languages"), get_text_list([language_name(code) for code in course.languages], _("and"))),
        Fact(_("Seats"), _("at most %(count)s") % {"count": course.most_participants}),
    ]
    if not course.is_custom:
        facts.append(Fact(_("Price"), price_words(price, is_closed=False), note=demo))
    facts.append(Fact(_("Price in your factory"), price_words(price, is_closed=True), note=demo))
    return facts


def session_facts(session: Session, seats: Seats) -> list[Fact]:
    facts = [
        Fact(_("Days"), days_words(session)), Fact(_("Place"), session.place),
        Fact(_("Language"), language_name(session.language)), Fact(_("Trainer"), session.trainer.name),
        Fact(_("Programme"), programme_name(session.programme, get_language() or "en")),
        Fact(_("Seats"), seats_words(seats)),
    ]
    if session.closed_to:
        facts.append(Fact(_("Only for"), session.closed_to.name))
    return facts


def registered_words(made: Iterable[Registration]) -> str:
    """What the person is told after registering: how many have a seat, how many wait."""
    made = list(made)
    booked = sum(one.state == RegistrationState.BOOKED for one in made)
    waiting = len(made) - booked
    words = []
    if booked:
        words.append(ngettext("%(count)s person has a seat.", "%(count)s people have a seat.", booked)
                     % {"count": booked})
    if waiting:
        words.append(ngettext(
            "%(count)s person is on the waiting list and moves up when a seat comes free; you are told.",
            "%(count)s people are on the waiting list and move up when seats come free; you are told.", waiting,
        ) % {"count": waiting})
    return " ".join(words)


def percent_words(share: float) -> str:
    return f"{number_format(round(share * 100))} %"


def outcome_words(outcome: Outcome) -> list[str]:
    """What was learnt, in sentences; nothing as long as fewer than five answered."""
    words = []
    if outcome.gain is not None:
        words.append(_(
            "Right answers rose from %(before)s to %(after)s; %(count)s people answered both times."
        ) % {
            "before": percent_words(outcome.before), "after": percent_words(outcome.after),
            "count": outcome.answered_both,
        } if outcome.gain > 0 else _(
            "Right answers went from %(before)s to %(after)s; %(count)s people answered both times."
        ) % {
            "before": percent_words(outcome.before), "after": percent_words(outcome.after),
            "count": outcome.answered_both,
        })
    if outcome.satisfied is not None:
        words.append(_("How they liked it: %(mean)s of 5.") % {"mean": number_format(round(outcome.satisfied, 1))})
    return words


def qr_picture(text: str, label: str) -> SafeString:
    """A QR code large enough for a phone across a table, on white whatever the page's colours are."""
    code = qr_svg(text)
    size = int(code.split('viewBox="0 0 ', 1)[1].split(" ", 1)[0])
    inside = code.split(">", 1)[1].removesuffix("</svg>")
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{}" viewBox="-4 -4 {} {}" width="300" '
        'height="300"><rect x="-4" y="-4" width="{}" height="{}" fill="#ffffff"/>{}</svg>',
        label, size + 8, size + 8, size + 8, size + 8, SafeString(inside),
    )


# Seminars and good practice


def seminar_tag(seminar: Seminar) -> Tag:
    return Tag(SEMINAR_FAMILIES[SeminarState(seminar.state)], seminar.get_state_display())


def seminar_facts(seminar: Seminar, people: int) -> list[Fact]:
    coming = ngettext("%(count)s person of %(seats)s", "%(count)s people of %(seats)s", people) % {
        "count": people, "seats": seminar.seats
    }
    return [
        Fact(_("Day"), date_format(seminar.on)), Fact(_("Place"), seminar.place), Fact(_("Expected"), coming),
        Fact(_("Programme"), programme_name(seminar.programme, get_language() or "en")),
    ]


def practice_tag(practice: Practice, consent: PracticeConsent | None) -> Tag:
    if consent is None:
        return Tag("none", _("Waits for the factory's consent"))
    return Tag("good", _("In the library")) if practice.published_at else Tag("waiting", _("Can be published"))


def subject_words(practice: Practice) -> str:
    return title_of(practice.course) if practice.course else ""


SOON_DAYS = 60


def accreditation_tag(one: Accreditation, today: date) -> Tag:
    """Whether it holds, ends soon, has ended, or was withdrawn."""
    if one.withdrawn_on:
        return Tag("wrong", _("Withdrawn"))
    if today > one.until_on:
        return Tag("wrong", _("Has run out"))
    if today < one.given_on:
        return Tag("none", _("Begins later"))
    return Tag("waiting", _("Ends soon")) if (one.until_on - today).days <= SOON_DAYS else Tag("good", _("Holds"))
