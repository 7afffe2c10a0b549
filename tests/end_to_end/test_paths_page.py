"""Examples and scores of `docs/paths.md` are what the code gives."""

from __future__ import annotations

import doctest
import re
from datetime import date
from itertools import takewhile
from pathlib import Path

import pytest
from tests.measures.test_predictions import baseline, shipped

from stresstest.market.loading import load_market
from stresstest.measures.scorecard import Score, score
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.loading import load_scenarios

PAGE = Path(__file__).parents[2] / "docs" / "paths.md"
BLOCKS = {
    re.search(r"^name: (\w+)$", block, re.MULTILINE)[1]: block
    for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
}
EPISODES = {
    "DeepSeek day": ("deepseek_cost_shock", "deepseek_day", date(2025, 1, 24)),
    "dot-com": ("dotcom_replay", "dotcom_2000_2002", date(2025, 10, 3)),
}


def test_the_path_gives_what_the_page_says(tmp_path: Path) -> None:
    for name, text in BLOCKS.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    known = {"page": BLOCKS, "folder": tmp_path}
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, globs=known, encoding="utf-8")
    assert (failed, tried >= 20) == (0, True)


def test_the_replay_runs_as_written(tmp_path: Path) -> None:
    file = tmp_path / "early.yaml"
    file.write_text(BLOCKS["early_2020_again"])
    (tmp_path / "prices.csv").write_text(
        "date,NVDA,ORCL,SPY,TNX\n2020-02-19,100,100,100,1.56\n2020-03-23,70,75,66,0.76\n"
    )
    compiled = compile_scenarios(load_scenarios([file]), load_market(["2025-10-03"]))
    assert any("moved by proxy ORCL (beta 1.5)" in warning.message for warning in compiled.warnings)


def scores(episode: str) -> dict[str, Score | None]:
    """Return the scores of the page's rows; the baseline is the regression restated in the golden table."""
    scenario, table, day = EPISODES[episode]
    card = shipped(scenario, table, day)
    left_out = {item.name: item.left_out for item in card.names if item.left_out is not None}
    plain = baseline(table, left_out)
    return {
        "named": card.stated,
        "all others": card.unstated,
        "each without its theme": score((left_out[name], move) for name, (_, move) in plain.items()),
        "baseline": score(plain.values()),
    }


def page_rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| episode |"))
    rows = takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


@pytest.mark.parametrize("row", page_rows(), ids=lambda row: f"{row[0]}-{row[1]}")
def test_the_scores_are_those_of_the_page(row: list[str]) -> None:
    found = scores(row[0])[row[1]]
    assert found is not None
    n_names, directions, median, mean, rank = (float(cell.replace("−", "-")) for cell in row[2:])
    assert found.n_names == n_names
    assert 100.0 * found.directions == pytest.approx(directions, abs=1.0)
    assert 100.0 * found.median_error == pytest.approx(median, abs=0.11)
    assert 100.0 * found.mean_error == pytest.approx(mean, abs=0.11)
    assert found.rank_correlation == pytest.approx(rank, abs=0.011)
