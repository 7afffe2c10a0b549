"""A portfolio of a document: what it holds is what the live report shows of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.report.dressed import plain
from tests.report.reading.documents import document, live

from stresstest.report.reading.books import book_of
from stresstest.report.view.books import BookView

(LIVE,) = live().books


def read(**changes: Any) -> BookView:
    whole = copy.deepcopy(document())
    (portfolio,) = whole["portfolios"]
    return book_of(whole, {**portfolio, **changes})


FOUND = read()


def test_losses_are_the_same_but_for_the_band() -> None:
    names = ("name", "title", "horizon", "pnl", "percent", "reach", "defaults", "movers")
    ours = [{name: plain(getattr(line, name)) for name in names} for line in FOUND.losses.lines]
    theirs = [{name: plain(getattr(line, name)) for name in names} for line in LIVE.losses.lines]
    assert ours == theirs
    assert all(line.milder is None for line in FOUND.losses.lines)


@pytest.mark.parametrize("part", ["heat", "limits", "failures", "paths"])
def test_parts_that_a_document_holds_are_the_same(part: str) -> None:
    assert plain(getattr(FOUND, part)) == plain(getattr(LIVE, part))
    assert part == "failures" or getattr(FOUND, part)


def test_steps_by_mechanism_add_up() -> None:
    ours = {fall.scenario: fall for fall in FOUND.waterfalls}
    theirs = {fall.scenario: fall for fall in LIVE.waterfalls if fall.by == "mechanism"}
    assert theirs
    for name, fall in theirs.items():
        steps = {step.name: step.pnl for step in ours[name].steps if step.pnl}
        assert steps == pytest.approx({step.name: step.pnl for step in fall.steps if step.pnl}, abs=1e-6)
        assert ours[name].through_network == pytest.approx(fall.through_network)


def test_contributions_that_were_asked_for_add_up() -> None:
    (theme,) = FOUND.shares
    assert theme.by == "theme"
    assert sum(line.pnl for line in theme.lines) == pytest.approx(FOUND.losses.lines[0].pnl)


def test_coverage_is_the_same_but_for_kinds_of_risk() -> None:
    assert FOUND.coverage is not None
    assert LIVE.coverage is not None
    assert FOUND.coverage.never == LIVE.coverage.never
    assert FOUND.coverage.never_share == pytest.approx(LIVE.coverage.never_share)
    assert FOUND.coverage.risks == ()


def test_what_the_run_was_not_asked_for_is_named() -> None:
    assert [text.partition(":")[0] for text in FOUND.missing] == ["What rests on judgement"]
    bare = read(stages=[], contributions={}, positions=[])
    assert len(bare.missing) == 4
    assert (bare.heat, bare.waterfalls, bare.shares) == (None, (), ())


def test_per_cent_are_of_gross_value_where_the_base_is_small() -> None:
    small = read(base_value=1.0)
    assert small.small_base
    assert small.losses.unit == "gross value"
    assert small.losses.lines[0].percent == pytest.approx(
        100.0 * small.losses.lines[0].pnl / small.gross_value
    )


def test_numbers_that_are_missing_are_no_error() -> None:
    (portfolio,) = copy.deepcopy(document())["portfolios"]
    for row in portfolio["positions"]:
        row["pnl"] = dict.fromkeys(row["pnl"])
    for line in portfolio["scenarios"]:
        line["pnl"] = None
    found = book_of(document(), {**portfolio, "base_value": None})
    assert found.losses.lines[0].pnl == 0.0
    assert found.heat is not None
    assert found.heat.percent[0][0] is None
