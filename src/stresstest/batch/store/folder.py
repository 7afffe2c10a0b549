"""Layout of a run folder, and what state a folder is in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from stresstest.batch.store.atomic import write_bytes
from stresstest.errors import InputError, Location, Problem, ResourceError
from stresstest.io.atomic_file import TEMPORARY, given_out

State: TypeAlias = Literal["new", "unfinished", "finished"]

_OURS = ("lock", "log.jsonl")
"""Files that a run makes before its plan: a folder with no more than these is new."""


@dataclass(frozen=True)
class Layout:
    """Where the parts of a run lie in its folder."""

    root: Path

    @property
    def plan(self) -> Path:
        """What is to be done, written before anything is computed."""
        return self.root / "plan.json"

    @property
    def manifest(self) -> Path:
        """What was done, written last: with it the run is finished."""
        return self.root / "manifest.json"

    @property
    def lock(self) -> Path:
        """Names the process that works on the run."""
        return self.root / "lock"

    @property
    def log(self) -> Path:
        """What happened, a JSON object a line."""
        return self.root / "log.jsonl"

    @property
    def summary(self) -> Path:
        """What a person reads."""
        return self.root / "summary.txt"

    @property
    def parts(self) -> Path:
        """Parts of unfinished work, and a record of each task that is done."""
        return self.root / "parts"

    @property
    def inputs(self) -> Path:
        """Copies of the inputs."""
        return self.root / "inputs"

    @property
    def results(self) -> Path:
        """Tables of results."""
        return self.root / "results"

    def state(self) -> State:
        """Return how far the run has come."""
        if self.manifest.is_file():
            return "finished"
        return "unfinished" if self.plan.is_file() else "new"


def open_new(root: Path) -> Layout:
    """Return the layout of a new run in `root`, which is made where it is missing.

    Raises
    ------
    InputError
        ST751 where the folder holds a run or other files, ST146 where it is a file or cannot be made.
    """
    layout = Layout(root)
    require_new(layout)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if meaning := given_out(error):
            raise ResourceError(f"{root}: {meaning}") from error
        reason = error.strerror or type(error).__name__
        raise _refused("ST146", f"cannot be made ({reason})", "a folder for the run", root) from None
    return layout


def require_new(layout: Layout) -> None:
    """Refuse a folder that is not free for a run: before anything is computed, and again under the lock."""
    root, state = layout.root, layout.state()
    if state == "finished":
        raise _refused("ST751", "a folder with a finished run", "a new folder", root)
    if state == "unfinished":
        expected = f"a new folder, or `stresstest resume {root}`"
        raise _refused("ST751", "a folder with an unfinished run", expected, root)
    if root.exists() and not root.is_dir():
        raise _refused("ST146", "a file", "a folder for the run", root)
    if root.is_dir() and any(not _is_ours(entry) for entry in root.iterdir()):
        raise _refused("ST751", "a folder with other files", "a new or empty folder", root)


def _is_ours(entry: Path) -> bool:
    """Tell whether a run without a plan may have left this: it died before it began."""
    return entry.name in _OURS or entry.name.endswith(TEMPORARY) or entry.name == "inputs"


def sweep(layout: Layout, keep: Iterable[str]) -> list[str]:
    """Remove what no task that is done has written, and return it: paths relative to the run folder.

    Parameters
    ----------
    keep
        Files below `parts` and `results` that stay.
    """
    kept, swept = set(keep), []
    for path in sorted(layout.root.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(layout.root).as_posix()
        if _is_temporary(path) or (name.split("/")[0] in ("parts", "results") and name not in kept):
            path.unlink(missing_ok=True)
            swept.append(name)
    return swept


def sweep_temporaries(layout: Layout) -> None:
    """Remove files that a process was killed while writing."""
    for path in layout.root.rglob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith(TEMPORARY)


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document whole; NaN and infinity have no place in it."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    write_bytes(path, text.encode("utf-8") + b"\n")


def read_document(path: Path) -> dict[str, Any]:
    """Return a JSON document that a run wrote.

    Raises
    ------
    InputError
        ST752 where it is missing or damaged.
    """
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _refused("ST752", f"a damaged document ({error})", "it as the run wrote it", path) from None
    if not isinstance(document, dict):
        raise _refused("ST752", "a document that is no mapping", "it as the run wrote it", path)
    return document


def _refused(code: str, got: str, expected: str, path: Path) -> InputError:
    return InputError([Problem(code, got, expected, Location(str(path)))])
