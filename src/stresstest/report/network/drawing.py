"""A network as a page for a memo: firms in bands by role, money as arrows, circles in strong colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from matplotlib.figure import Figure

from stresstest.networks.model import Network
from stresstest.networks.selection import selected
from stresstest.report.figures import figure_bytes
from stresstest.report.lettering import Column, short_money, shown_text, wrapped
from stresstest.report.network.canvas import Canvas
from stresstest.report.network.edge_labels import SIZE, labelled
from stresstest.report.network.firm_labels import relabelled
from stresstest.report.network.layout import LETTERS, LINE_HEIGHT, RIGHT, Layout, Placed, laid_out
from stresstest.report.network.legend import HEIGHT as LEGEND
from stresstest.report.network.legend import Legend
from stresstest.report.network.notes import notes_of
from stresstest.report.network.palette import (
    ASIDE,
    BAND,
    FAMILIES,
    INK,
    KINDS,
    LINES,
    PAPER,
    ROLES,
    ink_on,
    loss_colour,
    mixed,
)
from stresstest.report.network.routing import Route, routed
from stresstest.report.network.view import DrawnEdge, NetworkView, view_of

_TITLE, _TITLE_STEP, _FACTS = 14.0, 18.0, 8.4
_HEADER, _NOTE, _NOTE_STEP = 30.0, 7.6, 10.4
_THICKEST, _THINNEST = 5.4, 0.55
_FADED = 0.5


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """A drawing of a network.

    Attributes
    ----------
    network
        What is drawn: all of it, or the largest firms where there are too many for a page, which a note says.
    day
        Day on which orders run; by default the date of the network.
    losses
        Relative loss of a firm's value by id, 0.3 for three tenths; it then colours the firms, and edges
        between firms that both lose stay strong while the others fade. Absent: firms are coloured by kind.
    roles
        Role of each firm by id; by default what the network's edges tell.
    remark
        One more note below the drawing.

    Examples
    --------
    >>> from stresstest.networks.reading import load_network
    >>> NetworkDrawing(load_network("ai_circular_financing")).content(".svg")[:5]
    b'<?xml'
    """

    network: Network
    day: date | None = None
    losses: Mapping[str, float] | None = None
    roles: Mapping[str, str] | None = None
    remark: str = ""

    def content(self, suffix: str) -> bytes:
        """Return the drawing as a file's content: `.svg`, `.png` or `.pdf`; the same bytes every time."""
        return figure_bytes(self.figure, suffix)

    def figure(self) -> Figure:
        """Return the drawing as a matplotlib figure."""
        day = self.day or self.network.as_of
        network = selected(self.network, day)
        view = self._worded(view_of(network, day, self.roles))
        layout = laid_out(view.firms, view.edges)
        width = layout.width - 3.0 * RIGHT
        titles = wrapped(shown_text(network.title or network.name), Column(_TITLE, width, 2, bold=True))
        texts = [*notes_of(network, view), *([self.remark] if self.remark else [])]
        notes = [line for text in texts for line in wrapped(shown_text(text), Column(_NOTE, width, 4))]
        foot = 12.0 + _NOTE_STEP * len(notes)
        head = _HEADER + _TITLE_STEP * len(titles)
        canvas = Canvas(layout.width, layout.height + head + LEGEND + foot)
        self._head(canvas, titles)
        page = _Page(canvas, layout.raised(LEGEND + foot), view, self.losses)
        page.draw()
        Legend(canvas, LEGEND + foot - 18.0, page.line_width).draw(layout.firms, view.edges, self.losses)
        for number, line in enumerate(notes):
            canvas.text(RIGHT, foot - 6.0 - _NOTE_STEP * number, line, _NOTE, color=ASIDE)
        return canvas.figure

    def _worded(self, view: NetworkView) -> NetworkView:
        """Return the view with titles that the font can show, and figures below them."""
        losses = self.losses or {}
        firms = tuple(
            firm._replace(
                title=shown_text(firm.title) or shown_text(firm.id),
                figure=_figure(firm.value, losses.get(firm.id, 0.0)),
            )
            for firm in view.firms
        )
        return view._replace(firms=firms)

    def _head(self, canvas: Canvas, titles: tuple[str, ...]) -> None:
        for number, line in enumerate(titles):
            canvas.text(RIGHT, canvas.height - 24.0 - _TITLE_STEP * number, line, _TITLE, bold=True)
        network = self.network
        facts = f"As of {network.as_of}; amounts in {network.currency}"
        if self.day is not None and self.day != network.as_of:
            facts += f"; edges valid on {self.day}"
        canvas.text(RIGHT, canvas.height - 22.0 - _TITLE_STEP * len(titles), facts, _FACTS, color=ASIDE)


