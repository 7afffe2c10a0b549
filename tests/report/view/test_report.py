"""The view model of one small book, market and set of scenarios against the one that was looked at."""

from __future__ import annotations

import json
from typing import Any

from tests.architecture.source_tree import TESTS
from tests.report.dressed import plain
from tests.report.samples import view

from stresstest.report.building.provenance import versions

GOLDEN = TESTS / "golden" / "report_view.json"


def found() -> dict[str, Any]:
    """Return the view of the small report but for the versions of this machine."""
    document: dict[str, Any] = plain(view())
    document["provenance"]["versions"] = [name for name, _ in document["provenance"]["versions"]]
    return document


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [line for name in one for line in differences(one[name], other[name], f"{place}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [line for row, pair in pairs for line in differences(*pair, f"{place}[{row}]")]
    return [] if one == other else [f"{place}: {one!r}, was {other!r}"]


def test_the_view_model_is_what_it_was() -> None:
    assert differences(found(), json.loads(GOLDEN.read_text(encoding="utf-8"))) == []


def test_the_versions_are_those_that_computed() -> None:
    assert view().provenance.versions == versions()


def test_a_scenario_is_found_by_name() -> None:
    fall = view().scenario("fall")
    assert fall is not None
    assert (fall.title, fall.sources, fall.not_covered) == ("Chips halve", ("A1", "A31"), ("What banks do",))
    assert view().scenario("never") is None


if __name__ == "__main__":  # python -m tests.report.view.test_report writes the file anew, to be looked at
    GOLDEN.write_text(json.dumps(found(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
