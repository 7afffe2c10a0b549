"""Random bits that are a pure function of where they are used: the counter-based generator Philox4x32-10.

There is no state: the same seed, stream and draw give the same bits in any order, chunk, thread or process.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from stresstest.kernels._jit import kernel

Word: TypeAlias = np.uint64
"""32 bits, held in 64 so that a product of two of them does not overflow."""

BLOCK_DRAWS = 1024
"""Draws of one block: word 0 of the counter is the place of a draw in its block, word 1 the block."""

LARGEST_SEED = 2**63 - 1
"""Seeds and streams are whole numbers from 0 to this."""

_LOW_WORD = np.uint64(0xFFFFFFFF)
_WORD_BITS = np.uint64(32)
_FIRST_MULTIPLIER = np.uint64(0xD2511F53)
_SECOND_MULTIPLIER = np.uint64(0xCD9E8D57)
_FIRST_KEY_STEP = np.uint64(0x9E3779B9)
_SECOND_KEY_STEP = np.uint64(0xBB67AE85)
_ROUNDS = 10

_PLACE_BITS = np.uint64(10)
_PLACE_MASK = np.uint64(BLOCK_DRAWS - 1)

_FRACTION_BITS_HIGH = np.uint64(20)
_FRACTION_BITS_LOW = np.uint64(12)
_ONE_BITS = np.uint64(0x3FF0000000000000)
_HALF_STEP = 1.1102230246251565e-16  # 2^-53


@kernel
def philox_words(
    counter: tuple[Word, Word, Word, Word], key: tuple[Word, Word]
) -> tuple[Word, Word, Word, Word]:
    """Return four random words for a counter of four words under a key of two.

    J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3, SC11
    (2011), section 5.2; ten rounds. It passes BigCrush, and words of different counters or keys are as
    independent as words of one stream.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(_ROUNDS):
        first, second = _FIRST_MULTIPLIER * c0, _SECOND_MULTIPLIER * c2
        c0, c2 = (second >> _WORD_BITS) ^ c1 ^ k0, (first >> _WORD_BITS) ^ c3 ^ k1
        c1, c3 = second & _LOW_WORD, first & _LOW_WORD
        k0 = (k0 + _FIRST_KEY_STEP) & _LOW_WORD
        k1 = (k1 + _SECOND_KEY_STEP) & _LOW_WORD
    return c0, c1, c2, c3


@kernel
def draw_words(seed: int, stream: int, draw: int) -> tuple[Word, Word]:
    """Return two random words for draw number `draw` of `stream` under `seed`, each at least 0.

    The key is the seed; the counter holds the place of the draw in its block of `BLOCK_DRAWS`, the block, and
    the stream.
    """
    key, source, number = np.uint64(seed), np.uint64(stream), np.uint64(draw)
    counter = (
        number & _PLACE_MASK,
        (number >> _PLACE_BITS) & _LOW_WORD,
        source & _LOW_WORD,
        source >> _WORD_BITS,
    )
    first, second, _, _ = philox_words(counter, (key & _LOW_WORD, key >> _WORD_BITS))
    return first, second


@kernel
def unit_uniform(first: Word, second: Word) -> float:
    """Return (m + ½)·2^−52 with m the 52 upper bits of two words: inside (0, 1), exact, symmetric about ½.

    The lowest 12 bits of `second` are left for other uses.
    """
    fraction = (first << _FRACTION_BITS_HIGH) | (second >> _FRACTION_BITS_LOW)
    one_to_two = np.uint64(fraction | _ONE_BITS).view(np.float64)
    return float((one_to_two - 1.0) + _HALF_STEP)
