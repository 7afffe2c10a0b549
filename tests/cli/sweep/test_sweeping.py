from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import write_samples

from stresstest.cli.sweep.spec import SweepSpec

KINKED = """\
version: 1
name: kinked
horizon: 12m
drivers:
  cut: {value: 50%, range: [0%, 80%]}
  cause: {value: a, choices: [a, b]}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: cut, table: {0%: 0%, 30%: -10%, 80%: -60%}}}
  - {select: {issuer: MSFT}, factor: spot, shift: {driver: cause, cases: {a: 0%, b: -5%}}}
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "kinked.yaml").write_text(KINKED, encoding="utf-8")
    return {**write_samples(folder), "kinked": folder / "kinked.yaml"}


def sweep(sample: dict[str, Path], scenario: str, *options: str) -> tuple[int, str, str]:
    return run("sweep", sample[scenario], "--portfolio", sample["portfolio"], *options)


def test_the_severity_is_swept_unless_a_driver_is(sample: dict[str, Path]) -> None:
    code, out, err = sweep(sample, "fall", "--steps", "10")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("fall on sample, base value 14,588")
    assert any(line.split()[:1] == ["200%"] for line in lines)
    # 10 % of 14,588.50 is lost where NVDA has fallen by 1,458.85: 18,762 (1 - 0.5^s).
    (found,) = (line for line in lines if "limit tight (10.0 % of base) is breached" in line)
    assert found.split()[:4] == ["11.6779%", "1.46k", "10.0", "%"]


def test_a_driver_is_swept_over_its_range_or_a_part_of_it(sample: dict[str, Path]) -> None:
    document = json.loads(sweep(sample, "kinked", "--set-range", "cut", "--steps", "8", "--json")[1])
    assert document["schema"] == "stresstest/sweep/1"
    assert (document["axis"], document["severity"]) == ("cut", 1.0)
    assert document["x"] == pytest.approx([0.1 * step for step in range(9)])
    (held,) = document["portfolios"]
    assert held["pnl"][-1] == pytest.approx(-0.6 * 18_762.0)
    (kink,) = held["turning_points"]
    assert (kink["x"], kink["kind"], kink["jump"]) == (0.3, "kink", 0.0)
    assert kink["causes"] == ["a point of the table of shock 1 (kinked.yaml:8)"]
    part = ("--set-range", "cut=40%..60%", "--severity", "50%", "--json")
    document = json.loads(sweep(sample, "kinked", *part)[1])
    assert (document["x"][0], document["x"][-1], document["severity"]) == (0.4, 0.6, 0.5)


def test_the_other_drivers_can_be_set(sample: dict[str, Path]) -> None:
    options = ("--set-range", "cut", "--set", "cause=b", "--steps", "8", "--json")
    document = json.loads(sweep(sample, "kinked", *options)[1])
    assert document["drivers"]["cause"] == "b"
    assert document["portfolios"][0]["pnl"][0] == pytest.approx(0.05 * 10 * 517.35)


@pytest.mark.parametrize(
    ("scenario", "options", "words"),
    [
        (
            "kinked",
            ("--set-range", "cot"),
            "error[ST411] driver 'cot'; expected a number driver of kinked",
        ),
        ("kinked", ("--set-range", "cause"), "error[ST411] driver 'cause'"),
        ("fall", ("--set-range", "cut"), "error[ST411] driver 'cut'; expected --severity"),
        ("kinked", ("--set-range", "cut=10%"), "error[ST410] range '10%'; expected LOW..HIGH"),
        ("kinked", ("--set-range", "cut=10%..90%"), "error[ST330] driver cut at 90%"),
        ("kinked", ("--set-range", "cut=0.1..0.5"), "error[ST329]"),
        ("kinked", ("--set-range", "cut=60%..40%"), "error[ST410]"),
        ("kinked", ("--set-range", "cut", "--severity", "50%..100%"), "error[ST411] a range of severities"),
        ("fall", ("--severity", "2"), "error[ST410]"),
        ("fall", ("--severity", "0%..2"), "error[ST410]"),
        ("fall", ("--severity", "-50%..100%"), "severities of 0% or more"),
        ("fall", ("--steps", "3"), "error[ST410] 3 steps"),
    ],
)
def test_what_cannot_be_swept(
    sample: dict[str, Path], scenario: str, options: tuple[str, ...], words: str
) -> None:
    code, out, err = sweep(sample, scenario, *options)
    assert (code, out) == (2, "")
    assert words in err


def test_a_folder_of_scenarios_is_no_scenario(sample: dict[str, Path]) -> None:
    folder = sample["fall"].parent / "two"
    folder.mkdir()
    for name in ("fall", "kinked"):
        (folder / f"{name}.yaml").write_bytes(sample[name].read_bytes())
    code, _, err = run("sweep", folder, "--portfolio", sample["portfolio"])
    assert code == 2
    assert "error[ST411] 2 scenarios to sweep; expected one scenario" in err


def test_the_document_keeps_to_its_schema_and_holds_break_points(sample: dict[str, Path]) -> None:
    document = json.loads(sweep(sample, "fall", "--steps", "10", "--json")[1])
    SweepSpec.model_validate(document)
    (held,) = document["portfolios"]
    (point,) = (item for item in held["break_points"] if item["kind"] == "limit")
    assert point["x"] == pytest.approx(0.116779, abs=1e-6)
    assert point["loss_percent"] == pytest.approx(10.0, abs=1e-5)
    assert document["against"] is None


def test_a_portfolio_is_compared_with_another_in_its_currency(
    sample: dict[str, Path], tmp_path: Path
) -> None:
    code, out, err = sweep(sample, "fall", "--against", str(sample["portfolio"]))
    assert (code, out) == (2, "")
    assert "ST266" in err
    text = sample["portfolio"].read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(
        text.replace("name: sample", "name: other", 1).replace("currency: USD", "currency: EUR", 1),
        encoding="utf-8",
    )
    code, out, err = sweep(sample, "fall", "--against", str(other))
    assert (code, out) == (2, "")
    assert "error[ST412] sample in USD against other in EUR; expected portfolios in one currency" in err
