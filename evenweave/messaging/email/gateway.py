"""One mail, sent at least once; its Message-ID is made from the caller's key, so that a repetition is recognised."""

import hashlib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives


def send(*, to: str, subject: str, body: str, key: str, unsubscribe_url: str = "") -> None:
    """Raises what the mail backend raises when the mail was not taken; the job that called tries again."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"}
    if unsubscribe_url:
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    EmailMultiAlternatives(subject=subject, body=body, to=[to], headers=headers).send()
