"""Credit ratings: the scale, and the bucket that a notch belongs to."""

from __future__ import annotations

BUCKETS = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")
"""Rating buckets from best to worst, on the S&P scale."""

_NOTCHED = ("AA", "A", "BBB", "BB", "B", "CCC")
_NOT_RATED = "NR"

SCALE = tuple(
    notch
    for bucket in BUCKETS
    for notch in ((f"{bucket}+", bucket, f"{bucket}-") if bucket in _NOTCHED else (bucket,))
)
"""Every rating from best to worst."""


def rating_bucket(rating: str) -> str:
    """Return the bucket of a rating, or an empty string for `NR` and for what is no rating.

    Examples
    --------
    >>> rating_bucket("BBB+"), rating_bucket("AAA"), rating_bucket("NR")
    ('BBB', 'AAA', '')
    """
    if rating in BUCKETS:
        return rating
    return rating[:-1] if rating[-1:] in ("+", "-") and rating[:-1] in _NOTCHED else ""


def is_rating(text: str) -> bool:
    """Tell whether `text` is on the scale or says that there is no rating."""
    return text == _NOT_RATED or rating_bucket(text) != ""


def lowered(rating: str, notches: int) -> str:
    """Return the rating that lies `notches` below, at worst the last before default.

    Examples
    --------
    >>> lowered("BBB", 1), lowered("BBB-", 2), lowered("CC", 5)
    ('BBB-', 'BB', 'C')
    """
    return SCALE[min(SCALE.index(rating) + notches, len(SCALE) - 2)]
