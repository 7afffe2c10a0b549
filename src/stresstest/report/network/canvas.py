"""A page in points on which lines, circles and text are put: what drawings need of matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from stresstest.arrays import FloatArray
from stresstest.report.lettering import font
from stresstest.report.network.palette import INK, PAPER

_POINTS_PER_INCH = 72.0


class Canvas:
    """A white page of `width` x `height` points, origin at the lower left.

    Text is put as it is: nothing in it is read as mathematics or markup.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / _POINTS_PER_INCH, height / _POINTS_PER_INCH), facecolor=PAPER)
        self._axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._axes.set_xlim(0.0, width)
        self._axes.set_ylim(0.0, height)

    def text(self, x: float, y: float, text: str, size: float, **style: Any) -> None:
        """Put text with its baseline, or as `va` says, at a point; `halo` is a colour around the letters."""
        halo = style.pop("halo", None)
        style.setdefault("color", INK)
        style.setdefault("va", "baseline")
        bold = style.pop("bold", False)
        item = self._axes.text(
            x,
            y,
            text,
            fontproperties=font(bold),
            size=size,
            parse_math=False,
            zorder=style.pop("zorder", 6),
            **style,
        )
        if halo is not None:
            item.set_path_effects([withStroke(linewidth=2.2, foreground=halo)])

    def circle(self, x: float, y: float, radius: float, fill: str, zorder: float = 4) -> None:
        """Put a filled circle with a thin dark rim."""
        rim = {"edgecolor": "#4d4d4d", "linewidth": 0.7}
        self._axes.add_patch(Circle((x, y), radius, facecolor=fill, zorder=zorder, **rim))

    def rectangle(self, left: float, bottom: float, width: float, height: float, **style: Any) -> None:
        """Put a filled rectangle without a rim."""
        style.setdefault("zorder", 0)
        self._axes.add_patch(Rectangle((left, bottom), width, height, linewidth=0.0, **style))

    def stroke(self, points: FloatArray, width: float, colour: str, dashes: Any, zorder: float = 2) -> None:
        """Put a line: two points are straight, three a quadratic Bézier curve."""
        codes = [Path.MOVETO, Path.LINETO] if len(points) == 2 else [Path.MOVETO, Path.CURVE3, Path.CURVE3]
        patch = PathPatch(
            Path(points, codes),
            fill=False,
            edgecolor=colour,
            linewidth=width,
            linestyle=dashes,
            capstyle="butt",
            zorder=zorder,
        )
        self._axes.add_patch(patch)

    def arrow_head(
        self, tip: FloatArray, base: FloatArray, half: float, colour: str, zorder: float = 2
    ) -> None:
        """Put a filled triangle that points from `base` to `tip`."""
        along = (tip - base) / max(float(np.hypot(*(tip - base))), 1e-9)
        across = half * np.array([-along[1], along[0]])
        corners = [tip, base + across, base - across]
        self._axes.add_patch(Polygon(corners, closed=True, facecolor=colour, linewidth=0.0, zorder=zorder))
