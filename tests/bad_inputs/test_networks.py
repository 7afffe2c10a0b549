"""Bad networks given to `stresstest validate`: the diagnostics on standard error, exit status 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_inputs.test_bad_inputs import CORPUS
from tests.cli.runner import run

CASES = sorted(path for path in CORPUS.glob("network_*") if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_with_a_network_is_said_at_once(case: Path) -> None:
    code, out, err = run("validate", case / "network.yaml", "--market", "2025-10-03")
    assert (code, out) == (2, "")
    expected = (case / "expected.txt").read_text(encoding="utf-8")
    assert err.replace(f"{case}/", "") == expected
    assert len(expected.splitlines()) >= 1


def test_the_corpus_is_used() -> None:
    assert len(CASES) >= 6


def test_a_network_that_nobody_ships_is_told_with_the_nearest_one() -> None:
    code, _, err = run("explain", "network:ai_circular_finance")
    assert code == 2
    assert err == (
        "error[ST500] network 'ai_circular_finance'; expected a network of the library (stresstest list"
        " networks), or a file: ours.yaml; did you mean 'ai_circular_financing'?\n"
    )
