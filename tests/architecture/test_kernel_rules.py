"""Rules that keep every price at the same bits: one decorator, no fast-math, no libm or BLAS."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.architecture.source_tree import PACKAGE, is_kernel_file, relative, source_files, tree

# Bits of these depend on the CPU or the library; those of `kernels.exp`, `log`, `fma` and of `sqrt` do not.
_SHARED = {"exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tanh"}
FORBIDDEN = {
    "np": {
        *_SHARED,
        "power",
        "float_power",
        "dot",
        "matmul",
        "einsum",
        "tensordot",
        "inner",
        "vdot",
        "interp",
    },
    "math": {*_SHARED, "pow", "erf", "erfc"},
}
GROUND = {"kernels", "conventions", "market", "instruments"}
PRICED = {*GROUND, "networks", "portfolio", "scenarios", "revaluation", "measures"}
JIT = PACKAGE / "kernels" / "_jit.py"


def priced_files() -> list[Path]:
    return [file for file in source_files() if file.relative_to(PACKAGE).parts[0] in PRICED]


def compiled_files() -> list[Path]:
    return [file for file in source_files() if is_kernel_file(file) and file != JIT]


def breaches(module: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in FORBIDDEN.get(node.value.id, ()):
                found.append(f"line {node.lineno}: {node.value.id}.{node.attr}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            found.append(f"line {node.lineno}: @")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and not is_exact(node):
            found.append(f"line {node.lineno}: **")
    return sorted(found)


def is_exact(power: ast.BinOp) -> bool:
    """Tell whether the power is one of literals, such as 2**52, folded when the module is compiled."""
    return isinstance(power.left, ast.Constant) and isinstance(power.right, ast.Constant)


@pytest.mark.parametrize("file", priced_files(), ids=relative)
def test_no_arithmetic_with_bits_of_the_machine(file: Path) -> None:
    assert breaches(tree(file)) == []


def test_the_rule_sees_breaches() -> None:
    module = ast.parse("a = np.exp(x)\nb = math.log(x)\nc = x ** 0.5\nd = a @ b\ne = 2**52\n")
    assert breaches(module) == ["line 1: np.exp", "line 2: math.log", "line 3: **", "line 4: @"]


@pytest.mark.parametrize("file", compiled_files(), ids=relative)
def test_compiled_functions_carry_the_decorators_of_kernels(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef):
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            assert decorators <= {"kernel", "part", "property", "staticmethod", "classmethod"}, node.name


@pytest.mark.parametrize("file", source_files(), ids=relative)
def test_compilation_flags_stand_in_one_place(file: Path) -> None:
    calls = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Call)]
    keywords = {(keyword.arg, ast.unparse(keyword.value)) for call in calls for keyword in call.keywords}
    names = {name for name, _ in keywords}
    assert "fastmath" not in names
    assert ("parallel", "True") not in keywords
    if file != JIT:
        assert not names & {"nopython", "nogil", "error_model"}
