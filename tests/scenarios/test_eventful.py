"""Defaults, downgrades, dividend cuts and halts: which factors they move, and what that does to values."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from tests.fixtures.books import BOND, OPTION, instrument, portfolio, small_market

import stresstest as st
from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.event import Default, DividendCut, Downgrade, Event, Halt
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet, Shock, Step
from stresstest.scenarios.selectors import Selector


def key(text: str) -> RiskFactorKey:
    return RiskFactorKey.parse(text)


def market() -> MarketSnapshot:
    """Return the small market with a rated BOLT and indices of the buckets BB, B and CCC."""
    base = small_market()
    bolt = Issuer("BOLT", "Bolt", "equity", "USD", {"sector": "energy", "region": "US", "rating": "BB-"})
    indices = {
        f"US_{rating}": Issuer(f"US_{rating}", rating, "index", "USD", {"rating": rating})
        for rating in ("BB", "B", "CCC")
    }
    spreads = {"US_BB": 0.03, "US_B": 0.06, "US_CCC": 0.12}
    levels = {key(f"credit_spread/{name}"): level for name, level in spreads.items()}
    return replace(base, issuers={**base.issuers, "BOLT": bolt, **indices}, levels={**base.levels, **levels})


MARKET = market()
BOND_OF = {**BOND, "issuer": "BOLT"}
HELD = portfolio(
    [
        ("share", instrument("equity", issuer="BOLT"), 100.0),
        ("bond", instrument("fixed_bond", **BOND), 1_000.0),
        ("junior", instrument("fixed_bond", **BOND, seniority="subordinated"), 1_000.0),
        ("zero", instrument("zero_bond", issuer="BOLT", maturity=date(2029, 3, 15)), 1_000.0),
        ("index", instrument("fund", issuer="INDEX"), 10.0),
    ]
)


def event(what: Default | Downgrade | DividendCut | Halt, at: float = 1.0, **select: str) -> Event:
    return Event(Selector.of(**(select or {"issuer": "BOLT"})), what, at)


def scenario(*events: Event, shocks: tuple[Shock, ...] = (), **more: object) -> Scenario:
    return Scenario("events", shocks, "12m", events=events, **more)  # type: ignore[arg-type]


def compiled(item: Scenario, severity: float = 1.0) -> CompiledScenarios:
    set_ = ScenarioSet((item,))
    return compile_scenarios(set_, with_event_factors(MARKET, set_), severity)


def level(item: Scenario, factor: str, severity: float = 1.0) -> float:
    found = compiled(item, severity).columns
    row = found.moved.get(key(factor))
    return found.base[key(factor)] if row is None else float(row[1])


def values(item: Scenario, severity: float = 1.0) -> dict[str, tuple[float, float]]:
    stress = st.stress(HELD, ScenarioSet((item,)), MARKET, severity=severity)
    (held,) = stress.result.portfolios
    return dict(zip(held.position_ids, map(tuple, held.position_value.tolist()), strict=True))


DEFAULT = event(Default({"senior_unsecured": 0.35, "subordinated": 0.1}))


def test_a_default_leaves_shares_nothing_and_claims_their_recovery() -> None:
    found = values(scenario(DEFAULT))
    assert found["share"] == (4_500.0, 0.0)
    assert found["bond"][1] == 350.0
    assert found["junior"][1] == 100.0
    assert found["zero"][1] == 350.0
    assert found["index"][1] == pytest.approx(5_000.0 * 0.6)


def test_a_recovery_that_is_not_stated_is_the_conventional_one() -> None:
    found = values(scenario(event(Default())))
    assert (found["bond"][1], found["junior"][1]) == (400.0, 200.0)


def test_below_its_severity_nothing_happens_to_the_last_bit() -> None:
    calm = Scenario("calm", (Shock.of("spot", "-1%", issuer="ACME"),), "12m")
    plain = st.stress(HELD, ScenarioSet((calm,)), MARKET)
    base = plain.result.portfolios[0].position_value[:, 0].tolist()
    for severity in (0.0, 0.5, 0.99):
        found = values(scenario(DEFAULT), severity)
        assert [pair[0] for pair in found.values()] == base
        assert [pair[1] for pair in found.values()] == base
    early = scenario(replace(DEFAULT, at_severity=0.8))
    assert values(early, 0.8)["bond"][1] == 350.0
    assert values(early, 0.79)["bond"][1] != 350.0


def test_a_default_overrules_lines_and_says_so() -> None:
    item = scenario(DEFAULT, shocks=(Shock.of("spot", "-60%", sector="energy"),))
    effects = {(effect.line, str(effect.factor)): effect for effect in compiled(item).effects}
    assert effects[1, "spot/BOLT"].reason == "overruled by event 2"
    assert effects[2, "spot/BOLT"].reason == "default"
    assert effects[2, "spot/BOLT"].level == 0.0
    assert effects[2, "default_state/BOLT"].level == 1.0


def test_a_default_carries_its_notice_whether_it_happens_or_not() -> None:
    for severity in (0.5, 1.0):
        stress = st.stress(HELD, ScenarioSet((scenario(DEFAULT),)), MARKET, severity=severity)
        assert any(
            "hypothetical, not a forecast, not a statement on the issuer" in text
            for text in stress.result.warnings
        )


def test_options_on_a_defaulted_share_are_worth_their_strike_or_nothing() -> None:
    options = [
        (right, instrument("european_option", **{**OPTION, "right": right}), 1.0) for right in ("put", "call")
    ]
    item = scenario(event(Default(), issuer="ACME"))
    stress = st.stress(portfolio(options), ScenarioSet((item,)), MARKET)
    (held,) = stress.result.portfolios
    put, call = held.position_value[:, 1].tolist()
    assert call == 0.0
    years = (date(2026, 6, 19) - MARKET.as_of).days / 365
    assert put == pytest.approx(100.0 * 110.0 * pow(2.718281828459045, -0.036 * years), rel=1e-9)
    assert not held.failures


def test_a_downgrade_moves_the_spread_to_the_new_bucket_on_top_of_lines() -> None:
    assert level(scenario(event(Downgrade(1))), "credit_spread/BOLT") == pytest.approx(0.06)
    assert level(scenario(event(Downgrade(5))), "credit_spread/BOLT") == pytest.approx(0.12)
    wider = scenario(event(Downgrade(1)), shocks=(Shock.of("credit_spread", "+100bp", rating="BB"),))
    assert level(wider, "credit_spread/BOLT") == pytest.approx(0.07)
    assert level(wider, "credit_spread/US_BB") == pytest.approx(0.04)


def test_a_downgrade_never_tightens() -> None:
    """BOLT stands at 450bp, wider than its bucket; within the bucket nothing changes."""
    bolt = replace(MARKET.issuers["BOLT"], attributes={"rating": "BB+", "sector": "energy"})
    other = replace(MARKET, issuers={**MARKET.issuers, "BOLT": bolt})
    found = compile_scenarios(ScenarioSet((scenario(event(Downgrade(1))),)), other)
    assert key("credit_spread/BOLT") not in found.columns.moved


def test_a_dividend_cut_takes_its_part_of_the_yield() -> None:
    cut = event(DividendCut(0.5), issuer="ACME")
    assert level(scenario(cut), "dividend_yield/ACME") == pytest.approx(0.005)
    lower = scenario(cut, shocks=(Shock.of("dividend_yield", "-20bp", issuer="ACME"),))
    assert level(lower, "dividend_yield/ACME") == pytest.approx(0.004)


def test_a_halt_keeps_the_price_and_flags_it() -> None:
    item = scenario(event(Halt()), shocks=(Shock.of("spot", "-30%", issuer=["ACME", "BOLT"]),))
    found = compiled(item)
    assert level(item, "spot/BOLT") == 45.0
    assert level(item, "spot/ACME") == pytest.approx(84.0)
    assert any("BOLT halted: valued at the last price" in str(item) for item in found.warnings)
    assert {effect.reason for effect in found.effects if effect.line == 2} == {"halt"}


def test_events_select_by_what_an_issuer_is() -> None:
    item = scenario(event(Default(), rating="BB"))
    assert level(item, "spot/BOLT") == 0.0
    energy = scenario(event(Halt(), sector="energy"))
    assert {str(effect.factor) for effect in compiled(energy).effects} == {"spot/BOLT", "spot/EURO"}


def test_an_included_default_counts_alone() -> None:
    fall = Scenario("fall", (Shock.of("spot", "-50%", issuer="BOLT"),), "12m")
    for combine in ("compound", "worst_of_factor", "override"):
        both = Scenario(
            "both", (), "12m", combine=combine, include=(Include(scenario(DEFAULT)), Include(fall))
        )
        assert level(both, "spot/BOLT") == 0.0
        assert level(both, "default_state/BOLT") == 1.0
    half = Scenario("half", (), "12m", include=(Include(scenario(DEFAULT), 0.5),))
    assert level(half, "spot/BOLT") == 45.0


def test_on_a_path_a_defaulted_bond_pays_no_coupon_and_settles_at_maturity() -> None:
    short = {**BOND, "maturity": date(2026, 6, 1)}
    held = portfolio([("bond", instrument("fixed_bond", **short), 1_000.0)])
    steps = (Step.of("3m"), Step.of("12m"), Step.of("24m"))
    item = Scenario("path", (), "24m", timing="path", events=(DEFAULT,), steps=steps)
    stress = st.stress(held, ScenarioSet((item,)), MARKET)
    (found,) = stress.result.portfolios
    # Today, then each date aged and shocked; what is settled within a year earns interest in the next.
    assert found.value[1:6].tolist() == [350.0] * 5
    assert found.value[6:].tolist() == pytest.approx([350.0 * math.exp(0.036)] * 2, rel=2e-3)


def test_claims_of_a_book_without_the_default_are_warned_of() -> None:
    book = st.compile(HELD, MARKET)
    found = compile_scenarios(ScenarioSet((scenario(DEFAULT),)), book.market)
    assert any("claims on BOLT were compiled without its default" in str(item) for item in found.warnings)
    ready = st.compile(HELD, MARKET, ScenarioSet((scenario(DEFAULT),)))
    assert not [
        text
        for text in compile_scenarios(ScenarioSet((scenario(DEFAULT),)), ready.market).warnings
        if "compiled without" in str(text)
    ]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (event(Default(), theme="robots"), "ST338] an event that selects by theme"),
        (event(Default(), issuer="BALT"), "ST310] issuer 'BALT'"),
        (event(Default(), 0.0), "ST338] an event at a severity of 0%"),
        (event(Downgrade(1), issuer="QUIET"), "ST310] issuer 'QUIET'"),
        (event(Downgrade(12), issuer="BOLT"), "ST338] downgrade of BOLT from BB- to C"),
        (event(DividendCut(0.5), issuer="BOLT"), "ST310] issuer 'BOLT'"),
    ],
)
def test_what_cannot_happen(item: Event, words: str) -> None:
    with pytest.raises(InputError) as error:
        compiled(scenario(item))
    assert any(words in problem.format() for problem in error.value.problems), str(error.value)


def test_an_issuer_without_a_rating_is_not_downgraded() -> None:
    bolt = replace(MARKET.issuers["BOLT"], attributes={})
    other = replace(MARKET, issuers={**MARKET.issuers, "BOLT": bolt})
    with pytest.raises(InputError, match=r"ST338.*downgrade of BOLT, which has no rating"):
        compile_scenarios(ScenarioSet((scenario(event(Downgrade(1))),)), other)


def test_two_events_on_one_factor_are_refused() -> None:
    with pytest.raises(InputError, match=r"ST338.*two events move spot/BOLT"):
        compiled(scenario(DEFAULT, event(Halt())))


FILE = """\
version: 1
name: failure
horizon: 12m
events:
  - event: default
    select: {issuer: CRWV}
    recovery: {secured: 80%, senior_unsecured: 35%}
    at_severity: 80%
    basis: {class: judgement, analogue: none}
  - {event: downgrade, select: {issuer: ORCL}, notches: 3}
  - {event: dividend, select: {industry: banks}, cut: 50%, optional: true}
  - {event: halt, select: {issuer: [NVDA, AMD]}}
