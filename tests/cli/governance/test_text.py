from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.runner import run
from tests.cli.samples import FALL, PORTFOLIO, write_samples

from stresstest.cli.run.spec import ResultSpec

LIMITED = PORTFOLIO.replace(
    "max_loss: 10%, of: base", "max_loss: LIMIT, of: base, warning: LOW, owner: Head of risk"
)
APPROVED = FALL.replace(
    "title:",
    "status: approved\nowner: Market risk\napprover: Risk committee\napproved_on: 2025-09-01\ntitle:",
)


def limited(limit: str, warning: str) -> str:
    return LIMITED.replace("LIMIT", limit).replace("LOW", warning)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Half of 100 NVDA at 187.62 is lost of a base value of 14,588.50: 64.3 %."""
    retired = FALL.replace("title:", "status: retired\ntitle:").replace("name: fall", "name: old")
    return write_samples(
        tmp_path_factory.mktemp("governance"),
        hard=limited("50%", "40%"),
        warned=limited("70%", "60%"),
        kept=limited("70%", "65%"),
        approved=APPROVED,
        past=APPROVED.replace("title:", "valid_until: 2025-10-02\ntitle:"),
        late=APPROVED.replace("title:", "valid_until: 2025-10-03\ntitle:"),
        retired=retired,
    )


def document(*arguments: str | Path) -> dict[str, Any]:
    _, out, err = run(*arguments, "--json", "--no-card")
    found: dict[str, Any] = json.loads(out)
    ResultSpec.model_validate_json(out)
    assert not err
    return found


@pytest.mark.parametrize(
    ("name", "level", "codes", "verdict"),
    [
        ("hard", "hard", (1, 1), "BREACHED"),
        ("warned", "warning", (0, 1), "WARNING"),
        ("kept", "ok", (0, 0), "Kept"),
    ],
)
def test_limits_have_levels_and_gates_of_two_kinds(
    sample: dict[str, Path], name: str, level: str, codes: tuple[int, int], verdict: str
) -> None:
    common = ("run", sample[name], "--shocks", sample["fall"])
    (limit,) = document(*common)["portfolios"][0]["limits"]
    assert (limit["level"], limit["owner"], limit["breached"]) == (level, "Head of risk", level == "hard")
    assert limit["loss"] == pytest.approx(0.643, abs=1e-3)
    assert tuple(run(*common, "--fail-on", gate).code for gate in ("limit", "warning")) == codes
    assert f"{verdict} tight: loss 64.3 %" in run(*common).out
    assert "owner Head of risk" in " ".join(run(*common).out.split())


def test_who_answers_for_a_scenario_stands_in_run_explain_and_json(sample: dict[str, Path]) -> None:
    found = document("run", sample["portfolio"], "--shocks", sample["approved"])
    expected = {
        "status": "approved",
        "owner": "Market risk",
        "approver": "Risk committee",
        "approved_on": "2025-09-01",
        "valid_until": None,
    }
    assert found["governance"] == {"fall": expected}
    assert (
        "status of the scenarios: 1 approved"
        in run("run", sample["portfolio"], "--shocks", sample["approved"]).out
    )
    told = run("explain", sample["approved"]).out
    assert "approved by Risk committee on 2025-09-01; owner Market risk" in " ".join(told.split())
    explained = json.loads(run("explain", sample["approved"], "--json").out)
    assert {name: explained[name] for name in expected} == expected


def test_what_is_past_or_retired_is_told_once(sample: dict[str, Path]) -> None:
    def told(name: str) -> list[str]:
        return list(document("run", sample["portfolio"], "--shocks", sample[name])["warnings"])

    assert [text.partition("fall: ")[2] for text in told("past")] == [
        "was valid until 2025-10-02, on a market of 2025-10-03"
    ]
    (late,) = told("late")
    assert late.startswith("fall: was valid until 2025-10-03, and it is ")
    (retired,) = told("retired")
    assert retired.endswith("old: is retired: not to be used any more")
    assert "was valid until" in run("validate", sample["late"]).out


def test_a_retired_scenario_of_a_folder_is_left_out_and_named(
    sample: dict[str, Path], tmp_path: Path
) -> None:
    for name in ("fall", "retired"):
        (tmp_path / f"{name}.yaml").write_text(sample[name].read_text(encoding="utf-8"), encoding="utf-8")
    found = document("run", sample["portfolio"], "--shocks", tmp_path)
    assert (list(found["governance"]), found["left_out"]) == (["fall"], ["old"])
    assert found["warnings"] == ["retired and left out: old; asked for by name, they run"]


def test_the_judgement_behind_a_loss_is_shown_and_written(sample: dict[str, Path]) -> None:
    common = ("run", sample["portfolio"], "--shocks", sample["fall"], "--judgement")
    judgement = document(*common)["judgement"]
    (share,), (entry,), (moved,) = judgement["shares"], judgement["register"], judgement["moved"]
    assert (share["share"], entry["class"], entry["line"]) == (1.0, "unstated", 6)
    ((item,),) = moved["top"].values()
    assert [move["to"] for move in item["moves"]] == ["+10 % of its size", "-10 % of its size"]
    changes = [100 * 187.62 * (0.5**scale - 0.5) for scale in (1.1, 0.9)]
    assert [move["pnl_change"] for move in item["moves"]] == pytest.approx(changes, rel=1e-9)
    shown = run(*common).out
    assert "What the P&L of sample rests on, in per cent of its base value" in shown
    assert "1 judged numbers moved by 10 %" in shown
    assert "judgement" not in document(*common[:-1])


def test_challengers_and_proxies_are_shown_and_written() -> None:
    found = document("run", "gpu_lender", "--shocks", "openai_funding_stop", "--challenger")
    (one,) = found["challenger"]
    assert one["difference"] == pytest.approx(one["pnl"] - one["challenger_pnl"])
    assert one["pnl"] == found["portfolios"][0]["scenarios"][0]["pnl"]
    assert {entry["how"] for entry in found["proxies"]} == {"own level"}
    shown = run("run", "gpu_lender", "--shocks", "soft_landing", "--no-card", "--challenger", "--proxies").out
    assert "No scenario has a network to challenge" in shown
    assert "apld-campus" in shown
    assert "68 % of gross value" in " ".join(shown.split())


def test_lists_show_status_and_owner() -> None:
    found = json.loads(run("list", "shocks", "--json").out)["shocks"]
    assert {(entry["status"], entry["owner"], entry["valid_until"]) for entry in found} == {
        ("draft", "stresstest library", "")
    }
    assert "status" in run("list", "hedges").out.splitlines()[0]
    assert "status" not in run("list", "portfolios").out.splitlines()[0]
