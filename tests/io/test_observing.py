"""Whoever observes is told of every file that readers open."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.errors import InputError
from stresstest.io.document import read_document
from stresstest.io.files import read_bytes
from stresstest.io.observing import observed
from stresstest.io.tables import read_table


def test_every_file_that_is_read_is_told_with_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\n")
    (tmp_path / "b.csv").write_text("id,quantity\na,1\n")
    told: dict[str, bytes] = {}
    with observed(lambda path, content: told.update({path.name: content})):
        read_document(tmp_path / "a.yaml")
        read_table(tmp_path / "b.csv")
    read_document(tmp_path / "a.yaml")
    assert told == {"a.yaml": b"name: a\n", "b.csv": b"id,quantity\na,1\n"}


def test_a_file_that_is_refused_for_its_content_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    told: list[Path] = []
    with observed(lambda path, _: told.append(path)), pytest.raises(InputError):
        read_bytes(tmp_path / "empty", 100, "", "empty")
    assert told == [tmp_path / "empty"]
