"""Drivers with distributions in samples: the values they take, their shares, and what draws make of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.scenarios.markets import key, small_market

from stresstest.quantity import parse_shift
from stresstest.scenarios.distributions import Discrete, Normal, Triangular, Uniform
from stresstest.scenarios.driver_draws import VARIANTS, member_name, with_driver_draws
from stresstest.scenarios.drivers import ChoiceDriver, NumberDriver
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.rules import CaseRule, SlopeRule
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import sample_scenarios
from stresstest.scenarios.scenario import Include, Scenario, Shock

CUT = NumberDriver("cut", 0.5, 0.1, 0.8, "%", distribution=Triangular(0.2, 0.5, 0.8))
CAUSE = ChoiceDriver("cause", "a", ("a", "b"), Discrete({"a": 0.25, "b": 0.75}))
TURN = CaseRule("cause", {"a": parse_shift("+10%"), "b": parse_shift("-10%")})
FALL = Scenario(
    "fall",
    (
        Shock.of("spot", SlopeRule("cut", parse_shift("-1%")), issuer="NVDA"),
        Shock.of(
            "spot", CaseRule("cause", {"a": parse_shift("+10%"), "b": parse_shift("-10%")}), issuer="KO"
        ),
    ),
    "1m",
    drivers=(CUT, CAUSE),
)
CALM = Scenario("calm", (Shock.of("spot", "+5%", issuer="AMD"),), "1m")
TERMS = SampleTerms(4_000, 11)


def drawn(*scenarios: Scenario, **more: object) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    sample = sample_scenarios(MemberSet(scenarios, sample=TERMS, **more), small_market())  # type: ignore[arg-type]
    keys = [key("spot/NVDA"), key("spot/KO"), key("spot/AMD")]
    levels = sample.bind(keys).chunk(0, 0, sample.n_columns)
    return sample.table.scenario, dict(zip(("NVDA", "KO", "AMD"), levels, strict=True))


@pytest.mark.parametrize("p", [0.001, 0.1, 0.35, 0.5, 0.77, 0.999])
def test_quantiles_agree_with_scipy(p: float) -> None:
    triangular = stats.triang((0.5 - 0.2) / 0.6, loc=0.2, scale=0.6)
    assert CUT.quantile(p) == pytest.approx(triangular.ppf(p), rel=1e-13)
    uniform = replace(CUT, distribution=Uniform(0.2, 0.6))
    assert uniform.quantile(p) == pytest.approx(0.2 + 0.4 * p, rel=1e-14)
    normal = replace(CUT, distribution=Normal(0.4, 0.2))
    cut = stats.truncnorm((0.1 - 0.4) / 0.2, (0.8 - 0.4) / 0.2, loc=0.4, scale=0.2)
    assert normal.quantile(p) == pytest.approx(cut.ppf(p), rel=1e-10)
    assert CAUSE.quantile(p) == ("a" if p < 0.25 else "b")
    assert replace(CUT, distribution=None).quantile(p) == 0.5
    assert replace(CAUSE, distribution=None).quantile(p) == "a"


def test_a_set_without_distributions_comes_back_as_it_is() -> None:
    plain = MemberSet((CALM,), sample=TERMS)
    assert with_driver_draws(plain) is plain
    unsampled = MemberSet((FALL,))
    assert with_driver_draws(unsampled) is unsampled


def test_a_member_becomes_variants_of_equal_shares_over_all_of_the_distribution() -> None:
    found = with_driver_draws(
        MemberSet((FALL, CALM), sample=TERMS, severities={"fall": SeverityRange(0.5, 1.0, 2.0)})
    )
    assert len(found) == VARIANTS + 1
    variants = [scenario for scenario in found if member_name(scenario.name) == "fall"]
    assert [scenario.probability for scenario in variants] == [0.5 / VARIANTS] * VARIANTS
    assert found["calm"].probability == 0.5
    values = sorted(scenario.drivers[0].value for scenario in variants)
    assert values == [CUT.quantile((place + 0.5) / VARIANTS) for place in range(VARIANTS)]
    causes = [scenario.drivers[1].value for scenario in variants]
    assert causes.count("a") == VARIANTS // 4
    assert {found.severity_of(scenario.name).high for scenario in variants} == {2.0}


def test_the_order_depends_on_the_seed_and_differs_between_drivers() -> None:
    def order(seed: int, place: int) -> list[object]:
        terms = replace(TERMS, seed=seed)
        found = with_driver_draws(MemberSet((FALL,), sample=terms))
        return [scenario.drivers[place].value for scenario in found]

    assert order(1, 0) == order(1, 0)
    assert order(1, 0) != order(2, 0)
    numbers = np.argsort(order(1, 0))
    causes = np.array(order(1, 1))[numbers]
    assert set(causes[:8]) != {"a"}


def test_draws_follow_the_distribution_under_the_name_of_the_member() -> None:
    names, levels = drawn(FALL, CALM)
    assert set(names) == {"base", "fall", "calm"}
    fall = np.array(names) == "fall"
    cuts = 1.0 - levels["NVDA"][fall] / levels["NVDA"][0]
    assert 0.2 <= cuts.min() <= cuts.max() <= 0.8
    assert cuts.mean() == pytest.approx(0.5, abs=0.01)
    assert cuts.std() == pytest.approx(stats.triang(0.5, loc=0.2, scale=0.6).std(), rel=0.05)
    up = levels["KO"][fall] > levels["KO"][0]
    assert up.mean() == pytest.approx(0.25, abs=0.03)
    assert abs(np.corrcoef(cuts, up)[0, 1]) < 0.4
    assert np.all(levels["NVDA"][np.array(names) == "calm"] == levels["NVDA"][0])


def test_drivers_of_an_included_scenario_are_drawn_too() -> None:
    whole = Scenario("whole", (), "1m", include=(Include(FALL, 0.5),))
    names, levels = drawn(whole)
    assert set(names) == {"base", "whole"}
    assert len(set(levels["NVDA"][1:].tolist())) == VARIANTS


def test_columns_are_the_same_in_any_chunk() -> None:
    sample = sample_scenarios(MemberSet((FALL, CALM), sample=TERMS), small_market())
    bound = sample.bind([key("spot/NVDA")])
    whole = bound.chunk(0, 0, sample.n_columns)
    parts = [bound.chunk(0, low, min(low + 777, sample.n_columns)) for low in range(0, sample.n_columns, 777)]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()
