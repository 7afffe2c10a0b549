"""Where hedge policies lie, and where the sets and scenarios lie that they name."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from stresstest.io.resources import library_path, shipped_file

SUFFIXES = (".yaml", ".yml")


def find_policy(source: str | PathLike[str]) -> Path:
    """Return the file that `source` names: a path, or a name of the library.

    Raises
    ------
    InputError
        ST478 where the library has no policy of this name.
    """
    path = Path(source)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    expected = "a hedge policy of the library (stresstest list hedges), or a file"
    return shipped_file("hedges", str(source), "ST478", "hedge policy", expected)


def source_of(name: str, policy_file: str) -> str | Path:
    """Return where a set or scenario is that a policy names: beside its file, here, or in the library.

    A name with a suffix or a folder is a path, relative to the policy's file or else to the current folder. A
    bare name is looked for as a YAML file in both, unless the policy is shipped, and is one of the library
    otherwise.

    Parameters
    ----------
    policy_file
        File of the policy, as messages name it.

    Returns
    -------
    str or Path
        A bare name stands for the library's; a path need not exist.
    """
    path, folder = Path(name), Path(policy_file).parent
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        return folder / path if (folder / path).is_file() else path
    if folder == library_path("hedges"):
        return name
    tried = (place / f"{name}{suffix}" for place in (folder, Path()) for suffix in SUFFIXES)
    return next((file for file in tried if file.is_file()), name)
