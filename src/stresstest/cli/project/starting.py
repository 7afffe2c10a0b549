"""A project started in a folder: from scratch, or from a list of holdings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from stresstest.cli.project.files import starter_files, write_files
from stresstest.cli.project.holdings import convert_holdings
from stresstest.io.fields import read_date
from stresstest.io.resources import default_market
from stresstest.io.sanitise import terminal_text
from stresstest.market.loading import load_market
from stresstest.quantity import QuantityError


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Options of `stresstest init`, named as there."""

    directory: str
    holdings: str | None
    stated_on: str | None
    accounts: int | None
    positions: int | None
    instruments: int | None
    seed: int | None
    markets: tuple[str, ...]
    force: bool


def start_project(options: InitOptions) -> list[str]:
    """Write the project and return what to tell the user, line by line."""
    if options.holdings is not None:
        lines = _from_holdings(options, Path(options.holdings))
    else:
        lines = _starter(options) if options.accounts is None else _trial(options, options.accounts)
    _require_one_kind(options)
    return [terminal_text(line) for line in lines]


def _require_one_kind(options: InitOptions) -> None:
    """Refuse options of one kind of project given with another."""
    if options.accounts is None:
        for name in ("positions", "instruments", "seed"):
            if getattr(options, name) is not None:
                raise click.UsageError(f"--{name} is of made-up accounts: give --accounts N as well")
    elif options.holdings is not None:
        raise click.UsageError("--from and --accounts are two projects: give one of them")


def _trial(options: InitOptions, n_accounts: int) -> Iterator[str]:
    # It needs numpy and pyarrow, which the other projects do not.
    from stresstest.batch.accounts.synthetic import AccountsPlan
    from stresstest.cli.project.trials import start_trial

    given = {"positions_each": options.positions, "n_instruments": options.instruments, "seed": options.seed}
    chosen = {name: value for name, value in given.items() if value is not None}
    plan = AccountsPlan(n_accounts, **chosen)
    yield from start_trial(Path(options.directory), plan, options.markets, force=options.force)


def _starter(options: InitOptions) -> Iterator[str]:
    layers = options.markets or default_market()
    folder, files = Path(options.directory), starter_files(load_market(layers))
    write_files(folder, files, force=options.force)
    yield from (f"wrote {folder / name}" for name in files)
    run = f"stresstest run {folder / 'portfolio.yaml'}"
    yield f"next: {run} --shocks {folder / 'shocks'}"
    yield f"then: {run} --shocks {folder / 'sets' / 'my_set.yaml'}"


def _from_holdings(options: InitOptions, holdings: Path) -> Iterator[str]:
    layers = options.markets or default_market()
    found = convert_holdings(holdings, load_market(layers), _day(options.stated_on))
    portfolio, prices = Path(options.directory) / "portfolio.csv", Path(options.directory) / "prices.csv"
    files = {portfolio.name: found.portfolio, **({prices.name: found.prices} if found.unpriced else {})}
    write_files(portfolio.parent, files, force=options.force)
    yield f"wrote {portfolio}: {found.count} positions"
    if found.unpriced:
        layers = (*layers, str(prices))
        count = len(found.unpriced)
        yield f"wrote {prices}: fill in the close of {count} issuers; until then each moves with its proxy"
    if found.cash:
        yield f"taken for cash: {', '.join(found.cash)}"
    if found.unvalued:
        yield f"{holdings} states no value of {', '.join(found.unvalued)}: fill in a close before you run"
    yield f"next: stresstest run {portfolio} {' '.join(f'--market {layer}' for layer in layers)}"


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else read_date(text)
    except QuantityError as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from None
