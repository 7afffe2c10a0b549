from __future__ import annotations

import pytest

from stresstest.cli.exit_codes import MEANINGS, ExitCode, gravest


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        ([], 0),
        ([1], 1),
        ([1, 3], 3),
        ([3, 4], 4),
        ([4, 2, 1], 2),
        ([2, 5], 5),
        ([5, 70, 1], 70),
    ],
)
def test_the_gravest_code_wins(holding: list[int], expected: int) -> None:
    assert gravest([ExitCode(code) for code in holding]) == expected
    assert gravest([ExitCode(code) for code in reversed(holding)]) == expected


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)
