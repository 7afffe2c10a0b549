"""Copies of a run's inputs: differences and replays need them after the originals have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from stresstest.batch.inputs.recording import InputFile, changed
from stresstest.batch.store.atomic import write_bytes
from stresstest.errors import InputError, Location, Problem
from stresstest.io.relocation import place_of_copy
from stresstest.io.resources import shipped_library


def keep_copies(files: Iterable[InputFile], copies: Path) -> dict[str, str]:
    """Copy the inputs below `copies`, and return where each is, by its path.

    A copy that is there with the right content is left as it is.

    Raises
    ------
    InputError
        ST750 where an input is no longer what was read.
    ResourceError
        When the disk is full.
    """
    places, library = {}, shipped_library()
    for file in files:
        place = place_of_copy(Path(file.path), library)
        places[file.path] = place.as_posix()
        target = copies / place
        if not target.is_file() or _hash(target.read_bytes()) != file.sha256:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(target, _content(file))
    return places


def _content(file: InputFile) -> bytes:
    try:
        content = Path(file.path).read_bytes()
    except OSError:
        content = b""
    if _hash(content) != file.sha256:
        raise changed(file.path, "the content that was read a moment ago")
    return content


def require_copies(places: Mapping[str, str], hashes: Mapping[str, str], copies: Path) -> None:
    """Refuse copies that are missing or have changed.

    Parameters
    ----------
    places
        Place of each copy, as `keep_copies` returned it, by path of the input.
    hashes
        SHA-256 of each input, by its path.

    Raises
    ------
    InputError
        ST765 with each of them.
    """
    problems = []
    for path, place in places.items():
        target = copies / place
        got = f"no copy of {path}" if not target.is_file() else f"a changed copy of {path}"
        if not target.is_file() or _hash(target.read_bytes()) != hashes[path]:
            problems.append(Problem("ST765", got, "the input that the run read", Location(str(target))))
    if problems:
        raise InputError(problems)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
