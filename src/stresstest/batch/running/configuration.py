"""The configuration of a run: the job as it was resolved, in plain JSON values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from stresstest.batch.inputs.loading import JobInputs
from stresstest.errors import Location

_PLACES = ("file", "location", "locations")
"""Where something was written: no part of what it says."""


def configuration(inputs: JobInputs) -> dict[str, Any]:
    """Return what a job asked for, its market by name and its sampled sets with their draws and seeds."""
    found: dict[str, Any] = plain(inputs.job)
    return {
        **found,
        "market": found["market"] or [inputs.market.name],
        "market_as_of": inputs.market.as_of.isoformat(),
        "named_scenarios": [] if inputs.named is None else list(inputs.named.names),
        "samples": [
            {"name": drawn.name, "columns": drawn.sample.columns, "seed": drawn.sample.seed}
            for drawn in inputs.sampled
            if drawn.sample is not None
        ],
    }


def plain(value: Any) -> Any:
    """Return a value as plain JSON: records as objects, sequences as lists, places left out."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.name not in _PLACES]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value if not isinstance(item, Location)]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
