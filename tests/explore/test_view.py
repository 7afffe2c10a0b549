"""What a page sends is read whole or refused with everything that is wrong."""

from __future__ import annotations

import pytest

from stresstest.errors import InputError
from stresstest.explore.trades import Trades
from stresstest.explore.view import Names, read_view

NAMES = Names(("fund", "other"), ("crash", "boom"))


def problems(asked):
    with pytest.raises(InputError) as caught:
        read_view(asked, NAMES)
    return caught.value.problems


def test_an_empty_request_is_everything_as_it_was_opened():
    view = read_view({}, NAMES)
    assert (view.portfolios, view.shown, view.scenario, view.severity) == (
        NAMES.portfolios,
        "fund",
        "crash",
        1.0,
    )
    assert view.trades_key == ()


def test_a_whole_view():
    asked = {
        "portfolios": ["other", "fund"],
        "shown": "other",
        "scenario": "boom",
        "severity": "62.5%",
        "settings": {"boom": {"b": "2%", "a": "1%"}},
        "trades": {"fund": {"quantities": {"x": 5}, "added": "- {}"}, "other": {}},
        "by": "sector",
        "find": "put",
    }
    view = read_view(asked, NAMES)
    assert view.portfolios == ("fund", "other")
    assert (view.shown, view.scenario, view.severity) == ("other", "boom", 0.625)
    assert view.of("boom") == (("a", "1%"), ("b", "2%"))
    assert view.of("crash") == ()
    assert view.trades_of("fund") == Trades({"x": 5.0}, "- {}")
    assert view.trades_of("other") is None
    assert (view.by, view.find) == ("sector", "put")


@pytest.mark.parametrize(
    ("asked", "code", "suggestion"),
    [
        ([], "ST152", ""),
        ({"portfolios": "fund"}, "ST152", ""),
        ({"portfolios": ["fundd"]}, "ST267", "fund"),
        ({"portfolios": ["other"], "shown": "fund"}, "ST267", ""),
        ({"scenario": "crush"}, "ST328", "crash"),
        ({"scenario": 5}, "ST152", ""),
        ({"severity": "much"}, "ST157", ""),
        ({"severity": "-5%"}, "ST319", ""),
        ({"severity": 1}, "ST152", ""),
        ({"settings": {"crush": {}}}, "ST328", "crash"),
        ({"settings": {"crash": {"a": 5}}}, "ST152", ""),
        ({"settings": []}, "ST152", ""),
        ({"trades": {"found": {}}}, "ST267", "fund"),
        ({"trades": {"fund": []}}, "ST152", ""),
        ({"trades": {"fund": {"added": 5}}}, "ST152", ""),
        ({"trades": {"fund": {"quantities": {"x": "5"}}}}, "ST155", ""),
        ({"trades": {"fund": {"quantities": {"x": True}}}}, "ST155", ""),
        ({"trades": {"fund": {"quantities": {"x": float("inf")}}}}, "ST155", ""),
        ({"trades": {"fund": {"quantities": {"x": 1e301}}}}, "ST155", ""),
        ({"by": 5}, "ST152", ""),
        ({"find": ["x"]}, "ST152", ""),
    ],
)
def test_what_is_no_view_is_told(asked, code, suggestion):
    problem = problems(asked)[0]
    assert (problem.code, problem.suggestion) == (code, suggestion)
    assert problem.location.file == "page"


def test_everything_wrong_is_told_at_once():
    asked = {"scenario": "x", "severity": "y", "trades": {"z": {}}, "by": 1}
    assert len(problems(asked)) == 4
