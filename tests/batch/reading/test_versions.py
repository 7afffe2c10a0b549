"""Versions that differ between two runs are named, with both."""

from __future__ import annotations

import json

from stresstest.batch.reading.versions import changed_versions
from stresstest.batch.store.provenance import provenance


def test_other_versions_are_named() -> None:
    made_with = json.loads(json.dumps(provenance()))
    made_with["python"] = "3.11.0"
    made_with["packages"]["numpy"] = "1.0"
    made_with["packages"]["gone"] = "2.0"
    found = changed_versions(made_with, provenance())
    assert set(found) == {"python", "package numpy", "package gone"}
    assert found["package numpy"][0] == "1.0"
    assert found["package gone"] == ("2.0", "-")
