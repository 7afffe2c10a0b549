"""`stresstest warmup`: every kernel compiled and kept on disk, so that later runs start at once."""

from __future__ import annotations

import click


@click.command("warmup")
def command() -> None:
    """Compile every kernel now, by running the shipped portfolios, and keep the machine code on disk."""
    from stresstest.cli.installation.compilation import warm_up
    from stresstest.io.sanitise import terminal_text

    found = warm_up()
    click.echo(f"compiled {', '.join(found.types)} in {found.seconds:.1f} s")
    if found.without_example:
        click.echo(f"not compiled, no shipped portfolio holds one: {', '.join(found.without_example)}")
    where = f"kept in {found.folder}" if found.folder else "not kept: each process compiles anew"
    click.echo(terminal_text(where))