"""


def test_events_are_read_from_files() -> None:
    failure, downgrade, dividend, halt = parse_scenario(FILE, "f.yaml").events
    assert failure.what == Default({"secured": 0.8, "senior_unsecured": 0.35})
    assert failure.at_severity == 0.8
    assert failure.basis is not None
    assert failure.at("recovery.secured").line == 7
    assert failure.text() == (
        "issuer CRWV: default (recovery secured 80%, senior_unsecured 35%) from a severity of 80%"
    )
    assert downgrade.what == Downgrade(3)
    assert dividend.what == DividendCut(0.5)
    assert dividend.optional
    assert halt.what == Halt()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("event: default", "event: defualt", "f.yaml:5:12: error[ST154] event 'defualt'"),
        ("event: default\n    select", "select", "error[ST151] missing field 'event'"),
        ("senior_unsecured: 35%", "senior: 35%", "error[ST154]"),
        ("senior_unsecured: 35%", "senior_unsecured: 135%", "error[ST153]"),
        ("senior_unsecured: 35%", "senior_unsecured: 0.35", "did you mean '35%'"),
        ("at_severity: 80%", "at_severity: 0%", "error[ST153]"),
        (", notches: 3", "", "error[ST151] missing field 'notches'"),
        ("notches: 3", "notches: 0", "error[ST153]"),
        ("notches: 3", "notches: 3, cut: 5%", "error[ST150] unknown field 'cut'"),
        ("cut: 50%", "cut: 150%", "error[ST153]"),
        ("{issuer: ORCL}", "{}", "error[ST325]"),
    ],
)
def test_what_a_file_may_not_say_of_events(old: str, new: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        parse_scenario(FILE.replace(old, new), "f.yaml")
    assert any(words in problem.format() for problem in error.value.problems), str(error.value)


def test_a_cut_of_a_dividend_that_nobody_pays_is_told() -> None:
    cut = event(DividendCut(0.5), issuer="ACME")
    silent = replace(MARKET, levels={**MARKET.levels, key("dividend_yield/ACME"): 0.0})
    warnings = {
        name: [item.message for item in compile_scenarios(ScenarioSet((scenario(cut),)), held).warnings]
        for name, held in {"pays": MARKET, "silent": silent}.items()
    }
    assert not any("no dividend" in text for text in warnings["pays"])
    assert (
        "issuer ACME: dividend cut by 50%: ACME pays no dividend, and nothing changes there"
        in warnings["silent"]
    )
