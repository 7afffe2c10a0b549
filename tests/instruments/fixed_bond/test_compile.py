"""Columns of bonds."""

from __future__ import annotations

import numpy as np
import pytest
from tests.instruments.fixed_bond.pricing import AS_OF, FactorRows, bond, market

from stresstest.instrument_type import CompileContext
from stresstest.instruments.fixed_bond.compile import compile_columns
from stresstest.instruments.fixed_bond.terms import remaining_flows


def test_payments_lie_flat_bond_after_bond() -> None:
    specs = [bond(), bond(issuer="UST", coupon="0%"), bond(maturity="2055-06-01", frequency="12")]
    rows = FactorRows()
    columns = compile_columns(specs, CompileContext(AS_OF, market(), rows))  # type: ignore[arg-type]
    flows = [remaining_flows(spec, AS_OF) for spec in specs]
    assert columns.offsets.tolist() == [0, 10, 11, 11 + len(flows[2])]
    assert columns.flows.amount.tolist() == [flow.amount for bond_flows in flows for flow in bond_flows]
    weights = columns.flows.lower_weight_years + columns.flows.upper_weight_years
    years = [flow.years for bond_flows in flows for flow in bond_flows]
    assert weights.tolist() == pytest.approx(years, abs=1e-14)
    assert columns.flows.spread_years[10] == 0.0
    assert np.array_equal(np.delete(columns.flows.spread_years, 10), np.delete(years, 10))


def test_arrays_are_frozen() -> None:
    columns = compile_columns([bond()], CompileContext(AS_OF, market(), FactorRows()))  # type: ignore[arg-type]
    for array in (columns.offsets, columns.spread_row, *columns.flows):
        assert not array.flags.writeable
        assert array.flags.c_contiguous


def test_an_override_that_was_not_applied_is_refused() -> None:
    context = CompileContext(AS_OF, market(), FactorRows())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not made a private factor"):
        compile_columns([bond(z_spread="350bp")], context)
