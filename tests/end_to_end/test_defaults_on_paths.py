"""Defaults on a path, over every type of claim: paid once, whatever comes later, at any severity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import stresstest as st
from stresstest.catalog import instrument_types
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.loading import build_portfolio
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import ScenarioSet

BOND = {"coupon": "9.25%", "maturity": "2030-06-01", "frequency": 2, "day_count": "30/360"}
LOAN = {"maturity": "2030-06-30", "margin": "600bp"}
CHIPS = {"gpu": "H100", "count": 60, "value": 30_000, "in_service": "2024-07-01", "contract_rate": 2.5}
GPUS = {
    "maturity": "2029-05-15", "margin": "6%", "facility": 1_800_000, "contract_end": "2029-05-15",
    "operating_cost": 0.5, "collateral": [CHIPS],
}  # fmt: skip
CLAIMS = {
    "zero": {"type": "zero_bond", "issuer": "CRWV", "maturity": "2028-06-01"},
    "fixed": {"type": "fixed_bond", "issuer": "CRWV", **BOND},
    "sinking": {
        "type": "fixed_bond", "issuer": "CRWV", **BOND,
        "sinking_fund": [{"date": "2027-06-01", "amount": "30%"}],
    },
    "short": {"type": "fixed_bond", "issuer": "CRWV", **BOND, "maturity": "2025-12-01"},
    "floating": {"type": "floating_bond", "issuer": "CRWV", "margin": "500bp", "maturity": "2030-06-01"},
    "callable": {
        "type": "callable_bond", "issuer": "CRWV", **BOND, "calls": [{"date": "2027-06-01", "price": 104}]
    },
    "convertible": {
        "type": "convertible_bond", "issuer": "CRWV", **BOND, "coupon": "2%", "conversion_ratio": 4,
    },
    "term": {"type": "term_loan", "issuer": "CRWV", **LOAN, "amortisation": "10%"},
    "delayed": {
        "type": "delayed_draw_loan", "issuer": "CRWV", **LOAN, "drawn": "50%",
        "draws": [{"date": "2026-12-15", "part": "30%"}], "commitment_fee": "50bp",
    },
    "revolver": {"type": "revolver", "issuer": "CRWV", **LOAN, "drawn": "30%", "commitment_fee": "50bp"},
    "sponsor": {"type": "collateral_loan", "issuer": "CRWV", "customer": "MSFT", **GPUS},
    "customer": {"type": "collateral_loan", "issuer": "MSFT", "customer": "CRWV", **GPUS},
    "lease": {"type": "lease", "issuer": "CRWV", "rent": 0.02, "start": "2025-01-01", "term_months": 60},
    "cds": {"type": "cds", "issuer": "CRWV", "maturity": "2030-12-20", "coupon": "500bp"},
    "cds-short": {"type": "cds", "issuer": "CRWV", "maturity": "2026-06-20", "coupon": "500bp"},
    "share": {"type": "equity", "issuer": "CRWV"},
}  # fmt: skip

STEPS = """
  - after: 9m
  - after: 24m
  - after: 60m
  - after: 120m
