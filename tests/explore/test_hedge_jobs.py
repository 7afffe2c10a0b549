"""Hedges in the background: made in steps, told on the way, given up at once."""

from __future__ import annotations

import asyncio

import pytest

from stresstest.explore.hedge_jobs import HedgeJob


@pytest.fixture
def question(desk):
    return desk.hedge_question(desk.view({"scenario": "ai_capex_collapse", "severity": "70%"}), "tail_puts")


async def ended(job, seconds=240.0):
    for _ in range(int(seconds / 0.05)):
        if job.document()["status"] != "running":
            break
        await asyncio.sleep(0.05)
    return job.document()


def test_an_answer_and_the_trades_that_make_it(desk, question, in_a_loop):
    async def asked():
        job = HedgeJob(question)
        job.start()
        return await ended(job)

    found = in_a_loop(asked())
    assert (found["status"], found["step"], found["problems"]) == ("done", 2, [])
    assert found["answer"]["status"] in ("optimal", "feasible")
    assert "ai_capex_collapse_saved" in {one["name"] for one in found["answer"]["scenarios"]}
    assert found["answer"]["challenges"]
    trades = {"ai_growth_fund": found["trades"]}
    view = desk.view({"scenario": "ai_capex_collapse", "severity": "70%", "trades": trades})
    asked_for = next(one for one in found["answer"]["scenarios"] if one["name"] == "ai_capex_collapse_saved")
    after = desk.move(view)["portfolios"][0]
    before = desk.move(desk.view({"scenario": "ai_capex_collapse", "severity": "70%"}))["portfolios"][0]
    assert asked_for["pnl_before"] == pytest.approx(before["pnl"], rel=1e-9)
    assert after["value"] - before["base_value"] == pytest.approx(asked_for["pnl_after"], rel=1e-9)


def test_a_job_is_given_up(question, in_a_loop):
    async def given_up():
        job = HedgeJob(question)
        job.start()
        await asyncio.sleep(0.2)
        running = job.document()["status"]
        await job.cancel()
        return running, job.document()

    running, found = in_a_loop(given_up())
    assert running == "running"
    assert (found["status"], found["answer"]) == ("cancelled", None)


def test_what_is_wrong_is_told(question, in_a_loop):
    from dataclasses import replace

    async def failed():
        job = HedgeJob(replace(question, policy="no_such"))
        job.start()
        return await ended(job)

    found = in_a_loop(failed())
    assert found["status"] == "failed"
    assert found["problems"][0]["code"] == "ST478"
