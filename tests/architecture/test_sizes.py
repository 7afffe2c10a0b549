"""Sizes that keep files and functions readable."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.architecture.source_tree import files_of_tests, is_kernel_file, relative, source_files, tree

FILE_LINES, TEST_FILE_LINES = 400, 500
BODY_LINES, KERNEL_BODY_LINES = 25, 60
PARAMETERS = 5
NESTING = 3

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)


def functions(file: Path) -> list[Function]:
    return [node for node in ast.walk(tree(file)) if isinstance(node, Function)]


def body_lines(function: Function, lines: list[str]) -> int:
    """Count the lines of the body that hold code: no docstring, blank line or comment line."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    code = (line.strip() for line in lines[body[0].lineno - 1 : function.end_lineno])
    return sum(1 for line in code if line and not line.startswith("#"))


def parameters(function: Function) -> list[str]:
    arguments = function.args
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in named if name not in ("self", "cls")]


def depth(node: ast.AST) -> int:
    """Return how deep blocks nest below `node`: an `elif` as deep as its `if`, a nested function anew."""
    deepest = 0
    for name, value in ast.iter_fields(node):
        children = [
            child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)
        ]
        for child in children:
            is_elif = name == "orelse" and isinstance(node, ast.If) and isinstance(child, ast.If)
            if not isinstance(child, Function):
                deepest = max(deepest, depth(child) + (isinstance(child, BLOCKS) and not is_elif))
    return deepest


def say(file: Path, function: Function, figure: object) -> str:
    return f"{relative(file)}:{function.lineno} {function.name}: {figure}"


@pytest.mark.parametrize("file", source_files(), ids=relative)
def test_source_file_is_readable(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    longest = KERNEL_BODY_LINES if is_kernel_file(file) else BODY_LINES
    assert len(lines) <= FILE_LINES
    found = functions(file)
    assert not [say(file, f, n) for f in found if (n := body_lines(f, lines)) > longest]
    assert not [say(file, f, p) for f in found if len(p := parameters(f)) > PARAMETERS]
    assert not [say(file, f, n) for f in found if (n := depth(f)) > NESTING]


@pytest.mark.parametrize("file", files_of_tests(), ids=relative)
def test_test_file_is_readable(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= TEST_FILE_LINES


def test_the_measures_see_what_they_measure() -> None:
    source = (
        "def f(a, b, *, c):\n    '''Doc.'''\n    # why\n\n    for i in a:\n        if i:\n            pass\n"
        "        elif b:\n            pass\n"
    )
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert body_lines(function, source.splitlines()) == 5
    assert parameters(function) == ["a", "b", "c"]
    assert depth(function) == 2
