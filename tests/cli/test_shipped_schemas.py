"""The schemas that the shipped files point their editors to."""

from pathlib import Path

import pytest

from stresstest.cli.schemas import schema_text

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["portfolio", "scenario"])
def test_the_schema_in_the_documentation_is_what_the_command_prints(kind: str) -> None:
    path = CHECKOUT / "docs" / "schemas" / f"{kind}.json"
    stale = f"out of date; write it again: stresstest schema {kind} -> {path.relative_to(CHECKOUT)}"
    assert path.read_text(encoding="utf-8") == schema_text(kind), stale


@pytest.mark.parametrize(("folder", "kind"), [("shocks", "scenario"), ("portfolios", "portfolio")])
def test_every_shipped_file_points_to_its_schema(folder: str, kind: str) -> None:
    files = sorted((CHECKOUT / folder).glob("*.yaml"))
    assert files
    for file in files:
        first = file.read_text(encoding="utf-8").splitlines()[0]
        prefix, _, target = first.partition("$schema=")
        assert prefix == "# yaml-language-server: ", file
        assert (file.parent / target).resolve() == CHECKOUT / "docs" / "schemas" / f"{kind}.json", file
