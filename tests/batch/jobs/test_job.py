"""Batch jobs as read: what is written, what is left to defaults, and everything wrong at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.batch.jobs.job import LIBRARY, Output, find_job, load_job
from stresstest.errors import InputError

FULL = """\
version: 1
name: nightly
title: Every account
portfolios: [ai_growth_fund, accounts/*.yaml]
market: [2025-10-03, prices.csv]
scenarios: [library, {sample: ai_burst_12m, columns: 1_000, seed: 7}]
severity: 50%
measures: [worst_loss, value_at_risk, worst_loss]
confidence_level: 99%
contributions: [type, theme, type]
limits:
  - {name: committee, scenario: any, max_loss: 30%, warning: 20%, of: gross, owner: Head of market risk}
reconcile: {tolerance: 2%}
challenger: factor_model
judgement: true
previous: monday
output: {layout: long, group_size: 3}
"""


def job_file(folder: Path, text: str) -> Path:
    """Return a job written to a folder."""
    path = folder / "job.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def diagnostics(path: Path) -> str:
    """Return everything that is wrong in a job."""
    with pytest.raises(InputError) as caught:
        load_job(path)
    return str(caught.value)


def test_everything_written_is_read(tmp_path: Path) -> None:
    job = load_job(job_file(tmp_path, FULL))
    assert job.name, job.title == ("nightly", "Every account")
    assert job.portfolios == ("ai_growth_fund", "accounts/*.yaml")
    assert job.market == ("2025-10-03", "prices.csv")
    assert job.scenarios == (LIBRARY,)
    (sample,) = job.samples
    assert (sample.source, sample.columns, sample.seed, sample.location.line) == ("ai_burst_12m", 1_000, 7, 6)
    assert job.severity == 0.5
    assert job.confidence_level == 0.99
    assert (job.reconcile, job.challenger, job.judgement) == (0.02, "factor_model", True)
    assert job.previous == ("monday",)
    assert job.output == Output("long", 3)


def test_what_stands_twice_counts_once_in_the_order_written(tmp_path: Path) -> None:
    job = load_job(job_file(tmp_path, FULL))
    assert job.measures == ("worst_loss", "value_at_risk")
    assert job.contributions == ("type", "theme")


def test_limits_keep_their_warning_owner_and_place(tmp_path: Path) -> None:
    (limit,) = load_job(job_file(tmp_path, FULL)).limits
    assert (limit.name, limit.scenario, limit.of) == ("committee", "any", "gross")
    assert (limit.max_loss, limit.warning, limit.owner) == (0.3, 0.2, "Head of market risk")
    assert limit.location.line == 12


def test_defaults(tmp_path: Path) -> None:
    job = load_job(job_file(tmp_path, "version: 1\nname: small\nportfolios: [balanced_60_40]\n"))
    assert (job.scenarios, job.samples, job.market) == ((LIBRARY,), (), ())
    assert (job.severity, job.output, job.reconcile, job.hedge) == (1.0, Output("wide", 500), None, None)


def test_a_part_without_a_place_of_its_own_is_in_the_file(tmp_path: Path) -> None:
    path = job_file(tmp_path, FULL)
    job = load_job(path)
    assert job.at("portfolios.accounts/*.yaml").line == 4
    assert job.at("nothing").file == str(path)


def test_paths_count_from_the_folder_of_the_job(tmp_path: Path) -> None:
    job = load_job(job_file(tmp_path, FULL))
    assert job.path("prices.csv") == tmp_path / "prices.csv"
    assert job.path("/elsewhere/prices.csv") == Path("/elsewhere/prices.csv")


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = FULL.replace("title:", "titel:").replace("factor_model", "other").replace("50%", "half")
    text = diagnostics(job_file(tmp_path, wrong))
    assert "job.yaml:3:1" in text
    assert "did you mean 'title'" in text
    assert "job.yaml:7:11" in text
    assert "job.yaml:14:13" in text


def test_a_warning_is_below_its_limit(tmp_path: Path) -> None:
    assert "ST735" in diagnostics(job_file(tmp_path, FULL.replace("warning: 20%", "warning: 40%")))


@pytest.mark.parametrize("severity", ["-1%", "10_001%"])
def test_severities_have_bounds(tmp_path: Path, severity: str) -> None:
    text = diagnostics(job_file(tmp_path, FULL.replace("50%", severity)))
    assert "job.yaml:7" in text


def test_a_name_near_a_shipped_one_is_suggested() -> None:
    with pytest.raises(InputError, match="ST700") as caught:
        find_job("nightli")
    assert "nightly" in str(caught.value)


def test_a_list_is_no_job(tmp_path: Path) -> None:
    assert "ST152" in diagnostics(job_file(tmp_path, "- name: nightly\n"))
