"""Who answers for a file, as scenario, set and policy files write it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Protocol, TypeAlias

from pydantic import Field

from stresstest.errors import ProblemList
from stresstest.io.document import Document
from stresstest.scenarios.governance import Governance, governance_problems

Status: TypeAlias = Literal["draft", "challenged", "approved", "retired"]
"""How far something has been reviewed."""

Person: TypeAlias = Annotated[str, Field(max_length=200)]
"""A person, a team, or a committee."""


class GovernedSpec(Protocol):
    """Fields of every file that somebody answers for."""

    @property
    def status(self) -> Status | None:
        """How far it has been reviewed."""

    @property
    def owner(self) -> str:
        """Who keeps it."""

    @property
    def approver(self) -> str:
        """Who approved it."""

    @property
    def approved_on(self) -> date | None:
        """Day of the approval."""

    @property
    def valid_until(self) -> date | None:
        """Last day on which it holds."""


def read_governance(spec: GovernedSpec, document: Document, problems: ProblemList) -> Governance:
    """Return who answers for a document; add what contradicts itself to `problems`."""
    found = Governance(spec.status or "", spec.owner, spec.approver, spec.approved_on, spec.valid_until)
    problems.extend(governance_problems(found, lambda field: document.location((field,))))
    return found
