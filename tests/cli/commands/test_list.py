from __future__ import annotations

import json

import pytest
from tests.cli.runner import run

from stresstest.catalog import instrument_types
from stresstest.io.resources import library_path, names


@pytest.mark.parametrize("kind", ["shocks", "portfolios", "markets"])
def test_everything_of_the_library_is_listed_with_where_it_lies(kind: str) -> None:
    code, out, _ = run("list", kind)
    assert code == 0
    listed = [
        line.split()[0] for line in out.splitlines() if line and not line.startswith((" ", "name", "from"))
    ]
    assert listed == [name for name, _ in names(kind)]
    assert out.splitlines()[-1] == f"from {library_path(kind)}"


def test_instrument_types_are_listed_with_their_summary() -> None:
    code, out, _ = run("list", "instruments", "--json")
    assert code == 0
    listed = {entry["name"]: entry["title"] for entry in json.loads(out)["instruments"]}
    for tag, type_ in instrument_types().items():
        assert listed[tag] == type_.summary


def test_scenarios_show_title_and_horizon() -> None:
    found = json.loads(run("list", "shocks", "--json").out)["shocks"]
    entry = next(entry for entry in found if entry["name"] == "deepseek_cost_shock")
    assert entry["title"].endswith("(1d)")
