"""Reasons to reject a plan, each put to it: what a sceptical committee would ask before it signs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stresstest.hedging.plans.comparisons import Comparison, Yardstick
from stresstest.hedging.plans.plan import PlannedTrade, ScenarioOutcome

MOST_FROM_ONE = 0.25
"""Largest part of the saved loss that one bought instrument, expiry or seller may give."""

LONGEST_DAYS, VOLUME_LEFT = 10.0, 0.5
"""Days within which every trade is done at the allowed share of half the usual volume."""

LARGEST_JUMP = 0.03
"""Change of a weight, as a share of the base value, that shocks of a tenth more or less may cause."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Challenge:
    """One reason to reject a plan.

    Attributes
    ----------
    name
        Snake case, for programs.
    question
        What must hold.
    passed
        Whether it does; None where it could not be asked.
    finding
        What was found, with the number that decides.
    """

    name: str
    question: str
    passed: bool | None
    finding: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What challenges are decided on; amounts as shares of the base value.

    Attributes
    ----------
    trades, outcomes
        Of the plan.
    worst
        Scenario of the horizon in which the book as it is loses most.
    base
        Absolute base value.
    days_at_half_volume
        By trade; NaN where no volume is known.
    expiries
        By id of a bought option, its expiry as text.
    weights
        Signed sizes by id, where lots do not matter: as the policy has it (`as_written`), with scenarios of
        judgement at half size (`halved`), with all shocks a tenth smaller and larger (`smaller`, `larger`).
    plan, comparisons
        The plan beside simpler hedges.
    names
        By id, the name that a reader is told, with the id.
    """

    trades: tuple[PlannedTrade, ...]
    outcomes: tuple[ScenarioOutcome, ...]
    worst: ScenarioOutcome
    new_worst: ScenarioOutcome
    base: float
    days_at_half_volume: Mapping[str, float]
    expiries: Mapping[str, str]
    weights: Mapping[str, Mapping[str, float]]
    plan: Yardstick
    comparisons: tuple[Comparison, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, id_: str) -> str:
        """Return what a reader is told of an id."""
        return self.names.get(id_, id_)


def challenges(evidence: Evidence) -> tuple[Challenge, ...]:
    """Return every challenge with its answer."""
    return (
        _prices(evidence),
        _one_source(evidence),
        _haven(evidence),
        _moves(evidence),
        _tradable(evidence),
        _flips(evidence),
        _jumps(evidence),
        _beats(evidence),
    )


def _prices(evidence: Evidence) -> Challenge:
    question = "no option is priced at the mid, or off anything but the market's implied surface"
    options = [trade for trade in evidence.trades if trade.id in evidence.expiries]
    at_mid = [trade.named for trade in options if trade.cost.spread <= 0.0]
    if not options:
        return Challenge("priced_at_the_ask", question, True, "no option is bought")
    if at_mid:
        return Challenge("priced_at_the_ask", question, False, f"without a spread: {', '.join(at_mid)}")
    paid = sum(trade.cost.spread for trade in options)
    worth = sum(trade.value for trade in options)
    finding = (
        f"{len(options)} bought at the ask, {100.0 * paid / worth:.1f} % above the mid of the implied surface"
    )
    return Challenge("priced_at_the_ask", question, True, finding)


def _one_source(evidence: Evidence) -> Challenge:
    question = "nothing bought, no expiry and no one seller gives over 25 % of the saved loss"
    saved = evidence.worst.saved
    if saved <= 0.0:
        return Challenge("no_single_source", question, False, f"nothing is saved in {evidence.worst.name}")
    name, part = max(_sources(evidence), key=lambda item: item[1], default=("nothing bought", 0.0))
    finding = f"largest: {name}, {100.0 * part / saved:.0f} % of what is saved in {evidence.worst.name}"
    if part <= 0.0:
        finding = "what is bought saves nothing by itself: the saving comes from what is sold"
    houses = sorted({trade.seller for trade in evidence.trades if trade.is_cleared and trade.seller})
    if houses:
        finding += (
            f"; what {' and '.join(houses)} clears counts for no one seller, see above what if it fails"
        )
    return Challenge("no_single_source", question, part <= MOST_FROM_ONE * saved, finding)


def _sources(evidence: Evidence) -> Iterator[tuple[str, float]]:
    """Yield instruments, expiries and sellers with what they save in the worst scenario.

    A clearing house is no seller here: its members' margin, its own capital and the default fund of all
    members stand before what it owes.
    """
    groups: dict[str, float] = {}
    for trade in (one for one in evidence.trades if one.action == "buy"):
        part = trade.saves[evidence.worst.name]
        yield trade.named, part
        seller = "" if trade.is_cleared else trade.seller
        for kind, name in (("expiry", evidence.expiries.get(trade.id, "")), ("seller", seller)):
            if name:
                groups[f"{kind} {name}"] = groups.get(f"{kind} {name}", 0.0) + part
    yield from groups.items()


def _haven(evidence: Evidence) -> Challenge:
    question = "with bonds failing as a haven while AI falls, the plan loses no more than the book as it is"
    found = [one for one in evidence.outcomes if "haven_failure_bonds" in one.name]
    if not found:
        return Challenge("haven_failure", question, None, "haven_failure_bonds is not among the scenarios")
    least = min(found, key=lambda one: one.saved)
    finding = f"{least.name}: {_percents(evidence, least)}"
    return Challenge("haven_failure", question, least.saved >= -_ROUNDING * evidence.base, finding)


def _moves(evidence: Evidence) -> Challenge:
    question = "the worst loss falls, it does not merely move to another scenario"
    old, new = evidence.worst, evidence.new_worst
    moved = f"new worst {new.name}" if new.name != old.name else f"still {new.name}"
    before, after = -old.pnl_before, -new.pnl_after
    shares = f"{100.0 * before / evidence.base:.1f} % before, {100.0 * after / evidence.base:.1f} % after"
    held = new.saved >= -_ROUNDING * evidence.base
    return Challenge("worst_falls", question, after < before and held, f"{moved}: {shares}")


def _tradable(evidence: Evidence) -> Challenge:
    question = "every trade is done in ten days of half the usual volume"
    known = {name: days for name, days in evidence.days_at_half_volume.items() if not math.isnan(days)}
    if not known:
        return Challenge("tradable", question, None, "no volume is known of anything traded")
    slowest = max(known, key=lambda name: known[name])
    unknown = len(evidence.days_at_half_volume) - len(known)
    finding = f"slowest: {evidence.name(slowest)} in {known[slowest]:.1f} days"
    finding += f"; no volume known for {unknown}" if unknown else ""
    return Challenge("tradable", question, known[slowest] <= LONGEST_DAYS * (1.0 + _ROUNDING), finding)


def _flips(evidence: Evidence) -> Challenge:
    question = "no trade turns around when scenarios of judgement are half as large"
    halved = evidence.weights.get("halved")
    if halved is None:
        return Challenge("no_flips", question, None, "no plan exists at half size")
    written = evidence.weights["as_written"]
    flipped = sorted(
        evidence.name(name) for name, weight in written.items() if weight * halved.get(name, 0.0) < 0.0
    )
    count = f"{len(written)} {'trade' if len(written) == 1 else 'trades'} before lots"
    finding = f"turned around: {', '.join(flipped)}" if flipped else f"{count}, none turns around"
    return Challenge("no_flips", question, not flipped, finding)


def _jumps(evidence: Evidence) -> Challenge:
    question = "no weight moves by over 3 points for shocks a tenth smaller or larger"
    written = evidence.weights["as_written"]
    jumps: dict[str, float] = {}
    for size in ("smaller", "larger"):
        other = evidence.weights.get(size)
        if other is None:
            return Challenge("stable_weights", question, False, f"with {size} shocks no plan exists")
        for name in {*written, *other}:
            jump = abs(other.get(name, 0.0) - written.get(name, 0.0))
            jumps[name] = max(jump, jumps.get(name, 0.0))
    if not jumps:
        return Challenge("stable_weights", question, True, "nothing is traded")
    most = max(sorted(jumps), key=lambda name: jumps[name])
    finding = f"largest: {evidence.name(most)} by {100.0 * jumps[most]:.1f} points"
    return Challenge("stable_weights", question, jumps[most] <= LARGEST_JUMP, finding)


def _beats(evidence: Evidence) -> Challenge:
    question = "it beats selling everything in proportion into bills at the same cost"
    by_name = {one.name: one for one in evidence.comparisons}
    other = by_name.get("pro_rata_same_upside") or by_name.get("pro_rata_same_spending")
    if other is None:
        return Challenge("beats_pro_rata", question, None, "there is nothing to sell in proportion")
    mine, theirs = 100.0 * evidence.plan.worst_loss, 100.0 * other.found.worst_loss
    finding = f"worst loss {mine:.1f} % against {theirs:.1f} % by {other.text}"
    return Challenge("beats_pro_rata", question, mine < theirs, finding)


def _percents(evidence: Evidence, one: ScenarioOutcome) -> str:
    before, after = (100.0 * value / evidence.base for value in (one.pnl_before, one.pnl_after))
    return f"{before:+.1f} % before, {after:+.1f} % after"
