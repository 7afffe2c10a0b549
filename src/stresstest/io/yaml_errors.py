"""What pyyaml's scanner and parser complain of, in words that say what to do."""

from __future__ import annotations

import re

import yaml

from stresstest.errors import Location, Problem
from stresstest.io.files import MAX_PROBLEMS, position

_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)
_HINTS: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "one `key: value` a line; quote a text that holds `: `"),
    ("could not find expected ':'", "`key: value`, with the same indentation as its neighbours"),
    ("unexpected end of stream", "a closing quote"),
    ("did not find expected ',' or ']'", "a list like [a, b]; quote a text that begins with `[`"),
    ("did not find expected ',' or '}'", "a mapping like {a: 1, b: 2}; quote a text that begins with `{`"),
    ("did not find expected '-' indicator", "list entries with the same indentation"),
    ("did not find expected key", "keys with the same indentation"),
    ("cannot start any token", "text in quotes when it begins with %, @ or `"),
    ("unknown escape character", "single quotes where a backslash is meant as such"),
    ("block sequence entries are not allowed", "a list below its key, on lines of its own"),
)


def syntax_problems(error: yaml.YAMLError, text: str, file: str) -> list[Problem]:
    """Return the problem that stopped the parser, or every tab in the indentation when one of them did."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return [Problem("ST110", f"malformed YAML ({error})", "YAML 1.2", Location(file))]
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or "malformed YAML"
    if "end of stream" in reason and error.context_mark is not None:
        mark = error.context_mark
    tabs = list(_TAB_INDENT.finditer(text))
    lines = {position(text, tab.start(), file).line for tab in tabs[:MAX_PROBLEMS]}
    if mark is not None and lines & {mark.line, mark.line + 1}:
        return [_tab(text, tab, file) for tab in tabs[:MAX_PROBLEMS]]
    hint = next((hint for part, hint in _HINTS if part in reason), "")
    context = f" {error.context}" if error.context and error.context not in reason else ""
    where = Location(file, mark.line + 1, mark.column + 1) if mark is not None else Location(file)
    return [Problem("ST110", f"malformed YAML: {reason}{context}", hint, where)]


def _tab(text: str, tab: re.Match[str], file: str) -> Problem:
    where = position(text, tab.start() + tab[0].index("\t"), file)
    return Problem("ST111", "tab in the indentation", "spaces", where)
