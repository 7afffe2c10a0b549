"""A comparison of two runs from its options to its report."""

from __future__ import annotations

import json
from dataclasses import dataclass

import click

from stresstest.batch.comparing.comparison import Comparison, Load, Tools, compare
from stresstest.batch.comparing.positions import PositionChange, position_changes
from stresstest.batch.comparing.valuing import value_inputs
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.reading.originals import archived_inputs
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.cli.batch.diff_document import diff_document
from stresstest.cli.batch.diff_text import print_difference
from stresstest.cli.terminal import open_console
from stresstest.kernels._jit import enable_caching

LARGEST = 10
"""Portfolios whose positions are looked into."""


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """Options of `stresstest diff`, named as there."""

    before: str
    after: str
    by: str
    as_json: bool


def run_diff(options: DiffOptions) -> None:
    """Compare two runs and show it."""
    enable_caching()
    loaded: dict[str, JobInputs] = {}

    def load(run: RunFolder) -> JobInputs:
        place = str(run.path.resolve())
        if place not in loaded:
            loaded[place] = archived_inputs(run)
        return loaded[place]

    runs = open_run(options.before), open_run(options.after)
    found = compare(*runs, Tools(load, value_inputs))
    positions = _positions(found, load, runs)
    if options.as_json:
        click.echo(json.dumps(diff_document(found, options.by, positions, LARGEST), allow_nan=False))
    else:
        print_difference(open_console(), found, options.by, positions)


def _positions(
    found: Comparison, load: Load, runs: tuple[RunFolder, RunFolder]
) -> tuple[PositionChange, ...]:
    """Return the positions behind the largest changes, where inputs made them."""
    if not set(found.changed) - {"model"} or not found.largest(1):
        return ()
    return position_changes(found, (load(runs[0]), load(runs[1])), LARGEST)
