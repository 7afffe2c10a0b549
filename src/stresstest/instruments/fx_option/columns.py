"""Columns of currency options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.kernels.vanilla import VanillaColumns


class FxOptionColumns(NamedTuple):
    """Compiled currency options: contracts on forward exchange rates, and their surfaces."""

    vanilla: VanillaColumns
