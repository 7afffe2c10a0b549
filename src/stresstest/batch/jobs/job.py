"""A batch job as read: what to value, under what, what to measure, with the place of every part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from stresstest.batch.jobs.spec import JobSpec, SampledSpec
from stresstest.errors import NOWHERE, InputError, Location, Problem, ProblemList
from stresstest.io.document import Document, read_document
from stresstest.io.relocation import relocated
from stresstest.io.resources import shipped_file
from stresstest.io.validation import validate
from stresstest.portfolio.loading import limit_of
from stresstest.portfolio.model import Limit

LIBRARY = "library"
"""Source of scenarios that stands for all shipped ones."""

BREACHING = "breaching"
"""Portfolios to hedge: those that breach a limit, warnings aside."""

_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A sampled set by its source, with the number of draws and the seed where they are not its own."""

    source: str
    columns: int | None = None
    seed: int | None = None
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class HedgeRequest:
    """Hedge plans after the run; `portfolios` are names, or empty for those that breach a limit."""

    policy: str
    portfolios: tuple[str, ...] = ()
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Output:
    """Layout of the results: `wide` or `long`, and the portfolios of one group."""

    layout: str = "wide"
    group_size: int = 500


@dataclass(frozen=True)
class Job:
    """A batch job.

    Attributes
    ----------
    name, title, file
        As written; `file` is the job's own, empty where it was built in Python.
    portfolios
        Sources of portfolios as written.
    market
        Sources of the market; empty: the one that the portfolios name, else the newest shipped.
    scenarios
        Sources of scenarios, `library` and sampled sets without terms of their own among them.
    samples
        Sampled sets with another number of draws or another seed.
    severity
        Scale of every scenario.
    measures, confidence_level
        Over the draws of each sampled set.
    contributions
        Attributes that P&L is split by.
    limits
        Of every portfolio, beside its own.
    reconcile
        Tolerance of the comparison with stated net asset values, None: there is none.
    previous
        Folders of earlier runs as written, the oldest first: breaches are followed through them.
    judgement
        Whether the register of judged numbers and the judged share of every loss are wanted.
    challenger
        `factor_model`, or empty.
    hedge
        Plans after the run, None: there are none.
    locations
        Where parts were written: `portfolios.0`, `scenarios.1`, `market`, `contributions.0`, ….
    """

    name: str
    portfolios: tuple[str, ...]
    title: str = ""
    file: str = ""
    market: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = (LIBRARY,)
    samples: tuple[SampleRequest, ...] = ()
    severity: float = 1.0
    measures: tuple[str, ...] = ()
    confidence_level: float = 0.95
    contributions: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    reconcile: float | None = None
    previous: tuple[str, ...] = ()
    judgement: bool = False
    challenger: str = ""
    hedge: HedgeRequest | None = None
    output: Output = Output()
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    @property
    def folder(self) -> Path:
        """Folder that relative paths of the job count from."""
        return Path(self.file).parent

    def path(self, source: str) -> Path:
        """Return the path that a source is, counted from the job's folder; its copy where copies are read."""
        return relocated(self.folder / source)

    def at(self, part: str) -> Location:
        """Return where `part` was written, or the job's file where that is not known."""
        return self.locations.get(part) or Location(self.file)


def load_job(source: str | PathLike[str]) -> Job:
    """Return the job of a file, or of a name of the shipped library.

    Raises
    ------
    InputError
        With everything that is wrong in the file, each with line and column.
    """
    document = read_document(find_job(source))
    problems = ProblemList()
    if not isinstance(document.data, dict):
        where = document.location(())
        raise InputError([Problem("ST152", "a document that is no mapping", "a batch job", where)])
    spec = validate(JobSpec, document.data, document.location, problems)
    job = None if spec is None else _job(spec, document)
    if job is not None:
        problems.extend(_problems(job))
    problems.raise_if_any()
    if job is None:
        raise ValueError("a job without problems gave none")
    return job


def find_job(source: str | PathLike[str]) -> Path:
    """Return the file that `source` names: a path, or a name of the library.

    Raises
    ------
    InputError
        ST700 where the library has no job of this name.
    """
    path = Path(source)
    if path.suffix in _YAML or path.exists() or len(path.parts) > 1:
        return path
    expected = "a file, or a shipped job (stresstest list jobs)"
    return shipped_file("jobs", str(source), "ST700", "batch job", expected)


def _job(spec: JobSpec, document: Document) -> Job:
    market = (spec.market,) if isinstance(spec.market, str) else spec.market
    return Job(
        name=spec.name,
        portfolios=spec.portfolios,
        title=spec.title,
        file=document.file,
        market=market,
        scenarios=tuple(entry for entry in spec.scenarios if isinstance(entry, str)),
        samples=tuple(_samples(spec, document)),
        severity=spec.severity,
        measures=tuple(dict.fromkeys(spec.measures)),
        confidence_level=spec.confidence_level,
        contributions=tuple(dict.fromkeys(spec.contributions)),
        limits=_limits(spec, document),
        reconcile=None if spec.reconcile is None else spec.reconcile.tolerance,
        previous=(spec.previous,) if isinstance(spec.previous, str) else spec.previous,
        judgement=spec.judgement,
        challenger=spec.challenger or "",
        hedge=_hedge(spec, document),
        output=Output(spec.output.layout, spec.output.group_size),
        locations=_locations(spec, document),
    )


def _limits(spec: JobSpec, document: Document) -> tuple[Limit, ...]:
    return tuple(limit_of(item, document.location(("limits", row))) for row, item in enumerate(spec.limits))


def _hedge(spec: JobSpec, document: Document) -> HedgeRequest | None:
    hedge = spec.hedge
    if hedge is None:
        return None
    portfolios = () if hedge.portfolios == BREACHING else tuple(dict.fromkeys(hedge.portfolios))
    return HedgeRequest(hedge.policy, portfolios, document.location(("hedge",)))


def _samples(spec: JobSpec, document: Document) -> list[SampleRequest]:
    return [
        SampleRequest(
            entry.sample, entry.columns, entry.seed, document.location(("scenarios", place, "sample"))
        )
        for place, entry in enumerate(spec.scenarios)
        if isinstance(entry, SampledSpec)
    ]


def _locations(spec: JobSpec, document: Document) -> dict[str, Location]:
    """Return the places of the parts; entries of a list by what they say: `scenarios.library`."""
    found = {name: document.location((name,)) for name in ("market", "measures", "hedge", "severity")}
    for name in ("portfolios", "scenarios", "contributions", "market"):
        entries = getattr(spec, name)
        if isinstance(entries, str):
            continue
        for place, entry in enumerate(entries):
            text = entry if isinstance(entry, str) else entry.sample
            found.setdefault(f"{name}.{text}", document.location((name, place)))
    return found | _hedge_locations(spec, document)


def _hedge_locations(spec: JobSpec, document: Document) -> dict[str, Location]:
    if spec.hedge is None:
        return {}
    found = {"hedge.policy": document.location(("hedge", "policy"))}
    if spec.hedge.portfolios != BREACHING:
        for place, name in enumerate(spec.hedge.portfolios):
            found[f"hedge.portfolios.{name}"] = document.location(("hedge", "portfolios", place))
    return found


def _problems(job: Job) -> list[Problem]:
    """Return what does not fit together in a job by itself."""
    found = []
    if not 0.0 <= job.severity <= 100.0:
        got = f"severity {100.0 * job.severity:g}%"
        found.append(Problem("ST319", got, "0% to 10,000%", job.at("severity")))
    return found
