"""Sentences on a terminal: wrapped to its width, indented as a block."""

from __future__ import annotations

import textwrap

from rich.console import Console

from stresstest.cli.terminal import safe


def paragraph(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print `text` wrapped to the width of the console, every line indented."""
    for line in textwrap.wrap(safe(text).plain, max(console.width - indent, 20)):
        console.print(safe(" " * indent + line, style))
