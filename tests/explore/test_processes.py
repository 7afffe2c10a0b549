"""Verbs run by themselves, and end where they are no longer wanted."""

from __future__ import annotations

import asyncio
import json
import time

from stresstest.explore.processes import Finished, VerbError, run_verb


def test_a_verb_leaves_status_and_output(in_a_loop):
    found = in_a_loop(run_verb(["run", "no_such_book", "--json"]))
    assert found.status == 2
    assert found.out == b""
    (problem,) = found.problems
    assert problem["code"] == "ST267"


def test_what_is_no_json_is_told_by_the_end_of_its_text():
    told = Finished(2, b"", b"x" * 1000 + b" the reason").problems
    assert told[0]["got"].endswith("the reason")
    assert len(told[0]["got"]) == 400
    assert "exit status 5" in Finished(5, b"", b"").problems[0]["got"]


def test_the_first_line_of_problems_is_taken():
    line = json.dumps({"problems": [{"code": "ST100", "got": "x"}]}).encode()
    assert Finished(2, b"", b"note\n" + line + b"\n").problems == [{"code": "ST100", "got": "x"}]


def test_a_cancelled_verb_ends_at_once(in_a_loop):
    async def cancelled():
        task = asyncio.ensure_future(run_verb(["hedge", "ai_growth_fund", "--policy", "buffett", "--json"]))
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        task.cancel()
        await asyncio.wait([task])
        return time.monotonic() - begun, task.cancelled()

    seconds, ended = in_a_loop(cancelled())
    assert ended
    assert seconds < 5.0


def test_an_error_of_a_verb_says_what_it_told():
    assert str(VerbError([{"got": "one"}, {"got": "two"}])) == "one; two"
