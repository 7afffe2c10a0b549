"""A move of many factors as a scenario document: one line a name, tables where all its tenors move."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stresstest.io.flow_text import flow_text
from stresstest.market.factor_kinds import FACTOR_KINDS, UNIT_SIZES, ChangeSpace
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import parse_tenor

Levels = Mapping[RiskFactorKey, tuple[float, float]]
"""Level before and after, by factor; no private ones."""

_CURVES = ("zero_rate", "par_yield", "basis")
_WIDTH = 108


def scenario_text(
    head: Mapping[str, object], narrative: Sequence[str], levels: Levels, market: Iterable[RiskFactorKey]
) -> str:
    """Return the document of a scenario that takes each factor from its first level to its second.

    Parameters
    ----------
    head
        Fields before the shocks, `title` among them; the narrative is put after it.
    narrative
        Paragraphs.
    levels
        Factors that move, the most important first.
    market
        Every factor of the market: a table is written for a name only where all its tenors move.
    """
    tenors = Counter((key.kind, key.name) for key in market)
    lines = ["version: 1"]
    for key, value in head.items():
        lines.append(f"{key}: {flow_text(value)}")
        if key == "title":
            paragraphs = ("\n".join(textwrap.wrap(paragraph, _WIDTH)) for paragraph in narrative)
            lines += ["narrative: |", textwrap.indent("\n\n".join(paragraphs), "  ")]
    lines += ["shocks:", *(f"  - {flow_text(shock)}" for shock in _shocks(levels, tenors))]
    return "\n".join(lines) + "\n"


def shift_of(key: RiskFactorKey, base: float, level: float) -> str:
    """Return a change as scenarios state it: per cent of the level, or points of the kind, to 12 decimals.

    Examples
    --------
    >>> shift_of(RiskFactorKey("spot", "NVDA"), 200.0, 150.0)
    '-25%'
    >>> shift_of(RiskFactorKey("zero_rate", "USD", "5Y"), 0.04, 0.0425)
    '+25bp'
    """
    kind = FACTOR_KINDS[key.kind]
    if kind.change_space is ChangeSpace.LOG:
        unit, size = "%", 100.0 * (level / base - 1.0)
    else:
        unit = kind.units[0]
        size = (level - base) / UNIT_SIZES[unit]
    return f"{size:+.12f}".rstrip("0").rstrip(".") + unit


def _shocks(levels: Levels, tenors: Mapping[tuple[str, str], int]) -> Iterator[dict[str, object]]:
    """Yield the lines: one table of a name where all its tenors move, else one line a tenor."""
    by_name: dict[tuple[str, str], dict[str, str]] = {}
    for key, (base, level) in levels.items():
        shift = shift_of(key, base, level)
        if any(digit in shift for digit in "123456789"):
            by_name.setdefault((key.kind, key.name), {})[key.tenor] = shift
    for (kind, name), shifts in by_name.items():
        select = {"curve" if kind in _CURVES else "name": name}
        basis = {"class": "computed"}
        if len(shifts) > 1 and len(shifts) == tenors[kind, name]:
            ascending = sorted(shifts, key=lambda tenor: parse_tenor(tenor).years)
            table = {tenor: shifts[tenor] for tenor in ascending}
            yield {"select": select, "factor": kind, "shift": table, "basis": basis}
            continue
        for tenor, shift in shifts.items():
            chosen = {**select, "tenor": tenor} if tenor else select
            yield {"select": chosen, "factor": kind, "shift": shift, "basis": basis}
