"""Disk cache of compiled kernels in a folder of the user's own, keyed by all that machine code depends on.

Machine code read back from disk is executed: the folder must be the user's and writable by nobody else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_SPACE_NEEDED_BYTES = 64_000_000
_OWNER_ONLY = 0o700
_WRITABLE_BY_OTHERS = 0o022


def user_cache_folder() -> Path:
    """Return the folder that the platform gives a user's caches; `RuntimeError` where there is no home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return configured if configured.is_absolute() else Path.home() / ".cache"


class KernelCache:
    """Where the compiled kernels of this process are kept, once enabled.

    Parameters
    ----------
    config
        The compiler's settings, with the attribute `CACHE_DIR`.
    tools
        Versions of everything that makes the machine code, and the processor it is for.
    """

    def __init__(self, config: Any, tools: Sequence[str]) -> None:
        self._config = config
        self._tools = tuple(tools)
        self._kernels: list[Any] = []
        self._folder: Path | None = None
        self._refused = False
        self._lock = threading.RLock()

    def attach(self, compiled: Any) -> None:
        """Take `compiled` into the cache, now or when it is enabled."""
        with self._lock:
            self._kernels.append(compiled)
            if self._folder is not None:
                self._cache(compiled, self._folder)

    def enable(self, root: Path | None = None) -> Path | None:
        """Cache every kernel below `root`, by default the user's cache folder; return the folder used.

        The first call decides. Where no folder can be used it warns once and returns None.
        """
        with self._lock:
            if self._folder is None and not self._refused:
                self._start(root)
            return self._folder

    def _start(self, root: Path | None) -> None:
        try:
            parent = (root or user_cache_folder()) / "stresstest"
            self._folder = private_folder(parent, self._key(_own_sources()))
        except (OSError, RuntimeError) as error:
            self._refused = True
            warnings.warn(f"kernels are compiled anew in each process: {error}", RuntimeWarning, stacklevel=4)
            return
        for compiled in self._kernels:
            self._cache(compiled, self._folder)

    def _cache(self, compiled: Any, folder: Path) -> None:
        """Let `compiled` read and write `folder`, or one of its own when it comes from another package."""
        source = Path(compiled.py_func.__code__.co_filename).resolve()
        if not source.is_relative_to(_PACKAGE):
            folder = private_folder(folder, self._key(source.parent.glob("*.py")))
        # The host's own setting is put back at once: the compiler reads it here and never again.
        before = self._config.CACHE_DIR
        self._config.CACHE_DIR = str(folder)
        try:
            compiled.enable_caching()
        finally:
            self._config.CACHE_DIR = before

    def _key(self, sources: Iterable[Path]) -> str:
        """Hash sources and tools: the compiler's own key sees only a function's file, not its callees'."""
        digest = hashlib.sha256()
        for text in (sys.version, *self._tools):
            digest.update(f"{text}\0".encode())
        for path in sorted(sources):
            digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()


def _own_sources() -> Iterable[Path]:
    yield from (_PACKAGE / "kernels").glob("*.py")
    yield from (_PACKAGE / "instruments").glob("*/kernel.py")
    yield from (_PACKAGE / "instruments").glob("*/columns.py")


def private_folder(parent: Path, name: str) -> Path:
    """Return `parent/name`, made if need be: the user's own, closed to others, writable, with room left.

    Raises
    ------
    OSError
        The folder cannot be made or written, has no room, or others may write to it.
    """
    folder = parent / name
    for path in (parent, folder):
        path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        status = path.stat()
        if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & _WRITABLE_BY_OTHERS):
            raise PermissionError(f"{path} can be written by others")
    with tempfile.TemporaryFile(dir=folder):
        pass
    if shutil.disk_usage(folder).free < _SPACE_NEEDED_BYTES:
        raise OSError(f"{folder} has too little space left")
    return folder
