"""Errors: problems in words, all at once, across processes."""

from __future__ import annotations

import pickle

import pytest

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest


def test_a_problem_is_one_line():
    problem = Problem("ST151", "unit 'bps'", "one of bp, %", Location("a.yaml", 3, 9), "bp")
    text = "a.yaml:3:9: error[ST151] unit 'bps'; expected one of bp, %; did you mean 'bp'?"
    assert problem.format() == text
    assert Problem("ST151", "x").format() == "error[ST151] x"
    assert problem.at(Location("b.yaml")).format().startswith("b.yaml: error")
    assert problem.to_dict()["line"] == 3


def test_problems_are_raised_once_each_in_order():
    problems = ProblemList()
    problems.raise_if_any()
    first, second = Problem("ST151", "one"), Problem("ST152", "two")
    problems.extend([first, second, first])
    with pytest.raises(InputError) as caught:
        problems.raise_if_any()
    assert caught.value.problems == (first, second)
    assert len(problems) == 3


def test_an_input_error_crosses_a_process_border():
    error = InputError([Problem("ST151", "one", location=Location("a.yaml", 1, 2))])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert again.problems == error.problems
    assert str(again) == str(error)


@pytest.mark.parametrize(("name", "expected"), [("nvdia", "NVDA"), ("AMZNN", "AMZN"), ("qqqq", "")])
def test_the_nearest_name_ignores_case(name, expected):
    assert nearest(name, ["NVDA", "AMZN", "MSFT"]) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("SPX", ""), ("BARK", "BATRK"), ("SMCX", "SMCI"), ("NVD", "NVDA"), ("NVIDIA", "NVDA"), ("nvda", "NVDA")],
)
def test_a_short_name_among_many_is_near_what_is_nearly_the_same(name: str, expected: str) -> None:
    many = ["STX", "BATRK", "SMCI", "NVDA", *(f"ISSUER_{number}" for number in range(100))]
    assert nearest(name, many) == expected


def test_a_short_name_among_few_is_near_more() -> None:
    assert nearest("cot", ["cut", "cause"]) == "cut"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("worst", "worst_of_factor"),
        ("senior", "senior_unsecured"),
        ("vol", ""),
        ("to", ""),
        ("error_", "error"),
    ],
)
def test_a_word_or_beginning_of_one_candidate_is_near_it(word: str, expected: str) -> None:
    known = ["error", "worst_of_factor", "senior_unsecured", "vol_skew", "implied_vol", "to_or_from"]
    assert nearest(word, known) == expected
