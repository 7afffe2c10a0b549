"""Philox4x32-10 with Python's integers, written from the paper's description, a round a function."""

from __future__ import annotations

WORD = 2**32


def split(product: int) -> tuple[int, int]:
    return product // WORD, product % WORD


def round_of(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """One round: S-boxes of two words each, then the permutation that feeds the other pair."""
    left_high, left_low = split(0xD2511F53 * counter[0])
    right_high, right_low = split(0xCD9E8D57 * counter[2])
    return (right_high ^ counter[1] ^ key[0], right_low, left_high ^ counter[3] ^ key[1], left_low)


def philox(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    for number in range(10):
        # The key of a round is the first one plus multiples of the golden ratio and of √3 − 1.
        weyl = ((key[0] + number * 0x9E3779B9) % WORD, (key[1] + number * 0xBB67AE85) % WORD)
        counter = round_of(counter, weyl)
    return counter


def words_of_draw(seed: int, stream: int, draw: int) -> tuple[int, int]:
    counter = (draw % 1024, draw // 1024, stream % WORD, stream // WORD)
    return philox(counter, (seed % WORD, seed // WORD))[:2]
