"""Levels of risk factors in sampled columns: what a scenario states, what the factor model adds."""

from __future__ import annotations

from math import isnan, sqrt
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.drawn_smiles import DrawnSmiles, bent_level, fill_depths
from stresstest.kernels.exponential import exp
from stresstest.kernels.inverse_normal import normal_from_words
from stresstest.kernels.philox import draw_words

LOG, ABSOLUTE, NON_NEGATIVE, LOGIT, INDICATOR = range(5)
"""How changes act on a level: base·e^x; base + x; base + x bent to stay positive; odds·e^x; not at all."""


LARGEST_SCALE = 4.0
"""Most that tails widen a draw. The exponential of a Student t has no mean: one draw in 1,300 at five degrees
of freedom would otherwise decide what a short position loses. It takes 1 % from the variance there."""


class SampledRows(NamedTuple):
    """Rows that move, by factor; `n_members` scenarios are sampled from, `n_factors` systematic factors.

    Attributes
    ----------
    space
        `(n_rows,)` one of `LOG` to `INDICATOR`.
    base
        `(n_rows,)`.
    exposures
        `(n_rows, n_factors)` of the changes to the systematic factors.
    own_deviation
        `(n_rows, n_members)` standard deviation of what is the row's own, per square root of a year, in the
        regime of the member.
    streams
        `(n_rows,)` random streams of what is the row's own.
    change
        `(n_rows, n_members)` at severity 1: stated by the member, or expected given what it states.
    stated
        `(n_rows, n_members)` level at severity 1 where the member states one, else NaN.
    floor
        `(n_rows, n_members)` change below which a stated fall does not go; −∞ without a floor.
    offset
        `(n_rows, n_members)` change at every severity: what is expected given events.
    smiles
        What the rows of vols must leave room for.
    """

    space: IntArray
    base: FloatArray
    exposures: FloatArray
    own_deviation: FloatArray
    streams: IntArray
    change: FloatArray
    stated: FloatArray
    floor: FloatArray
    offset: FloatArray
    smiles: DrawnSmiles


class Draws(NamedTuple):
    """Draws of a chunk, one a column.

    Attributes
    ----------
    seed, first
        Seed, and number of the first draw.
    stated_vary
        Whether factors that a member states vary about their levels too.
    member
        `(n_columns,)` scenario that each draw is taken around.
    severity
        `(n_columns,)`.
    scale
        `(n_columns,)` common factor of all random parts of a draw.
    shared
        `(n_factors, n_columns)` random parts of the systematic factors, `scale` included.
    """

    seed: int
    first: int
    stated_vary: bool
    member: IntArray
    severity: FloatArray
    scale: FloatArray
    shared: FloatArray


@kernel
def fill_scales(seed: int, streams: IntArray, first_draw: int, deviation: float, out: FloatArray) -> None:
    """Fill `out` `(n_columns,)` with deviation · min(√((ν − 2)/χ²), 4), χ² of ν squared normal variates.

    Short of the limit, a normal vector times it follows a multivariate Student t of ν degrees of freedom
    whose covariance is deviation² times that of the normal one (A. J. McNeil, R. Frey, P. Embrechts,
    Quantitative Risk Management (2015), section 6.2). The limit is `LARGEST_SCALE`. ν is the number of
    `streams` `(n_degrees,)`; without any `out` is `deviation`.
    """
    n_degrees = streams.shape[0]
    for j in range(out.shape[0]):
        out[j] = 0.0
    for i in range(n_degrees):
        stream = streams[i]
        for j in range(out.shape[0]):
            first, second = draw_words(seed, stream, first_draw + j)
            normal = normal_from_words(first, second)
            out[j] = fma(normal, normal, out[j])
    for j in range(out.shape[0]):
        widening = sqrt((n_degrees - 2.0) / out[j]) if n_degrees > 0 else 1.0
        out[j] = deviation * min(widening, LARGEST_SCALE)


@kernel
def fill_shared(
    roots: FloatArray, member: IntArray, scale: FloatArray, normals: FloatArray, out: FloatArray
) -> None:
    """Fill `out` `(n_factors, n_columns)` with scale · root of the column's member · normals.

    Parameters
    ----------
    roots
        `(n_members, n_factors, n_factors)`, each R of a covariance R·Rᵀ.
    member, scale
        `(n_columns,)`.
    normals
        `(n_factors, n_columns)`, independent.
    """
    n_factors = out.shape[0]
    for i in range(n_factors):
        row = out[i]
        for j in range(row.shape[0]):
            row[j] = 0.0
        for inner in range(n_factors):
            source = normals[inner]
            for j in range(row.shape[0]):
                row[j] = fma(roots[member[j], i, inner], source[j], row[j])
        for j in range(row.shape[0]):
            row[j] = scale[j] * row[j]


