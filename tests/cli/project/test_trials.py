"""Made-up accounts with a job over them, from the command line."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.runner import run

from stresstest.catalog import instrument_types

SMALL = ("--accounts", 12, "--positions", 8, "--instruments", 60, "--seed", 3)


def test_a_trial_is_a_job_that_can_be_planned(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "trial"
    code, out, err = run("init", folder, *SMALL)
    assert code == 0, err
    assert f"next: stresstest batch {folder / 'nightly.yaml'} --dry-run" in out
    code, out, err = run("batch", folder / "nightly.yaml", "--dry-run")
    assert code == 0, err
    assert "trial: 12 portfolios, 96 positions" in out


def test_a_seed_is_a_content(tmp_path: Path) -> None:
    for name in ("one", "again"):
        assert run("init", tmp_path / name, *SMALL).code == 0
    assert run("init", tmp_path / "other", *SMALL[:-1], 4).code == 0
    tables = [pq.read_table(tmp_path / name / "accounts.parquet") for name in ("one", "again", "other")]
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])


def test_one_account_is_a_book_of_every_type(tmp_path: Path) -> None:
    given = ("--accounts", 1, "--positions", 120, "--instruments", 60)
    assert run("init", tmp_path, *given).code == 0
    table = pq.read_table(tmp_path / "accounts.parquet")
    assert set(table["type"].to_pylist()) == set(instrument_types())
    assert set(table["portfolio"].to_pylist()) == {"large_book"}


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    (tmp_path / "nightly.yaml").write_text("mine", encoding="utf-8")
    code, _, err = run("init", tmp_path, *SMALL)
    assert (code, "ST145" in err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["nightly.yaml"]
    assert run("init", tmp_path, *SMALL, "--force").code == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--seed", 4), "give --accounts N as well"),
        (("--accounts", 2, "--from", "holdings.csv"), "two projects"),
        (("--accounts", 2, "--instruments", 4), "too small for"),
        (("--accounts", 0), "range"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, options: tuple[object, ...], told: str) -> None:
    code, _, err = run("init", tmp_path / "trial", *options)
    assert code == 2
    assert told in err
    assert not (tmp_path / "trial").exists()
