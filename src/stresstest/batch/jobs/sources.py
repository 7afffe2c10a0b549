"""Sources of portfolios of a job as files: names of the library, paths, patterns, folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stresstest.batch.jobs.job import Job
from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.io.relocation import relocated
from stresstest.io.resources import find_in_library, names

SUFFIXES = (".yaml", ".yml", ".csv", ".parquet", ".xlsx")
"""Of portfolio files."""

_PATTERN = frozenset("*?[")


def portfolio_files(job: Job, problems: ProblemList) -> tuple[Path, ...]:
    """Return the files of the job's portfolios, each once, those of a pattern or folder in order of name.

    Adds ST701 for each source that finds none. A file that exists may still be no portfolio.
    """
    found: dict[Path, Path] = {}
    for source in job.portfolios:
        files = list(_files(source, job))
        if not files:
            problems.add(_nothing(source, job, job.at(f"portfolios.{source}")))
        for file in files:
            found.setdefault(file.resolve(), file)
    return tuple(found.values())


def is_bare_name(source: str) -> bool:
    """Tell whether a source is a name of the library: no path, no suffix, no pattern."""
    return (
        not _PATTERN & set(source)
        and "/" not in source
        and "\\" not in source
        and Path(source).suffix.lower() not in SUFFIXES
    )


def _files(source: str, job: Job) -> Iterator[Path]:
    if is_bare_name(source):
        shipped = find_in_library("portfolios", source)
        if shipped is not None:
            yield shipped
        return
    path = job.path(source)
    if path.is_dir():
        yield from sorted(file for file in path.iterdir() if _is_portfolio(file))
    elif _PATTERN & set(source):
        yield from _matching(source, job.folder)
    elif path.is_file():
        yield path


def _matching(pattern: str, folder: Path) -> Iterator[Path]:
    root, parts = folder, Path(pattern).parts
    if Path(pattern).is_absolute():
        root, parts = Path(parts[0]), parts[1:]
    # A folder above: `Path.glob` takes no `..` in a pattern on every version.
    while parts and not _PATTERN & set(parts[0]):
        root, parts = root / parts[0], parts[1:]
    root = relocated(root)
    if root.is_dir():
        yield from sorted(file for file in root.glob("/".join(parts)) if _is_portfolio(file))


def _is_portfolio(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _nothing(source: str, job: Job, where: Location) -> Problem:
    if is_bare_name(source):
        beside = job.folder / source
        known = [name for name, _ in names("portfolios")]
        near = f"{source}/" if beside.is_dir() else nearest(source, known)
        expected = "a shipped portfolio (stresstest list portfolios), a file, a pattern or a folder"
        return Problem("ST701", f"portfolio {source!r}", expected, where, near)
    path = job.folder / source
    if path.is_dir():
        return Problem("ST701", f"folder {source!r} without portfolios", "*.yaml, *.csv, *.parquet", where)
    if _PATTERN & set(source):
        return Problem("ST701", f"pattern {source!r} that no file matches", "at least one file", where)
    beside = path.parent
    files = sorted(file.name for file in beside.iterdir()) if beside.is_dir() else []
    near = nearest(path.name, files)
    suggestion = (Path(source).parent / near).as_posix() if near else ""
    return Problem("ST701", f"no file {source!r}", "a file that exists", where, suggestion)
