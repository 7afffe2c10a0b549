"""The library: found in the package or else in the checkout, by exact name only."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.errors import ResourceError
from stresstest.io import resources
from stresstest.io.resources import default_market, find_in_library, library_path, names

KINDS = ["shocks", "portfolios", "markets", "networks", "sets", "hedges", "jobs"]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay out an installed package with a checkout around it and return the packaged library."""
    package = tmp_path / "src" / "stresstest"
    for root in (package / "_data", tmp_path):
        (root / "shocks" / "networks").mkdir(parents=True)
        (root / "portfolios" / "markets" / "2025-10-03").mkdir(parents=True)
        (root / "portfolios" / "markets" / "2025-10-03" / "market.yaml").touch()
        (root / "portfolios" / "markets" / "empty").mkdir()
        for name in ("b.yaml", "a.yaml", "notes.md"):
            (root / "shocks" / name).touch()
        for name in ("fund.yaml", "holdings.csv", "old.parquet"):
            (root / "portfolios" / name).touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    return package / "_data"


def test_the_packaged_copy_comes_first(installed: Path) -> None:
    assert library_path("shocks") == installed / "shocks"
    assert library_path("markets") == installed / "portfolios" / "markets"


def test_else_the_checkout(installed: Path) -> None:
    installed.rename(installed.with_name("gone"))
    assert library_path("networks") == installed.parents[2] / "shocks" / "networks"


def test_else_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "a" / "b" / "c")
    with pytest.raises(ResourceError, match="no library"):
        library_path("shocks")


def test_names_are_sorted_and_only_of_the_kind(installed: Path) -> None:
    assert [name for name, _ in names("shocks")] == ["a", "b"]
    assert names("portfolios") == [
        ("fund", installed / "portfolios" / "fund.yaml"),
        ("holdings", installed / "portfolios" / "holdings.csv"),
    ]
    assert [name for name, _ in names("markets")] == ["2025-10-03"]
    assert names("jobs") == []


def test_the_default_market_is_the_newest_with_a_date_for_a_name(installed: Path) -> None:
    for name in ("2024-12-31", "deal", "2025-10-03-deal", "20251101", "2025-13-01"):
        (installed / "portfolios" / "markets" / name).mkdir()
        (installed / "portfolios" / "markets" / name / "market.yaml").touch()
    assert default_market() == ("2025-10-03",)
    (installed / "portfolios" / "markets" / "2025-10-03" / "market.yaml").unlink()
    assert default_market() == ("2024-12-31",)
    (installed / "portfolios" / "markets" / "2024-12-31" / "market.yaml").unlink()
    assert default_market() == ()


def test_find(installed: Path) -> None:
    assert find_in_library("shocks", "a") == installed / "shocks" / "a.yaml"
    assert find_in_library("markets", "2025-10-03") == installed / "portfolios" / "markets" / "2025-10-03"
    for name in ("A", "", ".", "..", "../shocks/a", "a.yaml", str(installed / "shocks" / "a"), "a\0"):
        assert find_in_library("shocks", name) is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_real_library_is_found(kind: str) -> None:
    assert library_path(kind).parent.is_dir()
    assert all(path.exists() for _, path in names(kind))
