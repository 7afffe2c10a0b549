"""`stresstest validate`: every problem of every file at once, nothing priced."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from stresstest.cli.options import json_option, market_option


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@market_option
@json_option
def command(files: tuple[str, ...], markets: tuple[str, ...], as_json: bool) -> None:
    """Check portfolios, scenarios, networks, hedge policies, markets and price files; nothing is priced.

    All but markets are also checked against one: every issuer found, every line of a scenario reaching
    something, every level inside its domain, every name in a policy known. All problems come at once, each
    with file, line and column. - is standard input.
    """
    from stresstest.cli.files.validation import Validator
    from stresstest.cli.standard_input import readable
    from stresstest.io.sanitise import terminal_text

    with readable(files) as paths:
        found = Validator(markets).check(paths)
    if as_json:
        rows = [asdict(file) for file in found]
        click.echo(json.dumps({"schema": "stresstest/validation/1", "files": rows}))
        return
    for file in found:
        click.echo(terminal_text(f"{file.file}: {file.kind} {file.name} is valid: {file.content}"))
        for note in file.notes:
            click.echo(terminal_text(f"  note: {note}"))
