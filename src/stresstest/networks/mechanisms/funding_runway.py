"""A firm that burns money and cannot raise more: first it spends less, then it cancels orders, then it fails.

Before a shock every firm that burns money is funded: what nobody has promised it, a next round brings. In a
shock the part `funding` of that round and of letters of intent arrives; closings that wait for something,
and firm promises, depend on their investors as well. What lacks is saved on costs, then on orders that bind
nobody, the loosest first; where that does not do, the firm fails in the month in which its money ends, and
its contracts are rejected.

What it needs is uncertain: before its money ends there is a probability that it will, the first passage of
what is left after all that can be cut, and its shares, debts and contracts carry it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan, sqrt
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.kernels.first_passage import first_passages
from stresstest.networks.contracts import SETTINGS, contract_losses
from stresstest.networks.failures import LIQUIDATION, RECOVERED, with_failures
from stresstest.networks.mechanism import Mechanism, Setting, Surroundings, Timescale
from stresstest.networks.orders import LOOSE
from stresstest.networks.runway import Source, burnt, deepest, first_month, month_ends, sources
from stresstest.networks.state import State
from stresstest.networks.valuation import values_of

NEW_MONEY = "new_money"
"""Reported: money that arrives over the horizon, of promises and of the next round."""

FIRM_STOPPED, LOOSE_STOPPED = "firm_promises_stopped", "loose_promises_stopped"
"""Reported: 1 where an investor has lost so much that it pays in no more of what it has promised firmly, or
of what waits for a condition or binds nobody."""

_RELATIVE = 1e-9


class _Course(NamedTuple):
    """What becomes of one firm in each column; arrays `(n_columns,)`, `cuts` by number of order."""

    saved: FloatArray
    cuts: Mapping[int, FloatArray]
    month: FloatArray
    failing: FloatArray
    arrived: FloatArray


def run(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Return the state with orders cancelled, months of failure, and what suppliers and failed firms lose."""
    if not surroundings.horizon_years > 0.0:
        # On the first date of a path no month has gone by.
        return state
    lost = _investors_losses(surroundings, state)
    month, arrived = np.full(state.month.shape, np.nan), np.zeros(state.month.shape)
    failing, stopped = np.zeros(state.month.shape), _Stopped(state.month.shape)
    cuts, purchases = state.order_cuts.copy(), state.purchases_cut.copy()
    for place, node in enumerate(surroundings.network.nodes):
        if node.burn > 0.0 and node.can_default:
            firm = _Firm(surroundings, state, settings, place)
            course = firm.course(lost)
            stopped.note(firm, lost)
            month[:, place], arrived[:, place] = course.month, course.arrived
            failing[:, place] = course.failing
            np.maximum(purchases[:, place], course.saved, out=purchases[:, place])
            for number, cut in course.cuts.items():
                np.maximum(cuts[:, number], cut, out=cuts[:, number])
    state = replace(state, order_cuts=cuts, purchases_cut=purchases)
    state = with_failures(surroundings, state, failing, month, settings)
    losses = {**state.losses, **contract_losses(surroundings, state, settings)}
    return replace(state, losses=losses, reported={**state.reported, NEW_MONEY: arrived, **stopped.reported})


def _investors_losses(surroundings: Surroundings, state: State) -> FloatArray:
    """Return `(n_columns, n_firms)` the part of its value that each firm has lost."""
    base = surroundings.balance.equity
    left = values_of(surroundings.balance, state).equity / np.where(base > 0.0, base, 1.0)
    return np.where(base > 0.0, 1.0 - left, 0.0)


