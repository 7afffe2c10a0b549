"""The document of `network show --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from stresstest.networks.spec import BasisClass

Status: TypeAlias = Literal[
    "funded", "committed", "contract", "conditional", "letter_of_intent", "article_claim"
]
Share: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]
Day: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True, allow_inf_nan=False)


class FirmShown(_Part):
    """One firm; money is of the network's currency, null where none is stated and no default holds."""

    id: str
    """Name within the network."""
    title: str
    """Name for readers."""
    kind: Literal["public", "private", "spv", "aggregate"]
    """Listed, with a private mark, a vehicle, or many holders as one."""
    role: Literal["financier", "builder", "lab", "spender", "supplier", "institution"]
    """As its file says, or what its edges tell."""
    tier: str
    """Tier of survival; empty where none is stated."""
    issuer: str
    """Issuer of a market whose factors its losses move."""
    equity: float | None
    """Market value, or value of the last round."""
    cash: float | None
    """Cash and what can be sold at once."""
    debt: float | None
    """Everything owed."""
    revenue: float | None
    """Of a year."""
    capex: float | None
    """Of a year."""
    burn: float | None
    """Of a year."""
    backlog: float | None
    """Contracted revenue of all years to come."""
    debt_service: float | None
    """Of a year."""
    daily_volume: float | None
    """Of a day."""
    basis_class: Annotated[BasisClass | Literal[""], Field(alias="class")]
    """What its numbers rest on."""
    source: str
    """Where they are from."""


class EdgeShown(_Part):
    """One edge, as its file states it; null where it states nothing."""

    first: Annotated[str, Field(alias="from")]
    """Firm that invests, lends, buys or stands behind."""
    second: Annotated[str, Field(alias="to")]
    """Firm that it does so to."""
    edge_type: Annotated[str, Field(alias="type")]
    """What the first does to the second."""
    amount: float | None
    """Money in all."""
    drawn: float | None
    """What is funded of it."""
    per_year: float | None
    """Money of a year."""
    share: float | None
    """Part of the second firm's equity, or of the first one's revenue."""
    start: Day | None
    """First day of a contract."""
    end: Day | None
    """Last day."""
    date: Day | None
    """Day on which it was agreed or reported."""
    valid_from: Day | None
    """Day from which it is known."""
    status: Status
    """How firm it is."""
    basis_class: Annotated[BasisClass, Field(alias="class")]
    """What its numbers rest on."""
    source: str
    """Where they are from."""
    note: str
    """What a reader should know."""
    dependence: Share | None
    """Its share of what its second firm lives on; null for pledges, positions, and where it is unknown."""


class LinkShown(_Part):
    """One step of a circle."""

    first: Annotated[str, Field(alias="from")]
    """Firm that finances or buys."""
    second: Annotated[str, Field(alias="to")]
    """Firm that it finances or buys from."""
    share: Share
    """Part of the second firm's revenue, or of its equity and debt."""
    status: Status
    """The loosest of its edges."""
    edges: tuple[int, ...]
    """Places in the list of edges."""


class CircleShown(_Part):
    """One circle of money."""

    firms: tuple[str, ...]
    """In order; the last one leads back to the first."""
    strength: Share
    """The smallest share along it."""
    status: Status
    """The loosest status along it."""
    links: tuple[LinkShown, ...]
    """One for each firm, to the next."""


class PartShown(_Part):
    """One partner of a firm."""

    firm: str
    """Customer, lender, or firm that the stake is in."""
    amount: float
    """Money."""
    share: Share
    """Of the whole."""


class ConcentrationShown(_Part):
    """How much of what a firm lives on comes from few."""

    firm: str
    """Firm that depends."""
    of: Literal["revenue", "backlog", "debt", "own_value"]
    """What the shares are of."""
    whole: float
    """Money that shares are parts of."""
    largest: Share
    """The largest share."""
    named: Share
    """What the partners of the network are in all."""
    herfindahl: Share
    """Sum of squared shares; partners that the network does not name count as very small."""
    parts: tuple[PartShown, ...]
    """Partners, the largest first."""


class PledgeShown(_Part):
    """One pledged asset."""

    owner: str
    """Firm that has pledged it."""
    asset: str
    """Generation of chips, or firm whose shares they are."""
    age_years: float
    """Age of chips."""
    creditors: tuple[str, ...]
    """One for each pledge."""
    owned: float | None
    """Pieces that there are."""
    pledged: float | None
    """Pieces over all pledges."""
    times: float
    """How often it is pledged."""
    worth: float | None
    """Money that it would fetch, once."""
    owed: float
    """What these creditors have lent to the owner."""
    twice: bool
    """Whether more than one pledge lies on it."""


class NetworkShownSpec(_Part):
    """What `stresstest network show --json` writes."""

    document_schema: Annotated[Literal["stresstest/network/1"], Field(alias="schema")]
    """Name and version of this document."""
    name: str
    """Name of the network."""
    title: str
    """One line."""
    narrative: str
    """What it shows, in prose."""
    source: tuple[str, ...]
    """What it rests on."""
    as_of: Day
    """Day of the firms' amounts."""
    day: Day
    """Day on which the edges are valid."""
    currency: str
    """Currency of every amount."""
    types: tuple[str, ...]
    """Types asked for; empty: all."""
    statuses: tuple[Status, ...]
    """Statuses asked for; empty: all."""
    firms: tuple[FirmShown, ...]
    """In the order of the file."""
    edges: tuple[EdgeShown, ...]
    """In the order of the file."""
    circles: tuple[CircleShown, ...]
    """The strongest first."""
    more_circles: bool
    """Whether there are more than asked for."""
    circle_groups: tuple[tuple[str, ...], ...]
    """Largest sets of firms that circles of any length connect."""
    concentration: tuple[ConcentrationShown, ...]
    """By what the shares are of, then the largest share first."""
    pledges: tuple[PledgeShown, ...]
    """Those pledged most often first."""
