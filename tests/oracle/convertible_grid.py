"""Convertible bonds by finite differences, cash and shares apart, on dates that hold every payment and call.

A grid in the log of the share over its forward price, steps of Crank and Nicolson after four half steps
backward in time behind every date (R. Rannacher, Numerische Mathematik 43 (1984) 309). A call that lasts is a
barrier of its own in the grid, at the price where shares are worth what is offered; what is called there ends
as shares. Shares no code with the lattice, and has no steps of its dates.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import solve_banded

REACH = 7.0
SAME = 1e-9


class Grid:
    """Cash and shares on the grid of one bond, walked back from maturity to today."""

    def __init__(self, terms: Any, share: Any, discounts: tuple[Callable, Callable], size: int) -> None:
        self.terms, self.share, (self.safe, self.risky) = terms, share, discounts
        reach = REACH * share.vol * math.sqrt(terms.maturity)
        self.x = np.linspace(-reach, reach, 2 * (size // 2) + 1)
        self.h = self.x[1] - self.x[0]
        last = sum(amount for when, amount in terms.coupons if abs(when - terms.maturity) < SAME)
        due, inside = terms.redemption + last, (np.arange(64) + 0.5) / 64 - 0.5
        worth = self.worth(terms.maturity)[:, None] * np.exp(inside * self.h)
        self.stock = np.where(worth >= due, worth, 0.0).mean(1)
        self.cash = np.where(worth >= due, 0.0, due).mean(1)

    def forward(self, time: float) -> float:
        return self.share.spot * math.exp(-self.share.dividend_yield * time) / self.safe(time)

    def worth(self, time: float) -> Any:
        return self.terms.shares * self.forward(time) * np.exp(self.x)

    def lasting(self, start: float, end: float) -> Any:
        found = [c for c in self.terms.calls if c[0] - SAME <= start and end <= c[1] + SAME and c[1] > c[0]]
        return found[-1] if found else None

    def walk(self, start: float, end: float, theta: float) -> None:
        """From `end` back to `start`, one step."""
        variance, call = self.share.vol**2 * (end - start), self.lasting(start, end)
        safe, risky = (f(end) / f(start) for f in (self.safe, self.risky))
        top, at, barrier = len(self.x) - 1, 0.0, 0.0
        if call is not None:
            barrier = max(call[2] + self.terms.accrued(0.5 * (start + end)), call[3])
            at = math.log(barrier / (self.terms.shares * self.forward(start)))
            top = max(int(np.searchsorted(self.x, at)) - 1, 1)
        bound = (at, barrier / safe) if top < len(self.x) - 1 else None
        self.stock = safe * self.step(self.stock, variance, theta, (top, bound))
        self.cash = risky * self.step(self.cash, variance, theta, (top, bound and (at, 0.0)))
        if call is not None:
            worth, price = self.worth(start), call[2] + self.terms.accrued(start)
            if bound is not None:
                self.stock[top + 1 :], self.cash[top + 1 :] = worth[top + 1 :], 0.0
            in_cash = (worth < barrier) & (worth >= call[3]) & (self.stock + self.cash > price)
            self.stock[in_cash], self.cash[in_cash] = 0.0, price

    def step(self, row: Any, variance: float, theta: float, end: Any) -> Any:
        top, bound = end
        down, up = np.zeros(top + 1), np.zeros(top + 1)
        up[1:], down[1:] = 0.5 * (1 / self.h**2 - 0.5 / self.h), 0.5 * (1 / self.h**2 + 0.5 / self.h)
        known = 0.0
        if bound is None:
            up[top] = down[top] = 0.0
        else:
            gap = max(bound[0] - self.x[top], 1e-6 * self.h)
            both = self.h + gap
            up[top], down[top] = (1 - 0.5 * self.h) / (gap * both), (1 + 0.5 * gap) / (self.h * both)
            known = up[top] * bound[1]
        head = row[: top + 1]
        rate = -(up + down) * head + down * np.r_[0.0, head[:-1]] + np.r_[up[:-1] * head[1:], known]
        right = head + (1 - theta) * variance * rate
        right[top] += theta * variance * known
        bands = np.zeros((3, top + 1))
        bands[0, 1:], bands[2, :-1] = -theta * variance * up[:-1], -theta * variance * down[1:]
        bands[1] = 1 + theta * variance * (up + down)
        return np.r_[solve_banded((1, 1), bands, right), row[top + 1 :]]

    def happen(self, time: float) -> None:
        """Calls of one day, puts, coupons and conversion on a date."""
        terms, worth = self.terms, self.worth(time)
        for first, last, price, trigger in terms.calls:
            nearest = min(abs(time - first), abs(time - last))
            if nearest < SAME and 0.0 < time < terms.maturity - SAME:
                self.call(worth, price + terms.accrued(time), trigger)
            elif first <= time <= last and time < terms.maturity - SAME:
                self.call(worth, price + terms.accrued(time), trigger, cells=1)
        for when, amount in terms.puts:
            if abs(when - time) < SAME:
                is_put = amount > self.stock + self.cash
                self.stock[is_put], self.cash[is_put] = 0.0, amount
        self.cash = self.cash + sum(amount for when, amount in terms.coupons if abs(when - time) < SAME)
        self.convert(time)

    def convert(self, time: float) -> None:
        worth = self.worth(time)
        if self.terms.converts[0] - SAME <= time <= self.terms.converts[1] + SAME:
            converts = worth > (self.stock + self.cash) * (1 + 1e-12)
            self.stock[converts], self.cash[converts] = worth[converts], 0.0

    def call(self, worth: Any, price: float, trigger: float, cells: int = 16) -> None:
        """Averages over the cell of each node."""
        inside = ((np.arange(cells) + 0.5) / cells - 0.5)[:, None]

        def near(row: Any) -> Any:
            up, down = np.r_[row[1:], row[-1]], np.r_[row[0], row[:-1]]
            return row + np.abs(inside) * (np.where(inside > 0, up, down) - row)

        stock, cash, shares = near(self.stock), near(self.cash), near(worth)
        value, barrier = stock + cash, max(price, trigger)
        in_shares = (shares >= barrier) & (value > shares)
        in_cash = (shares < barrier) & (shares >= trigger) & (value > price)
        changed = (in_shares | in_cash).any(0)
        stock = np.where(in_shares, shares, np.where(in_cash, 0.0, stock)).mean(0)
        cash = np.where(in_shares, 0.0, np.where(in_cash, price, cash)).mean(0)
        self.stock, self.cash = np.where(changed, stock, self.stock), np.where(changed, cash, self.cash)


def value(terms: Any, share: Any, discounts: tuple[Callable, Callable], sizes: tuple[int, int]) -> float:
    """Value today of face 1, with so many nodes and steps."""
    size, steps = sizes
    grid, end = Grid(terms, share, discounts, size), terms.maturity
    marks = {0.0, end, *(when for when, _ in (*terms.coupons, *terms.puts))}
    marks |= {min(max(0.0, time), end) for call in terms.calls for time in call[:2]}
    marks |= {min(max(0.0, time), end) for time in terms.converts}
    dates = sorted(marks)
    for after, before in zip(dates[::-1], dates[-2::-1], strict=False):
        count = max(4, math.ceil((after - before) / end * steps))
        width = (after - before) / count
        for number in range(count):
            time = after - number * width
            parts = 2 if number < 2 else 1
            for part in range(parts):
                start = time - width * (part + 1) / parts
                grid.walk(start, start + width / parts, 1.0 if number < 2 else 0.5)
                if start > before + SAME:
                    grid.convert(start)
        grid.happen(before)
    middle = len(grid.x) // 2
    return float(grid.stock[middle] + grid.cash[middle])
