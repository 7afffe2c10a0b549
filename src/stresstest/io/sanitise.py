"""Text of users made harmless for each place it is printed to: terminal, CSV cell, HTML."""

from __future__ import annotations

import html
import re

from stresstest.quantity import UNSIGNED_NUMBER

# Controls move the cursor or start escape sequences; bidirectional and invisible formatting reorders or hides
# text; line and paragraph separators and lone surrogates break output.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    r"|[\U000e0000-\U000e007f]"
)
_FORMULA_START = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(rf"[+-]?{UNSIGNED_NUMBER}%?")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def terminal_text(text: str) -> str:
    r"""Return `text` with control, bidirectional and invisible characters spelled out: `\x1b`, `\u202e`.

    Examples
    --------
    >>> print(terminal_text("a\x1b[31mb"))
    a\x1b[31mb
    """
    return _UNSAFE.sub(_spelled, text)


def csv_cell(text: str) -> str:
    """Return `text` for a cell that a spreadsheet will not run: a formula gets a leading apostrophe.

    Text that is a plain number or percentage (`-5`, `+1e3`, `-0.45%`) is harmless and stays.

    Examples
    --------
    >>> csv_cell("=cmd()"), csv_cell("-5"), csv_cell("NVDA")
    ("'=cmd()", '-5', 'NVDA')
    """
    if _FORMULA_START.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        text = "'" + text
    return _UNSAFE.sub(_spelled, text)


def html_text(text: str) -> str:
    """Return `text` for an HTML text node or quoted attribute."""
    return html.escape(_UNSAFE.sub(_spelled, text), quote=True)


def _spelled(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    if number > 0xFFFF:
        return f"\\U{number:08x}"
    return _NAMED.get(character) or (f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}")
