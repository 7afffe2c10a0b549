"""Clearing against published examples, exact enumeration, a linear program, and what must always hold."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.dense_claims import NO_COSTS, claims_of, cleared
from tests.oracle.clearing import Firms, clearing_program, fictitious_defaults, greatest_and_least

from stresstest.kernels.claims import Cleared, DefaultCosts
from stresstest.kernels.clearing import N_LANES, clear
from stresstest.kernels.clearing_equations import take_the_rest_at_once

ROOT = Path(__file__).parents[2]

HALF = DefaultCosts(0.5, 0.5)
WHOLE = st.integers(min_value=0, max_value=6).map(Fraction)


@st.composite
def firms(draw: st.DrawFn, stakes: bool = True, costs: bool = True) -> Firms:
    """Draw up to four firms; each owes something to others too, so that equations have one solution."""
    n = draw(st.integers(min_value=1, max_value=4))
    square = st.lists(st.lists(WHOLE, min_size=n, max_size=n), min_size=n, max_size=n)
    owed, held = draw(square), draw(square)
    for i in range(n):
        owed[i][i] = held[i][i] = Fraction(0)
    held = [[part / (6 * n) if stakes else Fraction(0) for part in row] for row in held]
    line = st.lists(WHOLE, min_size=n, max_size=n)
    outside = [1 + more for more in draw(line)]
    part = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(4, 5), Fraction(1)])
    alpha, beta = (draw(part), draw(part)) if costs else (Fraction(1), Fraction(1))
    return Firms(draw(line), owed, outside, held, alpha, beta)


def answer(of: Firms, *, greatest: bool = True) -> Cleared:
    claims = claims_of(of.owed, of.outside, of.held)
    return cleared(claims, of.external, DefaultCosts(float(of.alpha), float(of.beta)), greatest=greatest)


def random_network(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return external assets, liabilities among firms and to others: about half of the firms fail."""
    generator = np.random.default_rng(seed)
    owed = generator.uniform(0.0, 2.0, (n, n)) * (generator.random((n, n)) < 0.4)
    np.fill_diagonal(owed, 0.0)
    outside = generator.uniform(0.1, 2.0, n)
    external = np.maximum(owed.sum(axis=1) + outside - owed.sum(axis=0), 0.0) * generator.uniform(0.6, 1.2, n)
    return external, owed, outside


# Published examples.


def test_rogers_and_veraart_first_example_has_one_clearing_vector() -> None:
    """From below the iteration tends to (1, 1), where firm 1 could pay in full: that is no solution."""
    claims = claims_of([[0.0, 2.0], [2.2, 0.0]])
    for greatest in (True, False):
        found = cleared(claims, [1.0, 1.0], HALF, greatest=greatest)
        np.testing.assert_array_equal(found.payments, [[2.0, 2.2]])
        np.testing.assert_array_equal(found.defaulted, [[0.0, 0.0]])
        np.testing.assert_allclose(found.equity, [[1.2, 0.8]], rtol=1e-15)


def test_rogers_and_veraart_second_example_has_a_greatest_and_a_least() -> None:
    claims = claims_of([[0.0, 2.1], [2.2, 0.0]])
    np.testing.assert_array_equal(cleared(claims, [1.0, 1.0], HALF).payments, [[2.1, 2.2]])
    least = cleared(claims, [1.0, 1.0], HALF, greatest=False)
    np.testing.assert_allclose(least.payments, [[1.0, 1.0]], rtol=1e-14)
    np.testing.assert_array_equal(least.defaulted, [[1.0, 1.0]])


def test_elliott_golub_and_jackson_two_organisations() -> None:
    """C = [[0, ½], [½, 0]] gives the dependency matrix A = [[⅔, ⅓], [⅓, ⅔]] (AER 104 (2014) 3115, section I).

    Below the threshold of 50 an organisation loses 20 more: prices (64, 25) are values (51, 38), the second
    fails, (44⅓, 24⅔), which fails the first, (31, 18).
    """
    claims = claims_of(np.zeros((2, 2)), held=[[0.0, 0.5], [0.5, 0.0]])

    def values(prices: list[float]) -> np.ndarray:
        return 0.5 * cleared(claims, prices).equity[0]

    np.testing.assert_allclose(
        [values([1.0, 0.0]), values([0.0, 1.0])], [[2 / 3, 1 / 3], [1 / 3, 2 / 3]], rtol=1e-14
    )
    np.testing.assert_allclose(values([64.0, 25.0]), [51.0, 38.0], rtol=1e-14)
    np.testing.assert_allclose(values([64.0, 5.0]), [133 / 3, 74 / 3], rtol=1e-14)
    np.testing.assert_allclose(values([44.0, 5.0]), [31.0, 18.0], rtol=1e-14)


