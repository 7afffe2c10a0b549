"""What a network is: firms with what they own, owe, earn and spend, and typed edges between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import isnan

from stresstest.errors import NOWHERE, Location

NODE_KINDS = ("public", "private", "spv", "aggregate")
"""A listed firm; one with a private mark; a vehicle ring-fenced from its parent; many holders as one."""

EDGE_TYPES = {
    "equity_stake": "owns shares of",
    "equity_commitment": "has promised equity to",
    "vendor_loan": "lends to its customer",
    "term_loan": "lends to",
    "senior_notes": "holds notes of",
    "margin_loan": "lends against securities to",
    "purchase_commitment": "has contracted to buy from",
    "revenue_dependence": "buys from",
    "revenue_share": "passes part of its revenue to",
    "capacity_backstop": "stands behind capacity of",
    "lease": "rents from",
    "warrant": "has given warrants to",
    "collateral": "has a pledge on chips of",
    "holding": "holds shares, as an institution, of",
}
"""Types of edges, each with what its first firm does to its second

No mechanism reads warrants: they are shown only.
."""

CLAIM_TYPES = ("vendor_loan", "term_loan", "senior_notes", "margin_loan")
"""Edges that are debt of the second firm, owed to the first."""

STATUSES = ("funded", "committed", "contract", "conditional", "letter_of_intent", "article_claim")
"""How firm an edge is, the firmest first."""

CLASSES = ("documented", "computed", "judgement", "unverified")
"""What a number rests on."""

_WORTH = ("equity", "cash", "debt", "salvage", "backlog")
_FLOWS = ("revenue", "capex", "burn", "debt_service", "daily_volume")
AMOUNTS = (*_WORTH, *_FLOWS)
"""Amounts of money of a firm: values of today, and of a year or a day where they flow."""

ROLES = ("financier", "builder", "lab", "spender", "supplier", "institution")
"""What a firm is in the network: who pays, who builds sites and lets chips, who uses them, who buys, who
sells to them, who holds shares."""

SELLERS = ("leveraged_fund", "margin_account", "volatility_target", "open_fund")
"""Institutions that sell when prices fall."""

LEVERED = ("leveraged_fund", "margin_account")
"""Institutions that trade by their leverage; at leverage 1 they never do."""

BEHAVIOURS = (*SELLERS, "rebalancer", "buy_back")
"""What institutions do when prices fall: the last two buy."""

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a number rests on: its class, one of `CLASSES`, and its source."""

    basis_class: str
    source: str


@dataclass(frozen=True, slots=True)
class Maturity:
    """Debt that falls due on a day, in money."""

    due: date
    amount: float


