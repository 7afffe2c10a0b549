"""Safeguarded Newton search for the root of a decreasing function of one variable."""

from __future__ import annotations

from collections.abc import Callable

_MAX_STEPS = 200
# A Newton step this small leaves an error of its square times half the curvature: below the last bit.
_STEP_TOLERANCE = 1e-9


class NoRootError(ArithmeticError):
    """The function has no root between the bounds."""


def decreasing_root(
    function: Callable[[float], tuple[float, float]], start: float, bounds: tuple[float, float]
) -> float:
    """Return x in `bounds` where `function` crosses zero from above.

    Parameters
    ----------
    function
        Returns value and slope; smooth and strictly decreasing between the bounds.
    start
        First guess, inside the bounds.
    bounds
        Lowest and highest x.

    Raises
    ------
    NoRootError
        The function keeps one sign between the bounds, or is not a number there.

    Notes
    -----
    Newton's method; a step that leaves the bracket found so far is replaced by bisection.

    Examples
    --------
    >>> decreasing_root(lambda x: (2.0 - x * x, -2.0 * x), 1.0, (0.0, 2.0)) == 2.0**0.5
    True
    """
    lower, upper = bounds
    x = start
    for _ in range(_MAX_STEPS):
        value, slope = function(x)
        if value == 0.0:
            return x
        if value > 0.0:
            lower = x
        else:
            upper = x
        following = x - value / slope if slope < 0.0 else lower
        if abs(following - x) <= _STEP_TOLERANCE * (1.0 + abs(x)):
            # Rounding may put so small a step just outside the bracket: the end it passed is the root then.
            return min(max(following, lower), upper)
        if not lower < following < upper:
            following = 0.5 * (lower + upper)
            if following in (lower, upper):
                break
        x = following
    raise NoRootError(f"no root between {bounds[0]:g} and {bounds[1]:g}")
