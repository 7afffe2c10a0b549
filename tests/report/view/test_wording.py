from __future__ import annotations

import math

import pytest

from stresstest.report.view import wording

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"


@pytest.mark.parametrize(
    ("percent", "text"),
    [(-56.13, f"{MINUS}56.1 %"), (4.96, "+5.0 %"), (0.04, "0.0 %"), (-0.04, "0.0 %"), (0.0, "0.0 %"),
     (None, DASH), (math.nan, DASH), (math.inf, DASH), (-12_345.6, f"{MINUS}12,345.6 %")],
)  # fmt: skip
def test_per_cent_have_their_sign(percent: float | None, text: str) -> None:
    assert wording.percent_text(percent) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.37, "37 %"), (0.004, "0.4 %"), (1.0, "100 %"), (0.9999, "99.9 %"), (0.0, "0 %"),
     (-0.05, f"{MINUS}5.0 %"), (2.5, "250.0 %"), (None, DASH)],
)  # fmt: skip
def test_only_all_of_it_is_a_hundred_per_cent(share: float | None, text: str) -> None:
    assert wording.share_text(share) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(-145_590_685.6, f"{MINUS}146m"), (1.24e9, "1.24bn"), (999.6e3, "1.00m"), (999.4e3, "999k"),
     (12.0, "12"),      (0.0, "0"), (None, DASH), (9.996e6, "10.0m"), (5.4e13, "54.0tn")],
)  # fmt: skip
def test_amounts_to_three_digits(amount: float | None, text: str) -> None:
    assert wording.short_text(amount) == text


def test_amounts_in_full() -> None:
    assert wording.money_text(-1_234_567.6) == f"{MINUS}1,234,568"
    assert wording.money_text(3.0, sign=True) == "+3"
    assert wording.money_text(0.2, sign=True) == "0"


@pytest.mark.parametrize(
    ("horizon", "text"),
    [("12m", "12 months"), ("1d", "1 day"), ("2W", "2 weeks"), ("1y", "1 year"), ("?", "?")],
)
def test_horizons_in_words(horizon: str, text: str) -> None:
    assert wording.horizon_text(horizon) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.66, "two thirds"), (0.49, "half"), (0.97, "97 %"), (0.55, "55 %"), (0.26, "a quarter")],
)
def test_common_fractions_in_words(share: float, text: str) -> None:
    assert wording.fraction_text(share) == text


def test_days_counts_and_lists() -> None:
    assert wording.days_text(0.02) == "under 0.1"
    assert wording.days_text(2.14) == "2.1"
    assert wording.count_text(1, "position") == "1 position"
    assert wording.count_text(1_204, "position") == "1,204 positions"
    assert wording.count_text(2, "party", "parties") == "2 parties"
    assert wording.small_number(5) == "five"
    assert wording.small_number(11) == "11"
    assert wording.listed(["a", "b", "c"], most=2) == "a, b and 1 more"
    assert wording.headed("factor_group") == "Factor group"
    assert wording.years_of("6m") == pytest.approx(0.5, abs=0.01)
