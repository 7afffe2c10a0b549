"""What a run was made with: Python, packages, the lock, our own source, processor and system."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from stresstest.io.resources import shipped_library

_PACKAGE = Path(__file__).resolve().parents[2]


@cache
def provenance() -> dict[str, Any]:
    """Return what a run is made with, as the manifest lists it."""
    packages = installed_packages()
    lock = shipped_library() / "constraints.txt"
    return {
        "stresstest": version("stresstest"),
        "source_sha256": source_sha256(),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "packages": packages,
        "packages_sha256": hashlib.sha256(
            "".join(f"{n}=={v}\n" for n, v in packages.items()).encode()
        ).hexdigest(),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None,
        "system": platform.platform(),
        "machine": platform.machine(),
        "cpu": cpu_name(),
        "cpus": os.cpu_count() or 1,
    }


def installed_packages() -> dict[str, str]:
    """Return the version of every installed package by its name."""
    found: dict[str, str] = {}
    for package in distributions():
        name = package.metadata["Name"]
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), package.version)
    return dict(sorted(found.items()))


def source_sha256() -> str:
    """Return one hash over every source file of this package: two runs of one hash used one model."""
    total = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).as_posix()
        total.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def cpu_name() -> str:
    """Return the name of the processor, as the system gives it."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", text, flags=re.MULTILINE)
    return found[1].strip() if found else platform.processor()
