"""Network files: what each field may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from stresstest.io.fields import Currency, Date, Identifier, Items, Name, Percentage, Spec
from stresstest.io.money import MoneyField

BasisClass = Literal["documented", "computed", "judgement", "unverified"]


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[Items[str], BeforeValidator(_as_list)]
"""One text or a list of texts."""


Behaviour = Literal[
    "leveraged_fund", "margin_account", "volatility_target", "open_fund", "rebalancer", "buy_back"
]
"""What institutions do when prices fall."""


class EvidenceSpec(Spec):
    """What one number rests on."""

    basis_class: Annotated[BasisClass, Field(alias="class")]
    """documented, computed, judgement or unverified."""
    source: Annotated[str, Field(min_length=1)]
    """Where it is from."""


class OutcomeSpec(Spec):
    """What became of a firm after the network's day: shown beside what a run gives, read by no mechanism."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {"change": ("-99%",)}

    change: Annotated[Percentage, Field(ge=-1.0, le=100.0)]
    """Change of the value of its shares since the network's day."""
    date: Date
    """Day by which it had happened."""
    basis_class: Annotated[BasisClass, Field(alias="class")]
    """documented, computed, judgement or unverified."""
    source: Annotated[str, Field(min_length=1)]
    """Where it is from."""


class NodeSpec(Spec):
    """One firm of a network, a vehicle, or holders taken together."""

    other_words: ClassVar[dict[str, str]] = {
        "name": "title",
        "market_value": "equity",
        "value": "equity",
        "market_cap": "equity",
        "ticker": "issuer",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "id": ("NVDA", "CRWV_SPV"),
        "equity": ("4_560bn USD",),
        "maturities": ({"2026-12-31": "4.22bn USD"},),
        "operating_leverage": (1.5,),
    }

    id: Identifier
    """Name within the network."""
    kind: Literal["public", "private", "spv", "aggregate"] = "public"
    """Listed; with a private mark; a vehicle ring-fenced from its parent; or many holders as one."""
    title: str = ""
    """Name for tables and drawings."""
    issuer: Identifier | None = None
    """Issuer of the market whose price, mark, spread and default follow; by default the id."""
    equity: MoneyField | None = None
    """Market value of all shares, or value of the last round."""
    cash: MoneyField | None = None
    """Cash and what can be sold at once."""
    debt: MoneyField | None = None
    """Everything owed, within the network and outside; by default the sum of maturities."""
    maturities: Mapping[Date, MoneyField] = {}
    """Debt by the day on which it falls due."""
    revenue: MoneyField | None = None
    """Of a year."""
    capex: MoneyField | None = None
    """Of a year."""
    burn: MoneyField | None = None
    """Cash that operations and investment use up in a year beyond what they bring in."""
    backlog: MoneyField | None = None
    """Contracted revenue of all years to come."""
    debt_service: MoneyField | None = None
    """Interest and repayments of a year."""
    daily_volume: MoneyField | None = None
    """Shares traded on a day, in money."""
    salvage: MoneyField | None = None
    """What its business fetches once it has failed, before costs; by default a setting of the mechanism."""
    burn_growth: Annotated[Percentage, Field(gt=-1.0, le=100.0)] = 0.0
    """Growth of burn over a year; negative where it falls."""
    burn_cut: Annotated[Percentage, Field(ge=0.0, le=1.0)] | None = None
    """Part of burn that a management can stop within months; by default the scenario's setting."""
    operating_leverage: Annotated[float, Field(ge=0.0, le=20.0)] | None = None
    """Relative fall of earnings for one of revenue; by default the scenario's setting."""
    asset_volatility: Annotated[Percentage, Field(gt=0.0, le=3.0)] | None = None
    """Volatility of what it owns, a year; by default the scenario's setting."""
    tier: Literal["survives", "perhaps", "far_worse", "financier", "institution"] | None = None
    """Tier of survival."""
    behaviour: Behaviour | None = None
    """What an institution does when prices fall."""
    leverage: Annotated[float, Field(ge=1.0, le=100.0)] = 1.0
    """Assets of an institution over its own money."""
    lets_chips: bool = False
    """Whether uncontracted revenue goes with the rental price of chips."""
    can_default: bool = True
    """Whether it may fail."""
    role: Literal["financier", "builder", "lab", "spender", "supplier", "institution"] | None = None
    """What it is in the network, for tables and drawings; by default what its edges tell."""
    parent: Identifier | None = None
    """Firm of the network that a vehicle is ring-fenced from; its claims are that firm's secured ones."""
    valid_from: Date | None = None
    """Day from which it exists; a market of an earlier date leaves it out, with its edges."""
    basis_class: Annotated[BasisClass, Field(alias="class")] = "judgement"
    """What its numbers rest on."""
    source: Annotated[str, Field(min_length=1)]
    """Where its numbers are from."""
    evidence: Mapping[str, EvidenceSpec] = {}
    """Of single numbers that rest on something else, by field."""
    outcome: OutcomeSpec | None = None
    """Of a past network, what happened then, shown beside what a run gives."""


