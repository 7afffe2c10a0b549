from __future__ import annotations

import itertools

from stresstest.networks.model import EDGE_TYPES, NODE_KINDS, ROLES, STATUSES
from stresstest.report.network import palette


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [int(colour[n : n + 2], 16) / 255.0 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def as_seen_by_deuteranopes(colour: str) -> tuple[float, float, float]:
    """Return linear RGB as by Viénot, Brettel and Mollon (1999), equation for deuteranopia."""
    red, green, blue = ((int(colour[n : n + 2], 16) / 255.0) ** 2.2 for n in (1, 3, 5))
    yellow = 0.29275 * red + 0.70725 * green
    return yellow, yellow, -0.02234 * red + 0.02234 * green + blue


def test_every_kind_type_status_and_role_has_its_look() -> None:
    assert set(palette.KINDS) == set(NODE_KINDS)
    assert set(palette.LINES) == set(STATUSES)
    assert tuple(palette.ROLES) == ROLES
    assert {palette.family_of(edge_type) for edge_type in EDGE_TYPES} == set(palette.FAMILIES)


def test_families_differ_for_readers_who_see_no_green() -> None:
    seen = [as_seen_by_deuteranopes(colour) for colour, _ in palette.FAMILIES.values()]
    for one, other in itertools.combinations(seen, 2):
        assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.1


def test_names_can_be_read_on_every_kind() -> None:
    assert all(contrast(fill, palette.INK) > 7.0 for fill, _ in palette.KINDS.values())


def test_losses_go_from_white_to_dark_without_a_turn() -> None:
    shades = [luminance(palette.loss_colour(loss / 20.0)) for loss in range(21)]
    assert shades == sorted(shades, reverse=True)
    assert palette.loss_colour(-0.5) == palette.loss_colour(0.0) == "#ffffff"
    assert palette.loss_colour(3.0) == palette.LOSSES[-1]


def test_letters_stand_out_from_every_loss_and_kind() -> None:
    fills = [palette.loss_colour(loss / 50.0) for loss in range(51)] + [
        fill for fill, _ in palette.KINDS.values()
    ]
    for fill in fills:
        bright, dark = sorted((luminance(fill), luminance(palette.ink_on(fill))), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5
