"""The estimator: pipelines, clones, the same optimum as the program, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from tests.fixtures.stressed_funds import NAMES, SCENARIOS, four_shares
from tests.fixtures.tail_problems import allocation, heavy_tails, stressed

from stresstest.hedging import StressHedger, StressReturns, minimise_shortfall, named_returns

RETURNS = heavy_tails(6, 800)


def test_weights_are_those_of_the_program() -> None:
    hedger = StressHedger(0.9, max_weight=0.5).fit(RETURNS.T)
    answer = minimise_shortfall(allocation(RETURNS, 0.5, 0.9))
    np.testing.assert_array_equal(hedger.weights_, answer.quantities)
    assert hedger.shortfall_ == answer.certificate.objective
    assert hedger.gap_ <= 1e-8
    assert hedger.score(RETURNS.T) == pytest.approx(-hedger.shortfall_, rel=1e-9)
    np.testing.assert_allclose(hedger.predict(RETURNS.T), RETURNS.T @ hedger.weights_, atol=1e-15)


def test_sample_weights_are_probabilities() -> None:
    chance = stressed(800)
    hedger = StressHedger(0.9).fit(RETURNS.T, sample_weight=17.0 * chance)
    answer = minimise_shortfall(allocation(RETURNS, 1.0, 0.9, chance))
    np.testing.assert_allclose(hedger.weights_, answer.quantities, atol=1e-9)


def test_an_overlay_on_what_is_held() -> None:
    held = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    hedger = StressHedger(min_weight=-0.5, max_weight=0.5, budget=0.0, held=held).fit(RETURNS.T)
    alone = StressHedger(held=held, min_weight=0.0, max_weight=0.0, budget=None).fit(RETURNS.T)
    assert alone.weights_.tolist() == [0.0] * 6
    assert hedger.shortfall_ < 0.9 * alone.shortfall_
    assert hedger.weights_.sum() == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(hedger.predict(RETURNS.T), RETURNS.T @ (held + hedger.weights_), atol=1e-15)


def test_a_pipeline_over_a_stress_result() -> None:
    model = Pipeline([("returns", StressReturns()), ("hedge", StressHedger(1.0, max_weight=0.6))])
    weights = clone(model).fit(four_shares()).named_steps
    with pytest.raises(NotFittedError):
        model.predict(four_shares())
    model.fit(four_shares())
    assert weights["hedge"].weights_.tobytes() == model.named_steps["hedge"].weights_.tobytes()
    assert model.named_steps["returns"].scenarios_ == SCENARIOS
    assert model[:-1].get_feature_names_out().tolist() == [name.lower() for name in NAMES]
    returns = named_returns(four_shares()).returns
    np.testing.assert_allclose(model.predict(four_shares()), returns.T @ model["hedge"].weights_, atol=1e-15)
    assert model["hedge"].shortfall_ == pytest.approx(-model.predict(four_shares()).min(), abs=1e-12)


def test_assets_are_chosen_by_name() -> None:
    picked = StressReturns(assets={"Coca-Cola": "ko"}, sampled=False).fit(four_shares())
    assert picked.assets_ == ("Coca-Cola",)
    assert picked.transform(four_shares()).shape == (3, 1)


def test_other_steps_frames_and_grids() -> None:
    frame = pd.DataFrame(RETURNS.T, columns=list("abcdef"))
    model = Pipeline([("scale", FunctionTransformer(lambda x: 2.0 * x)), ("hedge", StressHedger())]).fit(
        frame
    )
    assert model["hedge"].feature_names_in_.tolist() == list("abcdef")
    assert model["hedge"].shortfall_ == pytest.approx(2.0 * StressHedger().fit(frame).shortfall_, rel=1e-7)
    search = GridSearchCV(StressHedger(), {"max_weight": [0.2, 0.5]}, cv=2).fit(frame)
    assert search.best_params_["max_weight"] in (0.2, 0.5)


def test_parameters_survive_a_clone() -> None:
    hedger = StressHedger(0.99, min_weight=-1.0, budget=None)
    assert clone(hedger).get_params() == hedger.get_params()
    assert clone(hedger).set_params(budget=1.0).budget == 1.0


@pytest.mark.parametrize(
    ("hedger", "said"),
    [
        (StressHedger(max_weight=0.1), "no weights keep to the bounds"),
        (StressHedger(min_weight=-np.inf, max_weight=np.inf, budget=None), "bound them"),
        (StressHedger(1.5), "confidence level"),
    ],
)
def test_no_weights_is_an_error(hedger: StressHedger, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        hedger.fit(np.abs(RETURNS.T) if hedger.budget is None else RETURNS.T)


def test_other_assets_than_fitted_are_refused() -> None:
    with pytest.raises(ValueError, match="6 features"):
        StressHedger().fit(RETURNS.T).predict(RETURNS[:3].T)
