"""That a scenario sends what its lines state through a network of firms, and by which mechanisms."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.errors import Location
from stresstest.networks.cascade import Chosen
from stresstest.networks.model import Network

NOWHERE = Location()


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
    """

    network: Network
    chosen: tuple[Chosen, ...]
    on_top: bool = False
    location: Location = NOWHERE
