"""Levels have the same bits whether the powers of a severity are compiled or run as plain Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.scenarios.markets import small_market

from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

ROOT = Path(__file__).parents[2]
SHOCKS = (
    Shock.of("spot", "-57%", theme="ai_accelerators"),
    Shock.of("spot", "=61.7", issuer="KO"),
    Shock.of("credit_spread", "+130bp", theme="ai_accelerators"),
    Shock.of("zero_rate", {"1Y": "-75bp", "7Y": "-40bp"}, curve="USD"),
)


def digest() -> str:
    """Return a digest of every level that some severities give, funds included."""
    result = hashlib.sha256()
    for severity in (0.37, 1.0, 1.9):
        compiled = compile_scenarios(ScenarioSet((Scenario("bits", SHOCKS, "1m"),)), small_market(), severity)
        for key in sorted(compiled.columns.moved):
            result.update(f"{key}".encode())
            result.update(compiled.columns.moved[key].tobytes())
    return result.hexdigest()


@pytest.mark.parametrize("disabled", ["0", "1"])
def test_compiled_and_plain_python_give_the_same_bits(disabled: str) -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    code = f"{path}; from tests.scenarios.test_bits import digest; print(digest())"
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == digest()
