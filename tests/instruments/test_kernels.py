"""One suite over the catalog, below the engine: oracle, bits, columns and shape of every instrument type."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.fixtures.examples import digests, examples, moves
from tests.fixtures.unit_values import columns_of, kernel_of, unit_values

from stresstest.catalog import instrument_types
from stresstest.io.field_docs import add_descriptions
from stresstest.market.keys import RiskFactorKey

ROOT = Path(__file__).parents[2]
TYPES = instrument_types()
on_every_type = pytest.mark.parametrize("tag", list(TYPES))


@on_every_type
def test_values_are_those_of_the_types_oracle(tag: str) -> None:
    """`tests/oracle/<tag>.py` has `unit_value(spec, market, level)` and the tolerance that it is good for."""
    oracle = import_module(f"tests.oracle.{tag}")
    specs, market = examples(tag)
    assert len(specs) > 0
    columns = moves(market, 4)
    values = unit_values(TYPES[tag], specs, market, columns)
    for j, move in enumerate(columns):

        def level(kind: str, name: str, tenor: str = "", move=move) -> float:
            key = RiskFactorKey(kind, name, tenor)
            return move.get(key, market.levels[key])

        for i, spec in enumerate(specs):
            expected, size = oracle.unit_value(spec, market, level)
            error = abs(values[i, j] - expected)
            assert error <= oracle.SIZE_TOLERANCE * size, (spec, expected, values[i, j], error / size)


@on_every_type
def test_a_value_does_not_depend_on_the_width_of_its_block(tag: str) -> None:
    specs, market = examples(tag)
    columns = moves(market, 40)
    whole = unit_values(TYPES[tag], specs, market, columns)
    for width in range(1, 41):
        part = unit_values(TYPES[tag], specs, market, columns[:width])
        assert part.tobytes() == np.ascontiguousarray(whole[:, :width]).tobytes(), width


@on_every_type
def test_a_kernel_is_compiled_once(tag: str) -> None:
    specs, market = examples(tag)
    for width in (1, 3, 600):
        unit_values(TYPES[tag], specs, market, [{}] * width)
    assert len(kernel_of(TYPES[tag]).signatures) == 1


def arrays(path: str, columns: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(columns, tuple):
        names = getattr(columns, "_fields", range(len(columns)))
        for name, value in zip(names, columns, strict=True):
            yield from arrays(f"{path}.{name}", value)
    else:
        yield path, columns


@on_every_type
def test_columns_are_frozen_contiguous_arrays(tag: str) -> None:
    found = list(arrays(tag, columns_of(TYPES[tag], *examples(tag))[0]))
    assert found
    for path, array in found:
        assert array.dtype in (np.float64, np.int64), path
        assert array.flags.c_contiguous, path
        assert not array.flags.writeable, path


@on_every_type
def test_the_folder_has_the_one_shape(tag: str) -> None:
    folder = ROOT / "src" / "stresstest" / "instruments" / tag
    present = {file.name for file in folder.glob("*.py")}
    assert {"__init__.py", "spec.py", "columns.py", "compile.py", "kernel.py"} <= present
    assert TYPES[tag].summary
    add_descriptions(TYPES[tag].spec)
    assert all(field.description for field in TYPES[tag].spec.model_fields.values())
    assert list((ROOT / "tests" / "instruments" / tag).glob("test_*.py"))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"NUMBA_DISABLE_JIT": "1"}, id="plain Python"),
        pytest.param(
            {"NUMBA_CPU_NAME": "haswell"},
            id="haswell",
            marks=pytest.mark.skipif(
                platform.machine() not in {"x86_64", "AMD64"}, reason="a processor of another family"
            ),
        ),
    ],
)
def test_another_process_gives_the_same_bits(environment: dict[str, str]) -> None:
    settings = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment}
    command = [sys.executable, "-W", "error", str(ROOT / "tests" / "fixtures" / "examples.py")]
    result = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == digests()
