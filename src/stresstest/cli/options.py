"""Options that several verbs share, and the values that people write in them: `50%`, `4GB`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from stresstest.quantity import QuantityError

_BYTES = {
    "": 1,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
    "t": 10**12,
    "ki": 2**10,
    "mi": 2**20,
    "gi": 2**30,
    "ti": 2**40,
}

_Function = TypeVar("_Function", bound=Callable[..., Any])


def severity_value(_context: click.Context, _option: click.Parameter, text: str) -> float:
    """Return the fraction that a severity in per cent is; a bare number is refused, as everywhere."""
    from stresstest.quantity import QuantityError, parse_percentage

    try:
        fraction = parse_percentage(text)
    except QuantityError as error:
        raise click.BadParameter(_wording(error)) from None
    if fraction < 0.0:
        raise click.BadParameter(f"{text} is below 0%")
    return fraction


def percentage_value(_context: click.Context, _option: click.Parameter, text: str | None) -> float | None:
    """Return the fraction, 0 or more, that a percentage is; None where it is not given."""
    return None if text is None else severity_value(_context, _option, text)


def loss_limits(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, float]:
    """Return the limit of each scenario from `SCENARIO=15%`."""
    limits: dict[str, float] = {}
    for text in texts:
        name, equals, amount = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{text!r} is no SCENARIO=PERCENT, such as time_bomb=15%")
        if name.strip() in limits:
            raise click.BadParameter(f"scenario {name.strip()!r} stands twice")
        limits[name.strip()] = severity_value(context, option, amount.strip())
    return limits


def _wording(error: QuantityError) -> str:
    """Return what is wrong with a value without the code of the problem: usage has one of its own."""
    return error.problem().format().partition("] ")[2]


def memory_value(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """Return the bytes of an amount of memory, `4GB` or `512MiB`."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmgt]i?)?b?", text.strip().lower())
    if match is None:
        raise click.BadParameter(f"{text!r} is no amount of memory; write 4GB or 512MiB")
    return int(float(match[1]) * _BYTES[match[2] or ""])


def market_option(command: _Function) -> _Function:
    """Add `--market`, which may be given several times: later ones are layered over earlier ones."""
    return click.option(
        "--market",
        "markets",
        multiple=True,
        metavar="NAME|DIR|CSV",
        help="Market; repeat to layer your own prices over it. Default: the portfolio's or the newest.",
    )(command)


def shocks_option(help_text: str) -> Callable[[_Function], _Function]:
    """Return what adds `--shocks`, which may be given several times."""
    return click.option("--shocks", multiple=True, metavar="NAME|FILE|DIR", help=help_text)


def severity_option(command: _Function) -> _Function:
    """Add `--severity`, 100% where it is not given."""
    return click.option(
        "--severity",
        callback=severity_value,
        default="100%",
        metavar="PERCENT",
        show_default=True,
        help="Scale every shock.",
    )(command)


def threads_option(command: _Function) -> _Function:
    """Add `--threads`."""
    return click.option(
        "--threads", type=click.IntRange(min=1), help="Threads; the numbers do not depend on it."
    )(command)


def set_option(command: _Function) -> _Function:
    """Add `--set`, which may be given several times."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="[SCENARIO.]DRIVER=VALUE",
        help="Set a driver of the scenarios; repeat for more.",
    )(command)


def report_option(command: _Function) -> _Function:
    """Add `--report`."""
    return click.option(
        "--report",
        metavar="FILE",
        help="Write a report too: one .html file without script that needs nothing else.",
    )(command)


def json_option(command: _Function) -> _Function:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Write one JSON document to stdout.")(command)