class _Stopped:
    """Which investors have stopped paying in, by how firmly they had promised to."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.reported = {FIRM_STOPPED: np.zeros(shape), LOOSE_STOPPED: np.zeros(shape)}

    def note(self, firm: _Firm, lost: FloatArray) -> None:
        """Note the investors who keep money from a firm that they would have paid in by now."""
        for source in firm.sources:
            if source.paid_in[-1] > 0.0:
                kept = self.reported[FIRM_STOPPED if source.status == "firm" else LOOSE_STOPPED]
                np.maximum(kept[:, source.investor], firm.stops(source, lost), out=kept[:, source.investor])


class _Firm:
    """One firm that burns money; its place is `place`."""

    def __init__(
        self, surroundings: Surroundings, state: State, settings: Mapping[str, float], place: int
    ) -> None:
        self.surroundings, self.state, self.settings, self.place = surroundings, state, settings, place
        self.node = surroundings.network.nodes[place]
        self.times = month_ends(surroundings.horizon_years)
        self.burnt = burnt(self.node, self.times)
        self.sources = sources(surroundings, place, self.times)

    def course(self, lost: FloatArray) -> _Course:
        """Return what becomes of it; `lost`: of each firm the part of its value `(n_columns, n_firms)`."""
        needed, arriving = self._needed(), self._arriving(lost)
        lacking = needed - arriving
        distance = self._distance(lacking)
        saved = self._saved(lacking)
        lacking = lacking - saved[:, None] * self.burnt
        cuts, lacking = self._dropped(lacking)
        lacking = np.where(lacking > _RELATIVE * self.node.burn, lacking, np.minimum(lacking, 0.0))
        month = first_month(lacking, self.times, self.node.cash)
        failing = np.empty(len(month))
        first_passages(np.where(np.isnan(month), distance, 0.0), failing)
        return _Course(saved, cuts, month, failing, arriving[:, -1])

    def _needed(self) -> FloatArray:
        """Return `(n_columns, n_months)` what is spent beyond the cash of today, revenue lost included."""
        fall = self.state.revenue_fall[:, self.place]
        return self.burnt - self.node.cash + self.node.revenue * fall[:, None] * self.times

    def _arriving(self, lost: FloatArray) -> FloatArray:
        """Return `(n_columns, n_months)` money paid in: promises that hold, part of the next round."""
        funding = self.state.funding[:, self.place]
        promised = np.zeros(len(self.times))
        arriving = np.zeros((len(lost), len(self.times)))
        for source in self.sources:
            promised = promised + source.paid_in
            part = funding if source.status == "loose" else np.maximum(funding, self.settings["closings"])
            holds = np.where(self.stops(source, lost), 0.0, part)
            arriving += holds[:, None] * source.paid_in
        gap = np.maximum(self.burnt - self.node.cash - promised, 0.0)
        return arriving + funding[:, None] * np.maximum.accumulate(gap)

    def stops(self, source: Source, lost: FloatArray) -> BoolArray:
        """Return `(n_columns,)` whether an investor has lost too much to pay in what it has promised."""
        stop = self.settings["investor_stop" if source.status == "firm" else "conditional_stop"]
        return np.asarray(lost[:, source.investor] > stop)

    def _distance(self, lacking: FloatArray) -> FloatArray:
        """Return `(n_columns,)` by how much burn may overrun before the money ends, in deviations of that.

        The overrun, a part of all burn, moves by sums; the money ends once it exceeds the least, over the
        months, of what is left after all that can be cut, over what is burnt until then.
        """
        left = self._most_saved() * self.burnt - lacking
        for number in self._loose():
            left = left + self.surroundings.orders[number].per_year * self.times
        deviation = self.settings["burn_volatility"] * sqrt(self.surroundings.horizon_years)
        if not deviation > 0.0:
            return np.full(len(lacking), np.inf)
        # Above nothing: what is used up shows in the month in which it ends.
        return np.asarray(np.maximum(np.min(left / self.burnt, axis=1) / deviation, _RELATIVE))

    def _saved(self, lacking: FloatArray) -> FloatArray:
        """Return `(n_columns,)` the part of its spending that the management cuts: no more than it must."""
        needed = np.max(np.maximum(lacking, 0.0) / self.burnt, axis=1)
        return np.asarray(np.minimum(needed, self._most_saved()))

    def _most_saved(self) -> float:
        own = self.node.burn_cut
        return self.settings["burn_cut"] if isnan(own) else own

    def _loose(self) -> list[int]:
        """Return the numbers of its orders that bind nobody, the loosest first."""
        orders = self.surroundings.orders
        own = (number for number, order in enumerate(orders) if order.customer == self.place)
        loose = [number for number in own if orders[number].rank >= LOOSE]
        return sorted(loose, key=lambda number: -orders[number].rank)

    def _dropped(self, lacking: FloatArray) -> tuple[dict[int, FloatArray], FloatArray]:
        """Return which parts of orders that bind nobody are dropped, and what lacks then."""
        orders, cuts = self.surroundings.orders, dict[int, FloatArray]()
        for number in self._loose():
            spare = orders[number].per_year * self.times
            if spare[-1] > 0.0:
                cuts[number] = np.minimum(np.max(np.maximum(lacking, 0.0) / spare, axis=1), 1.0)
                lacking = lacking - cuts[number][:, None] * spare
            else:
                cuts[number] = np.where(deepest(lacking) > _RELATIVE * self.node.burn, 1.0, 0.0)
        return cuts, lacking


MECHANISM = Mechanism(
    name="funding_runway",
    title="firms that run out of money, and their contracts",
    timescale=Timescale.MONTHS,
    settings=(
        Setting("burn_cut", 0.15, 0.0, 1.0, "judgement: what a management saves within months", percent=True),
        Setting("closings", 0.0, 0.0, 1.0, "part of promises and later closings that is paid though new "
                "money stops", percent=True),
        Setting("investor_stop", 0.75, 0.0, 1.0, "judgement: loss of an investor at which firm promises fail",
                percent=True),
        Setting("conditional_stop", 0.3, 0.0, 1.0, "judgement: loss of an investor at which the rest stops",
                percent=True),
        Setting("burn_volatility", 0.5, 0.0, 5.0, "judgement: of the overrun of burn, a year; OpenAI's plan "
                "for 2026 was raised by two thirds or more within a year, as reported", percent=True),
        LIQUIDATION,
        RECOVERED,
        *SETTINGS,
    ),
    run=run,
    reference="F. Black and J. C. Cox, Journal of Finance 31 (1976) 351: first passage, of money; R. Jarrow "
    "and S. Turnbull, Journal of Finance 50 (1995) 53: promise and recovery weighted; executory contracts: "
    "11 U.S.C. sections 365 and 502(b)(6)",
)  # fmt: skip
