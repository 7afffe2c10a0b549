"""The page to explore from its options to its end."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.run.running import load_inputs
from stresstest.errors import InputError, Problem
from stresstest.kernels._jit import enable_caching

NEEDED = ("starlette", "uvicorn")
INSTALL = "pip install 'stresstest[explore]'"


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """Options of `stresstest explore`, named as there."""

    portfolios: tuple[str, ...]
    shocks: tuple[str, ...]
    markets: tuple[str, ...]
    port: int
    host: str
    browser: bool


def explore(options: ExploreOptions) -> int:
    """Load, compile, and serve the page until interrupted; return the exit status.

    Raises
    ------
    InputError
        With everything that is wrong in portfolios, scenarios and market; ST407 without the extra.
    """
    require_extra()
    from stresstest.explore.desk import Desk
    from stresstest.explore.freshness import OpenedFiles
    from stresstest.explore.live import LiveBook
    from stresstest.explore.saving import Sources
    from stresstest.explore.serving import Place, serve
    from stresstest.portfolio.loading import find_portfolio

    enable_caching()
    portfolios, scenarios, market = load_inputs(options.portfolios, options.shocks, options.markets)
    live = LiveBook.of(portfolios, scenarios, market)
    names = (portfolio.name for portfolio in portfolios)
    files: list[str | Path] = [one.location.file for one in scenarios]
    files += map(find_portfolio, options.portfolios)
    sources = Sources(
        dict(zip(names, options.portfolios, strict=True)), options.shocks, options.markets, OpenedFiles(files)
    )
    place = Place(options.host, options.port)
    if not place.is_local:
        click.echo(
            f"stresstest: note: listening at {options.host}: others can reach the page with its address",
            err=True,
        )
    serve(Desk(live, sources), place, _tell, browser=options.browser)
    return ExitCode.DONE


def require_extra() -> None:
    """Raise `InputError` (ST407) where the packages of the page are not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        got = f"{', '.join(missing)} not installed, which the page needs"
        raise InputError([Problem("ST407", got, INSTALL)])


def _tell(address: str) -> None:
    """Print the address, alone on standard output, and how to end."""
    click.echo("stresstest: the page is open at the address below; Ctrl-C ends it", err=True)
    click.echo(address)
