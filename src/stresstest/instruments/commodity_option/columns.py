"""Columns of options on commodity futures."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.vanilla import VanillaColumns


class CommodityOptionColumns(NamedTuple):
    """Compiled options on futures: contracts and their surfaces."""

    vanilla: VanillaColumns
