"""What is wrong with a job's hedges is told before anything is written, all at once, with places."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.batch.hedges.hedged_job import CHIPS_TOO, JOB, write_job
from tests.cli.runner import run

from stresstest.batch.inputs.loading import load_inputs
from stresstest.batch.inputs.recording import Recorder
from stresstest.batch.jobs.job import load_job
from stresstest.errors import InputError
from stresstest.hedging.policies.scenario_names import plain_names


def test_names_of_policy_and_portfolio_that_there_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = JOB.replace("own/small.yaml", "bufet").replace("[growth, euros]", "[growht, euros]")
    write_job(tmp_path, job)
    done = run("batch", "job.yaml", "-o", "run")
    assert done.code == 2
    assert done.err.splitlines() == [
        "job.yaml:8:17: error[ST478] hedge policy 'bufet'; expected a hedge policy of the library "
        "(stresstest list hedges), or a file; did you mean 'buffett'?",
        "job.yaml:8:37: error[ST708] portfolio 'growht' to hedge; expected a portfolio of the job, "
        "or breaching; did you mean 'growth'?",
    ]
    assert not (tmp_path / "run").exists()


def test_a_policy_that_names_what_there_is_not(tmp_path: Path) -> None:
    job = write_job(tmp_path, policy=CHIPS_TOO.replace("chips_halve", "chips_halved"))
    with pytest.raises(InputError, match="ST479") as caught:
        load_inputs(load_job(job))
    assert str(tmp_path / "own/small.yaml:") in str(caught.value)


def test_an_empty_list_hedges_nothing_and_is_refused(tmp_path: Path) -> None:
    job = write_job(tmp_path, JOB.replace("[growth, euros]", "[]"))
    with pytest.raises(InputError, match=r"job\.yaml:8"):
        load_job(job)


def test_an_order_has_read_all_that_a_plan_reads(tmp_path: Path) -> None:
    tail = "{minimise: expected_shortfall, set: ai_burst_12m, confidence_level: 95%, columns: 40, weight: 1}"
    policy = CHIPS_TOO.replace("objective:\n", f"objective:\n  - {tail}\n")
    recorder = Recorder()
    found = load_inputs(load_job(write_job(tmp_path, policy=policy)), recorder).hedge
    assert found is not None
    assert set(plain_names(found.policy)) <= set(found.scenarios.names)
    members = found.policy.objective[0].members
    assert members is not None
    assert members.sample is not None
    assert members.sample.columns == 40
    read = {Path(file.path).name: file.role for file in recorder.files}
    assert read["small.yaml"] == "policy"
    assert {read["chips_halve.yaml"], read["ai_burst_12m.yaml"]} == {"scenarios"}
    assert read["factor_model.yaml"] == "market"


def test_a_job_of_draws_alone_hedges_under_the_shipped_scenarios(tmp_path: Path) -> None:
    draws = "[{sample: ai_burst_12m, columns: 20, seed: 1}]"
    job = write_job(tmp_path, JOB.replace("[ai_capex_collapse, export_stop]", draws))
    found = load_inputs(load_job(job)).hedge
    assert found is not None
    assert {"time_bomb", "boom_continues", "chips_halve"} <= set(found.scenarios.names)
