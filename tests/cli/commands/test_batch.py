"""`stresstest batch`, `resume` and `status` on a small real job; wrong input leaves nothing behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.batch.running.real_job import write_job
from tests.cli.runner import Outcome, run

from stresstest.batch.running import runner
from stresstest.batch.store.lock import locked


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_job(tmp_path_factory.mktemp("job"))


@pytest.fixture(scope="module")
def ran(job: Path) -> tuple[Path, Outcome]:
    folder = job.parent / "run"
    return folder, run("batch", job, "-o", folder, "--executor", "serial")


def test_a_batch_ends_with_its_summary_and_where_it_lies(ran: tuple[Path, Outcome]) -> None:
    folder, done = ran
    assert (done.code, done.err) == (0, "")
    assert "small: Four small portfolios" in done.out
    assert f"Run {folder}, digest " in done.out
    assert "Valued in " in done.out


def test_a_finished_run_says_what_it_holds(ran: tuple[Path, Outcome]) -> None:
    shown = run("status", ran[0])
    assert shown.out.startswith(f"small in {ran[0]}: finished\n5 of 5 tasks done\nEnded ")
    assert "4 portfolios, 8 positions, 2 scenarios, 700 draws" in shown.out
    status = json.loads(run("status", ran[0], "--json").out)
    assert (status["state"], status["done"], status["total"]) == ("finished", 5, 5)
    assert len(status["digest"]) == 64
    again = json.loads(run("resume", ran[0], "--json").out)
    assert (again["digest"], again["complete"]) == (status["digest"], True)


def test_a_limit_that_is_breached_is_a_status_where_asked_for(ran: tuple[Path, Outcome]) -> None:
    assert run("resume", ran[0], "--fail-on", "limit").code == 1
    assert run("resume", ran[0]).code == 0


def test_a_dry_run_predicts_and_writes_nothing(job: Path, tmp_path: Path) -> None:
    before = sorted(job.parent.rglob("*"))
    shown = run("batch", job, "-o", tmp_path / "run", "--dry-run", "--workers", "2")
    assert shown.code == 0
    assert "small: 4 portfolios, 8 positions, 5 distinct instruments" in shown.out
    assert "3 valuations and 2 groups on 2 workers" in shown.out
    assert "for reading" in shown.out
    assert "GB in all processes" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80
    document = json.loads(run("batch", job, "--dry-run", "--json").out)
    assert [task["kind"] for task in document["tasks"]] == ["value"] * 3 + ["assemble"] * 2
    assert document["seconds_preparing"] > 0.0
    assert sorted(job.parent.rglob("*")) == before
    assert not (tmp_path / "run").exists()


REFUSED = [
    ((), "ST400.*--output DIR is missing"),
    (("-o", "run", "--dask", "nonsense"), "ST400.*no address; write tls://scheduler:8786"),
    (("-o", "run", "--dask", "local", "--executor", "serial"), "ST400.*exclude one another"),
    (("-o", "run", "--memory", "lots"), "ST400.*write 4GB or 512MiB"),
    (("-o", "run", "--workers", "0"), "ST400.*--workers"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_wrong_options_are_bad_input(
    job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = run("batch", job, *options)
    assert (refused.code, refused.out) == (2, "")
    assert re.search(said, refused.err)
    assert list(tmp_path.iterdir()) == []


def test_wrong_jobs_are_named_by_line_and_column_and_nothing_is_written(job: Path, tmp_path: Path) -> None:
    text = job.read_text(encoding="utf-8")
    for old, new, said in (
        ("portfolios:", "portfolis:", r"job\.yaml:4:1: error\[ST150\].*did you mean 'portfolios'"),
        ("accounts.csv", "acounts.csv", r"job\.yaml:4:14: error\[ST701\].*acounts\.csv"),
        ("export_stop", "export_stpo", r"job\.yaml:6:32: error\[ST322\].*did you mean 'export_stop'"),
        ("2025-10-03", "2025-13-03", r"job\.yaml:5:9: error\[ST200\].*did you mean '2025-10-03'"),
        ("worst_loss", "worst_los", r"job\.yaml:7:32: error\[ST154\].*did you mean 'worst_loss'"),
    ):
        wrong = job.parent / "wrong_job.yaml"
        wrong.write_text(text.replace(old, new), encoding="utf-8")
        refused = run("batch", wrong, "-o", tmp_path / "run")
        wrong.unlink()
        assert (refused.code, refused.out) == (2, "")
        assert re.search(said, refused.err)
        assert not (tmp_path / "run").exists()


def test_folders_that_are_taken_are_refused(job: Path, tmp_path: Path, ran: tuple[Path, Outcome]) -> None:
    refused = run("batch", job, "-o", ran[0])
    assert (refused.code, refused.out) == (2, "")
    assert "error[ST751] a folder with a finished run" in refused.err
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").touch()
    assert "ST751] a folder with other files" in run("batch", job, "-o", tmp_path / "other").err
    assert "ST754] no such folder" in run("resume", tmp_path / "nowhere").err
    assert "ST754]" in run("status", tmp_path).err


def test_a_folder_where_another_run_works_names_it(
    job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "plan_batch", lambda *_: pytest.fail("loaded before the lock was seen"))
    with locked(tmp_path / "lock") as holder:
        refused = run("batch", job, "-o", tmp_path)
    assert (refused.code, refused.out) == (5, "")
    assert f"process {holder.pid} on {holder.host} since" in refused.err
