"""Flow text reads back as the values that it was made from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from stresstest.io.document import parse_document
from stresstest.io.flow_text import flow_text

TEXTS = some.text(some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12)
NUMBERS = some.integers(-(10**12), 10**12) | some.floats(1e-100, 1e100) | some.floats(-1e100, -1e-100)
SCALARS = (
    TEXTS | NUMBERS | some.booleans() | some.dates() | some.sampled_from(["no", "010", "1e5", "~", "-5%"])
)
VALUES = some.recursive(
    SCALARS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS.filter(len), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_written_reads_back(value: object) -> None:
    assert parse_document(f"key: {flow_text(value)}\n", "text").data == {"key": value}
