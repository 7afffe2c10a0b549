"""QuantLib twins of swaps, and the settings that they need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import QuantLib
from tests.fixtures.rate_market import NODE_DAYS, RATES, TODAY
from tests.oracle.quantlib_bonds import CALENDARS, CONVENTIONS, day_counter, to_quantlib, zero_curve

from stresstest.conventions.schedules import ScheduleTerms

Handle = QuantLib.YieldTermStructureHandle
AT_PAR = False
"""Not the index's standard period from the first day, which differs in a stub: the coupon's own period."""


@contextmanager
def evaluation_date() -> Iterator[None]:
    """Settings of the valuation date; what is due on it is past."""
    with QuantLib.SavedSettings():
        QuantLib.Settings.instance().evaluationDate = to_quantlib(TODAY)
        yield


def curve(name: str) -> Handle:
    """One of the fixture's curves."""
    return Handle(zero_curve(TODAY, NODE_DAYS, RATES[name]))


def leg_schedule(spec: Any, frequency: int) -> QuantLib.Schedule:
    return QuantLib.Schedule(
        to_quantlib(spec.start),
        to_quantlib(spec.maturity),
        QuantLib.Period(12 // frequency, QuantLib.Months),
        CALENDARS[spec.calendar],
        CONVENTIONS[spec.business_day_convention],
        CONVENTIONS[spec.business_day_convention],
        QuantLib.DateGeneration.Backward,
        spec.end_of_month,
    )


def counter(spec: Any, day_count: str, frequency: int) -> QuantLib.DayCounter:
    terms = ScheduleTerms(spec.start, spec.maturity, frequency, end_of_month=spec.end_of_month)
    return day_counter(day_count, terms)


def term_index(spec: Any, projection: Handle) -> QuantLib.IborIndex:
    """Index without fixing lag whose rate is stated for the period that runs."""
    index = QuantLib.IborIndex(
        f"TERM{spec.floating_frequency}{spec.floating_day_count}",
        QuantLib.Period(12 // spec.floating_frequency, QuantLib.Months),
        0,
        QuantLib.USDCurrency(),
        CALENDARS[spec.calendar],
        CONVENTIONS[spec.business_day_convention],
        spec.end_of_month,
        counter(spec, spec.floating_day_count, spec.floating_frequency),
        projection,
    )
    index.clearFixings()
    return index


def vanilla_swap(spec: Any, discount: Handle, projection: Handle) -> QuantLib.VanillaSwap:
    """Twin of an interest-rate swap on a notional of 1, its running rate in the index's history."""
    index = term_index(spec, projection)
    swap = QuantLib.VanillaSwap(
        QuantLib.Swap.Payer if spec.side == "pay_fixed" else QuantLib.Swap.Receiver,
        1.0,
        leg_schedule(spec, spec.fixed_frequency),
        spec.fixed_rate,
        counter(spec, spec.fixed_day_count, spec.fixed_frequency),
        leg_schedule(spec, spec.floating_frequency),
        index,
        spec.margin,
        counter(spec, spec.floating_day_count, spec.floating_frequency),
        CONVENTIONS[spec.business_day_convention],
        AT_PAR,
    )
    if spec.current_rate is not None:
        for flow in swap.floatingLeg():
            fixing = QuantLib.as_floating_rate_coupon(flow).fixingDate()
            if fixing <= to_quantlib(TODAY):
                index.addFixing(fixing, spec.current_rate, True)
    swap.setPricingEngine(QuantLib.DiscountingSwapEngine(discount, False))
    return swap


def overnight_swap(spec: Any, handle: Handle, fixing: float | None = None) -> QuantLib.OvernightIndexedSwap:
    """Twin of an overnight index swap on a notional of 1; one `fixing` for every day before today."""
    index = QuantLib.OvernightIndex(
        "NIGHT", 0, QuantLib.USDCurrency(), CALENDARS[spec.calendar], QuantLib.Actual360(), handle
    )
    index.clearFixings()
    if fixing is not None:
        day = to_quantlib(spec.start) - 7
        while day < to_quantlib(TODAY):
            if index.isValidFixingDate(day):
                index.addFixing(day, fixing, True)
            day = day + 1
    swap = QuantLib.OvernightIndexedSwap(
        QuantLib.Swap.Payer if spec.side == "pay_fixed" else QuantLib.Swap.Receiver,
        1.0,
        leg_schedule(spec, spec.frequency),
        spec.fixed_rate,
        counter(spec, spec.day_count, spec.frequency),
        index,
        spec.margin,
        spec.payment_lag,
        CONVENTIONS[spec.business_day_convention],
        CALENDARS[spec.calendar],
        True,
    )
    swap.setPricingEngine(QuantLib.DiscountingSwapEngine(handle, False))
    return swap


def swaption(spec: Any, handle: Handle, vol: float) -> QuantLib.Swaption:
    """Twin of a swaption on a notional of 1, at a vol that is normal or lognormal as its model says."""
    index = QuantLib.IborIndex(
        "UNDER", QuantLib.Period(12 // spec.frequency, QuantLib.Months), 0, QuantLib.USDCurrency(),
        CALENDARS[spec.calendar], CONVENTIONS[spec.business_day_convention], spec.end_of_month,
        QuantLib.Actual360(), handle,
    )  # fmt: skip
    dated = spec.model_copy(update={"start": spec.start or spec.expiry})
    schedule = leg_schedule(dated, spec.frequency)
    swap = QuantLib.VanillaSwap(
        QuantLib.Swap.Payer if spec.right == "payer" else QuantLib.Swap.Receiver,
        1.0, schedule, spec.strike, counter(dated, spec.day_count, spec.frequency),
        schedule, index, 0.0, QuantLib.Actual360(), CONVENTIONS[spec.business_day_convention], AT_PAR,
    )  # fmt: skip
    twin = QuantLib.Swaption(swap, QuantLib.EuropeanExercise(to_quantlib(spec.expiry)))
    quote = QuantLib.QuoteHandle(QuantLib.SimpleQuote(vol))
    engine = QuantLib.BachelierSwaptionEngine if spec.model == "bachelier" else QuantLib.BlackSwaptionEngine
    twin.setPricingEngine(engine(handle, quote, QuantLib.Actual365Fixed()))
    return twin
