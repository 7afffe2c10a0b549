"""Circles of money: each firm finances or buys from the next and the last one from the first; by strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import isnan
from typing import NamedTuple

import networkx as nx

from stresstest.networks.exposures import FUNDING_TYPES, Exposure
from stresstest.networks.model import STATUSES

LONGEST = 6
"""Firms of the longest circle that is looked for: in longer ones the money of the first hardly arrives."""


class Link(NamedTuple):
    """Everything by which one firm finances another, or everything by which it is its revenue.

    Attributes
    ----------
    share
        Part of what the second firm lives on, in [0, 1].
    exposures
        The edges that make it up.
    """

    first: str
    second: str
    share: float
    exposures: tuple[Exposure, ...]

    @property
    def finances(self) -> bool:
        """Tell whether the first firm finances the second rather than being its revenue."""
        return any(exposure.edge.edge_type in FUNDING_TYPES for exposure in self.exposures)

    @property
    def status(self) -> str:
        """Return the loosest status of the edges: less is not firm of the whole share."""
        return max((exposure.edge.status for exposure in self.exposures), key=STATUSES.index)


class Circle(NamedTuple):
    """A circle of firms; link n goes from firm n to the next, the last link back to the first firm.

    It begins with a link that finances where there is one, and among these with the first firm by name.
    """

    firms: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def strength(self) -> float:
        """Return the smallest share along the circle: so much of a stop is felt by every firm of it."""
        return min(link.share for link in self.links)

    @property
    def status(self) -> str:
        """Return the loosest status along the circle."""
        return max((link.status for link in self.links), key=STATUSES.index)


class Circles(NamedTuple):
    """The strongest circles, whether there are more, and the groups of firms that circles connect."""

    found: tuple[Circle, ...]
    more: bool
    groups: tuple[tuple[str, ...], ...]


def links_of(exposures: Iterable[Exposure]) -> tuple[Link, ...]:
    """Return one link for each ordered pair of firms, the strongest first.

    What finances and what is revenue are parts of different wholes: each is added up by itself, and the
    larger one is the link. Edges whose share is unknown are in none.
    """
    known = [exposure for exposure in exposures if not isnan(exposure.share)]
    sides: dict[tuple[str, str, bool], list[Exposure]] = {}
    for exposure in known:
        edge = exposure.edge
        sides.setdefault((edge.first, edge.second, edge.edge_type in FUNDING_TYPES), []).append(exposure)
    links: dict[tuple[str, str], Link] = {}
    for (first, second, _), parts in sides.items():
        link = Link(first, second, min(sum(part.share for part in parts), 1.0), tuple(parts))
        if (first, second) not in links or link.share > links[first, second].share:
            links[first, second] = link
    return tuple(sorted(links.values(), key=lambda link: (-link.share, link.first, link.second)))


def circles_of(links: Sequence[Link], most: int = 10, longest: int = LONGEST) -> Circles:
    """Return the strongest simple circles, at most `most` of at most `longest` firms.

    Links join a graph, the strongest first. What a link closes when it joins has it as its weakest link, so
    circles come in the order of their strength and the search may stop at any number of them (simple paths
    back from its second firm to its first, the shortest first: J. Y. Yen, Management Science 17 (1971) 712).
    Equally strong ones come by number of firms, then by name; of more such than are asked for, those that the
    first links by name close are kept. The order of a file does not matter.

    Parameters
    ----------
    links
        At most one for each ordered pair of firms.

    Examples
    --------
    >>> links = [Link("A", "B", 0.5, ()), Link("B", "A", 0.2, ()), Link("A", "C", 1.0, ())]
    >>> [(circle.firms, circle.strength) for circle in circles_of(links).found]
    [(('A', 'B'), 0.2)]
    """
    by_pair = {(link.first, link.second): link for link in links}
    ordered = sorted(links, key=lambda link: (-link.share, link.first, link.second))
    found: list[Circle] = []
    graph = nx.DiGraph()
    for link in ordered:
        found += _closed_by(link, graph, by_pair, (most + 1 - len(found), longest))
        graph.add_edge(link.first, link.second)
        if len(found) > most:
            break
    strongest = sorted(found[:most], key=lambda one: (-one.strength, len(one.firms), one.firms))
    return Circles(tuple(strongest), len(found) > most, _groups(ordered))


def _closed_by(
    link: Link, graph: nx.DiGraph, by_pair: dict[tuple[str, str], Link], bounds: tuple[int, int]
) -> Iterator[Circle]:
    """Yield the circles that a link closes with those before it, the shortest first.

    Bounds are the number of circles and of firms in one.
    """
    most, longest = bounds
    if not (graph.has_node(link.second) and graph.has_node(link.first)):
        return
    if not nx.has_path(graph, link.second, link.first):
        return
    for number, path in enumerate(nx.shortest_simple_paths(graph, link.second, link.first)):
        if len(path) > longest or number >= most:
            return
        links = [by_pair[pair] for pair in pairwise((*path, path[0]))]
        start = min(range(len(path)), key=lambda place: (not links[place].finances, path[place]))
        yield Circle((*path[start:], *path[:start]), (*links[start:], *links[:start]))


def _groups(links: Sequence[Link]) -> tuple[tuple[str, ...], ...]:
    """Return the largest sets of firms each of which reaches every other, the largest first."""
    graph = nx.DiGraph((link.first, link.second) for link in links)
    parts = (tuple(sorted(part)) for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))
