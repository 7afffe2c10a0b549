"""Accounts under draws: a batch's valuation against a loop over accounts in pandas and in QuantLib objects.

A sample of the shipped generator's accounts: their shares, European options and fixed-rate bonds. A unit is
one position in one draw. Timed is the whole valuation: draws of all factors, every distinct instrument once,
holdings applied, P&L as the table that is written. Peers are given factor levels, vols and rates.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import QuantLib
from benches.account_peers import TYPES, PandasLoop, QuantLibLoop, Sample, moved_yields
from benches.timings import OURS, TIMINGS, Timing, least_processor_seconds, measure

from stresstest import load_market
from stresstest.arrays import FloatArray
from stresstest.batch.accounts.columns import write_accounts
from stresstest.batch.accounts.synthetic import AccountsPlan, synthetic_accounts
from stresstest.batch.inputs.loading import load_inputs
from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.valuation.task import value_task

SET, N_DRAWS, N_PEER_DRAWS = "ai_burst_12m", 512, 3
N_ACCOUNTS = 500
GROWTH = (4_000, 8_000, 16_000)
"""Accounts of few distinct instruments, so that holdings are what takes time."""
WORK = f"{N_ACCOUNTS} accounts of shares, options, bonds x draws"
JOB = f"""\
version: 1
name: sample
portfolios: [accounts.parquet]
scenarios: [{{sample: {SET}, columns: {N_DRAWS}}}]
"""


@cache
def prepared(n_accounts: int, n_instruments: int = 3_000) -> Prepared:
    """Return accounts of the generator with their positions in `TYPES`, by way of a file."""
    with TemporaryDirectory() as name:
        path = Path(name) / "accounts.parquet"
        write_accounts(path, synthetic_accounts(load_market(), AccountsPlan(n_accounts, 200, n_instruments)))
        table = pq.read_table(path)
        kept = table.filter(pc.is_in(table["type"].cast(pa.string()), pa.array(TYPES)))
        pq.write_table(kept.drop_columns(["portfolio_currency"]), path)
        (path.parent / "job.yaml").write_text(JOB, encoding="utf-8")
        return prepare(load_inputs(load_job(path.parent / "job.yaml")))


def valued(batch: Prepared) -> pa.Table:
    """Return the part that a task of `N_DRAWS` draws writes."""
    return value_task(batch, Task("bench", "value", SET, low=0, high=N_DRAWS))


@cache
def sample() -> Sample:
    """Return what peers are given."""
    return Sample(prepared(N_ACCOUNTS), N_PEER_DRAWS)


def check(values: FloatArray) -> None:
    """Compare the P&L of a peer with ours: to 1e-10 of each account's gross value."""
    batch, part = prepared(N_ACCOUNTS), valued(prepared(N_ACCOUNTS))
    ours = np.column_stack([part[f"{SET}/{draw}"].to_numpy() for draw in sample().draws])
    holders = batch.holders
    gross = np.add.reduceat(np.abs(holders.base), holders.start[:-1])
    gap = np.abs(values[:, 1:] - values[:, :1] - ours) / gross[:, np.newaxis]
    assert gap.max() < 1e-10, gap.max()


def n_positions(batch: Prepared) -> int:
    """Return the positions of all accounts."""
    return len(batch.holders.instrument)


def test_stresstest(benchmark: Any) -> None:
    batch = prepared(N_ACCOUNTS)
    measure(benchmark, Timing(WORK, OURS, n_positions(batch) * N_DRAWS), partial(valued, batch))


def test_pandas_loop_per_account(benchmark: Any) -> None:
    peer = PandasLoop(sample())
    check(peer.values())
    units = n_positions(prepared(N_ACCOUNTS)) * sample().n_columns
    measure(benchmark, Timing(WORK, "pandas, a loop per account", units), peer.values, rounds=1, warmups=0)


def test_quantlib_loop_per_account(benchmark: Any) -> None:
    assert not moved_yields(sample())
    with QuantLib.SavedSettings():
        peer = QuantLibLoop(sample())
        check(peer.values())
        units = n_positions(prepared(N_ACCOUNTS)) * sample().n_columns
        timing = Timing(WORK, "QuantLib objects, a loop per account", units)
        measure(benchmark, timing, peer.values, rounds=3, warmups=0)


def test_cost_grows_linearly_with_accounts(benchmark: Any) -> None:
    """Time half, one and double the accounts: what a further one takes, from half to one and to double.

    Processor time of all threads, least of rounds in turn. What accounts share, draws and instruments, is
    the same in all three and falls out.
    """
    batches = [prepared(count, 200) for count in GROWTH]
    for batch in batches:
        valued(batch)
    seconds: list[float] = []
    runs = [partial(valued, batch) for batch in batches]
    benchmark.pedantic(lambda: seconds.extend(least_processor_seconds(runs, 5)), rounds=1)
    half, one, double = seconds
    benchmark.extra_info["processor_seconds"] = seconds
    counts = [n_positions(batch) for batch in batches]
    work = f"a further position of {GROWTH[1]:,} accounts x a draw"
    TIMINGS.append((Timing(work, OURS), (one - half) / (counts[1] - counts[0]) / N_DRAWS))
    slope = (double - one) / (counts[2] - counts[1]) / N_DRAWS
    TIMINGS.append((Timing(work, "from one to double", target=1.0), slope))
