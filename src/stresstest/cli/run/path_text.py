"""A portfolio along a path in one line of the loss table."""

from __future__ import annotations

from rich.text import Text

from stresstest.cli.terminal import ASIDE, compact
from stresstest.measures.paths import ValuePath

DAYS_PER_MONTH = 30.4375


def path_text(path: ValuePath) -> Text:
    """Return how deep the path goes, when, for how long, and its least money."""
    fall, wet, cash = path.drawdown, path.under_water, path.lowest_cash
    parts = ["no drawdown"]
    if fall.amount > 0.0:
        deep = compact(fall.amount).removeprefix("+") if fall.percent is None else f"{fall.percent:.1f} %"
        months = round(wet.days / DAYS_PER_MONTH)
        over = "" if wet.recovered else ", not over"
        parts = [f"drawdown {deep} to {fall.trough}", f"under water {months}m{over}"]
    if cash is not None:
        parts.append(f"least cash {compact(cash[0]).removeprefix('+')}")
    return Text("  " + "; ".join(parts), ASIDE)
