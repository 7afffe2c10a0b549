from __future__ import annotations

import json

import pytest
from tests.cli.runner import run

from stresstest.cli.installation import health


def test_a_sound_installation_passes_every_check() -> None:
    code, out, _ = run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert [name for name, check in checks.items() if not check["passed"]] == []
    assert code == 0
    assert "P&L exactly 0 in" in checks["known run"]["finding"]


def test_a_failing_check_is_shown_stops_no_other_and_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise OSError("no space")

    monkeypatch.setitem(health._CHECKS, "cache", broken)
    code, out, _ = run("doctor")
    assert code == 1
    lines = out.splitlines()
    assert len(lines) == len(health._CHECKS)
    assert "FAIL  cache         OSError: no space" in lines
    assert sum(line.startswith("ok ") for line in lines) == len(lines) - 1
