"""The `stresstest` command line: a group that imports a verb's module when the verb is called, and `main`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NamedTuple, NoReturn

import click


class Verb(NamedTuple):
    """One line of `--help`; `kernels` tells whether the verb prices and so needs the compiled kernels."""

    summary: str
    kernels: bool = False


COLLECTION = (50_000, 20, 50)
"""Thresholds of Python's collection of cycles. A verb makes a million small objects that it keeps and few
cycles: to look for these as often as Python does by itself takes a tenth of a run, a third of a report."""

VERBS: dict[str, Verb] = {
    "run": Verb("Revalue portfolios under scenarios and show what is lost, where and why.", kernels=True),
    "hedge": Verb("Propose trades that keep to a policy, with receipts, or say why none do.", kernels=True),
    "reverse": Verb("Find what would have to happen to lose so much, in several ways.", kernels=True),
    "sweep": Verb("Show P&L over a range of severity or of a driver, and where it breaks.", kernels=True),
    "scorecard": Verb(
        "Compare a scenario with realised moves, name by name, beside a baseline.", kernels=True
    ),
    "batch": Verb("Run many portfolios under many scenarios, into a folder.", kernels=True),
    "resume": Verb("Go on with a batch that was cut short.", kernels=True),
    "status": Verb("Say how a batch stands."),
    "query": Verb("Ask the results of a batch in SQL."),
    "diff": Verb("Show what changed between two batches, and where it comes from.", kernels=True),
    "replay": Verb("Do a batch again and compare; show where one number comes from.", kernels=True),
    "explore": Verb("Open a page that answers while you move drivers, severity and trades.", kernels=True),
    "report": Verb("Write one HTML file to mail: the answer, losses and why, evidence.", kernels=True),
    "validate": Verb("Check files and report every problem at once; nothing is priced."),
    "explain": Verb("Show what each line of a scenario hits; explain an instrument type or an error code."),
    "list": Verb("List the shocks, portfolios, markets or instruments at hand."),
    "schema": Verb("Print the JSON Schema of a kind of file."),
    "init": Verb("Write a small working project, or the price file that your holdings still need."),
    "market": Verb("Make parts of a market out of raw data: `market build`.", kernels=True),
    "network": Verb("Show who finances and buys from whom, in circles; draw it: `network show`."),
    "doctor": Verb("Check this installation.", kernels=True),
    "warmup": Verb("Compile every kernel now, so that later runs start at once.", kernels=True),
}


class VerbGroup(click.Group):
    """Group whose `--help` and completion need no verb's module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the verb's command, or None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"stresstest.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their summaries, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from stresstest import __version__

        click.echo(f"stresstest {__version__}")
        context.exit()


@click.group(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version.",
)
def cli() -> None:
    """Portfolio stress tests by full revaluation."""


def run_command(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; every error becomes text and a status here."""
    try:
        with cli.make_context("stresstest", list(arguments)) as context:
            outcome = cli.invoke(context)
        if sys.stdout is not None:  # None: closed by whoever called us
            sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        # The reader has seen enough. The interpreter flushes once more at its end: into a sink.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:
        from stresstest.cli.failures import exit_code_of, report

        report(error, as_json="--json" in arguments)
        return exit_code_of(error)
    return int(outcome or 0)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """End on SIGTERM by unwinding the stack, so that files in the making are removed on the way out."""
    sys.exit(143)


def _warning_text(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """Return a warning as a note to the user: where in the code it arose says nothing to them."""
    del category, filename, lineno, line
    return f"stresstest: note: {message}\n"


def main() -> None:
    """Entry point of the console script."""
    import gc
    import signal
    import warnings

    arguments = sys.argv[1:]
    verb = next((argument for argument in arguments if not argument.startswith("-")), "")
    if verb in VERBS and not VERBS[verb].kernels:
        # Nothing is priced: the kernels' plain Python is enough, and numba (0.3 s) stays unloaded.
        os.environ["NUMBA_DISABLE_JIT"] = "1"
    if "_STRESSTEST_COMPLETE" in os.environ:
        cli.main(prog_name="stresstest")
    gc.set_threshold(*COLLECTION)
    signal.signal(signal.SIGTERM, _end)
    warnings.formatwarning = _warning_text
    sys.exit(run_command(arguments))