class _Page:
    """Firms and edges at their places."""

    def __init__(
        self, canvas: Canvas, layout: Layout, view: NetworkView, losses: Mapping[str, float] | None
    ) -> None:
        self._canvas, self._layout, self._view, self._losses = canvas, layout, view, losses
        self._largest = max((edge.amount for edge in view.edges), default=0.0)

    def line_width(self, amount: float) -> float:
        """Return the width of an edge in points: its square goes with the amount."""
        if self._largest <= 0.0:
            return _THINNEST
        return max(_THICKEST * float(np.sqrt(amount / self._largest)), _THINNEST)

    def draw(self) -> None:
        """Draw bands, then edges with those on circles above the others, then firms and amounts."""
        self._bands()
        widths = [self.line_width(edge.amount) for edge in self._view.edges]
        routes = routed(self._layout, self._view.edges, widths)
        for route, width in zip(routes, widths, strict=True):
            self._edge(route, width)
        layout = relabelled(self._layout, routes, widths)
        for placed in layout.firms:
            self._firm(placed)
        for label in labelled(layout, routes):
            x, y = (label.box.left + label.box.right) / 2.0, (label.box.bottom + label.box.top) / 2.0
            colour = mixed(FAMILIES[label.route.edge.family][0], INK, 0.25)
            style = {"ha": "center", "va": "center_baseline", "color": colour, "zorder": 7}
            self._canvas.text(x, y, label.text, SIZE, halo=PAPER, **style)

    def _bands(self) -> None:
        for number, band in enumerate(self._layout.bands):
            height = band.top - band.bottom
            fill = BAND if number % 2 == 0 else PAPER
            self._canvas.rectangle(0.0, band.bottom, self._canvas.width, height, facecolor=fill)
            self._canvas.text(
                RIGHT,
                (band.top + band.bottom) / 2.0,
                ROLES[band.role],
                8.4,
                color=ASIDE,
                bold=True,
                va="center",
            )

    def _edge(self, route: Route, width: float) -> None:
        colour, strong = FAMILIES[route.edge.family][0], self._strong(route.edge)
        shown = colour if strong else mixed(colour, PAPER, _FADED)
        tip, length = route.control[2], 4.5 + 1.3 * width
        gaps = np.hypot(*(route.line - tip).T)
        base = max(int(np.flatnonzero(gaps >= length)[-1]) if (gaps >= length).any() else 0, 1)
        part = base / (len(route.line) - 1)
        start, middle, _ = route.control
        cut = np.array([start, start + part * (middle - start), route.line[base]])
        level = 3.0 if strong else 2.0
        self._canvas.stroke(cut, width, shown, LINES[route.edge.status][0], zorder=level)
        self._canvas.arrow_head(tip, route.line[base], 1.7 + 0.8 * width, shown, zorder=level)

    def _strong(self, edge: DrawnEdge) -> bool:
        if self._losses is None:
            return edge.circular
        return min(self._losses.get(edge.first, 0.0), self._losses.get(edge.second, 0.0)) > 0.01

    def _firm(self, placed: Placed) -> None:
        firm, losses = placed.firm, self._losses
        fill = KINDS[firm.kind][0] if losses is None else loss_colour(losses.get(firm.id, 0.0))
        self._canvas.circle(placed.x, placed.y, placed.radius, fill)
        x = {"center": (placed.label.left + placed.label.right) / 2.0, "left": placed.label.left}.get(
            placed.flush, placed.label.right
        )
        for number, line in enumerate(placed.lines):
            y = placed.label.top - LINE_HEIGHT * (number + 0.5)
            last = number == len(placed.lines) - 1 and bool(firm.figure)
            colour = ink_on(fill) if placed.inside else ASIDE if last else INK
            style = {"ha": placed.flush, "va": "center_baseline", "color": colour}
            self._canvas.text(x, y, line, LETTERS, halo=None if placed.inside else PAPER, **style)


def _figure(value: float, loss: float) -> str:
    """Return what stands below a name: the value, and the loss where it shows."""
    parts = [short_money(value)] if value > 0.0 else []
    if abs(loss) >= 0.0005:
        digits = 0 if abs(loss) >= 0.0995 else 1
        parts.append(f"{-100.0 * loss:+.{digits}f} %".replace("-", "\N{MINUS SIGN}"))
    return ", ".join(parts)
