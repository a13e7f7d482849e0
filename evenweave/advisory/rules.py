"""When a coach comes, how far a coach goes, and which days are bad ones. Plain Python."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from evenweave.advisory.enums import Cause, Clash, Posture

MOST_A_DAY = 2
MOST_A_WEEK = 4
POSTURES = (Posture.GUIDE, Posture.COACH, Posture.CONSULTANT)
MOST_CAUSES_A_BONE = 4


def posture_in(cycle_number: int) -> Posture:
    """Guide in the first year, coach in the second, consultant from the third on."""
    return POSTURES[min(max(cycle_number, 1), len(POSTURES)) - 1]


def spread(first: date, last: date, count: int, is_working: Callable[[date], bool]) -> list[date]:
    """`count` days between two days, equally far apart, each moved to the next working day; never after `last`, where
    it goes back instead. Fewer when there is no room for so many different days."""
    found: list[date] = []
    length = (last - first).days + 1
    for place in range(count):
        wished = first + timedelta(days=(2 * place + 1) * length // (2 * count))
        day = _working_day(wished, first, last, is_working, frozenset(found))
        if day is not None:
            found.append(day)
    return sorted(found)


def _working_day(
    wished: date, first: date, last: date, is_working: Callable[[date], bool], taken: frozenset[date]
) -> date | None:
    later = (wished + timedelta(days=n) for n in range((last - wished).days + 1))
    earlier = (wished - timedelta(days=n) for n in range(1, (wished - first).days + 1))
    return next((day for way in (later, earlier) for day in way if is_working(day) and day not in taken), None)


@dataclass(frozen=True, slots=True)
class Engagement:
    """Another visit of the same coach."""

    day: date
    region: str


def clashes(
    day: date, region: str, others: Iterable[Engagement], *, weekend: frozenset[int], is_holiday: bool
) -> list[Clash]:
    """What speaks against this day for this coach. `others`: her other visits, whichever factory they are for."""
    others = list(others)
    same_day = [other for other in others if other.day == day]
    monday = day - timedelta(days=day.weekday())
    same_week = [other for other in others if monday <= other.day < monday + timedelta(days=7)]
    tests = (
        (Clash.WEEKEND, day.weekday() in weekend),
        (Clash.HOLIDAY, is_holiday),
        (Clash.FULL_DAY, len(same_day) >= MOST_A_DAY),
        (Clash.FAR_APART, any(other.region != region for other in same_day)),
        (Clash.FULL_WEEK, len(same_week) >= MOST_A_WEEK),
    )
    return [clash for clash, speaks in tests if speaks]


def is_to_hand_over(cycles_coached: int, rotate_after: int | None) -> bool:
    """Whether another coach takes over before the next cycle. None: the programme does not rotate its coaches."""
    return rotate_after is not None and cycles_coached >= rotate_after


def tidy_fishbone(typed: Mapping[str, str]) -> dict[str, list[str]]:
    """Bone → causes, one a line of what was typed, at most four; bones without a cause are left out."""
    bones = {
        cause.value: [line.strip() for line in typed.get(cause.value, "").splitlines() if line.strip()]
        for cause in Cause
    }
    return {bone: causes[:MOST_CAUSES_A_BONE] for bone, causes in bones.items() if causes}
