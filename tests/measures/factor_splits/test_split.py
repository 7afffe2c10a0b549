"""P&L by factors: every group against runs of its lines alone, Shapley values against all orders of runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.books import OPTION, columns, every_type, instrument, portfolio, small_market
from tests.fixtures.factor_books import LINES, run_of, worth
from tests.scenarios.markets import key

from stresstest import api
from stresstest.errors import InputError
from stresstest.market.snapshot import FactorLink, Issuer, MarketSnapshot
from stresstest.measures.factor_splits.split import INTERACTION, MERGED, FactorSplit, factor_splits
from stresstest.portfolio.book import compile_book
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.columns import FactorColumns

TIMINGS = ["instant", "path"]


def by_part(split: FactorSplit) -> dict[str, float]:
    return dict(zip(split.parts, split.pnl.tolist(), strict=True))


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("place", [0, 1])
def test_each_group_alone_is_a_run_of_its_lines(place: int, timing: str) -> None:
    split = run_of(tuple(LINES), timing).factor_splits("factor_group")[place]
    found = by_part(split)
    none = worth([], place, timing)
    for name in split.groups:
        assert found[name] == pytest.approx(worth([name], place, timing) - none, abs=1e-9), name
    assert found.get("aged", 0.0) == pytest.approx(none, abs=1e-9)
    assert (split.on is None) == (timing == "instant")
    assert sum(found.values()) == pytest.approx(worth(LINES, place, timing), abs=1e-9)


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("place", [0, 1])
def test_shapley_values_are_means_over_all_orders_of_runs(place: int, timing: str) -> None:
    split = run_of(tuple(LINES), timing).factor_splits("factor_group", "shapley")[place]
    found, added = by_part(split), dict.fromkeys(LINES, 0.0)
    orders = list(permutations(LINES))
    for order in orders:
        for count, name in enumerate(order):
            before = worth(order[:count], place, timing)
            added[name] += (worth(order[: count + 1], place, timing) - before) / len(orders)
    for name in LINES:
        assert found.get(name, 0.0) == pytest.approx(added[name], abs=1e-8), name
    assert found[INTERACTION] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("method", ["alone", "shapley"])
@pytest.mark.parametrize("by", ["factor", "factor_kind", "factor_group"])
def test_positions_add_up_to_parts_and_parts_to_pnl(by: str, method: str, timing: str) -> None:
    run = run_of(tuple(LINES), timing)
    for split, held in zip(run.factor_splits(by, method), run.result.portfolios, strict=True):
        last = int(held.table.columns_of(split.scenario)[-1])
        assert split.pnl.sum() == pytest.approx(float(held.pnl[last]), abs=1e-9)
        assert split.positions.sum(axis=0) == pytest.approx(split.pnl, abs=1e-8)
        assert split.positions.sum(axis=1) == pytest.approx(held.position_pnl[:, last], abs=1e-9)


@pytest.mark.parametrize("name", ["ai_growth_fund", "market_neutral", "euro_endowment", "pension_fund"])
@pytest.mark.parametrize("method", ["alone", "shapley"])
def test_shipped_books_add_up(name: str, method: str) -> None:
    """A path of ten years, too: what grows short reads nodes of its curve that it does not read today."""
    chosen = api.load_scenarios("ai_capex_collapse", "slow_grind", "recovery_path")
    run = api.stress(api.load_portfolio(name), chosen)
    for split in run.factor_splits("factor_group", method):
        gross = run.result.portfolios[0].gross_value
        assert abs(split.pnl.sum() - split.total) <= 1e-9 * abs(split.total)
        if method == "shapley":
            assert abs(split.pnl[-1]) <= 1e-12 * gross


levels = st.fixed_dictionaries(
    {
        "spot/ACME": st.floats(30.0, 250.0),
        "spot/BOLT": st.floats(10.0, 90.0),
        "zero_rate/USD/5Y": st.floats(0.0, 0.09),
        "implied_vol/ACME/1Y": st.floats(0.15, 0.8),
        "fx_spot/EURUSD": st.floats(0.8, 1.5),
    }
)


def split_of(book: Portfolio, market: MarketSnapshot, moves: FactorColumns, method: str) -> FactorSplit:
    compiled = compile_book([book], market)
    result = apply_holdings(compiled, revalue(compiled, moves))
    return factor_splits(result, moves, "factor", method)[0]


@settings(max_examples=25)
@given(levels)
def test_shapley_values_of_any_move_are_efficient_and_spare_who_is_not_read(
    move: dict[str, float],
) -> None:
    market = small_market()
    split = split_of(portfolio(every_type()), market, columns(market, [move]), "shapley")
    assert sum(split.pnl[:-1]) == pytest.approx(split.total, abs=1e-7)
    only_share = portfolio([("acme", instrument("equity", issuer="ACME"), 5.0)])
    share = split_of(only_share, market, columns(market, [move]), "shapley")
    assert set(share.groups) <= {"spot/ACME"}
    assert by_part(share).get("spot/ACME", 0.0) == pytest.approx(5.0 * (move["spot/ACME"] - 120.0), abs=1e-9)


def evenly_linked(names: tuple[str, ...]) -> MarketSnapshot:
    """Return a market in which INDEX holds shares of one price and weight."""
    market = small_market()
    like = market.issuers["ACME"]
    issuers = {name: Issuer(name, name, "equity", "USD", like.attributes) for name in names}
    spots = tuple(key(f"spot/{name}") for name in names)
    link = FactorLink(key("spot/INDEX"), weights=tuple((spot, 1.0 / len(names)) for spot in spots))
    more = dict.fromkeys(spots, 50.0)
    evidence = {spot: next(iter(market.provenance.values())) for spot in spots}
    return replace(
        market,
        levels={**market.levels, **more},
        issuers={**market.issuers, **issuers},
        links=(link,),
        provenance={**market.provenance, **evidence},
    )


@settings(max_examples=15)
@given(st.integers(2, 6), st.floats(20.0, 80.0))
def test_like_players_get_the_same(count: int, level: float) -> None:
    names = tuple(f"S{number}" for number in range(count))
    market = evenly_linked(names)
    put = instrument("european_option", **{**OPTION, "underlying": "INDEX", "strike": 480.0})
    moves = linked(market, {f"spot/{name}": level for name in names})
    split = split_of(portfolio([("put", put, 10.0)]), market, moves, "shapley")
    assert len(split.groups) == (count if level != 50.0 else 0)
    assert np.ptp(split.pnl[:-1]) <= 1e-8 * max(abs(split.total), 1.0)


def linked(market: MarketSnapshot, move: dict[str, float]) -> FactorColumns:
    """Return a column in which INDEX follows its link."""
    (link,) = market.links
    ratio = sum(weight * move[str(source)] / market.levels[source] for source, weight in link.weights)
    return columns(market, [{**move, "spot/INDEX": 500.0 * ratio}])


def test_of_too_many_players_the_smaller_play_as_one() -> None:
    names = tuple(f"S{number}" for number in range(15))
    market = evenly_linked(names)
    put = instrument("european_option", **{**OPTION, "underlying": "INDEX", "strike": 480.0})
    moves = linked(market, {f"spot/{name}": 20.0 + number for number, name in enumerate(names)})
    book = portfolio([("put", put, 10.0), ("acme", instrument("equity", issuer="ACME"), 5.0)])
    split = split_of(book, market, moves, "shapley")
    found = by_part(split)
    assert split.merged == ("put",)
    assert found[MERGED] > 0.0
    assert sum(found.values()) == pytest.approx(split.total, abs=1e-9)
    assert abs(found[INTERACTION]) < 1e-9
    assert [name for name in split.groups if found[name]] == [f"spot/S{number}" for number in range(11)]


def test_a_target_that_a_line_states_does_not_follow_its_link() -> None:
    market = small_market()
    book = portfolio([("index", instrument("fund", issuer="INDEX"), 7.0)])
    moves = columns(market, [{"spot/ACME": 60.0, "spot/INDEX": 450.0}])
    split = split_of(book, market, moves, "alone")
    assert by_part(split) == {"spot/INDEX": pytest.approx(-350.0), INTERACTION: pytest.approx(0.0)}


def test_a_position_without_a_value_is_left_out() -> None:
    market = small_market()
    book = portfolio(every_type())
    moves = columns(market, [{"spot/ACME": 60.0, "spot/EURO": float("nan"), "fx_spot/EURUSD": 1.0}])
    split = split_of(book, market, moves, "alone")
    failed = np.flatnonzero(np.isnan(split.positions[:, 0]))
    assert [book.positions.ids[row] for row in failed.tolist()] == ["euro"]
    assert split.pnl.sum() == pytest.approx(split.total, abs=1e-9)
    assert by_part(split)["fx_spot/EURUSD"] == pytest.approx(500.0 * (1.0 - 1.1747))


def test_a_position_that_fails_under_a_factor_alone_is_named() -> None:
    """A smile that falls without its skew leaves no volatility to price with where the skew goes down."""
    market = small_market()
    put = instrument("european_option", **{**OPTION, "strike": 200.0})
    low = {f"implied_vol/ACME/{tenor}": 0.001 for tenor in ("3M", "1Y")}
    flat = {f"{kind}/ACME/{tenor}": 0.0 for kind in ("vol_skew", "vol_curvature") for tenor in ("3M", "1Y")}
    moves = columns(market, [{**low, **flat}])
    compiled = compile_book([portfolio([("put", put, 1.0)])], market)
    result = apply_holdings(compiled, revalue(compiled, moves))
    (split,) = factor_splits(result, moves, "factor_kind")
    assert split.unsplit == ("put",)
    assert split.pnl.sum() == pytest.approx(split.total, abs=1e-9)
    assert by_part(split)["implied_vol"] == 0.0
    (shapley,) = factor_splits(result, moves, "factor_kind", "shapley")
    assert shapley.unsplit == ("put",)
    assert by_part(shapley)[INTERACTION] == pytest.approx(shapley.total)


@pytest.mark.parametrize(
    ("by", "method", "words"),
    [
        ("factr_group", "alone", r"ST270.*'factr_group'.*did you mean 'factor_group'"),
        ("factor", "shaply", r"ST270.*'shaply'.*did you mean 'shapley'"),
    ],
)
def test_another_split_or_method_is_refused(by: str, method: str, words: str) -> None:
    run = run_of(tuple(LINES), "instant")
    with pytest.raises(InputError, match=words):
        run.factor_splits(by, method)
