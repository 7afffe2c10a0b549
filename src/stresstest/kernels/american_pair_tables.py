"""Tables of the collocation of two exercise boundaries, panel after panel."""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.quadrature import (
    Rule,
    barycentric_row,
    chebyshev_points,
    gauss_legendre,
    smoothed_rule,
)

N_NODES, N_OWN, N_PAST, N_ENDS = 12, 24, 16, 32
"""Of a panel: nodes, points of its own integral, of the integral over a panel before; of a price's ends."""


class PanelTables(NamedTuple):
    """Tables of a panel; all times are shares of its length.

    Attributes
    ----------
    share
        `(N_NODES,)` of the nodes, the panel's end first; at its start the boundary is known.
    point, weight
        `(N_OWN,)` c of the integral over θ − u = (θ − a)·c², a the start, and its weight times 2c.
    row
        `(N_NODES, N_OWN, N_NODES)` weights that interpolate the nodes' values to the points of a node.
    """

    share: FloatArray
    point: FloatArray
    weight: FloatArray
    row: FloatArray


class PairTables(NamedTuple):
    """Tables of the panel at expiry, in √θ, of the others, in θ, and of integrals.

    Attributes
    ----------
    spectrum
        `(N_NODES + 1, N_NODES)` coefficients of Chebyshev polynomials from the nodes' values.
    past_point, past_weight
        `(N_PAST,)` Gauss–Legendre on [0, 1].
    end_point, end_weight
        `(N_ENDS,)` on [0, 1], crowded at both ends.
    """

    first: PanelTables
    later: PanelTables
    spectrum: FloatArray
    past_point: FloatArray
    past_weight: FloatArray
    end_point: FloatArray
    end_weight: FloatArray


def _panel_tables(points: tuple[float, ...], is_first: bool) -> PanelTables:
    rule: Rule = smoothed_rule(N_OWN) if is_first else gauss_legendre(N_OWN)
    places = [0.5 * (1.0 + x) for x in points[:-1]]
    shares = [place * place if is_first else place for place in places]

    def row(share: float) -> tuple[float, ...]:
        place = math.sqrt(share) if is_first else share
        return barycentric_row(points, 2.0 * place - 1.0)[:-1]

    return PanelTables(
        share=frozen(shares),
        point=frozen(rule.nodes),
        weight=frozen([2.0 * c * weight for c, weight in zip(*rule, strict=True)]),
        row=frozen([[row(share * (1.0 - c * c)) for c in rule.nodes] for share in shares]),
    )


def _spectrum(points: tuple[float, ...]) -> list[list[float]]:
    """Return the matrix from values at all `points` but the last, where the value is 0, to coefficients."""
    rows: list[list[float]] = []
    count = len(points) - 1
    before, polynomial = list(points), [1.0] * (count + 1)
    for degree in range(count + 1):
        scale = (1.0 if degree in (0, count) else 2.0) / count
        rows.append([scale * (0.5 if j == 0 else 1.0) * polynomial[j] for j in range(count)])
        after = [2.0 * x * new - old for x, new, old in zip(points, polynomial, before, strict=True)]
        before, polynomial = polynomial, after
    return rows


def make_pair_tables() -> PairTables:
    """Return the tables, made once a process."""
    points = chebyshev_points(N_NODES)
    past, ends = gauss_legendre(N_PAST), smoothed_rule(N_ENDS)
    return PairTables(
        first=_panel_tables(points, True),
        later=_panel_tables(points, False),
        spectrum=frozen(_spectrum(points)),
        past_point=frozen(past.nodes),
        past_weight=frozen(past.weights),
        end_point=frozen(ends.nodes),
        end_weight=frozen(ends.weights),
    )
