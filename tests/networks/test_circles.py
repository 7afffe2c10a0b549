from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.networks.graphs import DAY, edge, network, node

from stresstest.networks.circles import LONGEST, Link, circles_of, links_of
from stresstest.networks.exposures import exposures_of
from stresstest.networks.reading import load_network
from stresstest.networks.selection import selected

_Circle = tuple[float, int, frozenset[tuple[str, str]]]


def links(**shares: float) -> list[Link]:
    return [Link(ends[0], ends[1], share, ()) for ends, share in shares.items()]


def every_circle(graph: list[Link], longest: int) -> list[_Circle]:
    """Return every circle by trying every order of every set of firms; the strongest first."""
    share = {(link.first, link.second): link.share for link in graph}
    firms = sorted({firm for pair in share for firm in pair})
    found = []
    for length in range(2, min(longest, len(firms)) + 1):
        for some in itertools.combinations(firms, length):
            for rest in itertools.permutations(some[1:]):
                order = (some[0], *rest)
                pairs = list(zip(order, (*rest, some[0]), strict=True))
                if all(pair in share for pair in pairs):
                    found.append((min(share[pair] for pair in pairs), length, frozenset(pairs)))
    return sorted(found, key=lambda circle: -circle[0])


def as_found(graph: list[Link], most: int, longest: int = LONGEST) -> list[_Circle]:
    return [
        (circle.strength, len(circle.firms), frozenset((link.first, link.second) for link in circle.links))
        for circle in circles_of(graph, most, longest).found
    ]


def test_a_circle_is_as_strong_as_its_smallest_share() -> None:
    (circle,) = circles_of(links(AB=0.5, BC=0.4, CA=0.3, CD=0.9)).found
    assert circle.firms == ("A", "B", "C")
    assert circle.strength == 0.3
    assert [(link.first, link.second) for link in circle.links] == [("A", "B"), ("B", "C"), ("C", "A")]


def test_the_strongest_come_first_and_of_equals_the_shortest() -> None:
    found = circles_of(links(AB=0.5, BA=0.2, BC=0.5, CA=0.5, CB=0.2)).found
    assert [(circle.firms, circle.strength) for circle in found] == [
        (("A", "B", "C"), 0.5),
        (("A", "B"), 0.2),
        (("B", "C"), 0.2),
    ]


def test_it_says_whether_there_are_more() -> None:
    graph = links(AB=0.5, BA=0.2, BC=0.5, CA=0.5, CB=0.2)
    assert [circles_of(graph, most).more for most in (0, 2, 3, 4)] == [True, True, False, False]
    assert circles_of(links(AB=0.5, BC=0.5)) == ((), False, ())


def test_groups_are_what_circles_of_any_length_connect() -> None:
    ring = [Link(str(n), str((n + 1) % 9), 0.5, ()) for n in range(9)]
    found = circles_of([*ring, *links(AB=0.1, BA=0.1, CA=0.3)])
    assert [len(circle.firms) for circle in found.found] == [2]
    assert found.groups == (tuple("012345678"), ("A", "B"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 6), st.integers(2, 6))
def test_all_are_found_in_order_as_trying_every_order_finds_them(
    seed: int, n_firms: int, longest: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - a test's draw
    pairs = list(itertools.permutations("ABCDEF"[:n_firms], 2))
    # Few values: ties are frequent.
    graph = [Link(*pair, draw.choice([0.1, 0.2, 0.3, 0.4]), ()) for pair in pairs if draw.random() < 0.6]
    expected = every_circle(graph, longest)
    found = as_found(graph, 10_000, longest)
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert [circle[0] for circle in found] == [circle[0] for circle in expected]
    some = as_found(graph, 5, longest)
    assert [circle[0] for circle in some] == [circle[0] for circle in expected[:5]]
    draw.shuffle(graph)
    assert [circle.firms for circle in circles_of(graph, 10_000, longest).found] == [
        circle.firms for circle in circles_of(sorted(graph), 10_000, longest).found
    ]


def test_what_finances_and_what_is_revenue_are_not_added_up() -> None:
    firms = [node("A", equity=100.0, revenue=10.0), node("B", equity=100.0, revenue=10.0)]
    edges = [
        edge("A>B", "equity_stake", 10.0),
        edge("A>B", "term_loan", 5.0, status="committed", drawn=5.0),
        edge("A>B", "revenue_dependence", per_year=1.4),
        edge("B>A", "revenue_dependence", per_year=2.0),
        edge("B>A", "equity_stake", 15.0),
    ]
    first, second = links_of(exposures_of(network(firms, edges), DAY))
    assert (first.first, first.share, first.finances, first.status) == ("B", 0.2, False, "funded")
    assert second.share == pytest.approx(0.15)
    assert second.finances
    assert second.status == "committed"
    (circle,) = circles_of([first, second]).found
    assert circle.firms == ("A", "B"), "it begins with what finances"
    assert circle.status == "committed"


def test_a_large_network_of_equal_links_gives_some_at_once() -> None:
    draw = random.Random(6)  # noqa: S311
    names = [f"F{n}" for n in range(2_000)]
    pairs = {(first, second) for first in names for second in draw.sample(names, 15) if first != second}
    found = circles_of([Link(*pair, 1.0, ()) for pair in sorted(pairs)], 10)
    assert found.more
    assert [circle.strength for circle in found.found] == [1.0] * 10


def test_a_large_network_gives_its_strongest_at_once() -> None:
    draw = random.Random(5)  # noqa: S311
    names = [f"F{n}" for n in range(400)]
    graph = [
        Link(first, second, draw.random(), ())
        for first in names
        for second in draw.sample(names, 20)
        if first != second
    ]
    found = circles_of(graph, 10)
    assert found.more
    strengths = [circle.strength for circle in found.found]
    assert strengths == sorted(strengths, reverse=True)
    assert len(found.groups[0]) > 390


def test_the_circles_of_the_article_are_in_the_shipped_network() -> None:
    shipped = load_network("ai_circular_financing")
    day = shipped.as_of
    found = circles_of(links_of(exposures_of(selected(shipped, day), day)), 20).found
    by_firms = {circle.firms: circle for circle in found}
    known = by_firms["NVDA", "OPENAI", "ORCL"]
    # 100bn on top of 500bn; 300bn over five years on top of 57.4bn; 12bn of 165bn.
    assert [link.share for link in known.links] == pytest.approx([100 / 600, 0.511, 12 / 165], abs=1e-3)
    assert known.status == "letter_of_intent"
