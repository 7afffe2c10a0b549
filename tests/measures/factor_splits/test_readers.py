"""Players of one colour are never read together, and few colours do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stresstest.measures.factor_splits.readers import colours

reads = st.lists(st.frozensets(st.integers(0, 19), max_size=6), max_size=40)


@given(reads)
def test_no_reader_reads_two_of_one_colour(read: list[frozenset[int]]) -> None:
    colour = colours(read, 20)
    for one in read:
        assert len({int(colour[player]) for player in one}) == len(one)


def test_shares_take_one_colour_and_options_few() -> None:
    shares = [frozenset({player}) for player in range(100)]
    assert colours(shares, 100).tolist() == [0] * 100
    options = [frozenset({player, 100, 101}) for player in range(100)]
    assert int(colours([*shares, *options], 102).max()) == 2
