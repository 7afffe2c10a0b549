"""Barrier options along paths: touched is touched, rebates are paid once; and what is refused."""

from __future__ import annotations

import pytest
from tests.fixtures.books import instrument, portfolio
from tests.fixtures.forward_market import along_path, day, forward_market, values
from tests.fixtures.path_books import totals_and_values
from tests.fixtures.refusals import codes, names, refused, texts

MARKET = forward_market()
TERMS = {
    "underlying": "ACME",
    "right": "call",
    "strike": 150.0,
    "expiry": day(365),
    "barrier": 160.0,
    "knock": "down_out",
    "rebate": 2.0,
    "multiplier": 10.0,
}
THERE_AND_BACK = [(30, {}), (60, {"spot/ACME": 150.0}), (90, {"spot/ACME": 220.0}), (400, {}), (430, {})]


def test_a_knock_out_does_not_come_back() -> None:
    worth, cash = along_path("barrier_option", TERMS, MARKET, THERE_AND_BACK)
    assert worth[1] > 100.0
    assert worth[2:] == [20.0] * 4
    assert cash == [0.0, 0.0, 0.0, 20.0, 20.0, 20.0]


def test_a_rebate_at_expiry_waits_for_it() -> None:
    terms = {**TERMS, "rebate_paid": "at_expiry"}
    worth, cash = along_path("barrier_option", terms, MARKET, THERE_AND_BACK)
    assert worth[2:] == [20.0] * 4
    assert cash == [0.0, 0.0, 0.0, 0.0, 20.0, 20.0]


def test_a_knock_in_lives_on() -> None:
    terms = {**TERMS, "knock": "down_in"}
    worth, cash = along_path("barrier_option", terms, MARKET, THERE_AND_BACK)
    assert worth[3] > 700.0
    assert worth[4:] == cash[4:] == [700.0, 700.0]


def test_what_is_never_touched_pays_as_it_says() -> None:
    calm = [(30, {"spot/ACME": 170.0}), (400, {}), (430, {})]
    out, out_cash = along_path("barrier_option", TERMS, MARKET, calm)
    assert out[2:] == out_cash[2:] == [200.0, 200.0]
    inside, in_cash = along_path("barrier_option", {**TERMS, "knock": "down_in"}, MARKET, calm)
    assert inside[2:] == in_cash[2:] == [20.0, 20.0]


def test_a_touch_in_the_last_step_still_pays_its_rebate() -> None:
    steps = [(364, {"spot/ACME": 100.0}), (400, {}), (430, {})]
    _, cash = along_path("barrier_option", TERMS, MARKET, steps)
    assert cash[2:] == [20.0, 20.0]


def test_totals_are_those_of_kept_values() -> None:
    book = portfolio([("p", instrument("barrier_option", **TERMS), 3.0)])
    totals, kept = totals_and_values(book, MARKET, THERE_AND_BACK)
    assert totals.tobytes() == kept.tobytes()
    assert len(set(totals.tolist())) > 3


def test_terms_may_say_that_the_barrier_was_touched() -> None:
    knocked = {**TERMS, "knocked": True}
    moves = [{}, {"spot/ACME": 120.0}, {"spot/ACME": 300.0}]
    assert values("barrier_option", knocked, MARKET, *moves) == [0.0, 0.0, 0.0]
    assert names("barrier_option", knocked, MARKET) == []
    later = {**knocked, "rebate_paid": "at_expiry"}
    assert names("barrier_option", later, MARKET) == ["zero_rate/USD/1Y"]
    option = {name: TERMS[name] for name in ("underlying", "right", "strike", "expiry", "multiplier")}
    inside = {**knocked, "knock": "down_in"}
    assert values("barrier_option", inside, MARKET, *moves) == values(
        "european_option", option, MARKET, *moves
    )
    _, cash = along_path("barrier_option", knocked, MARKET, THERE_AND_BACK)
    assert cash == [0.0] * 6


def test_a_barrier_that_has_been_touched_must_be_said_to_be() -> None:
    (text,) = texts("barrier_option", {**TERMS, "barrier": 187.62}, MARKET)
    assert "ST365" in text
    assert "ACME at 187.62, at or below the barrier 187.62" in text
    assert "knocked: true" in text
    assert codes("barrier_option", {**TERMS, "knock": "up_in", "barrier": 180.0}, MARKET) == ["ST365"]


def test_refusals() -> None:
    assert codes("barrier_option", {**TERMS, "underlying": "ACMEE"}, MARKET) == ["ST355"]
    assert codes("barrier_option", {**TERMS, "expiry": day(-1)}, MARKET) == ["ST360"]
    assert codes("barrier_option", {**TERMS, "curve": "EUR"}, MARKET) == ["ST372"]
    assert "knock-in pays its rebate at expiry" in refused(
        "barrier_option", {**TERMS, "knock": "down_in", "rebate_paid": "at_expiry"}
    )
    assert "greater than or equal to 0" in refused("barrier_option", {**TERMS, "rebate": -1.0})
    assert "down_in" in refused("barrier_option", {**TERMS, "knock": "sideways"})


@pytest.mark.parametrize("knock", ["down_out", "down_in"])
def test_on_the_last_day_only_the_spot_matters(knock: str) -> None:
    terms = {**TERMS, "knock": knock, "expiry": day(0)}
    assert names("barrier_option", terms, MARKET) == ["spot/ACME"]
    untouched = 376.2 if knock == "down_out" else 20.0
    assert values("barrier_option", terms, MARKET)[0] == pytest.approx(untouched, rel=1e-14)
