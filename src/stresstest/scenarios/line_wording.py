"""A line of a scenario in words, its drivers as they stand."""

from __future__ import annotations

from collections.abc import Mapping

from stresstest.scenarios.drivers import Driver
from stresstest.scenarios.rules import RULES, plain_shift
from stresstest.scenarios.scenario import Shock
from stresstest.scenarios.tenors import TenorTable
from stresstest.scenarios.wording import shift_text


def line_text(shock: Shock, drivers: Mapping[str, Driver] | None = None) -> str:
    """Return a line in words: `theme ai_accelerators: spot -60% (capex_cut 50%)`."""
    known = drivers or {}
    shift = plain_shift(shock.shift, known)
    if isinstance(shift, TenorTable):
        pairs = zip(shift.tenors, shift.shifts, strict=True)
        amount = ", ".join(f"{tenor.text} {shift_text(part)}" for tenor, part in pairs)
    else:
        amount = shift_text(shift)
    names = shock.shift.names() if isinstance(shock.shift, RULES) else ()
    because = ", ".join(f"{name} {known[name].text()}" for name in names)
    return f"{shock.select.text()}: {shock.factor} {amount}" + (f" ({because})" if because else "")
