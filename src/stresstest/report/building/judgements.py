"""What rests on judgement, and what stands against it: a stated net asset value, the factor model alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from stresstest.measures.challenge import Challenge
from stresstest.measures.judgements.inputs import MovedNumber, MovedScenario
from stresstest.measures.judgements.register import RegisteredNumber, register
from stresstest.measures.judgements.shares import JudgedShare
from stresstest.measures.percentages import shown_percent
from stresstest.measures.reconciliation import reconcile
from stresstest.report.building.material import Material
from stresstest.report.view.checks import ChallengerLine, JudgementLine, JudgementView, NavView, RestLine
from stresstest.revaluation.result import PortfolioResult

_GAPS = 5
_ONE_WAY = "Inputs were moved one way, up where they can be; stresstest run --judgement moves them both ways."
_NONE_MOVED = (
    "Its {n:,} judged inputs were not moved one by one, which takes long: ask for it with --judgement."
)


def judgement_view(material: Material, held: PortfolioResult) -> JudgementView | None:
    """Return what of the worst loss rests on judgement; None without a scenario."""
    focus = material.focus(held)
    scenario = material.by_name.get(focus[0]) if focus else None
    if scenario is None:
        return None
    numbers = register([scenario])
    classes = Counter(number.basis_class for number in numbers)
    rests = tuple(_rest(held, share) for share in material.judged if _is_of(share, held, focus))
    moved = material.moved.get(scenario.name)
    place = moved.portfolios.index(held.name) if moved else 0
    return JudgementView(
        scenario.name,
        tuple(sorted(classes.items(), key=lambda item: -item[1])),
        next((rest.share for rest in rests if rest.scenario == scenario.name), None),
        tuple(_input(held, item, place) for item in (moved.top(place) if moved else ())),
        note=_note(moved, sum(number.is_judged for number in numbers)),
        rests=tuple(sorted(rests, key=lambda rest: focus.index(rest.scenario))),
        challengers=tuple(_challenger(held, one) for one in material.challenged if _is_of(one, held, focus)),
        n_moved=len(moved.moved) if moved else 0,
        size=moved.size if moved else None,
        register=tuple(map(_registered, numbers)),
    )


def _note(moved: MovedScenario | None, n_judged: int) -> str:
    if moved is None:
        return _NONE_MOVED.format(n=n_judged)
    return _ONE_WAY if moved.moved else ""


def _is_of(found: JudgedShare | Challenge, held: PortfolioResult, focus: list[str]) -> bool:
    return found.portfolio == held.name and found.scenario in focus


def _rest(held: PortfolioResult, share: JudgedShare) -> RestLine:
    if share.reason:
        return RestLine(share.scenario, (), None, None, share.reason)
    layers = tuple((name, shown_percent(held, pnl)) for name, pnl in share.by_layer.items())
    return RestLine(share.scenario, layers, shown_percent(held, share.judged), share.share)


def _input(held: PortfolioResult, item: MovedNumber, place: int) -> JudgementLine:
    number, move = item.number, item.largest(place)
    change = shown_percent(held, move.change[place])
    return JudgementLine(
        *(number.text, number.basis_class, move.label, ", ".join(_origin(number))),
        kind=number.kind,
        percent=change,
    )


def _registered(number: RegisteredNumber) -> JudgementLine:
    said = (number.analogue, number.note, *_origin(number), ", ".join(number.source))
    return JudgementLine(number.text, number.basis_class, "", "; ".join(filter(None, said)), number.kind)


def _origin(number: RegisteredNumber) -> Iterator[str]:
    """Yield who judged a number, when, and where it is written, without the folders of this machine."""
    if number.author or number.dated:
        yield " ".join(str(part) for part in (number.author, number.dated) if part)
    if number.location.file:
        # A path of Windows too is cut, whatever the machine that reads it.
        name = PurePath(number.location.file.replace("\\", "/")).name
        yield f"{name}:{number.location.line}"


def _challenger(held: PortfolioResult, one: Challenge) -> ChallengerLine:
    pnl = (one.pnl, one.lines_pnl, one.challenger_pnl)
    whole, lines, challenger = (shown_percent(held, value) if math.isfinite(value) else None for value in pnl)
    return ChallengerLine(one.scenario, one.regime, whole, lines, challenger, one.reason)


def nav_view(held: PortfolioResult) -> NavView | None:
    """Return the base value against the stated net asset value, or None where none is stated."""
    found = reconcile(held)
    if found is None:
        return None
    return NavView(
        found.net_asset_value,
        found.difference,
        found.stated_on,
        found.tolerance,
        found.within,
        found.days_apart,
        gaps=tuple((gap.position, gap.difference) for gap in found.gaps[:_GAPS] if gap.difference),
        without_value=found.without_value,
    )
