"""What rests on judgement, challengers and proxies as a result document holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any, TypeAlias

from stresstest.report.view.checks import (
    ChallengerLine,
    JudgementLine,
    JudgementView,
    ProxyLine,
    RestLine,
)

Part: TypeAlias = Mapping[str, Any]
Percent: TypeAlias = Callable[[float | None], float | None]


def judgement_of(document: Part, portfolio: str, percent: Percent) -> JudgementView | None:
    """Return what the worst loss rests on; None where the run was not asked for it.

    Parameters
    ----------
    percent
        Gives an amount in per cent of the portfolio's unit.
    """
    found = document.get("judgement")
    shares = [one for one in (found or {}).get("shares") or () if one["portfolio"] == portfolio]
    known = [one for one in shares if one["pnl"] is not None]
    if found is None or not known:
        return None
    worst = min(known, key=lambda one: one["pnl"])
    numbers = [one for one in found["register"] if one["scenario"] == worst["scenario"]]
    classes = Counter(one["class"] for one in numbers)
    moved = next((one for one in found["moved"] if one["scenario"] == worst["scenario"]), None)
    top = () if moved is None else moved["top"].get(portfolio) or ()
    return JudgementView(
        worst["scenario"],
        tuple(sorted(classes.items(), key=lambda item: -item[1])),
        worst["share"],
        tuple(_input(one, percent) for one in top),
        rests=(_rest(worst, percent),),
        challengers=tuple(_challengers(document, portfolio, percent)),
        n_moved=0 if moved is None else moved["numbers_moved"],
        size=None if moved is None else moved["size"],
        register=tuple(map(_registered, numbers)),
    )


def _rest(share: Part, percent: Percent) -> RestLine:
    layers = tuple((name, percent(pnl)) for name, pnl in share["by_class"].items())
    return RestLine(share["scenario"], layers, percent(share["judged"]), share["share"], share["reason"])


def _input(one: Part, percent: Percent) -> JudgementLine:
    move = max(one["moves"], key=lambda move: abs(move["pnl_change"] or 0.0))
    change = percent(move["pnl_change"])
    return JudgementLine(one["text"], one["class"], move["to"], _origin(one), one["kind"], change)


def _registered(one: Part) -> JudgementLine:
    said = (one["analogue"], one["note"], _origin(one), ", ".join(one["source"]))
    return JudgementLine(one["text"], one["class"], "", "; ".join(filter(None, said)), one["kind"])


def _origin(one: Part) -> str:
    """Return who judged a number, when, and where it is written, without folders."""
    by = " ".join(filter(None, (one["author"], one["date"])))
    where = f"{PurePath(one['file'].replace(chr(92), '/')).name}:{one['line']}" if one["file"] else ""
    return ", ".join(filter(None, (by, where)))


def _challengers(document: Part, portfolio: str, percent: Percent) -> Iterator[ChallengerLine]:
    for one in document.get("challenger") or ():
        if one["portfolio"] == portfolio:
            figures = percent(one["pnl"]), percent(one["lines_pnl"]), percent(one["challenger_pnl"])
            yield ChallengerLine(one["scenario"], one["regime"], *figures, one["reason"])


def proxies_of(document: Part, portfolio: str) -> Iterator[ProxyLine]:
    """Yield the positions that the market alone does not value."""
    for one in document.get("proxies") or ():
        if one["portfolio"] == portfolio:
            stated = one["stated_on"]
            yield ProxyLine(
                *(one["position"], one["issuer"], one["follows"], one["stated_value"], one["currency"]),
                None if stated is None else date.fromisoformat(stated),
                one["age_days"],
                one["roll"],
                one["share"],
            )