@pytest.mark.parametrize(
    ("assets", "regime"),
    [((9.0, 8.0), "ss"), ((8.0, 0.5), "sd"), ((1.0, 9.0), "ds"), ((1.0, 1.5), "dd")],
)
def test_suzuki_and_fischer_two_firms_in_closed_form(assets: tuple[float, float], regime: str) -> None:
    """Cross-holdings of equity m and of debt d, no costs: the four regions of Suzuki (2002), by hand."""
    a1, a2 = assets
    b1, b2, m12, m21, d12, d21 = 5.0, 4.0, 0.2, 0.3, 0.25, 0.4  # firm 1 holds m12 and d12 of firm 2
    owed = [[0.0, d21 * b1], [d12 * b2, 0.0]]
    claims = claims_of(owed, [(1 - d21) * b1, (1 - d12) * b2], [[0.0, m12], [m21, 0.0]])
    if regime == "ss":
        net1, net2 = a1 + d12 * b2 - b1, a2 + d21 * b1 - b2
        whole = 1 - m12 * m21
        expected = ((b1, b2), ((net1 + m12 * net2) / whole, (net2 + m21 * net1) / whole))
    elif regime == "sd":
        paid = (a2 + m21 * (a1 - b1) + d21 * b1) / (1 - m21 * d12)
        expected = ((b1, paid), (a1 + d12 * paid - b1, 0.0))
    elif regime == "ds":
        paid = (a1 + m12 * (a2 - b2) + d12 * b2) / (1 - m12 * d21)
        expected = ((paid, b2), (0.0, a2 + d21 * paid - b2))
    else:
        whole = 1 - d12 * d21
        expected = (((a1 + d12 * a2) / whole, (a2 + d21 * a1) / whole), (0.0, 0.0))
    found = cleared(claims, [a1, a2])
    np.testing.assert_allclose(found.payments[0], expected[0], rtol=1e-14)
    np.testing.assert_allclose(found.equity[0], expected[1], rtol=1e-14, atol=1e-14)
    np.testing.assert_array_equal(found.defaulted[0], [float(letter == "d") for letter in regime])


# Independent solutions.


@given(firms())
def test_greatest_and_least_are_those_of_every_set_of_defaults_tried(of: Firms) -> None:
    for expected, greatest in zip(greatest_and_least(of), (True, False), strict=True):
        found = answer(of, greatest=greatest)
        np.testing.assert_allclose(
            found.payments[0], np.array(expected.payments, float), rtol=1e-11, atol=1e-12
        )
        np.testing.assert_allclose(found.equity[0], np.array(expected.equity, float), rtol=1e-11, atol=1e-11)
        np.testing.assert_array_equal(found.defaulted[0], np.array(expected.defaulted, float))


@pytest.mark.parametrize("n", [1, 2, 5, 20, 60])
def test_without_costs_it_is_the_linear_program_and_the_fictitious_default_algorithm(n: int) -> None:
    for seed in range(4):
        external, owed, outside = random_network(n, seed)
        found = cleared(claims_of(owed, outside), external).payments[0]
        np.testing.assert_allclose(found, clearing_program(external, owed, outside), rtol=1e-7, atol=1e-7)
        payments, rounds = fictitious_defaults(external, owed, outside)
        np.testing.assert_allclose(found, payments, rtol=1e-12, atol=1e-13)
        assert rounds <= n


def test_more_firms_than_are_solved_directly() -> None:
    external, owed, outside = random_network(150, 1)
    found = cleared(claims_of(owed, outside), external)
    assert 0.0 < found.defaulted.mean() < 1.0
    np.testing.assert_allclose(found.payments[0], fictitious_defaults(external, owed, outside)[0], rtol=1e-12)


@pytest.mark.parametrize("n", [2, 200])
def test_circles_that_settle_slowly_settle(n: int) -> None:
    """Each firm owns 98 % of the next: sweeps alone would take hundreds of rounds; s = e / 0.02."""
    held = np.zeros((n, n))
    held[np.arange(n), (np.arange(n) + 1) % n] = 0.98
    found = cleared(claims_of(np.zeros((n, n)), held=held), np.ones(n))
    np.testing.assert_allclose(found.equity[0], 50.0, rtol=1e-12)


# What must always hold.


@given(firms(costs=False, stakes=False), st.integers(0, 3), WHOLE)
def test_payments_grow_with_assets(of: Firms, place: int, more: Fraction) -> None:
    """Eisenberg and Noe (2001): a clearing vector exists for all assets; nobody pays less for more."""
    richer = list(of.external)
    richer[place % len(richer)] += more
    before, after = answer(of), answer(of._replace(external=richer))
    assert np.all(after.payments >= before.payments - 1e-12)
    assert np.all(after.equity >= before.equity - 1e-12)


