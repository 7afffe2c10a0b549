from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import run

from stresstest.cli.reverse.spec import ReverseSpec

BOOK = """\
version: 1
name: small
currency: USD
market: "2025-10-03"
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 100}
  - {id: ko, type: equity, issuer: KO, quantity: 200}
  - {id: put, type: european_option, underlying: NVDA, right: put, strike: 170, expiry: 2026-01-16,
     quantity: 50}
"""
FALL = """\
version: 1
name: fall
horizon: 12m
drivers:
  cut: {value: 40%, range: [0%, 80%]}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: cut, slope: -1%}}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "fall.yaml").write_text(FALL, encoding="utf-8")
    return tmp_path / "small.yaml"


def test_answers_are_shown_one_by_one(book: Path) -> None:
    code, out, err = run("reverse", book, "--loss", "20%", "--answers", "2")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("What costs small 20 % of base value")
    assert any(line.startswith("1  reverse_small_1_") for line in lines)
    assert any(line.startswith("2  reverse_small_2_") for line in lines)
    assert "it does not predict" in " ".join(out.split())
    assert max(map(len, lines)) <= 80


def test_files_run_back_to_the_loss(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    code, _, err = run("reverse", book, "--loss", "20%", "--answers", "2", "-o", folder)
    assert code == 0, err
    files = sorted(folder.iterdir())
    assert len(files) == 2
    assert all(file.name in err for file in files)
    for file in files:
        document = json.loads(run("run", book, "--shocks", file, "--json")[1])
        (held,) = document["portfolios"]
        (scenario,) = held["scenarios"]
        assert scenario["pnl"] / held["base_value"] == pytest.approx(-0.20, abs=1e-6)
    code, _, err = run("reverse", book, "--loss", "20%", "--answers", "2", "-o", folder)
    assert (code, "ST145" in err) == (2, True), "nothing is replaced without --force"
    assert run("reverse", book, "--loss", "20%", "--answers", "2", "-o", folder, "--force").code == 0


def test_the_document_keeps_to_its_schema(book: Path, tmp_path: Path) -> None:
    for options in ([], ["--space", "scenarios", "--shocks", book.parent / "fall.yaml"]):
        target = tmp_path / f"document{len(options)}.json"
        code, out, err = run("reverse", book, "--loss", "20%", "--json", "-o", target, *options)
        assert code == 0, err
        assert json.loads(target.read_text("ascii")) == json.loads(out)
        ReverseSpec.model_validate_json(out)
        assert json.loads(out)["space"] in {"factors", "scenarios"}


def test_what_is_out_of_reach_ends_with_a_status_of_its_own(book: Path) -> None:
    code, out, _ = run("reverse", book, "--loss", "140%")
    assert code == 4
    assert "Out of reach: the largest loss found is" in " ".join(out.split())
    document = json.loads(run("reverse", book, "--loss", "140%", "--json")[1])
    assert (document["reached"], document["answers"]) == (False, [])
    assert document["largest"]["loss_percent"] < 100.0
    code, out, _ = run(
        "reverse", book, "--loss", "90%", "--space", "scenarios", "--shocks", book.parent / "fall.yaml"
    )
    assert code == 4
    assert "fall: at most" in out


def test_scenarios_say_how_severe_they_must_be(book: Path) -> None:
    shocks = book.parent / "fall.yaml"
    code, out, err = run("reverse", book, "--loss", "20%", "--space", "scenarios", "--shocks", shocks)
    assert code == 0, err
    assert any(line.startswith("fall") and "cut" in line for line in out.splitlines())
    document = json.loads(
        run("reverse", book, "--loss", "20%", "--space", "scenarios", "--shocks", shocks, "--json")[1]
    )
    (needed,) = document["scenarios"]
    run_back = run(
        "run", book, "--shocks", shocks, "--severity", f"{100.0 * needed['severity']:.10f}%", "--json"
    )
    (held,) = json.loads(run_back.out)["portfolios"]
    assert held["scenarios"][0]["pnl"] / held["base_value"] == pytest.approx(-0.20, abs=1e-7)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--loss", "0%"], "ST520"),
        (["--loss", "20%", "--factors", "spt"], "ST521"),
        (["--loss", "20%", "--factors", "spot,"], "ST521"),
        (["--loss", "20%", "--answers", "0"], "ST522"),
        (["--loss", "20%", "--regime", "stresed"], "ST326"),
        (["--loss", "20%", "--horizon", "12"], "ST161"),
        (["--loss", "20%", "--shocks", "time_bomb"], "ST523"),
        (["--loss", "20%", "--space", "scenarios", "--factors", "spot"], "ST523"),
        (["--loss", "20%", "--space", "scenarios", "-o", "folder"], "ST523"),
        (["--loss", "20"], "ST400"),
        ([], "ST400"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(book: Path, options: list[str], code: str) -> None:
    done = run("reverse", book, *options)
    assert done.code == 2
    assert code in done.err
    assert done.out == ""


def test_all_files_that_are_wrong_come_at_once(tmp_path: Path) -> None:
    done = run("reverse", tmp_path / "none.yaml", "--loss", "20%", "--market", tmp_path / "no-market")
    assert done.code == 2
    assert "none.yaml" in done.err
    assert "no-market" in done.err


def test_one_factor_gives_one_answer_and_a_loss_of_more_than_all_a_reason(book: Path) -> None:
    head, _, rest = BOOK.partition("  - {id: nvda")
    book.write_text(head + "  - {id: nvda" + rest.split("\n")[0] + "\n", encoding="utf-8")
    code, out, _ = run("reverse", book, "--loss", "20%", "--answers", "3")
    told = " ".join(out.split())
    assert code == 0
    assert "1 factor over 12m" in told
    assert "1 of 3 answers: without market, no other" in told
    code, out, _ = run("reverse", book, "--loss", "140%", "--answers", "3")
    assert code == 4
    assert "No position has a negative value" in " ".join(out.split())


def test_options_of_the_other_space_are_refused_not_ignored(book: Path) -> None:
    asked = ("--horizon", "2y", "--regime", "calm", "--answers", "2")
    code, _, err = run("reverse", book, "--loss", "20%", "--space", "scenarios", *asked)
    assert code == 2
    for option in asked[::2]:
        assert f"{option} with --space scenarios" in err
