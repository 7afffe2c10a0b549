"""What goes wrong where lines meet a market: the exact words, each said once, all at once."""

from __future__ import annotations

import pytest
from tests.scenarios.markets import small_market

from stresstest.errors import InputError, Problem
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock


def problems(*shocks: Shock, severity: float = 1.0, combine: str = "error") -> tuple[Problem, ...]:
    scenarios = ScenarioSet((Scenario("test", shocks, "12m", combine=combine),))
    with pytest.raises(InputError) as error:
        compile_scenarios(scenarios, small_market(), severity)
    return error.value.problems


def text_of(*shocks: Shock, severity: float = 1.0, combine: str = "error") -> str:
    (problem,) = problems(*shocks, severity=severity, combine=combine)
    return problem.format()


@pytest.mark.parametrize(
    ("shock", "severity", "message"),
    [
        (
            Shock.of("implied_vol", "-20vol", issuer=["NVDA", "KO"]),
            1.0,
            "error[ST315] shock 1 takes implied_vol/KO/1M from 16vol to -4vol; "
            "expected a level of 0 or more; "
            "the largest severity that works is 79.9%",
        ),
        (
            Shock.of("implied_vol", "-45vol", issuer=["NVDA", "KO"]),
            1.0,
            "error[ST315] shock 1 takes implied_vol/KO/1M (and 1 more) from 16vol "
            "to -29vol; expected a level of "
            "0 or more; the largest severity that works is 35.5%",
        ),
        (
            Shock.of("recovery_rate", "+30pp", theme="ai_accelerators"),
            10.0,
            "error[ST315] shock 1 takes recovery_rate/AMD from 40% to 190%; expected a level from 0 to 100%; "
            "the largest severity that works is 400%",
        ),
        (
            Shock.of("spot", "-300abs", issuer="SAP"),
            1.0,
            "error[ST315] shock 1 takes spot/SAP from 231 to -69; expected a level "
            "above 0; no severity works",
        ),
        (
            Shock.of("spot", "=0", issuer="SAP"),
            0.5,
            "error[ST315] shock 1 takes spot/SAP from 231 to nowhere; expected a "
            "level above 0; no severity works",
        ),
        (
            Shock.of("default_state", "=1", issuer="AMD"),
            0.5,
            "error[ST315] shock 1 takes default_state/AMD from 0 to 0.5; expected a level of 0 or 1; "
            "no severity works",
        ),
        (
            Shock.of("zero_rate", "+3_000bp", curve="USD"),
            1.0,
            "error[ST316] shock 1: +3000bp takes zero_rate/USD/1Y (and 3 more) "
            "from 3.64% to 33.64%; expected a "
            "change of at most 2000bp",
        ),
        (
            Shock.of("zero_rate", "+600%", curve="USD"),
            1.0,
            "error[ST316] shock 1: +600% takes zero_rate/USD/1M (and 3 more) from "
            "4.24% to 29.68%; expected a "
            "change of at most 2000bp; did you mean '+600bp'?",
        ),
        (
            Shock.of("zero_rate", "=450%", tenor="5Y", curve="USD"),
            1.0,
            "error[ST316] shock 1: =450% takes zero_rate/USD/5Y from 3.72% to "
            "450%; expected a change of at most "
            "2000bp; did you mean '=4.5%'?",
        ),
        (
            Shock.of("spot", "x40", issuer="KO"),
            1.0,
            "error[ST316] shock 1: x40 takes spot/KO from 66.3 to 2652; expected at most 10 times the base; "
            "did you mean 'x0.4'?",
        ),
        (
            Shock.of("spot", {"1Y": "-20%"}, theme="ai_accelerators"),
            1.0,
            "error[ST308] shock 1 gives shifts by tenor, and spot/NVDA (and 1 "
            "more) has no tenor; expected one "
            "shift, or factors with tenors",
        ),
        (
            Shock.of("rental_rates", "-20%", name="H100"),
            1.0,
            "did you mean 'rental_rate'?",
        ),
        (
            Shock.of("private_mark", "-20%", name="OPENAI"),
            1.0,
            "error[ST318] shock 1 moves private_mark, and market small has none; "
            "expected a kind that the market "
            "has (credit_spread, default_state, dividend_yield, fx_spot, implied_vol, recovery_rate, "
            "rental_rate, spot, vol_skew, zero_rate), or optional: true",
        ),
        (
            Shock.of("spot", "-20%", theme="ai_acelerators"),
            1.0,
            "error[ST310] theme 'ai_acelerators'; expected a value that some spot "
            "factor of market small has: "
            "ai_accelerators, staples; did you mean 'ai_accelerators'?",
        ),
        (
            Shock.of("spot", "-20%", theme="staples", region="Europe"),
            1.0,
            "error[ST311] no spot factor with theme staples, region Europe; "
            "expected attributes that some factor "
            "has together",
        ),
    ],
)
def test_a_line_that_cannot_move_a_factor_says_why(shock: Shock, severity: float, message: str) -> None:
    assert text_of(shock, severity=severity).endswith(message)


