"""Terms, limits and programs: what they compute, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from stresstest.hedging.tails.program import LinearLimits, TailProgram, TailTerm

PNL = np.array([[-2.0, 1.0, 1.0, 1.0], [1.0, -2.0, 1.0, 1.0]])


def free(n: int) -> LinearLimits:
    return LinearLimits.of(np.full(n, -np.inf), np.full(n, np.inf))


def test_shortfall_of_the_book_with_quantities() -> None:
    term = TailTerm(np.array([-1.0, 0.0, 0.0, 0.0]), PNL, 0.5)
    np.testing.assert_array_equal(term.losses(np.array([1.0, 0.5])), [2.5, 0.0, -1.5, -1.5])
    assert term.shortfall(np.array([1.0, 0.5])) == 1.25


def test_level_one_is_the_worst_loss_among_the_possible() -> None:
    term = TailTerm(np.array([-9.0, -1.0, 0.0, 0.0]), PNL, 1.0, np.array([0.0, 0.5, 0.25, 0.25]))
    assert term.shortfall(np.zeros(2)) == 1.0
    np.testing.assert_array_equal(term.weight_caps, [0.0, 1.0, 1.0, 1.0])


def test_caps_are_probability_over_tail() -> None:
    term = TailTerm(np.zeros(4), PNL, 0.5, np.array([0.7, 0.1, 0.1, 0.1]))
    np.testing.assert_allclose(term.weight_caps, [1.0, 0.2, 0.2, 0.2], rtol=1e-15)


def test_exposure_maps_variables_to_quantities_and_gradients_back() -> None:
    buys_and_sells = np.hstack([np.eye(2), -np.eye(2)])
    program = TailProgram(
        (TailTerm(np.zeros(4), PNL, 0.75),), free(4), np.array([0.1, 0.1, 0.2, 0.2]), (2.0,), buys_and_sells
    )
    variables = np.array([3.0, 0.0, 1.0, 2.0])
    np.testing.assert_array_equal(program.quantities(variables), [2.0, -2.0])
    np.testing.assert_array_equal(program.by_variable(np.array([5.0, 7.0])), [5.0, 7.0, -5.0, -7.0])
    assert program.objective(variables) == pytest.approx(0.3 + 0.2 + 0.4 + 2.0 * 6.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.zeros(3), PNL, 0.5), "4 scenarios of the units, 3 of the book"),
        ((np.zeros(0), np.zeros((2, 0)), 0.5), "n_quantities, n_scenarios"),
        ((np.zeros(4), np.zeros(4), 0.5), "n_quantities, n_scenarios"),
        ((np.array([0.0, np.nan, 0.0, 0.0]), PNL, 0.5), "not finite"),
        ((np.zeros(4), PNL, 0.0), r"not in \(0, 1\]"),
        ((np.zeros(4), PNL, 1.5), r"not in \(0, 1\]"),
        ((np.zeros(4), PNL, 0.5, np.array([0.5, 0.5])), "one a scenario"),
        ((np.zeros(4), PNL, 0.5, np.array([1.5, -0.5, 0.0, 0.0])), "at least 0"),
        ((np.zeros(4), PNL, 0.5, np.array([0.5, 0.4, 0.0, 0.0])), "add to"),
    ],
)
def test_a_term_refuses(arguments: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        TailTerm(*arguments)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"terms": ()}, "one term or more"),
        ({"weights": (0.0,)}, "above 0"),
        ({"weights": (1.0, 1.0)}, "a weight for each"),
        ({"cost": np.array([0.0, np.inf])}, "costs are finite"),
        ({"exposure": np.zeros((2, 3))}, "differ in number"),
        ({"exposure": np.full((2, 2), np.nan)}, "exposure is not finite"),
        ({"limits": free(3), "cost": np.zeros(3)}, "differ in number"),
    ],
)
def test_a_program_refuses(changed: dict, said: str) -> None:
    right = {"terms": (TailTerm(np.zeros(4), PNL, 0.5),), "limits": free(2), "cost": np.zeros(2)}
    with pytest.raises(ValueError, match=said):
        TailProgram(**(right | changed))


@pytest.mark.parametrize(
    ("lower", "rows", "said"),
    [
        (np.zeros(3), [], "differ in number"),
        (np.array([0.0, np.nan]), [], "not a number"),
        (np.zeros(2), [(np.array([1.0, np.inf]), 0.0, 1.0)], "not a number"),
    ],
)
def test_limits_refuse(lower: np.ndarray, rows: list, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        LinearLimits.of(lower, np.ones(2), rows)
