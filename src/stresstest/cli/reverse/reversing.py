"""A reverse stress from its options to its tables, its files and its JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from stresstest import api
from stresstest.api.reversing import Reverse, SeveritiesNeeded, reverse_stress, severities
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.reverse.document import reverse_document, severities_document
from stresstest.cli.run.running import load_inputs
from stresstest.cli.standard_input import readable
from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.io.outputs import require_free, write_atomically
from stresstest.kernels._jit import enable_caching
from stresstest.quantity import QuantityError, parse_horizon
from stresstest.reverse.question import Question

SCENARIOS = "scenarios"


@dataclass(frozen=True, slots=True)
class ReverseOptions:
    """Options of `stresstest reverse`, named as there."""

    portfolio: str
    loss: float
    space: str
    horizon: str
    regime: str
    factors: str | None
    answers: int
    shocks: tuple[str, ...]
    markets: tuple[str, ...]
    settings: tuple[str, ...]
    as_json: bool
    output: str | None
    force: bool

    @property
    def words(self) -> tuple[str, ...]:
        """What `--factors` names; an empty word stands for one that was left out."""
        return () if self.factors is None else tuple(word.strip() for word in self.factors.split(","))


def run_reverse(options: ReverseOptions) -> int:
    """Look for answers, write and show them; return the exit status."""
    enable_caching()
    _require_sound(options)
    over_scenarios = options.space == SCENARIOS
    found = _over_scenarios(options) if over_scenarios else _over_factors(options)
    document = json.dumps(_document(found), allow_nan=False)
    _write(options, document, found)
    if options.as_json:
        click.echo(document)
    else:
        _show(found)
    return int(ExitCode.DONE if found.found.reached else ExitCode.HEDGE_INFEASIBLE)


def _over_factors(options: ReverseOptions) -> Reverse:
    with readable((options.portfolio,)) as sources:
        problems = ProblemList()
        try:
            portfolio = api.load_portfolio(sources[0])
        except InputError as error:
            problems.extend(error.problems)
        try:
            market = api.load_market(*options.markets) if options.markets or problems else None
        except InputError as error:
            problems.extend(error.problems)
        problems.raise_if_any()
        return reverse_stress(
            portfolio,
            options.loss,
            market,
            horizon=options.horizon,
            regime=options.regime,
            factors=options.words,
            answers=options.answers,
        )


def _over_scenarios(options: ReverseOptions) -> SeveritiesNeeded:
    with readable((options.portfolio, *options.shocks)) as sources:
        portfolios, scenarios, market = load_inputs(
            sources[:1], sources[1:], options.markets, options.settings
        )
        return severities(portfolios[0], options.loss, scenarios, market)


def _require_sound(options: ReverseOptions) -> None:
    """Refuse options that contradict one another, and output that cannot be written, before anything runs."""
    problems = ProblemList()
    try:
        parse_horizon(options.horizon)
    except QuantityError as error:
        problems.add(error.problem(Location(f"--horizon {options.horizon}")))
    problems.extend(_foreign_options(options))
    problems.raise_if_any()
    if options.output is not None and Path(options.output).suffix.lower() == ".json":
        require_free(Path(options.output), options.force)
    elif options.output is not None and Path(options.output).is_file():
        raise InputError([Problem("ST146", "a file", "a folder or a .json file", Location(options.output))])
    elif options.output is not None and options.space == SCENARIOS:
        got, expected = (
            f"--output {options.output} with --space scenarios",
            "a .json file: no answer is a file",
        )
        raise InputError([Problem("ST523", got, expected)])


def _foreign_options(options: ReverseOptions) -> Iterator[Problem]:
    """Yield a problem with each option that belongs to the other space."""
    usual = Question(options.loss)
    over_factors = {"--shocks": bool(options.shocks), "--set": bool(options.settings)}
    over_scenarios = {
        "--factors": options.factors is not None,
        "--horizon": options.horizon != usual.horizon,
        "--regime": options.regime != usual.regime,
        "--answers": options.answers != usual.answers,
    }
    foreign = over_scenarios if options.space == SCENARIOS else over_factors
    for name, given in foreign.items():
        if given:
            got, expected = f"{name} with --space {options.space}", f"no {name}, or the other --space"
            yield Problem("ST523", got, expected)


def _document(found: Reverse | SeveritiesNeeded) -> dict[str, Any]:
    if isinstance(found, Reverse):
        return reverse_document(found.found)
    return severities_document(found.found)


def _write(options: ReverseOptions, document: str, found: Reverse | SeveritiesNeeded) -> None:
    if options.output is None:
        return
    if Path(options.output).suffix.lower() == ".json":
        write_atomically(Path(options.output), (document + "\n").encode("ascii"), options.force)
    elif isinstance(found, Reverse):
        paths = found.write(options.output, force=options.force)
        told = ", ".join(path.name for path in paths) or "nothing: no move costs so much"
        click.echo(f"stresstest: note: written to {options.output}: {told}", err=True)


def _show(found: Reverse | SeveritiesNeeded) -> None:
    from stresstest.cli.reverse.tables import print_reverse, print_severities
    from stresstest.cli.terminal import open_console

    if isinstance(found, Reverse):
        print_reverse(open_console(), found.found)
    else:
        print_severities(open_console(), found.found)
