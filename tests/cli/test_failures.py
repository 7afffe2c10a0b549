from __future__ import annotations

import json
from pathlib import Path

from tests.cli.runner import run
from tests.cli.samples import FALL, PORTFOLIO, write_samples


def test_problems_are_lines_on_stderr_with_file_line_and_column(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, portfolio=PORTFOLIO.replace("NVDA", "NVDIA"))
    code, out, err = run("run", sample["portfolio"], "--shocks", sample["fall"])
    assert code == 2
    assert out == ""
    assert err.startswith(f"{sample['portfolio']}:7:")
    assert "error[ST251]" in err
    assert "did you mean 'NVDA'?" in err


def test_problems_of_all_inputs_come_at_once(tmp_path: Path) -> None:
    sample = write_samples(
        tmp_path,
        portfolio=PORTFOLIO.replace("quantity: 100", "quantity: lots"),
        fall=FALL.replace("-50%", "-50"),
    )
    code, _, err = run("run", sample["portfolio"], "--shocks", sample["fall"], "--market", "1999-01-01")
    assert code == 2
    assert "portfolio.yaml:7:" in err
    assert "fall.yaml:6:" in err
    assert "1999-01-01" in err


def test_with_json_problems_are_one_document_on_stderr(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, portfolio=PORTFOLIO.replace("NVDA", "NVDIA"))
    code, out, err = run("run", sample["portfolio"], "--shocks", sample["fall"], "--json")
    assert code == 2
    assert out == ""
    document = json.loads(err)
    assert document["schema"] == "stresstest/error/1"
    assert document["exit_code"] == 2
    (problem,) = document["problems"]
    assert problem["code"] == "ST251"
    assert problem["line"] == 7
    assert problem["suggestion"] == "NVDA"


def test_bad_usage_with_json_is_a_document_too() -> None:
    code, _, err = run("run", "x", "--json", "--threads", "none")
    assert code == 2
    assert json.loads(err)["problems"][0]["code"] == "ST400"


def test_escape_sequences_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    sample = write_samples(
        tmp_path, portfolio=PORTFOLIO.replace("type: equity, issuer: NVDA", 'type: "\\e[2Jx"')
    )
    code, _, err = run("validate", sample["portfolio"])
    assert code == 2
    assert "\x1b" not in err
    assert r"\x1b[2Jx" in err
