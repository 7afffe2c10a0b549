"""Where firms stand: a band for each role, in an order such that edges are short and cross little."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.report.lettering import Column, width_of, wrapped
from stresstest.report.network.palette import ROLES
from stresstest.report.network.view import DrawnEdge, DrawnFirm

LETTERS, LINE_HEIGHT = 7.4, 8.8
"""Size of names, and distance of their lines, in points."""

LEFT, RIGHT = 74.0, 16.0
"""Margins of the bands: names of roles stand at the left."""

WIDEST, NARROWEST = 936.0, 740.0
_LARGEST, _SMALLEST = 36.0, 4.5
_NAME_WIDTH, _GAP, _MOST_SPREAD = 74.0, 16.0, 64.0
_MOST_IN_A_ROW = 8
_ROW_GAP = 34.0
_ROUNDS = 12


class Box(NamedTuple):
    """A rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    def raised(self, by: float) -> Box:
        """Return the rectangle moved up."""
        return self._replace(bottom=self.bottom + by, top=self.top + by)

    def within(self, other: Box) -> bool:
        """Tell whether the rectangle lies in another one."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.bottom <= self.bottom and self.top <= other.top

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top


class Placed(NamedTuple):
    """A firm on the page: centre and radius in points, lines of its label, the box they fill, their flush."""

    firm: DrawnFirm
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]
    label: Box
    flush: str = "center"

    @property
    def disc(self) -> Box:
        """Return the square around the circle."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    @property
    def inside(self) -> bool:
        """Tell whether the label stands inside the circle."""
        return self.label.bottom < self.y < self.label.top and self.flush == "center"


class Band(NamedTuple):
    """The rows of one role."""

    role: str
    bottom: float
    top: float


class Layout(NamedTuple):
    """Everything placed, on a page of `width` x `height` points; y goes up."""

    width: float
    height: float
    firms: tuple[Placed, ...]
    bands: tuple[Band, ...]

    @property
    def field(self) -> Box:
        """Return where edges and names may go: right of the roles' names, within the bands."""
        bottom, top = min(band.bottom for band in self.bands), max(band.top for band in self.bands)
        return Box(LEFT - 8.0, bottom + 2.0, self.width - 6.0, top - 2.0)

    def raised(self, by: float) -> Layout:
        """Return the layout moved up."""
        firms = (placed._replace(y=placed.y + by, label=placed.label.raised(by)) for placed in self.firms)
        bands = (band._replace(bottom=band.bottom + by, top=band.top + by) for band in self.bands)
        return self._replace(firms=tuple(firms), bands=tuple(bands))


class _Slot(NamedTuple):
    firm: DrawnFirm
    radius: float
    lines: tuple[str, ...]
    width: float
    inside: bool


def laid_out(firms: Sequence[DrawnFirm], edges: Sequence[DrawnEdge]) -> Layout:
    """Return the places of firms: rows by role from the top, a role of many firms in several rows."""
    largest = max((firm.value for firm in firms), default=0.0)
    slots = [_slot(firm, largest) for firm in firms]
    rows = [row for role in ROLES for row in _rows([slot for slot in slots if slot.firm.role == role])]
    best = _Ordering(rows, edges).improved()
    return _layout(best)


def _slot(firm: DrawnFirm, largest: float) -> _Slot:
    """Return a firm with its circle: its area goes with its value, above the smallest that one can see."""
    radius = _SMALLEST
    if largest > 0.0:
        radius = max(_LARGEST * math.sqrt(max(firm.value, 0.0) / largest), _SMALLEST)
    lines = wrapped(firm.title, Column(LETTERS, _NAME_WIDTH, 2))
    if firm.figure:
        lines = (*lines, firm.figure)
    widest = max(width_of(line, LETTERS) for line in lines)
    inside = math.hypot(widest / 2.0, len(lines) * LINE_HEIGHT / 2.0) < radius - 1.0
    return _Slot(firm, radius, lines, max(2.0 * radius, widest) + _GAP, inside)


def _rows(slots: list[_Slot]) -> list[list[_Slot]]:
    """Split the firms of a role into rows of about equal width that fit the page."""
    if not slots:
        return []
    usable = WIDEST - LEFT - RIGHT
    ordered = sorted(slots, key=lambda slot: (-slot.firm.value, slot.firm.id))
    count = max(math.ceil(len(slots) / _MOST_IN_A_ROW), math.ceil(sum(slot.width for slot in slots) / usable))
    while True:
        rows = [ordered[number::count] for number in range(count)]
        if all(sum(slot.width for slot in row) <= usable for row in rows):
            return rows
        count += 1


def _height(row: Sequence[_Slot]) -> tuple[float, float]:
    """Return the space of a row above and below its centres, its gap included."""
    above = max(slot.radius for slot in row)
    below = max(slot.radius if slot.inside else slot.radius + _label_height(slot) for slot in row)
    return above + _ROW_GAP / 2.0, below + _ROW_GAP / 2.0


def _label_height(slot: _Slot) -> float:
    return 2.0 + LINE_HEIGHT * len(slot.lines)


def _page_width(rows: Sequence[Sequence[_Slot]]) -> float:
    widest = max(sum(slot.width for slot in row) for row in rows)
    return min(max(widest + LEFT + RIGHT, NARROWEST), WIDEST)


