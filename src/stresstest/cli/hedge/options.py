"""What `stresstest hedge` is asked for, and which files it may write, told before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from stresstest.cli.report.pages import require_page
from stresstest.errors import InputError, Location, Problem
from stresstest.io.outputs import require_format, require_free

_DOCUMENTS = (".yaml", ".yml")
_PORTFOLIOS = (".csv", ".parquet", ".xlsx", *_DOCUMENTS)
_PLANS = (*_PORTFOLIOS, ".json")


@dataclass(frozen=True, slots=True)
class HedgeOptions:
    """Options of `stresstest hedge`, named as there."""

    portfolio: str
    policy: str
    shocks: tuple[str, ...]
    markets: tuple[str, ...]
    settings: tuple[str, ...]
    budget: float | None
    max_losses: dict[str, float]
    frontier: bool
    challenges: bool
    as_json: bool
    output: str | None
    hedged: str | None
    force: bool
    nodes: int
    time_limit: float
    threads: int | None
    report: str | None = None


def require_targets(options: HedgeOptions) -> None:
    """Refuse files before anything is computed."""
    if options.output is not None:
        _require_target(Path(options.output), _PLANS, options.force)
    if options.report is not None:
        require_page(Path(options.report), options.force)
    if options.hedged is not None:
        _require_target(Path(options.hedged), _PORTFOLIOS, options.force)
        if options.output is not None and Path(options.output).resolve() == Path(options.hedged).resolve():
            raise click.UsageError(f"--output and --hedged are both {options.hedged}; expected two files")


def _require_target(target: Path, known: tuple[str, ...], force: bool) -> None:
    suffix = target.suffix.lower()
    if suffix not in known:
        got = f"output format {target.suffix!r}"
        raise InputError([Problem("ST147", got, f"one of {', '.join(known)}", Location(str(target)))])
    if suffix not in _DOCUMENTS and suffix != ".json":
        require_format(target)
    require_free(target, force)
