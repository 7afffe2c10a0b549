"""Hedges of a plan: one a portfolio that is named, those that breach once they are known."""

from __future__ import annotations

from stresstest.batch.jobs.job import HedgeRequest
from stresstest.batch.planning.hedge_tasks import GATHER, breaching_hedges, planned_hedges
from stresstest.batch.running.carrying_out import FOLLOWING


def test_portfolios_that_are_named_have_a_task_each_in_order_of_name() -> None:
    tasks = planned_hedges(HedgeRequest("buffett", ("b", "a")))
    assert [(task.id, task.portfolio, task.kind) for task in tasks] == [
        ("hedge-00000", "a", "hedge"),
        ("hedge-00001", "b", "hedge"),
        (GATHER, "", "gather"),
    ]
    assert all(task.id.startswith(FOLLOWING) and task.cost_seconds > 0.0 for task in tasks)


def test_those_that_breach_keep_their_ids_when_others_breach_too() -> None:
    assert [task.id for task in planned_hedges(HedgeRequest("buffett"))] == [GATHER]
    few, more = breaching_hedges(["c", "c"], "abcd"), breaching_hedges(["a", "c"], "abcd")
    assert [(task.id, task.portfolio) for task in few] == [("hedge-00002", "c")]
    assert set(few) < set(more)
    assert planned_hedges(None) == ()