@given(firms(costs=False, stakes=False))
def test_fictitious_defaults_end_within_as_many_rounds_as_firms(of: Firms) -> None:
    """Eisenberg and Noe (2001): each round but the last fails somebody more, up to the solution."""
    external, owed = np.array(of.external, float), np.array(of.owed, float)
    payments, rounds = fictitious_defaults(external, owed, np.array(of.outside, float))
    assert rounds <= len(external)
    np.testing.assert_allclose(answer(of).payments[0], payments, rtol=1e-12, atol=1e-13)


@given(firms(), st.booleans())
def test_no_value_is_created(of: Firms, greatest: bool) -> None:
    """Limited liability, payments within obligations, and equity + debt = assets after costs of default."""
    found = answer(of, greatest=greatest)
    paid, equity, broke = found.payments[0], found.equity[0], found.defaulted[0] == 1.0
    external, total = np.array(of.external, float), np.array(of.total, float)
    shares = np.array(of.owed, float) / total[:, None]
    owned = shares.T @ paid + np.array(of.held, float) @ equity
    assert np.all(equity >= 0.0)
    assert np.all((paid >= 0.0) & (paid <= total))
    assert np.all(equity[broke] == 0.0)
    assets = np.where(broke, float(of.alpha) * external + float(of.beta) * owned, external + owned)
    np.testing.assert_allclose(paid + equity, assets, rtol=1e-12, atol=1e-11)
    # What holders outside the network have is no more than what came in.
    inside = shares.sum(axis=1) * paid + np.array(of.held, float).sum(axis=0) * equity
    assert np.sum(paid + equity - inside) <= external.sum() + 1e-10


@given(firms(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_firms_does_not_matter(of: Firms, greatest: bool, shuffler: object) -> None:
    order = np.random.default_rng(shuffler.randrange(2**32)).permutation(len(of.external))  # type: ignore[attr-defined]
    turned = Firms(
        [of.external[i] for i in order],
        [[of.owed[i][j] for j in order] for i in order],
        [of.outside[i] for i in order],
        [[of.held[i][j] for j in order] for i in order],
        of.alpha,
        of.beta,
    )
    found, expected = answer(turned, greatest=greatest), answer(of, greatest=greatest)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one[0], other[0][order], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("greatest", [True, False])
@pytest.mark.parametrize("stakes", [False, True])
def test_a_column_has_the_same_bits_in_any_company(greatest: bool, stakes: bool) -> None:
    external, owed, outside = random_network(12, 5)
    held = 0.5 * np.random.default_rng(2).dirichlet(np.ones(12), 12).T if stakes else None
    claims = claims_of(owed, outside, held)
    generator = np.random.default_rng(9)
    columns = external * generator.uniform(0.2, 1.5, (3 * N_LANES + 5, 1))
    whole = cleared(claims, columns, HALF, greatest=greatest)
    for chosen in (slice(0, 1), slice(7, 8), slice(3, 40, 3), generator.permutation(len(columns))[:29]):
        part = cleared(claims, columns[chosen], HALF, greatest=greatest)
        for one, other in zip(part, whole, strict=True):
            assert one.tobytes() == other[chosen].tobytes()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
def test_impossible_assets_are_nan_throughout_their_column_alone(wrong: float) -> None:
    external, owed, outside = random_network(5, 3)
    columns = np.tile(external, (4, 1))
    columns[2, 1] = wrong
    found = cleared(claims_of(owed, outside), columns)
    for array in found:
        assert np.isnan(array[2]).all()
        assert not np.isnan(array[[0, 1, 3]]).any()


def test_a_network_without_firms_or_columns_is_no_trouble() -> None:
    assert cleared(claims_of(np.zeros((0, 0))), np.zeros((2, 0))).payments.shape == (2, 0)
    assert cleared(claims_of([[0.0]]), np.zeros((0, 1))).payments.shape == (0, 1)


def digest() -> str:
    """Return a digest of what the kernel makes of columns that need sweeps and direct solutions."""
    external, owed, outside = random_network(6, 4)
    held = np.zeros((6, 6))
    held[np.arange(6), (np.arange(6) + 1) % 6] = 0.97
    columns = external * np.linspace(0.3, 1.3, 5)[:, None]
    parts = [
        cleared(claims_of(owed, outside, held), columns, costs, greatest=greatest)
        for costs in (NO_COSTS, HALF)
        for greatest in (True, False)
    ]
    return hashlib.sha256(b"".join(array.tobytes() for part in parts for array in part)).hexdigest()


SIGNED = (clear, take_the_rest_at_once)


def test_one_signature_serves_all_calls() -> None:
    """In a process of its own: tests beside this one call the kernels with arrays as they come."""
    code = (
        "from tests.kernels.test_clearing import digest, SIGNED; digest();"
        "print([len(found.signatures) for found in SIGNED])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300
    )
    assert done.stdout.strip() == "[1, 1]", done.stderr
