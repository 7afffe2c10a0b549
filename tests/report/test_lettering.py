from __future__ import annotations

import pytest

from stresstest.report.lettering import Column, short_money, shown_text, width_of, wrapped


def test_width_goes_with_size_and_weight() -> None:
    assert width_of("Nvidia", 20.0) == pytest.approx(2.0 * width_of("Nvidia", 10.0), rel=0.02)
    assert width_of("Nvidia", 10.0, bold=True) > width_of("Nvidia", 10.0)
    assert width_of("  ", 10.0) == 0.0


def test_text_breaks_between_words_and_ends_with_dots_where_it_does_not_fit() -> None:
    column = Column(8.0, 60.0, 2)
    assert wrapped("Lenders against chips", column) == ("Lenders", "against chips")
    lines = wrapped("one two three four five six seven eight nine", column)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    (long,) = wrapped("Donaudampfschifffahrtsgesellschaft", column)
    assert long.startswith("Donau")
    assert long.endswith("…")
    assert all(width_of(line, 8.0) <= 60.0 for line in (*lines, long))
    assert wrapped("", column) == ()


def test_text_of_any_length_is_cut_at_once() -> None:
    (line,) = wrapped("x" * 100_000, Column(8.0, 60.0, 2))
    assert len(line) < 30


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\u202eb\nc", r"a\u202eb\nc"),
        ("$x_1$ & <b>", "$x_1$ & <b>"),
        ("株 A", "□ A"),
        ("Société Générale – Ω", "Société Générale – Ω"),
    ],
)
def test_names_stay_text(text: str, shown: str) -> None:
    assert shown_text(text) == shown


def test_amounts_have_two_digits() -> None:
    amounts = (999.5e9, 9.96e9, 9.94e9, 1e9, 750.0, 0.0)
    assert [short_money(amount) for amount in amounts] == ["1tn", "10bn", "9.9bn", "1bn", "750", "0"]
