"""Bond values against QuantLib and the oracle, identities, and bits."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import QuantLib
from tests.instruments.fixed_bond.pricing import (
    AS_OF,
    NODE_DAYS,
    RATES,
    SPREADS,
    TENORS,
    bond,
    market,
    unit_values,
)
from tests.oracle import fixed_bond as oracle
from tests.oracle.quantlib_bonds import fixed_rate_bond, to_quantlib, zero_curve

from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import Grid
from stresstest.instruments.fixed_bond.kernel import revalue
from stresstest.instruments.fixed_bond.spec import FixedBondSpec
from stresstest.instruments.fixed_bond.terms import fixed_leg

ROOT = Path(__file__).parents[3]
NODES = [(days / 365, rate) for days, rate in zip(NODE_DAYS, RATES, strict=True)]


def random_bonds(n_bonds: int, *, holidays: bool) -> list[FixedBondSpec]:
    """Bonds over day counts, frequencies, month ends, leap days, stubs and, where asked for, holidays."""
    generator = np.random.default_rng(11)
    maturities = [
        "2026-02-28",
        "2028-02-29",
        "2027-08-31",
        "2030-06-30",
        "2041-12-31",
        "2055-05-15",
        "2025-10-06",
    ]
    bonds = []
    for number in range(n_bonds):
        maturity = maturities[number % 7]
        if number % 2:
            maturity = str(AS_OF + timedelta(days=int(generator.integers(5, 12_000))))
        frequency = int(generator.choice([1, 2, 4, 12]))
        terms = {
            "coupon": f"{generator.uniform(0, 12):.4f}%",
            "maturity": maturity,
            "frequency": str(frequency),
            "day_count": get_args(DayCount)[number % 8],
            "end_of_month": "true" if generator.random() < 0.7 else "false",
        }
        if generator.random() < 0.5:
            issued = AS_OF - timedelta(days=int(generator.integers(0, 400)))
            terms["issue_date"] = str(issued)
            grid = Grid(date.fromisoformat(maturity), frequency, terms["end_of_month"] == "true")
            second = grid.day(grid.index_at_or_before(issued) + 2)
            if generator.random() < 0.4 and second < grid.anchor:
                terms["first_coupon_date"] = str(second)
        if holidays:
            terms["calendar"] = ("weekends_only", "target", "us_federal_reserve")[number % 3]
            terms["business_day_convention"] = str(generator.choice(["following", "modified_following"]))
        bonds.append(bond(**terms))
    return bonds


@pytest.mark.parametrize("holidays", [False, True])
def test_values_are_those_of_quantlib(holidays: bool) -> None:
    specs = random_bonds(700, holidays=holidays)
    curve = zero_curve(AS_OF, NODE_DAYS, [rate + SPREADS["CRWV"] for rate in RATES])
    engine = QuantLib.DiscountingBondEngine(QuantLib.YieldTermStructureHandle(curve))
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(AS_OF)
        for spec, value in zip(specs, unit_values(specs)[:, 0], strict=True):
            peer = fixed_rate_bond(fixed_leg(spec, AS_OF))
            peer.setPricingEngine(engine)
            assert value == pytest.approx(peer.NPV(), abs=1e-13), f"{spec!r}: {value}, QuantLib {peer.NPV()}"


def test_values_are_those_of_the_oracle() -> None:
    specs = random_bonds(400, holidays=False)
    for spec, got in zip(specs, unit_values(specs)[:, 0], strict=True):
        twin = oracle.Bond(
            spec.coupon,
            spec.maturity,
            spec.frequency,
            spec.day_count,
            spec.issue_date,
            spec.first_coupon_date,
            spec.end_of_month,
        )
        expected = oracle.value(twin, AS_OF, NODES, SPREADS["CRWV"])
        assert got == pytest.approx(expected, abs=1e-13), f"{spec!r}: {got}, oracle {expected}"


def test_columns_are_independent_and_the_unshocked_one_has_the_bits_of_the_base() -> None:
    specs = random_bonds(40, holidays=True)
    base = unit_values(specs)[:, 0]
    shocks = {
        "credit_spread/CRWV": [0.055, 0.083, 0.055, 0.2],
        "zero_rate/USD/5Y": [0.0369, 0.05, 0.0369, 0.0],
    }
    values = unit_values(specs, shocks)
    assert np.array_equal(values[:, 0], base)
    assert np.array_equal(values[:, 2], base)
    assert np.all(values[:, 1] < base)


def test_bonds_do_not_influence_each_other() -> None:
    specs = random_bonds(30, holidays=False)
    together = unit_values(specs)[:, 0]
    assert np.array_equal(unit_values(specs[::-1])[::-1, 0], together)
    alone = [unit_values([spec])[0, 0] for spec in specs]
    assert np.array_equal(alone, together)


def test_a_bond_without_spread_ignores_spreads() -> None:
    specs = [bond(issuer="UST", day_count="ACT/ACT ICMA"), bond(issuer="EM")]
    sovereign, emerging = unit_values(specs, {"credit_spread/EM": [0.021, 0.1, np.nan]})
    assert sovereign[0] == sovereign[1] == sovereign[2] > emerging[0] > emerging[1]
    assert np.isnan(emerging[2])


def test_value_falls_to_nothing_as_the_spread_grows() -> None:
    spreads = [-0.05, 0.0, 0.05, 0.5, 5.0, 50.0, 1e3, 1e6, np.inf]
    values = unit_values([bond()], {"credit_spread/CRWV": spreads})[0]
    assert np.all(np.diff(values) <= 0.0)
    assert np.all(np.diff(values[:7]) < 0.0)
    assert values[-1] == values[-2] == 0.0


def test_what_is_not_a_number_gives_no_number_and_only_where_it_is_read() -> None:
    for key in ("credit_spread/CRWV", "zero_rate/USD/5Y"):
        values = unit_values([bond(), bond(issuer="UST", maturity="2026-01-15")], {key: [np.nan, 0.04]})
        assert np.isnan(values[0, 0])
        assert np.isfinite(values[:, 1]).all()
        assert np.isfinite(values[1, 0])


def test_a_bond_with_a_zero_coupon_is_worth_its_discount_factor() -> None:
    value = unit_values([bond(issuer="UST", coupon="0%", maturity="2026-10-03")])[0, 0]
    assert value == pytest.approx(np.exp(-RATES[3]), abs=1e-15)


def test_par_bond_of_a_flat_curve_is_worth_its_face() -> None:
    rate = 0.04
    flat = {f"zero_rate/USD/{tenor}": [rate] for tenor in TENORS}
    # One year of 365 days is one annual period here, so that e^rate - 1 is the par coupon.
    coupon = f"{100 * np.expm1(rate):.15f}%"
    spec = bond(
        issuer="UST",
        coupon=coupon,
        maturity="2027-10-03",
        frequency="1",
        day_count="ACT/ACT ICMA",
        issue_date=str(AS_OF),
    )
    assert unit_values([spec], flat)[0, 0] == pytest.approx(1.0, abs=1e-15)


def block(width: int) -> np.ndarray:
    """Values of a few bonds over `width` columns of rates and spreads."""
    generator = np.random.default_rng(5)
    spreads = np.abs(0.05 + 0.03 * generator.standard_normal(40))
    shocks = {f"zero_rate/USD/{tenor}": 0.04 + 0.01 * generator.standard_normal(40) for tenor in TENORS}
    shocks["credit_spread/CRWV"] = spreads
    cut = {key: levels[:width].tolist() for key, levels in shocks.items()}
    return unit_values(random_bonds(12, holidays=False), cut)


def digest() -> str:
    return hashlib.sha256(np.ascontiguousarray(block(40)).tobytes()).hexdigest()


def test_bits_do_not_depend_on_the_width() -> None:
    whole = block(40)
    for width in range(1, 41):
        assert np.array_equal(block(width), whole[:, :width]), width


@pytest.mark.parametrize("setting", [{"NUMBA_DISABLE_JIT": "1"}, {"NUMBA_CPU_NAME": "x86-64-v2"}])
def test_bits_do_not_depend_on_the_machine(setting: dict[str, str]) -> None:
    code = "from tests.instruments.fixed_bond.test_kernel import digest; print(digest())"
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), paths)), **setting}
    if "NUMBA_CPU_NAME" in setting:
        environment["NUMBA_CPU_FEATURES"] = ""
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert result.stdout.strip() == digest()


@pytest.mark.skipif(not hasattr(revalue, "signatures"), reason="kernels are not compiled here")
def test_one_compilation_serves_every_call() -> None:
    unit_values([bond()])
    unit_values([bond(issuer="UST"), bond()], {"zero_rate/USD/5Y": [0.01, 0.02]}, market())
    assert len(revalue.signatures) == 1  # type: ignore[attr-defined]
