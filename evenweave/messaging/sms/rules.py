"""How a text becomes the request that a gateway expects."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
TYPES = {
    "urlencoded": "application/x-www-form-urlencoded", "json": "application/json", "xml": "text/xml; charset=utf-8",
}
_WRITTEN = {"urlencoded": quote_plus, "json": lambda value: json.dumps(value, ensure_ascii=False), "xml": escape}


def values_of(*, key: str, to: str, text: str, sender: str, channel: str) -> dict[str, str]:
    """What a template may name."""
    return {
        "id": key, "text": text, "to": to, "to_no_plus": to.removeprefix("+"), "from": sender,
        "from_no_plus": sender.removeprefix("+"), "channel": channel, "session_status": "", "quick_replies": "",
    }


def filled(template: str, values: Mapping[str, str], kind: str) -> str:
    """The template with its {{names}} filled in, each written as the body's type asks: percent-encoded, as a JSON
    string with its quotes, or with XML's signs escaped. Raises KeyError for a name that there is not."""
    return _PLACE.sub(lambda found: _WRITTEN[kind](values[found[1]]), template)
