"""States: columns taken out and put back, and how far one is from another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stresstest.networks.state import State


def state(n_columns: int = 5) -> State:
    empty = State.unshocked(n_columns, 3, 2)
    return replace(
        empty,
        losses={"direct": np.arange(3.0 * n_columns).reshape(n_columns, 3)},
        prices={"H100": np.linspace(1.0, 0.5, n_columns)},
        reported={"sold": np.arange(float(n_columns))},
    )


def test_columns_are_every_array_s_and_joining_gives_all_back() -> None:
    whole = state()
    pieces = [whole.columns(slice(0, 2)), whole.columns(np.array([2, 3, 4]))]
    assert [piece.n_columns for piece in pieces] == [2, 3]
    joined = State.joined(pieces)
    np.testing.assert_array_equal(joined.losses["direct"], whole.losses["direct"])
    np.testing.assert_array_equal(joined.prices["H100"], whole.prices["H100"])
    np.testing.assert_array_equal(joined.reported["sold"], whole.reported["sold"])
    np.testing.assert_array_equal(joined.month, whole.month)
    assert joined.order_cuts.shape == (5, 2)


def test_columns_put_back_replace_their_own_and_share_what_has_not_changed() -> None:
    whole, rows = state(), np.array([1, 4])
    before = whole.columns(np.array([0, 1, 4]))
    paid = before.paid.copy()
    paid[:, 2] = [0.1, 0.2, 0.3]
    part = replace(before, paid=paid, losses=before.with_loss("sale", paid), stakes_marked=True)
    found = whole.with_columns(rows, part, np.array([1, 2]), before)
    np.testing.assert_array_equal(found.paid[:, 2], [1.0, 0.2, 1.0, 1.0, 0.3])
    # The other columns have no such loss; column 0 went along and is not put back.
    np.testing.assert_array_equal(found.losses["sale"][:, 2], [0.0, 0.2, 0.0, 0.0, 0.3])
    np.testing.assert_array_equal(found.losses["sale"][[0, 2, 3]], 0.0)
    assert found.expected is whole.expected
    assert found.stakes_marked
    np.testing.assert_array_equal(whole.paid, 1.0)


def test_what_other_columns_do_not_tell_is_nan_and_their_prices_are_as_before() -> None:
    whole = state()
    before = whole.columns(np.array([3]))
    part = replace(
        before,
        prices={**before.prices, "B200": np.array([0.4])},
        reported={**before.reported, "cover": np.full((1, 3), 2.0)},
    )
    found = whole.with_columns(np.array([3]), part, np.array([0]), before)
    np.testing.assert_array_equal(found.prices["B200"], [1.0, 1.0, 1.0, 0.4, 1.0])
    np.testing.assert_array_equal(
        np.isnan(found.reported["cover"]).all(axis=1), [True, True, True, False, True]
    )


def test_distance_is_the_largest_of_losses_over_scale_of_parts_and_of_prices() -> None:
    one, scale = state(), np.array([10.0, 100.0, 1.0])
    other = replace(
        one,
        losses={"direct": one.losses["direct"] + np.array([[5.0, 0.0, 0.0]] + 4 * [[0.0] * 3])},
        paid=one.paid - np.array([[0.0] * 3, [0.0, 0.25, 0.0], [0.0] * 3, [0.0] * 3, [0.0] * 3]),
        order_cuts=np.array([[0.0, 0.0]] * 2 + [[0.0, 0.75]] + [[0.0, 0.0]] * 2),
        prices={"H100": one.prices["H100"] * np.array([1.0, 1.0, 1.0, 0.5, 1.0])},
    )
    expected = [0.5, 0.25, 0.75, 0.5 * float(one.prices["H100"][3]), 0.0]
    np.testing.assert_allclose(one.distance(other, scale), expected, rtol=1e-15)
    np.testing.assert_allclose(other.distance(one, scale), expected, rtol=1e-15)


def test_losses_that_move_between_causes_are_no_distance_and_nan_is_one() -> None:
    one, scale = state(), np.ones(3)
    loss = one.losses["direct"]
    np.testing.assert_array_equal(one.distance(replace(one, losses={"other": loss}), scale), 0.0)
    broken = one.paid.copy()
    broken[2, 1] = np.nan
    other = replace(one, paid=broken)
    np.testing.assert_array_equal(np.isnan(other.distance(one, scale)), np.arange(5) == 2)
    stirred = other.stirred(one, scale, 1e-12)
    assert stirred[2].tolist() == [False, True, False]
    assert stirred.sum() == 1
