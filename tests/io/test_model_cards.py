"""Model cards: every type of the package has one, whole and in one form."""

from __future__ import annotations

import pytest

from stresstest.catalog import instrument_types
from stresstest.io.model_cards import SECTIONS, model_card, read_card

CARD = "".join(f"## {heading}\nText of {heading}.\n\n" for heading in SECTIONS)


@pytest.mark.parametrize("tag", instrument_types())
def test_every_type_has_a_card(tag: str) -> None:
    sections = model_card(instrument_types()[tag].spec)
    assert tuple(sections) == SECTIONS, f"no instruments/{tag}/model_card.md"
    assert max(len(line) for body in sections.values() for line in body.splitlines()) <= 120


@pytest.mark.parametrize("tag", instrument_types())
def test_the_card_names_the_kinds_of_factors_in_a_list(tag: str) -> None:
    body = model_card(instrument_types()[tag].spec)["Factors"]
    assert all(line.startswith(("- ", "  ")) for line in body.splitlines()) or body.startswith("None")


def test_sections_are_read_by_heading() -> None:
    assert read_card(CARD, "x") == {heading: f"Text of {heading}." for heading in SECTIONS}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CARD.replace("## Limits", "## Bounds"), "sections .*'Bounds'.* expected .*'Limits'"),
        (CARD + "## Model\nAgain.\n", "sections"),
        (CARD.replace("Text of Edges.", ""), r"nothing under \['Edges'\]"),
        ("", "sections"),
    ],
)
def test_a_card_out_of_form_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_card(text, "x")


def test_a_type_without_a_card_has_no_sections() -> None:
    assert model_card(dict) == {}
