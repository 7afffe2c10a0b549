from __future__ import annotations

import pytest

from stresstest.quantity import QuantityError
from stresstest.scenarios.distributions import Discrete, Normal, Triangular, Uniform
from stresstest.scenarios.drivers import ChoiceDriver, NumberDriver, unit_of

CUT = NumberDriver("capex_cut", 0.5, 0.1, 0.8, "%")
RISE = NumberDriver("rate_rise", 0.01, 0.0, 0.03, "bp")
COUNT = NumberDriver("quarters", 4.0, 1.0, 12.0, "", "quarters")
CAUSE = ChoiceDriver("cause", "discipline", ("discipline", "demand_failure"))


@pytest.mark.parametrize(
    ("driver", "text", "value"),
    [(CUT, "65%", 0.65), (CUT, "10%", 0.1), (RISE, "300bp", 0.03), (COUNT, "12", 12.0), (CUT, 0.3, 0.3)],
)
def test_a_driver_is_set_in_its_own_unit(driver: NumberDriver, text: object, value: float) -> None:
    assert driver.with_value(text).value == value


@pytest.mark.parametrize(
    ("driver", "value", "code", "words"),
    [
        (CUT, "0.65", "ST329", "did you mean '65%'"),
        (CUT, "65", "ST329", "did you mean '65%'"),
        (CUT, "650bp", "ST329", "like 50%"),
        (CUT, "85%", "ST330", "from 10% to 80%"),
        (CUT, 0.85, "ST330", "driver capex_cut at 85%"),
        (CUT, "much", "ST159", "a level"),
        (CUT, True, "ST329", "true"),
        (COUNT, "5%", "ST329", "like 4"),
        (RISE, "-1bp", "ST330", "from 0bp to 300bp"),
    ],
)
def test_what_a_driver_refuses(driver: NumberDriver, value: object, code: str, words: str) -> None:
    with pytest.raises(QuantityError, match=words) as error:
        driver.read(value)
    assert error.value.code == code


def test_a_choice_takes_its_words_only() -> None:
    assert CAUSE.with_value("demand_failure").text() == "demand_failure"
    with pytest.raises(QuantityError, match="did you mean 'discipline'") as error:
        CAUSE.read("disciplin")
    assert error.value.code == "ST330"
    with pytest.raises(QuantityError, match="one of discipline, demand_failure"):
        CAUSE.read(3)


def test_a_driver_is_written_as_it_was_read() -> None:
    for percent in range(10, 81):
        driver = CUT.with_value(f"{percent}%")
        assert driver.text() == f"{percent}%"
        assert driver.points == percent
    assert RISE.text() == "100bp"
    assert COUNT.text() == "4"


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        (NumberDriver("x", 0.5, 0.8, 0.1, "%"), "a range from the smaller to the larger"),
        (NumberDriver("x", 0.9, 0.1, 0.8, "%"), "a value from 10% to 80%"),
        (NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Uniform(0.0, 0.5)), "within the range"),
        (
            NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Triangular(0.2, 0.1, 0.7)),
            "low <= mode <= high",
        ),
        (NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Uniform(0.5, 0.5)), "low < high"),
        (NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Normal(0.5, 0.0)), "above 0"),
        (NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Normal(0.9, 0.1)), "within the range"),
        (ChoiceDriver("x", "a", ("a", "a")), "two choices or more"),
        (ChoiceDriver("x", "c", ("a", "b")), "one of a, b"),
        (ChoiceDriver("x", "a", ("a", "b"), Discrete({"a": 1.0})), "a probability for each choice"),
        (ChoiceDriver("x", "a", ("a", "b"), Discrete({"a": 0.5, "b": 0.4})), "90% in all"),
    ],
)
def test_definitions_that_do_not_fit(driver: NumberDriver | ChoiceDriver, words: str) -> None:
    (problem,) = driver.problems()
    assert words in problem.format()


@pytest.mark.parametrize(
    "driver",
    [
        CUT,
        CAUSE,
        NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Triangular(0.1, 0.5, 0.8)),
        NumberDriver("x", 0.5, 0.1, 0.8, "%", distribution=Normal(0.5, 0.1)),
        ChoiceDriver("x", "a", ("a", "b"), Discrete({"a": 0.3, "b": 0.7})),
    ],
)
def test_definitions_that_fit(driver: NumberDriver | ChoiceDriver) -> None:
    assert not list(driver.problems())


@pytest.mark.parametrize(
    ("text", "unit"), [("50%", "%"), ("-1.5e2bp", "bp"), ("3", ""), ("1_000", ""), ("18vol", "vol")]
)
def test_the_unit_of_an_amount(text: str, unit: str) -> None:
    assert unit_of(text) == unit
