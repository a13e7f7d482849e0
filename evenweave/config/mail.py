"""Where mail goes: to the server that EVENWEAVE_MAIL names, else into files under the data folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mailer_settings(url: str | None, data: Path) -> dict:
    """Django's settings for the mailer.

    `url`: smtp://user:password@host:587 (STARTTLS), smtps://… (TLS from the start), smtp+plain://host:25 (a relay
    on this machine, unencrypted). None writes each mail to a file. Raises ValueError for another scheme."""
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(data / "mail")},
        }
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(f"EVENWEAVE_MAIL begins with '{parts.scheme}:'; use smtp:, smtps: or smtp+plain:")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp",
            "use_ssl": parts.scheme == "smtps",
            "timeout": TIMEOUT_SECONDS,
        },
    }
