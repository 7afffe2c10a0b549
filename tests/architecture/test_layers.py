"""Layers of the design: import-linter's contracts hold, and each package imports only what its row may."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.architecture.source_tree import PACKAGE, ROOT, relative, source_files, tree

# Outside the standard library, by package or module; `spec` modules may use pydantic as well.
ALLOWED = {
    "errors": set(),
    "error_codes": set(),
    "arrays": {"numpy"},
    "quantity": {"numpy"},
    "kernels": {"numpy", "numba", "llvmlite"},
    "io": {"numpy", "yaml", "pyarrow", "openpyxl", "pydantic", "pydantic_core"},
    "conventions": {"numpy"},
    "market": {"numpy"},
    "instrument_type": set(),
    "instruments": {"numpy", "scipy"},
    "networks": {"numpy", "scipy", "networkx"},
    "catalog": set(),
    "extend": {"numpy"},
    "portfolio": {"numpy", "scipy"},
    "scenarios": {"numpy", "scipy"},
    "revaluation": {"numpy"},
    "measures": {"numpy"},
    "conformance": {"numpy"},
    "hedging": {"numpy", "scipy", "cvxpy"},
    "reverse": {"numpy"},
    "frames": {"numpy", "pandas", "pyarrow"},
    "batch": {"numpy", "pyarrow"},
    "report": {"numpy", "matplotlib", "jinja2", "markupsafe"},
    "api": {"numpy"},
    "explore": {"numpy", "starlette", "uvicorn"},
    "cli": {"click", "rich"},
    "__init__": set(),
    "__main__": set(),
}


def outside_imports(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"stresstest", "__future__"}


def test_import_linter_contracts_hold() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_contract_ignores_an_import() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert len(settings["contracts"]) >= 6
    assert not [contract["id"] for contract in settings["contracts"] if "ignore_imports" in contract]
    assert settings["contracts"][0]["exhaustive"] is True


@pytest.mark.parametrize("file", source_files(), ids=relative)
def test_a_module_imports_only_what_its_row_may(file: Path) -> None:
    row = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = set(ALLOWED[row])
    if file == PACKAGE / "hedging" / "tails" / "simplex.py":
        allowed.add("highspy")
    if file == PACKAGE / "hedging" / "embedding" / "stress_hedger.py":
        allowed.add("sklearn")
    if file == PACKAGE / "batch" / "reading" / "query.py":
        allowed.add("duckdb")
    if file == PACKAGE / "batch" / "dask_runner.py":
        allowed |= {"dask", "distributed"}
    if file.stem == "spec" or file.stem.endswith("_spec"):
        allowed |= {"pydantic", "pydantic_core"}
    assert outside_imports(file) <= allowed
