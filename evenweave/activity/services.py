"""Steps: one transaction, its log entries written at the very end.

    with step() as log:
        ...change rows...
        log.record(Step.REPORT_RELEASED, about=report, by=person, factory=factory, sharing=Shared.BUYERS)

Entries are chained after everything else, so that the head of a chain is locked for the shortest time."""

import contextlib
import secrets
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import models, transaction
from django.tasks import task

from evenweave.activity.models import Anchor, ChainHead, Entry, Payload
from evenweave.activity.rules import GENESIS, entry_hash, payload_hash
from evenweave.activity.steps import Step
from evenweave.toolkit import clock

WHOLE = "whole"


@dataclass
class Pending:
    """An entry waiting for the end of its transaction."""

    step: Step
    about: str
    actor_id: int | None
    factory_id: int | None
    factory_ref: str | None
    programme: str
    assessment_id: int | None
    cycle_id: int | None
    sharing: int
    payload: dict
    at: datetime

    @property
    def chain(self) -> str:
        if self.factory_ref:
            return f"factory:{self.factory_ref}"
        return f"programme:{self.programme}" if self.programme else WHOLE


@dataclass
class Log:
    """Collects the entries of one step."""

    pending: list[Pending] = field(default_factory=list)

    def record(
        self,
        step: Step,
        *,
        about: models.Model,
        by,
        sharing: int,
        factory=None,
        programme: str = "",
        assessment=None,
        cycle=None,
        payload: dict | None = None,
        at: datetime | None = None,
    ) -> None:
        """`about` needs a `ref`; `payload` is JSON and may be erased later, so names of people belong there, if
        anywhere. `by` None is the system itself."""
        self.pending.append(
            Pending(
                step=step,
                about=label_of(about),
                actor_id=by.pk if by is not None else None,
                factory_id=factory.pk if factory is not None else None,
                factory_ref=factory.ref if factory is not None else None,
                programme=programme or (factory.programme if factory is not None else ""),
                assessment_id=assessment.pk if assessment is not None else None,
                cycle_id=cycle.pk if cycle is not None else None,
                sharing=int(sharing),
                payload=payload or {},
                at=at or clock.now(),
            )
        )


def label_of(record: models.Model) -> str:
    """The generic label of a record: "improvement.planitem:k3…"."""
    return f"{record._meta.label_lower}:{record.ref}"


_current: ContextVar[Log | None] = ContextVar("log_of_the_step", default=None)


@contextlib.contextmanager
def step() -> Iterator[Log]:
    """One transaction with its log. A step inside a step joins the outer one."""
    outer = _current.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    log = Log()
    token = _current.set(log)
    try:
        with transaction.atomic():
            yield log
            _write(log.pending)
    finally:
        _current.reset(token)


def _write(pending: list[Pending]) -> None:
    """Append the entries to their chains, in as many statements for a thousand chains as for one; heads are locked in
    one order, so that two steps never wait crosswise."""
    chains = sorted({entry.chain for entry in pending})
    if not chains:
        return
    heads = _locked_heads(chains)
    in_order = sorted(pending, key=lambda one: one.chain)
    salts = [secrets.token_hex(16) for _ in in_order]
    entries = [_chained(heads[one.chain], one, salt) for one, salt in zip(in_order, salts, strict=True)]
    Entry.objects.bulk_create(entries)
    Payload.objects.bulk_create(
        Payload(entry=entry, salt=salt, content=one.payload)
        for entry, salt, one in zip(entries, salts, in_order, strict=True)
    )
    _save_heads(heads.values())


def _locked_heads(chains: list[str]) -> dict[str, ChainHead]:
    """The heads, locked; a chain that has none yet gets one. Saved again as copies without a key: a row then meets
    only itself, by the name of its chain."""
    ChainHead.objects.bulk_create([ChainHead(chain=chain, hash=GENESIS) for chain in chains], ignore_conflicts=True)
    locked = ChainHead.objects.select_for_update().filter(chain__in=chains).order_by("chain")
    rows = locked.values_list("chain", "number", "hash")
    return {chain: ChainHead(chain=chain, number=number, hash=last) for chain, number, last in rows}


