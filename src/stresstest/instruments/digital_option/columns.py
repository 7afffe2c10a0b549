"""Columns of digital options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import IntArray
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns


class DigitalOptionColumns(NamedTuple):
    """Compiled digital options.

    Attributes
    ----------
    contract
        Terms and rows; the multiplier is the amount paid.
    smile
        Surfaces of the underlyings.
    pays_asset
        1 where the underlying is paid, 0 where money is `(n_instruments,)`.
    """

    contract: ContractColumns
    smile: SmileColumns
    pays_asset: IntArray
