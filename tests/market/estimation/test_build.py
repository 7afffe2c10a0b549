"""Models built from histories whose truth is known, and what a history that lacks things gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.price_histories import BETAS, Array, made_up_prices, write_wide

from stresstest.errors import InputError
from stresstest.market.estimation.build import BuiltModel, build_model
from stresstest.market.estimation.history import read_history
from stresstest.market.estimation.rows import HORIZON_DAYS
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import Issuer, MarketSnapshot

WINDOWS = {"all_years": ((date(2021, 6, 1), date(2025, 10, 3)),)}


def spot(name: str) -> RiskFactorKey:
    return RiskFactorKey("spot", name)


@pytest.fixture(scope="module")
def market() -> MarketSnapshot:
    return load_market("2025-10-03")


def built(prices: dict[str, Array], days: list[date], folder: Path, market: MarketSnapshot) -> BuiltModel:
    history = read_history(write_wide(folder / "prices.csv", days, prices))
    return build_model(history, market, market.issuers, WINDOWS)


@pytest.fixture(scope="module")
def model(market: MarketSnapshot, tmp_path_factory: pytest.TempPathFactory) -> BuiltModel:
    days, prices = made_up_prices()
    prices["NVDA"][:-100] = np.nan
    return built(prices, days, tmp_path_factory.mktemp("history"), market)


def exposure(model: BuiltModel, name: str, factor: str) -> float:
    found = model.model
    return float(found.exposures[found.rows[spot(name)], found.factors.index(factor)])


def test_factors_without_series_are_left_out_and_named(model: BuiltModel) -> None:
    assert model.model.factors == ("market", "ai", "rates_level", "rates_slope", "rates_curvature")
    assert "gold" in model.missing_factors
    assert "growth" in model.missing_factors


@pytest.mark.parametrize("name", ["AMD", "MU", "KO", "PEP", "JPM"])
def test_exposures_are_the_true_ones(model: BuiltModel, name: str) -> None:
    beta, extra, _ = BETAS[name]
    # SMH is 1.4 of the market: what is left of it after regression is the true AI move.
    assert exposure(model, name, "market") == pytest.approx(beta, abs=0.15)
    assert exposure(model, name, "ai") == pytest.approx(extra, abs=0.15)
    row = model.model.rows[spot(name)]
    assert model.model.idiosyncratic_vol["all_years"][row] == pytest.approx(BETAS[name][2], rel=0.15)


def test_factor_covariance_is_the_true_one(model: BuiltModel) -> None:
    covariance = model.model.covariance["all_years"]
    deviations = dict(zip(model.model.factors, np.sqrt(np.diag(covariance)), strict=True))
    assert deviations["market"] == pytest.approx(0.16, rel=0.1)
    assert deviations["ai"] == pytest.approx(0.20, rel=0.1)
    assert deviations["rates_level"] == pytest.approx(0.011, rel=0.1)
    assert np.linalg.eigvalsh(covariance)[0] > 0.0
    correlation = covariance[0, 1] / (deviations["market"] * deviations["ai"])
    assert abs(correlation) < 0.1


def test_short_history_is_held_to_its_group(model: BuiltModel) -> None:
    key = spot("NVDA")
    provenance = model.model.provenance[key]
    assert provenance.basis_class == "judgement"
    assert "short history" in provenance.note
    assert "industry semiconductors" in provenance.note
    group = np.median([exposure(model, name, "market") for name in ("AMD", "MU")])
    assert abs(exposure(model, "NVDA", "market") - group) < 0.4


def test_name_without_history_takes_the_median_of_its_industry(model: BuiltModel) -> None:
    key = spot("TXN")
    assert "no history: median of 2 of industry semiconductors" in model.model.provenance[key].note
    assert model.model.provenance[key].basis_class == "judgement"
    assert exposure(model, "TXN", "market") == pytest.approx(
        np.median([exposure(model, name, "market") for name in ("AMD", "MU")]), abs=0.1
    )
    assert np.isnan(model.model.largest_moves[model.model.rows[key]]).all()


def test_link_targets_are_not_in_the_model(model: BuiltModel, market: MarketSnapshot) -> None:
    targets = {link.target for link in market.links}
    assert not targets & set(model.model.keys)
    assert not targets & set(model.uncovered)
    assert set(model.uncovered) | set(model.model.keys) | targets == set(market.levels)


def test_largest_moves_are_those_of_the_prices(model: BuiltModel) -> None:
    _, prices = made_up_prices()
    logs = np.log(prices["KO"])
    expected = [np.max(np.abs(logs[days:] - logs[:-days])) for days in HORIZON_DAYS]
    found = model.model.largest_moves[model.model.rows[spot("KO")]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert model.model.largest_seen([spot("KO")], 0.5).tolist() == [found[2]]
    assert model.model.largest_seen([spot("KO")], 1.0).tolist() == [found[3]]
    assert model.model.largest_seen([spot("KO")], 1 / 365).tolist() == [found[0]]


def test_regime_says_what_it_rests_on(model: BuiltModel) -> None:
    regime = model.model.regimes["all_years"]
    assert regime.windows == WINDOWS["all_years"]
    assert regime.n_returns == len(made_up_prices()[0]) - 5
    # The true factors are independent: most of what correlates in the sample is noise.
    assert 0.3 < regime.shrinkage <= 1.0
    assert regime.smallest_eigenvalue > 0.0


def test_an_issuer_of_the_user_joins_its_group(market: MarketSnapshot, tmp_path: Path) -> None:
    days, prices = made_up_prices()
    prices["MINE"] = prices["AMD"]
    history = read_history(write_wide(tmp_path / "prices.csv", days, prices))
    mine = replace(market.issuers["AMD"], id="MINE", ids={})
    other = Issuer("OTHER", "Other", "equity", "USD", {"industry": "semiconductors"})
    found = build_model(history, market, {**market.issuers, "MINE": mine, "OTHER": other}, WINDOWS).model
    assert "regression on" in found.provenance[spot("MINE")].note
    assert spot("OTHER") not in found.rows


def test_history_without_the_market_is_refused(market: MarketSnapshot, tmp_path: Path) -> None:
    days, prices = made_up_prices()
    del prices["SPY"]
    with pytest.raises(InputError, match=r"ST231.*without SPY"):
        built(prices, days, tmp_path, market)


def test_prices_after_the_market_are_refused(market: MarketSnapshot, tmp_path: Path) -> None:
    days, prices = made_up_prices(last=date(2025, 10, 6))
    with pytest.raises(InputError, match=r"ST204.*2025-10-06"):
        built(prices, days, tmp_path, market)
