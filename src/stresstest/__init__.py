"""Portfolio stress tests by full revaluation: YAML shocks through compiled kernels.

Import as `import stresstest as st`. Nothing heavy is loaded until a name is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stresstest.api import (
        Book,
        Portfolio,
        Resources,
        Stress,
        Swept,
        apply_holdings,
        build_portfolio,
        load_market,
        load_portfolio,
        load_portfolios,
        load_scenarios,
        revalue,
        stress,
        sweep,
    )
    from stresstest.api import compile_portfolios as compile  # noqa: A004 - `st.compile` is the step's name
    from stresstest.api.hedging import Hedge, hedge
    from stresstest.api.reversing import Reverse, SeveritiesNeeded, reverse_stress, severities
    from stresstest.errors import InputError, ModelError, ResourceError, StressTestError
    from stresstest.revaluation.engine import UnitValues
    from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

_HOMES = {
    "Book": "api",
    "Hedge": "api.hedging",
    "InputError": "errors",
    "ModelError": "errors",
    "Portfolio": "api",
    "ResourceError": "errors",
    "Resources": "api",
    "Reverse": "api.reversing",
    "Scenario": "scenarios.scenario",
    "ScenarioSet": "scenarios.scenario",
    "SeveritiesNeeded": "api.reversing",
    "Shock": "scenarios.scenario",
    "Stress": "api",
    "StressTestError": "errors",
    "Swept": "api",
    "UnitValues": "revaluation.engine",
    "apply_holdings": "api",
    "build_portfolio": "api",
    "compile": "api",
    "hedge": "api.hedging",
    "load_market": "api",
    "load_portfolio": "api",
    "load_portfolios": "api",
    "load_scenarios": "api",
    "revalue": "api",
    "reverse_stress": "api.reversing",
    "severities": "api.reversing",
    "stress": "api",
    "sweep": "api",
}
_RENAMED = {"compile": "compile_portfolios"}

__version__ = "0.1.0"
__all__ = [
    "Book",
    "Hedge",
    "InputError",
    "ModelError",
    "Portfolio",
    "ResourceError",
    "Resources",
    "Reverse",
    "Scenario",
    "ScenarioSet",
    "SeveritiesNeeded",
    "Shock",
    "Stress",
    "StressTestError",
    "Swept",
    "UnitValues",
    "apply_holdings",
    "build_portfolio",
    "compile",
    "hedge",
    "load_market",
    "load_portfolio",
    "load_portfolios",
    "load_scenarios",
    "revalue",
    "reverse_stress",
    "severities",
    "stress",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` at its first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), _RENAMED.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*globals(), *__all__])
