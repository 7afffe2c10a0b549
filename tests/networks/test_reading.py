"""Network files as networks; what is wrong with them is in tests/bad_inputs."""

from __future__ import annotations

from datetime import date
from math import isnan
from pathlib import Path

import pytest

from stresstest.errors import InputError
from stresstest.networks.model import Evidence, Maturity
from stresstest.networks.reading import load_network

FILE = """\
version: 1
name: small
title: Two firms
as_of: 2025-10-03
currency: USD
source: A11
generations:
  - {id: H100, installed: 1_000_000, class: judgement, source: counted}
nodes:
  - {id: LAB, kind: private, equity: 2bn USD, burn: 1bn USD, burn_growth: 70%, burn_cut: 30%,
     class: judgement, source: press, evidence: {burn: {class: unverified, source: memory}}}
  - {id: MAKER, issuer: MKR, title: A maker, equity: 9bn USD, source: report,
     maturities: {"2027-01-01": 3m USD, "2026-01-01": 2m USD}}
edges:
  - {from: MAKER, to: LAB, type: equity_commitment, amount: 4bn USD, drawn: 1bn USD, end: 2026-01-01,
     status: conditional, condition: a new charter, class: documented, source: release, date: 2025-09-01}
  - {from: MAKER, to: LAB, type: collateral, amount: 5m USD, asset: H100, quantity: 100,
     status: funded, class: judgement, source: none}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_file_says_what_firms_are(file: Path) -> None:
    lab, maker = load_network(file).nodes
    assert (lab.id, lab.kind, lab.issuer, lab.title) == ("LAB", "private", "LAB", "LAB")
    assert (lab.equity, lab.burn, lab.burn_growth, lab.burn_cut) == (2e9, 1e9, 0.7, 0.3)
    assert lab.evidence[""] == Evidence("judgement", "press")
    assert lab.evidence["burn"] == Evidence("unverified", "memory")
    assert (maker.issuer, maker.title) == ("MKR", "A maker")
    assert maker.maturities == (Maturity(date(2026, 1, 1), 2e6), Maturity(date(2027, 1, 1), 3e6))
    assert maker.debt == 5e6
    assert isnan(maker.salvage)
    assert maker.location.line == 12


def test_a_file_says_what_edges_are(file: Path) -> None:
    network = load_network(file)
    promise, pledge = network.edges
    assert (promise.first, promise.second, promise.amount, promise.drawn) == ("MAKER", "LAB", 4e9, 1e9)
    assert (promise.end, promise.dated) == (date(2026, 1, 1), date(2025, 9, 1))
    assert (promise.status, promise.condition) == ("conditional", "a new charter")
    assert promise.evidence == Evidence("documented", "release")
    assert isnan(promise.trigger)
    assert (pledge.asset, pledge.quantity) == ("H100", 100.0)
    assert network.generations[0].installed == 1e6
    assert network.source == ("A11",)


def test_a_relative_path_counts_from_a_folder(file: Path) -> None:
    assert load_network("small.yaml", file.parent).name == "small"


def test_a_name_is_looked_up_in_the_library() -> None:
    assert load_network("ai_circular_financing").name == "ai_circular_financing"
    with pytest.raises(InputError) as caught:
        load_network("ai_circular_finance")
    (problem,) = caught.value.problems
    assert (problem.code, problem.suggestion) == ("ST500", "ai_circular_financing")
