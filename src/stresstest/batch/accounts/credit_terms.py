"""Terms of bonds, loans and protection, drawn from what a market offers; sizes as in `share_terms`."""

from __future__ import annotations

from datetime import date

from stresstest.batch.accounts.draws import Draws, month_ahead
from stresstest.batch.accounts.offer import Offer
from stresstest.batch.accounts.share_terms import SIZE, Terms
from stresstest.conventions.schedules import add_months
from stresstest.io.spec_values import Values

_CHIP_VALUE, _CHIP_LOAN = 22_000, 0.6


def _maturity(draws: Draws, offer: Offer, first: int, last: int) -> date:
    """Return a day from `first` to `last` months ahead."""
    return month_ahead(offer.as_of, draws.whole(first, last), draws.whole(1, 28))


def fixed_bond(draws: Draws, offer: Offer) -> Terms:
    """Return a Treasury or corporate bond."""
    government = bool(offer.sovereigns) and draws.chance(0.25)
    issuer = draws.one_of(offer.sovereigns if government else offer.debtors)
    return {
        "issuer": issuer,
        "coupon": draws.percent(0.5, 5.0, 0.125) if government else draws.percent(2.0, 9.5, 0.125),
        "maturity": _maturity(draws, offer, 4, 360),
        "frequency": 2,
        "day_count": "ACT/ACT ICMA" if government else "30/360",
    }, SIZE


def zero_bond(draws: Draws, offer: Offer) -> Terms:
    """Return a bill, a strip or commercial paper."""
    if offer.sovereigns and draws.chance(0.7):
        return {"issuer": draws.one_of(offer.sovereigns), "maturity": _maturity(draws, offer, 1, 360)}, SIZE
    return {"issuer": draws.one_of(offer.debtors), "maturity": _maturity(draws, offer, 1, 12)}, SIZE


def floating_bond(draws: Draws, offer: Offer) -> Terms:
    """Return a floating-rate note."""
    return {
        "issuer": draws.one_of(offer.debtors),
        "margin": draws.basis_points(30, 350),
        "maturity": _maturity(draws, offer, 6, 120),
        "frequency": draws.one_of((2, 4)),
        "rate": draws.one_of(("in_advance", "in_arrears")),
    }, SIZE


def callable_bond(draws: Draws, offer: Offer) -> Terms:
    """Return a bond that its issuer may call from some years on."""
    maturity = _maturity(draws, offer, 60, 180)
    first = add_months(maturity, -12 * draws.whole(2, 4))
    calls = [{"date": first, "price": 102}, {"date": add_months(first, 12), "price": 100}]
    return {
        "issuer": draws.one_of(offer.debtors),
        "coupon": draws.percent(3.5, 8.5, 0.125),
        "maturity": maturity,
        "frequency": 2,
        "day_count": "30/360",
        "calls": calls,
        "steps": 60,
    }, SIZE


def convertible_bond(draws: Draws, offer: Offer) -> Terms:
    """Return a convertible note."""
    issuer = draws.one_of(offer.convertible)
    premium = 1.0 + 0.5 * draws.uniform()
    return {
        "issuer": issuer,
        "coupon": draws.percent(0.0, 3.5, 0.125),
        "maturity": _maturity(draws, offer, 24, 72),
        "frequency": 2,
        "day_count": "30/360",
        "conversion_ratio": round(1_000.0 / (offer.level("spot", issuer) * premium), 4),
        "vol_factor": 0.5,
        "steps": 101,
    }, SIZE


def inflation_bond(draws: Draws, offer: Offer) -> Terms:
    """Return an inflation-linked government bond, with prints of an index that are made up."""
    months = [month_ahead(offer.as_of, -ahead, 1) for ahead in (3, 2)]
    issued = month_ahead(offer.as_of, -draws.whole(1, 100), 15)
    return {
        "issuer": draws.one_of(offer.sovereigns),
        "coupon": draws.percent(0.125, 2.5, 0.125),
        "issue_date": issued,
        "maturity": add_months(issued, 12 * draws.whole(10, 30)),
        "base_index": draws.whole(2_400, 3_220) / 10.0,
        "prints": [{"month": month, "index": 323.0 + place} for place, month in enumerate(months)],
    }, SIZE


