"""What a run was made of, as keys: two runs of one key used the same positions, market, scenarios, model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.store.provenance import provenance

_ROLES = {"positions": ("positions",), "market": ("market",), "scenarios": ("scenarios",)}


@dataclass(frozen=True, slots=True)
class Keys:
    """Hashes of what a run was made of; equal ones give equal numbers."""

    positions: str
    market: str
    scenarios: str
    model: str


def keys_of(run: RunFolder) -> Keys:
    """Return the keys of a finished run, from its manifest.

    Names of files count, folders do not: a table's name is its portfolio's, and the order of layered markets
    is that of the job.
    """
    files = {role: _files(run, role) for role in _ROLES}
    asked = run.configuration
    market = {"files": files["market"], "order": _names(asked.get("market", ()))}
    scenarios = {
        "files": files["scenarios"],
        "severity": asked.get("severity"),
        "samples": [sample.get("seed") for sample in asked.get("samples", ())],
    }
    return Keys(
        _hash(files["positions"]), _hash(market), _hash(scenarios), model_key(run.manifest["provenance"])
    )


def model_key(made_with: Mapping[str, Any]) -> str:
    """Return the key of a program: its source, its packages, its Python. Processors give the same bits."""
    return _hash([made_with.get(name) for name in ("source_sha256", "packages_sha256", "python")])


def model_today() -> str:
    """Return the key of this program."""
    return model_key(provenance())


def _files(run: RunFolder, role: str) -> list[tuple[str, str]]:
    return sorted((PurePath(file.path).name, file.sha256) for file in run.inputs if file.role == role)


def _names(sources: Any) -> list[str]:
    return [PurePath(str(source)).name for source in sources]


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
