"""What an item of the improvement plan may become, and what its states mean together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from evenweave.access.enums import Role
from evenweave.improvement.enums import Agreement, ItemStatus, Lack, Lane, Side, Verification

MOST_WHYS = 5

TRANSITIONS: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    ItemStatus.PENDING: frozenset({ItemStatus.IN_PROGRESS}),
    ItemStatus.IN_PROGRESS: frozenset({ItemStatus.PENDING, ItemStatus.COMPLETED}),
    ItemStatus.COMPLETED: frozenset({ItemStatus.IN_PROGRESS}),
}

SIDE_OF = {
    Role.FACTORY_MANAGER: Side.MANAGEMENT,
    Role.MANAGEMENT_REPRESENTATIVE: Side.MANAGEMENT,
    Role.WORKER_REPRESENTATIVE: Side.WORKERS,
}


@dataclass(frozen=True)
class State:
    """The four answers that together say where an item stands."""

    status: str = ItemStatus.PENDING
    management: str = Agreement.NOT_YET
    workers: str = Agreement.NOT_YET
    verification: str = Verification.NOT_NEEDED

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def may_move(now: str, to: str) -> bool:
    return ItemStatus(to) in TRANSITIONS[ItemStatus(now)]


def lane_of(state: State) -> Lane:
    """The column of the board. Remedy may begin before both sides agree: danger does not wait."""
    if state.status == ItemStatus.COMPLETED:
        waits = state.verification in {Verification.NEEDED, Verification.ASKED}
        return Lane.WAITING if waits else Lane.VERIFIED
    if state.status == ItemStatus.IN_PROGRESS:
        return Lane.DOING
    return Lane.AGREED if is_agreed(state) else Lane.TO_AGREE


def is_agreed(state: State) -> bool:
    return state.management == state.workers == Agreement.AGREES


def is_own_word(state: State) -> bool:
    """Completed and checked by nobody: the factory says so, and every surface labels it so."""
    return state.status == ItemStatus.COMPLETED and state.verification != Verification.VERIFIED


def verification_at_start(*, is_public: bool) -> Verification:
    """Programme staff check publicly reported items, and no others."""
    return Verification.NEEDED if is_public else Verification.NOT_NEEDED


def moved(state: State, to: str, *, is_public: bool) -> State:
    """The state after the factory moved an item: a publicly reported one that is completed asks for its check,
    and one that is taken back takes the question back too."""
    verification = Verification(state.verification)
    if to == ItemStatus.COMPLETED and is_public:
        verification = Verification.ASKED
    elif verification is Verification.ASKED:
        verification = Verification.NEEDED
    return replace(state, status=ItemStatus(to), verification=verification)


def checked(state: State, *, is_accepted: bool) -> State:
    """The state after staff decided; what they do not accept is work again."""
    if is_accepted:
        return replace(state, verification=Verification.VERIFIED)
    return replace(state, status=ItemStatus.IN_PROGRESS, verification=Verification.REFUSED)


def found_again(state: State, *, is_public: bool) -> State:
    """The state after a new finding. What was completed did not hold: both sides look at it anew. What is still
    being worked on goes on; only the need of a check follows the public list of the newer tool."""
    if state.status == ItemStatus.COMPLETED:
        return State(verification=verification_at_start(is_public=is_public))
    return with_public(state, is_public=is_public)


def with_public(state: State, *, is_public: bool) -> State:
    """The need of a check follows whether the item is publicly reported; a decision already taken stays."""
    if is_public and state.verification == Verification.NOT_NEEDED:
        return replace(state, verification=Verification.NEEDED)
    if not is_public and state.verification in {Verification.NEEDED, Verification.ASKED}:
        return replace(state, verification=Verification.NOT_NEEDED)
    return state


def answered(state: State, side: Side, position: str) -> State:
    """One side's answer leaves the other side's alone."""
    return replace(state, **{side.value: Agreement(position)})


def item_for[T](roots: Sequence[str], open_items: Mapping[str, T]) -> T | None:
    """The open item that a finding belongs to: that of its question's canonical root, else of the first other root
    that has one. A merged question has several roots; the parts of a split one share theirs, and so their item."""
    return next((open_items[root] for root in roots if root in open_items), None)


def is_closed_to_work(state: State, *, is_withdrawn: bool) -> bool:
    """Causes and actions stay as they were when the item was called done; taking it back opens them again."""
    return is_withdrawn or state.status == ItemStatus.COMPLETED


def is_closed_to_evidence(state: State, *, is_withdrawn: bool) -> bool:
    """Proof may still be added while a check is waited for."""
    return is_withdrawn or state.verification == Verification.VERIFIED


def moves_from(state: State, *, is_withdrawn: bool) -> list[ItemStatus]:
    """Where the factory may move an item now, in the order of the statuses. What staff verified stays verified until
    a new finding."""
    if is_withdrawn or state.verification == Verification.VERIFIED:
        return []
    return [status for status in ItemStatus if may_move(state.status, status)]


def lacking(state: State, *, actions: int, open_actions: int, has_immediate_action: bool) -> list[Lack]:
    """What keeps an item from being called done. A disagreement does not: it stays written beside it."""
    lacks = []
    if state.management == Agreement.NOT_YET:
        lacks.append(Lack.ANSWER_OF_MANAGEMENT)
    if state.workers == Agreement.NOT_YET:
        lacks.append(Lack.ANSWER_OF_WORKERS)
    if not actions and not has_immediate_action:
        lacks.append(Lack.ACTION)
    if open_actions:
        lacks.append(Lack.OPEN_ACTION)
    return lacks


def side_of(roles: Iterable[Role]) -> Side | None:
    """The side a person answers for; None for everybody else, and for one who would answer for both."""
    sides = {SIDE_OF[role] for role in roles if role in SIDE_OF}
    return sides.pop() if len(sides) == 1 else None


def tidy_whys(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows in which something is written, without outer blanks, as [why, because]; at most five."""
    tidy = [[str(why).strip(), str(because).strip()] for why, because in rows]
    return [row for row in tidy if any(row)][:MOST_WHYS]
