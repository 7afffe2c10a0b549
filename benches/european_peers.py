"""The European book in numpy, in C++ and in QuantLib objects."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import QuantLib
from benches.european_book import (
    AS_OF,
    N_COLUMNS,
    N_OPTIONS,
    Levels,
    PillarPair,
    Setting,
    pillar_pair,
    rate_weights,
)
from scipy.special import ndtr

from stresstest.arrays import FloatArray

BLOCK = 512


def pairs_of(bench: Setting) -> tuple[np.ndarray, np.ndarray]:
    """Return `(n_pairs, 2)` the (underlying, expiry) that options share, and the pair of each option."""
    keys = np.stack([bench.terms.underlying, bench.terms.expiry], axis=1)
    pairs, pair = np.unique(keys, axis=0, return_inverse=True)
    return pairs, pair.ravel()


def years_of(bench: Setting) -> dict[int, float]:
    """Return the time of each expiry, by its row."""
    return dict(zip(bench.terms.expiry.tolist(), bench.terms.years.tolist(), strict=True))


class NumpyBook:
    """Blocks of columns that stay in the cache, one option at a time, `ndtr` for the normal distribution."""

    def __init__(self, bench: Setting) -> None:
        self._terms, self._levels = bench.terms, bench.levels
        self._pairs, self._pair = pairs_of(bench)
        self._years = years_of(bench)
        pillars = {row: pillar_pair(bench.levels.pillar_years, t) for row, t in self._years.items()}
        self._pillars: dict[int, PillarPair] = pillars
        self._log_strike = np.log(bench.terms.strike)

    def totals(self, n_columns: int = N_COLUMNS) -> FloatArray:
        """Return the total in the first `n_columns` columns."""
        total = np.zeros(n_columns)
        for first in range(0, n_columns, BLOCK):
            columns = slice(first, min(first + BLOCK, n_columns))
            self._add_block(columns, total[columns])
        return total

    def _add_block(self, columns: slice, total: FloatArray) -> None:
        terms, levels = self._terms, self._levels
        log_spot = np.log(levels.spot[:, columns])
        log_discount, discount = {}, {}
        for row, years in self._years.items():
            nodes = rate_weights(years)
            rate = nodes.low_weight * levels.rate[nodes.low, columns]
            log_discount[row] = -(rate + nodes.high_weight * levels.rate[nodes.high, columns])
            discount[row] = np.exp(log_discount[row])
        forward = []
        for u, e in self._pairs.tolist():
            carry = levels.dividend_yield[u] * self._years[e]
            carried = levels.spot[u, columns] * np.exp(-carry)
            forward.append((carried, log_spot[u] - carry - log_discount[e]))
        scratch = np.empty((3, total.shape[0]))
        for i in range(N_OPTIONS):
            carried, log_forward = forward[self._pair[i]]
            expiry = int(terms.expiry[i])
            deviation = self._deviation(i, log_forward, columns)
            d1, d2, price = scratch
            np.subtract(log_forward, self._log_strike[i], out=d1)
            d1 /= deviation
            np.multiply(deviation, 0.5, out=d2)
            d1 += d2
            np.subtract(d1, deviation, out=d2)
            scratch[:2] *= terms.sign[i]
            ndtr(scratch[:2], out=scratch[:2])
            np.multiply(carried, d1, out=price)
            d2 *= discount[expiry]
            d2 *= terms.strike[i]
            price -= d2
            price *= terms.quantity[i] * terms.sign[i]
            total += price

    def _deviation(self, i: int, log_forward: FloatArray, columns: slice) -> FloatArray:
        levels, u = self._levels, int(self._terms.underlying[i])
        pillars = self._pillars[int(self._terms.expiry[i])]
        if levels.bounds == (0.0, 0.0):
            return levels.surface[0, 0, u, columns] * np.sqrt(self._terms.years[i])
        moneyness = self._log_strike[i] - log_forward
        variance = (
            pillars.near_years
            * _vol(levels, (pillars.near, u), pillars.near_scale_years, moneyness, columns) ** 2
        )
        if pillars.far_years:
            far = _vol(levels, (pillars.far, u), pillars.far_scale_years, moneyness, columns)
            variance += pillars.far_years * far**2
        return np.sqrt(variance, out=variance)


def _vol(
    levels: Levels, row: tuple[int, int], years: float, moneyness: FloatArray, columns: slice
) -> FloatArray:
    a, b, c = levels.surface[row[0], :, row[1], columns]
    x = moneyness * (1.0 / np.sqrt(years))
    np.clip(x, *levels.bounds, out=x)
    vol = c * x
    vol += b
    vol *= x
    vol += a
    return vol


FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512", "-std=c++17", "-shared", "-fPIC")
# What lets the compiler turn selections into vector code without other results.
EXACT = ("-fno-math-errno", "-fno-trapping-math")


class CppBook:
    """The book in C++, compiled where the bench runs; `compiler` is a path."""

    def __init__(self, bench: Setting, compiler: str, folder: Path, variant: str) -> None:
        flags = EXACT if variant == "polynomial" else ("-ffast-math",)
        library = folder / f"european_{variant}.so"
        source = Path(__file__).with_name("european.cpp")
        command = [compiler, *FLAGS, *flags, str(source), "-o", str(library), "-lmvec", "-lm"]
        subprocess.run(command, check=True)
        self._function = getattr(ctypes.CDLL(str(library)), f"totals_{variant}")
        self._arrays: list[np.ndarray] = []
        self._total = np.zeros(N_COLUMNS)
        self._job = self._job_of(bench)

    @staticmethod
    def compiler() -> str | None:
        """Return the path of g++, or None."""
        return shutil.which("g++")

    def totals(self) -> FloatArray:
        self._total[:] = 0.0
        self._function(ctypes.byref(self._job))
        return self._total

    def _job_of(self, bench: Setting) -> ctypes.Structure:
        fields = [(name, *self._argument(value)) for name, value in _job_fields(bench, self._total)]

        class Job(ctypes.Structure):
            _fields_ = [(name, type_) for name, type_, _ in fields]

        return Job(*(value for _, _, value in fields))

    def _argument(self, value: Any) -> tuple[Any, Any]:
        if isinstance(value, int):
            return ctypes.c_int64, value
        if isinstance(value, float):
            return ctypes.c_double, value
        array = np.ascontiguousarray(value)
        self._arrays.append(array)
        return ctypes.c_void_p, array.ctypes.data


def _job_fields(bench: Setting, total: FloatArray) -> Iterator[tuple[str, Any]]:
    """Yield the fields of `struct Job` in european.cpp, in its order."""
    terms, levels = bench.terms, bench.levels
    pairs, pair = pairs_of(bench)
    years = years_of(bench)
    rows = sorted(years)
    pillars = [pillar_pair(levels.pillar_years, years[e]) for e in pairs[:, 1].tolist()]
    nodes = [rate_weights(years[row]) for row in rows]
    yield "n_options", N_OPTIONS
    yield "n_underlyings", levels.spot.shape[0]
    yield "n_pairs", len(pairs)
    yield "n_expiries", len(rows)
    yield "n_columns", N_COLUMNS
    yield "n_pillars", levels.surface.shape[0]
    yield "flat", int(levels.bounds == (0.0, 0.0))
    yield "pair", pair.astype(np.int64)
    yield "sign", terms.sign
    yield "strike", terms.strike
    yield "log_strike", np.log(terms.strike)
    yield "quantity", terms.quantity
    yield "pair_underlying", pairs[:, 0]
    yield "pair_expiry", np.searchsorted(rows, pairs[:, 1])
    yield "near", np.array([p.near for p in pillars])
    yield "far", np.array([p.far for p in pillars])
    yield "years", np.array([years[e] for e in pairs[:, 1].tolist()])
    yield "near_scale", np.array([1.0 / np.sqrt(p.near_scale_years) for p in pillars])
    yield "far_scale", np.array([1.0 / np.sqrt(p.far_scale_years) for p in pillars])
    yield "near_years", np.array([p.near_years for p in pillars])
    yield "far_years", np.array([p.far_years for p in pillars])
    yield "low", np.array([n.low for n in nodes])
    yield "high", np.array([n.high for n in nodes])
    yield "low_weight", np.array([n.low_weight for n in nodes])
    yield "high_weight", np.array([n.high_weight for n in nodes])
    yield "spot", levels.spot
    yield "dividend_yield", levels.dividend_yield
    yield "rate", levels.rate
    yield "surface", levels.surface
    yield "lower", float(levels.bounds[0])
    yield "upper", float(levels.bounds[1])
    yield "total", total


class QuantLibBook:
    """Options as QuantLib objects on quotes; a column sets the quotes and asks every option for its value.

    The vol and the zero rate of each option come ready from numpy: QuantLib pays for no smile and no curve.
    """

    def __init__(self, bench: Setting, options: list[int]) -> None:
        self._bench, self._options = bench, options
        self._day = QuantLib.Date(AS_OF.day, AS_OF.month, AS_OF.year)
        QuantLib.Settings.instance().evaluationDate = self._day
        self._spots = {u: QuantLib.SimpleQuote(1.0) for u in set(bench.terms.underlying[options].tolist())}
        self._rates = [QuantLib.SimpleQuote(0.0) for _ in options]
        self._vols = [QuantLib.SimpleQuote(0.2) for _ in options]
        self._instruments = [self._option(n, i) for n, i in enumerate(options)]

    def _option(self, number: int, i: int) -> Any:
        terms, count = self._bench.terms, QuantLib.Actual365Fixed()
        u = int(terms.underlying[i])
        dividends = QuantLib.FlatForward(self._day, float(self._bench.levels.dividend_yield[u]), count)
        rates = QuantLib.FlatForward(self._day, QuantLib.QuoteHandle(self._rates[number]), count)
        vol = QuantLib.BlackConstantVol(
            self._day, QuantLib.NullCalendar(), QuantLib.QuoteHandle(self._vols[number]), count
        )
        process = QuantLib.BlackScholesMertonProcess(
            QuantLib.QuoteHandle(self._spots[u]),
            QuantLib.YieldTermStructureHandle(dividends),
            QuantLib.YieldTermStructureHandle(rates),
            QuantLib.BlackVolTermStructureHandle(vol),
        )
        right = QuantLib.Option.Call if terms.sign[i] > 0 else QuantLib.Option.Put
        expiry = self._day + round(float(terms.years[i]) * 365)
        option = QuantLib.VanillaOption(
            QuantLib.PlainVanillaPayoff(right, float(terms.strike[i])), QuantLib.EuropeanExercise(expiry)
        )
        option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
        return option

    def quotes(self, n_columns: int) -> list[tuple[list[float], list[float], list[float]]]:
        """Return spots by underlying, rates and vols by option, for each of the first columns."""
        terms, levels = self._bench.terms, self._bench.levels
        numpy_book = NumpyBook(self._bench)
        columns = slice(0, n_columns)
        rates, vols = [], []
        for i in self._options:
            years, u = float(terms.years[i]), int(terms.underlying[i])
            nodes = rate_weights(years)
            rate = nodes.low_weight * levels.rate[nodes.low, columns]
            rate = (rate + nodes.high_weight * levels.rate[nodes.high, columns]) / years
            forward = np.log(levels.spot[u, columns]) + (rate - levels.dividend_yield[u]) * years
            rates.append(rate)
            vols.append(numpy_book._deviation(i, forward, columns) / np.sqrt(years))
        spots = [levels.spot[u, columns] for u in self._spots]
        by_column = (np.array(rows).T.tolist() for rows in (spots, rates, vols))
        return list(zip(*by_column, strict=True))

    def values(self, quotes: list[tuple[list[float], list[float], list[float]]]) -> list[list[float]]:
        """Return the value of each option, for each column of quotes."""
        found = []
        for spots, rates, vols in quotes:
            for quote, level in zip(self._spots.values(), spots, strict=True):
                quote.setValue(level)
            for quote, level in zip(self._rates, rates, strict=True):
                quote.setValue(level)
            for quote, level in zip(self._vols, vols, strict=True):
                quote.setValue(level)
            found.append([option.NPV() for option in self._instruments])
        return found
