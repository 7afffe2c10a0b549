"""Attributes that positions are grouped by: the user's tags, the type, what the market knows of issuers."""

from __future__ import annotations

from stresstest.errors import InputError, Problem, nearest
from stresstest.market.snapshot import Issuer
from stresstest.revaluation.result import PortfolioResult

NONE = "(none)"
"""Group of the positions, or parts of positions, that have no value of the attribute."""

THROUGH = "through:"
"""Before an attribute of issuers: positions in funds are split by what the funds hold."""

_OWN = ("position", "type", "issuer", "currency", "theme")
_OF_POSITIONS = ("position", "type", "currency")


def attribute_names(result: PortfolioResult) -> tuple[str, ...]:
    """Return every attribute that the positions of `result` can be grouped by."""
    names = dict.fromkeys(_OWN)
    names.update(dict.fromkeys(result.held.portfolio.positions.tags))
    of_issuers = dict.fromkeys(name for name in _OWN if name not in _OF_POSITIONS)
    for row in dict.fromkeys(result.instrument.tolist()):
        issuer = result.book.issuer(row)
        of_issuers.update(dict.fromkeys(issuer.attributes if issuer else ()))
    return (*dict.fromkeys((*names, *of_issuers)), *(f"{THROUGH}{name}" for name in of_issuers))


def require_attribute(result: PortfolioResult, attribute: str, beside: tuple[str, ...] = ()) -> None:
    """Raise `InputError` when no position of `result` knows `attribute`; `beside` is known as well."""
    names = (*attribute_names(result), *beside)
    if attribute not in names:
        raise InputError(
            [
                Problem(
                    "ST262",
                    f"attribute {attribute!r} in portfolio {result.name!r}",
                    "one of " + ", ".join(names),
                    suggestion=nearest(attribute, names),
                )
            ]
        )


def memberships(result: PortfolioResult, attribute: str) -> list[list[tuple[str, float]]]:
    """Return for each position its groups with the share of the position that each takes; shares add to 1.

    A theme takes the issuer's exposure to it; exposures that add to more than 1 are scaled down to 1, what is
    left goes to `(none)`.
    """
    require_attribute(result, attribute)
    positions = result.held.portfolio.positions
    if attribute == "position":
        return [[(name, 1.0)] for name in positions.ids]
    if attribute in positions.tags:
        return [[(value or NONE, 1.0)] for value in positions.tags[attribute]]
    by_instrument = {
        row: _instrument_groups(result, row, attribute) for row in dict.fromkeys(result.instrument.tolist())
    }
    return [by_instrument[row] for row in result.instrument.tolist()]


def _instrument_groups(result: PortfolioResult, row: int, attribute: str) -> list[tuple[str, float]]:
    item = result.book.instruments[row]
    issuer = result.book.issuer(row)
    if attribute == "type":
        return [(item.tag, 1.0)]
    if attribute == "currency":
        return [(item.requirements.currency, 1.0)]
    return issuer_groups(issuer, attribute)


def issuer_groups(issuer: Issuer | None, attribute: str) -> list[tuple[str, float]]:
    """Return the groups of an issuer by an attribute, with the share of each; shares add to 1."""
    if issuer is None:
        return [(NONE, 1.0)]
    if attribute == "issuer":
        return [(issuer.id.split("#", 1)[0], 1.0)]
    if attribute == "theme":
        return _theme_shares(issuer)
    return [(issuer.attributes.get(attribute, NONE), 1.0)]


def _theme_shares(issuer: Issuer) -> list[tuple[str, float]]:
    exposed = [(theme, exposure) for theme, exposure in issuer.themes.items() if exposure > 0.0]
    total = sum(exposure for _, exposure in exposed)
    shares = [(theme, exposure / max(total, 1.0)) for theme, exposure in exposed]
    return shares if total >= 1.0 else [*shares, (NONE, 1.0 - total)]