class EdgeSpec(Spec):
    """One edge: what a firm has to do with another."""

    other_words: ClassVar[dict[str, str]] = {
        "first": "from",
        "second": "to",
        "source_node": "from",
        "target": "to",
        "kind": "type",
        "annual": "per_year",
        "value": "amount",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "from": ("NVDA",),
        "to": ("OPENAI",),
        "type": ("equity_commitment",),
        "amount": ("100bn USD",),
        "share": ("30%",),
    }

    first: Annotated[Identifier, Field(alias="from")]
    """Owner, lender, investor, customer or lessee."""
    second: Annotated[Identifier, Field(alias="to")]
    """Firm owned, lent to, paid in to or bought from."""
    edge_type: Annotated[
        Literal[
            "equity_stake",
            "equity_commitment",
            "vendor_loan",
            "term_loan",
            "senior_notes",
            "margin_loan",
            "purchase_commitment",
            "revenue_dependence",
            "revenue_share",
            "capacity_backstop",
            "lease",
            "warrant",
            "collateral",
            "holding",
        ],
        Field(alias="type"),
    ]
    """What the first firm has to do with the second; warrants are shown, no mechanism reads them."""
    amount: MoneyField | None = None
    """Money in all; of a pledge what the chips would fetch."""
    drawn: MoneyField | None = None
    """Of a loan or a commitment what is funded already."""
    per_year: MoneyField | None = None
    """Money of a year."""
    share: Annotated[Percentage, Field(ge=0.0, le=1.0)] | None = None
    """Part of the second firm's equity, or of the first one's revenue."""
    start: Date | None = None
    """First day; without one it runs today."""
    end: Date | None = None
    """Last day or maturity."""
    date: Date | None = None
    """Day on which it was agreed or reported."""
    valid_from: Date | None = None
    """Day from which it is known; a market of an earlier date leaves it out."""
    valid_until: Date | None = None
    """Day from which it is replaced; a market of that date or a later one leaves it out."""
    trigger: Annotated[Percentage, Field(gt=0.0, lt=1.0)] | None = None
    """Of a loan: loan over collateral at which lenders call, where a document states one."""
    condition: str = ""
    """What a conditional amount waits for."""
    status: Literal["funded", "committed", "contract", "conditional", "letter_of_intent", "article_claim"]
    """How firm it is."""
    basis_class: Annotated[BasisClass, Field(alias="class")]
    """What its numbers rest on."""
    source: Annotated[str, Field(min_length=1)]
    """Where they are from."""
    asset: Identifier | None = None
    """Of a pledge: generation of chips, as rental prices name it; of a margin loan: firm of the shares."""
    quantity: Annotated[float, Field(gt=0.0)] | None = None
    """Of a pledge: number of chips."""
    age_years: Annotated[float, Field(ge=0.0, le=30.0)] = 0.0
    """Of a pledge: age of the chips in years."""
    note: str = ""
    """What a reader should know."""


class GenerationSpec(Spec):
    """Chips of one generation in the whole market."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {"id": ("H100",), "installed": (3_500_000,)}

    id: Identifier
    """As pledges and rental prices name it."""
    installed: Annotated[float, Field(gt=0.0)]
    """Number of chips installed."""
    basis_class: Annotated[BasisClass, Field(alias="class")]
    """What the number rests on."""
    source: Annotated[str, Field(min_length=1)]
    """Where it is from."""


class NetworkSpec(Spec):
    """A network file."""

    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "name": ("ai_circular_financing",),
        "owner": ("Market risk",),
    }

    version: Literal[1]
    """Version of the file format."""
    name: Name
    """snake_case name."""
    title: str = ""
    """One line for tables and drawings."""
    narrative: str = ""
    """What the network shows, in prose."""
    as_of: Date
    """Day of its amounts; no later one is in it."""
    currency: Currency
    """Currency of every amount."""
    source: Texts = ()
    """Article facts, URLs or papers that it rests on."""
    owner: Annotated[str, Field(max_length=200)] = ""
    """Who keeps it, and judged what it states without a document."""
    judged_on: Date | None = None
    """Day on which its numbers were judged, for those that name no date of their own."""
    generations: Items[GenerationSpec] = ()
    """Generations of chips, with how many are installed."""
    nodes: Items[NodeSpec]
    """Firms."""
    edges: Items[EdgeSpec]
    """What they have to do with one another."""
