import numpy as np
import pytest
from tests.hedging.tiny_books import line, rule_and_inputs, state

from stresstest.market.keys import RiskFactorKey


def test_tracking_error_of_shares_is_that_of_the_factor_model() -> None:
    rule, found = rule_and_inputs("name: r, max_tracking_error: 8%, benchmark: {KO: 100%}, regime: calm")
    model = found.risk.model
    assert model is not None
    trades = state(found, calls=-20)
    held = {"NVDA": 4_000, "MSFT": 1_000}
    weight = {
        name: size * found.unit_value[line(found, name.lower(), held=True)] / found.nav
        for name, size in held.items()
    }
    weight["KO"] = -1.0
    rows = [model.rows[RiskFactorKey("spot", name)] for name in weight]
    active = np.array(list(weight.values()))
    exposure = active @ model.exposures[rows]
    own = ((model.idiosyncratic_vol["calm"][rows] * active) ** 2).sum()
    expected = np.sqrt(exposure @ model.covariance["calm"] @ exposure + own)
    assert rule.measured(trades) == pytest.approx(expected, rel=1e-4)
    assert rule.breach(trades, 0.08) == pytest.approx(rule.measured(trades) - 0.08)
