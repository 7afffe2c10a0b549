from __future__ import annotations

from dataclasses import replace

from tests.report.dressed import NO_PLAN, PLAN

from stresstest.report.sections.blocks import Beside, Facts, Prose, Section, Table
from stresstest.report.sections.hedge import hedge_section


def tables(section: Section) -> dict[str, Table]:
    plain = [block for block in section.blocks if isinstance(block, Table)]
    beside = [block.table for block in section.blocks if isinstance(block, Beside)]
    return {table.title: table for table in (*beside, *plain)}


def test_before_and_after_with_what_was_held_out_apart() -> None:
    found = tables(hedge_section(PLAN))
    used = [[cell.text for cell in row[:5]] for row in found["Used to plan"].rows]
    assert used[0] == ["fall", "6m", "\N{MINUS SIGN}36.9 %", "\N{MINUS SIGN}18.1 %", "+18.8 %"]
    apart = next(table for title, table in found.items() if title.startswith("Held out"))
    assert [row[0].text for row in apart.rows] == ["slide"]


def test_every_trade_has_its_receipt() -> None:
    rows = [[cell.text for cell in row] for row in tables(hedge_section(PLAN))["Trades"].rows]
    assert rows[0] == [
        "Sell NVDA (nvda)", "500", "\N{MINUS SIGN}93.8k", "120", "+46.0k", "0.1", "depends on AI",
    ]  # fmt: skip
    assert rows[1][5] == "\N{EN DASH}"


def test_reasons_to_reject_have_their_verdict_in_words() -> None:
    (table,) = (table for title, table in tables(hedge_section(PLAN)).items() if "reject" in title)
    assert [row[1].text for row in table.rows] == ["passed", "FAILED", "not asked"]


def test_an_amount_without_a_plan_is_said_in_the_frontier() -> None:
    found = tables(hedge_section(PLAN))
    (table,) = (table for title, table in found.items() if title.startswith("Frontier"))
    assert [row[0].text for row in table.rows] == ["0 %", "1 % (the plan)", "9 %"]
    assert table.rows[2][1].text == "no plan"


def test_without_a_plan_it_says_why_and_draws_nothing() -> None:
    section = hedge_section(NO_PLAN)
    texts = [text for block in section.blocks if isinstance(block, Prose) for text in block.paragraphs]
    assert any("Infeasible" in text for text in texts)
    assert any("premium, turnover" in text for text in texts)
    assert not [block for block in section.blocks if isinstance(block, Beside)]


def test_no_trade_is_a_plan_too() -> None:
    section = hedge_section(replace(PLAN, status="no_trade", trades=(), worst_after=PLAN.worst_before))
    assert "Trades" not in tables(section)
    facts = [dict(block.pairs) for block in section.blocks if isinstance(block, Facts)]
    after = next(value for name, value in facts[0].items() if "after: fall" in name)
    assert after == "\N{MINUS SIGN}36.9 %"
