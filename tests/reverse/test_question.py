from __future__ import annotations

import pytest
from tests.fixtures.books import instrument, portfolio, small_market

import stresstest as st
from stresstest import api
from stresstest.errors import InputError
from stresstest.portfolio.book import Book
from stresstest.reverse.question import Question, pose

MARKET = st.load_market()
ROWS = [
    ("nvda", instrument("equity", issuer="NVDA"), 100.0),
    ("qqq", instrument("fund", issuer="QQQ"), 10.0),
]


def book_of(rows: list[tuple[str, object, float]] | None = None) -> Book:
    return api.compile_portfolios(portfolio(rows or ROWS), MARKET)  # type: ignore[arg-type]


def codes(question: Question, book: Book | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        pose(book or book_of(), question)
    return [problem.code for problem in caught.value.problems]


def test_what_a_fund_is_made_of_may_move() -> None:
    posed = pose(book_of(), Question(0.25))
    names = {key.name for key in posed.target.space.keys}
    assert {"NVDA", "META"} <= names
    assert "QQQ" not in names, "it follows its constituents"
    assert posed.target.amount == pytest.approx(0.25 * posed.base_value)


def test_kinds_factors_and_groups_narrow_what_moves() -> None:
    book = book_of()
    every = len(pose(book, Question(0.25)).target.space.keys)
    one = pose(book, Question(0.25, factors=("spot/NVDA",))).target.space.keys
    assert [str(key) for key in one] == ["spot/NVDA"]
    group = pose(book, Question(0.25, factors=("hyperscaler shares", "spot/NVDA"))).target.space.keys
    assert 1 < len(group) < every
    assert len(pose(book, Question(0.25, factors=("spot",))).target.space.keys) == every


def test_everything_wrong_comes_at_once() -> None:
    assert codes(Question(0.0, regime="stresed", answers=99)) == ["ST520", "ST522", "ST326"]
    assert codes(Question(-0.1)) == ["ST520"]
    assert codes(Question(float("nan"))) == ["ST520"]
    assert codes(Question(float("inf"))) == ["ST520"]
    assert codes(Question(25.0)) == ["ST520"]


def test_factors_that_name_nothing_get_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        pose(book_of(), Question(0.25, factors=("spt", "spot/NVDIA", "")))
    assert [problem.suggestion for problem in caught.value.problems][:2] == ["spot", "spot/NVDA"]
    assert [problem.code for problem in caught.value.problems] == ["ST521"] * 3


def test_a_portfolio_without_value_or_without_factors_is_refused() -> None:
    both = [("long", ROWS[0][1], 100.0), ("short", ROWS[0][1], -100.0)]
    assert codes(Question(0.25), book_of(both)) == ["ST520"]  # type: ignore[arg-type]
    cash = [("cash", instrument("cash", currency="USD"), 100.0)]
    assert codes(Question(0.25), book_of(cash)) == ["ST521"]  # type: ignore[arg-type]


def test_a_market_without_a_model_is_told() -> None:
    book = api.compile_portfolios(
        portfolio([("acme", instrument("equity", issuer="ACME"), 1.0)]), small_market()
    )
    assert codes(Question(0.25), book) == ["ST327"]
