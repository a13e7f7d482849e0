"""One text, handed to the gateway that the installation names; a second try carries the same id."""

import hashlib
import json
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from django.conf import settings

from evenweave.messaging.sms.rules import TYPES, filled, values_of

SECONDS = 15
MOST_ANSWERED = 10_000


class NotSentError(RuntimeError):
    """The gateway did not take the text; the job that called tries again."""


def is_there() -> bool:
    """Whether the installation names a gateway."""
    return bool(settings.SMS["URL"])


def send(*, to: str, text: str, key: str) -> None:
    """Hand over one text. `to` with + and country code; `key` names the message, so that a gateway can recognise a
    repetition. Any 2xx answer is "taken", if it holds the words that the settings ask for. Raises NotSentError."""
    kept = settings.SMS
    identity = hashlib.sha256(key.encode()).hexdigest()[:32]
    values = values_of(key=identity, to=to, text=text, sender=kept["FROM"], channel=kept["CHANNEL"])
    answer = _asked(_request(values))
    if kept["ANSWER"] and kept["ANSWER"] not in answer:
        raise NotSentError("the gateway's answer does not say that the text was taken")


def _request(values: dict[str, str]) -> Request:
    kept = settings.SMS
    url = filled(kept["URL"], values, "urlencoded")
    if urlsplit(url).scheme not in {"http", "https"}:
        raise NotSentError("the gateway's address is no http address")
    headers = {"Content-Type": TYPES[kept["TYPE"]], "User-Agent": "Evenweave"} | json.loads(kept["HEADERS"])
    has_body = kept["METHOD"].upper() != "GET"
    body = filled(kept["BODY"], values, kept["TYPE"]).encode() if has_body else None
    return Request(url, data=body, headers=headers, method=kept["METHOD"].upper())  # noqa: S310  (scheme asked above)


def _asked(request: Request) -> str:
    """The answer of the gateway. What is raised names no number, no text and no key of the gateway."""
    try:
        with build_opener().open(request, timeout=SECONDS) as answer:
            return answer.read(MOST_ANSWERED).decode("utf-8", "replace")
    except HTTPError as fault:
        fault.close()
        raise NotSentError(f"the gateway answered {fault.code}") from None
    except (URLError, OSError) as fault:
        raise NotSentError(f"the gateway was not reached: {type(fault).__name__}") from None
