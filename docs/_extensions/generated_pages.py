"""Pages that the code itself writes: instrument types, error codes, commands, the shipped library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel

from stresstest.catalog import instrument_types
from stresstest.cli.app import cli
from stresstest.error_codes import ERROR_CODES
from stresstest.io.field_docs import add_descriptions
from stresstest.io.model_cards import model_card

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = "generated"

_ERRORS = """# Error codes

Every problem of an input says `FILE:LINE:COLUMN: error[CODE]`, what was got, what was expected and, where
there is one, the nearest valid thing; all problems of a command come at once, the exit status is 2, nothing
is written. `stresstest explain CODE` says the same.

| code | meaning |
|---|---|
"""

_INSTRUMENTS = """# Instrument types

Model cards: what a position of each type says, what its value assumes, cannot do, does at its edges, and
moves with. `stresstest explain TYPE` prints the same.

```{toctree}
:maxdepth: 1

"""


def error_page() -> str:
    """Return the page of all error codes."""
    return _ERRORS + "".join(f"| `{code}` | {meaning} |\n" for code, meaning in ERROR_CODES.items())


def instrument_pages() -> Iterator[tuple[str, str]]:
    """Yield name and text of the model card of every instrument type, and of their list."""
    types = instrument_types()
    yield "instruments", _INSTRUMENTS + "\n".join(types) + "\n```\n"
    for tag, type_ in types.items():
        yield tag, _instrument_page(tag, type_.spec)


def _instrument_page(tag: str, spec: type[BaseModel]) -> str:
    add_descriptions(spec)
    fields = "\n".join(
        f"| `{name}` | {'required' if field.is_required() else 'optional'} | {field.description} |"
        for name, field in spec.model_fields.items()
    )
    sections = "\n\n".join(f"## {heading}\n\n{body}" for heading, body in model_card(spec).items())
    about = (spec.__doc__ or "").strip()
    return f"# {tag}\n\n{about}\n\n| field | | meaning |\n|---|---|---|\n{fields}\n\n{sections}\n"


def command_page() -> str:
    """Return the page of all commands: what `--help` prints."""
    return "# Command line\n\n" + "\n".join(_commands(cli, ("stresstest",)))


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(command, info_name=" ".join(path), terminal_width=80, max_content_width=80)
    yield f"## {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _commands(found, (*path, name))


def _write(app: Sphinx) -> None:
    folder = Path(app.srcdir) / FOLDER
    folder.mkdir(exist_ok=True)
    pages: dict[str, str] = {
        "errors": error_page(),
        "command-line": command_page(),
        **dict(instrument_pages()),
    }
    for name, text in pages.items():
        file = folder / f"{name}.md"
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
