"""A sample of accounts for peers: shares, options and bonds in dollars, with the levels of some draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import QuantLib
from scipy.special import ndtr
from tests.oracle import european_option, fixed_bond

from stresstest.arrays import FloatArray
from stresstest.batch.planning.prepared import Prepared
from stresstest.market.keys import RiskFactorKey

_FAR_DAYS = 100 * 365
TYPES = ("equity", "european_option", "fixed_bond")


@dataclass(frozen=True)
class Terms:
    """An instrument as a peer holds it; fields that its type does not have are empty."""

    tag: str
    name: str
    sign: int = 0
    strike: float = 0.0
    years: float = 0.0
    multiplier: float = 1.0
    flows: tuple[tuple[int, float], ...] = ()


class Sample:
    """What peers are given: terms, positions, and `(n_columns,)` levels, the base first.

    Vols and rates of options come ready, `(n_instruments, n_columns)`: no peer pays for a surface.
    """

    def __init__(self, prepared: Prepared, n_draws: int) -> None:
        self.n_columns, self._market = n_draws + 1, prepared.book.market
        keys = tuple(self._market.levels)
        rows = prepared.sampled[0].columns.bind(keys).chunk(0, 0, 1 + 10 * n_draws)
        spots = rows[[key.kind == "spot" for key in keys]]
        # Peers take the logarithm of every spot: draws in which somebody defaults are left out.
        self.draws = np.flatnonzero((spots > 0.0).all(axis=0))[1 : n_draws + 1] - 1
        self.levels = dict(zip(keys, rows[:, [0, *(self.draws + 1)]], strict=True))
        self.as_of = self._market.as_of
        self.terms = [self._terms(item.tag, item.spec) for item in prepared.book.instruments]
        self.holders = prepared.holders
        curve = self._market.curves[self._market.discount_curves["USD"]]
        self.curve_years = curve.years
        self.curve = np.array([self.level("zero_rate", curve.name, tenor) for tenor in curve.tenors])
        shape = (len(self.terms), self.n_columns)
        self.vols, self.rates, self.yields = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
        for row, item in enumerate(self.terms):
            if item.tag == "european_option":
                self._prepare_option(row, item)

    def level(self, kind: str, name: str, tenor: str = "") -> FloatArray:
        """Return `(n_columns,)` levels of a factor."""
        return self.levels[RiskFactorKey(kind, name, tenor)]

    def spread(self, issuer: str) -> FloatArray:
        """Return `(n_columns,)` credit spreads, 0 of an issuer without one."""
        found = self.levels.get(RiskFactorKey("credit_spread", issuer, ""))
        return np.zeros(self.n_columns) if found is None else found

    def zero_rates(self, years: FloatArray, column: int) -> FloatArray:
        """Return the rates to some times in a column: straight lines between nodes, flat outside."""
        return np.interp(years, self.curve_years, self.curve[:, column])

    def _terms(self, tag: str, spec: Any) -> Terms:
        if tag == "equity":
            return Terms(tag, spec.issuer)
        if tag == "fixed_bond":
            return Terms(tag, spec.issuer, flows=_flows(spec, self.as_of))
        years = (spec.expiry - self.as_of).days / 365
        sign = 1 if spec.right == "call" else -1
        return Terms(tag, spec.underlying, sign, spec.strike, years, spec.multiplier)

    def _prepare_option(self, row: int, item: Terms) -> None:
        smile = self._market.smiles[item.name]
        kinds = ("implied_vol", "vol_skew", "vol_curvature")
        surface = np.array([[self.level(kind, item.name, tenor) for kind in kinds] for tenor in smile.tenors])
        self.yields[row] = self.level("dividend_yield", item.name)
        for column in range(self.n_columns):
            rate = float(self.zero_rates(np.array([item.years]), column)[0])
            carry = (rate - self.yields[row, column]) * item.years
            moneyness = np.log(item.strike / self.level("spot", item.name)[column]) - carry
            pillars = dict(zip(smile.years.tolist(), surface[:, :, column].tolist(), strict=True))
            ends = (smile.lower, smile.upper)
            vol = european_option.surface_vol(pillars, moneyness, item.years, ends)
            self.vols[row, column], self.rates[row, column] = float(vol), rate


def _flows(spec: Any, today: date) -> tuple[tuple[int, float], ...]:
    """Return days and amounts of what face 1 is paid, from the test oracle."""
    bond = fixed_bond.Bond(
        spec.coupon, spec.maturity, spec.frequency, spec.day_count, spec.issue_date, spec.first_coupon_date,
        spec.end_of_month,
    )  # fmt: skip
    face, found = fixed_bond.schedule_of_face(bond, today), []
    for start, end in fixed_bond.periods(bond, today):
        if end > today:
            coupon = bond.coupon * fixed_bond.fraction(bond, start, end)
            found.append(((end - today).days, coupon + face.get(end, 0.0)))
    return tuple(found)


class PandasLoop:
    """A frame an account; in every column its shares, options and bonds are valued with numpy and added."""

    def __init__(self, sample: Sample) -> None:
        self._sample, holders = sample, sample.holders
        terms = [sample.terms[row] for row in holders.instrument.tolist()]
        frame = pd.DataFrame([(one.tag, one.name, one.sign, one.strike, one.years) for one in terms])
        frame.columns = ["type", "name", "sign", "strike", "years"]
        frame["multiplier"] = [one.multiplier for one in terms]
        frame["account"] = np.repeat(holders.names, np.diff(holders.start))
        frame["instrument"], frame["quantity"] = holders.instrument, holders.quantity
        self._positions = frame
        flows = [(row, *flow) for row, one in enumerate(sample.terms) for flow in one.flows]
        self._flows = pd.DataFrame(flows, columns=["instrument", "days", "amount"])
        self._spreads = {one.name: sample.spread(one.name) for one in sample.terms if one.flows}
        self._spots = [
            {key.name: row[column] for key, row in sample.levels.items() if key.kind == "spot"}
            for column in range(sample.n_columns)
        ]

    def values(self) -> FloatArray:
        """Return `(n_accounts, n_columns)` values."""
        found = []
        for _, own in self._positions.groupby("account", sort=True):
            shares, options = own[own["type"] == "equity"], own[own["type"] == "european_option"]
            flows = own[own["type"] == "fixed_bond"].merge(self._flows, on="instrument")
            columns = range(self._sample.n_columns)
            found.append([self._value(shares, options, flows, column) for column in columns])
        return np.array(found)

    def _value(self, shares: pd.DataFrame, options: pd.DataFrame, flows: pd.DataFrame, column: int) -> float:
        value = (shares["quantity"] * shares["name"].map(self._spots[column]).astype(float)).sum()
        value += (options["quantity"] * options["multiplier"] * self._prices(options, column)).sum()
        years = flows["days"] / 365
        spread = flows["name"].map({name: row[column] for name, row in self._spreads.items()}).astype(float)
        discount = np.exp(-(self._sample.zero_rates(years.to_numpy(), column) + spread) * years)
        return float(value + (flows["quantity"] * flows["amount"] * discount).sum())

    def _prices(self, options: pd.DataFrame, column: int) -> pd.Series:
        rows = options["instrument"].to_numpy()
        rate, carry = self._sample.rates[rows, column], self._sample.yields[rows, column]
        deviation = self._sample.vols[rows, column] * np.sqrt(options["years"])
        carried = options["name"].map(self._spots[column]).astype(float) * np.exp(-carry * options["years"])
        owed = options["strike"] * np.exp(-rate * options["years"])
        d1 = np.log(carried / owed) / deviation + deviation / 2
        sign = options["sign"]
        return sign * (carried * ndtr(sign * d1) - owed * ndtr(sign * (d1 - deviation)))


class QuantLibLoop:
    """Every distinct instrument as a QuantLib object on quotes, and a loop over accounts and positions."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._today = QuantLib.Date(sample.as_of.day, sample.as_of.month, sample.as_of.year)
        QuantLib.Settings.instance().evaluationDate = self._today
        self._spots: dict[str, Any] = {}
        self._spreads: dict[str, Any] = {}
        self._options: dict[int, tuple[Any, Any]] = {}
        self._curve = QuantLib.RelinkableYieldTermStructureHandle()
        # Payments fall on whole days: nodes on both sides of one between two days give the same rates, and a
        # far one keeps them flat beyond the last.
        days = sample.curve_years * 365
        self._days = sorted({_FAR_DAYS, *(int(f(day)) for day in days for f in (np.floor, np.ceil))})
        self._link(0)
        self._instruments = [self._instrument(row, item) for row, item in enumerate(sample.terms)]
        self._accounts = self._positions()

    def _positions(self) -> list[list[tuple[float, int]]]:
        holders = self._sample.holders
        every = list(zip(holders.quantity.tolist(), holders.instrument.tolist(), strict=True))
        ends = holders.start.tolist()
        return [every[low:high] for low, high in pairwise(ends)]

    def values(self) -> FloatArray:
        """Return `(n_accounts, n_columns)` values."""
        found = []
        for column in range(self._sample.n_columns):
            self._set(column)
            prices = [price() for price in self._instruments]
            found.append([sum(held * prices[row] for held, row in account) for account in self._accounts])
        return np.array(found).T

    def _set(self, column: int) -> None:
        self._link(column)
        for name, quote in self._spots.items():
            quote.setValue(float(self._sample.level("spot", name)[column]))
        for name, quote in self._spreads.items():
            quote.setValue(float(self._sample.spread(name)[column]))
        for row, quotes in self._options.items():
            for quote, levels in zip(quotes, (self._sample.rates, self._sample.vols), strict=True):
                quote.setValue(float(levels[row, column]))

    def _link(self, column: int) -> None:
        rates = self._sample.zero_rates(np.array(self._days) / 365, column).tolist()
        dates = [self._today, *(self._today + days for days in self._days)]
        curve = QuantLib.ZeroCurve(dates, [rates[0], *rates], QuantLib.Actual365Fixed())
        curve.enableExtrapolation()
        self._curve.linkTo(curve)

    def _instrument(self, row: int, item: Terms) -> Any:
        if item.tag == "fixed_bond":
            return self._bond(item)
        spot = self._spots.setdefault(item.name, QuantLib.SimpleQuote(1.0))
        if item.tag == "equity":
            return spot.value
        option = self._option(row, item, spot)
        return lambda: item.multiplier * option.NPV()

    def _option(self, row: int, item: Terms, spot: Any) -> Any:
        rate, vol = self._options.setdefault(row, (QuantLib.SimpleQuote(0.0), QuantLib.SimpleQuote(0.2)))
        count, carry = QuantLib.Actual365Fixed(), float(self._sample.yields[row, 0])
        black = QuantLib.BlackConstantVol(
            self._today, QuantLib.NullCalendar(), QuantLib.QuoteHandle(vol), count
        )
        process = QuantLib.BlackScholesMertonProcess(
            QuantLib.QuoteHandle(spot),
            QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(self._today, carry, count)),
            QuantLib.YieldTermStructureHandle(
                QuantLib.FlatForward(self._today, QuantLib.QuoteHandle(rate), count)
            ),
            QuantLib.BlackVolTermStructureHandle(black),
        )
        side = QuantLib.Option.Call if item.sign > 0 else QuantLib.Option.Put
        expiry = QuantLib.EuropeanExercise(self._today + round(item.years * 365))
        option = QuantLib.VanillaOption(QuantLib.PlainVanillaPayoff(side, item.strike), expiry)
        option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
        return option

    def _bond(self, item: Terms) -> Any:
        quote = self._spreads.setdefault(item.name, QuantLib.SimpleQuote(0.0))
        leg = [QuantLib.SimpleCashFlow(amount, self._today + days) for days, amount in item.flows]
        curve = QuantLib.ZeroSpreadedTermStructure(self._curve, QuantLib.QuoteHandle(quote))
        curve.enableExtrapolation()
        handle = QuantLib.YieldTermStructureHandle(curve)
        return lambda: QuantLib.CashFlows.npv(leg, handle, False, self._today)


def moved_yields(sample: Sample) -> Mapping[str, float]:
    """Return the underlyings whose dividend yield moves, which the QuantLib objects hold still."""
    rows = {item.name: sample.yields[row] for row, item in enumerate(sample.terms) if item.sign}
    return {name: float(np.ptp(row)) for name, row in rows.items() if np.ptp(row) > 0.0}
