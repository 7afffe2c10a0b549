"""Real runs of a small job: two portfolios of shares and cash, two scenarios, prices over the market."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch

FILES = {
    "job.yaml": """\
version: 1
name: small
portfolios: [accounts/*.yaml]
market: ["2025-10-03", prices.csv]
scenarios: [fall.yaml, rise.yaml]
contributions: [type]
limits:
  - {name: committee, scenario: any, max_loss: 30%, warning: 20%, of: base, owner: Head of risk}
""",
    "accounts/growth.yaml": """\
version: 1
name: growth
currency: USD
positions:
  - {id: chips, type: equity, issuer: NVDA, quantity: 100}
  - {id: soft, type: equity, issuer: MSFT, quantity: -10}
  - {id: cash, type: cash, currency: USD, quantity: 1_000}
""",
    "accounts/income.yaml": """\
version: 1
name: income
currency: EUR
positions:
  - {id: soft, type: equity, issuer: MSFT, quantity: 40}
  - {id: money, type: cash, currency: EUR, quantity: 5_000}
""",
    "prices.csv": "issuer,close\nNVDA,180.5\nMSFT,510.25\n",
    "fall.yaml": """\
version: 1
name: fall
title: Chips halve
source: [a memo]
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -50%}
  - {select: {issuer: MSFT}, factor: spot, shift: -10%}
""",
    "rise.yaml": """\
version: 1
name: rise
horizon: 1m
shocks:
  - {select: {issuer: MSFT}, factor: spot, shift: +10%}
""",
}


def write_job(folder: Path, changes: dict[str, tuple[str, str]] | None = None, **texts: str) -> Path:
    """Write the job's files and return its path.

    `changes` replaces a text by another in a file, `texts` adds portfolios by name.
    """
    (folder / "accounts").mkdir(parents=True)
    files = FILES | {f"accounts/{name}.yaml": text for name, text in texts.items()}
    for name, (old, new) in (changes or {}).items():
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "job.yaml"


def run_job(job: Path, folder: Path) -> RunFolder:
    """Run a job in this process and open its folder."""
    run_batch(load_job(job), folder, BatchOptions(executor="serial"))
    return open_run(folder)


def make_run(folder: Path, changes: dict[str, tuple[str, str]] | None = None, **texts: str) -> RunFolder:
    """Write a job below `folder` and run it."""
    return run_job(write_job(folder / "job", changes, **texts), folder / "run")


def record_again(folder: Path, **changes: Any) -> None:
    """Let the manifest say of each result what it is now, and `changes` besides: as another program would."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    for part in manifest["parts"]:
        if part["path"].startswith("results/"):
            part["sha256"] = hashlib.sha256((folder / part["path"]).read_bytes()).hexdigest()
    file.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")
