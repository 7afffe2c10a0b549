"""One answer, to the last bit: at any width, on any processor, compiled or as plain Python."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.kernels.functions import FUNCTIONS, WIDTH, answers, block, digests

ROOT = Path(__file__).parents[2]
OTHER_WAYS = [
    pytest.param({"NUMBA_DISABLE_JIT": "1"}, id="plain Python"),
    *(
        pytest.param(
            {"NUMBA_CPU_NAME": name},
            id=name,
            marks=pytest.mark.skipif(
                platform.machine() not in {"x86_64", "AMD64"}, reason="a processor of another family"
            ),
        )
        for name in ("haswell", "nehalem")  # 256-bit vectors with fma, 128-bit vectors without
    ),
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_cell_does_not_depend_on_the_width_of_its_block(name: str) -> None:
    x = block()
    one_by_one = np.concatenate([answers(name, 1, x[j:]) for j in range(WIDTH)])
    for width in range(1, WIDTH + 1):
        assert answers(name, width, x).tobytes() == one_by_one[:width].tobytes(), width


@pytest.mark.parametrize("environment", OTHER_WAYS)
def test_another_process_gives_the_same_bits(environment: dict[str, str]) -> None:
    settings = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment}
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("functions.py"))]
    result = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == digests()
