"""Options on any forward against published tables: barriers, digitals, currencies, futures."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.barriers import barrier_terms

from stresstest.arrays import frozen
from stresstest.kernels.barrier import BarrierMarket, BarrierTerms, is_beyond, touched_value
from stresstest.kernels.barrier_rows import BarrierRows, add_rebate, fill_untouched, fill_vanilla
from stresstest.kernels.black import black_price
from stresstest.kernels.digital import asset_digital, cash_digital

GOLDEN = Path(__file__).parents[1] / "golden" / "haug_options.csv"


def rows() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def market(row: dict[str, str]) -> BarrierMarket:
    spot, years, rate, carry, vol = (float(row[name]) for name in ("spot", "years", "rate", "carry", "vol"))
    forward, discount = spot * math.exp(carry * years), math.exp(-rate * years)
    return BarrierMarket(
        forward * discount, discount, -rate * years, math.log(spot), math.log(forward), vol * math.sqrt(years)
    )


def barrier_value(row: dict[str, str]) -> float:
    terms, of_market = barrier_terms(row), market(row)
    rows = BarrierRows(*(frozen([number]) for number in of_market))
    vanilla, value = np.empty(1), np.empty(1)
    fill_vanilla(terms, rows, vanilla)
    if is_beyond(terms.direction, of_market.log_spot, terms.log_barrier):
        due = terms.rebate if terms.knocks_in == 0.0 else 0.0
        return touched_value(terms, of_market.discount, float(vanilla[0])) + due
    fill_untouched(terms, rows, vanilla, value)
    add_rebate(terms, rows, value)
    return float(value[0])


def price(row: dict[str, str]) -> float:
    sign, strike, of_market = 1.0 if row["right"] == "call" else -1.0, float(row["strike"]), market(row)
    moneyness = of_market.log_forward - math.log(strike)
    s = of_market.std_dev
    if row["formula"] == "barrier":
        return barrier_value(row)
    if row["formula"] == "cash_digital":
        return float(row["payment"]) * cash_digital(sign, of_market.discount, moneyness, s, 0.0)
    if row["formula"] == "asset_digital":
        return asset_digital(sign, of_market.discounted_forward, moneyness, s, 0.0)
    return black_price(sign, of_market.discounted_forward, strike * of_market.discount, moneyness, s)


def label(row: dict[str, str]) -> str:
    names = ("formula", "right", "knock", "strike", "barrier", "vol")
    return " ".join(row[name] for name in names if row[name])


@pytest.mark.parametrize("row", rows(), ids=label)
def test_values_are_the_published_ones(row: dict[str, str]) -> None:
    assert price(row) == pytest.approx(float(row["expected"]), abs=float(row["tolerance"])), row


def test_terms_are_those_of_the_kernel() -> None:
    assert isinstance(barrier_terms(rows()[0]), BarrierTerms)
