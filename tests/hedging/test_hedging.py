"""The package: what it offers is there, and nothing is loaded before it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import stresstest.hedging


@pytest.mark.parametrize("name", ["minimise_shortfall", "solve_modelled", "TailTerm", "TailProgram"])
def test_a_name_is_found_when_asked_for(name: str) -> None:
    assert getattr(stresstest.hedging, name).__name__ == name
    assert name in dir(stresstest.hedging)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'minimize'"):
        _ = stresstest.hedging.minimize


def test_importing_the_package_loads_no_solver() -> None:
    code = "import sys, stresstest.hedging; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "cvxpy", "highspy", "numba", "sklearn"} & set(loaded.stdout.split())
