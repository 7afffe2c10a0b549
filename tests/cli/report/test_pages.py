from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.cli.report.pages import require_page
from stresstest.errors import InputError


@pytest.mark.parametrize("name", ["report.html", "REPORT.HTM"])
def test_a_page_may_be_written_where_nothing_is(name: str, tmp_path: Path) -> None:
    require_page(tmp_path / name, force=False)


@pytest.mark.parametrize("name", ["report.pdf", "report", "html"])
def test_another_suffix_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ST147.*\.html or \.htm"):
        require_page(tmp_path / name, force=True)


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="--force"):
        require_page(target, force=False)
    require_page(target, force=True)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        require_page(tmp_path / "nowhere" / "report.html", force=True)
