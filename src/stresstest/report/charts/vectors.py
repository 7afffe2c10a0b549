"""Figures of matplotlib as SVG within a page: no style attributes, no dates, colours that the page decides.

A strict Content-Security-Policy allows no `style=`; what matplotlib writes there becomes attributes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from matplotlib.axes import Axes

from stresstest.io.sanitise import terminal_text
from stresstest.report.charts import style
from stresstest.report.figures import own_settings

_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_VARIABLES = {
    style.INK: "ink",
    style.ASIDE: "aside",
    style.FAINT: "faint",
    style.PAPER: "paper",
    style.LOSS: "loss",
    style.LOSS_SOFT: "loss-soft",
    style.GAIN: "gain",
    style.GAIN_SOFT: "gain-soft",
    style.ACCENT: "accent",
}
_FONT = re.compile(r"(?:(bold|[1-9]00) )?([\d.]+)px")
_POINTS_OF = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = ("metadata", "style")


def inline_svg(draw: Callable[[], Axes], anchor: str, title: str, description: str) -> str:
    """Return a drawing as an `svg` element with a title and a description that screen readers read.

    Parameters
    ----------
    draw
        Gives the axes; their whole figure is drawn.
    anchor
        Prefix of every id, unique within the page.
    """
    stream = io.BytesIO()
    with own_settings(texts=True):
        figure = draw().figure
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)  # type: ignore[union-attr]
    root = ET.fromstring(stream.getvalue())  # noqa: S314 - written by matplotlib a line above
    _cleaned(root, anchor)
    _described(root, anchor, title, description)
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)


def _cleaned(root: ET.Element, anchor: str) -> None:
    for parent in list(root.iter()):
        for child in [one for one in parent if _name(one) in _DROPPED]:
            parent.remove(child)
    for element in root.iter():
        _presented(element)
        _renamed(element, anchor)
        for name in ("d", "x", "y", "transform", "points"):
            if name in element.attrib:
                element.set(name, _POINTS_OF.sub(_shorter, element.attrib[name]))
        element.tail = None
        if _name(element) != "text":
            element.text = None


def _name(element: ET.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def _presented(element: ET.Element) -> None:
    """Turn the style of an element into attributes, and our colours into the page's."""
    stated = element.attrib.pop("style", "")
    for declaration in filter(None, (part.strip() for part in stated.split(";"))):
        name, _, value = declaration.partition(":")
        _set(element, name.strip(), value.strip())
    for name in ("fill", "stroke", "stop-color"):
        variable = _VARIABLES.get(element.attrib.get(name, "").lower())
        if variable is not None:
            element.set(name, f"var(--{variable})")
    if _name(element) == "text" and "fill" not in element.attrib:
        element.set("fill", "var(--ink)")


def _set(element: ET.Element, name: str, value: str) -> None:
    if name == "font":
        found = _FONT.search(value)
        if found is not None:
            element.set("font-size", found[2])
            if found[1]:
                element.set("font-weight", found[1])
    else:
        element.set(name, value)


def _renamed(element: ET.Element, anchor: str) -> None:
    """Make ids, and what points to them, unique within the page."""
    used = "id" in element.attrib and _name(element) in ("path", "clipPath", "pattern", "g")
    if "id" in element.attrib:
        element.set("id", f"{anchor}-{element.attrib['id']}")
    if used and _name(element) == "g":
        del element.attrib["id"]  # nothing points to a group
    link = element.attrib.pop(f"{{{_LINK}}}href", "")
    if link:
        element.set("href", f"#{anchor}-{link.removeprefix('#')}")
    for name, value in list(element.attrib.items()):
        if value.startswith("url(#"):
            element.set(name, f"url(#{anchor}-{value.removeprefix('url(#')}")


def _described(root: ET.Element, anchor: str, title: str, description: str) -> None:
    """Give the drawing a role, a title and a description, and the size of its page."""
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {"role": "img", "aria-labelledby": f"{anchor}-title {anchor}-desc", "class": "chart"}
    named = ET.Element(f"{{{_SVG}}}title", {"id": f"{anchor}-title"})
    named.text = terminal_text(title)
    told = ET.Element(f"{{{_SVG}}}desc", {"id": f"{anchor}-desc"})
    told.text = terminal_text(description)
    root.insert(0, told)
    root.insert(0, named)
