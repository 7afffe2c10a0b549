"""A scikit-learn estimator: the weights of least tail loss over stress scenarios.

`Pipeline([("returns", StressReturns()), ("hedge", StressHedger())]).fit(result)` takes what `st.stress`
returned; without the first step `StressHedger` takes any table of returns, a row a scenario. The only module
that needs scikit-learn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.embedding.scenario_returns import AssetNames, ResultLike, drawn_returns, named_returns
from stresstest.hedging.tails.cuts import minimise_shortfall
from stresstest.hedging.tails.program import LinearLimits, Status, TailProgram, TailTerm


class StressReturns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns a stress result into a table of returns, a row a scenario and a column an asset.

    Parameters
    ----------
    assets
        See `named_returns`.
    sampled
        Whether to take the draws, where there are some, or the named scenarios.

    Attributes
    ----------
    assets_, scenarios_
        Names of the columns and of the rows.
    """

    def __init__(self, assets: AssetNames = None, sampled: bool = True) -> None:
        self.assets = assets
        self.sampled = sampled

    def fit(self, result: ResultLike, y: object = None) -> StressReturns:
        """Read the names off `result`."""
        found = (drawn_returns if self.sampled else named_returns)(result, self.assets)
        self.assets_, self.scenarios_ = found.assets, found.scenarios
        return self

    def transform(self, result: ResultLike) -> FloatArray:
        """Return `(n_scenarios, n_assets)` returns in `result` of the assets that were fitted."""
        check_is_fitted(self)
        wanted = self.assets if self.assets is not None else self.assets_
        return frozen((drawn_returns if self.sampled else named_returns)(result, wanted).returns.T)

    def get_feature_names_out(self, input_features: object = None) -> Any:
        """Return the names of the assets."""
        check_is_fitted(self)
        return np.array(self.assets_, dtype=object)


class StressHedger(BaseEstimator):  # type: ignore[misc]
    """Weights of least expected shortfall, or least worst loss, with a certified gap of at most 1e-8.

    Parameters
    ----------
    confidence_level
        In (0, 1]; 1 for the worst loss.
    min_weight, max_weight
        Bounds of every weight, a number or `(n_assets,)`.
    budget
        What the weights add to; None: nothing, as for an overlay on `held`.
    held
        `(n_assets,)` weights held already, to which the fitted ones come on top; None: none.

    Attributes
    ----------
    weights_
        `(n_assets,)`, without `held`.
    shortfall_, gap_
        Shortfall of `held` plus `weights_` over the scenarios fitted on, and the certified gap.

    Examples
    --------
    >>> returns = np.array([[-0.4, 0.1], [0.2, -0.1], [0.1, 0.0], [0.1, 0.1]])
    >>> StressHedger(confidence_level=0.75).fit(returns).weights_.round(6).tolist()
    [0.25, 0.75]
    """

    def __init__(
        self,
        confidence_level: float = 0.95,
        *,
        min_weight: float | FloatArray = 0.0,
        max_weight: float | FloatArray = 1.0,
        budget: float | None = 1.0,
        held: FloatArray | None = None,
    ) -> None:
        self.confidence_level = confidence_level
        self.min_weight = min_weight
        self.max_weight = max_weight
        self.budget = budget
        self.held = held

    def fit(self, X: Any, y: object = None, sample_weight: FloatArray | None = None) -> StressHedger:  # noqa: N803
        """Find the weights for the scenarios `X` `(n_scenarios, n_assets)`.

        `sample_weight` `(n_scenarios,)` are their probabilities, up to a factor.

        Raises
        ------
        ValueError
            When no weights keep to the bounds and the budget, or the shortfall has no least.
        """
        returns = validate_data(self, X, dtype=np.float64)
        answer = minimise_shortfall(self._program(returns, sample_weight))
        if answer.certificate is None or answer.status is not Status.OPTIMAL:
            raise ValueError(_REASON[answer.status])
        self.weights_ = answer.quantities
        self.shortfall_, self.gap_ = answer.certificate.objective, answer.certificate.gap
        return self

    def predict(self, X: Any) -> FloatArray:  # noqa: N803
        """Return the return `(n_scenarios,)` of `held` plus the fitted weights in each scenario of `X`."""
        check_is_fitted(self)
        returns = validate_data(self, X, dtype=np.float64, reset=False)
        return frozen((returns * (self._held(returns.shape[1]) + self.weights_)).sum(axis=1))

    def score(self, X: Any, y: object = None) -> float:  # noqa: N803
        """Return minus the expected shortfall over `X`: more is better."""
        loss = -self.predict(X)
        term = TailTerm(-loss, np.zeros((1, len(loss))), self.confidence_level)
        return -term.shortfall(np.zeros(1))

    def _program(self, returns: FloatArray, sample_weight: FloatArray | None) -> TailProgram:
        n_assets = returns.shape[1]
        chance = None
        if sample_weight is not None:
            chance = np.asarray(sample_weight, dtype=np.float64)
            chance = chance / chance.sum()
        base = (returns * self._held(n_assets)).sum(axis=1)
        term = TailTerm(frozen(base), frozen(returns.T), self.confidence_level, chance)
        lower = np.broadcast_to(np.asarray(self.min_weight, dtype=np.float64), n_assets)
        upper = np.broadcast_to(np.asarray(self.max_weight, dtype=np.float64), n_assets)
        rows = [] if self.budget is None else [(np.ones(n_assets), self.budget, self.budget)]
        return TailProgram((term,), LinearLimits.of(lower, upper, rows), np.zeros(n_assets))

    def _held(self, n_assets: int) -> FloatArray:
        return np.zeros(n_assets) if self.held is None else np.asarray(self.held, dtype=np.float64)


_REASON = {
    Status.INFEASIBLE: "no weights keep to the bounds and the budget: widen one of them",
    Status.UNBOUNDED: "some weights lose nothing however large they are: bound them",
    Status.STOPPED: "the search stopped before the gap was proven to be 1e-8",
}