@kernel
def fill_levels(
    rows: SampledRows, draws: Draws, noise: FloatArray, depth: FloatArray, out: FloatArray
) -> None:
    """Fill `out` `(n_rows, n_columns)` with levels; `noise` and `depth` `(n_columns,)` are scratch.

    Without a random part, and at severity 1, a stated level comes out to the last bit; where nothing moves a
    row it is the base to the last bit.
    """
    for i in range(out.shape[0]):
        fill_noise(rows, draws, i, noise)
        if rows.space[i] == LOG:
            _fill_log(rows, draws, i, noise, out[i])
        elif rows.space[i] == LOGIT:
            _fill_logit(rows, draws, i, noise, out[i])
        elif rows.space[i] == INDICATOR:
            _fill_indicator(rows, draws, i, out[i])
        else:
            fill_depths(rows.smiles, i, out, depth)
            _fill_linear(rows, draws, i, (noise, depth), out[i])


@kernel
def fill_noise(rows: SampledRows, draws: Draws, i: int, out: FloatArray) -> None:
    """Fill `out` `(n_columns,)` with what severity does not scale: B·f, the row's own part, its offset."""
    n_columns = out.shape[0]
    deviation, stream, offset = rows.own_deviation[i], rows.streams[i], rows.offset[i]
    varies, shifted = False, False
    for member in range(deviation.shape[0]):
        varies = varies or deviation[member] != 0.0
        shifted = shifted or offset[member] != 0.0
    for j in range(n_columns):
        out[j] = 0.0
    if varies:
        for j in range(n_columns):
            first, second = draw_words(draws.seed, stream, draws.first + j)
            out[j] = normal_from_words(first, second)
        # By itself: a gather would keep the loop above from being vectorised.
        for j in range(n_columns):
            out[j] = deviation[draws.member[j]] * draws.scale[j] * out[j]
    for factor in range(rows.exposures.shape[1]):
        exposure, shared = rows.exposures[i, factor], draws.shared[factor]
        for j in range(n_columns):
            out[j] = fma(exposure, shared[j], out[j])
    if not draws.stated_vary:
        stated = rows.stated[i]
        for j in range(n_columns):
            level = stated[draws.member[j]]
            out[j] = out[j] if isnan(level) else 0.0
    if shifted:
        for j in range(n_columns):
            out[j] = out[j] + offset[draws.member[j]]


@kernel
def _scaled_change(change: float, severity: float, floor: float) -> float:
    scaled = severity * change
    return max(scaled, floor)


@kernel
def _fill_log(rows: SampledRows, draws: Draws, i: int, noise: FloatArray, out: FloatArray) -> None:
    change, stated, floor, base = rows.change[i], rows.stated[i], rows.floor[i], rows.base[i]
    for j in range(out.shape[0]):
        member, severity = draws.member[j], draws.severity[j]
        centre = _scaled_change(change[member], severity, floor[member])
        level = base * exp(centre + noise[j])
        exact = severity == 1.0 and noise[j] == 0.0 and not isnan(stated[member])
        out[j] = stated[member] if exact else level


@kernel
def _fill_linear(
    rows: SampledRows, draws: Draws, i: int, scratch: tuple[FloatArray, FloatArray], out: FloatArray
) -> None:
    """Fill `ABSOLUTE` and `NON_NEGATIVE` rows; `scratch` holds noise and depths `(n_columns,)`."""
    change, stated, floor, base = rows.change[i], rows.stated[i], rows.floor[i], rows.base[i]
    bent = rows.space[i] == NON_NEGATIVE
    noise, depth = scratch
    for j in range(out.shape[0]):
        member, severity = draws.member[j], draws.severity[j]
        is_stated = not isnan(stated[member])
        step = _scaled_change(change[member], severity, floor[member])
        straight = stated[member] if is_stated and severity == 1.0 else base + step
        centre = bent_level(base, step, depth[j]) if bent and not is_stated else straight
        out[j] = bent_level(centre, noise[j], depth[j]) if bent else centre + noise[j]


@kernel
def _fill_logit(rows: SampledRows, draws: Draws, i: int, noise: FloatArray, out: FloatArray) -> None:
    """Fill rows in [0, 1]: stated changes act on the level, all others on its odds."""
    change, stated, floor, base = rows.change[i], rows.stated[i], rows.floor[i], rows.base[i]
    for j in range(out.shape[0]):
        member, severity = draws.member[j], draws.severity[j]
        is_stated = not isnan(stated[member])
        step = _scaled_change(change[member], severity, floor[member])
        straight = stated[member] if severity == 1.0 else base + step
        centre = straight if is_stated else _moved_odds(base, step)
        out[j] = _moved_odds(centre, noise[j])


@kernel
def _moved_odds(level: float, change: float) -> float:
    """Return the level whose log odds are those of `level` plus `change`; 0 and 1 stay, 0 moves nothing."""
    inside = level > 0.0 and level < 1.0 and change != 0.0
    start = level if inside else 0.5
    return 1.0 / (1.0 + (1.0 - start) / start * exp(-change)) if inside else level


@kernel
def _fill_indicator(rows: SampledRows, draws: Draws, i: int, out: FloatArray) -> None:
    """Fill a row of 0 and 1: it takes its stated level from severity 1 on, and never varies."""
    stated, base = rows.stated[i], rows.base[i]
    for j in range(out.shape[0]):
        level = stated[draws.member[j]]
        switched = not isnan(level) and draws.severity[j] >= 1.0
        out[j] = level if switched else base
