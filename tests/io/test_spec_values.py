"""Specs written as values read back as themselves, of every shipped instrument type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.fixtures.examples import examples

from stresstest.catalog import instrument_types
from stresstest.errors import ProblemList
from stresstest.io.document import Document
from stresstest.io.spec_values import percentage_text, plain_number, spec_values
from stresstest.io.validation import validate
from stresstest.quantity import parse_percentage


@given(some.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) > 1e-300 or x == 0.0))
def test_percentages_come_back_bit_for_bit(value: float) -> None:
    assert parse_percentage(percentage_text(value)) == value


def test_whole_numbers_are_written_as_such() -> None:
    assert [plain_number(value) for value in (100.0, 0.5, -3.0, 2.0**60)] == [100, 0.5, -3, 2.0**60]


@pytest.mark.parametrize("tag", sorted(instrument_types()))
def test_terms_of_every_type_come_back(tag: str) -> None:
    for spec in examples(tag)[0]:
        problems = ProblemList()
        read = validate(type(spec), spec_values(spec), Document("", {}, {}, (0, 0)).locator(), problems)
        assert list(problems) == []
        assert read == spec
