"""All break-points of a sweep together."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.measures.breaches import Breach
from stresstest.measures.break_points.contracts import ContractFlips
from stresstest.measures.break_points.failures import DefaultFlips, NetworkFlips
from stresstest.measures.break_points.portfolios import portfolio_break_points
from stresstest.measures.break_points.protection import protection_break_points
from stresstest.measures.break_points.record import (
    Found,
    GridRun,
    close_in_together,
    distinct,
    with_losses,
)


def find_break_points(run: GridRun, breaches: Sequence[Breach], against: str = "") -> Found:
    """Return everything that flips along the axis, in its order, each with the loss there.

    What needs the market only, contracts and firms, is closed in upon first and together; then what needs the
    values of the book.

    Parameters
    ----------
    breaches
        Of limits, as the sweep has found them.
    against
        Name of the portfolio of the book that all others are compared with; empty: there is none.
    """
    contracts, defaults, network = ContractFlips(run), DefaultFlips(run), NetworkFlips(run)
    close_in_together(run.sweeper, [contracts.flips, defaults.flips, network.flips])
    found = (
        *contracts.break_points(),
        *defaults.break_points(),
        *network.break_points(),
        *portfolio_break_points(run, breaches, against),
        *protection_break_points(run),
    )
    own = tuple(item for item in found if item.portfolio != against)
    unlisted = tuple(item for item in contracts.unlisted() if item.portfolio != against)
    return Found(with_losses(run.sweeper, distinct(run.sweeper, own)), unlisted)
