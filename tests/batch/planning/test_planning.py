"""Plans: every result once, cut as memory allows, the same for the same inputs."""

from __future__ import annotations

import numpy as np
import pytest
from tests.batch.jobs_on_disk import MSFT, NVDA, account, prepared_job, write_job

from stresstest.batch.planning.cost import costs_of
from stresstest.batch.planning.plan import Plan
from stresstest.batch.planning.planning import plan_of
from stresstest.batch.planning.prepared import Prepared
from stresstest.errors import ResourceError

JOB = """\
version: 1
name: planned
portfolios: [accounts/]
market: 2025-10-03
scenarios: [fall.yaml, slow_grind, rise.yaml, {sample: ai_burst_12m, columns: 1_100}]
output: {group_size: 2}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    files = {f"{name}.yaml": account(name, NVDA, MSFT) for name in ("one", "two", "three")}
    return prepared_job(write_job(tmp_path_factory.mktemp("planned"), files, JOB))


def test_every_result_is_valued_once_and_every_group_assembled(prepared: Prepared) -> None:
    plan = plan_of(prepared, 8 * 1024**3, 2)
    assert sorted(name for task in plan.values for name in task.scenarios) == ["fall", "rise", "slow_grind"]
    ranges = sorted((task.low, task.high) for task in plan.values if task.set)
    assert ranges == [(0, 512), (512, 1024), (1024, 1100)]
    assert [task.group for task in plan.assemblies] == [0, 1]
    assert (plan.n_portfolios, plan.n_positions, plan.n_instruments) == (3, 6, 2)
    assert (plan.n_results, plan.n_columns) == (1103, 1 + 2 + 6 + 1100)
    assert len({task.id for task in plan.tasks}) == len(plan.tasks)
    assert all(task.cost_seconds > 0.0 and task.bytes > 0 for task in plan.tasks)


def test_a_plan_is_deterministic_and_survives_its_document(prepared: Prepared) -> None:
    plan = plan_of(prepared, 8 * 1024**3, 2)
    assert plan == plan_of(prepared, 8 * 1024**3, 2)
    assert Plan.from_json(plan.to_json()) == plan


def test_short_memory_makes_narrow_tasks_and_then_an_error(prepared: Prepared) -> None:
    costs = costs_of(prepared)
    narrow = plan_of(prepared, costs.held_bytes(1) + 200 * costs.column_bytes, 1)
    widths = [task.high - task.low for task in narrow.values if task.set]
    assert set(widths) == {128, 1100 % 128}
    assert narrow.bytes <= narrow.memory or max(task.bytes for task in narrow.values if not task.set)
    with pytest.raises(ResourceError, match="raise --memory"):
        plan_of(prepared, costs.held_bytes(1) + 100 * costs.column_bytes, 1)


def test_paths_are_valued_apart_from_what_ends_today(prepared: Prepared) -> None:
    tasks = [task.scenarios for task in plan_of(prepared, 8 * 1024**3, 2).values if task.scenarios]
    assert sorted(tasks) == [("fall", "rise"), ("slow_grind",)]


def test_more_workers_take_less_time(prepared: Prepared) -> None:
    seconds = [plan_of(prepared, 64 * 1024**3, workers).seconds for workers in (1, 2, 4)]
    assert np.all(np.diff(seconds) < 0.0)
