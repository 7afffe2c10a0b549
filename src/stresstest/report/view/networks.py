"""What became of a scenario's network, and the firms and edges that carry its losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stresstest.networks.model import Network


@dataclass(frozen=True, slots=True)
class FirmLine:
    """A firm after the network.

    Attributes
    ----------
    change
        Relative change of its value, None where it had none; `direct` before any mechanism.
    debt_worth
        What one unit of its debt is worth.
    failed_month
        Month in which its money ends, or None.
    unpriced
        Whether the market has no price of it, so that no position feels it.
    """

    id: str
    title: str
    change: float | None
    direct: float | None
    debt_worth: float
    failed_month: float | None
    unpriced: bool = False


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """A network after a scenario.

    Attributes
    ----------
    losses
        Relative loss by firm.
    drawn
        The part of the network that carries the largest losses, to draw; None where only a document was read.
    """

    scenario: str
    network: str
    title: str
    mechanisms: tuple[str, ...]
    at_rest: bool
    firms: tuple[FirmLine, ...]
    losses: tuple[tuple[str, float], ...] = ()
    drawn: Network | None = None
