"""A small book, its market and its scenarios: everything that a report shows, computed in a second or two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from tests.fixtures.books import instrument, portfolio, stated
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import small_market

import stresstest as st
from stresstest.api.reporting import material_of, report_view_of
from stresstest.arrays import frozen
from stresstest.kernels._jit import enable_caching
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot, Provenance, Smile
from stresstest.portfolio.model import Limit, Portfolio
from stresstest.report.building.material import Material
from stresstest.report.view.report import ReportView
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import ScenarioSet

enable_caching()  # as the command line does: kernels are compiled once a machine, not once a process

FALL = """\
version: 1
name: fall
title: Chips halve
narrative: Orders stop, and with them the price of those who live off them.
source: [A1, A31]
horizon: 6m
not_covered: [What banks do]
drivers:
  cut: {value: 50%, range: [10%, 80%]}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: cut, slope: -1%}, basis: {class: documented}}
  - {select: {issuer: AMD}, factor: spot, shift: -60%, basis: {class: judgement}}
  - {select: {issuer: SAP}, factor: spot, shift: -20%}
  - {select: {currency: USD}, factor: zero_rate, shift: +50bp}
  - {select: {name: EURUSD}, factor: fx_spot, shift: -5%}
"""

RISE = """\
version: 1
name: rise
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: +10%}
"""

PATH = """\
version: 1
name: slide
title: Down, further down, half back
horizon: 12m
timing: path
steps:
  - {after: 3m, shocks: [{select: {issuer: NVDA}, factor: spot, shift: -30%}]}
  - {after: 6m, shocks: [{select: {issuer: NVDA}, factor: spot, shift: -30%}]}
  - {after: 12m, shocks: [{select: {issuer: NVDA}, factor: spot, shift: +40%}]}
"""

STOP = """\
version: 1
name: stop
title: A lab gets no more money
horizon: 12m
shocks:
  - {select: {issuer: AMD}, factor: capex, shift: -100%}
  - {select: {issuer: LAB}, factor: funding, shift: -100%}
  - {select: {issuer: KO}, factor: spot, shift: -1%}
"""


@cache
def market() -> MarketSnapshot:
    """Return the small market of scenarios with volumes, smiles and a private name beside its shares."""
    found = small_market()
    traded = {"NVDA": ("30000", "40%"), "AMD": ("0.9", "0.5"), "KO": ("nonsense", "15%")}
    issuers = {
        name: replace(
            issuer,
            attributes={**issuer.attributes, "adv_usd_mn": adv, "realised_vol_60d": vol},
            name=f"{name} Inc",
        )
        for name, (adv, vol) in traded.items()
        if (issuer := found.issuers[name])
    }
    issuers["QUIET"] = Issuer("QUIET", "No price", "equity", "USD", {"sector": "energy"})
    smile = Smile("NVDA", ("1M", "1Y"), frozen([1 / 12, 1.0]), -1.0, 1.0, "moneyness")
    vols = {f"{kind}/NVDA/{tenor}": level for tenor in ("1M", "1Y") for kind, level in _VOLS.items()}
    levels = {**found.levels, **{RiskFactorKey.parse(text): level for text, level in vols.items()}}
    levels[RiskFactorKey("dividend_yield", "NVDA")] = 0.0002
    return replace(
        found,
        title="A market made up for tests",
        levels=levels,
        issuers={**found.issuers, **issuers},
        smiles={"NVDA": smile},
        provenance={key: Provenance("documented", "test", found.as_of) for key in found.levels},
        rolls={("SPY", date(2025, 6, 30)): 0.1},
    )


_VOLS = {"implied_vol": 0.42, "vol_skew": -0.06, "vol_curvature": 0.05}
_PUT = {
    "underlying": "NVDA",
    "right": "put",
    "strike": 150.0,
    "expiry": date(2026, 6, 19),
    "multiplier": 100.0,
}


def book(name: str = "small", title: str = "A small book") -> Portfolio:
    """Return shares, a put, a private stake through a proxy and cash, with two limits and a stated value."""
    rows = [
        ("nvda", instrument("equity", issuer="NVDA"), 1_000.0),
        ("amd", instrument("equity", issuer="AMD"), 500.0),
        ("ko", instrument("equity", issuer="KO"), 800.0),
        ("sap", instrument("equity", issuer="SAP"), 100.0),
        ("put", instrument("european_option", **_PUT), 2.0),
        (
            "quiet",
            instrument("equity", issuer="QUIET", owner="quiet", stated=stated(10_000.0, 4.0), proxy="SPY"),
            4.0,
        ),
        ("cash", instrument("cash", currency="USD"), 20_000.0),
    ]
    limits = (
        Limit(name="worst", scenario="any", max_loss=0.25, of="base"),
        Limit(name="mild", scenario="rise", max_loss=0.05, of="base"),
        Limit(name="elsewhere", scenario="not_run", max_loss=0.05, of="gross"),
    )
    return portfolio(rows, name=name, title=title, limits=limits)


def scenarios(*names: str) -> ScenarioSet:
    """Return a fall, a rise, a path, and a network whose lab gets no more money; or those that are named."""
    fall, rise, path, stop = (
        parse_scenario(text, f"{number}.yaml") for number, text in enumerate((FALL, RISE, PATH, STOP))
    )
    found = (fall, rise, path, replace(stop, network=use_of()))
    return ScenarioSet(tuple(one for one in found if not names or one.name in names))


@cache
def stress() -> st.Stress:
    """Return the small book under the four scenarios."""
    return st.stress(book(), scenarios(), market())


@cache
def material() -> Material:
    return material_of(stress())


@cache
def view() -> ReportView:
    return report_view_of(stress(), title="The small report")
