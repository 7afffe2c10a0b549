"""Leases as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext
from stresstest.instruments.lease.columns import GuaranteeColumns, LeaseColumns, RentColumns
from stresstest.instruments.lease.requirements import ended
from stresstest.instruments.lease.spec import LeaseSpec
from stresstest.instruments.lease.terms import asset_value, begins, endings, last_day, rents, stretches
from stresstest.kernels.rows import NO_ROW
from stresstest.market.forward_lookups import base_forward_price, find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import curve_name, default_keys, find_issuer, spread_key

_MONTHS = 12
_UNCAPPED = 1e300
_LONG_AGO_YEARS = -1e6


class _Rent(NamedTuple):
    """Row of `RentColumns`."""

    amount: float
    begins_years: float
    years: float
    discount_row: int
    price_row: int


class _Guarantee(NamedTuple):
    """Row of `GuaranteeColumns`."""

    chance: float
    reached: float
    begins_years: float
    guaranteed: float
    asset: float
    cap: float
    std_dev: float
    years: float
    discount_row: int
    price_row: int


def compile_columns(specs: Sequence[LeaseSpec], context: CompileContext) -> LeaseColumns:
    """Return the columns of `specs`, in their order; at least one. On a path a lease that is over is worth 0.

    Raises
    ------
    InputError
        A lease is over by the valuation date (ST381), without a step before.
    """
    _check_open(specs, context)
    coming = [_Lease(spec, context) for spec in specs]
    payments = [lease.rents(paid=paid) for paid in (False, True) for lease in coming]
    ends = [lease.guarantees(paid=paid) for paid in (False, True) for lease in coming]
    first, first_end = (offsets(map(len, groups)) for groups in (payments, ends))
    count = len(specs)
    return LeaseColumns(
        sign=frozen([1.0 if spec.side == "receivable" else -1.0 for spec in specs]),
        offsets=frozen_int(first[: count + 1]),
        end_offsets=frozen_int(first_end[: count + 1]),
        paid_offsets=frozen_int(first[count:]),
        paid_end_offsets=frozen_int(first_end[count:]),
        rents=_rents([row for rows in payments for row in rows]),
        guarantees=_guarantees([row for rows in ends for row in rows]),
        spread_row=frozen_int([lease.spread_row() for lease in coming]),
        spot_row=frozen_int([lease.spot_row() for lease in coming]),
        price_scale=frozen([lease.price_scale() for lease in coming]),
        reletting=frozen([spec.reletting for spec in specs]),
        vacancy_years=frozen([spec.vacancy_months / _MONTHS for spec in specs]),
        default_row=frozen_int([lease.default_rows()[0] for lease in coming]),
        recovery_row=frozen_int([lease.default_rows()[1] for lease in coming]),
        gap_years=frozen([context.gap_years] * count),
    )


def _check_open(specs: Sequence[LeaseSpec], context: CompileContext) -> None:
    if context.previous_date is not None:
        return
    problems, today = ProblemList(), context.valuation_date
    problems.extend(ended(spec, today) for spec in specs if last_day(spec) <= today)
    problems.raise_if_any()


class _Lease:
    """One lease at the valuation date, asking for its rows."""

    def __init__(self, spec: LeaseSpec, context: CompileContext) -> None:
        self.spec, self.context = spec, context
        currency = spec.currency or find_issuer(context.market, spec.issuer).currency
        self.curve = curve_name(context.market, currency, spec.curve)

    def rents(self, *, paid: bool) -> list[_Rent]:
        """Return the payments to come, or those since the step before."""
        return [
            _Rent(rent.amount, self._begins_years(rent.stretch), *self._place(rent.day))
            for rent in rents(self.spec)
            if self._counts(rent.day, paid=paid)
        ]

    def guarantees(self, *, paid: bool) -> list[_Guarantee]:
        """Return the ends to come that a guarantee is due on, or those since the step before."""
        terms = self.spec.guarantee
        if terms is None:
            return []
        found = []
        for end in endings(self.spec):
            if end.guaranteed > 0.0 and self._counts(end.day, paid=paid):
                asset = asset_value(self.spec, self.context.market.as_of, end.day)
                reached = stretches(self.spec)[end.stretch].chance
                row = (end.chance, reached, self._begins_years(end.stretch), end.guaranteed, asset)
                place = self._place(end.day)
                std_dev = terms.volatility * math.sqrt(max(place[0], 0.0))
                found.append(_Guarantee(*row, terms.cap or _UNCAPPED, std_dev, *place))
        return found

    def _begins_years(self, stretch: int) -> float:
        """Return the time to the first day of a renewal; the term counts as begun."""
        if stretch == 0:
            return _LONG_AGO_YEARS
        return (begins(self.spec, stretch) - self.context.valuation_date).days / DAYS_PER_YEAR

    def _counts(self, day: date, *, paid: bool) -> bool:
        today, before = self.context.valuation_date, self.context.previous_date
        return (before is not None and before < day <= today) if paid else day > today

    def _place(self, day: date) -> tuple[float, int, int]:
        """Return years, discount row and price row of a day."""
        years = (day - self.context.valuation_date).days / DAYS_PER_YEAR
        ahead = max(years, 0.0)
        return years, self.context.rows.discount(self.curve, ahead), self._price_row(ahead)

    def _price_row(self, years: float) -> int:
        rows, market, spec = self.context.rows, self.context.market, self.spec
        if spec.rental is not None:
            return rows.forward_price(
                find_price_curve(market, ("rental_rate",), spec.rental, "rental"), years
            )
        return rows.constant(1.0)

    def spot_row(self) -> int:
        """Return the row of the spot that the asset follows."""
        name = self.spec.asset_issuer
        return NO_ROW if name is None else self.context.rows.factor(RiskFactorKey("spot", name))

    def price_scale(self) -> float:
        """Return one over the market's own level of what the asset follows."""
        market, spec = self.context.market, self.spec
        if spec.rental is not None:
            curve = find_price_curve(market, ("rental_rate",), spec.rental, "rental")
            return 1.0 / base_forward_price(market, curve, 0.0)
        if spec.asset_issuer is not None:
            return 1.0 / market.levels[RiskFactorKey("spot", spec.asset_issuer)]
        return 1.0

    def spread_row(self) -> int:
        """Return the row of the lessee's spread."""
        key = spread_key(self.context.market, find_issuer(self.context.market, self.spec.issuer))
        return NO_ROW if key is None else self.context.rows.factor(key)

    def default_rows(self) -> tuple[int, int]:
        """Return the rows of default state and recovery."""
        keys = default_keys(self.context.market, self.spec.issuer, self.spec.seniority)
        if keys is None:
            return NO_ROW, NO_ROW
        return self.context.rows.factor(keys[0]), self.context.rows.factor(keys[1])


def _rents(rows: Sequence[_Rent]) -> RentColumns:
    return RentColumns(
        frozen([row.amount for row in rows]),
        frozen([row.begins_years for row in rows]),
        frozen([row.years for row in rows]),
        frozen_int([row.discount_row for row in rows]),
        frozen_int([row.price_row for row in rows]),
    )


def _guarantees(rows: Sequence[_Guarantee]) -> GuaranteeColumns:
    return GuaranteeColumns(
        chance=frozen([row.chance for row in rows]),
        reached=frozen([row.reached for row in rows]),
        begins_years=frozen([row.begins_years for row in rows]),
        guaranteed=frozen([row.guaranteed for row in rows]),
        asset=frozen([row.asset for row in rows]),
        cap=frozen([row.cap for row in rows]),
        std_dev=frozen([row.std_dev for row in rows]),
        years=frozen([row.years for row in rows]),
        discount_row=frozen_int([row.discount_row for row in rows]),
        price_row=frozen_int([row.price_row for row in rows]),
    )
