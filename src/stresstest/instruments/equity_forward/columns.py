"""Columns of equity forwards."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.forwards import ForwardColumns


class EquityForwardColumns(NamedTuple):
    """Compiled equity forwards: the share carried to delivery against the price."""

    forward: ForwardColumns
