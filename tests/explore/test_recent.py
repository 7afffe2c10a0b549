"""What was made lately is kept; the one not asked for the longest goes first."""

from __future__ import annotations

import pytest

from stresstest.explore.recent import Recent


def test_the_one_not_asked_for_the_longest_is_made_again():
    made = []

    def make(name):
        def work():
            made.append(name)
            return name

        return work

    kept = Recent(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(name, make(name)) == name
    assert made == ["a", "b", "c", "b"]


def test_what_fails_is_not_kept():
    def fail():
        raise ValueError("no")

    kept = Recent(2)
    with pytest.raises(ValueError, match="no"):
        kept.get("a", fail)
    assert kept.get("a", lambda: 1) == 1
