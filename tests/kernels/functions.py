"""Scalar kernels over arrays, compiled, and their answers on a fixed block as a digest for each function.

Run as a program it prints the digests: a process with other settings must print the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf
from stresstest.kernels.volatility import clamped, mixed_std_dev, smile_vol

WIDTH = 41


@kernel
def fill_fma(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        out[j] = fma(x[j], x[j], -x[j] * x[j])


@kernel
def fill_exp(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        out[j] = exp(x[j])


@kernel
def fill_log(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        out[j] = log(x[j])


@kernel
def fill_cdf(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        out[j] = normal_cdf(x[j])


@kernel
def fill_black(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        sign = 1.0 if x[j] > 0.0 else -1.0
        out[j] = black_price(sign, 100.0 + x[j], 97.0, 0.01 * x[j], 0.003 * abs(x[j]))


@kernel
def fill_smile(x: FloatArray, out: FloatArray) -> None:
    for j in range(out.shape[0]):
        moneyness = clamped(0.01 * x[j], -1.5, 1.5)
        near = smile_vol(moneyness, 0.3, -0.07, 0.11)
        far = smile_vol(0.7 * moneyness, 0.28, -0.05, 0.09)
        out[j] = mixed_std_dev(near, far, 0.31, 0.17)


FUNCTIONS: dict[str, Callable[[FloatArray, FloatArray], None]] = {
    "fma": fill_fma,
    "exp": fill_exp,
    "log": fill_log,
    "cdf": fill_cdf,
    "black": fill_black,
    "smile": fill_smile,
}


def block() -> FloatArray:
    """Return `WIDTH` arguments of every size, made by exact arithmetic only."""
    rng = np.random.default_rng(20251003)
    values = rng.uniform(-1.0, 1.0, WIDTH) * rng.choice([1e-300, 1e-8, 0.5, 3.0, 40.0, 700.0], WIDTH)
    return frozen(values)


def answers(name: str, width: int, x: FloatArray) -> FloatArray:
    out = np.empty(width)
    FUNCTIONS[name](frozen(x[:width]), out)
    return out


def digests() -> dict[str, str]:
    found = {name: answers(name, WIDTH, block()) for name in FUNCTIONS}
    # One NaN is as good as another: its sign and payload are not part of the promise.
    return {
        name: hashlib.sha256(np.where(np.isnan(values), np.nan, values).tobytes()).hexdigest()
        for name, values in found.items()
    }


if __name__ == "__main__":
    print(json.dumps(digests()))
