"""Copies are read in the place of their originals, library and files alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.io.files import read_bytes, read_start
from stresstest.io.relocation import place_of_copy, reading_copies, relocated
from stresstest.io.resources import library_path, names, shipped_library


def test_copies_are_read_and_then_the_originals_again(tmp_path: Path) -> None:
    original, copies = tmp_path / "a.txt", tmp_path / "copies"
    original.write_text("new")
    copy = copies / place_of_copy(original, shipped_library())
    copy.parent.mkdir(parents=True)
    copy.write_text("old")
    with reading_copies(copies, shipped_library()):
        assert read_bytes(original, 100, "", "a") == b"old"
        assert read_start(original, 2, "a") == b"ol"
        assert read_bytes(copy, 100, "", "a") == b"old"
    assert read_bytes(original, 100, "", "a") == b"new"


def test_a_relative_path_is_relocated_by_what_it_means_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with reading_copies(tmp_path / "copies", shipped_library()):
        found = relocated(Path("below/../a.yaml"))
    assert found == tmp_path / "copies" / "files" / Path(*tmp_path.parts[1:]) / "a.yaml"


def test_the_library_is_that_of_the_copies(tmp_path: Path) -> None:
    shipped = library_path("shocks")
    (tmp_path / "library" / "shocks").mkdir(parents=True)
    (tmp_path / "library" / "shocks" / "mine.yaml").write_text("")
    with reading_copies(tmp_path, shipped_library()):
        assert [name for name, _ in names("shocks")] == ["mine"]
        assert relocated(shipped / "mine.yaml") == tmp_path / "library" / "shocks" / "mine.yaml"
    assert library_path("shocks") == shipped
