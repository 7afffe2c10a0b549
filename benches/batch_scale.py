"""Batches at full size, each by the command line in processes of their own: rows of a table.

`python -m benches.batch_scale` measures made-up accounts by halves and doubles, the whole library and 1,000
draws on two workers, then one large book of a million positions in 1,000 and in 10,000 draws, totals only,
within 4 GB on one worker.
`python -m benches.batch_scale accounts 2500 5000` and `... book 1000` measure some of it.

Times are those of the whole command, reading and checking included. Peak memory is that of our process and
its workers together, as the run itself reads it, and that of the largest process as the system counts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ACCOUNTS, DRAWS = (2_500, 5_000, 10_000, 20_000), (1_000, 10_000)
BOOK = ("--accounts", "1", "--positions", "1000000", "--instruments", "200000")
LIBRARY = "scenarios: [library, {sample: ai_burst_12m, columns: 1_000, seed: 20251003}]"
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """A run: wall and processor seconds, bytes of the largest process, and its manifest and results."""

    seconds: float
    processor_seconds: float
    largest_process: int
    result_bytes: int
    manifest: dict[str, Any]

    def row(self, what: str) -> str:
        """Return the run as a row of the table."""
        plan = self.manifest["plan"]
        cells = plan["n_positions"] * plan["n_results"]
        numbers = (
            f"{plan['n_positions']:,}",
            f"{plan['n_results']:,}",
            f"{self.seconds:.1f} s",
            f"{self.processor_seconds:.1f} s",
            f"{cells / self.seconds / 1e6:,.0f} M",
            f"{self.manifest['peak_bytes'] / 1e9:.2f} GB",
            f"{self.largest_process / 1e9:.2f} GB",
            f"{self.result_bytes / 1e6:.1f} MB",
        )
        return f"| {what} | {' | '.join(numbers)} |"


def measured(folder: Path, made: Sequence[str], scenarios: str, how: Sequence[str]) -> Measured:
    """Return a run of made-up accounts under `scenarios`, into a folder of its own; `how` are its options."""
    _call("init", str(folder), *made, "--force")
    job = folder / "nightly.yaml"
    text = job.read_text(encoding="utf-8")
    if LIBRARY not in text:
        raise ValueError(f"{job} does not have the scenarios that this bench replaces")
    job.write_text(text.replace(LIBRARY, scenarios), encoding="utf-8")
    run = folder / f"run_{time.time_ns()}"
    start = time.perf_counter()
    usage = _call("batch", str(job), "-o", str(run), *how)
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in run.glob("results/*/*/*.parquet"))
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    processor = usage.ru_utime + usage.ru_stime
    return Measured(seconds, processor, 1024 * usage.ru_maxrss, size, manifest)


def _call(*arguments: str) -> Any:
    """Run the command line and return what it and its children used."""
    command = [sys.executable, "-m", "stresstest", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise RuntimeError(f"exit status {process.returncode}: {' '.join(command)}")
    return usage


def rows(parts: Sequence[str]) -> Iterator[str]:
    """Yield the table, row by row as it is measured."""
    kind, sizes = (parts[0], [int(text) for text in parts[1:]]) if parts else ("", [])
    names = (
        "positions | results each | time | processor | position x result a second | peak | largest | files"
    )
    yield f"| batch | {names} |"
    yield "|---" * 9 + "|"
    with TemporaryDirectory() as name:
        folder = Path(name)
        if kind in ("", "accounts"):
            for count in sizes or ACCOUNTS:
                found = measured(
                    folder / f"accounts_{count}", ("--accounts", str(count)), LIBRARY, ("--workers", "2")
                )
                yield found.row(f"{count:,} accounts, two workers")
        if kind in ("", "book"):
            for count in sizes or DRAWS:
                scenarios = f"scenarios: [{{sample: ai_burst_12m, columns: {count}, seed: 20251003}}]"
                found = measured(folder / "book", BOOK, scenarios, ("--workers", "1", "--memory", "4GB"))
                kinds = f"{found.manifest['plan']['n_instruments']:,} instruments"
                yield found.row(f"one book of {kinds}, one worker")


def main() -> None:
    """Print the table."""
    for row in rows(sys.argv[1:]):
        print(row, flush=True)


if __name__ == "__main__":
    main()
