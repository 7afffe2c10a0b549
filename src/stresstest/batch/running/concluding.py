"""What a run says once its results are there: the summary for people, counts for the manifest."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stresstest.batch.governance.moving import moved_total
from stresstest.batch.governance.statuses import scenario_governance, status_texts
from stresstest.batch.hedges.rows import PLANNED
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.reading.governance_summary import totals_of
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.reading.summary import SummaryFacts, summary_text
from stresstest.batch.store.atomic import write_bytes
from stresstest.batch.store.folder import Layout
from stresstest.io.relocation import FILES, LIBRARY, absolute
from stresstest.io.resources import shipped_library
from stresstest.market.fx import fx_rate


def conclusions(
    layout: Layout, inputs: JobInputs, prepared: Prepared, poisoned: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Write the summary, and return what the manifest says of the results."""
    run = RunFolder(layout.root)
    given_up = [f"{task}: {'; '.join(dict.fromkeys(reasons))}" for task, reasons in sorted(poisoned.items())]
    facts = summary_facts(inputs, prepared, given_up)
    moved = _moved(run, inputs, prepared, facts)
    shown = replace(facts, moved=moved, notes=[_placed(note, layout) for note in facts.notes])
    text = summary_text(run, shown)
    write_bytes(layout.summary, text.encode("utf-8"))
    return {
        "n_portfolios": len(prepared.holders),
        "n_positions": len(prepared.holders.instrument) + int(prepared.holders.n_refused.sum()),
        "n_instruments": len(prepared.book.instruments),
        "n_scenarios": len(prepared.scenarios),
        "n_draws": {sample.name: sample.n_draws for sample in prepared.sampled},
        "n_refused_portfolios": sum(not refused.position for refused in prepared.refused),
        "n_failures": run.table("failures", ["reason"]).num_rows,
        "n_breaches": run.table("breaches", ["level"]).num_rows,
        **_hedge_counts(run),
        "governance": {**scenario_governance(inputs), "moved": moved},
        "currency": facts.currency,
        "rates": dict(facts.rates),
        "notes": list(facts.notes),
    }


def _hedge_notes(inputs: JobInputs) -> list[str]:
    """Return that plans, whose policies state severities of their own, leave that of the job alone."""
    severity = inputs.job.severity
    if inputs.hedge is None or severity == 1.0:
        return []
    return [f"hedge plans are over scenarios as written, not at {100.0 * severity:g}% of them as the rest"]


def _hedge_counts(run: RunFolder) -> dict[str, int]:
    statuses = run.table("hedges", ["status"])["status"].to_pylist()
    return {
        "n_hedges": len(statuses),
        "n_hedges_without_plan": sum(status not in PLANNED for status in statuses),
    }


def _moved(
    run: RunFolder, inputs: JobInputs, prepared: Prepared, facts: SummaryFacts
) -> dict[str, Any] | None:
    """Return the judged numbers that move the total loss most, where the job asks what losses rest on."""
    if not inputs.job.judgement:
        return None
    totals = {name: pnl for name, (pnl, _) in totals_of(run, facts.rates).items()}
    found = moved_total(inputs, prepared, totals, facts.rates)
    return None if found is None else found.as_document()


def _placed(note: str, layout: Layout) -> str:
    """Return a note with its place below the library, and of a file itself instead of its copy."""
    copies = absolute(layout.inputs)
    for folder in (shipped_library(), copies / LIBRARY):
        note = note.removeprefix(f"{folder}{os.sep}")
    return note.removeprefix(str(copies / FILES))


def summary_facts(inputs: JobInputs, prepared: Prepared, poisoned: Sequence[str]) -> SummaryFacts:
    """Return what a summary says that is not in the results; `poisoned` are tasks that were set apart."""
    market = inputs.market
    currencies = sorted(set(prepared.holders.currencies) - {market.currency})
    return SummaryFacts(
        name=inputs.job.name,
        market=market.name,
        as_of=market.as_of.isoformat(),
        currency=market.currency,
        title=inputs.job.title,
        rates={name: fx_rate(market, name, market.currency) for name in currencies} | {market.currency: 1.0},
        n_draws={sample.name: sample.n_draws for sample in prepared.sampled},
        poisoned=poisoned,
        statuses=tuple(status_texts(inputs)),
        notes=(*prepared.notes, *_hedge_notes(inputs)),
    )
