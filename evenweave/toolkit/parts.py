"""What views hand to the components: small frozen records, so that a misspelt field fails at once.

Words are finished, translated text; `href` is an address on this site; dates come as text ready to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    """One link of a menu, a tab row or a list of saved views. `count` stands behind the label.

    `short` is the label where a phone has room for one word: "Plan" for "Our plan".
    """

    label: str
    href: str
    icon: str = ""
    is_current: bool = False
    count: int | None = None
    short: str = ""


@dataclass(frozen=True)
class Tag:
    """A status: a family (`none doing waiting good wrong danger audience`), its word, and another icon if
    needed.
    """

    family: str
    word: str
    icon: str = ""


@dataclass(frozen=True)
class Mark:
    """`count` equal marks of a thread bar: `full half hatched empty dashed finding no-finding`, and their
    word.
    """

    kind: str
    count: int
    word: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a dated list. `state` is "" (planned), "turn" or "late"; `when` is bold, `when_more`
    below it.
    """

    when: str
    title: str
    href: str = ""
    when_more: str = ""
    meta: str = ""
    tags: Sequence[Tag] = ()
    action: Link | None = None
    state: str = ""


@dataclass(frozen=True)
class Choice:
    """One side of a two-way switch inside a task: a button that posts `value`."""

    label: str
    value: str
    is_on: bool = False


@dataclass(frozen=True)
class Task:
    """One line of a task list: a name, its thread bar, a sum in words, who does it, and its status."""

    title: str
    href: str
    tag: Tag
    marks: Sequence[Mark] = ()
    sum: str = ""
    owners: Sequence[Choice] = ()
    owner_action: str = ""


@dataclass(frozen=True)
class Fact:
    """A term and its value; with `change_href` it can be changed there (check answers)."""

    term: str
    value: object
    change_href: str = ""
    note: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class Knot:
    """One state on a path: its word, a date or note, and whether it is `past`, `now` or `to-come`."""

    word: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Item:
    """A card of the board. `agreement` is (first, second, word); `moves` are the links or forms it can go
    to.
    """

    number: str
    title: str
    href: str
    owner: str = ""
    due: str = ""
    is_late: bool = False
    evidence: str = ""
    audience: str = ""
    tag: Tag | None = None
    agreement: tuple[str, str, str] | None = None
    moves: Sequence[Choice] = ()
    move_action: str = ""


@dataclass(frozen=True)
class Lane:
    """One column of the board. `count` is of all its items, of which `items` are the first shown."""

    title: str
    icon: str
    count: int
    items: Sequence[Item] = ()
    key: str = ""
    more_href: str = ""
    more_word: str = ""


@dataclass(frozen=True)
class Photo:
    """A picture: `src` of the shrunk copy, what it shows in words, and a caption with place and time."""

    src: str
    alt: str
    caption: str = ""
    href: str = ""
    word: str = ""
    is_after: bool = False
    percent: int | None = None
    failed: str = ""


@dataclass(frozen=True)
class File:
    """A file that is not a picture."""

    name: str
    href: str
    meta: str = ""
    percent: int | None = None
    failed: str = ""


@dataclass(frozen=True)
class Message:
    """One message of a talk. `side` is "a", "b" or "" and colours the face; `lang` is the text's language."""

    name: str
    when: str
    text: str
    role: str = ""
    side: str = ""
    lang: str = ""
    translation: str = ""
    translation_lang: str = ""
    translation_is_draft: bool = True
    is_own: bool = False
    is_unread: bool = False


@dataclass(frozen=True)
class Step:
    """One step taken, from the log."""

    when: str
    text: str
    by: str = ""


@dataclass(frozen=True)
class Reader:
    """One audience of a record: who, and since when or from when on."""

    audience: str
    words: str
    may_read: bool = True


@dataclass(frozen=True)
class Side:
    """One of two answers that differ: who gave it, when and where, what it says, and the button that
    chooses it.
    """

    name: str
    when: str
    tag: Tag | None
    headline: str
    text: str = ""
    meta: str = ""
    choose_label: str = ""
    choose_value: str = ""


@dataclass(frozen=True)
class Seat:
    """A seat at the table: `name` is empty when nobody holds it."""

    name: str
    role: str = ""
    tag: Tag | None = None


@dataclass(frozen=True)
class Bench:
    """One side of the table."""

    title: str
    note: str = ""
    seats: Sequence[Seat] = field(default_factory=tuple)
