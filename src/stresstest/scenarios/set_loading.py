"""Scenario set documents as member sets, and several sources as one set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stresstest.errors import Location, Problem, ProblemList
from stresstest.io.document import Document
from stresstest.io.validation import validate
from stresstest.scenarios.files import scenario_file
from stresstest.scenarios.governance_spec import read_governance
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.mixture import mixture_problems
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.scenario import Scenario, ScenarioSet
from stresstest.scenarios.set_spec import MemberSpec, SampleSpec, ScenarioSetSpec, SeverityRangeSpec

ReadScenario = Callable[[Path], Scenario | None]
"""Reads a scenario file; adds what is wrong to the problems and returns None."""


def read_member_set(document: Document, read: ReadScenario, problems: ProblemList) -> MemberSet | None:
    """Return the set that `document` specifies, or None after adding what is wrong with it.

    A member is found by its name in the library, or as a file by its path from the folder of the set.
    """
    spec = validate(ScenarioSetSpec, document.data, document.location, problems)
    if spec is None:
        return None
    n_before = len(problems)
    found = [_member(document, place, member, problems) for place, member in enumerate(spec.members)]
    scenarios = [None if path is None else read(path) for path in found]
    problems.extend(_severity_problems(spec, document))
    if spec.remainder is not None and spec.sample is None:
        where = document.location(("remainder",))
        problems.add(Problem("ST343", "a remainder in a set that is not sampled", "a sample", where))
    members = [
        _with_terms(scenario, member, document.location(("members", place)))
        for place, (scenario, member) in enumerate(zip(scenarios, spec.members, strict=True))
        if scenario is not None
    ]
    problems.extend(_twice(members))
    governance = read_governance(spec, document, problems)
    problems.extend([] if governance.is_retired else _retired(members))
    if len(problems) > n_before:
        return None
    member_set = replace(_built(spec, members, document), governance=governance)
    problems.extend(mixture_problems(member_set))
    return member_set if len(problems) == n_before else None


def joined(parts: Sequence[ScenarioSet], problems: ProblemList) -> ScenarioSet:
    """Return several sets as one: scenarios in order, severities of members kept.

    Adds ST344 for a sampled set among others, whose probabilities would mean nothing there.

    Raises
    ------
    InputError
        ST302 for scenarios of one name.
    """
    if len(parts) == 1:
        return parts[0]
    scenarios = tuple(scenario for part in parts for scenario in part)
    severities: dict[str, SeverityRange] = {}
    for part in parts:
        if isinstance(part, MemberSet):
            severities.update(part.severities)
            if part.sample is not None:
                got = f"sampled set {part.name!r} together with other scenarios"
                problems.add(Problem("ST344", got, "the set by itself", part.location))
    return MemberSet(scenarios, severities=severities) if severities else ScenarioSet(scenarios)


def _member(document: Document, place: int, member: MemberSpec, problems: ProblemList) -> Path | None:
    """Return the file of a member, or None after adding that there is none."""
    where = document.location(("members", place, "scenario"))
    return scenario_file(member.scenario, Path(document.file).parent, where, problems)


def _severity_problems(spec: ScenarioSetSpec, document: Document) -> Iterator[Problem]:
    for place, member in enumerate(spec.members):
        problem = _severity_problem(spec, member)
        if problem is not None:
            yield problem.at(document.location(("members", place, "severity")))


def _severity_problem(spec: ScenarioSetSpec, member: MemberSpec) -> Problem | None:
    severity = member.severity
    if isinstance(severity, SeverityRangeSpec):
        if spec.sample is None:
            got = "a range of severities in a set that is not sampled"
            return Problem("ST343", got, "one severity, or a sample")
    elif severity is not None and severity < 0.0:
        return Problem("ST345", f"severity {100.0 * severity:.6g}%", "a severity of 0% or more")
    return None


def _with_terms(scenario: Scenario, member: MemberSpec, where: Location) -> Scenario:
    """Return the scenario with the probability that the set gives it, and its place there."""
    probability = scenario.probability if member.probability is None else member.probability
    return replace(scenario, probability=probability, locations={**scenario.locations, "member": where})


def _twice(members: Sequence[Scenario]) -> list[Problem]:
    names = [scenario.name for scenario in members]
    return [
        Problem("ST302", f"second member {scenario.name!r}", "each scenario once", scenario.at("member"))
        for place, scenario in enumerate(members)
        if scenario.name in names[:place]
    ]


def _retired(members: Sequence[Scenario]) -> list[Problem]:
    """Return a problem for each member that is retired: the others' probabilities count on it."""
    expected = "members that are not retired, or status: retired here"
    return [
        Problem("ST734", f"retired scenario {scenario.name!r} in a set", expected, scenario.at("member"))
        for scenario in members
        if scenario.governance.is_retired
    ]


def _built(spec: ScenarioSetSpec, members: Sequence[Scenario], document: Document) -> MemberSet:
    paths = (("members",), ("remainder",), ("sample",), ("sample", "regime"))
    severities = {
        scenario.name: _severity_range(member)
        for scenario, member in zip(members, spec.members, strict=True)
        if member.severity is not None
    }
    return MemberSet(
        tuple(members),
        name=spec.name,
        title=spec.title,
        severities=severities,
        regimes={
            scenario.name: member.regime
            for scenario, member in zip(members, spec.members, strict=True)
            if member.regime is not None
        },
        sample=None if spec.sample is None else _terms(spec.sample, spec.remainder is not None),
        location=document.location(("name",)),
        locations={".".join(path): document.location(path) for path in paths},
    )


def _severity_range(member: MemberSpec) -> SeverityRange:
    severity = member.severity
    if isinstance(severity, SeverityRangeSpec):
        return SeverityRange(severity.low, severity.mode, severity.high)
    return SeverityRange() if severity is None else SeverityRange.fixed(severity)


def _terms(spec: SampleSpec, remainder: bool) -> SampleTerms:
    return SampleTerms(
        columns=spec.columns,
        seed=spec.seed,
        regime=spec.regime or "",
        degrees_of_freedom=spec.degrees_of_freedom,
        varies=spec.varies,
        horizon=spec.horizon or "",
        remainder=remainder,
    )
