"""The source files of the project and their syntax trees, for the tests of the architecture."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "stresstest"
TESTS = ROOT / "tests"


@cache
def source_files() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def files_of_tests() -> tuple[Path, ...]:
    folders = (TESTS, ROOT / "benches")
    return tuple(sorted(file for folder in folders for file in folder.rglob("*.py")))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def is_kernel_file(file: Path) -> bool:
    """Tell whether the file holds compiled functions."""
    in_package = file.parent == PACKAGE / "kernels" and file.name != "__init__.py"
    return in_package or (file.name == "kernel.py" and file.is_relative_to(PACKAGE / "instruments"))
