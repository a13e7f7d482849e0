"""The rates of an export of a million rows, as a programme would ask for them: the command, its start included."""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.registry import Row, benchmark, median, milliseconds

ROWS, QUESTIONS, POINTS, FACTORIES, CYCLES = 1_000_000, 250, 38, 800, 5
BAR_SECONDS = 10
TIMES = 3


@benchmark("rates of an export")
def rates() -> Iterator[Row]:
    """Every row read, checked and counted. Limit: reading the same file with nothing done to its rows."""
    with tempfile.TemporaryDirectory(prefix="evenweave-bench-") as folder:
        path = Path(folder) / "export.csv"
        _write(path)
        command = [sys.executable, "-m", "evenweave.config.commandline", "rates", str(path), "--latest", "--json"]
        ours = median(lambda: _seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)), TIMES)
        bare = median(lambda: _seconds(lambda: _read(path)), TIMES)
        yield Row("rates of an export", f"{ROWS:,} rows", ours, "s", bar=BAR_SECONDS, limit=bare)


def _seconds(work) -> float:
    return milliseconds(work) / 1000


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _row in csv.reader(file):
            pass


def _write(path: Path) -> None:
    """Assessments of 250 questions under 38 points, one question in ten information only, one in four not applicable,
    with labels as long as they are in real exports."""
    from evenweave.indicators.rules.exports import COLUMNS

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_answer(number) for number in range(ROWS))


def _answer(number: int) -> list:
    assessment, question = divmod(number, QUESTIONS)
    cycle, factory = divmod(assessment, FACTORIES)
    point = question % POINTS
    return [
        "Cambodia", 1000 + factory, f"Factory {factory} Garment Co., Ltd.", 20_000 + assessment, "Garment CAT V2",
        cycle + 1, f"{factory % 28 + 1:02}/{factory % 12 + 1:02}/{2012 + cycle}", f"Cluster {point % 8}",
        f"Compliance point {point}", question + 1, f"Question {question}: do workers have what the law gives them?",
        "FGW" if question % 10 == 0 else "NCQ", ("0", "0", "1", "")[(number * 7919 >> 3) % 4],
        "Public Disclosure" if question % 9 == 0 else "",
    ]
