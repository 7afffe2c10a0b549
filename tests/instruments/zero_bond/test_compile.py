"""What a zero-coupon bond depends on, what it is refused for, and its columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.fixtures.unit_values import columns_of
from tests.instruments.zero_bond.market import AS_OF, bond, key, market

from stresstest.errors import InputError
from stresstest.instrument_type import CompileContext
from stresstest.instruments.zero_bond import INSTRUMENT_TYPE
from stresstest.instruments.zero_bond.compile import compile_columns, requirements
from stresstest.instruments.zero_bond.spec import ZeroBondSpec
from stresstest.kernels.rows import NO_ROW
from stresstest.portfolio.rows import RowPlan


def refusal(spec: ZeroBondSpec, **changes: object) -> str:
    """What `requirements` says in the market with `changes`, problem by problem."""
    with pytest.raises(InputError) as caught:
        requirements(spec, replace(market(), **changes))
    return str(caught.value)


@pytest.mark.parametrize(
    ("maturity", "nodes"),
    [
        ("2025-10-04", ["1Y"]),
        ("2026-10-03", ["1Y"]),
        ("2026-10-04", ["1Y", "5Y"]),
        ("2030-10-02", ["5Y"]),
        ("2032-01-15", ["5Y", "10Y"]),
        ("2055-08-15", ["10Y"]),
    ],
)
def test_it_depends_on_the_nodes_around_its_maturity_and_on_its_spread(
    maturity: str, nodes: list[str]
) -> None:
    rates = tuple(key(f"zero_rate/USD/{tenor}") for tenor in nodes)
    sovereign = requirements(bond("GOV", maturity), market())
    firm = requirements(bond("BOLT", maturity), market())
    assert sovereign.factors == rates
    assert firm.factors == (*rates, key("credit_spread/BOLT"))


def test_a_sovereign_with_a_spread_has_it() -> None:
    assert key("credit_spread/EMG") in requirements(bond("EMG"), market()).factors


def test_the_currency_is_the_bonds_own_or_its_issuers() -> None:
    assert requirements(bond(), market()).currency == "USD"
    in_euros = requirements(bond(currency="EUR"), market())
    assert in_euros.currency == "EUR"
    assert in_euros.factors == (key("zero_rate/EUR/1Y"), key("credit_spread/BOLT"))


def test_a_named_curve_replaces_the_discount_curve() -> None:
    factors = requirements(bond("GOV", curve="USD_SOFR"), market()).factors
    assert factors == (key("zero_rate/USD_SOFR/1Y"),)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            bond("BOLD"),
            "error[ST355] issuer 'BOLD'; expected an issuer of market 'small'; did you mean 'BOLT'?",
        ),
        (
            bond(maturity="2025-10-03"),
            "error[ST370] zero-coupon bond of BOLT that matures on 2025-10-03; "
            "expected a maturity after 2025-10-03",
        ),
        (
            bond("CHF"),
            "error[ST362] no discount curve of CHF; expected a curve of market 'small'",
        ),
        (
            bond(curve="USD_SOFT"),
            "error[ST362] curve 'USD_SOFT'; expected a curve of market 'small'; did you mean 'USD_SOFR'?",
        ),
        (
            bond(curve="EUR"),
            "error[ST372] curve 'EUR' of EUR for payments in USD; expected a curve of USD",
        ),
        (
            bond("ACME"),
            "error[ST357] no level for credit_spread/ACME; expected one in market 'small'",
        ),
    ],
)
def test_what_is_refused_and_how(spec: ZeroBondSpec, message: str) -> None:
    assert refusal(spec) == message


def test_a_missing_rate_is_named() -> None:
    levels = {name: level for name, level in market().levels.items() if name.tenor != "5Y"}
    assert refusal(bond(), levels=levels) == (
        "error[ST357] no level for zero_rate/USD/5Y; expected one in market 'small'"
    )


def test_everything_wrong_is_said_at_once() -> None:
    text = refusal(bond("ACME", "2020-01-15", curve="NONE"))
    assert [line[6:11] for line in text.splitlines()] == ["ST370", "ST362", "ST357"]


def test_columns_hold_the_rows_that_the_bonds_read() -> None:
    specs = [bond("GOV"), bond("BOLT"), bond("BOLT", "2030-06-01")]
    columns, rows = columns_of(INSTRUMENT_TYPE, specs, market())
    assert columns.years.tolist() == [(date(2030, 6, 1) - AS_OF).days / 365] * 3
    assert len(set(columns.discount_row.tolist())) == 1
    spread_row = rows.factor_keys.index(key("credit_spread/BOLT"))
    assert columns.spread_row.tolist() == [NO_ROW, spread_row, spread_row]


def test_rows_are_those_of_the_factors_declared() -> None:
    for spec in (bond("GOV", "2026-10-03"), bond(), bond("EMG", "2055-08-15"), bond(currency="EUR")):
        _, rows = columns_of(INSTRUMENT_TYPE, [spec], market())
        assert set(rows.factor_keys) == set(requirements(spec, market()).factors)


def test_bonds_repaid_by_the_valuation_date_are_refused_all_at_once() -> None:
    base = market()
    context = CompileContext(date(2030, 6, 1), base, RowPlan(base))
    specs = [bond(), bond("GOV", "2029-02-15"), bond("GOV", "2030-06-02")]
    with pytest.raises(InputError, match="ST370") as caught:
        compile_columns(specs, context)
    assert [problem.expected for problem in caught.value.problems] == ["a maturity after 2030-06-01"] * 2
