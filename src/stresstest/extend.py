"""Everything that an instrument type or a factor kind from outside the package needs.

A type is one package: `__init__.py` with an `InstrumentType`, `spec.py`, `columns.py`, `compile.py`,
`kernel.py`. Its distribution names it in the entry-point group `stresstest.instruments`; its tag is
`<distribution>.<name>`. Its kernel and every function that the kernel calls lie in modules of one folder:
their sources are part of the cache key.
"""

from __future__ import annotations

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.instrument_type import (
    CompileContext,
    CurrencyCarry,
    InstrumentType,
    Override,
    Requirements,
    Rows,
    Trigger,
    Triggers,
)
from stresstest.io.fields import (
    Currency,
    Date,
    Identifier,
    Items,
    Name,
    Number,
    Percentage,
    PositiveNumber,
    Spec,
    TenorField,
)
from stresstest.io.usual import UsualTerm
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.default import Claim, apply_default
from stresstest.kernels.exponential import exp
from stresstest.kernels.forwards import ForwardColumns, price_forwards
from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.lives import ALIVE, GONE, SETTLED
from stresstest.kernels.logarithm import log
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.normal import normal_cdf, normal_pdf
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.vanilla import ContractColumns, VanillaColumns, price_vanilla
from stresstest.market.curves import interpolation_weights
from stresstest.market.default_rows import default_rows
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, Domain, FactorKind
from stresstest.market.forward_lookups import find_currency_curve, find_price_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    curve_name,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors, smile_columns

__all__ = [
    "ALIVE",
    "GONE",
    "NO_ROW",
    "SETTLED",
    "BoolArray",
    "ChangeSpace",
    "Claim",
    "CompileContext",
    "ContractColumns",
    "Currency",
    "CurrencyCarry",
    "Curve",
    "Date",
    "Domain",
    "FactorKind",
    "FloatArray",
    "ForwardColumns",
    "Gauges",
    "Identifier",
    "InputError",
    "InstrumentType",
    "IntArray",
    "Issuer",
    "Items",
    "MarketRows",
    "MarketSnapshot",
    "Name",
    "Number",
    "Out",
    "Override",
    "Percentage",
    "PositiveNumber",
    "PriceCurve",
    "Problem",
    "ProblemList",
    "Requirements",
    "RiskFactorKey",
    "Rows",
    "Spec",
    "TenorField",
    "Threshold",
    "Trigger",
    "Triggers",
    "UsualTerm",
    "VanillaColumns",
    "act_365f_years",
    "apply_default",
    "black_price",
    "check_levels",
    "curve_name",
    "default_keys",
    "default_rows",
    "exp",
    "find_currency_curve",
    "find_curve",
    "find_issuer",
    "find_price_curve",
    "find_surface_factors",
    "fma",
    "frozen",
    "frozen_int",
    "interpolation_weights",
    "kernel",
    "log",
    "nearest",
    "nodes_used",
    "normal_cdf",
    "normal_pdf",
    "price_forwards",
    "price_vanilla",
    "register_factor_kind",
    "smile_columns",
    "spread_key",
    "threshold_gauges",
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
