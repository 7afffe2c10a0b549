"""How much of a universe and of an account each instrument type is, and where its terms are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stresstest.batch.accounts import credit_terms as credit
from stresstest.batch.accounts import rate_terms as rates
from stresstest.batch.accounts import share_terms as shares
from stresstest.batch.accounts.draws import Draws
from stresstest.batch.accounts.offer import Offer
from stresstest.batch.accounts.share_terms import Terms


@dataclass(frozen=True, slots=True)
class Recipe:
    """One instrument type of a universe.

    Attributes
    ----------
    draw
        Draws terms and the quantity of ordinary size.
    part
        Share of the universe, relative to the other types.
    most
        Most distinct instruments: of types that take over a microsecond a price, as a real book has few of
        what a lattice values.
    needs
        Lists of the offer that must not be empty.
    whole
        Whether quantities are small whole numbers: agreements, not units.
    """

    draw: Callable[[Draws, Offer], Terms]
    part: float
    needs: tuple[str, ...]
    most: int = 1 << 40
    whole: bool = False


RECIPES: Mapping[str, Recipe] = {
    "american_option": Recipe(shares.american_option, 2.0, ("optionable",), most=80),
    "barrier_option": Recipe(shares.barrier_option, 5.0, ("optionable",)),
    "callable_bond": Recipe(credit.callable_bond, 0.5, ("debtors", "swaption_currencies"), most=10),
    "cash": Recipe(rates.cash, 0.2, ("currencies",)),
    "cds": Recipe(credit.cds, 5.0, ("debtors",)),
    "cds_index": Recipe(credit.cds_index, 0.5, ("credit_indices",)),
    "collateral_loan": Recipe(credit.collateral_loan, 1.0, ("debtors", "gpus"), most=100),
    "commodity_future": Recipe(rates.commodity_future, 2.0, ("commodities",)),
    "commodity_option": Recipe(rates.commodity_option, 2.0, ("commodities_with_vols",)),
    "convertible_bond": Recipe(credit.convertible_bond, 0.5, ("convertible",), most=10),
    "delayed_draw_loan": Recipe(credit.delayed_draw_loan, 2.0, ("debtors",)),
    "digital_option": Recipe(shares.digital_option, 3.0, ("optionable",)),
    "equity": Recipe(shares.equity, 6.0, ("shares",)),
    "equity_forward": Recipe(shares.equity_forward, 2.0, ("optionable",)),
    "equity_future": Recipe(shares.equity_future, 2.0, ("optionable",)),
    "european_option": Recipe(shares.european_option, 20.0, ("optionable",)),
    "fixed_bond": Recipe(credit.fixed_bond, 16.0, ("debtors",)),
    "floating_bond": Recipe(credit.floating_bond, 4.0, ("debtors",)),
    "fund": Recipe(shares.fund, 3.0, ("funds", "shares")),
    "fx_forward": Recipe(rates.fx_forward, 4.0, ("pairs",)),
    "fx_option": Recipe(rates.fx_option, 2.0, ("pairs_with_vols",)),
    "inflation_bond": Recipe(credit.inflation_bond, 1.0, ("sovereigns", "inflation_currencies")),
    "interest_rate_swap": Recipe(rates.interest_rate_swap, 3.0, ("currencies",)),
    "lease": Recipe(rates.lease, 1.0, ("debtors",), whole=True),
    "liability": Recipe(rates.liability, 1.0, ("currencies",), whole=True),
    "ois": Recipe(rates.ois, 3.0, ("currencies",)),
    "private_stake": Recipe(rates.private_stake, 1.0, ("private", "shares"), whole=True),
    "rental_forward": Recipe(rates.rental_forward, 1.0, ("gpus",)),
    "revolver": Recipe(credit.revolver, 2.0, ("debtors",)),
    "swaption": Recipe(rates.swaption, 2.0, ("swaption_currencies",)),
    "term_loan": Recipe(credit.term_loan, 3.0, ("debtors",)),
    "variance_swap": Recipe(shares.variance_swap, 1.0, ("optionable",), most=50),
    "zero_bond": Recipe(credit.zero_bond, 4.0, ("debtors",)),
}
"""By type."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a kind of account holds.

    Attributes
    ----------
    parts
        Share of its positions by type, relative to one another.
    short
        Share of its positions in `may_short` that are sold short.
    """

    parts: Mapping[str, float]
    short: float = 0.0


MAY_SHORT = frozenset(RECIPES) - {
    "cash", "callable_bond", "collateral_loan", "delayed_draw_loan", "lease", "liability", "private_stake",
    "revolver", "term_loan",
}  # fmt: skip
"""Types that accounts sell short; an option sold is one written."""

MANDATES: Mapping[str, Mandate] = {
    "equity_growth": Mandate(
        {"equity": 70, "fund": 10, "european_option": 12, "american_option": 3, "equity_future": 2,
         "cash": 3},
        short=0.05,
    ),
    "credit": Mandate(
        {"fixed_bond": 50, "floating_bond": 12, "callable_bond": 4, "convertible_bond": 2, "cds": 14,
         "cds_index": 3, "term_loan": 8, "zero_bond": 5, "cash": 2},
        short=0.15,
    ),
    "multi_asset": Mandate({tag: max(recipe.part, 1.0) for tag, recipe in RECIPES.items()}, short=0.2),
    "income": Mandate(
        {"equity": 25, "fund": 15, "fixed_bond": 30, "zero_bond": 10, "floating_bond": 6, "inflation_bond": 6,
         "european_option": 5, "cash": 3},
        short=0.03,
    ),
    "hedge_fund": Mandate(
        {"equity": 25, "european_option": 20, "american_option": 4, "barrier_option": 5, "digital_option": 4,
         "variance_swap": 3, "equity_future": 4, "equity_forward": 4, "convertible_bond": 3, "cds": 6,
         "fx_forward": 5, "fx_option": 4, "commodity_future": 4, "commodity_option": 3, "swaption": 3,
         "ois": 3},
        short=0.45,
    ),
    "lender": Mandate(
        {"term_loan": 30, "revolver": 15, "delayed_draw_loan": 15, "collateral_loan": 8, "lease": 6,
         "fixed_bond": 8, "floating_bond": 5, "cds": 5, "rental_forward": 3, "private_stake": 3, "cash": 2},
        short=0.02,
    ),
    "liability_driven": Mandate(
        {"fixed_bond": 30, "zero_bond": 12, "inflation_bond": 10, "interest_rate_swap": 14, "ois": 8,
         "swaption": 6, "liability": 8, "fund": 6, "equity": 4, "cash": 2},
        short=0.1,
    ),
}  # fmt: skip
"""By name."""
