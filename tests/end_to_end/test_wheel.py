"""The built wheel, installed apart from the checkout: same command, same library of files, same bits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUIET = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's content."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*build, "--wheel-dir", str(folder), str(ROOT)], check=True, env=QUIET, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    target = folder / "site"
    subprocess.run(
        [*install, "--target", str(target), str(wheel)], check=True, env=QUIET, capture_output=True
    )
    return target


def command(site: Path, *arguments: str) -> str:
    entry = "from stresstest.cli.app import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", entry, *arguments],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_it_carries_the_library_and_the_command(site: Path) -> None:
    assert (site / "bin" / "stresstest").exists() or (site / "Scripts").exists()
    assert (site / "stresstest" / "py.typed").is_file()
    listed = json.loads(command(site, "list", "shocks", "--json"))["shocks"]
    assert len(listed) >= 5
    assert all(entry["path"].startswith(str(site)) for entry in listed)
    shipped = {
        path.relative_to(ROOT) for kind in ("shocks", "portfolios") for path in (ROOT / kind).rglob("*.*")
    }
    packed = site / "stresstest" / "_data"
    assert {path for path in shipped if not (packed / path).is_file()} == set()


def test_it_gives_the_bits_of_the_checkout(site: Path) -> None:
    arguments = ("run", "ai_growth_fund", "--shocks", "ai_capex_collapse", "--json")
    from_wheel = json.loads(command(site, *arguments))
    from_checkout = json.loads(command(ROOT / "src", *arguments))
    assert from_wheel["portfolios"] == from_checkout["portfolios"]
