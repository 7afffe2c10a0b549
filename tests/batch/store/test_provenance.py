"""What a run was made with."""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version

from tests.architecture.source_tree import ROOT

from stresstest.batch.store.provenance import installed_packages, provenance, source_sha256


def test_every_installed_package_is_listed() -> None:
    packages = installed_packages()
    assert packages["numpy"] == version("numpy")
    assert packages["pyarrow"] == version("pyarrow")
    assert list(packages) == sorted(packages)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in packages)


def test_the_lock_and_the_source_are_hashed() -> None:
    found = provenance()
    lock = hashlib.sha256((ROOT / "constraints.txt").read_bytes()).hexdigest()
    assert found["lock_sha256"] == lock
    assert found["source_sha256"] == source_sha256()
    assert found["cpu"]
    assert found["cpus"] >= 1
