"""Links: the order that they are evaluated in, and the levels that they give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.market.market_folders import add_rows, problems_of

from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import linked_level, order_links
from stresstest.market.loading import load_market
from stresstest.market.snapshot import FactorLink


def spot(name: str) -> RiskFactorKey:
    return RiskFactorKey("spot", name)


def follows(target: str, *sources: str) -> FactorLink:
    return FactorLink(spot(target), betas=tuple((spot(source), 1.0) for source in sources))


RATE, SPREAD = RiskFactorKey("zero_rate", "USD", "5Y"), RiskFactorKey("credit_spread", "US_B")
FUND = FactorLink(
    spot("FUND"), ((spot("A"), 0.5), (spot("B"), 0.3)), ((spot("C"), 1.5),), ((RATE, 4.5), (SPREAD, 2.0))
)
BASE = {spot("FUND"): 77.77, spot("A"): 187.62, spot("B"): 3.3, spot("C"): 41.0, RATE: 0.0372, SPREAD: 0.03}


def test_sources_come_before_targets() -> None:
    links = [follows("D", "C"), follows("C", "B", "A"), follows("B", "A"), follows("Z", "Y")]
    assert [link.target.name for link in order_links(links)] == ["B", "C", "D", "Z"]


def test_links_that_need_no_other_order_keep_theirs() -> None:
    links = [follows(name, "A") for name in ("Q", "B", "P")]
    assert list(order_links(links)) == links


def test_a_long_chain_needs_no_deep_stack() -> None:
    links = [follows(f"N{number + 1}", f"N{number}") for number in range(5000)]
    ordered = order_links(reversed(links))
    assert list(ordered) == links


@pytest.mark.parametrize(
    ("links", "paths"),
    [
        ([follows("A", "A")], ["spot/A → spot/A"]),
        ([follows("X", "A"), follows("A", "B"), follows("B", "A")], ["spot/A → spot/B → spot/A"]),
        (
            [follows("A", "B"), follows("B", "A"), follows("C", "D"), follows("D", "C"), follows("E", "A")],
            ["spot/A → spot/B → spot/A", "spot/C → spot/D → spot/C"],
        ),
    ],
)
def test_each_cycle_is_named_once(links: list[FactorLink], paths: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        order_links(links)
    assert [problem.got.removeprefix("links in a cycle: ") for problem in caught.value.problems] == paths
    assert {problem.code for problem in caught.value.problems} == {"ST211"}


def test_two_links_of_one_target_are_refused() -> None:
    with pytest.raises(InputError, match="two links of spot/A"):
        order_links([follows("A", "B"), follows("A", "C")])


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_any_links_without_a_cycle_come_out_in_order(edges: list[tuple[int, int]]) -> None:
    sources: dict[int, list[str]] = {}
    for one, other in edges:
        if one != other:
            sources.setdefault(max(one, other), []).append(f"N{min(one, other)}")
    links = [follows(f"N{target}", *names) for target, names in sources.items()]
    ordered = order_links(links)
    assert sorted(map(str, ordered)) == sorted(map(str, links))
    seen: set[RiskFactorKey] = set()
    targets = {link.target for link in links}
    for link in ordered:
        assert all(source in seen or source not in targets for source in link.sources())
        seen.add(link.target)


def test_without_a_move_the_level_is_the_base_to_the_last_bit() -> None:
    assert linked_level(FUND, BASE, {}) == BASE[FUND.target]
    assert linked_level(FUND, BASE, BASE) == BASE[FUND.target]
    still = {key: np.full(5, level) for key, level in BASE.items()}
    assert (linked_level(FUND, BASE, still) == BASE[FUND.target]).all()


def test_each_kind_of_term_moves_the_level_as_documented() -> None:
    base = BASE[FUND.target]
    assert linked_level(FUND, BASE, {spot("A"): BASE[spot("A")] * 0.6}) == pytest.approx(
        base * 0.8, rel=1e-15
    )
    assert linked_level(FUND, BASE, {spot("C"): 41.0 * 0.81}) == pytest.approx(base * 0.729, rel=1e-15)
    assert linked_level(FUND, BASE, {RATE: 0.0472}) == pytest.approx(base * np.exp(-0.045), rel=1e-14)
    both = linked_level(FUND, BASE, {SPREAD: 0.05, spot("B"): 3.3 * 2})
    assert both == pytest.approx(base * 1.3 * np.exp(-0.04), rel=1e-14)


def test_a_source_not_named_gives_the_bits_of_one_at_its_base() -> None:
    moved = {spot("A"): np.array([150.0, 200.0]), RATE: np.array([0.05, 0.0372])}
    named = {**{key: np.full(2, level) for key, level in BASE.items()}, **moved}
    assert linked_level(FUND, BASE, moved).tobytes() == linked_level(FUND, BASE, named).tobytes()


def test_a_column_does_not_depend_on_its_neighbours_nor_on_blocks() -> None:
    generator = np.random.default_rng(7)
    levels = {key: level * generator.uniform(0.3, 2.0, 2500) for key, level in BASE.items()}
    together = linked_level(FUND, BASE, levels)
    assert not together.flags.writeable
    for column in (0, 1, 1023, 1024, 2047, 2048, 2499):
        alone = linked_level(FUND, BASE, {key: float(row[column]) for key, row in levels.items()})
        assert isinstance(alone, float)
        assert alone == together[column]


def test_a_ratio_that_has_no_logarithm_is_not_a_number() -> None:
    assert np.isnan(linked_level(FUND, BASE, {spot("C"): -1.0}))
    assert linked_level(FUND, BASE, {spot("C"): 0.0}) == 0.0
    assert np.isnan(linked_level(FUND, BASE, {RATE: float("nan")}))


def test_a_price_that_may_be_negative_moves_in_proportion_only_from_a_positive_base(tmp_path: Path) -> None:
    levels = "power_price/HUB/1Y,{},2025-03-31,documented,made_up,"
    row = "power_price/HUB/1Y,beta,spot/ACME,0.5,2025-03-31,documented,made_up,"
    good = add_rows(tmp_path, "levels.csv", levels.format("42"))
    with (good / "exposures.csv").open("a", encoding="utf-8") as table:
        table.write(f"{row}\n")
    assert RiskFactorKey("power_price", "HUB", "1Y") in {link.target for link in load_market(good).links}
    text = (good / "levels.csv").read_text(encoding="utf-8")
    (good / "levels.csv").write_text(text.replace(levels.format("42"), levels.format("-3")), encoding="utf-8")
    (problem,) = problems_of(good)
    assert (problem.code, problem.got) == ("ST212", "level -3 of power_price/HUB/1Y")
