"""Networks against what a reader of the papers would write: a fixed point in numpy, scenario by scenario.

A unit is one scenario of the whole network. Answers are compared before anything is timed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from benches.timings import OURS, Timing, measure
from scipy.sparse import csr_array
from scipy.special import ndtr

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.kernels.claims import Claims, Cleared, DefaultCosts, Means
from stresstest.kernels.clearing import clear
from stresstest.kernels.contagion import Exposures, Sheets, Terms, Uncertainty, network_values
from stresstest.networks.balance import balance_of
from stresstest.networks.cascade import Chosen, run_cascade
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.orders import orders_of
from stresstest.networks.reading import load_network
from stresstest.networks.registry import all_mechanisms
from stresstest.networks.state import State
from stresstest.networks.valuation import Values, values_of

COSTS, TERMS = DefaultCosts(0.7, 0.9), Uncertainty(0.3, 2.0, 0.7)
SMALL, LARGE = (
    "clearing, 20 firms and 100 claims, a scenario",
    "clearing, 5,000 firms and 100,000 claims, a scenario",
)
VALUES = "network valuation, 20 firms and 100 claims, a scenario"
CASCADE = "all mechanisms of ai_circular_financing, a scenario"
N_SMALL, N_LARGE, N_CASCADE = 1_000, 100, 50_000


class Setting(NamedTuple):
    """A network: sparse liabilities `owed[i, j]` of i to j, those to others, external assets by scenario."""

    claims: Claims
    owed: Any
    outside: FloatArray
    external: FloatArray

    @property
    def total(self) -> FloatArray:
        return self.claims.obligations


@cache
def setting(n_firms: int, n_claims: int, n_columns: int) -> Setting:
    """Return firms of which 60 % of the debts are within the network; shocks fail most of them."""
    generator = np.random.default_rng(11)
    pairs = generator.choice(n_firms * (n_firms - 1), n_claims, replace=False)
    debtors, others = np.divmod(np.sort(pairs), n_firms - 1)
    owners = others + (others >= debtors)
    amounts = generator.uniform(1.0, 10.0, n_claims)
    inside = np.bincount(debtors, amounts, n_firms)
    total = np.maximum(inside / 0.6, 1.0)
    order = np.lexsort((debtors, owners))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n_firms))])
    nothing = frozen_int(np.zeros(n_firms + 1)), frozen_int([]), frozen([])
    shares = (amounts / total[debtors])[order]
    claims = Claims(frozen(total), frozen_int(offsets), frozen_int(debtors[order]), frozen(shares), *nothing)
    owned = np.bincount(owners, amounts, n_firms)
    assets = np.maximum(1.15 * total - owned, 0.05 * total)
    factor = generator.uniform(0.5, 1.1, (n_columns, 1)) * generator.uniform(0.6, 1.1, (n_columns, n_firms))
    owed = csr_array((amounts, (debtors, owners)), shape=(n_firms, n_firms))
    return Setting(claims, owed, total - inside, frozen(assets * factor))


def ours(bench: Setting) -> FloatArray:
    out = Cleared(*(np.empty(bench.external.shape) for _ in range(3)))
    clear(bench.claims, COSTS, Means(bench.external, bench.total[None, :]), True, out)
    return out.payments


def naive(shares: Any, total: FloatArray, external: FloatArray) -> FloatArray:
    """Return the payments of one scenario: the map of Rogers and Veraart (2013), from full payment down.

    Parameters
    ----------
    shares
        `(n_firms, n_firms)`, dense or sparse: part of the debts of the second that is owed to the first.
    """
    payments = total
    while True:
        claims = shares @ payments
        solvent = external + claims >= total
        following = np.where(solvent, total, COSTS.external * external + COSTS.internal * claims)
        if np.max(np.abs(following - payments)) <= 1e-12:
            return following
        payments = following


def _shares(bench: Setting) -> Any:
    return (bench.owed.T / bench.total).tocsr()


@pytest.mark.parametrize(("work", "size"), [(SMALL, (20, 100, N_SMALL)), (LARGE, (5_000, 100_000, N_LARGE))])
def test_clearing(benchmark: Any, work: str, size: tuple[int, int, int]) -> None:
    bench = setting(*size)
    measure(benchmark, Timing(work, OURS, size[2]), lambda: ours(bench), rounds=5)


@pytest.mark.parametrize(
    ("work", "size", "form", "rows"),
    [
        (SMALL, (20, 100, N_SMALL), "dense", N_SMALL),
        (LARGE, (5_000, 100_000, N_LARGE), "dense", 2),
        (LARGE, (5_000, 100_000, N_LARGE), "sparse", 20),
    ],
)
def test_clearing_in_numpy(
    benchmark: Any, work: str, size: tuple[int, int, int], form: str, rows: int
) -> None:
    bench = setting(*size)
    shares = _shares(bench) if form == "sparse" else np.ascontiguousarray(_shares(bench).toarray())
    expected = ours(bench)
    assert 0.2 < np.mean(expected < bench.total) < 0.99

    def run() -> list[FloatArray]:
        return [naive(shares, bench.total, external) for external in bench.external[:rows]]

    np.testing.assert_allclose(run(), expected[:rows], rtol=1e-10)
    who, target = ("numpy, fixed point", 50.0) if form == "dense" else ("scipy.sparse, fixed point", 0.0)
    measure(benchmark, Timing(work, who, rows, target), run, rounds=3)


def our_values(bench: Setting) -> FloatArray:
    exposures = Exposures(
        bench.claims.claim_offsets,
        bench.claims.claim_debtors,
        frozen(bench.claims.claim_shares * bench.total[bench.claims.claim_debtors]),
    )
    worth = np.empty(bench.external.shape)
    volatility = frozen(np.full(len(bench.total), TERMS.volatility))
    sheets = Sheets(bench.external, bench.total, volatility)
    network_values(exposures, sheets, Terms(TERMS.years, TERMS.recovered), worth)
    return worth


def naive_values(lent: FloatArray, total: FloatArray, external: FloatArray) -> FloatArray:
    """Return what a unit of every debt is worth: Barucca et al. (2020) with lognormal external assets."""
    deviation = TERMS.volatility * np.sqrt(TERMS.years)
    worth = np.ones(len(total))
    while True:
        barrier = total - lent @ worth
        fails = barrier > 0.0
        level = np.where(fails, barrier, 1.0)
        upper = np.log(external / level) / deviation + 0.5 * deviation
        default = ndtr(deviation - upper)
        shortfall = (level * default - external * ndtr(-upper)) / total
        following = np.where(fails, 1.0 - default + TERMS.recovered * (default - shortfall), 1.0)
        if np.max(np.abs(following - worth)) <= 1e-14:
            return following
        worth = following


def test_network_values(benchmark: Any) -> None:
    bench = setting(20, 100, N_SMALL)
    measure(benchmark, Timing(VALUES, OURS, N_SMALL), lambda: our_values(bench))


def test_network_values_in_numpy(benchmark: Any) -> None:
    bench = setting(20, 100, N_SMALL)
    lent = np.ascontiguousarray(bench.owed.T.toarray())

    def run() -> list[FloatArray]:
        return [naive_values(lent, bench.total, external) for external in bench.external]

    np.testing.assert_allclose(run(), our_values(bench), rtol=1e-10)
    measure(benchmark, Timing(VALUES, "numpy, fixed point", N_SMALL, 50.0), run, rounds=3)


class Circle(NamedTuple):
    """The shipped network with all its mechanisms, and shocks of capex, funding, prices and values."""

    surroundings: Surroundings
    start: State
    chosen: list[Chosen]

    def values(self, state: State) -> Values:
        outcome = run_cascade(self.surroundings, state, self.chosen, keep_stages=False)
        return values_of(self.surroundings.balance, outcome.state)


@cache
def circle() -> Circle:
    network = load_network("ai_circular_financing")
    network = network.on(network.as_of)
    balance = balance_of(network, ProblemList())
    assert balance is not None
    around = Surroundings(network, balance, orders_of(network, network.as_of), date(2025, 10, 3), 1.0)
    chosen = [
        Chosen(one, {item.name: item.default for item in one.settings}) for one in all_mechanisms().values()
    ]
    return Circle(around, _shocked(around), chosen)


def _shocked(around: Surroundings) -> State:
    generator, n_firms = np.random.default_rng(3), len(around.network.nodes)
    state = State.unshocked(N_CASCADE, n_firms, len(around.orders))
    part = generator.uniform(0.0, 0.6, (N_CASCADE, 1))
    part[0] = 0.0
    for spender in ("MSFT", "GOOGL", "AMZN", "META"):
        state.purchases_cut[:, around.network.index[spender]] = part[:, 0]
    state.funding[:] = 1.0 - part
    lost = around.balance.equity * part * generator.uniform(0.0, 1.0, (N_CASCADE, n_firms))
    assets = dict.fromkeys(edge.asset for edge in around.network.of_type("collateral"))
    prices = dict.fromkeys(assets, 1.0 - 0.5 * part[:, 0])
    return replace(state, losses={"direct": lost}, prices=prices)


def test_cascade(benchmark: Any) -> None:
    bench = circle()
    measure(benchmark, Timing(CASCADE, OURS, N_CASCADE), lambda: bench.values(bench.start), rounds=3)


def test_cascade_one_scenario_at_a_time(benchmark: Any) -> None:
    bench, n_alone = circle(), 100
    pairs = [bench.start.columns(np.array([0, column])) for column in range(1, 1 + n_alone)]

    def run() -> list[Values]:
        return [bench.values(pair) for pair in pairs]

    whole = bench.values(bench.start.columns(slice(0, 2_000)))
    for column, alone in enumerate(run(), 1):
        for one, other in zip(alone, whole, strict=True):
            assert one[1].tobytes() == other[column].tobytes()
    measure(benchmark, Timing(CASCADE, "the same, one scenario at a time", n_alone), run, rounds=3)
