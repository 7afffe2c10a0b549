"""Folders of runs are opened, and what is none is refused by name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.batch.reading.small_runs import write_run
from tests.batch.real_runs import make_run

from stresstest.batch.reading.run_folder import open_run, require_finished
from stresstest.errors import InputError


def test_an_unfinished_run_shows_the_groups_that_are_done(tmp_path: Path) -> None:
    run = open_run(write_run(tmp_path / "run"))
    assert not run.finished
    assert run.tables == ("pnl", "draws")
    assert run.results() == ["fall", "rise"]
    assert run.results("draws") == ["mix/1", "mix/2"]
    assert run.table("pnl", ["portfolio"])["portfolio"].to_pylist() == ["first", "second", "third"]
    assert run.table("breaches", ["portfolio"]).num_rows == 0
    with pytest.raises(InputError, match=r"ST760.* an unfinished run.*stresstest resume"):
        require_finished(run)


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "damaged document"), ("[1]", "no mapping"), ('{"a": ', "damaged document"), ("{}", "no mapping")],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, content: str, message: str) -> None:
    folder = write_run(tmp_path / "run")
    (folder / "manifest.json").write_text(content)
    with pytest.raises(InputError, match=rf"manifest\.json.*ST760.*{message}"):
        open_run(folder)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ST760.* a folder that is no run"):
        open_run(tmp_path)
    with pytest.raises(InputError, match=r"ST760.* no such folder"):
        open_run(tmp_path / "elsewhere")


def test_a_missing_table_is_named_with_the_nearest(tmp_path: Path) -> None:
    run = open_run(write_run(tmp_path / "run"))
    with pytest.raises(InputError, match=r"ST761.*table 'drawz'; expected one of pnl, draws.*'draws'"):
        run.dataset("drawz")


def test_other_programs_read_the_tables_as_they_are(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    for name in run.tables:
        frame = pd.read_parquet(run.path / "results" / name)
        # What groups of portfolios the files are cut into is told by their folders.
        assert list(frame.columns) == [*run.dataset(name).schema.names, "group"]
    frame = pd.read_parquet(run.path / "results/contributions")
    assert set(frame["category"]) == {"equity", "cash"}
