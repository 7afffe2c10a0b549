from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.scenarios.markets import issuer, key, small_market, with_levels

from stresstest.market.snapshot import FactorLink
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.selectors import Selector, no_match, select, unmatched_values

DIRECTORY = FactorDirectory(small_market())


def reached(kind: str, directory: FactorDirectory = DIRECTORY, **terms: str | list[str]) -> dict[str, float]:
    found = select(Selector.of(**terms), kind, directory)
    return {str(factor): exposure for factor, exposure in found.items()}


def unknown(kind: str, **terms: str | list[str]) -> list[tuple[str, str, str]]:
    found = unmatched_values(Selector.of(**terms), kind, DIRECTORY)
    return [(attribute, problem.got, problem.suggestion) for attribute, problem in found]


@pytest.mark.parametrize(
    ("kind", "terms", "expected"),
    [
        ("spot", {"issuer": "NVDA"}, {"spot/NVDA": 1.0}),
        ("spot", {"issuer": ["KO", "NVDA"]}, {"spot/NVDA": 1.0, "spot/KO": 1.0}),
        ("spot", {"theme": "ai_accelerators"}, {"spot/NVDA": 1.0, "spot/AMD": 0.5}),
        ("spot", {"sector": "information_technology", "region": "US"}, {"spot/NVDA": 1.0, "spot/AMD": 1.0}),
        ("spot", {"theme": "ai_accelerators", "issuer": "AMD"}, {"spot/AMD": 0.5}),
        ("spot", {"currency": "EUR"}, {"spot/SAP": 1.0}),
        ("spot", {"survivor_tier": "perhaps"}, {"spot/NVDA": 1.0}),
        ("implied_vol", {"issuer": "NVDA", "tenor": "1M"}, {"implied_vol/NVDA/1M": 1.0}),
        ("implied_vol", {"tenor": "12M"}, {"implied_vol/NVDA/1Y": 1.0}),
        ("credit_spread", {"rating": "AA"}, {"credit_spread/NVDA": 1.0}),
        ("credit_spread", {"rating": "A"}, {"credit_spread/AMD": 1.0, "credit_spread/KO": 1.0}),
        ("credit_spread", {"rating": "A+"}, {"credit_spread/KO": 1.0}),
        ("credit_spread", {"rating": "B"}, {"credit_spread/US_B": 1.0}),
        ("zero_rate", {"curve": "EUR"}, {"zero_rate/EUR/1Y": 1.0, "zero_rate/EUR/10Y": 1.0}),
        (
            "zero_rate",
            {"currency": "USD", "tenor": ["5Y", "10Y"]},
            {"zero_rate/USD/5Y": 1.0, "zero_rate/USD/10Y": 1.0},
        ),
        ("fx_spot", {"currency": "EUR"}, {"fx_spot/EURUSD": 1.0}),
        ("fx_spot", {"name": "EURUSD"}, {"fx_spot/EURUSD": 1.0}),
        ("rental_rate", {"name": "H100"}, {"rental_rate/H100": 1.0}),
    ],
)
def test_factors_are_chosen_by_attribute(kind: str, terms: dict, expected: dict[str, float]) -> None:
    assert reached(kind, **terms) == expected


def test_the_largest_exposure_counts_among_several_themes() -> None:
    market = small_market()
    both = issuer("AMD", {"ai_accelerators": 0.5, "ai_cloud": 0.75})
    directory = FactorDirectory(replace(market, issuers={**market.issuers, "AMD": both}))
    assert reached("spot", directory, theme=["ai_cloud", "ai_accelerators"]) == {
        "spot/NVDA": 1.0,
        "spot/AMD": 0.75,
    }


def test_an_exposure_of_zero_is_no_exposure() -> None:
    assert reached("spot", theme="software") == {}


def test_a_curve_and_an_issuer_of_one_name_are_kept_apart() -> None:
    market = small_market()
    directory = FactorDirectory(
        replace(market, issuers={**market.issuers, "USD": issuer("USD", sector="financials")})
    )
    assert reached("zero_rate", directory, sector="financials") == {}
    assert len(reached("zero_rate", directory, curve="USD")) == 4


@pytest.mark.parametrize("terms", [{"region": "US"}, {"currency": "USD"}])
def test_broad_attributes_pass_over_what_moves_through_a_link(terms: dict[str, str]) -> None:
    assert "spot/SPY" not in reached("spot", **terms)


@pytest.mark.parametrize("terms", [{"issuer": "SPY"}, {"name": "SPY"}, {"issuer": "SPY", "region": "US"}])
def test_a_line_that_names_a_linked_factor_reaches_it(terms: dict[str, str]) -> None:
    assert reached("spot", **terms) == {"spot/SPY": 1.0}


def test_a_private_factor_goes_with_its_public_name() -> None:
    directory = FactorDirectory(with_levels(small_market(), {"credit_spread/AMD#note": 0.02}))
    both = {"credit_spread/AMD": 1.0, "credit_spread/AMD#note": 1.0}
    assert reached("credit_spread", directory, issuer="AMD") == both
    assert reached("credit_spread", directory, name="AMD") == both
    assert reached("credit_spread", directory, theme="ai_accelerators") == {
        "credit_spread/NVDA": 1.0,
        "credit_spread/AMD": 0.5,
        "credit_spread/AMD#note": 0.5,
    }
    assert reached("credit_spread", directory, name="AMD#note") == {"credit_spread/AMD#note": 1.0}