@pytest.mark.parametrize(
    ("lines", "combine", "message"),
    [
        (
            (
                Shock.of("spot", "-20%", industry="semiconductors"),
                Shock.of("spot", "-30%", industry=["software", "semiconductors"]),
            ),
            "error",
            "error[ST313] shock 1 and shock 2 reach spot/NVDA (and 1 more) with "
            "equal rank; expected one more "
            "specific than the other, or combine: override, compound or worst_of_factor",
        ),
        (
            (Shock.of("spot", "-20%", issuer="KO"), Shock.of("spot", "=50", name="KO")),
            "compound",
            "error[ST314] shock 1 and shock 2 on spot/KO; expected only relative "
            "or only absolute shifts under "
            "combine: compound",
        ),
        (
            (Shock.of("implied_vol", "-10vol", issuer="KO"), Shock.of("implied_vol", "-22vol", name="KO")),
            "compound",
            "error[ST315] shock 1 with shock 2 takes implied_vol/KO/1M from 16vol "
            "to -16vol; expected a level of "
            "0 or more; the largest severity that works is 50%",
        ),
    ],
)
def test_lines_that_cannot_stand_together_say_why(
    lines: tuple[Shock, ...], combine: str, message: str
) -> None:
    assert text_of(*lines, combine=combine) == message


@pytest.mark.parametrize(("severity", "works"), [(0.355, True), (0.36, False)])
def test_the_severity_that_a_message_names_works(severity: float, works: bool) -> None:
    shock = Shock.of("implied_vol", "-45vol", issuer=["NVDA", "KO"])
    scenarios = ScenarioSet((Scenario("test", (shock,), "12m"),))
    if works:
        compile_scenarios(scenarios, small_market(), severity)
    else:
        with pytest.raises(InputError):
            compile_scenarios(scenarios, small_market(), severity)


def test_a_theme_exposure_counts_in_the_severity_that_works() -> None:
    shock = Shock.of("recovery_rate", "-50pp", theme="ai_accelerators")
    assert "the largest severity that works is 160%" in text_of(shock, severity=3.0)


def test_an_overruled_line_has_no_say_in_domains() -> None:
    lines = (
        Shock.of("implied_vol", "-30vol", region="US"),
        Shock.of("implied_vol", "-3vol", issuer=["KO", "NVDA"]),
    )
    compile_scenarios(ScenarioSet((Scenario("test", lines, "12m"),)), small_market())


def test_every_problem_of_every_scenario_is_told_at_once_in_the_order_of_the_lines() -> None:
    first = """\
version: 1
name: first
horizon: 12m
timing: path
shocks:
  - {select: {theme: ai_acelerators}, factor: spot, shift: -20%}
  - {select: {issuer: KO}, factor: implied_vol, shift: -30vol}
  - {select: {issuer: [NVDA, KOO]}, factor: spot, shift: +5vol}
  - {select: {curve: USD, tenor: 7Y}, factor: zero_rate, shift: +9_000bp}
  - select: {curve: USD}
    factor: zero_rate
    shift: {1Y: +50bp, 10Y: +9_000bp}
  - {select: {industry: semiconductors}, factor: credit_spread, shift: +50bp}
  - {select: {industry: semiconductors}, factor: credit_spread, shift: +60bp}
"""
    second = first.replace("first", "second").replace("timing: path", "timing: instant")
    scenarios = ScenarioSet((parse_scenario(first, "a.yaml"), parse_scenario(second, "b.yaml")))
    with pytest.raises(InputError) as error:
        compile_scenarios(scenarios, small_market())
    found = [(p.location.file, p.location.line, p.location.column, p.code) for p in error.value.problems]
    common = [
        (6, 22, "ST310"),
        (7, 56, "ST315"),
        (8, 23, "ST310"),
        (8, 58, "ST304"),
        (9, 34, "ST310"),
        (12, 12, "ST316"),
        (14, 5, "ST313"),
    ]
    assert found == [
        ("a.yaml", 4, 9, "ST301"),
        *(("a.yaml", *rest) for rest in common),
        *(("b.yaml", *rest) for rest in common),
    ]
    assert "shock 2 (a.yaml:7) takes implied_vol/KO/1M" in str(error.value)
