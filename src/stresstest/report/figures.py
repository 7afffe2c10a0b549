"""Figures as files: SVG, PNG and PDF, the same bytes for the same drawing whatever the reader's settings."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.figure import Figure

_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None, "Creator": "stresstest"},
    ".png": {"Software": None},
    ".pdf": {"CreationDate": None, "Creator": "stresstest", "Producer": None},
}
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "stresstest",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": False,
}
_DOTS_PER_INCH = 200


def figure_bytes(draw: Callable[[], Figure], suffix: str) -> bytes:
    """Return a figure as the content of a file of the format that `suffix` names: `.svg`, `.png`, `.pdf`.

    The reader's own matplotlib settings do not count, and the file says no time and no version.
    """
    stream = io.BytesIO()
    with own_settings():
        figure = draw()
        figure.savefig(
            stream, format=suffix.removeprefix("."), dpi=_DOTS_PER_INCH, metadata=_METADATA[suffix]
        )
    return stream.getvalue()


@contextmanager
def own_settings(*, texts: bool = False) -> Iterator[None]:
    """Set matplotlib to our own settings within, and back to the host's afterwards.

    Parameters
    ----------
    texts
        Whether text stays text in SVG, in the fonts of who looks at it.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS | ({"svg.fonttype": "none"} if texts else {}))
        yield
