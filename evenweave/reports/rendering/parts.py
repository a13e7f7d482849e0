"""What the report files share: wording, typed texts, the code on the cover, days of creation."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evenweave.toolkit.documents import Wording
from evenweave.toolkit.documents.codes import qr_svg

DOCUMENTS = Path(__file__).resolve().parent.parent / "documents"
LANGUAGES = ("en", "fr", "km")
BRAND = "Evenweave"
TEXT_ON_COVER = 90


def wording(language: str) -> Wording:
    """The labels of the report files. Raises FileNotFoundError for a language that has none."""
    return Wording(DOCUMENTS, language)


def created_at(day: str) -> dt.datetime:
    """The moment a file says it was made: the start of its day, so that making it again gives the same bytes."""
    return dt.datetime.combine(dt.date.fromisoformat(day[:10]), dt.time(), dt.UTC)


def language_name(say: Wording, language: str) -> str:
    return say.locale.languages.get(language, language)


def country_name(say: Wording, code: str) -> str:
    return say.locale.territories.get(code, code)


def typed(say: Wording, text: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A typed text for the page: in the reader's language when a person reviewed the translation, then with the
    original under it; else as it was written, saying in which language."""
    if not text or not text["text"].strip():
        return None
    own = text["language"]
    if own == say.language:
        return {"language": own, "text": text["text"], "note": "", "original": None}
    translations = (each for each in text.get("translations", ()) if each["language"] == say.language)
    reviewed = next((each for each in translations if each["is_reviewed"]), None)
    name = language_name(say, own)
    if reviewed is None:
        return {"language": own, "text": text["text"], "note": say.say("written_in", language=name), "original": None}
    return {
        "language": say.language,
        "text": reviewed["text"],
        "note": say.say("translated_from", language=name),
        "original": {"language": own, "text": text["text"], "note": say.say("original", language=name)},
    }


def words(say: Wording, text: Mapping[str, str]) -> dict[str, str]:
    """A text of the tool, and the language it stands in, for its line breaks."""
    for language in (say.language, "en", *text):
        if text.get(language):
            return {"language": language, "text": text[language]}
    return {"language": say.language, "text": ""}


def draft_note(say: Wording, shown: Mapping[str, str], fact: Mapping[str, Any]) -> str:
    """What stands under words of the tool that are a translation no native speaker has reviewed; else nothing."""
    return say.say("draft_text") if shown["language"] in fact.get("drafts", ()) else ""


def shortened(text: str, length: int = TEXT_ON_COVER) -> str:
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    # Between words where there are any: Khmer writes none.
    return (cut.rpartition(" ")[0] if " " in cut[-20:] else cut).rstrip(" ,;.") + "…"


def grouped_code(code: str) -> str:
    """The verification code in groups of four, as it is read aloud."""
    plain = code.replace("-", "")
    return "-".join(plain[place : place + 4] for place in range(0, len(plain), 4))


def verification(say: Wording, lead: str, verify_url: str, code: str, who: str) -> dict[str, str]:
    """The block that says how to check the file."""
    address = urlsplit(verify_url)
    shown = f"{address.netloc}{address.path}".rstrip("/").removesuffix(f"/{code}")
    before, after = say.labels["check_how"].split("{code}")
    return {
        "lead": say.say(lead), "how_before": before, "how_after": after, "code": grouped_code(code),
        "address": shown, "place": say.say("check_where", address=shown), "what": say.say("check_what"), "who": who,
        "qr": qr_svg(verify_url), "alt": say.say("qr_alt", address=shown),
    }


def place_of(say: Wording, factory: Mapping[str, Any]) -> str:
    where = ", ".join(filter(None, [factory["city"], country_name(say, factory["country_code"])]))
    identity = say.say("os_id", id=factory["os_id"]) if factory["os_id"] else ""
    return " · ".join(filter(None, [where, identity]))


def workers_line(say: Wording, workers: Mapping[str, int | None]) -> str:
    total, women = workers["total"], workers["women"]
    if not total:
        return say.say("not_known")
    if women is None:
        return say.number(total)
    return say.say("workers_women", total=say.number(total), share=say.percent(women / total))


def term(say: Wording, group: str, key: str) -> str:
    """The word of a closed choice; an empty key has none."""
    return say.labels[group].get(key, key) if key else ""
