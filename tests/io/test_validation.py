"""Validation: every error of a model becomes one problem at its place, with what to write instead."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator
from tests.bad_inputs.sample_specs import Bond, Option, Portfolio

from stresstest.errors import Location, Problem, ProblemList
from stresstest.io.document import DataPath, parse_document
from stresstest.io.fields import Identifier, Items, Number, Spec
from stresstest.io.model_fields import fields_at
from stresstest.io.validation import validate

GOOD = """name: fund
currency: USD
positions:
  - {type: option, id: put, strike: 160, expiry: 2026-01-16, right: put, quantity: -2, frequency: 4}
  - {type: bond, id: note, coupon: 9.25%, quantity: 5_000_000}
tenors: [5Y, 1M]
"""


def nowhere(path: DataPath, key: bool = False) -> Location:
    return Location()


def problems_of(model: type[Spec], text: str) -> list[str]:
    document, problems = parse_document(text, "a.yaml"), ProblemList()
    assert validate(model, document.data, document.location, problems) is None
    return [problem.format() for problem in problems]


def test_good_data_gives_a_frozen_spec() -> None:
    document, problems = parse_document(GOOD, "a.yaml"), ProblemList()
    portfolio = validate(Portfolio, document.data, document.location, problems)
    assert len(problems) == 0
    assert portfolio is not None
    assert isinstance(portfolio.positions, tuple)
    assert isinstance(portfolio.positions[0], Option)
    assert isinstance(portfolio.positions[1], Bond)
    assert portfolio.positions[0].quantity == -2.0
    assert portfolio.positions[1].coupon == 0.0925
    assert [tenor.years for tenor in portfolio.tenors] == [5.0, 1 / 12]
    with pytest.raises(ValueError, match="frozen"):
        portfolio.name = "other"  # type: ignore[misc]


def test_problems_are_in_the_order_of_the_file() -> None:
    text = GOOD.replace("USD", "usd").replace("160", "-1").replace("9.25%", "9.25").replace("5Y", "5y")
    lines = [int(problem.split(":")[1]) for problem in problems_of(Portfolio, text)]
    assert lines == [2, 4, 5, 6]


def test_prefix_of_a_document() -> None:
    document, problems = parse_document(GOOD.replace("160", "'160'"), "a.yaml"), ProblemList()
    validate(Option, document.data["positions"][0], document.locator("positions", 0), problems)
    assert [problem.format() for problem in problems] == [
        "a.yaml:4:37: error[ST152] text '160'; expected a number without quotes"
    ]


class Source(Spec):
    either: Identifier | Items[Identifier] = ""
    flag: bool = False
    count: int = 1
    text: str = ""
    items: list[str] = Field(default_factory=list, max_length=2)
    start: Annotated[str, Field(alias="from", min_length=2)] = "ab"
    nested: dict[str, dict[str, Number]] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("either: 7203", "a.yaml:1:9: error[ST152] number 7203; expected text of 1 to 64 printable "
         "characters without / or a list like [a, b]; did you mean '\"7203\"'?"),
        ("either: [NVDA, 1]", "a.yaml:1:16: error[ST152] number 1; expected text of 1 to 64 printable "
         "characters without /; did you mean '\"1\"'?"),
        ("flag: yes", "a.yaml:1:7: error[ST152] text 'yes'; expected true or false; did you mean 'true'?"),
        ("flag: 1", "a.yaml:1:7: error[ST152] number 1; expected true or false"),
        ("count: 1.0", "a.yaml:1:8: error[ST152] number 1.0; expected a whole number"),
        ("count: true", "a.yaml:1:8: error[ST152] true; expected a whole number"),
        ("count: '3'", "a.yaml:1:8: error[ST152] text '3'; expected a whole number without quotes"),
        ("text: 2026-01-16", "a.yaml:1:7: error[ST152] date 2026-01-16; expected text; "
         "did you mean '\"2026-01-16\"'?"),
        ("text: true", "a.yaml:1:7: error[ST152] true; expected text; did you mean '\"true\"'?"),
        ("text: ", "a.yaml:1:6: error[ST152] nothing; expected text"),
        ("items: a", "a.yaml:1:8: error[ST152] text 'a'; expected a list like [a, b]; did you mean '[a]'?"),
        ("items: [a, b, c]", "a.yaml:1:8: error[ST153] a list; expected at most this many entries: 2"),
        ("from: a", "a.yaml:1:7: error[ST153] text 'a'; expected at least this many characters: 2"),
        ("form: ab", "a.yaml:1:1: error[ST150] unknown field 'form'; expected one of either, flag, count, "
         "text, items, from, nested; did you mean 'from'?"),
        ("nested: {a: {b: x}}", "a.yaml:1:17: error[ST152] text 'x'; expected a number"),
        ("nested: {a: 1}", "a.yaml:1:13: error[ST152] number 1; expected a mapping like {a: 1, b: 2}"),
    ],
)  # fmt: skip
def test_one_problem(text: str, problem: str) -> None:
    assert problems_of(Source, text) == [problem]


class Ordered(Spec):
    low: Number
    high: Number

    @model_validator(mode="after")
    def _in_order(self) -> Ordered:
        if self.low > self.high:
            raise ValueError(f"low {self.low} above high {self.high}")
        return self


def test_a_rule_of_the_model_keeps_its_words() -> None:
    assert problems_of(Ordered, "{low: 2, high: 1}") == ["a.yaml:1:1: error[ST169] low 2.0 above high 1.0"]


def test_fields_of_a_path_follow_lists_mappings_and_unions() -> None:
    class Inner(Spec):
        """Inner part."""

        deep: Number
        """Depth of it. More."""

    class Outer(Spec):
        inner: Items[Inner] | None = None
        by_name: dict[str, Inner] = Field(default_factory=dict)

    assert [field.name for field in fields_at(Outer, (), {})] == ["inner", "by_name"]
    assert [field.doc for field in fields_at(Outer, ("inner", 3), {})] == ["Depth of it"]
    assert [field.name for field in fields_at(Outer, ("by_name", "x"), {})] == ["deep"]
    assert fields_at(Outer, ("nothing",), {}) == ()


def test_fields_of_a_union_are_those_of_the_tag() -> None:
    names = [field.name for field in fields_at(Portfolio, ("positions", 0), {"type": "bond"})]
    assert names == ["type", "id", "coupon", "quantity"]
    either = [field.name for field in fields_at(Portfolio, ("positions", 0), {"type": "other"})]
    assert either == []
    both = [field.name for field in fields_at(Portfolio, ("positions", 0), {})]
    assert {"strike", "coupon"} <= set(both)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
known = st.sampled_from(["name", "currency", "positions", "shifts", "tenors"])
positions = st.lists(
    st.dictionaries(st.sampled_from(["type", "id", "strike", "expiry", "coupon"]), anything)
    | st.fixed_dictionaries({"type": st.sampled_from(["option", "bond", "bnd"]), "id": anything}),
    max_size=3,
)


@given(anything | st.dictionaries(known, anything | positions))
def test_any_data_is_a_spec_or_problems(data: Any) -> None:
    problems = ProblemList()
    spec = validate(Portfolio, data, nowhere, problems)
    assert (spec is None) == (len(problems) > 0)
    for problem in problems:
        assert isinstance(problem, Problem)
        assert problem.code.startswith("ST1")
        assert problem.got
        assert "\n" not in problem.format()


def test_literal_choices_are_listed() -> None:
    class Choice(Spec):
        how: Literal["error", "override", "worst_of_factor"]

    assert problems_of(Choice, "how: overide") == [
        "a.yaml:1:6: error[ST154] text 'overide'; expected one of error, override, worst_of_factor; "
        "did you mean 'override'?"
    ]
