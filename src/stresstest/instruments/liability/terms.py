"""From the terms of a liability to its dated payments."""

from __future__ import annotations

from datetime import date

from stresstest.conventions.cash_flows import CashFlow
from stresstest.conventions.schedules import Grid
from stresstest.instruments.liability.spec import LiabilitySpec, ProfileSpec


def payments(spec: LiabilitySpec) -> tuple[CashFlow, ...]:
    """Return every payment of one unit, first to last, as positive amounts."""
    if spec.profile is not None:
        return _by_rule(spec.profile)
    return tuple(CashFlow(payment.date, payment.amount) for payment in spec.payments)


def remaining(spec: LiabilitySpec, after: date) -> tuple[CashFlow, ...]:
    """Return the payments after the day `after`: what falls due on it has been paid."""
    return tuple(flow for flow in payments(spec) if flow.payment_date > after)


def due(spec: LiabilitySpec, after: date, until: date) -> tuple[CashFlow, ...]:
    """Return the payments after the day `after`, up to and on the day `until`."""
    return tuple(flow for flow in payments(spec) if after < flow.payment_date <= until)


def _by_rule(profile: ProfileSpec) -> tuple[CashFlow, ...]:
    grid = Grid(profile.first_payment, profile.frequency, end_of_month=True)
    amount, number = profile.yearly_amount / profile.frequency, 0
    flows: list[CashFlow] = []
    while (day := grid.day(number)) <= profile.last_payment:
        flows.append(CashFlow(day, amount))
        number += 1
        if number % profile.frequency == 0:
            amount *= 1.0 + profile.growth
    return tuple(flows)
