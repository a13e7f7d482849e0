"""A certificate as PDF/UA. Heavy: called by a job, in the worker."""

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from evenweave.notifications.services import address
from evenweave.programmes.queries import programme_name
from evenweave.toolkit.documents import Wording, render_pdf
from evenweave.toolkit.documents.codes import qr_svg
from evenweave.training.models import Certificate
from evenweave.training.queries.courses import course_named

TEMPLATE = "training/documents/certificate.typ"
FOLDER = Path(__file__).parent / "documents"
LANGUAGES = tuple(sorted(file.stem.partition(".")[2] for file in FOLDER.glob("labels.*.yaml")))


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate in the session's language where its words are known, else in English. The same certificate
    gives the same bytes."""
    session = certificate.registration.session
    language = session.language if session.language in LANGUAGES else "en"
    say = Wording(FOLDER, language)
    made = dt.datetime.combine(certificate.issued_on, dt.time(), dt.UTC)
    return render_pdf(
        TEMPLATE, page_data(certificate, say), language=language,
        title=say.say("title", name=certificate.registration.name), created_at=made,
    )


def page_data(certificate: Certificate, say: Wording) -> dict[str, Any]:
    """What the template prints, all of it formatted."""
    one, session = certificate.registration, certificate.registration.session
    course = course_named(session.course)
    url = address(reverse("verify", args=[certificate.code]))
    where = urlsplit(url)
    shown = f"{where.netloc}{where.path}".rstrip("/").removesuffix(f"/{certificate.code}")
    before, after = say.labels["check_how"].split("{code}")
    return {
        "labels": say.labels,
        "name": one.name,
        "course": say.words(course.title) if course else session.course,
        "aims": list((course.aims.get(say.language) or course.aims["en"]) if course else []),
        "programme": programme_name(session.programme, say.language),
        "facts": [
            {"term": say.labels["days"], "value": say.days(session.days)},
            {"term": say.labels["hours"], "value": say.number(course.hours) if course else "–"},
            {"term": say.labels["place"], "value": session.place},
            {"term": say.labels["trainer"], "value": session.trainer.name},
        ],
        "issued": say.say("issued", day=say.day(certificate.issued_on)),
        "verify": {
            "how_before": before, "how_after": after, "code": grouped(certificate.code),
            "place": say.say("check_where", address=shown), "qr": qr_svg(url),
            "alt": say.say("qr_alt", address=shown),
        },
    }


def grouped(code: str) -> str:
    """The code in groups of four, as it is read aloud."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
