"""A scenario set with members: how likely and how severe each is, and how the set is sampled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stresstest.errors import Location
from stresstest.scenarios.governance import UNGOVERNED, Governance
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.scenario import ScenarioSet

_AS_WRITTEN = SeverityRange()
_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class MemberSet(ScenarioSet):
    """Scenarios as members of a set; their probabilities are those that the set gives them.

    Attributes
    ----------
    name, title
        Of the set; empty where it was built in Python.
    severities
        By scenario name; one without an entry is taken as written.
    regimes
        By scenario name; the regime of the factor model that draws around it follow, where that is not the
        one of the sample.
    sample
        How the set is sampled, or None: each member is then one column.
    governance
        Status, owner, approver of the set, and how long it holds.
    locations
        Where parts of the set were written: `members`, `remainder`, `sample`, `sample.regime`.

    Examples
    --------
    >>> from stresstest.scenarios.scenario import Scenario, Shock
    >>> crash = Scenario("crash", (Shock.of("spot", "-20%", region="US"),), horizon="1m")
    >>> drawn = MemberSet((crash,), severities={"crash": SeverityRange(0.5, 1.0, 1.5)})
    >>> drawn.severity_of("crash").high
    1.5
    """

    name: str = ""
    title: str = ""
    severities: Mapping[str, SeverityRange] = field(default_factory=dict)
    regimes: Mapping[str, str] = field(default_factory=dict)
    sample: SampleTerms | None = None
    governance: Governance = UNGOVERNED
    location: Location = _NOWHERE
    locations: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)

    def severity_of(self, scenario: str) -> SeverityRange:
        """Return the severities of a member."""
        return self.severities.get(scenario, _AS_WRITTEN)

    def at(self, part: str) -> Location:
        """Return where `part` of the set was written, or the set where that is not known."""
        return self.locations.get(part) or self.location


def stated_severity(scenarios: ScenarioSet, scenario: str) -> float:
    """Return the severity that a set gives a member, the most likely one of a range; 1 without a set."""
    return scenarios.severity_of(scenario).mode if isinstance(scenarios, MemberSet) else 1.0
