"""YAML documents as plain data with the line and column of every value.

pyyaml's event stream feeds an iterative builder: nothing recurses, so nesting cannot crash the interpreter
(the composer of the C loader can), nothing is constructed, and positions come with the events. What YAML
allows but files need not (anchors, aliases, tags, merge keys, several documents, duplicate keys) is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import yaml

from stresstest.errors import InputError, Location, Problem
from stresstest.io.builder import Mark, TreeBuilder
from stresstest.io.files import MEBIBYTE, decode_text, read_bytes, require_printable, require_size
from stresstest.io.yaml_errors import syntax_problems

MAX_BYTES = 16 * MEBIBYTE
MAX_NODES = 1_000_000
_ADVICE = "; give large position lists as CSV or Parquet"

# libyaml's parser where pyyaml was built with it (five times faster), else its Python twin: the same events.
_EVENT_SOURCE: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

DataPath: TypeAlias = tuple[str | int, ...]


class Locate(Protocol):
    """Gives the place of the value at a path, or of its key."""

    def __call__(self, path: DataPath, key: bool = False) -> Location:
        """Return the location of the value at `path`, of its key if `key`."""


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data (dict with text keys, list, str, bool, int, float, date, None) and its places."""

    file: str
    data: Any
    _marks: dict[int, Any]
    _root: Mark

    def location(self, path: DataPath, key: bool = False) -> Location:
        """Return where the value at `path` (its key, if `key`) stands.

        A part of the path that the document lacks is passed over, so that a missing field is located at the
        mapping that should hold it.
        """
        node, mark, is_key = self.data, self._root, False
        for part in path:
            try:
                marks, below = self._marks[id(node)][part], node[part]
            except (KeyError, IndexError, TypeError):
                is_key = False
                continue
            is_key = len(marks) == 4
            mark, node = marks, below
        line, column = mark[2:] if is_key and key else mark[:2]
        return Location(self.file, line + 1, column + 1)

    def locator(self, *prefix: str | int) -> Locate:
        """Return the locate function of the part of the document below `prefix`."""
        return partial(_locate_below, self, prefix)

    def under(self, key: str, beside: Mapping[str, Any]) -> Document:
        """Return the document as if this one stood below `key`, with the values of `beside` next to it."""
        data = {**beside, key: self.data}
        return Document(self.file, data, {**self._marks, id(data): {key: self._root}}, self._root)


def _locate_below(document: Document, prefix: DataPath, path: DataPath, key: bool = False) -> Location:
    return document.location((*prefix, *path), key)


def read_document(source: Path, *, file: str | None = None) -> Document:
    """Read one YAML document from a regular file; `file` is what problems call it.

    Raises
    ------
    InputError
        ST100-ST123 with every problem that one pass can find.
    """
    name = file or str(source)
    return parse_document(read_bytes(source, MAX_BYTES, _ADVICE, name), name)


def parse_document(text: str | bytes, file: str) -> Document:
    """Parse one YAML document; bytes must be UTF-8, a byte-order mark is accepted.

    Raises
    ------
    InputError
        ST103-ST123 with every problem that one pass can find.
    """
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    require_size(content, file, MAX_BYTES, _ADVICE)
    if isinstance(text, bytes):
        text = decode_text(text, file)
    else:
        require_printable(text, file)
    builder = TreeBuilder(file, MAX_NODES)
    try:
        for event in yaml.parse(text, Loader=_EVENT_SOURCE):
            if not builder.feed(event):
                break
    except yaml.YAMLError as error:
        builder.problems.extend(syntax_problems(error, text, file))
    if not builder.problems and not builder.documents:
        builder.problems.append(Problem("ST104", "file without content", "a document", Location(file)))
    if builder.problems:
        raise InputError(builder.problems)
    return Document(file, builder.root, builder.marks, builder.root_mark)
