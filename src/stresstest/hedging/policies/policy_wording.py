"""A hedge policy in words: rules, terms of the objective, trading costs, lines of the universe."""

from __future__ import annotations

from stresstest.hedging.policies.costs import Costs, HalfSpread, Margin, Volume
from stresstest.hedging.policies.policy import Objective, Rule, RuleTerms, SellTerms

_OBJECTIVES = {
    "worst_loss": "worst loss",
    "expected_shortfall": "expected shortfall",
    "expected_loss": "expected loss",
    "cost": "cost of trading",
    "turnover": "value bought and sold",
}


def rule_text(rule: Rule) -> str:
    """Return a rule as its file states it, on one line.

    Examples
    --------
    >>> rule_text(Rule("cap", "max_weight", 0.08, RuleTerms(by="group", new=0.06)))
    'max_weight 8% by group, new 6%'
    """
    terms = rule.terms
    parts = [f"{rule.measure} {rule.amount_text()}"]
    parts += [f"by {terms.by}"] if terms.by else []
    parts += [f"of {terms.select.text()}"] if terms.select is not None else []
    parts += [f"of theme {terms.theme}"] if terms.theme else []
    parts += [f"by {terms.score}"] if terms.score else []
    parts += [f"in {scenario_text(terms.scenario)}"] if terms.scenario else []
    return ", ".join([" ".join(parts), *_further(rule.measure, terms)])


def _further(measure: str, terms: RuleTerms) -> list[str]:
    """Return what a rule says beside its amount and what it looks at."""
    found = [f"new {_percent(terms.new)}"] if terms.new is not None else []
    found += [f"{name} {_percent(cap)}" for name, cap in terms.exceptions.items()]
    if terms.by == "cluster":
        found.append(f"correlation above {terms.correlation:g} in regime {terms.regime}")
    if terms.benchmark:
        weights = " + ".join(f"{_percent(weight)} {name}" for name, weight in terms.benchmark.items())
        found.append(f"against {weights} in regime {terms.regime}")
    if measure == "min_reverse_distance":
        found.append(f"{distance_text(terms)} in regime {terms.regime}")
    if measure == "min_effective_bets":
        found.append(f"in regime {terms.regime}")
    if terms.with_scenarios:
        found.append(f"with {' or '.join(terms.with_scenarios)} on top")
    if terms.severities != (1.0,):
        found.append(f"at {' and '.join(map(_percent, terms.severities))} of the shocks")
    if terms.share:
        found.append(f"at {_percent(terms.share)} of daily volume")
    if terms.of == "cash_and_listed":
        found.append("of cash and listed securities")
    if measure in ("min_cash", "max_cash"):
        found.append(f"bills up to {12.0 * terms.within_years:g} months count")
    if terms.glide is not None:
        found.append(f"to {_percent(terms.glide.to)} over {terms.glide.over}")
    return found


def distance_text(terms: RuleTerms) -> str:
    """Return what a rule on a distance measures it to, and which factors move how long."""
    moved = f"{' and '.join(terms.factors)} move" if terms.factors else "risk factors move"
    over = f" over {terms.horizon}" if terms.horizon else ""
    return f"to a loss of {_percent(terms.loss)}, where {moved}{over}"


def scenario_text(name: str) -> str:
    """Return a scenario as rules name it: `any` and `worst` in words."""
    return {"any": "any scenario of the horizon", "worst": "the worst scenario"}.get(name, name)


def objective_text(term: Objective) -> str:
    """Return a term of the objective on one line.

    Examples
    --------
    >>> objective_text(Objective("worst_loss", 0.5, ("time_bomb",)))
    '0.5 × worst loss over time_bomb'
    """
    text = f"{term.weight:g} × {_OBJECTIVES[term.minimise]}"
    if term.minimise == "expected_shortfall":
        text += f" at {_percent(term.confidence_level)}"
    if term.scenarios:
        text += f" over {', '.join(term.scenarios)}"
    if term.severities != (1.0,):
        text += f" at {' and '.join(map(_percent, term.severities))} of the shocks"
    if term.scenario_set:
        draws = f"{term.columns:,} draws of " if term.columns else ""
        text += f" over {draws}{term.scenario_set}"
    if term.ambiguity:
        text += f", probabilities wrong by up to {_percent(term.ambiguity)}"
    return text


def cost_texts(costs: Costs) -> list[tuple[str, str]]:
    """Return each cost on one line, with what it rests on."""
    found = [(_spread_text(line), _basis(line)) for line in costs.half_spreads]
    found += [(_volume_text(line), _basis(line)) for line in costs.volumes]
    found += [(_margin_text(line), _basis(line)) for line in costs.margins]
    if costs.impact_coefficient:
        impact = f"impact {costs.impact_coefficient:g} × daily volatility × √(value ÷ daily volume)"
        found.append((impact, costs.bases.get("impact", "")))
    if costs.tax_rate:
        tax = f"tax {_percent(costs.tax_rate)} of realised gains, lots of highest cost first"
        found.append((tax, costs.bases.get("tax", "")))
    if costs.fee_per_contract:
        found.append((f"fee {costs.fee_per_contract:g} a contract", costs.bases.get("fee", "")))
    if costs.lot_sizes:
        lots = ", ".join(f"{name} {size:,g}" for name, size in costs.lot_sizes.items())
        found.append((f"lots of {lots}", ""))
    return found


def _spread_text(line: HalfSpread) -> str:
    points = f"{100.0 * line.amount:g} vol" if line.unit == "vol" else f"{1e4 * line.amount:g} bp"
    points += {"spread": " of spread", "normal_vol": " of vol"}.get(line.unit, "")
    return f"half spread {points} on {line.select.text() if line.select else 'all else'}"


def _volume_text(line: Volume) -> str:
    if line.value is not None:
        amount = f"{line.value:,.0f} a day"
    elif line.share_of_market_cap is not None:
        amount = f"{_percent(line.share_of_market_cap)} of market capitalisation a day"
    else:
        amount = f"{_percent(line.share_of_underlying or 0.0)} of the underlying's volume"
    return f"volume {amount} for {line.select.text() if line.select else 'all else'}"


def _margin_text(line: Margin) -> str:
    return (
        f"margin {_percent(line.share)} of notional for {line.select.text() if line.select else 'all swaps'}"
    )


def _basis(line: HalfSpread | Volume | Margin) -> str:
    return f"{line.basis_class}: {line.reason}"


def sell_text(sell: SellTerms) -> str:
    """Return what may be sold in words."""
    kept = f" except {sell.excluded.text()}" if sell.excluded is not None else ""
    if sell.select is not None:
        return f"{sell.select.text()}{kept}"
    return f"everything that is held{kept}" if sell.all else "nothing"


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.6g}%"
