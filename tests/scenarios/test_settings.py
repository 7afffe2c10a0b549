from __future__ import annotations

import pytest
from tests.scenarios.markets import key, small_market

from stresstest.errors import InputError
from stresstest.quantity import parse_shift
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.rules import SlopeRule
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock
from stresstest.scenarios.settings import parse_setting, with_settings

CUT = NumberDriver("capex_cut", 0.5, 0.1, 0.8, "%")
LINE = Shock.of("spot", SlopeRule("capex_cut", parse_shift("-1%")), issuer="NVDA")
SET = ScenarioSet(
    (
        Scenario("one", (LINE,), "12m", drivers=(CUT,)),
        Scenario("two", (LINE,), "12m", drivers=(CUT,)),
        Scenario("three", (Shock.of("spot", "-5%", issuer="KO"),), "12m"),
    )
)


def values(scenarios: ScenarioSet) -> list[str]:
    return [driver.text() for scenario in scenarios for driver in scenario.drivers]


def error_of(*texts: str) -> list[str]:
    with pytest.raises(InputError) as error:
        with_settings(SET, texts)
    return [problem.format() for problem in error.value.problems]


def test_a_setting_reaches_every_scenario_that_has_the_driver() -> None:
    assert values(with_settings(SET, ["capex_cut=65%"])) == ["65%", "65%"]
    assert values(with_settings(SET, ["two.capex_cut=65%"])) == ["50%", "65%"]
    assert values(with_settings(SET, ["capex_cut=65%", "one.capex_cut=20%"])) == ["20%", "65%"]
    assert values(with_settings(SET, [])) == ["50%", "50%"]


def test_a_driver_moves_what_depends_on_it() -> None:
    compiled = compile_scenarios(with_settings(SET, ["two.capex_cut=80%"]), small_market())
    row = compiled.columns.moved[key("spot/NVDA")]
    assert row.tolist() == pytest.approx([187.62, 187.62 * 0.5, 187.62 * 0.2, 187.62])


def test_in_python_a_scenario_is_set_by_keyword() -> None:
    assert SET["one"].with_drivers(capex_cut="65%").drivers[0].value == 0.65
    with pytest.raises(InputError, match=r"ST328.*'capex_cat' of scenario one.*did you mean 'capex_cut'"):
        SET["one"].with_drivers(capex_cat="65%")
    with pytest.raises(InputError, match="expected no driver"):
        SET["three"].with_drivers(capex_cut="65%")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "capex_cat=65%",
            "error[ST328] driver 'capex_cat'; expected a driver of some scenario of the run: "
            "capex_cut; did you mean 'capex_cut'?",
        ),
        (
            "tvo.capex_cut=65%",
            "error[ST328] scenario 'tvo'; expected a scenario of the run: one, two, three; "
            "did you mean 'two'?",
        ),
        ("three.capex_cut=65%", "error[ST328] driver 'capex_cut'; expected drivers; none of three"),
        (
            "capex_cut=0.65",
            "error[ST329] driver capex_cut at '0.65'; "
            "expected a value in the unit of the driver, like 50%; did you mean '65%'?",
        ),
        ("capex_cut=95%", "error[ST330] driver capex_cut at 95%; expected a value from 10% to 80%"),
        ("capex_cut", "error[ST333] setting 'capex_cut'; expected [SCENARIO.]DRIVER=VALUE"),
        ("=5%", "error[ST333] setting '=5%'; expected [SCENARIO.]DRIVER=VALUE"),
        ("capex_cut=", "error[ST333] setting 'capex_cut='; expected [SCENARIO.]DRIVER=VALUE"),
    ],
)
def test_what_cannot_be_set(text: str, expected: str) -> None:
    assert error_of(text) == [f"--set {text}: {expected}"]


def test_all_that_is_wrong_comes_at_once() -> None:
    assert len(error_of("capex_cut=95%", "other=1", "nothing")) == 3


def test_blanks_around_the_equals_sign_do_not_matter() -> None:
    setting = parse_setting("one.capex_cut = 65%")
    assert (setting.scenario, setting.driver, setting.value) == ("one", "capex_cut", "65%")
