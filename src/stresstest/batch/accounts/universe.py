"""A finite universe of distinct instruments, each valid and priced in one market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from stresstest.arrays import FloatArray, frozen
from stresstest.batch.accounts.draws import Draws
from stresstest.batch.accounts.offer import Offer
from stresstest.batch.accounts.recipes import RECIPES, Recipe
from stresstest.batch.accounts.share_terms import Terms
from stresstest.io.spec_values import Values
from stresstest.market.snapshot import MarketSnapshot

_TRIES = 300
"""Draws in a row that give nothing new before a type is taken to have no more distinct instruments."""


@dataclass(frozen=True, slots=True)
class Universe:
    """Distinct instruments in the order of their types.

    Attributes
    ----------
    tags, terms
        Type and contract terms of each `(n_instruments,)`, the terms as a document writes them.
    size
        Quantity of a position of ordinary size, above 0 `(n_instruments,)`.
    """

    tags: tuple[str, ...]
    terms: tuple[Values, ...]
    size: FloatArray

    def __len__(self) -> int:
        return len(self.tags)


def draw_universe(market: MarketSnapshot, size: int, draws: Draws) -> Universe:
    """Return at most `size` distinct instruments of every type that `market` can value.

    What types with few distinct instruments leave (there are five currencies to hold) goes to the others, in
    proportion. The universe is smaller than `size` only where no type has more.

    Raises
    ------
    ValueError
        `size` is too small for one instrument of each type.
    """
    offer = Offer(market)
    recipes = {
        tag: recipe for tag, recipe in RECIPES.items() if all(getattr(offer, need) for need in recipe.needs)
    }
    if size < len(recipes):
        raise ValueError(f"a universe of {size} instruments is too small for {len(recipes)} types")
    drawer = _Drawer(draws, offer)
    found: dict[str, _Found] = {tag: {} for tag in recipes}
    for tag, recipe in recipes.items():
        drawer.grow(found[tag], recipe, 1)
    growing = dict(recipes)
    while growing and (left := size - _count(found)) > 0:
        total = sum(recipe.part for recipe in growing.values())
        for tag, recipe in list(growing.items()):
            share = max(1, int(left * recipe.part / total))
            goal = len(found[tag]) + min(share, size - _count(found))
            if not drawer.grow(found[tag], recipe, goal):
                del growing[tag]
    rows = [(tag, *item) for tag, items in found.items() for item in items.values()]
    return Universe(
        tuple(tag for tag, _, _ in rows),
        tuple(terms for _, terms, _ in rows),
        frozen([quantity for _, _, quantity in rows]),
    )


_Found: TypeAlias = dict[str, Terms]
"""Terms and quantity by what tells terms apart."""


def _count(found: Mapping[str, _Found]) -> int:
    return sum(map(len, found.values()))


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Draws terms that are not there yet."""

    draws: Draws
    offer: Offer

    def grow(self, found: _Found, recipe: Recipe, goal: int) -> bool:
        """Add terms until there are `goal`, or the most of the type; tell whether it has more than these."""
        goal, tries = min(goal, recipe.most), 0
        while len(found) < goal and tries < _TRIES:
            terms, quantity = recipe.draw(self.draws, self.offer)
            tries = tries + 1 if found.setdefault(repr(terms), (terms, quantity))[0] is not terms else 0
        return len(found) == goal < recipe.most
