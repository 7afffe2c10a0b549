"""Values of credit default swaps: the oracle, what they must obey, their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.instruments.cds.market import AS_OF, NODE_DAYS, SPREADS, key, market, swap, values
from tests.oracle import cds as oracle

from stresstest.instruments.cds.terms import requirements
from stresstest.instruments.cds.upfront import override
from stresstest.market.credit_swaps import accrued_fraction

MATURITIES = (
    "2025-12-20",
    "2026-03-20",
    "2026-06-20",
    "2027-06-20",
    "2028-09-20",
    "2030-12-20",
    "2035-12-20",
)
SPREAD = "credit_spread/CRWV"
ALL_RATES = [f"zero_rate/USD_SOFR/{days}D" for days in NODE_DAYS]


def ladder(**terms: str) -> list:
    return [swap(maturity=maturity, **terms) for maturity in MATURITIES]


def oracle_values(specs: list, move: dict[str, float], today: date = AS_OF) -> list[float]:
    base = market(today)
    levels = {**base.levels, **{key(text): level for text, level in move.items()}}
    return [oracle.unit_value(spec, base, lambda *name: levels[(*name, "")[:3]])[0] for spec in specs]


@pytest.mark.parametrize("spread", [0.0, 1e-6, 0.002, 0.0105, 0.044, 0.25, 3.0, -0.002])
@pytest.mark.parametrize("shift", [0.0, 0.05, -0.06])
def test_values_are_those_of_the_oracle(spread: float, shift: float) -> None:
    tilt = dict(zip(ALL_RATES, [0.03 + shift + 0.002 * node for node in range(len(ALL_RATES))], strict=True))
    specs = [*ladder(), *ladder(coupon="500bp", recovery="25%", seniority="subordinated")]
    move = {SPREAD: spread, **tilt}
    assert values(specs, move)[:, 0] == pytest.approx(oracle_values(specs, move), abs=oracle.SIZE_TOLERANCE)


def test_values_are_those_of_the_oracle_on_every_day_of_two_quarters() -> None:
    specs = [swap(maturity=maturity) for maturity in ("2026-06-20", "2026-09-20", "2030-12-20")]
    for days in range(185):
        today = AS_OF + timedelta(days=days)
        found = values(specs, base=market(today))[:, 0]
        assert found == pytest.approx(oracle_values(specs, {}, today), abs=oracle.SIZE_TOLERANCE), today


@given(
    st.floats(1e-5, 2.0),
    st.floats(0.0, 0.9),
    st.sampled_from(MATURITIES),
    st.floats(-0.02, 0.15),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_a_swap_that_pays_the_quoted_spread_costs_nothing(
    spread: float, recovery: float, maturity: str, rate: float, inverted: bool
) -> None:
    # Beyond what a contract pays: the quotes of issuers close to default are.
    terms = swap(maturity=maturity, coupon="1%", recovery=f"{100 * recovery:.17g}%")
    spec = terms.model_copy(update={"coupon": min(spread, 1.0)})
    sign = -1.0 if inverted else 1.0
    rates = {name: rate + sign * 0.002 * node for node, name in enumerate(ALL_RATES)}
    (dirty,) = values([spec], {SPREAD: spec.coupon, **rates})[0]
    settlement = np.exp(-5 / 365 * rates[ALL_RATES[0]])
    clean = dirty + spec.coupon * accrued_fraction(AS_OF, spec.last_day) * settlement
    assert clean == pytest.approx(0.0, abs=1e-14)


def test_value_rises_with_the_spread_from_nothing_lost_to_everything() -> None:
    spreads = [-0.01, 0.0, 1e-9, 1e-4, 0.01, 0.05, 0.2, 0.5, 1.0, 5.0, 20.0, 100.0]
    found = values(ladder(), *({SPREAD: spread} for spread in spreads))
    assert np.all(np.diff(found, axis=1) > 0.0)
    assert np.all(found < 0.6)
    assert np.all(found[:, -1] > 0.58)


def test_value_falls_with_the_coupon_by_the_risky_annuity() -> None:
    for spread in (0.0, 0.01, 0.3, 5.0):
        found = [values(ladder(coupon=f"{bp}bp"), {SPREAD: spread})[:, 0] for bp in (0, 100, 200, 500)]
        annuity = (found[0] - found[1]) / 0.01
        assert np.all(annuity > 0.0)
        assert found[0] - found[3] == pytest.approx(0.05 * annuity, abs=1e-14)
        assert np.all(annuity <= np.array([accrued(maturity) for maturity in MATURITIES]))


def accrued(maturity: str) -> float:
    """Premium of 1 a year to maturity from the start of the current period, at no rates and no default."""
    return ((date.fromisoformat(maturity) - date(2025, 9, 22)).days + 1) / 360 + 1e-12


def test_at_the_par_spread_recovery_hardly_matters_and_far_from_it_it_does() -> None:
    par, wide = swap(coupon="440bp"), swap(coupon="100bp")
    at_par = [values([par.model_copy(update={"recovery": r})])[0, 0] for r in (0.2, 0.6)]
    away = [values([wide.model_copy(update={"recovery": r})])[0, 0] for r in (0.2, 0.6)]
    assert at_par[0] == pytest.approx(at_par[1], abs=1e-14)
    assert away[0] - away[1] > 1e-3


def test_a_spread_of_zero_leaves_the_premium_alone() -> None:
    rates = dict.fromkeys(ALL_RATES, 0.0)
    found = values(ladder(), {SPREAD: 0.0, **rates})[:, 0]
    days = [(date.fromisoformat(maturity) - date(2025, 9, 22)).days + 1 for maturity in MATURITIES]
    assert found == pytest.approx([-0.01 * count / 360 for count in days], abs=1e-16)


def test_a_basis_is_a_factor_of_the_position_that_is_added_to_the_spread() -> None:
    base = market()
    found = override(swap(basis="25bp"), "CRWV#held", base, AS_OF)
    assert found is not None
    assert found.levels == {key("basis/CRWV#held"): 0.0025}
    issuers = {**base.issuers, "CRWV#held": base.issuers["CRWV"].__class__("CRWV#held", "", "equity", "USD")}
    extended = replace(base, issuers=issuers, levels={**base.levels, **found.levels})
    assert set(requirements(found.spec, extended).factors) >= {key("basis/CRWV#held"), key(SPREAD)}
    moves = [{}, {SPREAD: 0.1}, {"basis/CRWV#held": -0.01}]
    expected = [SPREADS["CRWV"] + 0.0025, 0.1 + 0.0025, SPREADS["CRWV"] - 0.01]
    assert (
        values([found.spec], *moves, base=extended).tolist()
        == values([swap()], *({SPREAD: spread} for spread in expected)).tolist()
    )


def test_what_is_not_a_number_or_has_no_hazard_rate_gives_no_number_and_only_there() -> None:
    moves = [
        {SPREAD: np.nan},
        {},
        {SPREAD: -5.0},
        {SPREAD: 1e7},
        {SPREAD: np.inf},
        {ALL_RATES[2]: np.nan},
        {},
    ]
    found = values([swap(), swap("ORCL")], *moves)
    assert np.isnan(found[0]).tolist() == [True, False, True, True, True, True, False]
    assert found[0, 1] == found[0, 6] == values([swap()])[0, 0]
    assert np.isnan(found[1]).tolist() == [False] * 5 + [True, False]


def test_a_recovery_of_everything_gives_no_number() -> None:
    recovery = "recovery_rate/CRWV/senior_unsecured"
    base = market(more={recovery: 0.4})
    found = values([swap()], {}, {recovery: 1.0}, {recovery: 0.2}, base=base)
    assert found[0, 0] == values([swap()])[0, 0]
    assert np.isnan(found[0, 1])
    assert found[0, 2] == values([swap(recovery="20%")])[0, 0]


def test_columns_that_need_many_rounds_do_not_touch_their_neighbours() -> None:
    spreads = np.geomspace(1e-6, 90.0, 300)
    moves = [{SPREAD: float(spread)} for spread in spreads]
    together = values([swap()], *moves)
    alone = np.hstack([values([swap()], move) for move in moves[::29]])
    assert together[:, ::29].tobytes() == alone.tobytes()
