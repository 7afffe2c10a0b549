"""The table of ratios: every figure is a peer's time over ours for the same work, timed in the same run.

A bench calls `measure(benchmark, Timing(...), function)`. Timings of one `work` are compared per unit: the
subject is `ours`, every other is a peer. Nothing here asserts a time.
"""

from __future__ import annotations

import pytest
from benches.timings import TIMINGS, not_measured, ratio_rows


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the ratios of this run."""
    if not TIMINGS and not not_measured():
        return
    terminalreporter.section("ratios: time of the peer / ours, per unit of work, medians of one run")
    for row in ratio_rows():
        terminalreporter.write_line(row)