def test_a_private_issuer_adds_attributes_of_its_own() -> None:
    market = with_levels(small_market(), {"credit_spread/AMD#note": 0.02})
    private = issuer("AMD#note", {"private_credit": 1.0}, rating="CCC")
    directory = FactorDirectory(replace(market, issuers={**market.issuers, "AMD#note": private}))
    assert reached("credit_spread", directory, rating="CCC") == {"credit_spread/AMD#note": 1.0}
    assert reached("credit_spread", directory, theme="private_credit") == {"credit_spread/AMD#note": 1.0}
    assert reached("credit_spread", directory, issuer="AMD#note") == {"credit_spread/AMD#note": 1.0}
    assert "credit_spread/AMD#note" in reached("credit_spread", directory, issuer="AMD")
    assert "credit_spread/AMD#note" not in reached("credit_spread", directory, rating="A")


def test_a_private_copy_of_a_linked_factor_moves_through_the_link_too() -> None:
    market = with_levels(small_market(), {"spot/SPY#fund": 600.0})
    directory = FactorDirectory(market)
    assert key("spot/SPY#fund") in directory.linked
    assert "spot/SPY#fund" not in reached("spot", directory, region="US")
    assert "spot/SPY#fund" in reached("spot", directory, issuer="SPY")
    own = FactorLink(key("spot/SPY#fund"), betas=((key("spot/KO"), 1.0),))
    links = FactorDirectory(replace(market, links=(*market.links, own))).links
    assert [str(link.target) for link in links] == ["spot/SPY", "spot/SPY#fund"]
    assert links[1] == own


ORDER = [
    {"issuer": "NVDA"},
    {"theme": "ai_accelerators"},
    {"industry": "semiconductors"},
    {"survivor_tier": "perhaps"},
    {"rating": "AA-"},
    {"sector": "information_technology"},
    {"region": "US"},
    {"curve": "USD"},
    {"currency": "USD"},
    {"tenor": "1M"},
]


@pytest.mark.parametrize(("more", "less"), list(pairwise(ORDER)))
def test_attributes_have_an_order_of_specificity(more: dict[str, str], less: dict[str, str]) -> None:
    weaker = {**less, "currency": "USD", "tenor": "1M"}
    assert Selector.of(**more).specificity > Selector.of(**less).specificity
    if "currency" not in more and "tenor" not in more:
        assert Selector.of(**more).specificity > Selector.of(**weaker).specificity


def test_names_rank_as_issuers_and_more_attributes_beat_fewer() -> None:
    assert Selector.of(name="NVDA").specificity == Selector.of(issuer="NVDA").specificity
    assert Selector.of(theme="x", region="US").specificity > Selector.of(theme="x").specificity
    assert Selector.of(theme="x").specificity > Selector.of(region="US", sector="y").specificity


def test_a_tenor_breaks_a_tie_within_a_curve() -> None:
    narrow, wide = Selector.of(curve="USD", tenor="5Y"), Selector.of(curve="USD", currency="USD")
    assert narrow.specificity > wide.specificity > Selector.of(curve="USD").specificity


def test_the_name_of_a_private_factor_beats_all() -> None:
    private = key("spot/NVDA#fund")
    own, public = Selector.of(name="NVDA#fund"), Selector.of(issuer="NVDA", theme="x", region="US")
    assert own.private_specificity(private) > public.private_specificity(private)
    assert public.private_specificity(private) == public.specificity


def test_words_for_a_selector() -> None:
    assert Selector.of(region="US", issuer=["A", "B"]).text() == "issuer A or B, region US"


@pytest.mark.parametrize(
    ("terms", "message"),
    [({"colour": "red"}, "attribute 'colour'"), ({}, "no attribute"), ({"theme": []}, "without a value")],
)
def test_a_selector_of_nothing_known_is_refused(terms: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Selector.of(**terms)


@pytest.mark.parametrize(
    ("kind", "terms", "expected"),
    [
        ("spot", {"theme": "ai_acelerators"}, [("theme", "theme 'ai_acelerators'", "ai_accelerators")]),
        ("spot", {"issuer": ["NVDA", "AMDD"]}, [("issuer", "issuer 'AMDD'", "AMD")]),
        (
            "spot",
            {"theme": "staple", "region": "Europa"},
            [("theme", "theme 'staple'", "staples"), ("region", "region 'Europa'", "Europe")],
        ),
        ("zero_rate", {"curve": "USD", "tenor": "7Y"}, [("tenor", "tenor '7Y'", "1Y")]),
        ("zero_rate", {"curve": "USD", "tenor": "12M"}, []),
        ("zero_rate", {"theme": "staples"}, [("theme", "theme 'staples'", "")]),
        ("spot", {"theme": "staples", "region": "Europe"}, []),
    ],
)
def test_every_value_that_no_factor_has_is_named(kind: str, terms: dict, expected: list) -> None:
    found = unknown(kind, **terms)
    if expected and expected[0][0] == "tenor":
        assert [entry[:2] for entry in found] == [entry[:2] for entry in expected]
    else:
        assert found == expected


def test_a_short_list_of_values_is_shown_and_an_absent_attribute_explained() -> None:
    ((_, problem),) = unmatched_values(Selector.of(region="Asia"), "spot", DIRECTORY)
    assert problem.expected.endswith("of market small has: Europe, US")
    ((_, problem),) = unmatched_values(Selector.of(theme="staples"), "zero_rate", DIRECTORY)
    assert problem.expected.endswith("have: name, curve, currency, tenor")


def test_attributes_that_meet_nowhere_are_told_from_links() -> None:
    apart = no_match(Selector.of(theme="staples", region="Europe"), "spot", DIRECTORY)
    assert (apart.code, apart.got) == ("ST311", "no spot factor with theme staples, region Europe")
    market = small_market()
    fund = issuer("SPY", sector="broad")
    directory = FactorDirectory(replace(market, issuers={**market.issuers, "SPY": fund}))
    linked = no_match(Selector.of(sector="broad"), "spot", directory)
    assert linked.code == "ST312"
    assert "only SPY" in linked.got