def cds(draws: Draws, offer: Offer) -> Terms:
    """Return a standard credit default swap."""
    coupon = draws.one_of(("100bp", "500bp"))
    month = 3 * draws.whole(1, 4)
    last = date(offer.as_of.year + draws.whole(1, 8), month, 20)
    return {
        "issuer": draws.one_of(offer.debtors),
        "maturity": last,
        "coupon": coupon,
        "basis": draws.basis_points(-40, 40, 10),
    }, 10.0 * SIZE


def cds_index(draws: Draws, offer: Offer) -> Terms:
    """Return a credit default swap on an index."""
    index = draws.one_of(offer.credit_indices)
    high_yield = offer.level("credit_spread", index) > 0.02
    return {
        "index": index,
        "series": draws.whole(40, 45),
        "maturity": date(offer.as_of.year + draws.whole(2, 5), 12, 20),
        "coupon": "500bp" if high_yield else "100bp",
        "recovery": "30%" if high_yield else "40%",
    }, 10.0 * SIZE


def _loan(draws: Draws, offer: Offer, last: int = 84) -> Values:
    return {
        "issuer": draws.one_of(offer.debtors),
        "maturity": _maturity(draws, offer, 18, last),
        "margin": draws.basis_points(150, 750, 25),
        "floor": draws.one_of(("0%", "0.5%", "1%", "2%")),
    }


def term_loan(draws: Draws, offer: Offer) -> Terms:
    """Return a term loan."""
    parts = draws.percent(0.0, 5.0, 1.0), draws.percent(0.0, 20.0, 5.0)
    return {**_loan(draws, offer), "amortisation": parts[0], "prepayment": parts[1]}, SIZE


def revolver(draws: Draws, offer: Offer) -> Terms:
    """Return a revolving credit facility."""
    terms = {"drawn": draws.percent(0.0, 60.0, 5.0), "commitment_fee": draws.basis_points(10, 75)}
    return {**_loan(draws, offer, 60), **terms}, SIZE


def delayed_draw_loan(draws: Draws, offer: Offer) -> Terms:
    """Return a commitment that is drawn by a schedule."""
    drawn = draws.whole(0, 12) * 5
    days = (month_ahead(offer.as_of, 3, 15), month_ahead(offer.as_of, draws.whole(6, 9), 15))
    return {
        **_loan(draws, offer),
        "drawn": f"{drawn}%",
        "draws": [{"date": day, "part": f"{(100 - drawn) // 2}%"} for day in days],
        "commitment_fee": draws.basis_points(25, 100, 25),
        "amortisation": draws.percent(0.0, 10.0, 1.0),
    }, SIZE


def collateral_loan(draws: Draws, offer: Offer) -> Terms:
    """Return a loan against GPUs and the contract of a customer."""
    issuer, customer = draws.one_of(offer.debtors), draws.one_of(offer.debtors)
    while customer == issuer:
        customer = draws.one_of(offer.debtors)
    gpu, count = draws.one_of(offer.gpus), 1_000 * draws.whole(2, 60)
    rate = round(1.3 * offer.level("rental_rate", gpu), 2)
    maturity = _maturity(draws, offer, 24, 54)
    chips = {"gpu": gpu, "count": count, "value": _CHIP_VALUE, "in_service": month_ahead(offer.as_of, -6, 1)}
    return {
        "issuer": issuer,
        "customer": customer,
        "maturity": maturity,
        "margin": draws.basis_points(400, 900, 25),
        "facility": round(_CHIP_LOAN * _CHIP_VALUE * count),
        "collateral": [{**chips, "contract_rate": rate}],
        "contract_end": add_months(maturity, draws.whole(-6, 6)),
        "operating_cost": 0.5,
    }, SIZE
