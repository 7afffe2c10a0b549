"""Disk cache of compiled kernels in a folder of the user's own, keyed by all that machine code depends on.

Machine code read back from disk is executed: the folder must be the user's and writable by nobody else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_SPACE_NEEDED_BYTES = 64_000_000
_OWNER_ONLY = 0o700
_lock = threading.Lock()
_root: Path | None = None


def user_cache_folder() -> Path:
    """Return the folder that the platform gives a user's caches: `RuntimeError` where there is no home."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    configured = os.environ.get("XDG_CACHE_HOME", "")
    return Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"


def enable(kernels: Iterable[Any], folder: Path | None) -> Path | None:
    """Give each of `kernels`, and each kernel attached later, a cache below `folder`; return the one used."""
    global _root  # noqa: PLW0603 - one cache a process, as there is one list of kernels
    with _lock:
        if _root is not None:
            return _root
        try:
            root = (folder or user_cache_folder()) / "stresstest"
            _root = _private_folder(root, _digest(_own_sources()))
        except (OSError, RuntimeError) as error:
            warnings.warn(f"kernels are compiled anew in each process: {error}", RuntimeWarning, stacklevel=3)
            return None
    for compiled in kernels:
        attach(compiled)
    return _root


def attach(compiled: Any) -> None:
    """Give `compiled` its cache, if caching is enabled; one from outside the package has its own folder."""
    if _root is None:
        return
    source = Path(compiled.py_func.__code__.co_filename).resolve()
    folder = _root
    if not source.is_relative_to(_PACKAGE):
        folder = _private_folder(_root, _digest(source.parent.glob("*.py")))
    from numba.core import config as numba_config

    config: Any = numba_config
    # The host's own setting is put back at once: the path is read where the cache object is made.
    with _lock:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder)
        try:
            compiled.enable_caching()
        finally:
            config.CACHE_DIR = before


def _own_sources() -> Iterable[Path]:
    yield from (_PACKAGE / "kernels").glob("*.py")
    yield from (_PACKAGE / "instruments").glob("*/kernel.py")


def _digest(sources: Iterable[Path]) -> str:
    """Hash sources and tools: numba's own key sees only the decorated function's file, not its callees'."""
    import llvmlite
    import numba
    import numpy as np
    from numba.core import config

    digest = hashlib.sha256()
    tools = (sys.version, numba.__version__, llvmlite.__version__, np.__version__, _processor(config))
    for text in tools:
        digest.update(f"{text}\0".encode())
    for path in sorted(sources):
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _processor(config: Any) -> str:
    import llvmlite.binding

    name = config.CPU_NAME or llvmlite.binding.get_host_cpu_name()
    features = config.CPU_FEATURES
    if features is None:
        features = llvmlite.binding.get_host_cpu_features().flatten()
    return f"{name} {features}"


def _private_folder(root: Path, name: str) -> Path:
    """Return `root/name`, made if need be: owned by the user, closed to others, writable, with room left."""
    folder = root / name
    for path in (root, folder):
        path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        status = path.stat()
        if os.name == "posix" and (status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o022):
            raise PermissionError(f"{path} can be written by others")
    with tempfile.TemporaryFile(dir=folder):
        pass
    if shutil.disk_usage(folder).free < _SPACE_NEEDED_BYTES:
        raise OSError(f"{folder} has too little space left")
    return folder
