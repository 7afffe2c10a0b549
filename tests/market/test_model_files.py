"""Factor models in files: written and read back, the shipped one, and mistakes with their places."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.market.market_folders import market_folder

from stresstest.errors import InputError
from stresstest.io.resources import find_in_library
from stresstest.market.factor_model import FactorModel
from stresstest.market.loading import load_market
from stresstest.market.model_files import read_model
from stresstest.market.model_source import MODEL_FILE, ModelFile

AS_OF = date(2025, 3, 31)
DOCUMENT = """\
version: 1
date: 2025-03-28
class: computed
source: prices
exposures: model_exposures.csv
covariance: model_covariance.csv
horizons: [5, 252]
factors:
  market: "an index"
  rates: "a yield"
regimes:
  calm:
    windows:
      - [2023-01-02, 2024-12-31]
    returns: 500
    shrinkage: 0.1
    smallest_eigenvalue: 0.8
    note: "nothing lacks"
sources:
  prices: made up
"""
EXPOSURES = """\
key,market,rates,vol_calm,largest_5,largest_252,date,class,source,note
spot/AAA,1.2,-3,0.2,0.11,0.4,2025-03-28,computed,prices,
spot/BBB,0.8,0,0.3,,,2025-03-28,judgement,,no history
zero_rate/USD/5Y,0,1,0.002,0.003,0.02,2025-03-28,computed,prices,
"""
COVARIANCE = """\
regime,factor,market,rates
calm,market,0.04,0.0001
calm,rates,0.0001,0.0001
"""


def folder(tmp_path: Path, *edits: tuple[str, str, str]) -> Path:
    """Return a folder with the model, some of its text replaced."""
    texts = {MODEL_FILE: DOCUMENT, "model_exposures.csv": EXPOSURES, "model_covariance.csv": COVARIANCE}
    for file, old, new in edits:
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new)
    target = tmp_path / "model"
    target.mkdir()
    for file, text in texts.items():
        (target / file).write_text(text, encoding="utf-8")
    return target


def model(tmp_path: Path, *edits: tuple[str, str, str]) -> FactorModel:
    return read_model(folder(tmp_path, *edits) / MODEL_FILE, AS_OF)


def test_a_model_is_what_its_files_say(tmp_path: Path) -> None:
    found = model(tmp_path)
    assert found.factors == ("market", "rates")
    assert [str(key) for key in found.keys] == ["spot/AAA", "spot/BBB", "zero_rate/USD/5Y"]
    np.testing.assert_array_equal(found.exposures, [[1.2, -3.0], [0.8, 0.0], [0.0, 1.0]])
    np.testing.assert_array_equal(found.covariance["calm"], [[0.04, 1e-4], [1e-4, 1e-4]])
    np.testing.assert_array_equal(found.idiosyncratic_vol["calm"], [0.2, 0.3, 0.002])
    np.testing.assert_array_equal(found.largest_moves[1], [np.nan, np.nan])
    assert found.provenance[found.keys[1]].note == "no history"
    regime = found.regimes["calm"]
    assert regime.windows == ((date(2023, 1, 2), date(2024, 12, 31)),)
    assert (regime.n_returns, regime.shrinkage, regime.note) == (500, 0.1, "nothing lacks")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("model_exposures.csv", "spot/BBB", "spots/BBB", "model_exposures.csv:3:1: error[ST202]"),
        (
            "model_exposures.csv",
            "spot/BBB",
            "spot/AAA",
            ":3:1: error[ST207] spot/AAA twice",
        ),
        ("model_exposures.csv", "0,0.3,", "0,0,", "error[ST230] vol_calm of 0; expected a positive vol"),
        ("model_exposures.csv", "1.2,", "x,", "model_exposures.csv:2:10: error[ST155]"),
        ("model_exposures.csv", "1.2,", ",", "error[ST165] blank market"),
        ("model_exposures.csv", ",rates,", ",rate,", "error[ST219] column 'rate'"),
        ("model_exposures.csv", "judgement,", "guess,", "error[ST206] class 'guess'"),
        ("model_exposures.csv", "prices,\nspot", "prise,\nspot", "error[ST205] source 'prise'"),
        ("model_exposures.csv", "2025-03-28,judgement", "2025-04-28,judgement", "error[ST204]"),
        ("model_covariance.csv", "calm,rates,0.0001", "calm,rates,0.0002", "calm' that is not symmetric"),
        ("model_covariance.csv", "0.0001\n", "-0.0001\n", "not positive definite"),
        ("model_covariance.csv", "calm,rates", "calm,rate", "row calm, rate; expected one row for each"),
        ("model_covariance.csv", "calm,rates", "clam,rates", "did you mean 'calm'?"),
        ("model_covariance.csv", "calm,rates,0.0001,0.0001\n", "", "covariance without calm rates"),
        (MODEL_FILE, "2025-03-28", "2025-05-28", "factor_model.yaml:2:7: error[ST204]"),
        (MODEL_FILE, "shrinkage: 0.1", "shrinkage: 1.1", "factor_model.yaml:16:16: error[ST153]"),
        (MODEL_FILE, "returns: 500", "return: 500", "did you mean 'returns'?"),
        (MODEL_FILE, "exposures: model", "exposures: ../model", "error[ST152]"),
        (MODEL_FILE, "[2023-01-02, 2024-12-31]", "[2023-01-02]", "error[ST153]"),
        (MODEL_FILE, "source: prices\n", "source: price\n", "did you mean 'prices'?"),
    ],
)
def test_a_mistake_is_told(file: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        model(tmp_path, (file, old, new))
    assert message in str(caught.value)


def test_a_market_names_its_model_and_reads_it_when_asked(tmp_path: Path) -> None:
    target = market_folder(tmp_path, ("market.yaml", "rolls: rolls.csv", f"factor_model: {MODEL_FILE}"))
    market = load_market(target)  # nothing is wrong with a model that nobody asks for
    with pytest.raises(InputError, match="ST100"):
        _ = market.factor_model
    for file in folder(tmp_path).iterdir():
        shutil.copy(file, target)
    model = load_market(target).factor_model
    assert model is not None
    assert model is load_market(target).factor_model or len(model.keys) == 3


def test_a_folder_of_a_model_is_a_layer(tmp_path: Path) -> None:
    bare = market_folder(tmp_path, name="bare")
    assert load_market(bare).factor_model is None
    layered = load_market([bare, folder(tmp_path)]).factor_model
    assert layered is not None
    assert layered.factors == ("market", "rates")


def test_a_model_is_read_once(tmp_path: Path) -> None:
    source = ModelFile(folder(tmp_path) / MODEL_FILE, AS_OF)
    assert source() is source()


def test_the_shipped_model_covers_what_propagates() -> None:
    market = load_market("2025-10-03")
    model = market.factor_model
    assert model is not None
    assert {"calm", "stressed"} <= set(model.regimes)
    targets = {link.target for link in market.links}
    kinds = ("zero_rate", "credit_spread", "implied_vol", "fx_spot", "spot")
    # Foreign rates and power vols are judged levels without a history: they move only if named.
    left_out = {"EUR", "GBP", "JPY", "PJM_WEST"}
    wanted = {
        key for key in market.levels if key.kind in kinds and key not in targets and key.name not in left_out
    }
    missing = wanted - set(model.keys)
    assert not missing, sorted(map(str, missing))
    assert not targets & set(model.keys)
    assert not set(model.keys) - set(market.levels)


def test_the_shipped_model_makes_sense() -> None:
    market = load_market("2025-10-03")
    model = market.factor_model
    assert model is not None
    place = model.factors.index
    rows = {str(key): model.exposures[row] for key, row in model.rows.items()}
    assert 1.5 < rows["spot/NVDA"][place("market")] < 2.5
    assert rows["spot/NVDA"][place("ai")] > 1.0
    assert rows["spot/KO"][place("market")] < 0.7
    assert rows["spot/JPM"][place("financials")] > 0.8
    assert rows["spot/XOM"][place("energy")] > 0.6
    assert rows["spot/VST"][place("power")] > 0.8
    assert rows["spot/XAU"][place("gold")] == pytest.approx(1.0, abs=0.01)
    calm, stressed = (np.sqrt(np.diag(model.covariance[name])) for name in ("calm", "stressed"))
    assert np.all(stressed[: place("gold")] > calm[: place("gold")])
    assert 0.08 < calm[0] < 0.15
    assert 0.25 < stressed[0] < 0.40


def test_no_price_is_in_the_shipped_model() -> None:
    shipped = find_in_library("markets", "2025-10-03")
    assert shipped is not None
    header = (shipped / "model_exposures.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert not [name for name in header if "price" in name or "close" in name]
