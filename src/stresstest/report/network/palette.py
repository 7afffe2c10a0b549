"""Colours and lines of drawings: palette of Okabe and Ito (2008), which colour-blind readers tell apart."""

from __future__ import annotations

from stresstest.networks.exposures import FUNDING_TYPES, REVENUE_TYPES

INK, ASIDE, FAINT, PAPER = "#1a1a1a", "#595959", "#d9d9d9", "#ffffff"
"""Text, smaller text, rules, background."""

BAND = "#f4f4f1"
"""Behind the firms of one role."""

KINDS = {
    "public": ("#a9cfe8", "listed"),
    "private": ("#f6e27a", "private"),
    "spv": ("#e8b9d3", "vehicle"),
    "aggregate": ("#cfcfcf", "many as one"),
}
"""Fill and word of each kind of firm: tints of sky blue, yellow, reddish purple and grey."""

FAMILIES = {
    "money": ("#0072b2", "stakes, commitments, loans"),
    "orders": ("#d55e00", "orders, leases, revenue shares"),
    "pledges": ("#7a3b78", "pledges and guarantees"),
    "holdings": ("#8c8c8c", "positions of institutions"),
}
"""Colour and words of each family of edges."""

LINES = {
    "funded": ("solid", "funded"),
    "committed": ((0, (5.0, 2.2)), "committed or under contract"),
    "contract": ((0, (5.0, 2.2)), "committed or under contract"),
    "conditional": ((0, (6.0, 2.0, 1.2, 2.0)), "conditional"),
    "letter_of_intent": ((0, (1.2, 1.8)), "letter of intent, claim"),
    "article_claim": ((0, (1.2, 1.8)), "letter of intent, claim"),
}
"""Dashes and words of each status."""

ROLES = {
    "financier": "Financiers",
    "builder": "Builders",
    "lab": "Labs",
    "spender": "Spenders",
    "supplier": "Suppliers",
    "institution": "Holders",
}
"""Bands from the top: money comes down to the suppliers, whose own money goes up again."""

_BLACK = "#020202"
"""Within a firm; black itself is what a page may put its own ink for."""

LOSSES = ("#ffffff", "#fde0c5", "#f5a673", "#d5541f", "#7f1d00")
"""From no loss to all lost; each step is darker."""


def family_of(edge_type: str) -> str:
    """Return the family of a type of edge, one of `FAMILIES`."""
    if edge_type in ("collateral", "capacity_backstop", "warrant"):
        return "pledges"
    if edge_type in REVENUE_TYPES:
        return "orders"
    return "money" if edge_type in FUNDING_TYPES else "holdings"


def mixed(colour: str, other: str, part: float) -> str:
    """Return a colour with a part, in [0, 1], of another one in it.

    Examples
    --------
    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + part * (wanted - own)):02x}" for own, wanted in pairs)


def loss_colour(loss: float) -> str:
    """Return the colour of a relative loss; a gain is white, everything lost the darkest."""
    steps = len(LOSSES) - 1
    at = min(max(loss, 0.0), 1.0) * steps
    low = min(int(at), steps - 1)
    return mixed(LOSSES[low], LOSSES[low + 1], at - low)


def ink_on(fill: str) -> str:
    """Return all but black, or white, whichever stands out more: by 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""
    linear = [_linear(channel / 255.0) for channel in _channels(fill)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return _BLACK if (light + 0.05) ** 2 >= 1.05 * 0.0506 else PAPER


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
