"""Kernels compiled ahead of their first use, with the types and array forms that runs call them with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from stresstest import api
from stresstest.catalog import instrument_types
from stresstest.hedging.tails.compilation import compile_sums
from stresstest.io.resources import default_market, names
from stresstest.kernels._jit import enable_caching


@dataclass(frozen=True, slots=True)
class Warmup:
    """What was compiled.

    Attributes
    ----------
    types
        Tags of the instrument types whose kernels are now compiled.
    without_example
        Tags that no shipped portfolio holds.
    folder
        Where the machine code is kept; None where no folder can be written.
    """

    types: tuple[str, ...]
    without_example: tuple[str, ...]
    seconds: float
    folder: Path | None


def warm_up() -> Warmup:
    """Run shipped portfolios under all shipped scenarios, with positions and as totals; sweep and hedge."""
    start = time.perf_counter()
    folder = enable_caching()
    shipped = api.load_portfolios(*(name for name, _ in names("portfolios")))
    portfolios = [held for held in shipped if held.market in ("", *default_market())]
    scenarios, market = api.load_scenarios(), api.load_market()
    stress = api.stress(portfolios, scenarios, market)
    api.stress(portfolios, scenarios, market, resources=api.Resources(memory=0))
    api.sweep(portfolios[:1], scenarios.scenarios[0], market, steps=8)
    compile_sums()
    held = tuple(dict.fromkeys(item.tag for item in stress.result.book.instruments))
    without = tuple(tag for tag in instrument_types() if tag not in held)
    return Warmup(held, without, time.perf_counter() - start, folder)
