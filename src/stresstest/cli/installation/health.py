"""Checks of an installation, each with what was found; none of them stops the others."""

from __future__ import annotations

import os
import platform
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from stresstest import __version__
from stresstest.io.resources import library_path, names

_PACKAGES = ("numpy", "numba", "scipy", "pandas", "pyarrow", "pydantic", "cvxpy", "click", "rich")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: whether it passed, and what was found."""

    name: str
    passed: bool
    finding: str


def checks() -> list[Check]:
    """Return all checks, in order."""
    found = []
    for name, check in _CHECKS.items():
        try:
            finding = check()
        except Exception as error:
            found.append(Check(name, False, f"{type(error).__name__}: {error}"))
        else:
            found.append(Check(name, True, finding))
    return found


def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _packages() -> str:
    found = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return f"stresstest {__version__}, {found}"


def _extras() -> str:
    try:
        return f"Excel files: openpyxl {version('openpyxl')}"
    except PackageNotFoundError:
        return "Excel files: not installed (pip install 'stresstest[xlsx]')"


def _terminal() -> str:
    colour = "no colour (NO_COLOR)" if os.environ.get("NO_COLOR") else "colour where it is a terminal"
    return f"{sys.stdout.encoding}, {colour}"


def _compiler() -> str:
    from stresstest.kernels._jit import COMPILED
    from stresstest.kernels.exponential import exp

    plain = getattr(exp, "py_func", exp)
    for argument in (0.0, 1.0, -0.1, 700.0):
        if exp(argument) != plain(argument):
            raise ArithmeticError(
                f"exp({argument}) is {exp(argument)!r} compiled, {plain(argument)!r} in Python"
            )
    return (
        "compiled kernels give the bits of plain Python"
        if COMPILED
        else "kernels run as plain Python, slowly"
    )


def _cache() -> str:
    from stresstest.kernels._jit import enable_caching

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        folder = enable_caching()
    return f"kept in {folder}" if folder else "; ".join(str(item.message) for item in caught) or "not kept"


def _library() -> str:
    counts = {kind: len(names(kind)) for kind in ("shocks", "portfolios", "markets")}
    if not all(counts.values()):
        raise FileNotFoundError(f"{counts} in {library_path('shocks').parent}")
    return (
        ", ".join(f"{count} {kind}" for kind, count in counts.items())
        + f" in {library_path('shocks').parent}"
    )


def _market() -> str:
    from stresstest import api

    market = api.load_market()
    age = (datetime.now(UTC).date() - market.as_of).days
    return f"{market.name}: {len(market.issuers)} issuers, {len(market.levels):,} levels, {age} days old"


def _known_run() -> str:
    """Run the first shipped portfolio under every instant scenario at severity 0: each P&L is exactly 0.

    Along a path time passes, and even an unshocked portfolio earns its carry.
    """
    from stresstest import api
    from stresstest.scenarios.scenario import ScenarioSet

    portfolio = api.load_portfolio(names("portfolios")[0][0])
    instant = tuple(scenario for scenario in api.load_scenarios() if scenario.timing == "instant")
    pnl = api.stress(portfolio, ScenarioSet(instant), severity=0.0).to_numpy()
    if pnl.size == 0 or pnl.any():
        raise ArithmeticError(f"P&L without shocks is {pnl.tolist()}")
    return f"{portfolio.name} unshocked: P&L exactly 0 in {pnl.size} scenarios"


_CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "packages": _packages,
    "extras": _extras,
    "terminal": _terminal,
    "compiler": _compiler,
    "cache": _cache,
    "library": _library,
    "market": _market,
    "known run": _known_run,
}
