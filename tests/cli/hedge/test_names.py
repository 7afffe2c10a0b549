"""Slips in names are told at once, and before anything heavy is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.hedging.tiny_books import policy_text

WATCHED = """\
import sys
from stresstest.cli.app import run_command
code = run_command(sys.argv[1:])
heavy = ("cvxpy", "stresstest.revaluation.engine", "stresstest.api")
loaded = [name for name in heavy if name in sys.modules]
sys.exit(f"loaded {loaded}" if loaded else code)
"""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ai_growth_fund", "--policy", "bufett"), "hedge policy 'bufett'"),
        (("ai_growth_fnd", "--policy", "buffett"), "portfolio 'ai_growth_fnd'"),
        (("ai_growth_fund", "--policy", "buffett", "--shocks", "time_bom"), "scenario 'time_bom'"),
        (("ai_growth_fund", "--policy", "buffett", "--max-loss", "time_bom=20%"), "scenario 'time_bom'"),
        (("ai_growth_fund", "--policy", "buffett", "--max-loss", "time_bomb+bonds=20%"), "scenario 'bonds'"),
        (("ai_growth_fund", "--policy", "buffett", "--market", "2025"), "market '2025'"),
        (("nofile.csv", "--policy", "buffett"), "nofile.csv: error[ST100]"),
        (("ai_growth_fund", "--policy", "nofile.yaml"), "nofile.yaml: error[ST100]"),
        (("ai_growth_fund", "--policy", "buffett", "-o", "plan.doc"), "plan.doc: error[ST147]"),
    ],
)
def test_a_slip_is_told_before_anything_is_loaded(arguments: tuple[str, ...], says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "hedge", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "loaded" not in done.stderr


def test_all_slips_come_at_once() -> None:
    done = run("hedge", "ai_growth_fnd", "--policy", "bufett", "--shocks", "time_bom", "--market", "2025")
    assert done.code == 2
    for says in (
        "did you mean 'ai_growth_fund'",
        "did you mean 'buffett'",
        "did you mean 'time_bomb'",
        "ST200",
    ):
        assert says in done.err


def test_a_policy_with_errors_is_told_with_those_of_the_portfolio(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("version: 1\nname: p\nrule: []\n", encoding="utf-8")
    (tmp_path / "book.yaml").write_text("version: 1\nname: b\ncurency: USD\n", encoding="utf-8")
    done = run("hedge", tmp_path / "book.yaml", "--policy", tmp_path / "policy.yaml")
    assert done.code == 2
    assert "unknown field 'rule'" in done.err
    assert "unknown field 'curency'" in done.err


def test_a_limit_may_be_on_what_the_policy_names_and_on_any(tmp_path: Path) -> None:
    """Neither is a scenario of the library, and neither a slip."""
    text = policy_text("name: r, max_loss: 50%, scenario: our_fall")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    limits = [part for name in ("our_fall", "any", "x") for part in ("--max-loss", f"{name}=40%")]
    done = run("hedge", "ai_growth_fund", "--policy", tmp_path / "policy.yaml", *limits)
    assert done.code == 2
    assert done.err.count("error[") == 1
    assert "--max-loss x=40%: error[ST493] scenario 'x'" in done.err
