"""What instrument types look up in a market: issuers, discount curves, spreads, levels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot

LONGEST_LISTED_YEARS = 12
"""Years ahead that exchanges list futures for: crude oil, the longest, has eleven."""


def find_issuer(market: MarketSnapshot, issuer_id: str, field: str = "issuer") -> Issuer:
    """Return the issuer of that id; `field` is what the contract terms call it.

    Raises
    ------
    InputError
        The market does not know it (ST355).
    """
    issuer = market.issuers.get(issuer_id)
    if issuer is None:
        expected, near = f"an issuer of market {market.name!r}", nearest(issuer_id, market.issuers)
        raise InputError([Problem("ST355", f"{field} {issuer_id!r}", expected, suggestion=near, field=field)])
    return issuer


def curve_name(market: MarketSnapshot, currency: str, stated: str | None) -> str:
    """Return the curve that discounts payments in `currency`: the stated one or the currency's, or empty."""
    return stated or market.discount_curves.get(currency, "")


def find_curve(
    market: MarketSnapshot, currency: str, stated: str | None, problems: ProblemList
) -> Curve | None:
    """Return the curve that discounts payments in `currency`.

    None where there is none (ST362) or it is of another currency (ST372), with the problem added.
    """
    name = curve_name(market, currency, stated)
    field = "curve" if stated else "currency"
    curve = market.curves.get(name)
    if curve is None:
        got = f"curve {name!r}" if name else f"no discount curve of {currency}"
        expected, near = f"a curve of market {market.name!r}", nearest(name, market.curves)
        problems.add(Problem("ST362", got, expected, suggestion=near, field=field))
        return None
    if curve.currency != currency:
        got = f"curve {name!r} of {curve.currency} for payments in {currency}"
        problems.add(Problem("ST372", got, f"a curve of {currency}", field=field))
        return None
    return curve


def nodes_used(curve: Curve, times: Iterable[float]) -> tuple[RiskFactorKey, ...]:
    """Return the factors of the nodes that carry weight at one of `times` (years), shortest first."""
    used: set[int] = set()
    for years in times:
        nodes = interpolation_weights(curve.years, years)
        used.update((nodes.lower, nodes.upper))
    keys = curve.keys()
    return tuple(keys[node] for node in sorted(used))


def spread_key(market: MarketSnapshot, issuer: Issuer) -> RiskFactorKey | None:
    """Return the credit-spread factor of the issuer; None for a sovereign that the market states none of."""
    key = RiskFactorKey("credit_spread", issuer.id)
    return None if issuer.kind == "sovereign" and key not in market.levels else key


def check_levels(market: MarketSnapshot, keys: Iterable[RiskFactorKey], problems: ProblemList) -> None:
    """Add a problem (ST357) for each factor that the market has no level of."""
    for key in keys:
        if key not in market.levels:
            problems.add(Problem("ST357", f"no level for {key}", f"one in market {market.name!r}"))


def default_keys(
    market: MarketSnapshot, issuer: str, seniority: str
) -> tuple[RiskFactorKey, RiskFactorKey] | None:
    """Return the default state of an issuer and the recovery of its claims of a seniority.

    None where the market states no default state: then nothing in it can default, and no claim reads one.
    """
    state = RiskFactorKey("default_state", issuer.split("#", 1)[0])
    if state not in market.levels:
        return None
    return state, RiskFactorKey("recovery_rate", state.name, seniority)


def check_listed(expiry: date, today: date, what: str, problems: ProblemList) -> None:
    """Add a problem (ST367) for a future that expires later than any exchange lists."""
    years = (expiry - today).days / DAYS_PER_YEAR
    if years > LONGEST_LISTED_YEARS:
        got = f"{what} that expires on {expiry}, in {years:.0f} years"
        expected = f"a future that is listed: one within {LONGEST_LISTED_YEARS} years of {today}"
        problems.add(Problem("ST367", got, expected, field="expiry"))


def years_until(day: date, today: date, what: str, field: str) -> float:
    """Return the time from `today` to a contract's last day in years of 365 days (ACT/365F).

    Raises
    ------
    InputError
        The day is over (ST360); `what` names the contract, `field` the term that holds the day.
    """
    days = (day - today).days
    if days < 0:
        raise InputError(
            [Problem("ST360", f"{what} that ended on {day}", f"a day from {today} on", field=field)]
        )
    return days / DAYS_PER_YEAR
