"""Columns of currency forwards."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.forwards import ForwardColumns


class FxForwardColumns(NamedTuple):
    """Compiled currency forwards: one unit of base currency on delivery against the rate."""

    forward: ForwardColumns
