"""A replay from its options to its words: the whole run, or one number of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

import click

from stresstest.batch.comparing.origin import Origin, Origins
from stresstest.batch.reading.cells import cells_of
from stresstest.batch.reading.intact import require_intact
from stresstest.batch.reading.originals import archived_inputs
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.batch.replay import Replayed, replay
from stresstest.batch.running.options import BatchOptions
from stresstest.cli.batch.origin_text import print_origin
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.terminal import open_console, safe
from stresstest.errors import InputError, Problem, nearest
from stresstest.kernels._jit import enable_caching

SCHEMA, ORIGIN_SCHEMA = "stresstest/replay/1", "stresstest/origin/1"
_WORDS = {
    "source_sha256": "program (hash of its source)",
    "lock_sha256": "set of packages (hash of their list)",
}


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """Options of `stresstest replay`, named as there."""

    folder: str
    archived: bool
    origin: tuple[str, str] | None
    workers: int | None
    memory: int | None
    as_json: bool


def run_replay(options: ReplayOptions) -> int:
    """Replay and show; return the exit status."""
    enable_caching()
    run = open_run(options.folder)
    require_intact(run)
    if options.origin is not None:
        return _show_origin(run, options)
    found = replay(run, BatchOptions(options.workers, memory=options.memory), archived=options.archived)
    if options.as_json:
        click.echo(json.dumps(replay_document(run, found), allow_nan=False))
    else:
        _print_replay(run, found)
    return ExitCode.DONE if found.same else ExitCode.GATE_FIRED


def replay_document(run: RunFolder, found: Replayed) -> dict[str, Any]:
    """Return the document of `replay --json`."""
    return {
        "schema": SCHEMA,
        "folder": str(run.path),
        "same": found.same,
        "recorded_digest": found.recorded,
        "digest": found.digest,
        "versions": [
            {"name": name, "recorded": then, "now": now} for name, (then, now) in found.versions.items()
        ],
        "first_difference": None if found.difference is None else asdict(found.difference),
    }


def _print_replay(run: RunFolder, found: Replayed) -> None:
    console = open_console()
    for name, (then, now) in found.versions.items():
        console.print(safe(f"Another {_WORDS.get(name, name)}: {_short(then)} then, {_short(now)} now"))
    if found.same:
        console.print(safe(f"{run.path}: the same digest, {found.digest}"), soft_wrap=True)
        return
    console.print(safe(f"{run.path}: ANOTHER DIGEST"), soft_wrap=True)
    console.print(safe(f"  recorded {found.recorded}"))
    console.print(safe(f"  replayed {found.digest}"))
    first = found.difference
    if first is not None:
        console.print(
            safe(
                f"  first difference: {first.portfolio}, {first.result}: "
                f"{first.recorded!r} recorded, {first.replayed!r} replayed"
            )
        )


def _short(text: str) -> str:
    return f"{text[:12]}…" if len(text) == 64 else text


def _show_origin(run: RunFolder, options: ReplayOptions) -> int:
    """Show one number position by position; status 1 where it is not what the run recorded."""
    portfolio, scenario = options.origin or ("", "")
    recorded = _recorded(run, portfolio, scenario)
    found = _as_read(run, Origins(archived_inputs(run), [portfolio]).origin(portfolio, scenario))
    if options.as_json:
        click.echo(json.dumps(origin_document(run, found, recorded), allow_nan=False))
    else:
        print_origin(open_console(), run, found, recorded)
    return ExitCode.DONE if found.pnl == recorded else ExitCode.GATE_FIRED


def _as_read(run: RunFolder, found: Origin) -> Origin:
    """Return an origin with the files that the run read in the places of their copies."""
    positions = tuple(
        replace(
            item,
            file=run.original_of(item.file),
            factors=tuple(replace(moved, file=run.original_of(moved.file)) for moved in item.factors),
        )
        for item in found.positions
    )
    return replace(found, positions=positions, file=run.original_of(found.file))


def _recorded(run: RunFolder, portfolio: str, scenario: str) -> float:
    """Return the P&L that the run has recorded."""
    cells = cells_of(run)
    for what, name, known in (
        ("portfolio", portfolio, cells.rows), ("scenario", scenario, cells.columns),
    ):  # fmt: skip
        if name not in known:
            near = nearest(name, known)
            raise InputError([Problem("ST766", f"{what} {name!r}", f"a {what} of the run", suggestion=near)])
    return float(cells.pnl[cells.rows[portfolio], cells.columns[scenario]])


def origin_document(run: RunFolder, found: Origin, recorded: float) -> dict[str, Any]:
    """Return the document of `replay --origin --json`."""
    return {
        "schema": ORIGIN_SCHEMA,
        "folder": str(run.path),
        **asdict(found),
        "recorded_pnl": recorded,
        "same": found.pnl == recorded,
        "inputs": [file.to_dict() for file in run.inputs],
    }
