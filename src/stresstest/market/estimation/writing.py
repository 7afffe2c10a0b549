"""A built factor model as files: `factor_model.yaml` and its two tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from stresstest.io.outputs import csv_text, require_free, write_atomically
from stresstest.market.estimation.build import SOURCE, BuiltModel
from stresstest.market.estimation.rows import HORIZON_DAYS
from stresstest.market.estimation.windows import LAG
from stresstest.market.factor_model import Regime
from stresstest.market.model_source import MODEL_FILE

EXPOSURES_FILE, COVARIANCE_FILE = "model_exposures.csv", "model_covariance.csv"
FILES = (MODEL_FILE, EXPOSURES_FILE, COVARIANCE_FILE)
_TINY = 1e-7


def write_model(built: BuiltModel, folder: Path, source: str, force: bool = False) -> tuple[Path, ...]:
    """Write the model into `folder` and return the paths of its files.

    Parameters
    ----------
    source
        What the price history is, for the reader.

    Raises
    ------
    InputError
        ST145 where a file exists and `force` is not given; nothing is written then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = require_free_files(folder, force)
    texts = (document_text(built, source), _exposures(built), _covariance(built))
    for path, text in zip(paths, texts, strict=True):
        write_atomically(path, text.encode("utf-8"), force)
    return paths


def require_free_files(folder: Path, force: bool) -> tuple[Path, ...]:
    """Return the paths of a model in `folder`; refuse those that exist (ST145) unless `force`."""
    paths = tuple(folder / name for name in FILES)
    if folder.is_dir():
        for path in paths:
            require_free(path, force)
    return paths


def document_text(built: BuiltModel, source: str) -> str:
    """Return the text of `factor_model.yaml`."""
    return "\n".join(_lines(built, source)) + "\n"


def _lines(built: BuiltModel, source: str) -> Iterator[str]:
    first, last = built.exposure_window
    note = f"{LAG}-day overlapping log returns; exposures of {first} to {last}"
    if built.missing_factors:
        note += f"; the history lacks {', '.join(built.missing_factors)}"
    yield "version: 1"
    yield f"date: {last}"
    yield "class: computed"
    yield f"source: {SOURCE}"
    yield f"note: {json.dumps(note)}"
    yield f"exposures: {EXPOSURES_FILE}"
    yield f"covariance: {COVARIANCE_FILE}"
    yield f"horizons: [{', '.join(map(str, HORIZON_DAYS))}]   # trading days"
    yield "factors:"
    for definition in built.definitions:
        made = ", ".join(definition.tickers)
        without = f"; without {', '.join(definition.against)}" if definition.against else ""
        yield f"  {definition.name}: {json.dumps(f'{definition.text} ({made}{without})', ensure_ascii=False)}"
    yield "regimes:"
    for regime in built.model.regimes.values():
        yield from _regime_lines(regime)
    yield "sources:"
    yield f"  {SOURCE}: {json.dumps(source, ensure_ascii=False)}"


def _regime_lines(regime: Regime) -> Iterator[str]:
    yield f"  {regime.name}:"
    yield "    windows:"
    yield from (f"      - [{start}, {end}]" for start, end in regime.windows)
    yield f"    returns: {regime.n_returns}"
    yield f"    shrinkage: {regime.shrinkage:.4f}"
    yield f"    smallest_eigenvalue: {regime.smallest_eigenvalue:.4f}"
    if regime.note:
        yield f"    note: {json.dumps(regime.note, ensure_ascii=False)}"


def _number(value: float, digits: int) -> str:
    """Return a number in `digits` digits: fewer than it has, so that no bit of a machine's library shows."""
    return "0" if abs(value) < _TINY else f"{value:.{digits}g}"


def _exposures(built: BuiltModel) -> str:
    model = built.model
    columns: dict[str, list[str]] = {"key": [str(key) for key in model.keys]}
    for place, factor in enumerate(model.factors):
        columns[factor] = [_number(value, 5) for value in model.exposures[:, place].tolist()]
    for name, vols in model.idiosyncratic_vol.items():
        columns[f"vol_{name}"] = [_number(value, 5) for value in vols.tolist()]
    for place, days in enumerate(HORIZON_DAYS):
        moves = model.largest_moves[:, place].tolist()
        columns[f"largest_{days}"] = ["" if np.isnan(value) else _number(value, 4) for value in moves]
    stated = [model.provenance[key] for key in model.keys]
    columns["date"] = [str(one.as_of) for one in stated]
    columns["class"] = [one.basis_class for one in stated]
    columns["source"] = [one.source for one in stated]
    columns["note"] = [one.note for one in stated]
    return csv_text(columns)


def _covariance(built: BuiltModel) -> str:
    model = built.model
    columns: dict[str, list[str]] = {"regime": [], "factor": []}
    rows = []
    for name, covariance in model.covariance.items():
        for place, factor in enumerate(model.factors):
            columns["regime"].append(name)
            columns["factor"].append(factor)
            # Both halves print the same digits, so that the matrix read back is symmetric.
            rows.append([f"{value:.9e}" for value in covariance[place].tolist()])
    for place, factor in enumerate(model.factors):
        columns[factor] = [row[place] for row in rows]
    return csv_text(columns)
