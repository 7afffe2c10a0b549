"""What was made lately, kept for when it is asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Recent(Generic[_Key, _Value]):
    """The last things made, by what they were made of; the one not asked for the longest goes first.

    Parameters
    ----------
    size
        Number of things kept, at least 1.

    Examples
    --------
    >>> kept = Recent(2)
    >>> [kept.get(number, lambda: made) for number, made in [(1, "a"), (2, "b"), (1, "c")]]
    ['a', 'b', 'a']
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[_Key, _Value] = OrderedDict()

    def get(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Return what is kept for `key`, or else make it and keep it."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        value = self._kept[key] = make()
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value
