"""The private level at which one unit is worth what its holder states, found by the type's own kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.instrument_type import CompileContext, InstrumentType, Override
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot
from stresstest.portfolio.rows import RowPlan

# The kernel prices a row of columns: a search tries as many levels at once, which asks of a value no slope,
# and no more than that it crosses the stated one. Spreads from −20 % to 10,000 %, first by 0.6 % and less.
_WIDTH = 65
_BOUNDS = (-0.2, 100.0)
_CENTRE = 0.02
_PASSES = 7


class _Unit:
    """One unit of an instrument, as a function of the level of one factor."""

    def __init__(self, type_: InstrumentType, spec: Any, market: MarketSnapshot, key: RiskFactorKey) -> None:
        rows = RowPlan(market)
        self._columns = type_.compile([spec], CompileContext(market.as_of, market, rows))
        module, function = type_.kernel.split(":")
        package = type_.spec.__module__.rpartition(".")[0]
        self._kernel = getattr(import_module(f"{package}.{module}"), function)
        self._rows, self._key, self._n_state = rows, key, type_.n_state
        self._levels = [market.levels[own] for own in rows.factor_keys]

    def values(self, levels: FloatArray) -> FloatArray:
        """Return the value of one unit at each of `levels` `(n_columns,)`."""
        width, keys = levels.shape[0], self._rows.factor_keys
        known = zip(keys, self._levels, strict=True)
        own = [levels if key == self._key else np.full(width, level) for key, level in known]
        factors, derived = frozen(np.array(own)), np.empty((self._rows.n_derived, width))
        fill_derived(self._rows.derived_plan(), factors, derived)
        out = Out(np.zeros((1, width)), np.zeros((1, width)))
        state = np.zeros((1 if self._n_state else 0, self._n_state, width if self._n_state else 0))
        self._kernel(self._columns, MarketRows(factors, derived), state, out)
        value: FloatArray = out.value[0]
        return value


def marked_levels(
    type_: InstrumentType, override: Override, issuer: Issuer, market: MarketSnapshot
) -> Mapping[RiskFactorKey, float]:
    """Return the levels of an override, the one that it leaves open solved from what one unit is worth.

    Parameters
    ----------
    issuer
        The private issuer that the terms name.

    Raises
    ------
    InputError
        No level gives the value (ST373); terms or market are refused, as by the type's `requirements`.
    """
    if override.worth is None:
        return override.levels
    (key,) = override.levels
    levels = {**market.levels, **override.levels}
    extended = replace(market, levels=levels, issuers={**market.issuers, issuer.id: issuer})
    type_.requirements(override.spec, extended)
    level = _crossing(_Unit(type_, override.spec, extended, key), override.worth)
    if level is None:
        who = f"{type_.tag} of {issuer.id.split('#')[0]}"
        got = f"{who} worth {override.worth:.6g} of face, interest included"
        raise InputError([Problem("ST373", got, "a price that some z-spread gives", field="clean_price")])
    return {key: level}


def _crossing(unit: _Unit, worth: float) -> float | None:
    """Return the lowest level at which the value falls to `worth`; None where it does not."""
    low, high = (np.arcsinh(bound / _CENTRE) for bound in _BOUNDS)
    levels = _CENTRE * np.sinh(np.linspace(low, high, _WIDTH))
    for _ in range(_PASSES):
        gaps = unit.values(levels) - worth
        below = np.flatnonzero((gaps[:-1] >= 0.0) & (gaps[1:] <= 0.0))
        if below.size == 0:
            return None
        first = int(below[0])
        start, end, gap, after = (float(x) for x in (*levels[first : first + 2], *gaps[first : first + 2]))
        levels = np.linspace(start, end, _WIDTH)
        if end - start < 1e-13:
            break
    return start if gap == after else start + (end - start) * gap / (gap - after)
