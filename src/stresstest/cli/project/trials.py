"""A batch to try: made-up accounts in the market, and a job over them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from stresstest.batch.accounts.columns import write_accounts
from stresstest.batch.accounts.synthetic import (
    AccountsPlan,
    SyntheticAccounts,
    synthetic_accounts,
    synthetic_book,
)
from stresstest.cli.project.files import write_files
from stresstest.io.atomic_file import require_free
from stresstest.io.resources import default_market
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot

ACCOUNTS, JOB = "accounts.parquet", "nightly.yaml"

_JOB = """\
version: 1
name: trial
title: Made-up accounts, seed {seed}
portfolios: [{accounts}]
market: {market}
scenarios: [library, {{sample: ai_burst_12m, columns: 1_000, seed: 20251003}}]
measures: [value_at_risk, expected_shortfall, worst_loss]
limits:
  - {{name: committee, scenario: any, max_loss: 20%, warning: 10%, of: gross}}
"""


def start_trial(folder: Path, plan: AccountsPlan, markets: tuple[str, ...], *, force: bool) -> Iterator[str]:
    """Write accounts and job into `folder` and yield what to tell the user, line by line.

    Raises
    ------
    InputError
        For a market that cannot be read, and files that exist, unless `force`.
    """
    layers = markets or default_market()
    table, job = folder / ACCOUNTS, folder / JOB
    if folder.is_dir():
        for target in (table, job):
            require_free(target, force)
    accounts = _made(load_market(layers), plan)
    names = json.dumps([_from_anywhere(layer) for layer in layers], ensure_ascii=False)
    text = _JOB.format(seed=plan.seed, accounts=ACCOUNTS, market=names)
    write_files(folder, {JOB: text}, force=force)
    write_accounts(table, accounts, force=force)
    yield f"wrote {table}: {plan.n_accounts:,} accounts of {plan.positions_each:,} positions"
    yield f"wrote {job}"
    yield f"next: stresstest batch {job} --dry-run"
    yield f"then: stresstest batch {job} -o {folder / 'run'}"


def _made(market: MarketSnapshot, plan: AccountsPlan) -> SyntheticAccounts:
    try:
        if plan.n_accounts == 1:
            # A book of every type: a mandate of its own would leave most of them out.
            return synthetic_book(market, plan)
        return synthetic_accounts(market, plan)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--instruments") from None


def _from_anywhere(layer: str) -> str:
    """Return a layer of the market as a job in another folder names it: paths whole, names as they are."""
    path = Path(layer)
    return str(path.resolve()) if path.exists() else layer
