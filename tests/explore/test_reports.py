"""The report of a view is the one that the command line writes."""

from __future__ import annotations

import pytest
from tests.cli.runner import run

from stresstest.explore.processes import VerbError
from stresstest.explore.reports import ReportQuestion, report_of

OPTIONS = ("--shocks", "ai_capex_collapse", "--severity", "80%")


def test_the_bytes_of_the_command_line(in_a_loop, tmp_path):
    question = ReportQuestion("book_report.html", (("ai_growth_fund", "ai_growth_fund"),), OPTIONS)
    found = in_a_loop(report_of(question))
    target = tmp_path / "expected.html"
    assert run("report", "ai_growth_fund", *OPTIONS, "-o", target).code == 0
    assert found.text.encode() == target.read_bytes()
    assert (found.name, found.media_type) == ("book_report.html", "text/html")


def test_what_the_command_refuses_is_told(in_a_loop):
    question = ReportQuestion("x.html", (("none", "no_such_book"),), OPTIONS)
    with pytest.raises(VerbError, match="ST267"):
        in_a_loop(report_of(question))
