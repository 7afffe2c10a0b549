"""`stresstest doctor`: whether this installation is sound."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from stresstest.cli.options import json_option


@click.command("doctor")
@json_option
def command(as_json: bool) -> int:
    """Check this installation: versions, compiler, cache, shipped data, and a run whose answer is known.

    Ends with status 1 where a check fails.
    """
    from stresstest.cli.exit_codes import ExitCode
    from stresstest.cli.installation.health import checks
    from stresstest.io.sanitise import terminal_text

    found = checks()
    if as_json:
        rows = [asdict(check) for check in found]
        click.echo(json.dumps({"schema": "stresstest/doctor/1", "checks": rows}))
    else:
        for check in found:
            click.echo(
                terminal_text(f"{'ok  ' if check.passed else 'FAIL'}  {check.name:<12}  {check.finding}")
            )
    return ExitCode.DONE if all(check.passed for check in found) else ExitCode.GATE_FIRED
