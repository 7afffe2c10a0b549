"""One portfolio of a report: everything that is shown of it, or None where it is not known."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.report.view.checks import CoverageView, FailureLine, JudgementView, LimitLine, NavView
from stresstest.report.view.curves import PathCurve, SeverityCurve
from stresstest.report.view.exposures import Concentration, Exits
from stresstest.report.view.losses import HeatMap, Losses, Shares, Waterfall


@dataclass(frozen=True, slots=True)
class BookView:
    """A portfolio.

    Attributes
    ----------
    small_base
        Whether per cent are of gross value, since the base value is small against it.
    nav
        The base value against a stated net asset value, or None where none is stated.
    further
        Other measures in words with their value: funded ratio, margin call, value at risk of draws.
    missing
        What the report would show and does not know, with the reason.
    """

    name: str
    title: str
    currency: str
    base_value: float
    gross_value: float
    n_positions: int
    small_base: bool
    losses: Losses
    heat: HeatMap | None = None
    waterfalls: tuple[Waterfall, ...] = ()
    shares: tuple[Shares, ...] = ()
    concentration: Concentration | None = None
    severity: SeverityCurve | None = None
    paths: tuple[PathCurve, ...] = ()
    coverage: CoverageView | None = None
    limits: tuple[LimitLine, ...] = ()
    failures: tuple[FailureLine, ...] = ()
    exits: Exits | None = None
    judgement: JudgementView | None = None
    nav: NavView | None = None
    further: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What per cent are of."""
        return self.losses.unit

    def percent(self, amount: float) -> float | None:
        """Return an amount in per cent of the unit; None where that is 0."""
        whole = self.gross_value if self.small_base else abs(self.base_value)
        return 100.0 * amount / whole if whole else None
