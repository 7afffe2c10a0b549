"""The record that every mechanism fills in, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from stresstest.networks.balance import Balance
from stresstest.networks.holders import Holder
from stresstest.networks.model import Network
from stresstest.networks.orders import Order
from stresstest.networks.state import State

DEFAULTS_AUTHOR, DEFAULTS_JUDGED_ON = "stresstest library", date(2026, 11, 23)
"""Who judged the defaults of settings, and when; who changes one sets the date anew."""


class Timescale(IntEnum):
    """How fast a mechanism works; a joint fixed point is sought only within one."""

    INSTANT = 0
    MONTHS = 1
    MATURITY = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a scenario may give a mechanism.

    Attributes
    ----------
    default
        Where the scenario states none; `reason` says what it rests on.
    low, high
        Smallest and largest value.
    percent
        Whether it is written as a percentage: `60%`.
    """

    name: str
    default: float
    low: float
    high: float
    reason: str
    percent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a mechanism works on: the network, its balance sheets, and how far a scenario looks.

    Attributes
    ----------
    orders
        Of customers with suppliers.
    as_of
        Date of the market.
    horizon_years
        Of the scenario.
    holders
        Institutions beside those of the file: a user's portfolios.
    """

    network: Network
    balance: Balance
    orders: tuple[Order, ...]
    as_of: date
    horizon_years: float
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way in which losses travel.

    Attributes
    ----------
    name
        As scenarios write it.
    settings
        What a scenario may set.
    run
        `(surroundings, state, settings by name) → state`, column by column; losses only grow from one call to
        the next within a run, so that repeated calls tend to the greatest solution.
    reference
        The published model, with its equation.
    """

    name: str
    title: str
    timescale: Timescale
    settings: tuple[Setting, ...]
    run: Callable[[Surroundings, State, Mapping[str, float]], State]
    reference: str
