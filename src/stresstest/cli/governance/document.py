"""Governance in the result document: who answers for scenarios, what losses rest on, challengers, proxies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.measures.challenge import Challenge
from stresstest.measures.judgements.assessment import Assessment
from stresstest.measures.judgements.inputs import MovedNumber, MovedScenario
from stresstest.measures.judgements.register import RegisteredNumber
from stresstest.measures.judgements.shares import JudgedShare
from stresstest.measures.proxies import ProxiedPosition
from stresstest.scenarios.governance import Governance
from stresstest.scenarios.scenario import ScenarioSet


@dataclass(frozen=True, slots=True)
class GovernanceTables:
    """What a run was asked for beside its losses.

    Attributes
    ----------
    assessment
        What losses rest on, or None where nobody asked.
    challenges
        Networks beside their challengers, or None where nobody asked.
    proxies
        Positions that no market price values.
    shows_proxies
        Whether they are to be shown as a table too.
    """

    assessment: Assessment | None = None
    challenges: tuple[Challenge, ...] | None = None
    proxies: tuple[ProxiedPosition, ...] = ()
    shows_proxies: bool = False


NO_GOVERNANCE = GovernanceTables()
"""Of a run that was asked for nothing of it."""


def governance_document(found: Governance) -> dict[str, str | None]:
    """Return who answers for a scenario, a set or a policy; null for what is not stated."""
    return {
        "status": found.status or None,
        "owner": found.owner or None,
        "approver": found.approver or None,
        "approved_on": None if found.approved_on is None else found.approved_on.isoformat(),
        "valid_until": None if found.valid_until is None else found.valid_until.isoformat(),
    }


def governance_documents(scenarios: ScenarioSet, tables: GovernanceTables) -> dict[str, Any]:
    """Return the parts of the result document that are about governance."""
    document: dict[str, Any] = {
        "governance": {scenario.name: governance_document(scenario.governance) for scenario in scenarios},
        "left_out": [scenario.name for scenario in scenarios.left_out],
        "proxies": [_proxy(entry) for entry in tables.proxies],
    }
    if tables.challenges is not None:
        document["challenger"] = [_challenge(one) for one in tables.challenges]
    if tables.assessment is not None:
        document["judgement"] = _assessment(tables.assessment)
    return document


def _proxy(entry: ProxiedPosition) -> dict[str, Any]:
    return {
        "portfolio": entry.portfolio,
        "position": entry.position,
        "how": entry.how,
        "issuer": entry.issuer,
        "follows": entry.follows,
        "base_value": number(entry.base_value),
        "share": number(entry.share),
        "stated_value": entry.stated_value,
        "currency": entry.currency,
        "stated_on": None if entry.stated_on is None else entry.stated_on.isoformat(),
        "age_days": entry.age_days,
        "roll": entry.roll,
    }


def _challenge(one: Challenge) -> dict[str, Any]:
    return {
        "portfolio": one.portfolio,
        "scenario": one.scenario,
        "currency": one.currency,
        "regime": one.regime,
        "pnl": number(one.pnl),
        "lines_pnl": number(one.lines_pnl),
        "challenger_pnl": number(one.challenger_pnl),
        "difference": number(one.difference),
        "reason": one.reason,
    }


def _assessment(found: Assessment) -> dict[str, Any]:
    return {
        "register": [registered_document(entry) for entry in found.register],
        "shares": [_share(share) for share in found.shares],
        "moved": [_moved_scenario(one) for one in found.moved],
    }


def registered_document(entry: RegisteredNumber) -> dict[str, Any]:
    """Return a number of the register."""
    return {
        "scenario": entry.scenario,
        "written_in": entry.written_in,
        "kind": entry.kind,
        "text": entry.text,
        "class": entry.basis_class,
        "author": entry.author,
        "date": None if entry.dated is None else entry.dated.isoformat(),
        "analogue": entry.analogue,
        "note": entry.note,
        "source": list(entry.source),
        "file": entry.location.file,
        "line": entry.location.line,
    }


def _share(share: JudgedShare) -> dict[str, Any]:
    return {
        "portfolio": share.portfolio,
        "scenario": share.scenario,
        "currency": share.currency,
        "pnl": number(share.pnl),
        "by_class": {layer: number(pnl) for layer, pnl in share.by_layer.items()},
        "judged": None if share.reason else number(share.judged),
        "share": share.share,
        "reason": share.reason,
    }


def _moved_scenario(one: MovedScenario) -> dict[str, Any]:
    return {
        "scenario": one.scenario,
        "size": one.size,
        "pnl": {name: number(pnl) for name, pnl in zip(one.portfolios, one.pnl, strict=False)},
        "numbers_moved": len(one.moved),
        "numbers_not_moved": [
            {"text": entry.text, "kind": entry.kind, "reason": reason} for entry, reason in one.unmoved
        ],
        "top": {
            name: [_moved(item, place) for item in one.top(place)]
            for place, name in enumerate(one.portfolios)
        },
    }


def _moved(item: MovedNumber, place: int) -> dict[str, Any]:
    entry = item.number
    return {
        "kind": entry.kind,
        "text": entry.text,
        "class": entry.basis_class,
        "written_in": entry.written_in,
        "author": entry.author,
        "date": None if entry.dated is None else entry.dated.isoformat(),
        "file": entry.location.file,
        "line": entry.location.line,
        "moves": [{"to": move.label, "pnl_change": number(move.change[place])} for move in item.moves],
    }
