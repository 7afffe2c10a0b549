"""Failures, limits, coverage, plausibility and lines by class of evidence from a result."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set

import numpy as np

from stresstest.market.keys import RiskFactorKey
from stresstest.measures.coverage import Coverage
from stresstest.measures.limits import WARNING, LimitCheck, check_limits, unchecked_limits
from stresstest.measures.plausibility import Plausibility, ShockPlausibility
from stresstest.measures.proxies import ProxiedPosition, proxy_register
from stresstest.report.building.material import Material
from stresstest.report.view.checks import (
    CoverageView,
    FailureLine,
    LimitLine,
    PlausibilityLine,
    ProxyLine,
    RiskLine,
)
from stresstest.revaluation.result import PortfolioResult


def failure_lines(held: PortfolioResult) -> tuple[FailureLine, ...]:
    """Return every position without a value in some scenario."""
    return tuple(
        FailureLine(
            found.position,
            found.scenario,
            found.reason.value.replace("_", " "),
            found.message,
            found.base_value if math.isfinite(found.base_value) else None,
        )
        for found in held.failures
    )


def limit_lines(held: PortfolioResult) -> tuple[LimitLine, ...]:
    """Return every limit, breached ones first, then those that warn; those that were not checked last."""
    checked = sorted(check_limits(held), key=lambda found: (not found.breached, found.level != WARNING))
    lines = [_limit(found) for found in checked]
    lines += [
        LimitLine(
            *(limit.name or "limit", limit.scenario, limit.of, limit.max_loss, None, "", False),
            warning=limit.warning,
            owner=limit.owner,
        )
        for limit in unchecked_limits(held)
    ]
    return tuple(lines)


def _limit(found: LimitCheck) -> LimitLine:
    limit = found.limit
    terms = limit.name or "limit", limit.scenario, limit.of, limit.max_loss
    return LimitLine(
        *(*terms, found.loss, found.scenario, found.breached),
        warning=limit.warning,
        warned=found.level == WARNING,
        owner=limit.owner,
    )


def coverage_view(material: Material, held: PortfolioResult, covered: Coverage | None) -> CoverageView:
    """Return what the scenarios reach of a portfolio, position by position and risk by risk."""
    never: tuple[str, ...] = ()
    share = None
    if covered is not None:
        rows = np.flatnonzero(~covered.reached[:, list(material.last_columns.values())].any(axis=1))
        rows = rows[np.argsort(-covered.gross[rows], kind="stable")]
        total = float(covered.gross.sum())
        never = tuple(covered.position_ids[row] for row in rows.tolist())
        share = float(covered.gross[rows].sum()) / total if total else 0.0
    return CoverageView(
        n_scenarios=len(material.last_columns),
        never=never,
        never_share=share,
        proxied=tuple(_proxy(entry) for entry in proxy_register([held])),
        risks=() if covered is None else _risks(material, held, covered),
        gap=held.reconciliation_gap,
    )


def _proxy(entry: ProxiedPosition) -> ProxyLine:
    return ProxyLine(
        *(entry.position, entry.issuer, entry.follows, entry.stated_value, entry.currency, entry.stated_on),
        age_days=entry.age_days,
        roll=entry.roll,
        share=entry.share if math.isfinite(entry.share) else None,
    )


def _risks(material: Material, held: PortfolioResult, covered: Coverage) -> tuple[RiskLine, ...]:
    """Return by kind of risk factor what depends on it, and in how many scenarios it moves."""
    book = held.book
    needs = {
        row: (
            *book.instruments[row].requirements.factors,
            *book.conversion_factors(book.instruments[row].requirements.currency, held.currency),
        )
        for row in dict.fromkeys(held.instrument.tolist())
    }
    total = float(covered.gross.sum())
    lines = []
    for kind in sorted({key.kind for keys in needs.values() for key in keys}):
        own = {row: [key for key in keys if key.kind == kind] for row, keys in needs.items()}
        rows = [place for place, row in enumerate(held.instrument.tolist()) if own[row]]
        keys = {key for some in own.values() for key in some}
        moved = sum(_moves(material, keys, name) for name in material.last_columns)
        share = float(covered.gross[rows].sum()) / total if total else None
        lines.append(RiskLine(kind, len(rows), share, moved))
    return tuple(sorted(lines, key=lambda line: -(line.share or 0.0)))


def _moves(material: Material, keys: Set[RiskFactorKey], name: str) -> bool:
    columns = material.result.table.columns_of(name)
    levels = material.compiled.columns
    return any(
        key in levels.moved and bool((levels.moved[key][columns] != levels.base[key]).any()) for key in keys
    )


def plausibility_lines(cards: Sequence[Plausibility]) -> tuple[PlausibilityLine, ...]:
    """Return each scenario beside history."""
    return tuple(
        PlausibilityLine(
            card.scenario,
            tuple(
                (found.regime, found.systematic_distance, found.systematic_percentile)
                for found in card.distances
            ),
            _largest(card.shocks[0]) if card.shocks else "",
            len(card.contradictions),
            len(card.extrapolated),
            len(card.without_data),
        )
        for card in cards
    )


def _largest(shock: ShockPlausibility) -> str:
    regime = list(shock.deviations)[-1]
    return f"{shock.factor} {shock.deviations[regime]:+.1f}".replace("-", "\N{MINUS SIGN}")