"""


def scenario(events: str, *, at: str = "6m", steps: str = STEPS, shocks: str = ""):
    text = (
        f"version: 1\nname: fails\ntitle: A default\nhorizon: 120m\ntiming: path\n{shocks}steps:\n"
        f"  - after: 3m\n  - after: {at}\n    events:\n{events}{steps.lstrip(chr(10))}"
    )
    return parse_scenario(text)


DEFAULT = (
    "      - {event: default, select: {issuer: CRWV}, "
    "recovery: {senior_unsecured: 30%, secured: 60%}, at_severity: 100%}\n"
)


def still_market() -> MarketSnapshot:
    """Return the shipped market with no rates, so that cash stays what it is."""
    market = st.load_market("2025-10-03")
    levels = {key: 0.0 if key.kind == "zero_rate" else level for key, level in market.levels.items()}
    return replace(market, levels=levels)


@pytest.fixture(scope="module")
def market() -> MarketSnapshot:
    return still_market()


def book(quantity: float = 1000.0):
    rows = [{"id": name, "quantity": quantity, **terms} for name, terms in CLAIMS.items()]
    return build_portfolio({"version": 1, "name": "credit", "currency": "USD", "positions": rows})


def values(found, market, severity=1.0, quantity=1000.0):
    """Return by position what it is worth, cash paid included, in every column."""
    result = st.stress(book(quantity), ScenarioSet((found,)), market, severity=severity).result.portfolios[0]
    return dict(zip(result.position_ids, result.position_value, strict=True))


def test_every_type_with_a_default_state_is_here():
    with_issuer = {tag for tag, type_ in instrument_types().items() if type_.issuer_field is not None}
    rights_on_shares = {
        "american_option", "european_option", "digital_option", "barrier_option", "variance_swap",
        "equity_future", "equity_forward", "fund",
    }  # fmt: skip
    elsewhere = {"inflation_bond", "cds_index", "private_stake"}
    held = {terms["type"] for terms in CLAIMS.values()}
    assert with_issuer - rights_on_shares - elsewhere <= held


@pytest.mark.parametrize("quantity", [1000.0, -1000.0])
def test_a_default_is_paid_once_and_nothing_comes_after(market, quantity):
    found = values(scenario(DEFAULT), market, quantity=quantity)
    (first, *_) = np.flatnonzero(found["share"] == 0.0)
    for name, row in found.items():
        assert np.isfinite(row).all(), name
        assert row[first:] == pytest.approx(row[first], abs=1e-7), name
        if name not in ("short", "customer", "sponsor"):
            assert abs(row[first] - row[first - 1]) > 1.0, name


def test_what_a_claim_leaves_is_its_recovery(market):
    found = values(scenario(DEFAULT), market)
    assert found["zero"][5] == pytest.approx(300.0)
    assert found["fixed"][5] == pytest.approx(300.0 + 46.25)
    assert found["callable"][5] == pytest.approx(300.0 + 46.25)
    assert found["convertible"][5] == pytest.approx(300.0 + 10.0)
    assert found["short"][5] == pytest.approx(1000.0 + 46.25)
    assert found["share"][5] == 0.0
    # Protection leaves the loss, less the premium since the last date of payment.
    assert 700.0 - 50.0 * 190.0 / 360.0 - 15.0 < found["cds"][5] < 700.0
    assert found["cds"][5] == pytest.approx(found["cds-short"][5])


def test_defaulted_claims_and_protection_together_leave_the_face(market):
    """A bond and protection on it: recovery + loss = face, whatever the recovery is."""
    low, high = (
        values(scenario(DEFAULT.replace("senior_unsecured: 30%", f"senior_unsecured: {part}%")), market)
        for part in (10, 80)
    )
    for bond in ("zero", "fixed", "floating", "callable", "convertible"):
        assert low[bond][5] + low["cds"][5] == pytest.approx(high[bond][5] + high["cds"][5]), bond


@pytest.mark.parametrize("severity", [1.5, 2.0, 4.0])
def test_severity_makes_no_default_larger_and_none_twice(market, severity):
    plain = values(scenario(DEFAULT), market)
    severe = values(scenario(DEFAULT), market, severity=severity)
    for name, row in severe.items():
        assert row == pytest.approx(plain[name], abs=1e-9), name


def test_a_severity_below_that_of_the_event_has_no_default(market):
    none = values(scenario(DEFAULT), market, severity=0.99)
    assert none["share"][-1] == pytest.approx(none["share"][0])
    assert none["zero"][-1] == pytest.approx(1000.0)


def test_severity_scales_the_shocks_around_a_default(market):
    shocks = (
        "shocks:\n  - {select: {issuer: CRWV}, factor: credit_spread, shift: +200bp}\n"
        "  - {select: {issuer: CRWV}, factor: spot, shift: -20%}\n"
    )
    plain, severe = (values(scenario(DEFAULT, shocks=shocks), market, severity=size) for size in (1.0, 2.0))
    for name in ("zero", "fixed", "floating", "callable", "convertible", "term", "cds", "cds-short"):
        assert severe[name][5] == pytest.approx(plain[name][5], abs=1e-7), name
        assert severe[name][6:] == pytest.approx(severe[name][5], abs=1e-7), name
    assert severe["share"][1] == pytest.approx(0.64 * severe["share"][0])
    assert severe["share"][5] == plain["share"][5] == 0.0


def test_a_default_of_today_is_one_of_the_first_date(market):
    text = (
        "version: 1\nname: today\ntitle: Today\nhorizon: 120m\ntiming: path\n"
        "events:\n  - {event: default, select: {issuer: CRWV}, recovery: {senior_unsecured: 30%}}\n"
        "steps:\n  - after: 3m\n  - after: 120m\n"
    )
    for name, row in values(parse_scenario(text), market).items():
        assert row[2:] == pytest.approx(row[1], abs=1e-7), name
    instant = parse_scenario(text.split("steps:", maxsplit=1)[0].replace("timing: path", "timing: instant"))
    for name, row in values(instant, market).items():
        assert row[1] == pytest.approx(values(parse_scenario(text), market)[name][1], abs=1e-9), name


@pytest.mark.parametrize("before", ["3m", "60m"])
def test_a_default_after_the_end_of_a_claim_takes_nothing(market, before):
    text = (
        "version: 1\nname: late\ntitle: Late\nhorizon: 120m\ntiming: path\nsteps:\n"
        f"  - after: {before}\n  - after: 84m\n    events:\n{DEFAULT}  - after: 120m\n"
    )
    late, survives = (values(parse_scenario(text), market, severity=size) for size in (1.0, 0.5))
    for name in sorted(set(late) - {"share"}):
        assert late[name][-1] == pytest.approx(survives[name][-1], abs=1e-9), name
