"""Written calls: a sale of shares may not leave one without the shares that it is on."""

from __future__ import annotations

from typing import Any

import numpy as np

from stresstest.hedging.inputs.inputs import HedgeInputs


def coverage(inputs: HedgeInputs, after: Any) -> list[Any]:
    """Return shares less those that written calls are on, less what was short before; for each underlying.

    At least 0 where no call becomes naked by a sale of its shares. In units of the base value's share of one
    share's price, so that rounding compares with other rows.
    """
    rows = []
    for issuer in sorted({line.issuer for line in inputs.held if _is_written_call(inputs, line)}):
        row, size = np.zeros(inputs.n_lines), 1.0
        for place, line in enumerate(inputs.lines):
            if line.issuer != issuer:
                continue
            spec = inputs.book.instruments[line.legs[0].row].spec
            if line.type in ("equity", "fund"):
                row[place], size = 1.0 / inputs.scale[place], inputs.scale[place]
            elif _is_written_call(inputs, line):
                row[place] = spec.multiplier / inputs.scale[place]
        before = float(row @ inputs.held_shares)
        rows.append(size * (row @ after - min(before, 0.0)))
    return rows


def _is_written_call(inputs: HedgeInputs, line: Any) -> bool:
    """Tell whether a line owes shares: a call on a currency has no shares that could cover it."""
    spec = inputs.book.instruments[line.legs[0].row].spec
    return bool(line.issuer and line.quantity < 0.0 and getattr(spec, "right", "") == "call")
