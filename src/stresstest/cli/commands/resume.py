"""`stresstest resume`: go on with a batch that was cut short."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.batch.run_options import fail_on_option, running_options
from stresstest.cli.options import json_option


@click.command("resume")
@click.argument("folder", metavar="DIR")
@running_options
@fail_on_option
@json_option
def command(**options: Any) -> int:
    """Go on with the batch in DIR, from the copies of its inputs that it kept.

    What is done is checked and kept, what is damaged is done again, tasks that were set apart are tried
    again; a run that is finished is left as it is.

    \b
    stresstest resume runs/monday
    stresstest resume runs/monday --workers 1 --memory 8GB
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.running import ResumeCall, resume_run

    return resume_run(ResumeCall(**options))
