"""The same optimum as the libraries that people use, on the same data: theirs is never below our bound."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from tests.fixtures.tail_problems import allocation, heavy_tails, sp500

from stresstest.hedging.tails.cuts import minimise_shortfall

DATA = {"heavy tails": lambda: heavy_tails(8, 1_500), "S&P 500 history": lambda: sp500()[:10, :3_000]}


@pytest.fixture(params=DATA, scope="module")
def solved(request: pytest.FixtureRequest):
    returns = DATA[request.param]()
    program = allocation(returns, most=0.4)
    return returns, program, minimise_shortfall(program).certificate


def compare(program, certificate, weights: np.ndarray, slack: float = 1e-6) -> None:
    """Compare: a peer keeps to limits within its tolerance, so its weights are brought back first."""
    weights = np.clip(weights, 0.0, 0.4)
    theirs = program.objective(weights / weights.sum())
    assert certificate.gap <= 1e-8
    assert certificate.objective <= theirs * (1.0 + 1e-8)
    assert theirs <= certificate.objective * (1.0 + slack)


def test_skfolio(solved) -> None:
    from skfolio import RiskMeasure
    from skfolio.optimization import MeanRisk

    returns, program, certificate = solved
    model = MeanRisk(risk_measure=RiskMeasure.CVAR, cvar_beta=0.95, max_weights=0.4)
    compare(program, certificate, model.fit(returns.T).weights_)


def test_fortitudo_tech(solved) -> None:
    import fortitudo.tech as ft

    returns, program, certificate = solved
    n = len(returns)
    sides = np.vstack([np.eye(n), -np.eye(n)]), np.r_[np.full(n, 0.4), np.zeros(n)]
    model = ft.MeanCVaR(returns.T, G=sides[0], h=sides[1], options={"demean": False})
    # Its own search stops at a relative change of its choice: ours is the lower one.
    compare(program, certificate, model.efficient_portfolio().ravel(), slack=1e-3)


def test_riskfolio(solved) -> None:
    riskfolio = pytest.importorskip("riskfolio")
    import pandas as pd

    returns, program, certificate = solved
    frame = pd.DataFrame(returns.T, columns=[f"A{number}" for number in range(len(returns))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = riskfolio.Portfolio(returns=frame)
        model.solvers, model.alpha, model.upperlng = ["CLARABEL"], 0.05, 0.4
        model.assets_stats(method_mu="hist", method_cov="hist")
        weights = model.optimization(model="Classic", rm="CVaR", obj="MinRisk", hist=True)
    compare(program, certificate, weights.to_numpy().ravel())


def test_pyportfolioopt(solved) -> None:
    import pandas as pd
    from pypfopt import EfficientCVaR

    returns, program, certificate = solved
    model = EfficientCVaR(
        None, pd.DataFrame(returns.T), beta=0.95, weight_bounds=(0.0, 0.4), solver="CLARABEL"
    )
    compare(program, certificate, np.array(list(model.min_cvar().values())))
