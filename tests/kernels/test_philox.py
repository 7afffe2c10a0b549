"""The generator against its published answers and against an independent one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracle import philox as oracle

from stresstest.kernels.philox import BLOCK_DRAWS, LARGEST_SEED, draw_words, philox_words, unit_uniform

# Known-answer vectors of the authors' library Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]

words = st.integers(0, 2**32 - 1)
numbers = st.integers(0, LARGEST_SEED)


def parsed(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


def ours(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    found = philox_words(tuple(map(np.uint64, counter)), tuple(map(np.uint64, key)))
    return tuple(int(word) for word in found)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_published_answers(counter: str, key: str, answer: str) -> None:
    assert ours(parsed(counter), parsed(key)) == parsed(answer)
    assert oracle.philox(parsed(counter), parsed(key)) == parsed(answer)


@given(st.tuples(words, words, words, words), st.tuples(words, words))
def test_equals_the_oracle(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    assert ours(counter, key) == oracle.philox(counter, key)


@given(numbers, numbers, st.integers(0, 2**41))
def test_draws_are_keyed_by_seed_block_place_and_stream(seed: int, stream: int, draw: int) -> None:
    found = draw_words(seed, stream, draw)
    assert tuple(map(int, found)) == oracle.words_of_draw(seed, stream, draw)


def test_neighbours_share_no_word() -> None:
    draws = [draw_words(7, 11, draw) for draw in range(BLOCK_DRAWS - 3, BLOCK_DRAWS + 3)]
    others = [draw_words(8, 11, 5), draw_words(7, 12, 5), draw_words(7, 11 + 2**32, 5)]
    assert len({int(word) for pair in [*draws, *others] for word in pair}) == 18


@given(words, words)
def test_uniforms_are_exact_and_inside_the_interval(first: int, second: int) -> None:
    upper = first * 2**20 + second // 2**12
    found = unit_uniform(np.uint64(first), np.uint64(second))
    assert found == (2 * upper + 1) / 2**53
    assert 0.0 < found < 1.0


def test_the_ends_of_the_uniforms() -> None:
    lowest, highest = np.uint64(0), np.uint64(2**32 - 1)
    assert unit_uniform(lowest, lowest) == 2.0**-53
    assert unit_uniform(highest, highest) == 1.0 - 2.0**-53
