"""How entries are chained: plain functions on bytes and text."""

import hashlib
import hmac
import json
from collections.abc import Mapping

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """One byte form for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def payload_hash(salt: str, payload: Mapping) -> str:
    """The salted hash that stays in the chain when the payload itself has been erased."""
    return hmac.new(salt.encode(), canonical(payload), hashlib.sha256).hexdigest()


def entry_hash(previous: str, fields: Mapping) -> str:
    return hashlib.sha256(previous.encode() + b"\n" + canonical(fields)).hexdigest()
