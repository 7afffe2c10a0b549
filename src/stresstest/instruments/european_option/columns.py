"""Columns of European options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.vanilla import VanillaColumns


class EuropeanOptionColumns(NamedTuple):
    """Compiled European options: contracts on forwards of shares, and their surfaces."""

    vanilla: VanillaColumns
