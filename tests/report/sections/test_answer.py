"""The answer in a sentence: each clause from its numbers, and left out where they are not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.dressed import NO_PLAN, PLAN, whole
from tests.report.samples import view

from stresstest.report.sections.answer import answers
from stresstest.report.view.books import BookView
from stresstest.report.view.hedge import HedgedLine, HedgeView
from stresstest.report.view.losses import Losses, ShareLine
from stresstest.report.view.report import ReportView

(BOOK,) = view().books


def said(book: BookView = BOOK, *plans: HedgeView, **changes: object) -> str:
    (sentence,) = answers(replace(view(), books=(book,), hedges=plans, **changes))
    return sentence


def test_the_worst_loss_its_horizon_and_its_amount() -> None:
    assert said().startswith("Under fall, over 6 months, small loses 37 % (USD 141k)")


def test_the_worst_through_the_network_is_told_where_it_is_another() -> None:
    assert "35 points through the network" in said()
    assert "Under stop, over 12 months, it loses 35 %" in said()


def test_five_names_are_told_where_more_lose() -> None:
    issuers = next(share for share in BOOK.shares if share.by == "issuer")
    pnl = BOOK.losses.lines[0].pnl
    lines = tuple(ShareLine(f"N{row}", None, pnl / 7.9, None) for row in range(8))
    assert "63 % of it from five names" in said(replace(BOOK, shares=(replace(issuers, lines=lines),)))
    assert "names" not in said(replace(BOOK, shares=(replace(issuers, lines=lines[:5]),)))


def test_a_hedge_says_what_it_makes_of_it_and_for_what() -> None:
    assert said(BOOK, PLAN).split("; ")[1].startswith("the proposed hedge halves that for 1.1 %")


@pytest.mark.parametrize(
    ("after", "words"),
    [(-20.0, "takes that to 20 %"), (1.0, "turns that into a gain"), (-36.9, "does not change that")],
)
def test_other_outcomes_of_a_hedge(after: float, words: str) -> None:
    plan = replace(PLAN, lines=(HedgedLine("fall", "6m", "objective", -36.9, after),))
    assert words in said(BOOK, plan)


def test_no_plan_and_no_trade_are_told() -> None:
    assert "no hedge keeps to every rule of thrift" in said(BOOK, NO_PLAN)
    assert "policy thrift proposes no trade" in said(BOOK, replace(PLAN, trades=()))


def test_a_portfolio_that_loses_nowhere_is_told_with_the_number_of_scenarios() -> None:
    gains = tuple(replace(line, pnl=1.0) for line in BOOK.losses.lines)
    assert "loses in none of the 4 scenarios" in said(replace(BOOK, losses=replace(BOOK.losses, lines=gains)))
    none = Losses("small", "USD", "base value", ())
    assert "no scenario was run" in said(replace(BOOK, losses=none))


def test_another_severity_is_told() -> None:
    assert "50 % of its size" in said(severity=0.5)


def test_without_a_base_value_the_amount_is_told() -> None:
    line = replace(BOOK.losses.lines[0], percent=None)
    found = said(replace(BOOK, losses=replace(BOOK.losses, lines=(line,))))
    assert found.startswith("Under fall, over 6 months, small loses USD 141k")


def test_every_portfolio_has_its_answer() -> None:
    report: ReportView = replace(whole(), books=(BOOK, replace(BOOK, name="other")))
    assert len(answers(report)) == 2
