"""What a document holds of judgements, challengers and proxies, where the run was asked for them."""

from __future__ import annotations

from typing import Any

import pytest

from stresstest.report.reading.judgements import judgement_of, proxies_of

NUMBER: dict[str, Any] = {
    "scenario": "fall",
    "kind": "line",
    "text": "issuer NVDA: spot -50%",
    "class": "judgement",
    "author": "J. Doe",
    "date": "2025-09-01",
    "analogue": "2001",
    "note": "",
    "source": ["A1"],
    "file": "/srv/books/fall.yaml",
    "line": 6,
}
MOVED = {
    **NUMBER,
    "moves": [
        {"to": "-10 % of its size", "pnl_change": 5.0},
        {"to": "+10 % of its size", "pnl_change": -10.0},
    ],
}


def share(scenario: str, pnl: float | None, portfolio: str = "p") -> dict[str, Any]:
    layers = {"documented": -40.0, "judgement": -60.0}
    return {
        "portfolio": portfolio,
        "scenario": scenario,
        "pnl": pnl,
        "judged": -60.0,
        "share": 0.6,
        "reason": "",
        "by_class": layers,
    }


DOCUMENT: dict[str, Any] = {
    "judgement": {
        "shares": [
            share("rise", 5.0),
            share("fall", -100.0),
            share("lost", None),
            share("other", -900.0, "q"),
        ],
        "register": [NUMBER, {**NUMBER, "scenario": "rise", "class": "computed"}],
        "moved": [{"scenario": "fall", "numbers_moved": 3, "size": 0.1, "top": {"p": [MOVED]}}],
    },
    "challenger": [
        {
            "portfolio": "p",
            "scenario": "fall",
            "regime": "calm",
            "pnl": -100.0,
            "lines_pnl": -50.0,
            "challenger_pnl": None,
            "reason": "no model",
        },
    ],
    "proxies": [
        {
            "portfolio": "p",
            "position": "quiet",
            "issuer": "QUIET",
            "follows": "SPY",
            "stated_value": 10.0,
            "currency": "USD",
            "stated_on": "2025-06-30",
            "age_days": 95,
            "roll": 0.1,
            "share": 0.2,
        },
        {
            "portfolio": "q",
            "position": "x",
            "issuer": "X",
            "follows": "",
            "stated_value": None,
            "currency": "",
            "stated_on": None,
            "age_days": None,
            "roll": None,
            "share": None,
        },
    ],
}


def percent(amount: float | None) -> float | None:
    return None if amount is None else amount / 10.0


def test_the_worst_scenario_of_the_portfolio_is_looked_at() -> None:
    found = judgement_of(DOCUMENT, "p", percent)
    assert found is not None
    assert (found.scenario, found.share, found.n_moved, found.size) == ("fall", 0.6, 3, 0.1)
    assert found.classes == (("judgement", 1),)
    assert found.rests[0].layers == (("documented", -4.0), ("judgement", -6.0))
    assert found.challengers[0].percent == -10.0
    assert found.challengers[0].challenger_percent is None


def test_an_input_shows_the_move_that_matters_most_and_no_folder() -> None:
    found = judgement_of(DOCUMENT, "p", percent)
    assert found is not None
    (one,) = found.inputs
    assert (one.effect, one.percent) == ("+10 % of its size", -1.0)
    assert one.source == "J. Doe 2025-09-01, fall.yaml:6"
    assert found.register[0].source == "2001; J. Doe 2025-09-01, fall.yaml:6; A1"


@pytest.mark.parametrize("document", [{}, {"judgement": None}, {"judgement": {"shares": []}}])
def test_what_was_not_asked_for_is_none(document: dict[str, Any]) -> None:
    assert judgement_of(document, "p", percent) is None


def test_proxies_of_the_portfolio_alone() -> None:
    (one,) = proxies_of(DOCUMENT, "p")
    assert (one.position, one.proxy, one.age_days, one.roll) == ("quiet", "SPY", 95, 0.1)
    (other,) = proxies_of(DOCUMENT, "q")
    assert (other.stated_date, other.stated_value) == (None, None)
    assert list(proxies_of({}, "p")) == []
