"""What starts light stays light: modules that each way in may not load, read off `sys.modules`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.source_tree import ROOT

CORE = {"numpy", "pydantic", "yaml", "rich", "scipy", "importlib.metadata"}
COMPILED = {"numba", "llvmlite"}
GRAPHS = {"networkx"}
EDGE = {"pandas", "pyarrow", "cvxpy", "matplotlib", "dask", "duckdb", "openpyxl"}
HEAVY = CORE | COMPILED | EDGE | GRAPHS

# Runs the console script's entry point and writes the loaded modules to a file at the very end.
PROBE = """
import json, sys
try:
    from stresstest.cli.app import main
    main()
except SystemExit as ending:
    status = ending.code or 0
json.dump({"status": status, "modules": sorted(sys.modules)}, open(MODULES, "w"))
"""


def modules_of(arguments: list[str], folder: Path, **environment: str) -> tuple[set[str], str]:
    """Return the modules that the command line loads, and what it prints."""
    target = folder / "modules.json"
    probe = f"MODULES = {str(target)!r}\n{PROBE}"
    result = subprocess.run(
        [sys.executable, "-c", probe, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["status"] == 0, result.stdout + result.stderr
    return set(found["modules"]), result.stdout


def test_import_is_light() -> None:
    code = "import sys, stresstest; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(result.stdout.split())


HELPS = [["--help"], ["run", "--help"], ["explain", "--help"], ["network", "show", "--help"]]


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_help_is_light(arguments: list[str], tmp_path: Path) -> None:
    modules, text = modules_of(arguments, tmp_path)
    assert text.startswith("Usage: ")
    assert not HEAVY & modules


def test_help_loads_no_verb(tmp_path: Path) -> None:
    modules, text = modules_of(["--help"], tmp_path)
    assert "warmup" in text
    assert not [name for name in modules if name.startswith("stresstest.cli.commands.")]


def test_completion_is_light(tmp_path: Path) -> None:
    environment = {"_STRESSTEST_COMPLETE": "bash_complete", "COMP_WORDS": "stresstest va", "COMP_CWORD": "1"}
    modules, text = modules_of([], tmp_path, **environment)
    assert "validate" in text
    assert not HEAVY & modules


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "shocks"],
        ["list", "instruments"],
        ["schema", "portfolio"],
        ["validate", "portfolios/ai_growth_fund.yaml"],
        ["explain", "ai_capex_collapse", "--portfolio", "ai_growth_fund"],
        ["schema", "hedge_policy"],
        ["validate", "buffett"],
        ["explain", "tail_puts"],
        ["list", "networks"],
        ["validate", "shocks/openai_funding_stop.yaml"],
        ["explain", "openai_funding_stop", "--portfolio", "ai_growth_fund"],
        ["schema", "network"],
        ["validate", "ai_circular_financing"],
        ["explain", "ai_circular_financing"],
        ["network", "show", "ai_circular_financing"],
        ["network", "show", "ai_circular_financing", "--json"],
    ],
    ids=" ".join,
)
def test_verbs_that_price_nothing_load_no_compiler(arguments: list[str], tmp_path: Path) -> None:
    modules, text = modules_of(arguments, tmp_path)
    assert text
    assert not (COMPILED | EDGE) & modules


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["terminal", "json"])
def test_a_run_loads_nothing_of_the_edge(form: list[str], tmp_path: Path) -> None:
    modules, text = modules_of(["run", "ai_growth_fund", "--shocks", "ai_capex_collapse", *form], tmp_path)
    assert "ai_capex_collapse" in text
    assert not (EDGE | GRAPHS) & modules
    assert COMPILED & modules
