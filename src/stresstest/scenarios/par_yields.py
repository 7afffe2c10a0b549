"""Shocks on par yields: the zero curve is built again from the quotes after the shock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stresstest.errors import Problem, ProblemList
from stresstest.market.curves import ParYieldError, zero_rate, zero_rates_from_par_yields
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.lines import Hit, Line, Reach
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.scenario import Shock
from stresstest.scenarios.wording import level_text

PAR_YIELD = "par_yield"
"""Kind of the quotes, and the reason that an effect on a zero rate gives."""

_NO_SHIFT = Shift(ShiftType.ABSOLUTE, 0.0, "bp")


class ParLine(Line):
    """A line on par yields as it moves zero rates."""

    def __init__(self, line: Line) -> None:
        shock = line.shock
        super().__init__(line.number, Shock(shock.select, "zero_rate", _NO_SHIFT, location=shock.location))
        self.reason = PAR_YIELD


def with_par_yields(direct: DirectMoves, directory: FactorDirectory, problems: ProblemList) -> DirectMoves:
    """Return `direct` with the zero rates that follow from the par yields that it moves.

    Every node from the first moved quote on is built again, by the curve's own rules. Curves that are quoted
    as a basis over it keep their basis, unless a line moves them. A line that moves zero rates of the same
    curve too is a problem (ST339), as are par yields that no zero curve reprices.
    """
    moved: dict[str, dict[RiskFactorKey, Move]] = {}
    for key, move in direct.moves.items():
        if key.kind == PAR_YIELD and move.level != directory.market.levels[key]:
            moved.setdefault(key.name, {})[key] = move
    if not moved:
        return direct
    builder = _Rebuilder(direct, directory, problems)
    for name, quotes in moved.items():
        builder.rebuild(name, quotes)
    reach = Reach(builder.hits, direct.reach.unmatched)
    return replace(direct, reach=reach, moves={**direct.moves, **builder.moves})


class _Rebuilder:
    """Builds curves of one scenario again."""

    def __init__(self, direct: DirectMoves, directory: FactorDirectory, problems: ProblemList) -> None:
        self.direct = direct
        self.market = directory.market
        self.problems = problems
        self.hits = dict(direct.reach.hits)
        self.moves: dict[RiskFactorKey, Move] = {}

    def rebuild(self, name: str, quotes: Mapping[RiskFactorKey, Move]) -> None:
        """Move the zero rates of curve `name` to what its moved `quotes` give, then the curves over it."""
        curve = self.market.curves[name]
        if self._is_stated(curve):
            self._refuse_clash(curve, quotes)
            return
        rates = self._rates(curve, quotes)
        if rates is None:
            return
        lines = {line.number: ParLine(line) for move in quotes.values() for line in move.lines}
        for key, rate in zip(curve.keys(), rates, strict=True):
            move = quotes.get(key._replace(kind=PAR_YIELD)) or next(iter(quotes.values()))
            self._move(key, rate, lines[move.lines[-1].number])
        self._follow(curve, rates, next(iter(lines.values())))

    def _rates(self, curve: Curve, quotes: Mapping[RiskFactorKey, Move]) -> tuple[float, ...] | None:
        keys = [key._replace(kind=PAR_YIELD) for key in (*curve.keys(),)]
        yields = [quotes[key].level if key in quotes else self.market.levels[key] for key in keys]
        try:
            built = zero_rates_from_par_yields(curve.years, yields, self.market.quotes[curve.name].frequency)
        except ParYieldError as error:
            key = keys[error.node]
            line = (quotes.get(key) or next(iter(quotes.values()))).lines[-1]
            got = f"{line.title} takes {key} to {level_text(line.kind, yields[error.node])}"
            expected = "par yields that a zero curve reprices"
            self.problems.add(Problem("ST339", got, expected, line.shock.at("shift")))
            return None
        return tuple(built.tolist())

    def _follow(self, curve: Curve, rates: tuple[float, ...], line: ParLine) -> None:
        """Move the curves that are quoted over `curve` with it, their basis kept."""
        for name, quotes in self.market.quotes.items():
            above = self.market.curves[name]
            if quotes.over != curve.name or self._is_stated(above):
                continue
            moved = [
                zero_rate(curve.years, rates, years) + basis
                for years, basis in zip(above.years.tolist(), quotes.basis, strict=True)
            ]
            for key, rate in zip(above.keys(), moved, strict=True):
                self._move(key, rate, line)
            self._follow(above, tuple(moved), line)

    def _move(self, key: RiskFactorKey, level: float, line: ParLine) -> None:
        if level != self.market.levels[key]:
            self.moves[key] = Move(level, False, (line,))
            self.hits[key] = [*self.hits.get(key, ()), Hit(line, 1.0, line.shock.select.specificity)]

    def _is_stated(self, curve: Curve) -> bool:
        """Tell whether a line moves zero rates of `curve`."""
        return not self.direct.moves.keys().isdisjoint(curve.keys())

    def _refuse_clash(self, curve: Curve, quotes: Mapping[RiskFactorKey, Move]) -> None:
        keys = curve.keys()
        other = next(move for key, move in self.direct.moves.items() if key in keys).lines[-1]
        line = next(iter(quotes.values())).lines[-1]
        got = f"{line.title} moves par yields and {other.title} zero rates of curve {curve.name}"
        self.problems.add(Problem("ST339", got, "one of the two for a curve", line.shock.location))
