"""Everything that an instrument type or a factor kind from outside the package needs.

A type is one package: `__init__.py` with an `InstrumentType`, `spec.py`, `columns.py`, `compile.py`,
`kernel.py`. Its distribution names it in the entry-point group `stresstest.instruments`; its tag is
`<distribution>.<name>`. Its kernel and every function that the kernel calls lie in modules of one folder:
their sources are part of the cache key.
"""

from __future__ import annotations

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import CompileContext, InstrumentType, Override, Requirements, Rows
from stresstest.io.fields import Spec
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.market import MarketRows, Out
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

__all__ = [
    "BoolArray",
    "ChangeSpace",
    "CompileContext",
    "Domain",
    "FactorKind",
    "FloatArray",
    "InputError",
    "InstrumentType",
    "IntArray",
    "MarketRows",
    "MarketSnapshot",
    "Out",
    "Override",
    "Problem",
    "ProblemList",
    "Requirements",
    "RiskFactorKey",
    "Rows",
    "Spec",
    "fma",
    "frozen",
    "frozen_int",
    "kernel",
    "nearest",
    "register_factor_kind",
]


def register_factor_kind(kind: FactorKind) -> None:
    """Add a kind of risk factor; adding the same one again changes nothing.

    Raises
    ------
    ValueError
        Another kind has this name.
    """
    known = FACTOR_KINDS.setdefault(kind.name, kind)
    if known != kind:
        raise ValueError(f"factor kind {kind.name!r} is taken")
