"""The decorators of kernels and their parts, and the fused multiply-add; alone in importing numba.

Under `NUMBA_DISABLE_JIT=1` numba is not imported at all and `kernel` and `part` return the plain function.
"""

from __future__ import annotations

import dis
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

COMPILED: bool = os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
"""Whether kernels are compiled in this process."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def fma(a: float, b: float, c: float) -> float:
    """Return a·b + c, rounded once.

    This body serves plain Python: exact integer arithmetic and one correctly rounded division give the bits
    of the processor's instruction, subnormals and signed zeros included. Compiled code calls the
    instruction (`llvm.fma.f64`) instead. Writing it out, and never a flag that lets the compiler contract,
    keeps scalar and vector loops, processors and plain Python at the same bits.

    Examples
    --------
    >>> fma(1.0 + 2.0**-30, 1.0 - 2.0**-30, -1.0)
    -8.673617379884035e-19
    """
    a, b, c = float(a), float(b), float(c)
    finite = a - a == 0.0 and b - b == 0.0
    if not finite or c - c != 0.0:
        return c + (0.0 if finite else a * b)
    if a == 0.0 or b == 0.0:
        return a * b + c
    a_top, a_bottom = a.as_integer_ratio()
    b_top, b_bottom = b.as_integer_ratio()
    c_top, c_bottom = c.as_integer_ratio()
    bottom = a_bottom * b_bottom
    top = a_top * b_top * c_bottom + c_top * bottom
    try:
        return top / (bottom * c_bottom)
    except OverflowError:
        return float("inf") if top > 0 else float("-inf")


if COMPILED:
    import llvmlite
    import llvmlite.binding
    import numba
    import numpy as np
    from numba.core import config as _config
    from numba.core import types
    from numba.extending import intrinsic, overload

    from stresstest.kernels.cache import KernelCache

    def _fused(_typing_context: Any, _a: Any, _b: Any, _c: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.fma(*arguments)

        return types.float64(types.float64, types.float64, types.float64), generate

    fused: Any = intrinsic(_fused)

    @overload(fma)
    def _compiled_fma(a: Any, b: Any, c: Any) -> Any:  # noqa: ARG001 - numba matches the names
        def multiply_add(a: Any, b: Any, c: Any) -> Any:
            return fused(a, b, c)

        return multiply_add

    # error_model: the default puts a branch for division by zero into the loop, 8 times slower.
    # No fast-math flag: `contract` gives scalar and vector loops other bits, `nnan` makes isnan false.
    # No parallel: it aborts a host that calls from two threads and kills forked children.
    _compile: Any = numba.njit(error_model="numpy", nogil=True)
    # A scalar function that stays a call keeps the loop around it from being vectorised, seven times slower;
    # the compiler's own limit of size for inlining lies just where option prices lie.
    _compile_inline: Any = numba.njit(error_model="numpy", nogil=True, forceinline=True)

    _compile_part: Any = numba.njit(error_model="numpy", nogil=True, inline="always")

    def _processor() -> str:
        settings: Any = _config
        name = settings.CPU_NAME or llvmlite.binding.get_host_cpu_name()
        features = settings.CPU_FEATURES
        return (
            f"{name} {llvmlite.binding.get_host_cpu_features().flatten() if features is None else features}"
        )

    _cache = KernelCache(_config, (numba.__version__, llvmlite.__version__, np.__version__, _processor()))


def _has_loop(function: Callable[..., Any]) -> bool:
    names = (instruction.opname for instruction in dis.get_instructions(function))
    return any(name == "FOR_ITER" or "BACKWARD" in name for name in names)


def kernel(function: _Function) -> _Function:
    """Compile `function` at its first call: no Python objects, the interpreter lock free, IEEE arithmetic.

    A function without a loop becomes part of the compiled functions that call it. A kernel of a type from
    outside the package is decorated with the same function. Division by zero gives infinity or NaN in
    compiled code; plain Python raises, so a kernel guards its denominators.
    """
    if not COMPILED:
        return function
    compiled = _compile(function) if _has_loop(function) else _compile_inline(function)
    _cache.attach(compiled)
    return compiled  # type: ignore[no-any-return]


def part(function: _Function) -> _Function:
    """Make `function` a part of the one kernel that calls it, as if its lines stood there.

    A compiled function is optimised anew, with all that it calls, in each of its callers: five functions that
    only hand on to the next make five times the work. A part is compiled with its caller alone. Its bits are
    those of a kernel.
    """
    if not COMPILED:
        return function
    compiled = _compile_part(function)
    _cache.attach(compiled)
    return compiled  # type: ignore[no-any-return]


def enable_caching(folder: Path | None = None) -> Path | None:
    """Keep compiled kernels on disk, for kernels decorated before and after.

    Parameters
    ----------
    folder
        Root of the cache; by default the user's cache folder.

    Returns
    -------
    Path or None
        Folder used; None where kernels are not compiled, or no folder can be written: then one
        `RuntimeWarning` says so and kernels are compiled anew in each process.
    """
    return _cache.enable(folder) if COMPILED else None
