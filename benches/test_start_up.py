"""Whole processes as a terminal user starts them: `--help`, `import`, a small warm run; a unit is a process.

The peers are floors: the interpreter alone, and the imports that the work cannot do without. A ratio of 0.8
against a floor means that the floor takes 80 % of our time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from benches.timings import OURS, Timing, measure

HELP = "whole process: stresstest --help"
IMPORT = "whole process: import stresstest"
RUN = "whole process: a shipped portfolio, all shocks, warm"
ENTRY = "import sys; from stresstest.cli.app import main; sys.argv[1:] = {arguments!r}; main()"
# Machines that build images switch byte code off; users have it.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

CASES = [
    (HELP, OURS, ENTRY.format(arguments=["--help"]), "warmup"),
    (HELP, "floor: Python alone", "print()", ""),
    (HELP, "floor: import click", "import click; print()", ""),
    (HELP, "import pandas", "import pandas; print()", ""),
    (IMPORT, OURS, "import stresstest; print()", ""),
    (IMPORT, "floor: Python alone", "print()", ""),
    (RUN, OURS, ENTRY.format(arguments=["run", "ai_growth_fund"]), "ai_capex_collapse"),
    (
        RUN,
        "floor: import what a run needs",
        "import click, numpy, pydantic, yaml, rich.console, numba; print()",
        "",
    ),
    (RUN, "import pandas, scipy.stats, QuantLib", "import pandas, scipy.stats, QuantLib; print()", ""),
]


@pytest.mark.parametrize(
    ("work", "who", "code", "word"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES]
)
def test_whole_process(benchmark: Any, work: str, who: str, code: str, word: str) -> None:
    def process() -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout

    assert word in process()
    measure(benchmark, Timing(work, who), process)
