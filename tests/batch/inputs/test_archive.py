"""Copies of inputs: kept whole, checked, and read in the place of originals that have changed since."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stresstest.batch.inputs.archive import keep_copies, require_copies
from stresstest.batch.inputs.recording import InputFile, Recorder
from stresstest.errors import InputError
from stresstest.io.relocation import reading_copies
from stresstest.io.resources import library_path, shipped_library
from stresstest.market.loading import load_market
from stresstest.portfolio.loading import load_portfolio

PORTFOLIO = """version: 1
name: mine
currency: USD
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 40}
"""


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[InputFile, ...]:
    (tmp_path / "mine.yaml").write_text(PORTFOLIO)
    recorder = Recorder()
    with recorder.recording("positions"):
        load_portfolio(tmp_path / "mine.yaml")
    return recorder.files


def test_a_portfolio_is_loaded_from_its_copy_after_the_original_is_gone(
    tmp_path: Path, recorded: tuple[InputFile, ...]
) -> None:
    keep_copies(recorded, tmp_path / "inputs")
    (tmp_path / "mine.yaml").write_text("version: 2")
    with reading_copies(tmp_path / "inputs", shipped_library()):
        assert load_portfolio(tmp_path / "mine.yaml").name == "mine"
    with pytest.raises(InputError):
        load_portfolio(tmp_path / "mine.yaml")


def test_the_library_of_the_copies_gives_the_same_market(tmp_path: Path) -> None:
    recorder = Recorder()
    with recorder.recording("market"):
        first = load_market("2025-10-03")
        assert first.factor_model is not None
    places = keep_copies(recorder.files, tmp_path)
    assert all(place.startswith("library/portfolios/markets/") for place in places.values())
    with reading_copies(tmp_path, shipped_library()):
        assert library_path("markets").is_relative_to(tmp_path)
        again = load_market("2025-10-03")
        assert again.factor_model is not None
    assert again.levels == first.levels


def test_an_input_that_changed_after_it_was_read_is_refused(
    tmp_path: Path, recorded: tuple[InputFile, ...]
) -> None:
    (tmp_path / "mine.yaml").write_text(PORTFOLIO.replace("40", "41"))
    with pytest.raises(InputError, match=r"mine\.yaml.*ST750"):
        keep_copies(recorded, tmp_path / "inputs")


def test_damaged_copies_are_written_again_and_named_when_asked(
    tmp_path: Path, recorded: tuple[InputFile, ...]
) -> None:
    copies = tmp_path / "inputs"
    places = keep_copies(recorded, copies)
    hashes = {file.path: file.sha256 for file in recorded}
    require_copies(places, hashes, copies)
    copy = copies / places[str(tmp_path / "mine.yaml")]
    copy.write_text("version: 2")
    with pytest.raises(InputError, match=r"ST765.*changed copy of .*mine\.yaml"):
        require_copies(places, hashes, copies)
    keep_copies(recorded, copies)
    require_copies(places, hashes, copies)
    shutil.rmtree(copies)
    with pytest.raises(InputError, match="no copy of"):
        require_copies(places, hashes, copies)
