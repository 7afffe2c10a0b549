"""Accounts that are made up: every type, every instrument priced, the same for a seed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import stresstest as st
from stresstest.batch.accounts.columns import account_columns, portfolio_of, write_accounts
from stresstest.batch.accounts.recipes import MANDATES, RECIPES
from stresstest.batch.accounts.synthetic import (
    AccountsPlan,
    SyntheticAccounts,
    synthetic_accounts,
    synthetic_book,
)
from stresstest.catalog import instrument_types
from stresstest.errors import InputError
from stresstest.kernels._jit import enable_caching

PLAN = AccountsPlan(60, positions_each=50, n_instruments=400, seed=3)


@pytest.fixture(scope="module")
def market():
    return st.load_market()


@pytest.fixture(scope="module")
def accounts(market) -> SyntheticAccounts:
    return synthetic_accounts(market, PLAN)


def test_every_shipped_type_has_a_recipe():
    assert set(RECIPES) == set(instrument_types())


def test_accounts_hold_every_type(accounts):
    universe = accounts.universe
    assert set(universe.tags) == set(RECIPES)
    assert len(universe) == PLAN.n_instruments
    held = {universe.tags[row] for row in np.unique(accounts.instrument)}
    assert held == set(RECIPES)
    assert accounts.instrument.shape == accounts.quantity.shape == (3_000,)
    assert set(accounts.mandates) == set(MANDATES)


def test_mandates_hold_what_they_may_and_sell_short_what_they_do(accounts):
    each = PLAN.positions_each
    short: Counter[str] = Counter()
    for number, mandate in enumerate(accounts.mandates):
        rows = slice(number * each, (number + 1) * each)
        tags = {accounts.universe.tags[row] for row in accounts.instrument[rows]}
        assert tags <= set(MANDATES[mandate].parts)
        short[mandate] += int((accounts.quantity[rows] < 0).sum())
    assert max(short, key=short.get) == "hedge_fund"
    assert (accounts.quantity != 0.0).all()


def test_instruments_are_distinct_as_they_are_read(market):
    book = portfolio_of(synthetic_book(market, AccountsPlan(1, 1_500, 1_500, seed=8)))
    assert len(book.instruments) == 1_500
    assert len(book.positions) == 1_500


@pytest.mark.parametrize("seed", [1, 2])
def test_every_instrument_is_priced(market, seed):
    enable_caching()
    book = portfolio_of(synthetic_book(market, AccountsPlan(1, 400, 400, seed=seed)))
    result = st.stress(
        book, st.load_scenarios("ai_capex_collapse", "fed_severely_adverse_2025"), market
    ).result
    assert result.failures == ()
    assert {item.tag for item in book.instruments} == set(instrument_types())


def test_one_seed_is_one_content(market, accounts):
    again = synthetic_accounts(market, PLAN)
    assert again.universe.terms == accounts.universe.terms
    assert again.instrument.tolist() == accounts.instrument.tolist()
    assert again.quantity.tobytes() == accounts.quantity.tobytes()
    other = synthetic_accounts(market, AccountsPlan(60, 50, 400, seed=4))
    assert other.universe.terms != accounts.universe.terms


def test_content_is_as_it_was(market):
    """The stream of PCG64 does not change with numpy, so neither may what is made of it."""
    made = synthetic_accounts(market, AccountsPlan(2, 3, 40, seed=1))
    assert made.names == ("account_1", "account_2")
    tags = ["equity", "equity", "european_option", "interest_rate_swap", "fixed_bond", "interest_rate_swap"]
    assert [made.universe.tags[row] for row in made.instrument] == tags
    assert made.universe.terms[made.instrument[0]] == {"issuer": "NBIS"}
    assert made.quantity.tolist() == [-1392.0, -887.0, 176.0, 1166191.0, 31229.0, 1953289.0]


def test_few_instruments_of_what_a_lattice_values(market):
    tags = Counter(synthetic_accounts(market, AccountsPlan(1, 1, 5_000)).universe.tags)
    assert sum(tags.values()) == 5_000
    assert all(tags[tag] <= recipe.most for tag, recipe in RECIPES.items())
    assert tags["european_option"] > 900


@pytest.mark.parametrize("plan", [AccountsPlan(0), AccountsPlan(1, 0), AccountsPlan(1, 1, 5)])
def test_impossible_plans_are_refused(market, plan):
    with pytest.raises(ValueError, match=r"1 or more|too small"):
        synthetic_accounts(market, plan)


def test_only_parquet_is_written(accounts, tmp_path: Path):
    with pytest.raises(InputError, match="ST147"):
        write_accounts(tmp_path / "accounts.csv", accounts)
    write_accounts(tmp_path / "accounts.parquet", accounts)
    with pytest.raises(InputError, match="ST145"):
        write_accounts(tmp_path / "accounts.parquet", accounts)
    write_accounts(tmp_path / "accounts.parquet", accounts, force=True)


def test_columns_begin_with_those_of_accounts(accounts):
    columns = account_columns(accounts)
    assert list(columns)[:5] == ["portfolio", "portfolio_currency", "group", "id", "type"]
    assert {column.shape for column in columns.values()} == {(3_000,)}
