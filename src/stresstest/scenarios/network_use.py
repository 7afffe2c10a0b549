"""That a scenario sends what its lines state through a network of firms, and by which mechanisms."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.errors import NOWHERE, Location
from stresstest.networks.cascade import Chosen
from stresstest.networks.holders import Holder
from stresstest.networks.model import Network


@dataclass(frozen=True, slots=True)
class PortfolioTerms:
    """How the portfolios of a run, taken together, act as an institution of a network.

    Attributes
    ----------
    behaviour
        One of `stresstest.networks.model.BEHAVIOURS`.
    leverage
        Assets over own money, at least 1.
    times
        How many like them act alike.
    """

    behaviour: str
    leverage: float = 1.0
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class NetworkUse:
    """A network with the mechanisms that run on it.

    Attributes
    ----------
    chosen
        Mechanisms with their settings, in the order of their timescales.
    on_top
        Whether the network also moves factors that lines state, on top of what they state; otherwise those
        stay where the lines put them.
    portfolio
        How the portfolios of a run act in the network, where they are an institution of it.
    holders
        These portfolios with what they hold, once a run knows them.
    """

    network: Network
    chosen: tuple[Chosen, ...]
    on_top: bool = False
    portfolio: PortfolioTerms | None = None
    holders: tuple[Holder, ...] = ()
    location: Location = NOWHERE
