"""The report of a view: the file that `stresstest report` writes, made by it."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from stresstest.explore.processes import VerbError, run_verb

_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that the page downloads."""

    name: str
    text: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """What is reported, as the command line takes it.

    Attributes
    ----------
    name
        Name of the file.
    portfolios
        Sources of portfolios: names and files.
    traded
        Contents of the files of portfolios with what-if trades, by name; each takes the place of its source.
    options
        What follows them: scenarios, market, severity, drivers.
    """

    name: str
    portfolios: tuple[tuple[str, str], ...]
    options: tuple[str, ...] = ()
    traded: dict[str, str] = field(default_factory=dict)


async def report_of(question: ReportQuestion) -> SavedFile:
    """Return the report, made in a process of its own.

    Raises
    ------
    VerbError
        With what `stresstest report` tells where it writes nothing.
    """
    with tempfile.TemporaryDirectory(prefix="stresstest-explore-") as folder:
        target = Path(folder) / "report.html"
        sources = await asyncio.to_thread(_sources, question, Path(folder))
        finished = await run_verb(["report", *sources, *question.options, "-o", str(target)])
        if finished.status or not target.exists():
            raise VerbError(finished.problems)
        text = await asyncio.to_thread(target.read_text, encoding="utf-8")
    return SavedFile(question.name, text, _HTML)


def _sources(question: ReportQuestion, folder: Path) -> list[str]:
    """Write what was traded; return where each portfolio is read from."""
    found = []
    for name, source in question.portfolios:
        path = folder / f"{name}.yaml"
        if name in question.traded:
            path.write_text(question.traded[name], encoding="utf-8")
        found.append(str(path) if name in question.traded else source)
    return found
