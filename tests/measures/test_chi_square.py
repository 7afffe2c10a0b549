"""The chi-square distribution against scipy and published quantiles."""

from __future__ import annotations

import pytest
from scipy.special import chdtr

from stresstest.measures.chi_square import chi_square_cdf


@pytest.mark.parametrize("degrees", [1, 2, 3, 7, 19, 20, 55, 300, 855])
@pytest.mark.parametrize("part", [1e-3, 0.2, 0.7, 0.95, 1.0, 1.05, 1.3, 2.0, 6.0])
def test_agrees_with_scipy(degrees: int, part: float) -> None:
    value = part * degrees
    assert chi_square_cdf(value, degrees) == pytest.approx(chdtr(degrees, value), rel=1e-10, abs=1e-13)


@pytest.mark.parametrize(
    # Abramowitz and Stegun, table 26.8: quantiles to five digits.
    ("degrees", "value", "probability"),
    [(1, 3.84146, 0.95), (5, 11.0705, 0.95), (10, 23.2093, 0.99), (30, 43.7729, 0.95)],
)
def test_published_quantiles(degrees: int, value: float, probability: float) -> None:
    assert chi_square_cdf(value, degrees) == pytest.approx(probability, abs=2e-6)


def test_ends() -> None:
    assert chi_square_cdf(0.0, 4) == 0.0
    assert chi_square_cdf(-1.0, 4) == 0.0
    assert chi_square_cdf(1e6, 4) == 1.0
    with pytest.raises(ValueError, match="positive"):
        chi_square_cdf(1.0, 0)
