"""Levels of sampled columns against an oracle, their exact cases, and the tails of the Student t."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from tests.oracle.sampled_levels import levels as oracle_levels

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.kernels.drawing import (
    ABSOLUTE,
    INDICATOR,
    LARGEST_SCALE,
    LOG,
    LOGIT,
    NON_NEGATIVE,
    Draws,
    SampledRows,
    fill_levels,
    fill_scales,
    fill_shared,
)
from stresstest.kernels.drawn_smiles import DrawnSmiles
from stresstest.kernels.inverse_normal import fill_normals

SPACES = [LOG, ABSOLUTE, NON_NEGATIVE, LOGIT, INDICATOR, LOG, NON_NEGATIVE, LOGIT]
BASES = [187.0, 0.04, 0.18, 0.4, 0.0, 2.5, 0.0, 1.0]
CHANGES = [
    [-0.9, 0.1],
    [0.01, -0.02],
    [0.1, -0.15],
    [-0.3, 0.2],
    [1.0, 0.0],
    [0.0, 0.3],
    [0.02, 0.01],
    [0.0, 0.1],
]
NAN = math.nan
STATED = [[76.0, NAN], [0.05, NAN], [0.28, NAN], [0.1, NAN], [1.0, NAN], [NAN, NAN], [0.02, NAN], [NAN, NAN]]
FLOORS = [[-1.2, -math.inf], *[[-math.inf, -math.inf]] * 7]
N_ROWS, N_FACTORS, WIDTH = len(SPACES), 2, 64


def no_smiles() -> DrawnSmiles:
    nothing, nowhere = frozen(np.zeros(N_ROWS)), frozen_int(np.full(N_ROWS, -1))
    return DrawnSmiles(nothing, nothing, nothing, nothing, nowhere, nowhere)


def sampled_rows(*, own: float = 0.2, offset: float = 0.0) -> SampledRows:
    rng = np.random.default_rng(4)
    return SampledRows(
        space=frozen_int(SPACES),
        base=frozen(BASES),
        exposures=frozen(rng.normal(size=(N_ROWS, N_FACTORS)) * (own != 0.0)),
        own_deviation=frozen(np.outer(np.full(N_ROWS, own), [1.0, 2.0])),
        streams=frozen_int(100 + np.arange(N_ROWS)),
        change=frozen(CHANGES),
        stated=frozen(STATED),
        floor=frozen(FLOORS),
        offset=frozen(np.where(np.isnan(STATED), offset, 0.0)),
        smiles=no_smiles(),
    )


def some_draws(*, stated_vary: bool = True, severity: float | None = None) -> Draws:
    rng = np.random.default_rng(5)
    drawn = rng.uniform(0.0, 2.0, WIDTH) if severity is None else np.full(WIDTH, severity)
    return Draws(
        seed=7,
        first=1000,
        stated_vary=stated_vary,
        member=frozen_int(rng.integers(0, 2, WIDTH)),
        severity=frozen(drawn),
        scale=frozen(rng.uniform(0.5, 2.0, WIDTH)),
        shared=frozen(0.1 * rng.normal(size=(N_FACTORS, WIDTH))),
    )


def filled(rows: SampledRows, draws: Draws) -> FloatArray:
    out = np.empty((N_ROWS, len(draws.member)))
    width = len(draws.member)
    fill_levels(rows, draws, np.empty(width), np.empty(width), out)
    return out


@pytest.mark.parametrize("stated_vary", [False, True])
def test_levels_equal_the_oracle(stated_vary: bool) -> None:
    rows, draws = sampled_rows(offset=0.05), some_draws(stated_vary=stated_vary)
    normals = np.empty((N_ROWS, WIDTH))
    fill_normals(7, rows.streams, 1000, normals)
    np.testing.assert_allclose(filled(rows, draws), oracle_levels(rows, draws, normals), rtol=1e-13)


def test_levels_stay_in_their_domains_whatever_is_drawn() -> None:
    rows, draws = sampled_rows(own=3.0), some_draws(severity=1.0)
    found = filled(rows, draws)
    assert np.isfinite(found).all()
    positive, unit = [0, 5], [3, 7]
    assert (found[positive] > 0.0).all()
    assert (found[[2, 6]] >= 0.0).all()
    assert ((found[unit] >= 0.0) & (found[unit] <= 1.0)).all()
    assert set(found[4].tolist()) <= {0.0, 1.0}


def test_stated_levels_are_exact_without_a_random_part() -> None:
    draws = some_draws(stated_vary=False, severity=1.0)
    found, first = filled(sampled_rows(), draws), draws.member == 0
    for row, stated in enumerate(STATED):
        if not math.isnan(stated[0]):
            assert set(found[row, first].tolist()) == {stated[0]}, row


def test_nothing_moves_at_severity_0_without_a_random_part() -> None:
    found = filled(
        sampled_rows(own=0.0), some_draws(severity=0.0)._replace(shared=frozen(np.zeros((2, WIDTH))))
    )
    assert found.tobytes() == np.repeat(np.array(BASES)[:, np.newaxis], WIDTH, axis=1).tobytes()


def test_a_floor_stops_a_stated_fall() -> None:
    draws = some_draws(stated_vary=False, severity=2.0)
    found = filled(sampled_rows(), draws)[0, draws.member == 0]
    np.testing.assert_allclose(found, 187.0 * math.exp(-1.2), rtol=1e-15)


def test_a_cell_does_not_depend_on_the_width_of_its_chunk() -> None:
    rows, draws = sampled_rows(), some_draws()
    whole = filled(rows, draws)
    for low, high in [(0, 1), (3, 20), (63, 64)]:
        part = draws._replace(
            first=draws.first + low,
            member=frozen_int(draws.member[low:high]),
            **{name: frozen(getattr(draws, name)[..., low:high]) for name in ("severity", "scale", "shared")},
        )
        assert filled(rows, part).tobytes() == whole[:, low:high].tobytes()


def test_shared_parts() -> None:
    rng = np.random.default_rng(6)
    roots, normals = rng.normal(size=(2, 3, 3)), rng.normal(size=(3, WIDTH))
    member, scale = rng.integers(0, 2, WIDTH), rng.uniform(0.5, 2.0, WIDTH)
    out = np.empty((3, WIDTH))
    fill_shared(frozen(roots), frozen_int(member), frozen(scale), frozen(normals), out)
    expected = np.einsum("j,jab,bj->aj", scale, roots[member], normals)
    np.testing.assert_allclose(out, expected, rtol=1e-12)


def truncated(distribution, low: float, high: float):
    """Return the distribution function of a variable that is known to lie between `low` and `high`."""
    below, above = distribution.cdf(low), distribution.cdf(high)
    return lambda x: (distribution.cdf(x) - below) / (above - below)


@pytest.mark.parametrize("degrees", [3, 5, 30])
def test_scales_make_a_student_t_of_the_stated_variance(degrees: int) -> None:
    n_draws, deviation = 200_000, 0.7
    scale, normal = np.empty(n_draws), np.empty((1, n_draws))
    fill_scales(9, frozen_int(1 + np.arange(degrees)), 0, deviation, scale)
    fill_normals(9, frozen_int([0]), 0, normal)
    students = scale * normal[0] / (deviation * math.sqrt((degrees - 2) / degrees))
    inside = np.abs(students) < 3.0
    assert stats.kstest(students[inside], truncated(stats.t(degrees), -3.0, 3.0)).pvalue > 1e-4
    chi_square = (degrees - 2) * (deviation / scale) ** 2
    lowest = (degrees - 2) / LARGEST_SCALE**2
    free = chi_square > lowest * (1.0 + 1e-12)
    assert stats.kstest(chi_square[free], truncated(stats.chi2(degrees), lowest, math.inf)).pvalue > 1e-4
    assert stats.binomtest(int((~free).sum()), n_draws, stats.chi2(degrees).cdf(lowest)).pvalue > 1e-4
    assert scale.max() <= LARGEST_SCALE * deviation


def test_without_degrees_of_freedom_the_scale_is_the_deviation() -> None:
    scale = np.empty(5)
    fill_scales(9, frozen_int([]), 0, 0.7, scale)
    assert scale.tolist() == [0.7] * 5
