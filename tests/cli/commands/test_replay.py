"""`stresstest replay` as users see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.batch.real_runs import make_run
from tests.cli.runner import run

from stresstest.cli.batch.replay_spec import OriginSpec, ReplaySpec


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_run(tmp_path).path


def test_the_same_digest(folder: Path) -> None:
    outcome = run("replay", folder, "--workers", "1")
    assert outcome.code == 0, outcome.err
    assert "the same digest" in outcome.out.replace("\n", " ")


def test_another_digest_ends_with_1(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "digest": "0" * 64}))
    outcome = run("replay", folder, "--workers", "1", "--archived", "--json")
    assert outcome.code == 1, outcome.err
    document = json.loads(outcome.out)
    ReplaySpec.model_validate(document)
    assert not document["same"]


def test_a_changed_input_ends_with_2_and_is_named(folder: Path, tmp_path: Path) -> None:
    prices = tmp_path / "job" / "prices.csv"
    prices.write_text(prices.read_text().replace("180.5", "180.6"))
    outcome = run("replay", folder)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "prices.csv: error[ST765] a changed input: SHA-256 " in outcome.err


def test_the_origin_of_a_number(folder: Path) -> None:
    outcome = run("replay", folder, "--origin", "growth", "fall")
    assert outcome.code == 0, outcome.err
    assert "recorded and valued anew, the same to the last bit" in outcome.out
    assert "spot/NVDA: 180.5 -> 90.25\n    moved: direct, " in outcome.out
    assert "prices.csv" in outcome.out


def test_the_origin_as_a_document(folder: Path) -> None:
    outcome = run("replay", folder, "--origin", "growth", "fall", "--json")
    document = json.loads(outcome.out)
    OriginSpec.model_validate(document)
    assert document["same"]
    assert document["pnl"] == document["recorded_pnl"]


def test_an_origin_of_nothing_ends_with_2(folder: Path) -> None:
    outcome = run("replay", folder, "--origin", "growth", "fal")
    assert outcome.code == 2
    assert "did you mean 'fall'?" in outcome.err
