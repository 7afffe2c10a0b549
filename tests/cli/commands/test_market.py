"""`stresstest market build`: from a price file to a model that a run uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.fixtures.price_histories import made_up_prices, write_wide

from stresstest.market.loading import load_market

REGIME = "all_years=2021-06-01..2025-10-03"


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    days, values = made_up_prices()
    return write_wide(tmp_path_factory.mktemp("prices") / "prices.csv", days, values)


def test_a_model_is_built_and_used_as_a_layer(prices: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    code, out, err = run("market", "build", "--prices", prices, "-o", folder, "--regime", REGIME)
    assert (code, err) == (0, "")
    assert "all_years: 2021-06-01 to 2025-10-03" in out
    assert "left out for want of prices: growth, power" in out
    assert f"--market 2025-10-03 --market {folder}" in out
    assert sorted(path.name for path in folder.iterdir()) == [
        "factor_model.yaml",
        "model_covariance.csv",
        "model_exposures.csv",
    ]
    model = load_market(["2025-10-03", folder]).factor_model
    assert model is not None
    assert model.factors[0] == "market"
    assert tuple(model.regimes) == ("all_years",)
    assert "prices.csv" in (folder / "factor_model.yaml").read_text(encoding="utf-8")


def test_the_same_prices_give_the_same_files(prices: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        code, _, _ = run("market", "build", "--prices", prices, "-o", tmp_path / name, "--regime", REGIME)
        assert code == 0
        texts.append([path.read_bytes() for path in sorted((tmp_path / name).iterdir())])
    assert texts[0] == texts[1]


def test_a_scenario_propagates_with_it(prices: Path, tmp_path: Path) -> None:
    folder, scenario = tmp_path / "mine", tmp_path / "fall.yaml"
    assert run("market", "build", "--prices", prices, "-o", folder, "--regime", REGIME).code == 0
    scenario.write_text(
        "version: 1\nname: fall\nhorizon: 1m\npropagate: {regime: all_years}\n"
        "shocks:\n  - {select: {issuer: SPY}, factor: spot, shift: -10%}\n",
        encoding="utf-8",
    )
    layers = ("--market", "2025-10-03", "--market", folder)
    code, out, err = run("explain", scenario, *layers)
    assert code == 0, err
    assert "through propagation" in out
    code, _, err = run("explain", scenario)
    assert code == 2
    assert "error[ST326] regime 'all_years'" in err


def test_issuers_of_ones_own_form_groups(prices: Path, tmp_path: Path) -> None:
    issuers = tmp_path / "issuers.csv"
    issuers.write_text("issuer,kind,currency,industry\nAMD,equity,USD,mine\nMU,equity,USD,mine\n", "utf-8")
    folder = tmp_path / "mine"
    arguments = ("--prices", prices, "--issuers", issuers, "-o", folder, "--regime", REGIME)
    assert run("market", "build", *arguments).code == 0
    rows = (folder / "model_exposures.csv").read_text(encoding="utf-8").splitlines()
    (amd,) = [row for row in rows if row.startswith("spot/AMD,")]
    assert "median of 2 of industry mine" in amd


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--regime", "calm"), "error[ST232] regime 'calm'"),
        (("--regime", REGIME, "--regime", REGIME), "error[ST232] regime 'all_years' twice"),
        (("--regime", "old=1999-01-01..2000-01-01"), "error[ST232] regime 'old' with 0 returns"),
        (("--issuers", "nowhere.csv"), "nowhere.csv: error[ST100]"),
    ],
)
def test_bad_input_writes_nothing(extra: tuple[str, ...], message: str, prices: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    code, _, err = run("market", "build", "--prices", prices, "-o", folder, *extra)
    assert code == 2
    assert message in err
    assert not folder.exists()


def test_files_are_not_overwritten_without_force(prices: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model_exposures.csv").write_text("mine\n", encoding="utf-8")
    arguments = ("market", "build", "--prices", prices, "-o", folder, "--regime", REGIME)
    code, _, err = run(*arguments)
    assert code == 2
    assert "ST145" in err
    assert [path.name for path in folder.iterdir()] == ["model_exposures.csv"]
    assert run(*arguments, "--force").code == 0
