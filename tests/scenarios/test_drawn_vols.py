"""Draws of vols leave every smile positive: drawn, stated, or following another by a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures import books
from tests.fixtures.modelled_markets import with_model

from stresstest.arrays import FloatArray
from stresstest.kernels.drawn_smiles import LEAST_VOL
from stresstest.kernels.volatility import smile_depth
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink, MarketSnapshot, Smile
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.drawn_vols import shapes_first, smile_of, with_shapes
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

LEVEL, SKEW, CURVATURE = (
    RiskFactorKey(kind, "ACME", "3M") for kind in ("implied_vol", "vol_skew", "vol_curvature")
)
WILD = SampleTerms(3_000, 11, "stressed", 3, varies="all", horizon="15y")
STEEPER = Scenario(
    "steeper",
    (
        Shock.of("implied_vol", "-12vol", issuer="ACME"),
        Shock.of("vol_skew", "-0.05abs", issuer="ACME"),
        Shock.of("vol_curvature", "+0.02abs", issuer="ACME"),
    ),
    "1m",
)
RANGE = {"steeper": SeverityRange(0.2, 1.0, 1.3)}


def market(**smile: float) -> MarketSnapshot:
    """Return a market whose model moves vols wildly, and in which INDEX's follow ACME's."""
    found = books.small_market()
    smiles = {name: replace(one, lower=-1.5, upper=0.8) for name, one in found.smiles.items()}
    links = [
        FactorLink(key._replace(name="INDEX"), weights=((key, 1.4),))
        for key in (LEVEL, LEVEL._replace(tenor="1Y"))
    ]
    levels = {**found.levels, RiskFactorKey("vol_skew", "INDEX", "3M"): -0.15}
    levels |= {RiskFactorKey.parse(f"{kind}/ACME/3M"): value for kind, value in smile.items()}
    return with_model(replace(found, smiles=smiles, levels=levels, links=(*found.links, *links)))


def sampled(found: MarketSnapshot, **terms: object) -> SampledColumns:
    return sample_scenarios(MemberSet((STEEPER,), severities=RANGE, sample=replace(WILD, **terms)), found)


def lowest(columns: SampledColumns, smile: Smile) -> Mapping[str, FloatArray]:
    """Return by pillar the lowest vol within the range, by draw."""
    found = {}
    for tenor in smile.tenors:
        keys = [RiskFactorKey(key.kind, smile.underlying, tenor) for key in (LEVEL, SKEW, CURVATURE)]
        rows = columns.bind(keys).chunk(0, 0, columns.n_columns)
        depths = [smile_depth(b, c, smile.lower, smile.upper) for b, c in rows[1:].T.tolist()]
        found[tenor] = rows[0] - np.array(depths)
    return found


def test_every_smile_stays_positive_in_every_draw() -> None:
    found = market()
    columns = sampled(found)
    for smile in found.smiles.values():
        for tenor, low in lowest(columns, smile).items():
            assert low.min() >= LEAST_VOL * (1.0 - 1e-9), (smile.underlying, tenor)
            assert low.min() < 0.05, "the draws are not wild enough to show anything"


@settings(deadline=None, max_examples=25)
@given(st.floats(-0.2, 0.2), st.floats(0.0, 0.3), st.floats(0.01, 0.4), st.integers(0, 1_000))
def test_whatever_the_smile_is(skew: float, curvature: float, above: float, seed: int) -> None:
    depth = smile_depth(skew, curvature, -1.5, 0.8)
    found = market(implied_vol=depth + above, vol_skew=skew, vol_curvature=curvature)
    calm = Scenario("calm", (Shock.of("spot", "-5%", issuer="ACME"),), "1m")
    drawn = MemberSet((calm,), sample=replace(WILD, columns=200, seed=seed))
    columns = sample_scenarios(drawn, found)
    assert (lowest(columns, found.smiles["ACME"])["3M"] > 0.0).all()


def test_a_vol_does_not_depend_on_whether_its_skew_is_read() -> None:
    columns = sampled(market())
    alone = columns.bind([LEVEL]).chunk(0, 0, 500)
    together = columns.bind([CURVATURE, LEVEL, SKEW]).chunk(0, 0, 500)
    assert alone[0].tobytes() == together[1].tobytes()


def test_what_is_stated_comes_out_exactly_where_nothing_varies() -> None:
    found = market()
    columns = sample_scenarios(MemberSet((STEEPER,), sample=SampleTerms(4, 1)), found)
    compiled = compile_scenarios(ScenarioSet((STEEPER,)), found).columns
    keys = [key for key in columns.base if key.kind in (LEVEL.kind, SKEW.kind, CURVATURE.kind)]
    drawn, stated = columns.bind(keys).chunk(0, 0, 5), compiled.bind(keys).chunk(0, 0, 2)
    assert drawn[:, 4].tolist() == stated[:, 1].tolist()


def test_a_level_far_from_the_border_moves_as_without_a_smile() -> None:
    quiet = sampled(market(), horizon="1d", degrees_of_freedom=None).bind([LEVEL]).chunk(0, 1, 3_001)[0]
    flat = replace(market(), smiles={})
    without = sampled(flat, horizon="1d", degrees_of_freedom=None).bind([LEVEL]).chunk(0, 1, 3_001)[0]
    np.testing.assert_allclose(quiet, without, atol=1e-4)
    assert np.abs(quiet - without).max() > 0.0


def test_smiles_are_found_by_the_name_of_a_vol() -> None:
    smiles = dict(books.small_market().smiles)
    assert smile_of(LEVEL, smiles) is smiles["ACME"]
    assert smile_of(SKEW, smiles) is None
    assert smile_of(LEVEL._replace(name="BOLT"), smiles) is None
    assert smile_of(LEVEL, {"ACME": replace(smiles["ACME"], lower=0.0, upper=0.0)}) is None
    assert with_shapes([LEVEL], smiles) == {LEVEL, SKEW, CURVATURE}
    assert with_shapes([LEVEL], {}) == {LEVEL}
    assert shapes_first([LEVEL, CURVATURE, SKEW]) == (CURVATURE, SKEW, LEVEL)


def test_a_follower_is_left_alone_down_to_half_of_its_lowest_vol() -> None:
    """The link asks for base · (1 + 1.4 · (ratio − 1)); a smile that has room for it gets just that."""
    found = market()
    columns = sampled(found)
    source, target = (
        columns.bind([LEVEL._replace(name=name)]).chunk(0, 1, 3_001)[0] for name in ("ACME", "INDEX")
    )
    asked = found.levels[LEVEL._replace(name="INDEX")] * (1.0 + 1.4 * (source / found.levels[LEVEL] - 1.0))
    smile = found.smiles["INDEX"]
    depth = smile_depth(-0.15, 0.05, smile.lower, smile.upper)
    half = 0.5 * (found.levels[LEVEL._replace(name="INDEX")] - depth)
    free = asked >= depth + half + 1e-9
    np.testing.assert_allclose(target[free], asked[free], rtol=1e-12)
    assert (target[~free] > asked[~free]).all()
    assert free.any()
    assert (~free).any()
