"""`stresstest batch`: many portfolios under many scenarios, into a folder that can be proved and resumed."""

from __future__ import annotations

from typing import Any

import click

from stresstest.cli.batch.run_options import fail_on_option, running_options
from stresstest.cli.options import json_option


@click.command("batch")
@click.argument("job", metavar="JOB")
@click.option("-o", "--output", metavar="DIR", help="New folder for the run.")
@running_options
@click.option(
    "--dry-run", is_flag=True, help="Show the plan with its predicted time and memory; write nothing."
)
@click.option(
    "--previous",
    multiple=True,
    metavar="DIR",
    help="Run before this one, or several from the oldest: breaches are told since when they stand.",
)
@fail_on_option
@json_option
def command(**options: Any) -> int:
    """Run the batch JOB (a name or a YAML file) into the new folder DIR.

    Killed, interrupted or out of room, a run keeps what is done: `resume DIR` goes on. The numbers are the
    same to the last bit whatever the executor, the workers, the memory and the number of interruptions.

    \b
    stresstest batch nightly.yaml --dry-run
    stresstest batch nightly.yaml -o runs/monday --workers 8 --memory 16GB
    stresstest batch nightly.yaml -o runs/monday --dask tls://scheduler:8786
    stresstest batch nightly.yaml -o runs/tuesday --previous runs/monday
    stresstest status runs/monday
    stresstest resume runs/monday

    A Dask cluster runs whatever it is sent: use tls:// with the certificates of
    Dask's configuration (distributed.comm.tls), the same version on all workers.
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from stresstest.cli.batch.running import BatchCall, run_job

    return run_job(BatchCall(**options))
