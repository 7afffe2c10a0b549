"""The engine: the same bits whatever the threads, chunks, company and order."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.books import columns, every_type, portfolio, random_columns, small_market

from stresstest.errors import ResourceError
from stresstest.portfolio.book import compile_book
from stresstest.revaluation import chunks
from stresstest.revaluation.chunks import CHUNK_COLUMNS, plan_chunks
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings, stress_totals

N_COLUMNS = 1_300


@pytest.fixture(scope="module")
def market():
    return small_market()


@pytest.fixture(scope="module")
def book(market):
    return compile_book([portfolio(every_type())], market)


@pytest.fixture(scope="module")
def values(book, market):
    return revalue(book, random_columns(market, N_COLUMNS), threads=1)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_bits_do_not_depend_on_threads(book, market, values, threads):
    again = revalue(book, random_columns(market, N_COLUMNS), threads=threads)
    assert again.value.tobytes() == values.value.tobytes()
    assert again.fx.tobytes() == values.fx.tobytes()


@pytest.mark.parametrize("width", [1, 7, 64, 513])
def test_bits_do_not_depend_on_chunk_size(book, market, values, width, monkeypatch):
    few = random_columns(market, N_COLUMNS)
    monkeypatch.setattr(chunks, "CHUNK_COLUMNS", width)
    assert revalue(book, few, threads=2).value.tobytes() == values.value.tobytes()


def test_every_value_is_finite(values):
    assert np.isfinite(values.value).all()


def test_totals_without_kept_units_have_the_same_bits(book, market, values):
    kept = apply_holdings(book, values)
    for threads in (1, 3):
        totals = stress_totals(book, random_columns(market, N_COLUMNS), threads=threads)
        assert totals.portfolios[0].value.tobytes() == kept.portfolios[0].value.tobytes()
        assert totals.total.tobytes() == kept.total.tobytes()


def test_unmoved_factors_give_exactly_zero(book, market):
    result = apply_holdings(book, revalue(book, columns(market, [{"spot/ACME": 120.0}])))
    assert (result.portfolios[0].pnl == 0.0).all()
    assert (result.portfolios[0].position_pnl == 0.0).all()


def test_position_order_changes_no_bit_of_a_total(market, values, book):
    shuffled = compile_book([portfolio(every_type()[::-1])], market)
    again = apply_holdings(shuffled, revalue(shuffled, random_columns(market, N_COLUMNS)))
    assert again.portfolios[0].value.tobytes() == apply_holdings(book, values).portfolios[0].value.tobytes()


def test_company_changes_no_bit_of_a_position(market, values, book):
    alone = compile_book([portfolio([row for row in every_type() if row[0] == "put"])], market)
    unit = revalue(alone, random_columns(market, N_COLUMNS)).value[0]
    together = [row for row, item in enumerate(book.instruments) if item.tag == "european_option"]
    assert any(unit.tobytes() == values.value[row].tobytes() for row in together)


def test_a_kept_cube_over_the_cap_is_refused(book, market):
    with pytest.raises(ResourceError, match="9 instruments × 11 columns take 792 bytes, 100 allowed"):
        revalue(book, random_columns(market, 10), memory=100)


def test_chunks_cover_every_column_once():
    planned = plan_chunks([(0, 1_025), (1_025, 1_030)])
    seen = [column for chunk in planned for column in range(chunk.first, chunk.first + chunk.width)]
    assert seen == list(range(1_030))
    assert [chunk.width for chunk in planned] == [CHUNK_COLUMNS, CHUNK_COLUMNS, 1, 5]
