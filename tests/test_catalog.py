"""Finding instrument types: those of the package, those of others, and clashes between them."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from stresstest import catalog
from stresstest.catalog import by_tag, instrument_type, instrument_types
from stresstest.errors import InputError

CASH = instrument_type("cash")
SWAP = replace(CASH, tag="acme_rates.swap")
BROKEN = "no type"


@pytest.fixture
def offer(monkeypatch):
    """Let other packages offer entry points; returns how often they were looked for."""
    looked = []

    def install(*points: tuple[str, str]) -> list[str]:
        offered = [
            EntryPoint(name, value, catalog.ENTRY_POINT_GROUP)._for(SimpleNamespace(name="acme-rates"))
            for name, value in points
        ]

        def entry_points(*, group: str):
            looked.append(group)
            return offered

        monkeypatch.setattr(catalog, "entry_points", entry_points)
        catalog._all_types.cache_clear()
        return looked

    yield install
    catalog._all_types.cache_clear()


def test_every_folder_is_a_type_in_the_order_of_tags() -> None:
    tags = list(instrument_types())
    assert tags == sorted(tags)
    assert {"cash", "equity", "fund", "european_option", "fixed_bond"} <= set(tags)
    assert all(instrument_types()[tag].tag == tag for tag in tags)


def test_known_tags_look_for_no_other_package(offer) -> None:
    looked = offer(("swap", f"{__name__}:SWAP"))
    assert instrument_type("cash") is CASH
    assert instrument_types()["cash"] is CASH
    assert looked == []


def test_an_unknown_tag_is_looked_for_in_other_packages(offer) -> None:
    looked = offer(("swap", f"{__name__}:SWAP"))
    assert instrument_type("acme_rates.swap") is SWAP
    assert looked == ["stresstest.instruments"]
    assert "acme_rates.swap" in instrument_types(outside=True)
    assert "acme_rates.swap" not in instrument_types()


def test_an_unknown_tag_names_the_nearest(offer) -> None:
    offer()
    with pytest.raises(InputError, match=r"ST350.*did you mean 'european_option'"):
        instrument_type("european_opton")


def test_a_tag_claimed_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"ST351.*'cash' of 'theirs'.*'ours'"):
        by_tag([("ours", CASH), ("theirs", CASH)])


@pytest.mark.parametrize(
    ("point", "told"),
    [
        (("swap", "no_such_module:X"), "No module named 'no_such_module'"),
        (("swap", f"{__name__}:BROKEN"), "expected an InstrumentType"),
        (("cash", f"{__name__}:CASH"), "a tag that begins with 'acme_rates.'"),
    ],
)
def test_a_type_that_cannot_be_used_is_told(offer, point: tuple[str, str], told: str) -> None:
    offer(point, ("swap", f"{__name__}:SWAP"))
    with pytest.raises(InputError, match=f"ST352.*{told}"):
        instrument_type("unknown")


def test_all_faults_of_other_packages_are_told_at_once(offer) -> None:
    offer(("a", "no_such_module:X"), ("b", f"{__name__}:BROKEN"))
    with pytest.raises(InputError) as caught:
        instrument_types(outside=True)
    assert len(caught.value.problems) == 2
