"""A report from its options to its file: of portfolios that are stressed for it, or of a result document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stresstest import api
from stresstest.api.reporting import report_view_of, write_report
from stresstest.cli.report.pages import require_page
from stresstest.errors import InputError, Location, Problem
from stresstest.kernels._jit import enable_caching

if TYPE_CHECKING:
    from stresstest.api.hedging import Hedge

_JSON = ".json"
_SCHEMA = "stresstest/result/1"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Options of `stresstest report`, named as there."""

    sources: tuple[str, ...]
    output: str
    shocks: tuple[str, ...]
    markets: tuple[str, ...]
    settings: tuple[str, ...]
    severity: float
    policy: str | None
    frontier: bool
    judgement: bool
    title: str
    force: bool
    threads: int | None


def run_report(options: ReportOptions) -> None:
    """Compute and write a report, and say where it is."""
    target = Path(options.output)
    require_page(target, options.force)
    if any(Path(source).suffix.lower() == _JSON for source in options.sources):
        _of_document(options, target)
    else:
        _of_portfolios(options, target)
    click.echo(f"stresstest: wrote {target} ({target.stat().st_size / 1e6:.2f} MB)", err=True)


def write_page(
    stress: api.Stress, hedges: Sequence[Hedge], target: Path, *, force: bool, judgement: bool = False
) -> None:
    """Write the report of a result and its hedges."""
    write_report(report_view_of(stress, hedges, judgement=judgement), target, force=force)


def _of_portfolios(options: ReportOptions, target: Path) -> None:
    from stresstest.cli.run.running import load_inputs
    from stresstest.cli.standard_input import readable

    enable_caching()
    with readable((*options.sources, *options.shocks)) as sources:
        count = len(options.sources)
        portfolios, scenarios, market = load_inputs(
            sources[:count], sources[count:], options.markets, options.settings
        )
        policy = _policy(options)
        use = api.Resources(options.threads)
        stress = api.stress(portfolios, scenarios, market, severity=options.severity, resources=use)
        hedges = []
        for portfolio in portfolios if policy is not None else ():
            from stresstest.api.hedging import hedge

            asked: Any = {"frontier": options.frontier, "threads": options.threads}
            hedges.append(hedge(portfolio, policy, scenarios, market, **asked))
    view = report_view_of(stress, hedges, options.title, judgement=options.judgement)
    write_report(view, target, force=options.force)


def _policy(options: ReportOptions) -> Any:
    """Return the policy that hedges are asked for by, or None, before anything is computed."""
    if options.policy is None:
        return None
    from stresstest.hedging.policies.policy_loading import load_policy

    return load_policy(options.policy)


def _of_document(options: ReportOptions, target: Path) -> None:
    given = {
        "--shocks": options.shocks,
        "--market": options.markets,
        "--set": options.settings,
        "--hedge": options.policy,
        "--frontier": options.frontier,
        "--judgement": options.judgement,
        "--severity": options.severity != 1.0,
    }
    asked = [name for name, value in given.items() if value]
    if asked or len(options.sources) > 1:
        what = ", ".join(asked) or f"{len(options.sources)} sources"
        raise click.UsageError(f"{what} with a result document; expected the one document, or portfolios")
    from stresstest.report.reading.results import report_of

    source = Path(options.sources[0])
    content = source.read_bytes()
    view = report_of(_document(content, str(source)), hashlib.sha256(content).hexdigest(), options.title)
    write_report(view, target, force=options.force)


def _document(content: bytes, file: str) -> dict[str, Any]:
    """Return the document of a run, or refuse what is none."""
    from stresstest.cli.run.spec import ResultSpec
    from stresstest.io.validation import json_mismatch

    got = json_mismatch(ResultSpec, content)
    if got:
        expected = f"a document {_SCHEMA}, as `stresstest run --json` writes it"
        raise InputError([Problem("ST413", got, expected, Location(file))])
    found: dict[str, Any] = json.loads(content)
    return found
