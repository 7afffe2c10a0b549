"""A hedged portfolio as what-if trades of the portfolio that a page was opened with."""

from __future__ import annotations

import math
from typing import Any

from stresstest.api import Portfolio
from stresstest.io.flow_text import flow_text
from stresstest.portfolio.writing import position_rows

Values = dict[str, Any]


def proposal(opened: Portfolio, hedged: Portfolio) -> Values:
    """Return the trades that make `hedged` of `opened`: new quantities, and positions to add as text.

    A position that is sold whole has quantity 0; what is valued by a weight in both stays.
    """
    quantity, weight = hedged.positions.quantity.tolist(), hedged.positions.weight.tolist()
    after = dict(zip(hedged.positions.ids, quantity, strict=True))
    weighed = {
        name for name, share in zip(hedged.positions.ids, weight, strict=True) if not math.isnan(share)
    }
    quantities = {
        name: after.get(name, 0.0)
        for name, before in zip(opened.positions.ids, opened.positions.quantity.tolist(), strict=True)
        if name not in weighed and after.get(name, 0.0) != before
    }
    own = set(opened.positions.ids)
    added = [row for row in position_rows(hedged) if row["id"] not in own]
    return {"quantities": quantities, "added": "\n".join(f"- {flow_text(row)}" for row in added)}