def _save_heads(heads: Iterable[ChainHead]) -> None:
    ChainHead.objects.bulk_create(
        heads, update_conflicts=True, unique_fields=["chain"], update_fields=["number", "hash"]
    )


def _chained(head: ChainHead, pending: Pending, salt: str) -> Entry:
    """The next entry of the chain, and the head moved on to it."""
    entry = Entry(
        chain=head.chain,
        number=head.number + 1,
        at=pending.at,
        actor_id=pending.actor_id,
        step=pending.step,
        about=pending.about,
        factory_id=pending.factory_id,
        programme=pending.programme,
        assessment_id=pending.assessment_id,
        cycle_id=pending.cycle_id,
        sharing=pending.sharing,
        payload_hash=payload_hash(salt, pending.payload),
        previous_hash=head.hash,
    )
    entry.hash = entry_hash(head.hash, hashed_fields(entry))
    head.number, head.hash = entry.number, entry.hash
    return entry


def hashed_fields(entry: Entry) -> dict:
    """What the hash of an entry covers."""
    return {
        "ref": entry.ref,
        "chain": entry.chain,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "step": str(entry.step),
        "about": entry.about,
        "programme": entry.programme,
        "sharing": entry.sharing,
        "payload": entry.payload_hash,
    }


def anchor_log(*, on: date) -> Anchor:
    """One hash over all heads of the day; made twice, kept once."""
    with transaction.atomic():
        heads = dict(ChainHead.objects.order_by("chain").values_list("chain", "hash"))
        anchor, _ = Anchor.objects.get_or_create(
            on=on, defaults={"chains": len(heads), "heads": heads, "hash": entry_hash(GENESIS, {"heads": heads})}
        )
    return anchor


@task
def anchor_today() -> None:
    """The day's anchor, made late in the day."""
    anchor_log(on=clock.now().date())


@dataclass(frozen=True)
class Fault:
    """A place where the log does not verify."""

    chain: str
    number: int
    reason: str


def verify_log() -> list[Fault]:
    """Every break in every chain, head, payload and anchor; empty when the log is whole."""
    faults: list[Fault] = []
    last: dict[str, tuple[int, str]] = {}
    entries = Entry.objects.select_related("payload").order_by("chain", "number")
    for entry in entries.iterator(chunk_size=2000):
        number, previous = last.get(entry.chain, (0, GENESIS))
        faults += _faults_of(entry, number, previous)
        last[entry.chain] = (entry.number, entry.hash)
    for head in ChainHead.objects.all():
        if last.get(head.chain, (0, GENESIS)) != (head.number, head.hash):
            faults.append(Fault(head.chain, head.number, "the head does not match the last entry"))
    for anchor in Anchor.objects.all():
        if anchor.hash != entry_hash(GENESIS, {"heads": anchor.heads}):
            faults.append(Fault("anchor", anchor.pk, f"the anchor of {anchor.on} was changed"))
        missing = set(anchor.heads.values()) - {GENESIS} - _known_hashes(anchor.heads.values())
        faults += [Fault("anchor", anchor.pk, f"an entry anchored on {anchor.on} is gone") for _ in missing]
    return faults


def _known_hashes(hashes) -> set[str]:
    return set(Entry.objects.filter(hash__in=list(hashes)).values_list("hash", flat=True))


def _faults_of(entry: Entry, number: int, previous: str) -> list[Fault]:
    reasons = []
    if entry.number != number + 1:
        reasons.append("an entry is missing before this one")
    if entry.previous_hash != previous:
        reasons.append("the link to the entry before is broken")
    if entry.hash != entry_hash(entry.previous_hash, hashed_fields(entry)):
        reasons.append("the entry was changed")
    payload = getattr(entry, "payload", None)
    if payload is None:
        reasons.append("the payload's row is gone")
    elif payload.content is not None and payload_hash(payload.salt, payload.content) != entry.payload_hash:
        reasons.append("the payload was changed")
    return [Fault(entry.chain, entry.number, reason) for reason in reasons]
