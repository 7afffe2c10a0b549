"""What is another version in one run than in another: program, Python, packages, machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ABSENT = "-"
"""Version of what is not there."""

_COMPARED = ("stresstest", "source_sha256", "python", "implementation", "machine", "cpu", "lock_sha256")


def changed_versions(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return what differs between two lists of `provenance`, by name: then and now."""
    sides = [
        {name: str(side.get(name)) for name in _COMPARED}
        | {f"package {name}": str(version) for name, version in side["packages"].items()}
        for side in (then, now)
    ]
    pairs = {name: (sides[0].get(name, ABSENT), sides[1].get(name, ABSENT)) for name in sides[0] | sides[1]}
    return {name: pair for name, pair in sorted(pairs.items()) if pair[0] != pair[1]}
