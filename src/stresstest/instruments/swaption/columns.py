"""Columns of swaptions."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.swaps import StripColumns


class SwaptionColumns(NamedTuple):
    """Compiled swaptions; each array `(n_instruments,)`.

    Attributes
    ----------
    sign
        1 for a payer, −1 for a receiver.
    strike, log_strike
        Fixed rate and its natural log, 0 where the vol is normal.
    is_normal
        1 where the vol is normal, 0 where it is lognormal.
    sticks, base_log_forward
        1 where moneyness is measured from one forward in all columns, and the log of that: of the base where
        the surface sticks to strikes, 0 where the vol is normal and knows no moneyness.
    annuity, floating
        Discount factors that make up both legs of the swap, for a fixed rate of 1.
    smile
        Vols around the expiry; their log forward is the kernel's own.
    life
        `ALIVE`; `SETTLED`: expired since the step before, pays its intrinsic value; `GONE`: before that.
    """

    sign: FloatArray
    strike: FloatArray
    log_strike: FloatArray
    is_normal: IntArray
    sticks: IntArray
    base_log_forward: FloatArray
    annuity: StripColumns
    floating: StripColumns
    smile: SmileColumns
    life: IntArray
