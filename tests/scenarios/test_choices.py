"""Choices of selectors: what `select` finds, once for all lines, private factors with a rank of their own."""

from __future__ import annotations

import pytest
from tests.scenarios.markets import key, small_market, with_levels

from stresstest.scenarios.choices import chosen
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.selectors import Selector, select


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("spot", {"region": "US"}),
        ("spot", {"theme": ["ai_accelerators", "staples"]}),
        ("spot", {"theme": "ai_accelerators", "region": "US"}),
        ("spot", {"issuer": ["KO", "NVDA"]}),
        ("zero_rate", {"curve": "USD", "tenor": ["5Y", "1Y"]}),
        ("spot", {"region": "Mars"}),
    ],
)
def test_a_choice_is_what_the_selector_finds_in_market_order(kind: str, terms: dict[str, str]) -> None:
    directory, selector = FactorDirectory(small_market()), Selector.of(**terms)
    choice, found = chosen(selector, kind, directory), select(selector, kind, directory)
    assert list(choice.factors.items()) == list(found.items())
    order = list(directory.market.levels)
    assert list(found) == sorted(found, key=order.index)
    assert [choice.terms[place][0] for place in choice.places] == list(found.values())
    assert choice.is_known is (terms != {"region": "Mars"})
    assert chosen(selector, kind, directory.at(dict(directory.market.levels))) is choice


def test_a_private_factor_that_is_named_ranks_above_the_public_one() -> None:
    market = with_levels(small_market(), {"spot/NVDA#hedge": 190.0})
    choice = chosen(Selector.of(name=["NVDA", "NVDA#hedge"]), "spot", FactorDirectory(market))
    ranks = {name: choice.terms[place][1] for name, place in zip(choice.factors, choice.places, strict=True)}
    assert ranks[key("spot/NVDA#hedge")] > ranks[key("spot/NVDA")]
