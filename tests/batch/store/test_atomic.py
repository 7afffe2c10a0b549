"""Files written whole or not at all, whichever step fails."""

from __future__ import annotations

import errno
import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stresstest.batch.store.atomic import write_bytes
from stresstest.errors import ResourceError

STEPS: list[tuple[Any, str]] = [(io, "open"), (os, "fsync"), (os, "replace")]


def failing(real: Callable[..., Any], number: int) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "part"
    write_bytes(path, b"first")
    write_bytes(path, b"second")
    assert path.read_bytes() == b"second"
    assert [entry.name for entry in path.parent.iterdir()] == ["part"]


@pytest.mark.parametrize(("place", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO], ids=errno.errorcode.get
)
def test_a_full_disk_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, step: str, number: int
) -> None:
    path = tmp_path / "part"
    write_bytes(path, b"first")
    monkeypatch.setattr(place, step, failing(getattr(place, step), number))
    with pytest.raises(ResourceError, match=r"part: the (disk|quota|limit)"):
        write_bytes(path, b"second")
    monkeypatch.undo()
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["part"]


def test_a_folder_that_cannot_be_written_is_a_resource_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ResourceError, match=r"part: it cannot be written \(.+\)$"):
        write_bytes(tmp_path / "file" / "part", b"")


LIMITED = """
import resource, signal, sys
from pathlib import Path
from stresstest.batch.store.atomic import write_bytes
from stresstest.errors import ResourceError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
write_bytes(Path(sys.argv[1]), b"x" * 1000)
try:
    write_bytes(Path(sys.argv[1]), b"y" * 1001)
except ResourceError as error:
    print(error)
"""


def test_a_limit_on_the_size_of_files_is_reported(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE is not None
    path = tmp_path / "part"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=True, timeout=60
    )
    assert "limit on the size of files" in done.stdout
    assert path.read_bytes() == b"x" * 1000
    assert [entry.name for entry in tmp_path.iterdir()] == ["part"]
