"""Issuers that move together in a regime of the factor model."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey


def correlations(issuers: tuple[str, ...], model: FactorModel, regime: str) -> FloatArray:
    """Return `(n, n)` correlations of the issuers' prices; those that the model lacks are alone."""
    rows = [model.rows.get(RiskFactorKey("spot", name), -1) for name in issuers]
    known = np.array([row >= 0 for row in rows])
    picked = [max(row, 0) for row in rows]
    exposure = model.exposures[picked]
    covariance = exposure @ model.covariance[regime] @ exposure.T
    covariance[np.diag_indices(len(rows))] += model.idiosyncratic_vol[regime][picked] ** 2
    vol = np.sqrt(np.diag(covariance))
    found: FloatArray = covariance / vol / vol[:, np.newaxis]
    found[~known] = 0.0
    found[:, ~known] = 0.0
    np.fill_diagonal(found, 1.0)
    return found


def neighbours(inputs: HedgeInputs, regime: str, correlation: float) -> dict[str, FloatArray]:
    """Return by issuer `(n_lines,)` the lines of all issuers that correlate with it by more than that.

    Each issuer has a cluster of its own around it, so that no chain of neighbours joins what does not move
    together. Clusters that another one contains are left out.
    """
    model = inputs.risk.model
    if model is None:
        return {}
    lines = [
        line.issuer if line.traits.values.get("asset_class") == "equity" else "" for line in inputs.lines
    ]
    issuers = tuple(sorted({issuer for issuer in lines if issuer}))
    close = correlations(issuers, model, regime) > correlation
    place = {issuer: row for row, issuer in enumerate(issuers)}
    found: dict[str, FloatArray] = {}
    for row, issuer in enumerate(issuers):
        bigger = (close >= close[row]).all(axis=1) & (
            (close != close[row]).any(axis=1) | (np.arange(len(issuers)) < row)
        )
        if bigger.any():
            continue
        found[issuer] = np.array([float(bool(name) and close[row, place.get(name, 0)]) for name in lines])
    return found
