"""The work of hedges crosses to another process, places of positions with it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from tests.batch.hedges.hedged_job import write_job

from stresstest.batch.hedges.following import hedges_of, sendable
from stresstest.batch.hedges.work import HedgeWork
from stresstest.batch.jobs.job import load_job
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import plan_batch
from stresstest.batch.store.parts import DamagedPartError
from stresstest.portfolio.loading import load_portfolio


@pytest.fixture
def sent(tmp_path: Path) -> HedgeWork:
    planned = plan_batch(load_job(write_job(tmp_path)), BatchOptions(1, "serial"))
    found = hedges_of(planned.inputs, planned.prepared, planned.plan, tmp_path / "run")
    assert found is not None
    assert [task.id for task in found.tasks] == ["hedge-00000", "hedge-00001"]
    arrived: HedgeWork = pickle.loads(pickle.dumps(found.work))  # noqa: S301 - our own
    return arrived


def test_only_what_is_hedged_is_sent(sent: HedgeWork) -> None:
    assert set(sent.portfolios) == {"growth", "euros"}
    assert sent.groups == {"growth": 1, "euros": 0}
    assert sent.n_groups == 2


def test_a_missing_part_is_told(sent: HedgeWork) -> None:
    with pytest.raises(DamagedPartError, match="hedge-00000"):
        sent._gathered()


def test_places_of_positions_are_kept(tmp_path: Path) -> None:
    write_job(tmp_path)
    portfolio = load_portfolio(tmp_path / "books/growth.yaml")
    other = pickle.loads(pickle.dumps(sendable(portfolio)))  # noqa: S301 - our own
    where = other.positions.locate(1, "issuer")
    assert (Path(where.file).name, where.line) == ("growth.yaml", 6)
    assert other.positions.ids == portfolio.positions.ids
