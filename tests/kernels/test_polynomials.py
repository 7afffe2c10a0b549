"""The constants in the kernels are those of their derivation."""

from __future__ import annotations

from types import ModuleType

import mpmath as mp
import pytest
from tests.oracle import polynomial_coefficients as derivation

from stresstest.kernels import exponential, logarithm, normal


def constants(module: ModuleType) -> list[float]:
    names = [name for name in vars(module) if name[0] == "C" and name[1:].isdigit()]
    return [getattr(module, f"C{power}") for power in range(len(names))]


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(derivation.DIGITS):
        yield


def test_exponential() -> None:
    fit = derivation.exponential()
    assert [float(c) for c in fit.coefficients] == constants(exponential)
    assert fit.error * (mp.log(2) / 2) ** 2 < 1.3e-17


def test_logarithm() -> None:
    fit = derivation.logarithm()
    assert [float(c) for c in fit.coefficients] == constants(logarithm)
    assert fit.error < 6e-18


def test_mills_ratio() -> None:
    fit = derivation.mills(normal.CENTRE, "3e-17", "1e-9")
    assert [float(c) for c in fit.coefficients] == constants(normal)
    assert fit.error < 1.1


def test_ln_2_and_its_inverse() -> None:
    assert float(mp.log(2)) == exponential.LN2
    assert float(mp.log(2) - mp.mpf(exponential.LN2)) == exponential.LN2_TAIL
    assert float(1 / mp.log(2)) == exponential.LOG2_E
    assert float(1 / mp.sqrt(2 * mp.pi)) == normal.INVERSE_SQRT_2PI


@pytest.mark.parametrize("x", [8, 40, 50_000])
def test_mills_ratio_of_the_derivation_is_its_continued_fraction(x: int) -> None:
    fraction = mp.mpf(x)
    for n in range(2000, 0, -1):
        fraction = x + n / fraction
    assert abs(derivation.mills_ratio(mp.mpf(x)) * fraction - 1) < mp.mpf(10) ** -40
