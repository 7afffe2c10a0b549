"""Drivers set from outside: `capex_cut=65%` in every scenario that has it, `NAME.capex_cut=65%` in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.scenarios.scenario import Scenario, ScenarioSet

_LISTED = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """A driver and the value that it is to have; `scenario` is empty for all that have the driver."""

    scenario: str
    driver: str
    value: str
    text: str

    @property
    def location(self) -> Location:
        """Place that problems name: the setting itself."""
        return Location(f"--set {self.text}")

    def applies_to(self, scenario: Scenario) -> bool:
        """Tell whether the setting is for a driver of `scenario`."""
        return self.scenario in ("", scenario.name) and self.driver in scenario.driver_names


def parse_setting(text: str) -> Setting:
    """Return the setting that `text` spells.

    Raises
    ------
    InputError
        ST333 for what is no `[SCENARIO.]DRIVER=VALUE`.

    Examples
    --------
    >>> parse_setting("ai_capex_collapse.capex_cut=65%").driver
    'capex_cut'
    """
    name, equals, value = text.partition("=")
    scenario, _, driver = name.strip().rpartition(".")
    if not equals or not driver or not value.strip():
        where = Location(f"--set {text}")
        raise InputError([Problem("ST333", f"setting {text!r}", "[SCENARIO.]DRIVER=VALUE", where)])
    return Setting(scenario, driver, value.strip(), text)


def with_settings(scenarios: ScenarioSet, texts: Iterable[str]) -> ScenarioSet:
    """Return the scenarios with their drivers set; where two settings meet the later one counts.

    Raises
    ------
    InputError
        ST333 for a malformed setting, ST328 for one that no scenario has a driver for, ST329 and ST330 for a
        value that is none of the driver's.
    """
    problems = ProblemList()
    changed = list(scenarios)
    for text in texts:
        try:
            setting = parse_setting(text)
            _require_driver(setting, scenarios)
        except InputError as error:
            problems.extend(error.problems)
            continue
        for place, scenario in enumerate(changed):
            if setting.applies_to(scenario):
                changed[place] = _with_setting(scenario, setting, problems)
    problems.raise_if_any()
    return replace(scenarios, scenarios=tuple(changed))


def _with_setting(scenario: Scenario, setting: Setting, problems: ProblemList) -> Scenario:
    try:
        return scenario.with_drivers(**{setting.driver: setting.value})
    except InputError as error:
        problems.extend(problem.at(setting.location) for problem in error.problems)
        return scenario


def _require_driver(setting: Setting, scenarios: ScenarioSet) -> None:
    """Raise `InputError` where no scenario has the driver of `setting`."""
    if any(setting.applies_to(scenario) for scenario in scenarios):
        return
    if setting.scenario and setting.scenario not in scenarios.names:
        got, expected = f"scenario {setting.scenario!r}", "a scenario of the run"
        if len(scenarios.names) <= _LISTED:
            expected += f": {', '.join(scenarios.names)}"
        close = nearest(setting.scenario, scenarios.names)
        raise InputError([Problem("ST328", got, expected, setting.location, close)])
    inside = [item for item in scenarios if setting.scenario in ("", item.name)]
    known = list(dict.fromkeys(name for item in inside for name in item.driver_names))
    whose = f"of {setting.scenario}" if setting.scenario else "of some scenario of the run"
    expected = f"a driver {whose}: {', '.join(known)}" if known else f"drivers; none {whose}"
    close = nearest(setting.driver, known)
    raise InputError([Problem("ST328", f"driver {setting.driver!r}", expected, setting.location, close)])
