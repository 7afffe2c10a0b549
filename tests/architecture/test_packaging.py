"""The lock covers what pyproject.toml asks for, with hashes and without a host; the targets exist."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.architecture.source_tree import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PEERS = (ROOT / "benches" / "peers.txt").read_text(encoding="utf-8")


def asked_for() -> list[Requirement]:
    groups = [
        PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"].values(),
        *(group for name, group in PROJECT["dependency-groups"].items() if name != "peers"),
        PROJECT["build-system"]["requires"],
    ]
    return [Requirement(text) for group in groups for text in group]


def locked(lock: str = LOCK) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, flags=re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def test_every_requirement_is_locked_at_a_version_that_satisfies_it() -> None:
    versions = locked()
    for requirement in asked_for():
        found = versions.get(canonicalize_name(requirement.name))
        assert found, f"{requirement} is not in constraints.txt: make lock"
        assert all(requirement.specifier.contains(version) for version in found), (requirement, found)


def test_the_peers_are_locked_beside_what_they_are_compared_with() -> None:
    versions, ours = locked(PEERS), locked()
    for requirement in map(Requirement, PROJECT["dependency-groups"]["peers"]):
        found = versions[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in found)
    other = {name for name, found in versions.items() if name in ours and set(found) - set(ours[name])}
    assert other == set()


@pytest.mark.parametrize("lock", [LOCK, PEERS], ids=["constraints", "peers"])
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 40
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", [LOCK, PEERS], ids=["constraints", "peers"])
def test_the_lock_names_no_host_and_no_index(lock: str) -> None:
    assert re.findall(r"\S*(?:://|--(?:extra-)?index|--find-links|@ )\S*", lock) == []


def test_the_targets_that_the_documentation_names_exist() -> None:
    for target in ("setup", "stress", "test", "lint", "bench"):
        result = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_licence_and_metadata_agree() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
