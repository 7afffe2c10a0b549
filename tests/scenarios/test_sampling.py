"""Sampled columns: the same bits everywhere, the distribution asked for, links, domains, problems."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.fixtures import books
from tests.fixtures.modelled_markets import made_up_model, with_model
from tests.scenarios.markets import key, small_market, with_levels

from stresstest.arrays import FloatArray
from stresstest.errors import InputError
from stresstest.market.links import linked_level
from stresstest.portfolio.book import compile_book
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

CRASH = Scenario(
    "crash",
    (Shock.of("spot", "-40%", issuer="NVDA"), Shock.of("credit_spread", "+300bp", issuer="US_B")),
    "1m",
    probability=0.3,
)
CALM = Scenario("calm", (Shock.of("spot", "+5%", issuer="KO"),), "1m", probability=0.7)
RANGE = {"crash": SeverityRange(0.5, 1.0, 1.5)}
TERMS = SampleTerms(5_000, 7, "stressed", 5)


def market():
    return with_model(small_market())


@cache
def sampled(**changes: object) -> SampledColumns:
    terms = replace(TERMS, **changes)
    return sample_scenarios(MemberSet((CRASH, CALM), severities=RANGE, sample=terms), market())


def rows(columns: SampledColumns, *names: str) -> FloatArray:
    return columns.bind([key(name) for name in names]).chunk(0, 0, columns.n_columns)


def test_column_0_is_the_base_and_the_table_says_what_each_column_is() -> None:
    columns = sampled()
    levels = columns.base
    keys = list(levels)
    bound = columns.bind(keys)
    assert bound.chunk(0, 0, 1)[:, 0].tolist() == bound.base.tolist() == list(levels.values())
    table = columns.table
    assert table.n_columns == columns.n_columns == 5_001
    assert table.draw.tolist() == list(range(-1, 5_000))
    assert set(table.stage[1:]) == {"propagated"}
    assert math.fsum(table.probability[1:]) == pytest.approx(1.0)
    still = {"default_state", "recovery_rate", "rental_rate", "vol_skew", "dividend_yield"}
    assert bound.moving.tolist() == [k.kind not in still for k in keys]


@given(st.integers(0, 5_001), st.integers(0, 700))
def test_a_column_does_not_depend_on_its_chunk(low: int, width: int) -> None:
    columns = sampled()
    bound = columns.bind([key("spot/NVDA"), key("spot/SPY"), key("implied_vol/KO/1M")])
    high = min(low + width, columns.n_columns)
    whole = bound.chunk(0, 0, columns.n_columns)
    part = bound.chunk(0, low, high)
    assert part.flags.c_contiguous
    assert not part.flags.writeable
    assert part.tobytes() == np.ascontiguousarray(whole[:, low:high]).tobytes()


def test_a_row_does_not_depend_on_what_else_is_read_or_modelled() -> None:
    alone = rows(sampled(), "spot/SAP")
    together = rows(sampled(), "spot/KO", "zero_rate/USD/5Y", "spot/SAP", "spot/SPY")
    assert alone.tobytes() == np.ascontiguousarray(together[2:3]).tobytes()
    full = made_up_model(small_market())
    kept = np.array([k != key("spot/KO") for k in full.keys])
    fewer = replace(
        full,
        keys=tuple(k for k in full.keys if k != key("spot/KO")),
        exposures=full.exposures[kept],
        idiosyncratic_vol={name: vol[kept] for name, vol in full.idiosyncratic_vol.items()},
        largest_moves=full.largest_moves[kept],
    )
    crash = MemberSet((replace(CRASH, probability=None),), sample=TERMS)
    with_all = rows(sample_scenarios(crash, with_model(small_market(), full)), "spot/SAP")
    with_fewer = rows(sample_scenarios(crash, with_model(small_market(), fewer)), "spot/SAP")
    assert with_all.tobytes() == with_fewer.tobytes()


def test_a_longer_sample_begins_with_the_shorter_one() -> None:
    short, long = rows(sampled(columns=1_500), "spot/SAP"), rows(sampled(), "spot/SAP")
    assert short.tobytes() == np.ascontiguousarray(long[:, :1_501]).tobytes()
    other = rows(sampled(seed=8), "spot/SAP")
    assert not np.isin(other[0, 1:], long[0]).any()


def test_without_random_parts_each_draw_is_its_member_as_compiled() -> None:
    both = ScenarioSet((CRASH, CALM))
    compiled = compile_scenarios(both, small_market()).columns
    columns = sample_scenarios(MemberSet((CRASH, CALM), sample=SampleTerms(300, 3)), small_market())
    keys = list(columns.base)
    expected, found = compiled.bind(keys).chunk(0, 0, 3), columns.bind(keys).chunk(0, 0, 301)
    for column, name in enumerate(columns.table.scenario):
        member = 0 if column == 0 else 1 + both.names.index(name)
        assert found[:, column].tolist() == expected[:, member].tolist()


def test_at_severity_0_and_without_a_model_nothing_moves() -> None:
    drawn = MemberSet((CRASH, CALM), severities=RANGE, sample=SampleTerms(50, 3))
    columns = sample_scenarios(drawn, small_market(), severity=0.0)
    values = columns.bind(list(columns.base)).chunk(0, 0, 51)
    assert values.tobytes() == np.repeat(values[:, :1], 51, axis=1).tobytes()


def test_members_come_as_often_as_their_probabilities_say() -> None:
    names = sampled().table.scenario[1:]
    n_crash = names.count("crash")
    assert stats.binomtest(n_crash, len(names), 0.3).pvalue > 1e-3
    columns = sample_scenarios(
        MemberSet((CRASH,), sample=replace(TERMS, remainder=True)), market()
    )  # 70 % remain
    assert stats.binomtest(columns.table.scenario.count("unshocked"), 5_000, 0.7).pvalue > 1e-3


def test_severities_follow_their_triangle() -> None:
    columns = sampled()
    crash = np.array([name == "crash" for name in columns.table.scenario])
    drawn = np.log(rows(columns, "spot/NVDA")[0, crash] / 187.62) / math.log(0.6)
    assert stats.kstest(drawn, stats.triang(0.5, loc=0.5, scale=1.0).cdf).pvalue > 1e-3


def conditional_moments(names: list[str], stated: dict[str, float]) -> tuple[FloatArray, FloatArray]:
    """Return mean and covariance a year of changes given others, from the whole covariance by numpy."""
    model = market().factor_model
    assert model is not None
    exposures, own = model.exposures, model.idiosyncratic_vol["stressed"]
    whole = exposures @ model.covariance["stressed"] @ exposures.T + np.diag(own**2)
    u = [model.rows[key(name)] for name in names]
    s = [model.rows[key(name)] for name in stated]
    weight = np.linalg.solve(whole[np.ix_(s, s)], whole[np.ix_(s, u)]).T
    return weight @ np.array(list(stated.values())), whole[np.ix_(u, u)] - weight @ whole[np.ix_(s, u)]


UNSTATED = ["spot/AMD", "spot/SAP", "zero_rate/USD/5Y", "credit_spread/KO", "fx_spot/EURUSD"]
STATED = {"spot/NVDA": math.log(0.6), "credit_spread/US_B": 0.03}


@pytest.mark.parametrize("degrees", [None, 12])
def test_unstated_factors_follow_the_conditional_distribution(degrees: int | None) -> None:
    only = MemberSet(
        (replace(CRASH, probability=None),),
        sample=SampleTerms(40_000, 11, "stressed", degrees, horizon="3m"),
    )
    columns = sample_scenarios(only, market())
    values = rows(columns, *UNSTATED)
    in_ratios = np.array([name.startswith(("spot", "fx")) for name in UNSTATED])[:, np.newaxis]
    base = values[:, :1]
    changes = np.where(in_ratios, np.log(np.abs(values / base)), values - base)[:, 1:]
    mean, covariance = conditional_moments(UNSTATED, STATED)
    deviation = np.sqrt(0.25 * np.diag(covariance))
    assert np.abs((changes.mean(axis=1) - mean) / deviation).max() < 5.0 / math.sqrt(40_000) * 1.2
    scaled = changes - mean[:, np.newaxis]
    found = scaled @ scaled.T / 40_000 / np.outer(deviation, deviation)
    np.testing.assert_allclose(found, 0.25 * covariance / np.outer(deviation, deviation), atol=0.05)
    if degrees is not None:
        standard = scaled[0] / deviation[0] * math.sqrt(degrees / (degrees - 2))
        assert stats.kstest(standard, stats.t(degrees).cdf).pvalue > 1e-4


def test_all_may_vary_about_what_is_stated() -> None:
    values = rows(sampled(varies="all", degrees_of_freedom=None), "spot/NVDA")[0, 1:]
    names = np.array(sampled().table.scenario[1:])
    model = market().factor_model
    assert model is not None
    row = model.rows[key("spot/NVDA")]
    variance = model.exposures[row] @ model.covariance["stressed"] @ model.exposures[row]
    variance += model.idiosyncratic_vol["stressed"][row] ** 2
    moves = np.log(values / 187.62)[names == "crash"]
    severity = SeverityRange(0.5, 1.0, 1.5)
    spread = (severity.high - severity.low) ** 2 / 24 * math.log(0.6) ** 2
    assert moves.mean() == pytest.approx(math.log(0.6), abs=5 * math.sqrt(variance / 12 / len(moves)))
    assert moves.var() == pytest.approx(variance / 12 + spread, rel=0.15)


def test_links_are_followed_and_a_stated_target_stays() -> None:
    names = ("spot/NVDA", "spot/AMD", "spot/KO", "spot/SPY")
    values = rows(sampled(), *names)
    link = small_market().links[0]
    moved = {key(name): row for name, row in zip(names[:3], values[:3], strict=True)}
    np.testing.assert_array_equal(values[3], linked_level(link, small_market().levels, moved))
    stating = replace(CALM, shocks=(Shock.of("spot", "-10%", issuer="SPY"),))
    columns = sample_scenarios(MemberSet((CRASH, stating), sample=TERMS), market())
    spy, calm = rows(columns, "spot/SPY")[0], np.array([n == "calm" for n in columns.table.scenario])
    assert set(spy[calm].tolist()) == {669.21 * 0.9}
    assert len(set(spy[~calm].tolist())) > 1_000


def test_a_private_factor_moves_as_its_public_one() -> None:
    private = with_model(with_levels(small_market(), {"spot/SAP#mark": 462.0}))
    columns = sample_scenarios(MemberSet((CRASH, CALM), sample=TERMS), private)
    public, own = rows(columns, "spot/SAP", "spot/SAP#mark")
    np.testing.assert_allclose(own, 2.0 * public, rtol=1e-15)


def test_vols_never_leave_their_domain() -> None:
    wild = replace(TERMS, horizon="10y", varies="all", degrees_of_freedom=3)
    columns = sample_scenarios(MemberSet((CRASH, CALM), sample=wild), market())
    assert (rows(columns, "implied_vol/KO/1M", "implied_vol/NVDA/1Y") > 0.0).all()


def test_a_book_is_valued_alike_on_any_number_of_threads() -> None:
    found = with_model(books.small_market())
    book = compile_book([books.portfolio(books.every_type())], found)
    crash = Scenario("crash", (Shock.of("spot", "-30%", issuer="ACME"),), "1m")
    columns = sample_scenarios(MemberSet((crash,), sample=SampleTerms(3_000, 5, "calm", 4)), book.market)
    one, three = (stress_totals(book, columns, threads=threads).total for threads in (1, 3))
    assert one.tobytes() == three.tobytes()
    assert np.isfinite(one).all()


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (MemberSet((CRASH, replace(CALM, probability=0.6)), sample=TERMS), "ST340"),
        (MemberSet((CRASH, replace(CALM, probability=0.8)), sample=TERMS), "ST340"),
        (MemberSet((CRASH, replace(CALM, probability=None)), sample=TERMS), "ST340"),
        (MemberSet((replace(CRASH, probability=None),), sample=replace(TERMS, remainder=True)), "ST340"),
        (MemberSet((replace(CRASH, name="unshocked"),), sample=replace(TERMS, remainder=True)), "ST340"),
        (MemberSet((CRASH, replace(CALM, horizon="3m")), sample=TERMS), "ST342"),
        (MemberSet((CRASH, CALM), sample=replace(TERMS, regime="stresed")), "ST326"),
        (MemberSet((CRASH, CALM), sample=replace(TERMS, horizon="soon")), "ST161"),
    ],
)
def test_what_cannot_be_sampled_is_a_problem(drawn: MemberSet, code: str) -> None:
    with pytest.raises(InputError) as caught:
        sample_scenarios(drawn, market())
    assert {problem.code for problem in caught.value.problems} == {code}


def test_a_regime_needs_a_model() -> None:
    with pytest.raises(InputError, match=r"ST341.*has no factor model"):
        sample_scenarios(MemberSet((CRASH, CALM), sample=TERMS), small_market())


def test_a_severity_that_leaves_the_domain_is_refused_before_anything_is_drawn() -> None:
    falling = Scenario("falling", (Shock.of("implied_vol", "-10vol", issuer="KO"),), "1m")
    severities = {"falling": SeverityRange(0.5, 1.0, 2.0)}
    steep = MemberSet((falling,), severities=severities, sample=SampleTerms(10, 1))
    with pytest.raises(InputError, match="ST315"):
        sample_scenarios(steep, small_market())


def test_an_unknown_factor_and_a_column_outside_are_refused() -> None:
    with pytest.raises(InputError, match="ST349"):
        sampled().bind([key("spot/NVDIA")])
    bound = sampled().bind([key("spot/NVDA")])
    for arguments in [(1, 0, 1), (0, -1, 1), (0, 0, 5_002), (0, 3, 2)]:
        with pytest.raises(ValueError, match="not in the sample"):
            bound.chunk(*arguments)


def test_only_a_set_with_terms_is_sampled() -> None:
    with pytest.raises(ValueError, match="does not say how"):
        sample_scenarios(MemberSet((CRASH, CALM)), market())
