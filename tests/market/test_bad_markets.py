"""What is wrong with a market is told with its place, everything at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.market.market_folders import SMALL, Edit, lines_of, market_folder, problems_of

from stresstest.error_codes import ERROR_CODES

LEVELS, ISSUERS, YAML = "levels.csv", "issuers.csv", "market.yaml"


def mistakes() -> dict[str, tuple[Edit, str]]:
    """Return the edits of the small market that make a mistake each, and what is told of it (⏎: line end)."""
    with (SMALL.parent / "mistakes.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return {
        row["mistake"]: (
            (row["file"], row["written"].replace("⏎", "\n"), row["instead"].replace("⏎", "\n")),
            row["told"],
        )
        for row in rows
    }


CASES = mistakes()


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    edit, expected = CASES[name]
    lines = lines_of(market_folder(tmp_path, edit))
    assert any(line.startswith(expected) for line in lines), "\n".join(lines)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    folder = market_folder(
        tmp_path,
        (LEVELS, "187.62", "-1"),
        (ISSUERS, "Acme Chips,equity", "Acme Chips,share"),
        ("smiles.csv", "18%,-0.08", "18%,0.30"),
        ("exposures.csv", "spot/BOLT", "spot/VOLT"),
        (YAML, "date: 2025-03-28", "date: 2026-03-28"),
    )
    assert {problem.code for problem in problems_of(folder)} >= {"ST203", "ST154", "ST214", "ST210", "ST204"}


@pytest.mark.parametrize(
    ("edit", "suggestion"),
    [
        ((LEVELS, "spot/ACME,", "spots/ACME,"), "spot/ACME"),
        ((LEVELS, "0.85%", "0.85"), "0.85%"),
        ((ISSUERS, "US67066G1040", "US67066G1041"), "US67066G1040"),
        (("exposures.csv", "spot/BOLT", "spot/VOLT"), "spot/BOLT"),
        ((LEVELS, "187.62,2025-03-31", "187.62,2025/03/31"), "2025-03-31"),
        ((YAML, "basis_to: USD", "basis_to: USDD"), "USD"),
    ],
)
def test_the_likely_meaning_is_suggested(tmp_path: Path, edit: Edit, suggestion: str) -> None:
    assert suggestion in [problem.suggestion for problem in problems_of(market_folder(tmp_path, edit))]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(path.name for path in SMALL.iterdir())),
    st.integers(0, 2000),
    st.integers(0, 8),
    st.text(st.sampled_from(',"\n ;:/#{}[]-+%0189.eENaUSDspot☃\t\x00'), max_size=8),
)
def test_any_damage_gives_a_market_or_problems(
    tmp_path_factory: pytest.TempPathFactory, file: str, start: int, cut: int, put: str
) -> None:
    folder = market_folder(tmp_path_factory.mktemp("damage"))
    text = (folder / file).read_text(encoding="utf-8")
    start %= len(text) + 1
    (folder / file).write_text(text[:start] + put + text[start + cut :], encoding="utf-8", newline="")
    for problem in problems_of(folder):
        assert problem.code in ERROR_CODES
        assert problem.got
