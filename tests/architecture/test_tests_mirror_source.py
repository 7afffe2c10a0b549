"""Tests stand where their source stands: `tests/market/test_curves.py` tests `market/curves.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.architecture.source_tree import PACKAGE, TESTS, relative

# Folders whose tests belong to no single source module.
ACROSS = {"browser", "architecture", "oracle", "golden", "bad_inputs", "end_to_end", "fixtures"}


def mirrored_tests() -> list[Path]:
    tests = TESTS.rglob("test_*.py")
    return sorted(test for test in tests if not ACROSS & set(test.relative_to(TESTS).parts))


@pytest.mark.parametrize("test", mirrored_tests(), ids=relative)
def test_a_test_stands_beside_its_source(test: Path) -> None:
    folder = PACKAGE / test.relative_to(TESTS).parent
    assert folder.is_dir(), f"no package {folder.relative_to(PACKAGE)}"


def test_every_package_has_tests() -> None:
    packages = {file.parent.relative_to(PACKAGE) for file in PACKAGE.rglob("*.py")} - {Path()}
    tested = {test.parent.relative_to(TESTS) for test in mirrored_tests()}
    assert packages - tested == set()
