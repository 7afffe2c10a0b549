"""Settings of all tests."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

# A machine shared with other work may pause any example for longer than the default 200 ms.
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")


class _Failures:
    """Names a failure when it happens: a run that is cut short has told what it found."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the line of a failure."""
        if report.failed:
            self._terminal.write_line(f"\nFAILED {report.nodeid} ({report.when})")


@pytest.hookimpl(trylast=True)  # after pytest's own, which sets up its output
def pytest_configure(config: pytest.Config) -> None:
    """Name failures at once, and let processes that tests start be interrupted.

    A shell without job control starts what runs in the background with interrupts ignored, and what is
    ignored is inherited by every process below; what is handled is not.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(_Failures(terminal), "failures-at-once")
