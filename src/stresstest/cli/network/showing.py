"""`network show` from its options to its tables, document and drawing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from stresstest.cli.files.kinds import TABLES, known_files
from stresstest.cli.standard_input import readable
from stresstest.errors import InputError, Location, Problem
from stresstest.io.outputs import require_free, write_atomically
from stresstest.networks.circles import Circles, circles_of, links_of
from stresstest.networks.concentration import Concentration, concentrations_of
from stresstest.networks.double_pledges import PledgedAsset, pledged_assets
from stresstest.networks.exposures import Exposure, exposures_of
from stresstest.networks.model import Network
from stresstest.networks.reading import load_network
from stresstest.networks.roles import roles_of
from stresstest.networks.selection import selected

_DRAWINGS = (".svg", ".png", ".pdf")


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """Options of `stresstest network show`, named as there."""

    source: str
    edge_types: tuple[str, ...]
    statuses: tuple[str, ...]
    day: date | None
    most_circles: int
    as_json: bool
    output: str | None
    force: bool


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """A network as it is shown.

    Attributes
    ----------
    network
        With the edges asked for.
    day
        Day on which they are valid.
    exposures
        What edges amount to, and their shares.
    """

    network: Network
    day: date
    options: NetworkOptions
    roles: dict[str, str]
    exposures: tuple[Exposure, ...]
    circles: Circles
    concentrations: tuple[Concentration, ...]
    pledges: tuple[PledgedAsset, ...]


def show_network(options: NetworkOptions) -> None:
    """Load, draw where asked, and print.

    Raises
    ------
    InputError
        When the network or the output is not as it must be; then nothing is printed or written.
    """
    target = None if options.output is None else Path(options.output)
    if target is not None:
        _require_drawing(target)
        require_free(target, options.force)
    report = network_report(options)
    if target is not None:
        _draw(report, target)
    if options.as_json:
        from stresstest.cli.network.document import network_document

        click.echo(json.dumps(network_document(report), allow_nan=False))
        return
    from stresstest.cli.network.tables import print_network
    from stresstest.cli.terminal import open_console

    print_network(open_console(), report)


def network_report(options: NetworkOptions) -> NetworkReport:
    """Return the network with everything that is shown of it."""
    whole = _loaded(options.source)
    day = options.day or whole.as_of
    network = selected(whole, day, options.edge_types, options.statuses)
    exposures = exposures_of(network, day)
    return NetworkReport(
        network=network,
        day=day,
        options=options,
        # Roles do not depend on the edges that are shown.
        roles=dict(roles_of(selected(whole, day), day)),
        exposures=exposures,
        circles=circles_of(links_of(exposures), options.most_circles),
        concentrations=concentrations_of(network, day),
        pledges=pledged_assets(network),
    )


def _loaded(source: str) -> Network:
    with readable([source]) as (readable_source,):
        path = Path(readable_source)
        if path.suffix.lower() in (".yaml", ".yml", *TABLES) or path.exists():
            _require_network(path)
        return load_network(readable_source)


def _require_network(path: Path) -> None:
    """Refuse a file of another kind by its kind instead of by every field that it lacks."""
    expected = "a network: a YAML file with nodes and edges"
    if path.suffix.lower() in TABLES:
        raise InputError([Problem("ST406", "a table", expected, Location(str(path)))])
    kinds = {known.kind for known in known_files(str(path))}
    if kinds != {"network"}:
        got = f"a {' and a '.join(sorted(kinds))}"
        raise InputError([Problem("ST406", got, expected, Location(str(path)))])


def _require_drawing(path: Path) -> None:
    if path.suffix.lower() not in _DRAWINGS:
        got, expected = f"drawing format {path.suffix!r}", "one of " + ", ".join(_DRAWINGS)
        raise InputError([Problem("ST147", got, expected, Location(str(path)))])


def _draw(report: NetworkReport, target: Path) -> None:
    from stresstest.io.sanitise import terminal_text
    from stresstest.report.network.drawing import NetworkDrawing

    drawing = NetworkDrawing(report.network, report.day, roles=report.roles, remark=_remark(report.options))
    write_atomically(target, drawing.content(target.suffix.lower()), report.options.force)
    click.echo(terminal_text(f"stresstest: drawn to {target}"), err=True)


def _remark(options: NetworkOptions) -> str:
    """Return what edges the drawing was narrowed down to."""
    parts = []
    if options.edge_types:
        parts.append("of type " + ", ".join(options.edge_types))
    if options.statuses:
        parts.append("of status " + ", ".join(options.statuses))
    return f"Only edges {' and '.join(parts)}." if parts else ""
