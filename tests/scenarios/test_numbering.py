"""Numbers of lines: of today first, parts before the whole, steps after; accounts count alike."""

from __future__ import annotations

from tests.scenarios.test_paths import FALL, RISE, compiled, path

from stresstest.scenarios.event import Event, Halt
from stresstest.scenarios.numbering import later_lines, numbered_lines
from stresstest.scenarios.scenario import Include, Scenario, Shock, Step
from stresstest.scenarios.selectors import Selector

KO, SAP = Shock.of("spot", "-5%", issuer="KO"), Shock.of("spot", "-6%", issuer="SAP")
HALT = Event(Selector.of(issuer="KO"), Halt())
INNER = path(Step.of("1m", RISE), today=(FALL,), name="inner", events=(HALT,))
OUTER = path(Step.of("2m", KO), today=(SAP,), name="outer", include=(Include(INNER, 0.5),))
WHOLE = Scenario(
    "whole",
    (KO,),
    "3m",
    timing="path",
    combine="compound",
    include=(Include(OUTER, 0.5),),
    steps=(Step.of("1m", SAP, events=(HALT,)), Step.of("3m", KO)),
)


def test_lines_of_today_come_before_those_of_steps_and_parts_before_the_whole() -> None:
    found = [(line.number, line.line.owner.name, line.step is None) for line in numbered_lines(WHOLE)]
    assert found == [
        (1, "inner", True),
        (2, "inner", True),
        (3, "outer", True),
        (4, "whole", True),
        (5, "inner", False),
        (6, "outer", False),
        (7, "whole", False),
        (8, "whole", False),
        (9, "whole", False),
    ]
    assert [line.severity for _, line in later_lines(WHOLE)] == [0.25, 0.5, 1.0, 1.0, 1.0]


def test_accounts_number_lines_alike() -> None:
    by_number = {line.number: line for line in numbered_lines(WHOLE)}
    effects = [effect for effect in compiled(WHOLE, severity=4.0).effects if effect.line]
    assert {effect.line for effect in effects} == set(by_number)
    for effect in effects:
        shock = by_number[effect.line].line.shock
        names = {name for _, values in shock.select.terms for name in values}
        assert effect.factor.name in names
        assert (effect.step == 0) == (by_number[effect.line].step is None)
