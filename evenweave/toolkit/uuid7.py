"""UUIDs of version 7 (RFC 9562): a time in front, so that they sort by when they were made, and 74 random bits."""

import secrets
import time
import uuid
from datetime import UTC, datetime


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A new id; `at` (aware) instead of the current time. Its time can be read by anybody: only for answer changes,
    never for what an address shows."""
    milliseconds = int(at.timestamp() * 1000) if at is not None else time.time_ns() // 1_000_000
    number = (milliseconds & ((1 << 48) - 1)) << 80
    number |= 0x7 << 76
    number |= secrets.randbits(12) << 64
    number |= 0b10 << 62
    number |= secrets.randbits(62)
    return uuid.UUID(int=number)


def made_at(value: uuid.UUID) -> datetime:
    """The moment inside a version 7 id, to the millisecond."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, tz=UTC)
