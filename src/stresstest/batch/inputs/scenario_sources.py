"""Scenarios of a job: those that are written down as one set, and the sets that are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from stresstest.batch.jobs.job import LIBRARY, Job, SampleRequest
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.resources import names
from stresstest.measures.limits import ANY
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.set_loading import joined

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class NamedSets:
    """Scenarios that are written down, and sampled sets in the order of the job."""

    named: ScenarioSet | None
    sampled: tuple[MemberSet, ...]


def load_sets(job: Job, problems: ProblemList) -> NamedSets:
    """Return the scenarios of a job; everything that is wrong with them goes to `problems`."""
    parts: list[ScenarioSet] = []
    sampled: list[MemberSet] = []
    for source in job.scenarios:
        found = _load(job, source, problems)
        if isinstance(found, MemberSet) and found.sample is not None:
            sampled.append(found)
        elif found is not None:
            parts.append(found)
    sampled += [drawn for request in job.samples if (drawn := _drawn(job, request, problems)) is not None]
    problems.extend(_sample_problems(job, sampled))
    named = _joined(parts, problems)
    problems.extend(_limit_problems(job, named))
    return NamedSets(named, tuple(sampled))


def _load(job: Job, source: str, problems: ProblemList) -> ScenarioSet | None:
    try:
        return load_scenarios([] if source == LIBRARY else [_path(job, source)])
    except InputError as error:
        where = job.at(f"scenarios.{source}")
        problems.extend(item if item.location.file else item.at(where) for item in error.problems)
        return None


def _path(job: Job, source: str) -> str | Path:
    """Return a source with its path counted from the job's folder; a bare name is one of the library."""
    if "/" in source or Path(source).suffix in _SUFFIXES:
        return job.path(source)
    return source


def _drawn(job: Job, request: SampleRequest, problems: ProblemList) -> MemberSet | None:
    """Return a set with the draws that are asked for."""
    found = _load(job, request.source, problems)
    if found is None:
        return None
    if not isinstance(found, MemberSet) or found.sample is None:
        got = f"{request.source!r}, which does not say how it is sampled"
        problems.add(
            Problem("ST703", got, "a scenario set with sample: {columns, seed, …}", request.location)
        )
        return None
    terms = found.sample
    columns = terms.columns if request.columns is None else request.columns
    return replace(
        found,
        sample=replace(terms, columns=columns, seed=terms.seed if request.seed is None else request.seed),
    )


def _joined(parts: list[ScenarioSet], problems: ProblemList) -> ScenarioSet | None:
    if not parts:
        return None
    try:
        return joined(parts, problems)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _sample_problems(job: Job, sampled: list[MemberSet]) -> list[Problem]:
    found = []
    seen: set[str] = set()
    for drawn in sampled:
        if drawn.name in seen:
            got = f"sampled set {drawn.name!r} a second time"
            found.append(Problem("ST704", got, "each set once", drawn.location))
        seen.add(drawn.name)
    measured = [measure for measure in job.measures if measure != "pnl"]
    if measured and not sampled and not job.samples:
        got = f"{', '.join(measured)} without draws to measure"
        found.append(Problem("ST704", got, "a sampled set among the scenarios", job.at("measures")))
    return found


def _limit_problems(job: Job, named: ScenarioSet | None) -> list[Problem]:
    """Return the limits of the job on scenarios that neither run nor are shipped."""
    known = (*(() if named is None else named.names), *(name for name, _ in names("shocks")))
    return [
        Problem(
            "ST709",
            f"limit on scenario {limit.scenario!r}",
            "any, or a scenario of the job",
            limit.location or Location(job.file),
            nearest(limit.scenario, (ANY, *known)),
        )
        for limit in job.limits
        if limit.scenario != ANY and limit.scenario not in known
    ]
