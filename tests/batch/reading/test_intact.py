"""Results that are not what the run wrote are refused, each file by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.batch.real_runs import make_run

from stresstest.batch.reading.intact import require_intact
from stresstest.batch.reading.run_folder import open_run
from stresstest.errors import InputError


def test_every_file_that_is_not_as_written_is_named(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    require_intact(run)
    pnl, contributions, portfolios = (run.files(name)[0] for name in ("pnl", "contributions", "portfolios"))
    content = bytearray(pnl.read_bytes())
    content[len(content) // 2] ^= 1
    pnl.write_bytes(bytes(content))
    contributions.unlink()
    strange = run.path / "results/pnl/group=0001"
    strange.mkdir()
    shutil.copy(portfolios, strange / "part.parquet")
    with pytest.raises(InputError) as caught:
        require_intact(run)
    found = {problem.location.file: problem.got for problem in caught.value.problems}
    assert found == {
        str(pnl): "results that have changed since",
        str(contributions): "results that are gone (No such file or directory)",
        str(strange / "part.parquet"): "results that the run did not write",
    }
    assert {problem.code for problem in caught.value.problems} == {"ST760"}


def test_an_unfinished_run_has_no_results_to_trust_yet(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (run.path / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"ST760.*unfinished"):
        require_intact(open_run(run.path))