def _across(row: Sequence[_Slot], page: float) -> Iterator[float]:
    """Yield the centres of the firms of a row from the left: in the middle of the page, spread a little."""
    usable = page - LEFT - RIGHT
    free = usable - sum(slot.width for slot in row)
    spread = min(free / len(row), _MOST_SPREAD)
    at = LEFT + (usable - sum(slot.width for slot in row) - spread * len(row)) / 2.0
    for slot in row:
        yield at + (slot.width + spread) / 2.0
        at += slot.width + spread


def _layout(rows: Sequence[Sequence[_Slot]]) -> Layout:
    page = _page_width(rows)
    heights = [_height(row) for row in rows]
    total = sum(above + below for above, below in heights)
    placed: list[Placed] = []
    bands: dict[str, Band] = {}
    top = total
    for row, (above, below) in zip(rows, heights, strict=True):
        role, y, bottom = row[0].firm.role, top - above, top - above - below
        placed += [_placed(slot, x, y) for slot, x in zip(row, _across(row, page), strict=True)]
        bands[role] = bands[role]._replace(bottom=bottom) if role in bands else Band(role, bottom, top)
        top = bottom
    return Layout(page, total, tuple(placed), tuple(bands.values()))


def _placed(slot: _Slot, x: float, y: float) -> Placed:
    half = max(width_of(line, LETTERS) for line in slot.lines) / 2.0
    height = LINE_HEIGHT * len(slot.lines)
    top = y + height / 2.0 if slot.inside else y - slot.radius - 2.0
    return Placed(slot.firm, x, y, slot.radius, slot.lines, Box(x - half, top - height, x + half, top))


class _Ordering:
    """Rows of firms, improved by swapping two firms of one role as long as that helps."""

    def __init__(self, rows: list[list[_Slot]], edges: Sequence[DrawnEdge]) -> None:
        self._rows = [list(row) for row in rows]
        ids = [slot.firm.id for row in rows for slot in row]
        self._place = {firm: number for number, firm in enumerate(ids)}
        self._ends = np.array(
            [(self._place[edge.first], self._place[edge.second]) for edge in edges], dtype=np.int64
        ).reshape(-1, 2)
        largest = max((edge.amount for edge in edges), default=0.0) or 1.0
        weights = [
            (2.0 if edge.circular else 1.0) * (0.2 + math.sqrt(edge.amount / largest)) for edge in edges
        ]
        self._weights = np.array(weights)

    def improved(self) -> list[list[_Slot]]:
        """Return the rows after swaps, tried in a fixed order, until none makes the drawing clearer."""
        best = self._cost()
        for _ in range(_ROUNDS):
            before = best
            for one, other in self._swaps():
                self._swap(one, other)
                cost = self._cost()
                if cost < best - 1e-9:
                    best = cost
                else:
                    self._swap(one, other)
            if best == before:
                break
        return self._rows

    def _swaps(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        seats = [(row, seat) for row, slots in enumerate(self._rows) for seat in range(len(slots))]
        role = [slots[0].firm.role for slots in self._rows]
        return [(one, other) for one, other in combinations(seats, 2) if role[one[0]] == role[other[0]]]

    def _swap(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        rows = self._rows
        rows[one[0]][one[1]], rows[other[0]][other[1]] = rows[other[0]][other[1]], rows[one[0]][one[1]]

    def _cost(self) -> float:
        """Return the weighted length of the edges, more for each firm in their way and each crossing."""
        if not len(self._weights):
            return 0.0
        if any(sum(slot.width for slot in row) > WIDEST - LEFT - RIGHT for row in self._rows):
            return math.inf
        points, radii = self._points()
        start, end = points[self._ends[:, 0]], points[self._ends[:, 1]]
        length = np.hypot(*(end - start).T)
        passed = _passed(start, end, points, radii, self._ends)
        crossed = _crossings(start, end, self._weights)
        return float(self._weights @ (length + 45.0 * passed)) + 25.0 * crossed

    def _points(self) -> tuple[FloatArray, FloatArray]:
        points, radii = np.empty((len(self._place), 2)), np.empty(len(self._place))
        page, top = _page_width(self._rows), 0.0
        for row in self._rows:
            above, below = _height(row)
            for slot, x in zip(row, _across(row, page), strict=True):
                number = self._place[slot.firm.id]
                points[number] = x, top - above
                radii[number] = slot.radius
            top -= above + below
        return points, radii


def _passed(
    start: FloatArray, end: FloatArray, points: FloatArray, radii: FloatArray, ends: np.ndarray
) -> FloatArray:
    """Return `(n_edges,)` the number of other firms that each straight edge runs through."""
    along = end - start
    squared = np.maximum((along**2).sum(axis=1), 1e-9)
    to_firm = points[None, :, :] - start[:, None, :]
    at = np.clip((to_firm * along[:, None, :]).sum(axis=2) / squared[:, None], 0.0, 1.0)
    distance = np.hypot(*np.moveaxis(to_firm - at[:, :, None] * along[:, None, :], 2, 0))
    near = distance < radii[None, :] + 6.0
    rows = np.arange(len(ends))
    near[rows, ends[:, 0]] = near[rows, ends[:, 1]] = False
    return np.asarray(near.sum(axis=1), dtype=np.float64)


def _crossings(start: FloatArray, end: FloatArray, weights: FloatArray) -> float:
    """Return the number of crossings of straight edges, each with the smaller weight of its two edges."""

    def side(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
        return np.sign(
            (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
            - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
        )

    a, b, c, d = start[:, None], end[:, None], start[None], end[None]
    across = (side(a, b, c) * side(a, b, d) < 0.0) & (side(c, d, a) * side(c, d, b) < 0.0)
    return float((across * np.minimum(weights[:, None], weights[None])).sum()) / 2.0
