"""Tree of plain data from YAML events, iteratively, with the position of every key and value."""

from __future__ import annotations

from typing import Any, TypeAlias

from yaml import events

from stresstest.errors import Location, Problem
from stresstest.io.files import MAX_PROBLEMS
from stresstest.io.scalars import plain_scalar

MAX_DEPTH = 64
MAX_SCALAR_LENGTH = 1 << 20

Mark: TypeAlias = tuple[int, ...]
"""(line, column) of a value, counted from 0; in a mapping (line, column, line of key, column of key)."""

_YAML_TAGS = "tag:yaml.org,2002:"


class _Frame:
    """A collection that is being filled."""

    __slots__ = ("items", "key", "key_mark", "marks")

    def __init__(self, items: Any, marks: Any) -> None:
        self.items = items
        self.marks = marks
        self.key: str | None = None
        self.key_mark: Mark = (0, 0)


class TreeBuilder:
    """Builds one document from events; `problems` holds what is wrong with it, `root` and `marks` the result.

    `marks` maps the `id` of every collection to the marks of its entries.
    """

    def __init__(self, file: str, max_nodes: int) -> None:
        self.file = file
        self.root: Any = None
        self.root_mark: Mark = (0, 0)
        self.marks: dict[int, Any] = {}
        self.problems: list[Problem] = []
        self.documents = 0
        self._max_nodes = max_nodes
        self._nodes = 0
        self._open: list[_Frame] = []
        self._takers = {
            events.ScalarEvent: self._scalar,
            events.MappingStartEvent: self._collection,
            events.SequenceStartEvent: self._collection,
            events.MappingEndEvent: self._close,
            events.SequenceEndEvent: self._close,
            events.AliasEvent: self._alias,
            events.DocumentStartEvent: self._document,
        }

    def feed(self, event: Any) -> bool:
        """Take the next event; return whether more are wanted."""
        taker = self._takers.get(type(event))
        return taker is None or taker(event)

    def _document(self, event: Any) -> bool:
        self.documents += 1
        if self.documents > 1:
            self._refuse(event, "ST117", "second document", "one YAML document a file")
            return False
        if event.tags:
            self._refuse(event, "ST116", "tag directive", "a document without tags")
        return True

    def _scalar(self, event: Any) -> bool:
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        text = event.value
        if len(text) > MAX_SCALAR_LENGTH:
            limit = f"at most {MAX_SCALAR_LENGTH:,}"
            self._refuse(event, "ST114", f"value of {len(text):,} characters", limit)
        frame = self._open[-1] if self._open else None
        if frame is not None and frame.key is None and type(frame.items) is dict:
            return self._key(event, frame)
        value = text if event.style else plain_scalar(text)
        if type(value) is Problem:
            mark = event.start_mark
            self.problems.append(value.at(Location(self.file, mark.line + 1, mark.column + 1)))
            value = None
        return self._attach(value, event)

    def _key(self, event: Any, frame: _Frame) -> bool:
        key, mark = event.value, event.start_mark
        if not event.style and key == "<<":
            self._refuse(event, "ST119", "merge key '<<'", "the fields written out")
        elif not event.style and not key:
            self._refuse(event, "ST120", "empty key", "a key of plain text")
        elif key in frame.items:
            first = frame.marks[key][2] + 1
            self._refuse(
                event, "ST118", f"key {key[:64]!r} a second time (first in line {first})", "each key once"
            )
        frame.key = key
        frame.key_mark = (mark.line, mark.column)
        return True

    def _collection(self, event: Any) -> bool:
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        if len(self._open) == MAX_DEPTH:
            self._refuse(event, "ST112", f"nesting deeper than {MAX_DEPTH}", f"at most {MAX_DEPTH} levels")
            return False
        is_mapping = type(event) is events.MappingStartEvent
        frame = _Frame({}, {}) if is_mapping else _Frame([], [])
        more = self._attach(frame.items, event)
        self.marks[id(frame.items)] = frame.marks
        self._open.append(frame)
        return more

    def _close(self, event: Any) -> bool:
        self._open.pop()
        return True

    def _alias(self, event: Any) -> bool:
        self._refuse(event, "ST115", f"alias '*{event.anchor[:64]}'", "the value written out")
        return self._attach(None, event)

    def _attach(self, value: Any, event: Any) -> bool:
        """Put a value into the open collection; return whether the document may go on."""
        mark = event.start_mark
        if not self._open:
            self.root, self.root_mark = value, (mark.line, mark.column)
        else:
            frame = self._open[-1]
            if type(frame.items) is list:
                frame.items.append(value)
                frame.marks.append((mark.line, mark.column))
            elif frame.key is None:
                self._refuse(event, "ST120", "key that is no plain text", "a key of plain text")
                frame.key, frame.key_mark = "", (mark.line, mark.column)
            else:
                frame.items[frame.key] = value
                frame.marks[frame.key] = (mark.line, mark.column, *frame.key_mark)
                frame.key = None
        self._nodes += 1
        if self._nodes > self._max_nodes:
            advice = f"at most {self._max_nodes:,}; give large position lists as CSV or Parquet"
            self._refuse(event, "ST113", f"more than {self._max_nodes:,} values", advice)
            return False
        return len(self.problems) < MAX_PROBLEMS

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(event, "ST115", f"anchor '&{event.anchor[:64]}'", "the value without a name")
        if event.tag is not None:
            tag = event.tag[:96].replace(_YAML_TAGS, "!!")
            self._refuse(event, "ST116", f"tag {tag!r}", "the value without a tag")

    def _refuse(self, event: Any, code: str, got: str, expected: str) -> None:
        mark = event.start_mark
        self.problems.append(
            Problem(code, got, expected, Location(self.file, mark.line + 1, mark.column + 1))
        )
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(
                Problem("ST123", "more problems than are listed", location=Location(self.file))
            )
