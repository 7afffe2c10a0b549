"""Where the numbers of a report come from: market, files by their hashes, versions, sources of scenarios."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from stresstest.market.snapshot import MarketSnapshot
from stresstest.report.building.material import Material
from stresstest.report.view.report import InputFile, Provenance, ScenarioNote
from stresstest.scenarios.scenario import Scenario

_COMPUTES = ("numpy", "numba", "scipy")


def provenance(material: Material) -> Provenance:
    """Return where everything comes from; files that are gone by now are left out."""
    market = material.result.book.market
    return Provenance(
        market.name,
        market.as_of,
        market.title,
        tuple(Counter(one.basis_class for one in market.provenance.values()).most_common()),
        tuple(_files(material)),
        versions(),
    )


def versions() -> tuple[tuple[str, str], ...]:
    """Return the versions of the program, of Python, and of what computes."""
    own = (("stresstest", version("stresstest")), ("Python", platform.python_version()))
    return (*own, *((name, version(name)) for name in _COMPUTES))


def _files(material: Material) -> Iterator[InputFile]:
    for held in material.result.portfolios:
        yield from _file("portfolio", held.name, held.held.portfolio.portfolio.file)
    for scenario in material.scenarios:
        yield from _file("scenario", scenario.name, scenario.location.file)
    yield InputFile("market", material.result.book.market.name, market_digest(material.result.book.market))


def _file(what: str, name: str, path: str) -> Iterator[InputFile]:
    try:
        content = Path(path).read_bytes() if path else None
    except OSError:
        content = None
    if content is not None:
        yield InputFile(what, name, hashlib.sha256(content).hexdigest())


def market_digest(market: MarketSnapshot) -> str:
    """Return a hash of every level of a market, which is what its files give whatever their form."""
    digest = hashlib.sha256(market.as_of.isoformat().encode())
    for key in sorted(market.levels, key=str):
        digest.update(f"{key}={float(market.levels[key]).hex()}\n".encode())
    return digest.hexdigest()


def scenario_notes(material: Material) -> tuple[ScenarioNote, ...]:
    """Return the scenarios as their authors describe them, in the order of the run."""
    return tuple(_note(scenario) for scenario in material.scenarios)


def _note(scenario: Scenario) -> ScenarioNote:
    return ScenarioNote(
        *(scenario.name, scenario.title, scenario.horizon, scenario.status, scenario.narrative),
        sources=scenario.source,
        not_covered=scenario.not_covered,
        drivers=tuple((driver.name, driver.text()) for driver in scenario.drivers),
        governance=scenario.governance.words(),
    )
