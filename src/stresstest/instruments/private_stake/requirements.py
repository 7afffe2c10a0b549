"""What a stake in a private company depends on in a market."""

from __future__ import annotations

from stresstest.errors import Problem, ProblemList, nearest
from stresstest.instrument_type import Requirements
from stresstest.instruments.private_stake.marks import mark_key, source_key
from stresstest.instruments.private_stake.spec import PrivateStakeSpec, ShareClassSpec
from stresstest.instruments.private_stake.waterfall import Tranche, tranches
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, default_keys, find_curve, find_issuer, nodes_used
from stresstest.market.snapshot import MarketSnapshot


def class_tranches(spec: PrivateStakeSpec) -> list[Tranche]:
    """Return the payoff of the class held, or of the whole company where all shares are alike."""
    return tranches(spec.stack, spec.share_class or "") if spec.stack else [Tranche(0.0, 1.0)]


def own_class(spec: PrivateStakeSpec) -> ShareClassSpec:
    """Return the class held; the stack is not empty."""
    (own,) = (item for item in spec.stack if item.name == spec.share_class)
    return own


def gap_key(spec: PrivateStakeSpec) -> RiskFactorKey | None:
    """Return the factor that says how much of the need nobody funds; None without a runway."""
    return None if spec.runway is None else RiskFactorKey("macro", spec.runway.funding_gap)


def discounts(spec: PrivateStakeSpec) -> bool:
    """Tell whether a rate moves the value: an exit in the future with a strike above 0."""
    return spec.exit is not None and any(strike > 0.0 for strike, _ in class_tranches(spec))


def requirements(spec: PrivateStakeSpec, market: MarketSnapshot) -> Requirements:
    """Return the mark, comparable or multiple, the funding gap, rates to an exit, the default state.

    Raises
    ------
    InputError
        The issuer or the comparable is unknown (ST355), more shares are held than exist (ST380), or all of:
        there is no discount curve (ST362), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    if spec.comparable is not None:
        find_issuer(market, spec.comparable, "comparable")
    problems = ProblemList()
    _check_shares(spec, problems)
    factors = [source_key(spec)]
    gap = gap_key(spec)
    if gap is not None:
        factors.append(gap)
        _check_gap(gap, market, problems)
    if discounts(spec) and spec.exit is not None:
        curve = find_curve(market, issuer.currency, None, problems)
        if curve is not None:
            factors += nodes_used(curve, [spec.exit.years])
    state = default_keys(market, issuer.id, "subordinated")
    if state is not None:
        factors.append(state[0])
    needed = [*factors, mark_key(spec)] if spec.comparable is not None else factors
    check_levels(market, (key for key in needed if key != gap), problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors))


def _check_shares(spec: PrivateStakeSpec, problems: ProblemList) -> None:
    if spec.shares is not None and spec.shares > own_class(spec).shares:
        got = f"{spec.shares:g} shares of class {spec.share_class}"
        expected = f"at most the {own_class(spec).shares:g} that there are"
        problems.add(Problem("ST380", got, expected, field="shares"))


def _check_gap(gap: RiskFactorKey, market: MarketSnapshot, problems: ProblemList) -> None:
    if gap in market.levels:
        return
    known = [key.name for key in market.levels if key.kind == "macro"]
    expected = f"a macro factor of market {market.name!r}: {', '.join(known) or 'it has none'}"
    near = nearest(gap.name, known)
    problems.add(Problem("ST357", f"no level for {gap}", expected, suggestion=near, field="runway"))
