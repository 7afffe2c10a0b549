"""Sampled columns have the same bits compiled for any processor and as plain Python."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fixtures.modelled_markets import with_model
from tests.scenarios.markets import small_market

from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import sample_scenarios
from stresstest.scenarios.scenario import Scenario, Shock

ROOT = Path(__file__).parents[2]
CRASH = Scenario("crash", (Shock.of("spot", "-40%", issuer="NVDA"),), "1m")


def digest() -> str:
    """Return a digest of every level of every factor in some draws across the border of two blocks."""
    drawn = MemberSet(
        (CRASH,),
        severities={"crash": SeverityRange(0.5, 1.0, 1.5)},
        sample=SampleTerms(1_030, 7, "stressed", 4, varies="all"),
    )
    columns = sample_scenarios(drawn, with_model(small_market()))
    values = columns.bind(list(columns.base)).chunk(0, 1_015, 1_031)
    return hashlib.sha256(values.tobytes()).hexdigest()


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"NUMBA_DISABLE_JIT": "1"}, id="plain Python"),
        pytest.param(
            {"NUMBA_CPU_NAME": "nehalem"},
            id="nehalem",
            marks=pytest.mark.skipif(
                platform.machine() not in {"x86_64", "AMD64"}, reason="a processor of another family"
            ),
        ),
    ],
)
def test_another_process_gives_the_same_bits(environment: dict[str, str]) -> None:
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})"
    code = f"{path}; from tests.scenarios.test_sampling_bits import digest; print(digest())"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == digest()
