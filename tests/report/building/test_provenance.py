from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from tests.cli.samples import write_samples
from tests.report.samples import market, material

import stresstest as st
from stresstest.api.reporting import material_of
from stresstest.market.keys import RiskFactorKey
from stresstest.report.building.provenance import market_digest, provenance, scenario_notes, versions


def test_files_are_known_by_the_hash_of_their_bytes(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    result = st.stress(st.load_portfolio(sample["portfolio"]), st.load_scenarios(sample["fall"]))
    found = {(one.what, one.name): one.digest for one in provenance(material_of(result, cards=False)).files}
    for what, name in (("portfolio", "sample"), ("scenario", "fall")):
        content = sample["portfolio" if what == "portfolio" else "fall"].read_bytes()
        assert found[what, name] == hashlib.sha256(content).hexdigest()
    sample["fall"].unlink()
    left = provenance(material_of(result, cards=False)).files
    assert [one.what for one in left] == ["portfolio", "market"]


def test_no_folder_of_this_machine_is_told(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    result = st.stress(st.load_portfolio(sample["portfolio"]), st.load_scenarios(sample["fall"]))
    assert str(tmp_path) not in repr(provenance(material_of(result, cards=False)))


def test_the_hash_of_a_market_is_of_its_levels() -> None:
    first = market_digest(market())
    assert (
        market_digest(replace(market(), title="another", levels=dict(reversed(market().levels.items()))))
        == first
    )
    nvda = RiskFactorKey.parse("spot/NVDA")
    other = {**market().levels, nvda: 187.62 + 2.0**-40}
    assert market_digest(replace(market(), levels=other)) != first


def test_levels_are_counted_by_class_of_evidence() -> None:
    levels = dict(provenance(material()).levels)
    assert sum(levels.values()) == len(material().result.book.market.provenance)
    assert levels["documented"] == len(market().provenance)


def test_notes_hold_what_the_authors_say() -> None:
    notes = {note.name: note for note in scenario_notes(material())}
    assert list(notes) == ["fall", "rise", "slide", "stop"]
    assert notes["fall"].drivers == (("cut", "50%"),)
    assert notes["fall"].narrative.startswith("Orders stop")


def test_versions_name_the_program_first() -> None:
    assert versions()[0] == ("stresstest", st.__version__)
