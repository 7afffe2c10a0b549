"""Stress losses as cvxpy expressions: values, limits, inside the allocation tools that people use."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pandas as pd
import pytest
from tests.fixtures.stressed_funds import NAMES, SCENARIOS, four_shares, three_funds
from tests.fixtures.tail_problems import allocation, expanded_optimum, sp500, stressed

import stresstest as st
from stresstest.hedging import ScenarioReturns, expected_shortfall, named_returns, scenario_loss, worst_loss
from stresstest.measures import tail

RESULT = four_shares()
RETURNS = named_returns(RESULT)
HISTORY = pd.DataFrame(sp500()[:4, :1_500].T, columns=list(NAMES))


def losses(weights: np.ndarray) -> np.ndarray:
    return -(RETURNS.returns.T @ weights)


def test_values_at_given_weights() -> None:
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    w = cp.Variable(4, value=weights)
    np.testing.assert_allclose(scenario_loss(w, RESULT).value, losses(weights), rtol=1e-14)
    assert scenario_loss(w, RESULT, SCENARIOS[0]).value == pytest.approx(losses(weights)[0], rel=1e-14)
    assert worst_loss(w, RESULT).value == pytest.approx(losses(weights).max(), rel=1e-14)
    shortfall = expected_shortfall(w, RESULT, 0.6).value
    assert shortfall == pytest.approx(tail.expected_shortfall(losses(weights), 0.6), rel=1e-12)


def test_the_loss_of_the_book_itself() -> None:
    held = RESULT.result.portfolios[0]
    w = cp.Constant(held.position_value[:, 0] / held.base_value)
    assert worst_loss(w, RESULT).value == pytest.approx(-held.pnl[1:].min() / held.base_value, rel=1e-12)


def test_weights_over_portfolios_and_chosen_assets() -> None:
    w = cp.Variable(3, value=np.array([0.2, 0.7, 0.1]))
    expected = -(named_returns(three_funds()).returns.T @ w.value)
    np.testing.assert_allclose(scenario_loss(w, three_funds()).value, expected, rtol=1e-14)
    one = cp.Variable(1, value=np.ones(1))
    assert worst_loss(one, RESULT, assets=["ko"]).value == pytest.approx(0.05, rel=1e-3)


def test_a_column_of_weights_is_as_good() -> None:
    column = cp.Variable((4, 1), value=np.full((4, 1), 0.25))
    assert worst_loss(column, RESULT).value == pytest.approx(losses(np.full(4, 0.25)).max(), rel=1e-14)


def test_a_limit_holds_and_binds_in_plain_cvxpy() -> None:
    w = cp.Variable(4, nonneg=True)
    growth = RETURNS.column("boom_continues") @ w
    problem = cp.Problem(cp.Maximize(growth), [cp.sum(w) == 1, worst_loss(w, RESULT) <= 0.2])
    problem.solve(solver="HIGHS")
    assert losses(w.value).max() == pytest.approx(0.2, rel=1e-8)
    unlimited = float(RETURNS.column("boom_continues").max())
    assert 0.0 < problem.value < unlimited


def test_parameters_keep_to_the_rules() -> None:
    w, most, held = cp.Variable(4, nonneg=True), cp.Parameter(nonneg=True), cp.Parameter(4)
    rows = [cp.sum(w) == 1, worst_loss(w + held, RESULT) <= most, expected_shortfall(w, RESULT, 0.5) <= most]
    problem = cp.Problem(cp.Minimize(cp.sum_squares(w)), rows)
    assert problem.is_dcp(dpp=True)
    held.value = np.zeros(4)
    for limit in (0.3, 0.1):
        most.value = limit
        problem.solve(solver="CLARABEL")
        assert losses(w.value).max() <= limit + 1e-7


@pytest.mark.parametrize("probability", [None, stressed(400)], ids=["alike", "stressed"])
def test_least_shortfall_is_the_expanded_programs(probability: np.ndarray | None) -> None:
    returns = sp500()[:5, :400]
    given = ScenarioReturns(tuple("abcde"), tuple(map(str, range(400))), returns, probability)
    w = cp.Variable(5, nonneg=True)
    shortfall = expected_shortfall(w, given, 0.9)
    value = cp.Problem(cp.Minimize(shortfall), [cp.sum(w) == 1]).solve(solver="HIGHS")
    assert value == pytest.approx(expanded_optimum(allocation(returns, 1.0, 0.9, probability)), rel=1e-7)
    exact = tail.expected_shortfall(-(returns.T @ w.value), 0.9, probability)
    assert shortfall.value == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("scaled", [False, True], ids=["minimum risk", "largest ratio"])
def test_inside_skfolio(scaled: bool) -> None:
    from skfolio.optimization import MeanRisk, ObjectiveFunction

    def limits(w: cp.Variable) -> list:
        return [
            worst_loss(w, RESULT) <= 0.075 * cp.sum(w),
            scenario_loss(w, RESULT, SCENARIOS[2]) <= 0.07 * cp.sum(w),
        ]

    aim = ObjectiveFunction.MAXIMIZE_RATIO if scaled else ObjectiveFunction.MINIMIZE_RISK
    free = MeanRisk(objective_function=aim, min_weights=0.1).fit(HISTORY).weights_
    held = MeanRisk(objective_function=aim, min_weights=0.1, add_constraints=limits).fit(HISTORY).weights_
    assert losses(free).max() > 0.08
    assert max(losses(held)[0] / 0.075, losses(held)[2] / 0.07) == pytest.approx(1.0, abs=1e-4)


def test_inside_pyportfolioopt() -> None:
    from pypfopt import EfficientFrontier

    def allocate(limit: float) -> np.ndarray:
        model = EfficientFrontier(HISTORY.mean(), HISTORY.cov(), weight_bounds=(0.1, 1.0), solver="CLARABEL")
        model.add_constraint(lambda w: worst_loss(w, RESULT) <= limit)
        return np.array(list(model.min_volatility().values()))

    assert losses(allocate(1.0)).max() > 0.08
    assert losses(allocate(0.075)).max() == pytest.approx(0.075, abs=1e-5)


def test_inside_riskfolio_as_rows() -> None:
    riskfolio = pytest.importorskip("riskfolio")
    model = riskfolio.Portfolio(returns=HISTORY)
    model.solvers, model.lowerlng = ["CLARABEL"], 0.1
    model.assets_stats(method_mu="hist", method_cov="hist")
    model.ainequality, model.binequality = -RETURNS.returns.T, np.full((len(SCENARIOS), 1), 0.075)
    weights = model.optimization(model="Classic", rm="MV", obj="MinRisk", hist=True).to_numpy().ravel()
    assert losses(weights).max() == pytest.approx(0.075, abs=1e-5)


@pytest.mark.filterwarnings("ignore")  # of its own use of pandas
def test_inside_cvxportfolio() -> None:
    cvxportfolio = pytest.importorskip("cvxportfolio")
    from cvxportfolio.constraints import InequalityConstraint

    class StressLimit(InequalityConstraint):
        """Weights of cvxportfolio have cash as the last, which loses nothing."""

        def _compile_constr_to_cvxpy(self, w_plus, z, w_plus_minus_w_bm):
            return worst_loss(w_plus[:-1], RESULT)

        def _rhs(self):
            return 0.075

    dates = pd.date_range("2020-01-01", periods=len(HISTORY), freq="D", tz="UTC")
    returns = HISTORY.set_index(dates).assign(cash=0.0)
    simulator = cvxportfolio.MarketSimulator(returns=returns, cash_key="cash", costs=[])
    policy = cvxportfolio.SinglePeriodOptimization(
        cvxportfolio.ReturnsForecast() - 0.5 * cvxportfolio.FullCovariance(),
        [cvxportfolio.LongOnly(), cvxportfolio.NoCash(), cvxportfolio.MinWeights(0.1), StressLimit()],
        solver="CLARABEL",
    )
    outcome = simulator.backtest(policy, start_time=dates[-3], end_time=dates[-1])
    weights = outcome.w.iloc[-1].to_numpy()[:-1]
    assert losses(weights).max() <= 0.075 + 2e-3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: scenario_loss(cp.Variable(3), RESULT), r"weights of shape \(3,\); expected 4"),
        (lambda: worst_loss(cp.Variable((2, 2)), RESULT), "one for each asset"),
        (lambda: scenario_loss(cp.Variable(4), RESULT, "boom_continue"), "did you mean 'boom_continues'"),
        (lambda: worst_loss(cp.Variable(1), RESULT, assets=["k"]), "asset 'k'"),
    ],
)
def test_what_does_not_fit_is_told(call, said: str) -> None:
    with pytest.raises(st.InputError, match=said):
        call()


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 95.0])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        expected_shortfall(cp.Variable(4), RESULT, level)
