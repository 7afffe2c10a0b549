from __future__ import annotations

import math

import pytest
from tests.report.samples import stress, view

(HELD,) = stress().result.portfolios
(BOOK,) = view().books
NVDA, AMD, KO = 187.62 * 1_000, 164.67 * 500, 66.3 * 800


def test_concentration_by_hand() -> None:
    found = BOOK.concentration
    assert found is not None
    by_id = dict(zip(HELD.position_ids, HELD.position_value[:, 0].tolist(), strict=True))
    sizes = [NVDA + by_id["put"], AMD, KO, by_id["sap"], by_id["quiet"]]
    assert found.n_names == 5
    assert found.effective_names == pytest.approx(sum(sizes) ** 2 / sum(size**2 for size in sizes), rel=1e-12)
    assert found.top_five == pytest.approx(100.0 * sum(sizes) / HELD.gross_value, rel=1e-12)
    assert [line.issuer for line in found.names] == ["NVDA", "AMD", "KO", "SAP", "QUIET"]
    assert found.names[0].title == "NVDA Inc"
    assert found.names[2].pnl_percent == 0.0


def test_exposure_to_artificial_intelligence_by_hand() -> None:
    found = BOOK.concentration
    assert found is not None
    percent = {line.issuer: line.percent for line in found.names}
    assert found.ai_percent == pytest.approx(percent["NVDA"] + 0.5 * percent["AMD"], rel=1e-12)
    themes = {line.theme: (line.percent, line.names) for line in found.themes}
    assert themes["ai_accelerators"] == (pytest.approx(found.ai_percent), 2)
    assert themes["staples"] == (pytest.approx(percent["KO"]), 1)
    assert "software" not in themes  # SAP has none of it


def test_exit_prices_by_hand() -> None:
    found = BOOK.exits
    assert found is not None
    lines = {line.position: line for line in found.lines}
    assert list(lines) == ["amd", "nvda"]  # the slowest first
    assert lines["amd"].days == pytest.approx(AMD / (0.2 * 0.9e6), rel=1e-12)
    impact = 0.5 / math.sqrt(252.0) * math.sqrt(AMD / 0.9e6) * 0.4 * AMD
    assert lines["amd"].at_mark == pytest.approx(-0.6 * AMD, rel=1e-12)
    assert lines["amd"].at_exit == pytest.approx(-0.6 * AMD - impact, rel=1e-12)
    assert found.at_exit < found.at_mark == pytest.approx(-0.6 * AMD - 0.5 * NVDA)
    assert found.known_share == pytest.approx((AMD + NVDA) / HELD.gross_value, rel=1e-12)


def test_what_has_no_usable_volume_is_named_the_largest_first() -> None:
    assert BOOK.exits is not None
    assert BOOK.exits.unknown[:2] == ("ko", "sap")  # the volume of KO is nonsense


def test_nine_tenths_are_sold_when_the_slow_one_has_sold_its_part() -> None:
    found = BOOK.exits
    assert found is not None
    left = 0.1 * (AMD + NVDA)  # all of NVDA is sold on the first day
    assert found.days_90 == pytest.approx((AMD - left) / AMD * found.lines[0].days, rel=1e-6)
