"""Reports of every shipped portfolio under the whole library: well formed, small, the same if built again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.report.page.structure import Structure

import stresstest as st
from stresstest.api.reporting import report_page, report_view_of
from stresstest.io.resources import names
from stresstest.kernels._jit import enable_caching

enable_caching()
LARGEST, MOST_SECONDS = 3_000_000, 30.0
"""Bytes; and processor time, many times what it takes alone, so that a busy machine does not count."""


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, _ in names("portfolios")])
def test_a_report_is_small_whole_and_stable(name: str, tmp_path: Path) -> None:
    result = st.stress(st.load_portfolio(name), st.load_scenarios())
    report_page(report_view_of(result))
    begun = time.process_time()
    page = report_page(report_view_of(result))
    assert time.process_time() - begun < MOST_SECONDS
    assert len(page.encode()) < LARGEST
    found = Structure(page)
    assert found.mistakes == []
    assert {"notes", "losses", "coverage", "provenance", "sign-off"} <= {
        tag.attributes.get("id", "") for tag in found.named("section")
    }
    result.report(tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
