"""`replay` on the command line: the digest again, what has changed, and the origin of one number."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.batch.real_runs import make_run, record_again
from tests.cli.runner import run

from stresstest.batch.reading.run_folder import RunFolder
from stresstest.cli.batch.replay_spec import OriginSpec, ReplaySpec


@pytest.fixture
def made(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path)


def test_the_digest_comes_again(made: RunFolder) -> None:
    done = run("replay", made.path)
    assert (done.code, done.out.split()[-1]) == (0, made.digest)
    document = json.loads(run("replay", made.path, "--json", "--archived").out)
    ReplaySpec.model_validate(document)
    assert document["same"]
    assert document["digest"] == document["recorded_digest"] == made.digest


def test_a_changed_byte_is_refused_by_name(made: RunFolder, tmp_path: Path) -> None:
    prices = tmp_path / "job/prices.csv"
    prices.write_bytes(prices.read_bytes().replace(b"180.5", b"180.6"))
    done = run("replay", made.path)
    assert done.code == 2
    assert done.err.startswith(f"{prices}: error[ST765] a changed input: SHA-256 ")
    assert run("replay", made.path, "--archived").code == 0


def test_another_number_ends_with_status_1_and_its_name(made: RunFolder) -> None:
    _record_otherwise(made)
    done = run("replay", made.path)
    assert done.code == 1
    assert "ANOTHER DIGEST" in done.out
    assert "first difference: income, fall: 1.0 recorded, " in done.out
    done = run("replay", made.path, "--origin", "income", "fall")
    assert done.code == 1
    assert "NOT THE SAME" in done.out


def _record_otherwise(made: RunFolder) -> None:
    file = made.files("pnl")[0]
    table = pq.ParquetFile(file).read().to_pydict()
    table["fall"][table["portfolio"].index("income")] = 1.0
    pq.write_table(pa.table(table), file)
    record_again(made.path, digest="0" * 64)


def test_the_origin_leads_from_the_account_to_the_files(made: RunFolder, tmp_path: Path) -> None:
    done = run("replay", made.path, "--origin", "growth", "fall")
    assert done.code == 0
    job = tmp_path / "job"
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[1].endswith("recorded and valued anew, the same to the last bit")
    assert lines[2].startswith("3 positions add up to it")
    assert f"Scenario in: {job}/fall.yaml:2" in lines
    place = lines.index(f"chips, {job}/accounts/growth.yaml:5")
    assert lines[place + 1 : place + 4] == [
        "spot/NVDA: 180.5 -> 90.25",
        f"moved: direct, {job}/fall.yaml:7",
        "base: prices.csv (2025-10-03)",
    ]
    assert not any(line.endswith("rise.yaml") for line in lines)
    assert lines[-1] == "and 2 more, for other numbers of the run; --json lists all"
    document = json.loads(run("replay", made.path, "--origin", "growth", "fall", "--json").out)
    OriginSpec.model_validate(document)
    assert document["same"]
    assert len(document["inputs"]) == len(made.inputs)
    assert document["positions"][0]["file"] == f"{job}/accounts/growth.yaml"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("grwth", "fall"), "error[ST766] portfolio 'grwth'; expected a portfolio of the run; did you mean"),
        (
            ("growth", "fal"),
            "error[ST766] scenario 'fal'; expected a scenario of the run; did you mean 'fall'?",
        ),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(
    made: RunFolder, names: tuple[str, str], message: str
) -> None:
    done = run("replay", made.path, "--origin", *names)
    assert done.code == 2
    assert message in done.err
