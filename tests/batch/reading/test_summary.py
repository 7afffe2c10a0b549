"""The summary says who breaches, who loses most, what failed and what totals leave out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.batch.reading.small_runs import TABLES, write_run

from stresstest.batch.reading.run_folder import open_run
from stresstest.batch.reading.summary import SummaryFacts, summary_text

FACTS = SummaryFacts("nightly", "2025-10-03", "2025-10-03", "USD", rates={"EUR": 1.2}, n_draws={"mix": 2})

MORE: dict[str, dict[str, list[Any]]] = {
    "portfolios": {
        "portfolio": ["first", "second", "third"],
        "currency": ["USD", "USD", "EUR"],
        "n_positions": [3, 4, 5],
        "n_failed": [0, 0, 2],
        "base_value": [1000.0, 2000.0, 500.0],
        "nav": [1000.0, 2500.0, None],
        "nav_gap": [0.0, -500.0, None],
        "coverage": [1.0, 1.0, 0.9],
    },
    "reconciliation": {
        "portfolio": ["first", "second"],
        "currency": ["USD", "USD"],
        "nav": [1000.0, 2500.0],
        "difference": [0.0, -500.0],
        "share": [0.0, -0.2],
        "tolerance": [0.01, 0.01],
        "within": [True, False],
        "days_apart": [0, 31],
        "without_value": [0, 2],
    },
    "breaches": {
        "portfolio": ["first", "second"],
        "limit": ["committee", "committee"],
        "owner": ["Head of risk", None],
        "level": ["hard", "warning"],
        "scenario": ["fall", "fall"],
        "loss": [0.3, 0.05025],
        "max_loss": [0.25, 0.25],
        "since": ["2025-10-01", "2025-10-03"],
        "age_runs": [3, 1],
    },
    "failures": {
        "portfolio": ["third", "third"],
        "position": ["bond", "swap"],
        "scenario": ["", "fall"],
        "reason": ["ST355", "not_finite"],
        "message": ["a.yaml:3:9: error[ST355] issuer 'NVDIA'", "no finite value \x1b[31m"],
        "base_value": [None, 10.0],
    },
}


@pytest.fixture
def text(tmp_path: Path) -> str:
    return summary_text(open_run(write_run(tmp_path / "run", {**TABLES, **MORE})), FACTS)


def section(text: str, head: str) -> list[str]:
    block = next(block for block in text.split("\n\n") if head in block)
    lines = block.splitlines()
    place = next(place for place, line in enumerate(lines) if head in line)
    return [" ".join(line.split()) for line in lines[place:]]


def test_it_fits_80_columns_and_holds_no_control_character(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_breaches_show_level_limit_owner_and_age(text: str) -> None:
    assert section(text, "Limits breached")[:4] == [
        "Limits breached: 1, in 1 of 3 portfolios",
        "limit committee, owner Head of risk",
        "portfolio scenario loss allowed runs",
        "first fall 30.0% 25.0% 3",
    ]
    assert section(text, "Warnings of limits")[1:4] == [
        "limit committee",
        "portfolio scenario loss allowed runs",
        "second fall 5.0% 25.0% 1",
    ]


def test_what_all_breaches_share_stands_once_above_them(tmp_path: Path) -> None:
    same = {**MORE["breaches"], "level": ["hard", "hard"], "owner": ["Head of risk", "Head of risk"]}
    run = open_run(write_run(tmp_path / "run", {**TABLES, "breaches": same}))
    assert section(summary_text(run, FACTS), "Limits breached")[:4] == [
        "Limits breached: 2, in 2 of 3 portfolios",
        "all of limit committee, owner Head of risk",
        "portfolio scenario loss allowed runs",
        "first fall 30.0% 25.0% 3",
    ]


def test_measures_are_ranked_in_one_currency(tmp_path: Path) -> None:
    rates = SummaryFacts("n", "m", "2025-10-03", "USD", rates={"EUR": 0.5})
    measures = {
        "portfolio": ["first", "second", "third"],
        "currency": ["USD", "USD", "EUR"],
        "set": ["mix"] * 3,
        "measure": ["worst_loss"] * 3,
        "confidence_level": [None] * 3,
        "value": [100.0, 20.0, 150.0],
    }
    run = open_run(write_run(tmp_path / "run", {**TABLES, "measures": measures}))
    assert section(summary_text(run, rates), "Largest measures over draws, USD at the market's")[2:] == [
        "worst_loss mix first 100 10.0%",
        "worst_loss mix third 75 30.0%",
        "worst_loss mix second 20 1.0%",
    ]


def test_the_worst_are_sorted_and_gains_are_not_among_them(text: str) -> None:
    assert section(text, "Worst by per cent")[2:] == [
        "first fall -30.0% -300 USD",
        "second fall -5.0% -100 USD",
    ]
    assert section(text, "Worst by amount, USD at the market's")[2:] == [
        "first fall -300 -30.0%",
        "second fall -100 -5.0%",
    ]


def test_totals_are_in_the_currency_of_the_run_and_say_what_is_missing(text: str) -> None:
    # 1000 + 2000 + 500 · 1.2 = 3600; fall −400.5 without the third, rise 50 + 25 · 1.2 = 80.
    assert section(text, "Totals of all portfolios")[1:] == [
        "base value 3,600",
        "scenario P&L P&L % without a value",
        "fall -400 -11.1% 1",
        "rise 80 +2.2%",
    ]


def test_failures_are_counted_by_reason_with_the_first(text: str) -> None:
    assert section(text, "Failures: 2 positions")[1:] == [
        "ST355, 1 row, first third/bond",
        "a.yaml:3:9: error[ST355] issuer 'NVDIA'",
        "not_finite, 1 row, first third/swap/fall",
        "no finite value \\x1b[31m",
    ]
    assert section(text, "Coverage")[:2] == [
        "Coverage: 10 of 12 positions with a value",
        "1 portfolio not covered in full; least third with 90.0%",
    ]


def test_gaps_to_stated_values_beyond_the_tolerance_are_listed(text: str) -> None:
    lines = section(text, "Net asset values: 2 stated, 1 not matched by the base value")
    assert lines[2] == "second 2,500 -500 -20.0% 1.0% 31 2"


def test_a_clean_run_says_that_nothing_is_left_out(tmp_path: Path) -> None:
    text = summary_text(open_run(write_run(tmp_path / "run")), FACTS)
    assert "Failures: none; totals leave out nothing" in text
    assert "Limits breached: none" in text


def test_the_order_of_portfolios_and_groups_does_not_matter(tmp_path: Path) -> None:
    several = {name: {key: cells[::-1] for key, cells in table.items()} for name, table in TABLES.items()}
    one = summary_text(open_run(write_run(tmp_path / "one")), FACTS)
    assert summary_text(open_run(write_run(tmp_path / "two", several, group_size=1)), FACTS) == one


def test_poisoned_tasks_and_notes_are_named(tmp_path: Path) -> None:
    facts = SummaryFacts(
        "n", "m", "2025-10-03", "USD", poisoned=("value-named-003: killed twice",), notes=("old",)
    )
    text = summary_text(open_run(write_run(tmp_path / "run")), facts)
    assert "value-named-003: killed twice" in text
    assert text.endswith("Note: old\n")


def test_more_notes_than_a_person_reads_are_counted(tmp_path: Path) -> None:
    facts = SummaryFacts("n", "m", "2025-10-03", "USD", notes=[f"note {number}" for number in range(12)])
    text = summary_text(open_run(write_run(tmp_path / "run")), facts)
    assert text.endswith("Note: note 9\nand 2 more notes in manifest.json\n")


def test_a_run_of_draws_alone_has_measures_and_no_scenarios(tmp_path: Path) -> None:
    measures: dict[str, list[Any]] = {
        "portfolio": ["first", "third"],
        "currency": ["USD", "EUR"],
        "set": ["mix", "mix"],
        "measure": ["worst_loss", "worst_loss"],
        "confidence_level": [0.95, 0.95],
        "value": [100.0, 200.0],
    }
    tables = {"draws": TABLES["draws"], "portfolios": MORE["portfolios"], "measures": measures}
    text = summary_text(open_run(write_run(tmp_path / "run", tables)), FACTS)
    assert "3 portfolios, 0 scenarios, 2 draws of mix" in " ".join(text.split())
    assert "Worst by" not in text
    assert section(text, "Largest measures")[2:] == [
        "worst_loss mix third 240 40.0%",
        "worst_loss mix first 100 10.0%",
    ]
