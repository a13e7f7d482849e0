"""What is measured, how a figure is taken, and what a row of the answer says."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

TIMES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` is what the same machine does at best in the same run (None: nothing to compare with),
    `bar` what is asked of us, in the same unit. `is_within`: given where the bar is not simply the highest value."""

    work: str
    size: str | int
    value: float
    unit: str
    bar: float
    limit: float | None = None
    is_within: bool | None = None

    def document(self) -> dict:
        within = self.value <= self.bar if self.is_within is None else self.is_within
        ratio = round(self.value / self.limit, 2) if self.limit else None
        return {"work": self.work, "size": self.size, "value": round(self.value, 3), "unit": self.unit,
                "limit": None if self.limit is None else round(self.limit, 3), "ratio": ratio, "bar": self.bar,
                "within": within}


type Benchmark = Callable[[], Iterable[Row]]
BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a function that yields rows. It runs in an empty, prepared installation of its own process."""

    def register(measure: Benchmark) -> Benchmark:
        BENCHMARKS[name] = measure
        return measure

    return register


def median(measure: Callable[[], float], times: int = TIMES) -> float:
    """The median of several measurements."""
    return statistics.median(measure() for _ in range(times))


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which the given share (0 to 1) of them lies, the nearest one that was measured."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
