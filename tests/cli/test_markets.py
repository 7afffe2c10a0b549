"""A market in words: snapshot and extension, as text and as JSON."""

from __future__ import annotations

import json

from tests.cli.runner import run


def test_a_snapshot_says_what_its_levels_rest_on() -> None:
    code, out, err = run("explain", "2025-10-03", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["market"], found["as_of"], found["extends"]) == ("2025-10-03", "2025-10-03", None)
    assert sum(found["levels_by_class"].values()) == found["levels"]
    assert found["own_levels"] == found["own_issuers"] == found["notes"] == []


def test_an_extension_says_what_it_adds_and_why() -> None:
    code, out, err = run("explain", "market:hyperion", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["as_of"], found["extends"]) == ("2025-10-21", "2025-10-03")
    assert found["own_issuers"] == ["HYPERION_JV", "HYPERION_CAMPUS"]
    levels = {level["factor"]: level for level in found["own_levels"]}
    assert set(levels) == {"credit_spread/HYPERION_JV", "spot/HYPERION_CAMPUS"}
    assert levels["credit_spread/HYPERION_JV"]["class"] == "computed"
    assert all(level["note"] and level["source"] for level in levels.values())


def test_the_text_fits_a_terminal() -> None:
    code, out, err = run("explain", "hyperion")
    assert code == 0, err
    assert "extends 2025-10-03; used only where it is named" in out
    assert "spot/HYPERION_CAMPUS" in out
    assert "Note: layer 2025-10-03 is of 2025-10-03, the market of 2025-10-21" in out
    assert max(map(len, out.splitlines())) <= 80
