"""What goes wrong where lines meet factors, gathered factor by factor and told once a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stresstest.errors import Problem
from stresstest.market.factor_kinds import UNIT_SIZES, ChangeSpace, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.checks import DOMAIN_TEXTS
from stresstest.scenarios.lines import Line
from stresstest.scenarios.shifts import is_implausible, stated_level
from stresstest.scenarios.wording import change_text, level_text, severity_text, shift_text


@dataclass(frozen=True, slots=True)
class Finding:
    """One factor that a line cannot move as it says.

    `largest` is the largest severity that works, where the level is outside the domain.
    """

    key: RiskFactorKey
    base: float = 0.0
    level: float = 0.0
    largest: float = 0.0


class Findings:
    """Findings of one scenario by code and lines."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[Line, ...]], list[Finding]] = {}

    def add(self, code: str, lines: Sequence[Line], finding: Finding) -> None:
        """Add a finding of one of the codes ST308, ST313 to ST316."""
        self._found.setdefault((code, tuple(lines)), []).append(finding)

    def problems(self) -> Iterator[Problem]:
        """Yield one problem for each code and group of lines, naming the first or worst factor."""
        words = {"ST308": _no_tenor, "ST313": _collision, "ST314": _mixture, "ST315": _outside}
        for (code, lines), found in self._found.items():
            yield words.get(code, _implausible)(code, lines, found)


def _no_tenor(code: str, lines: Sequence[Line], found: list[Finding]) -> Problem:
    got = f"{lines[0].title} gives shifts by tenor, and {_keys(found)} has no tenor"
    return Problem(code, got, "one shift, or factors with tenors", lines[0].shock.at("shift"))


def _collision(code: str, lines: Sequence[Line], found: list[Finding]) -> Problem:
    titles = " and ".join(line.title for line in lines)
    expected = "one more specific than the other, or combine: override, compound or worst_of_factor"
    return Problem(code, f"{titles} reach {_keys(found)} with equal rank", expected, lines[-1].shock.location)


def _mixture(code: str, lines: Sequence[Line], found: list[Finding]) -> Problem:
    titles = " and ".join(line.title for line in lines)
    expected = "only relative or only absolute shifts under combine: compound"
    return Problem(code, f"{titles} on {_keys(found)}", expected, lines[-1].shock.at("shift"))


def _outside(code: str, lines: Sequence[Line], found: list[Finding]) -> Problem:
    worst = min(found, key=lambda finding: finding.largest)
    kind = lines[0].kind
    reached = level_text(kind, worst.level) if worst.level == worst.level else "nowhere"
    got = f"{_titles(lines)} takes {_keys(found, worst)} from {level_text(kind, worst.base)} to {reached}"
    largest = severity_text(worst.largest)
    limit = f"the largest severity that works is {largest}" if largest != "0%" else "no severity works"
    return Problem(code, got, f"{DOMAIN_TEXTS[kind.domain]}; {limit}", lines[-1].shock.at("shift"))


def _implausible(code: str, lines: Sequence[Line], found: list[Finding]) -> Problem:
    (line,) = lines
    worst = max(found, key=lambda finding: abs(finding.level / finding.base) if finding.base else 0.0)
    shift = line.shift_of(worst.key)
    moved = f"{level_text(line.kind, worst.base)} to {level_text(line.kind, worst.level)}"
    got = f"{line.title}: {shift_text(shift)} takes {_keys(found, worst)} from {moved}"
    limit = largest_change_text(line.kind)
    return Problem(code, got, limit, line.shock.at("shift"), _likely(line.kind, worst.base, shift))


def largest_change_text(kind: FactorKind) -> str:
    """Return in words the largest change of `kind` that is not taken for a slip."""
    if kind.change_space is ChangeSpace.LOG:
        return f"at most {kind.implausible:g} times the base"
    return f"a change of at most {change_text(kind, 0.0, kind.implausible).removeprefix('+')}"


def _likely(kind: FactorKind, base: float, shift: Shift) -> str:
    """Return the shift that was likely meant, where that is a plausible one.

    Points where a relative shift of a rate is written (`+600%` for `+600bp`), a hundredth where a factor or a
    percentage is; nothing where points are, which no slip of units explains.
    """
    unit = kind.units[0]
    if shift.unit == "x":
        meant = replace(shift, amount=(1.0 + shift.amount) / 100.0 - 1.0)
    elif (
        shift.shift_type is ShiftType.RELATIVE
        and unit in UNIT_SIZES
        and kind.change_space is not ChangeSpace.LOG
    ):
        meant = Shift(ShiftType.ABSOLUTE, shift.amount * 100.0 * UNIT_SIZES[unit], unit)
    elif shift.shift_type is ShiftType.ABSOLUTE:
        return ""
    else:
        meant = replace(shift, amount=shift.amount / 100.0)
    return "" if is_implausible(kind, base, stated_level(base, meant)) else shift_text(meant)


def _titles(lines: Sequence[Line]) -> str:
    return " with ".join(line.title for line in lines)


def _keys(found: list[Finding], first: Finding | None = None) -> str:
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{(first or found[0]).key}{more}"
