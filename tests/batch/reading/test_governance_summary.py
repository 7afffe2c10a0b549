"""The summary says what does not match, what no price values, what networks add, what rests on judgement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.batch.reading.small_runs import write_run

from stresstest.batch.reading.governance_summary import (
    challenged,
    judged,
    moved,
    proxied,
    reconciled,
    status_lines,
)
from stresstest.batch.reading.run_folder import RunFolder, open_run

TABLES = {
    "proxies": {
        "portfolio": ["one"] * 11,
        "position": [f"p{place:02d}" for place in range(11)],
        "how": ["stated value"] * 10 + ["own level"],
        "follows": ["SMH"] * 10 + [""],
        "share": [0.01] * 10 + [0.25],
        "age_days": [95] * 10 + [None],
    },
    "challengers": {
        "portfolio": ["one", "one", "two"],
        "scenario": ["a", "b", "a"],
        "pnl": [-30.0, -10.0, -5.0],
        "challenger_pnl": [-10.0, -9.0, -5.0],
        "difference": [-20.0, -1.0, None],
    },
    "register": {
        "judged": [True, True, False],
        "author": ["J. Doe", "", ""],
        "date": [date(2025, 9, 1)] * 3,
        "analogue": ["2022"] * 3,
    },
    "judged": {
        "currency": ["USD", "EUR", "USD"],
        "scenario": ["a", "a", "b"],
        "pnl": [-100.0, -100.0, 50.0],
        "judged": [-50.0, -25.0, 10.0],
    },
}


def run(folder: Path) -> RunFolder:
    return open_run(write_run(folder / "run", TABLES))


def words(lines) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def test_proxies_are_listed_the_largest_part_first(tmp_path: Path) -> None:
    lines = words(proxied(run(tmp_path)))
    assert lines[0] == "Not valued by the market alone: 11 positions in 1 portfolio"
    assert lines[2] == "one p10 own level its attributes 25.0% -"
    assert lines[3] == "one p00 stated value SMH 1.0% 95"
    assert lines[-1] == "… 1 more positions"


def test_networks_are_ranked_by_what_they_say_beyond_the_factor_model(tmp_path: Path) -> None:
    lines = words(challenged(run(tmp_path), {"one": 100.0, "two": 50.0}))
    assert lines[2:] == ["one a -30.0% -10.0% -20.0%", "one b -10.0% -9.0% -1.0%"]


def test_the_judged_part_of_total_losses_is_in_one_currency(tmp_path: Path) -> None:
    """-100 USD and -100 EUR at 1.2 are -220; of them -50 and -25 EUR, -80, are judged; b gains."""
    lines = words(judged(run(tmp_path), {"EUR": 1.2}, "USD"))
    assert lines[0] == ("Scenarios rest on 3 numbers, 2 of them judged; 1 without author, date or analogue")
    assert lines[2:] == ["a -220 -80 36.4%"]


def test_what_moves_the_total_most_is_told_with_who_judged_it() -> None:
    number = {"kind": "line", "text": "issuer NVDA: spot -40%", "change": 1234.5, "author": "J. Doe"}
    found = {
        **{"scenario": "cut", "pnl": -9000.0, "currency": "USD", "size": 0.1},
        **{"numbers_moved": 3, "numbers_not_moved": 1},
        "top": [{**number, "date": "2025-09-01", "analogue": "2022"}],
    }
    assert words(moved(found)) == [
        "Judged numbers that move the total most in cut, P&L -9,000 USD, each by 10.0% of",
        "its size or range",
        "1,234 line issuer NVDA: spot -40%",
        "J. Doe 2025-09-01, after: 2022",
        "3 numbers were moved, 1 cannot be",
    ]
    assert list(moved(None)) == []


def test_a_run_without_governance_says_nothing_of_it(tmp_path: Path) -> None:
    bare = open_run(write_run(tmp_path / "run"))
    assert not [*reconciled(bare), *proxied(bare), *challenged(bare, {}), *judged(bare, {}, "USD")]
    assert list(status_lines(["Status of the scenarios: 2 draft"])) == ["Status of the scenarios: 2 draft"]
