"""What is drawn of a network, step by step, and places of texts as the renderer measures them."""

from __future__ import annotations

from functools import cache

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from tests.networks.graphs import DAY

from stresstest.networks.model import Network
from stresstest.report.lettering import short_money
from stresstest.report.network.layout import Layout, laid_out
from stresstest.report.network.routing import Route, routed
from stresstest.report.network.view import NetworkView, view_of


@cache
def steps(network: Network) -> tuple[NetworkView, Layout, tuple[Route, ...]]:
    view = view_of(network, DAY)
    view = view._replace(firms=tuple(firm._replace(figure=short_money(firm.value)) for firm in view.firms))
    layout = laid_out(view.firms, view.edges)
    return view, layout, routed(layout, view.edges, [1.0] * len(view.edges))


def texts(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return every text of a figure with left, bottom, right, top in points."""
    figure.set_dpi(200.0)
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = []
    for text in figure.findobj(Text):
        if text.get_text():
            box = text.get_window_extent(renderer)
            scale = 72.0 / figure.dpi
            found.append((text.get_text(), (box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale)))
    return found
