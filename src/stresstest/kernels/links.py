"""Levels of factors that move with others: funds with their constituents, proxied shares with their proxy."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log


class LinkTerms(NamedTuple):
    """Terms of one link, weights first, then betas, then durations.

    Attributes
    ----------
    coefficients
        Weight (fraction of value), beta (power of the ratio) or duration (years); shape `(n_terms,)`.
    bases
        Base level of each term's source, shape `(n_terms,)`.
    n_weights, n_betas
        How many of the terms are weights and betas; the rest are durations.
    """

    coefficients: FloatArray
    bases: FloatArray
    n_weights: int
    n_betas: int


@kernel
def linked_levels(
    terms: LinkTerms, base: float, levels: FloatArray, exponent: FloatArray, out: FloatArray
) -> None:
    """Fill `out` with base · (1 + Σ weight·(ratio − 1)) · exp(Σ beta·log ratio − Σ duration·change).

    `ratio` is level ÷ base of a source and `change` level − base. Where every source stands at its base the
    factors are exactly 1, so that the result is `base` to the last bit. A source at or below zero under a
    beta gives 0 or NaN, never a clamp.

    Parameters
    ----------
    terms
        Coefficients and bases of the sources.
    base
        Base level of the target.
    levels
        Levels of the sources, term by term; shape `(n_terms, n_columns)`.
    exponent
        Scratch, shape `(n_columns,)`.
    out
        Levels of the target, shape `(n_columns,)`.
    """
    n_columns = out.shape[0]
    end_of_betas = terms.n_weights + terms.n_betas
    for column in range(n_columns):
        out[column] = 1.0
        exponent[column] = 0.0
    for term in range(terms.n_weights):
        weight, source_base, row = terms.coefficients[term], terms.bases[term], levels[term]
        for column in range(n_columns):
            out[column] = fma(weight, row[column] / source_base - 1.0, out[column])
    for term in range(terms.n_weights, end_of_betas):
        beta, source_base, row = terms.coefficients[term], terms.bases[term], levels[term]
        for column in range(n_columns):
            exponent[column] = fma(beta, log(row[column] / source_base), exponent[column])
    for term in range(end_of_betas, terms.coefficients.shape[0]):
        duration, source_base, row = terms.coefficients[term], terms.bases[term], levels[term]
        for column in range(n_columns):
            exponent[column] = fma(-duration, row[column] - source_base, exponent[column])
    for column in range(n_columns):
        out[column] = base * out[column] * exp(exponent[column])