@dataclass(frozen=True, slots=True)
class Node:
    """A firm, a vehicle, or holders taken together.

    Attributes
    ----------
    issuer
        Id in a market whose factors its losses move; empty where the market cannot hold one.
    equity
        Market value, or value of the last round.
    cash, debt
        On the date of the network.
    revenue, capex, burn
        Of a year; burn is what operations cost beyond what they bring in, at today's rate.
    burn_growth
        Growth of burn over a year, 0.7 for 70 %.
    burn_cut
        Part of burn that a management can stop within months; NaN where the scenario's setting holds.
    backlog
        Contracted revenue of all years to come.
    debt_service
        Interest and repayments of a year.
    daily_volume
        Money of shares traded on a day.
    behaviour, leverage
        Of an institution: one of `BEHAVIOURS`, and its assets over its own money.
    lets_chips
        Whether what no contract holds of its revenue goes with the rental price of chips.
    operating_leverage
        Fall of earnings for a fall of revenue, both relative; NaN where the scenario's setting holds.
    asset_volatility
        Of what it owns, a year; NaN where the setting of a mechanism holds.
    salvage
        What its business fetches once it has failed, before costs; NaN where a setting holds.
    can_default
        Whether it may fail; a guaranteed or aggregate debtor may not.
    valid_from
        Day from which it exists, or None.
    role
        One of `ROLES`, or empty where edges and amounts tell (`roles.role_of`).
    parent
        Firm that a vehicle is ring-fenced from, or empty.
    outcome
        Change of its value that happened later, shown beside what a run gives; NaN where none is stated.
    evidence
        Of each stated amount by name; that under the empty name holds for the others.
    """

    id: str
    kind: str
    title: str = ""
    issuer: str = ""
    equity: float = 0.0
    cash: float = 0.0
    debt: float = 0.0
    revenue: float = 0.0
    capex: float = 0.0
    burn: float = 0.0
    backlog: float = 0.0
    debt_service: float = 0.0
    daily_volume: float = 0.0
    salvage: float = _NAN
    burn_growth: float = 0.0
    burn_cut: float = _NAN
    behaviour: str = ""
    leverage: float = 1.0
    lets_chips: bool = False
    operating_leverage: float = _NAN
    asset_volatility: float = _NAN
    maturities: tuple[Maturity, ...] = ()
    tier: str = ""
    can_default: bool = True
    parent: str = ""
    role: str = ""
    valid_from: date | None = None
    outcome: float = _NAN
    evidence: Mapping[str, Evidence] = field(default_factory=dict, compare=False)
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Edge:
    """What its first firm has to do with its second: `EDGE_TYPES` says it as a verb.

    Attributes
    ----------
    amount
        Money in all; NaN where only `per_year` or `share` is known.
    drawn
        Of a loan or a commitment what is funded already; of a loan by default all.
    per_year
        Money a year; NaN where there is none.
    share
        Part of the second firm's equity, or of the first one's revenue, in [0, 1]; NaN where none is stated.
    start, end
        First and last day of a contract, or None.
    valid_from, valid_until
        First day on which it exists, first on which it does no more; markets of other dates do not hold it.
    trigger
        Of a loan against securities or chips: loan over collateral at which lenders call; NaN where no
        document states one.
    asset
        Of a pledge the generation of chips; of a margin loan the firm whose shares are pledged.
    condition
        What a conditional amount waits for, in words.
    status, evidence
        How firm it is, and what its numbers rest on.
    """

    first: str
    second: str
    edge_type: str
    amount: float
    status: str
    evidence: Evidence
    drawn: float = _NAN
    per_year: float = _NAN
    share: float = _NAN
    start: date | None = None
    end: date | None = None
    dated: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    trigger: float = _NAN
    asset: str = ""
    quantity: float = _NAN
    age_years: float = 0.0
    condition: str = ""
    note: str = ""
    location: Location = NOWHERE

    @property
    def outstanding(self) -> float:
        """Debt that is drawn: of a claim what is owed today."""
        return self.amount if isnan(self.drawn) else self.drawn


@dataclass(frozen=True, slots=True)
class Generation:
    """Chips of one generation in the whole market: how many are installed."""

    id: str
    installed: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Firms in a fixed order, and edges between them.

    Attributes
    ----------
    as_of
        Date of its amounts.
    currency
        Of every amount.
    nodes, edges
        In the order of the file; ids of nodes are unique, edges name nodes.
    owner, judged_on
        Who judged what no document states, and when, unless an edge names its own date.
    """

    name: str
    title: str
    as_of: date
    currency: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    generations: tuple[Generation, ...] = ()
    narrative: str = ""
    source: tuple[str, ...] = ()
    owner: str = ""
    judged_on: date | None = None
    location: Location = NOWHERE

    @property
    def index(self) -> Mapping[str, int]:
        """Place of each firm by id."""
        return {node.id: place for place, node in enumerate(self.nodes)}

    def of_type(self, *edge_types: str) -> Iterator[Edge]:
        """Yield the edges of the given types, in order."""
        return (edge for edge in self.edges if edge.edge_type in edge_types)

    def on(self, day: date) -> Network:
        """Return the network as it was known on a day: without firms and edges of another time.

        A vehicle whose parent is not known yet stands alone.
        """
        held = tuple(node for node in self.nodes if _holds(node.valid_from, None, day))
        known = {node.id for node in held}
        nodes = tuple(node if node.parent in known else replace(node, parent="") for node in held)
        edges = tuple(
            edge
            for edge in self.edges
            if _holds(edge.valid_from, edge.valid_until, day) and {edge.first, edge.second} <= known
        )
        return replace(self, nodes=nodes, edges=edges)


def _holds(first: date | None, end: date | None, day: date) -> bool:
    return (first is None or first <= day) and (end is None or day < end)
