"""Where debts could be paid in full or not, both consistently: what lenders lose if all of them run."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from stresstest.networks.mechanisms.clearing import GAP
from stresstest.networks.model import Network
from stresstest.networks.state import State

_ROUNDING = 1e-9


class RunRisk(NamedTuple):
    """A firm whose creditors get less in the least solution of clearing than in the greatest.

    Attributes
    ----------
    gap
        The difference, per unit of debt; NaN where the least was not found. P&L is that of the greatest.
    """

    firm: str
    gap: float


def run_risks(network: Network, state: State, column: int) -> tuple[RunRisk, ...]:
    """Return the firms of a column for which clearing has several solutions, the widest gap first.

    Empty where there is one solution, or where clearing has not run (L. C. G. Rogers and L. A. M. Veraart,
    Management Science 59 (2013) 882, section 3: with costs of default the least may lie below the greatest).
    """
    gaps = state.reported.get(GAP)
    if gaps is None:
        return ()
    names = (node.id for node in network.nodes)
    pairs = zip(names, gaps[column].tolist(), strict=True)
    found = [RunRisk(name, gap) for name, gap in pairs if not gap <= _ROUNDING]
    return tuple(sorted(found, key=lambda risk: (not isnan(risk.gap), -risk.gap)))
