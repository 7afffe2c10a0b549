"""A whole report as plain data: portfolios, what is common to them, where the numbers come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stresstest.report.view.books import BookView
from stresstest.report.view.checks import PlausibilityLine
from stresstest.report.view.hedge import HedgeView
from stresstest.report.view.networks import NetworkPart


@dataclass(frozen=True, slots=True)
class ScenarioNote:
    """A scenario as its author describes it, and what it rests on.

    Attributes
    ----------
    governance
        Who owns and approved it and how long it holds, in words, as far as that is stated.
    """

    name: str
    title: str
    horizon: str
    status: str
    narrative: str
    sources: tuple[str, ...]
    not_covered: tuple[str, ...]
    drivers: tuple[tuple[str, str], ...] = ()
    governance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that the numbers come from, by its SHA-256."""

    what: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from.

    Attributes
    ----------
    levels
        Number of market levels by class of evidence.
    versions
        Of the program and of what computes.
    """

    market: str
    as_of: date
    market_title: str
    levels: tuple[tuple[str, int], ...]
    files: tuple[InputFile, ...]
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report.

    Attributes
    ----------
    severity
        Scale of every scenario; 1 is as written.
    notes
        What a reader must know of the data.
    notice
        Stands beside scenarios in which issuers default; empty where none do.
    missing
        What the report would show and does not know.
    """

    title: str
    severity: float
    provenance: Provenance
    books: tuple[BookView, ...]
    scenarios: tuple[ScenarioNote, ...] = ()
    plausibility: tuple[PlausibilityLine, ...] = ()
    networks: tuple[NetworkPart, ...] = ()
    hedges: tuple[HedgeView, ...] = ()
    notes: tuple[str, ...] = ()
    notice: str = ""
    missing: tuple[str, ...] = ()

    def scenario(self, name: str) -> ScenarioNote | None:
        """Return what is known of a scenario, or None."""
        return next((one for one in self.scenarios if one.name == name), None)
