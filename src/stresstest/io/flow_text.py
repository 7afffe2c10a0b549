"""Values as YAML in its flow style, one line, as the document reader takes them back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from stresstest.io.scalars import plain_scalar

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PERCENTAGE = re.compile(r"-?[0-9.]+%")


def flow_text(value: Any) -> str:
    """Return a value in YAML's flow style: what is quoted is spelled as JSON spells it.

    Examples
    --------
    >>> print(flow_text({"id": "nvda", "coupon": "9.25%", "name": "yes: no", "legs": [1, 2.5]}))
    {id: nvda, coupon: 9.25%, name: "yes: no", legs: [1, 2.5]}
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow_text(key)}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and plain_scalar(value) == value):
        return value if _PERCENTAGE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)
