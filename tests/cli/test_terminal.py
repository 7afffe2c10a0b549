from __future__ import annotations

import io

import pytest
from rich.console import Console

from stresstest.cli.terminal import bar, compact, money, open_console, percent, safe, share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "+0.0"),
        (-12.34, "-12.3"),
        (999.4, "+999.4"),
        (999.6, "+1.00k"),
        (-21_345_678.0, "-21.3m"),
        (-213_456_780.0, "-213m"),
        (1.234e9, "+1.23bn"),
        (9.996e9, "+10.0bn"),
        (-7.5e13, "-75.0tn"),
    ],
)
def test_compact_amounts(value: float, text: str) -> None:
    assert compact(value) == text


def test_money_has_no_negative_zero() -> None:
    assert money(-0.2) == "0"
    assert money(1_234_567.5) == "1,234,568"


def test_percent_without_a_base_is_a_dash() -> None:
    assert percent(None) == "-"
    assert percent(-53.94) == "-53.9 %"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(1.0, "100 %"), (0.9999, "99 %"), (0.0001, "1 %"), (0.0, "0 %"), (None, "-"), (0.505, "50 %")],
)
def test_shares_round_towards_what_is_true(fraction: float | None, text: str) -> None:
    assert share(fraction) == text


def test_bars_tell_losses_from_gains_without_colour() -> None:
    assert bar(-10.0, 10.0, 8, ascii_only=True).plain == "########"
    assert bar(5.0, 10.0, 8, ascii_only=True).plain == "++++"
    assert bar(-1e-9, 10.0, 8, ascii_only=True).plain == "#"
    assert bar(0.0, 10.0, 8, ascii_only=True).plain == ""
    assert bar(0.0, 0.0, 8, ascii_only=False).plain == ""


def test_user_text_is_neither_markup_nor_control() -> None:
    stream = io.StringIO()
    Console(file=stream, width=80).print(safe("[bold]a[/bold]\x1b[31m\u202eb"))
    assert stream.getvalue() == "[bold]a[/bold]\\x1b[31m\\u202eb\n"


def test_a_console_on_no_terminal_has_80_columns_and_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    stream = io.StringIO()
    console = open_console(stream)
    console.print(safe("loss", "bold red"))
    assert console.width == 80
    assert stream.getvalue() == "loss\n"
