"""States of a run folder, what may be begun in it, and what is swept out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stresstest.batch.store.folder import (
    Layout,
    open_new,
    read_document,
    sweep,
    sweep_temporaries,
    write_document,
)
from stresstest.errors import InputError


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_new(path)
    return caught.value.problems[0].code


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    layout = open_new(tmp_path / "runs" / "monday")
    assert layout.root.is_dir()
    assert layout.state() == "new"


def test_states_follow_the_plan_and_the_manifest(tmp_path: Path) -> None:
    layout = open_new(tmp_path)
    write_document(layout.plan, {"tasks": []})
    assert layout.state() == "unfinished"
    write_document(layout.manifest, {"digest": ""})
    assert layout.state() == "finished"


def test_a_run_that_died_before_its_plan_does_not_block_its_folder(tmp_path: Path) -> None:
    layout = open_new(tmp_path / "run")
    layout.lock.write_text("{}")
    layout.log.write_text("")
    (layout.inputs / "files").mkdir(parents=True)
    assert open_new(tmp_path / "run").state() == "new"


@pytest.mark.parametrize(
    ("name", "expected"), [("plan.json", "unfinished"), ("manifest.json", "finished"), ("a.txt", "other")]
)
def test_a_folder_that_is_taken_is_refused(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match=expected) as caught:
        open_new(tmp_path)
    assert caught.value.problems[0].code == "ST751"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert code_of(tmp_path / "file") == "ST146"
    assert code_of(tmp_path / "file" / "below") == "ST146"


def test_only_files_of_tasks_that_are_done_stay(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    names = ["plan.json", "parts/a.json", "parts/a.parquet", "parts/b.parquet", "results/pnl/x", "inputs/i"]
    for name in [*names, ".plan.json.0a.tmp", "results/pnl/.x.1b.tmp", "inputs/.i.2c.tmp"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    swept = sweep(layout, ["parts/a.json", "parts/a.parquet"])
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"plan.json", "parts/a.json", "parts/a.parquet", "inputs/i"}
    assert len(swept) == 5


def test_what_a_killed_process_was_writing_goes_and_all_else_stays(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    (tmp_path / "parts").mkdir()
    for name in ("plan.json", "parts/b.json", ".plan.json.0a.tmp", "parts/.b.json.1b.tmp"):
        (tmp_path / name).write_text("")
    sweep_temporaries(layout)
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"plan.json", "b.json"}


def test_a_damaged_document_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"tasks": [')
    with pytest.raises(InputError, match=r"plan\.json.*ST752"):
        read_document(path)


def test_documents_hold_no_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Out of range"):
        write_document(tmp_path / "a.json", {"value": float("nan")})
    assert not (tmp_path / "a.json").exists()
