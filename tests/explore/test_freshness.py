"""Files that have changed since the page was opened are told."""

from __future__ import annotations

import os

import pytest

from stresstest.errors import InputError
from stresstest.explore.freshness import OpenedFiles


def test_unchanged_files_pass_and_what_is_no_file_is_left_out(tmp_path):
    kept = tmp_path / "a.yaml"
    kept.write_text("one")
    OpenedFiles([kept, "", tmp_path, tmp_path / "none.yaml"]).require_same()


@pytest.mark.parametrize("change", ["longer", "later", "gone"])
def test_a_changed_file_is_named(tmp_path, change):
    kept, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    kept.write_text("one")
    other.write_text("two")
    files = OpenedFiles([kept, other])
    if change == "longer":
        kept.write_text("more")
    elif change == "later":
        os.utime(kept, ns=(0, 5))
    else:
        kept.unlink()
    with pytest.raises(InputError) as caught:
        files.require_same()
    (problem,) = caught.value.problems
    assert problem.code == "ST416"
    assert problem.location.file == str(kept)
