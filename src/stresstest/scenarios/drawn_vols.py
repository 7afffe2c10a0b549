"""Vols among the rows of a sample: which smile each is the level of, and what that smile needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.kernels.drawn_smiles import DrawnSmiles, FollowingSmile, bend_followers
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Smile

_LEVEL, _SKEW, _CURVATURE = "implied_vol", "vol_skew", "vol_curvature"

Levels = Mapping[RiskFactorKey, float]


def shape_keys(key: RiskFactorKey) -> tuple[RiskFactorKey, RiskFactorKey]:
    """Return the skew and the curvature of the pillar that `key` is the level of."""
    return key._replace(kind=_SKEW), key._replace(kind=_CURVATURE)


def smile_of(key: RiskFactorKey, smiles: Mapping[str, Smile]) -> Smile | None:
    """Return the smile that a factor is the level of; None where it is none, or its surface is flat."""
    smile = smiles.get(key.name) if key.kind == _LEVEL else None
    return None if smile is None or smile.lower == smile.upper else smile


def with_shapes(keys: Iterable[RiskFactorKey], smiles: Mapping[str, Smile]) -> set[RiskFactorKey]:
    """Return `keys` with the skew and the curvature of every vol among them: what its draws depend on."""
    found = set(keys)
    for key in tuple(found):
        if smile_of(key, smiles) is not None:
            found.update(shape_keys(key))
    return found


def shapes_first(keys: Iterable[RiskFactorKey]) -> tuple[RiskFactorKey, ...]:
    """Return `keys` in their order, vols last: they are drawn after their skew and curvature."""
    return tuple(sorted(keys, key=lambda key: key.kind == _LEVEL))


def drawn_smiles(keys: Sequence[RiskFactorKey], levels: Levels, smiles: Mapping[str, Smile]) -> DrawnSmiles:
    """Return the smiles of the rows of `keys`, which `shapes_first` has put in order."""
    place = {key: row for row, key in enumerate(keys)}
    bounds, shapes = np.zeros((2, len(keys))), np.zeros((2, len(keys)))
    rows = np.full((2, len(keys)), -1)
    for row, key in enumerate(keys):
        smile = smile_of(key, smiles)
        if smile is not None:
            bounds[:, row] = smile.lower, smile.upper
            shapes[:, row] = [levels[shape] for shape in shape_keys(key)]
            rows[:, row] = [place.get(shape, -1) for shape in shape_keys(key)]
    return DrawnSmiles(
        frozen(bounds[0]), frozen(bounds[1]),
        frozen(shapes[0]), frozen(shapes[1]),
        frozen_int(rows[0]), frozen_int(rows[1]),
    )  # fmt: skip


def bent_follower(
    key: RiskFactorKey,
    followed: FloatArray,
    levels: tuple[Levels, Mapping[RiskFactorKey, FloatArray]],
    smile: Smile,
) -> FloatArray:
    """Return `followed` `(n_columns,)`, what a link makes of the vol `key`, bent where its smile needs it.

    Parameters
    ----------
    levels
        At the base, and those drawn `(n_columns,)`.
    """
    base, drawn = levels
    shapes = shape_keys(key)
    skew, curvature = (base[shape] for shape in shapes)
    at_base = FollowingSmile(base[key], skew, curvature, smile.lower, smile.upper)
    rows = [frozen(np.broadcast_to(drawn.get(shape, base[shape]), followed.shape)) for shape in shapes]
    bent = np.array(followed)
    bend_followers(at_base, rows[0], rows[1], bent)
    return bent
