"""The numbers of `docs/sampling.md` are those that its code gives, and its set file is the shipped one."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from stresstest.io.document import parse_document, read_document

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "sampling.md"


def test_every_example_gives_what_the_page_says() -> None:
    failed, tried = doctest.testfile(
        str(PAGE), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL, encoding="utf-8"
    )
    assert failed == 0
    assert tried >= 15


def test_the_quoted_conflict_is_the_message() -> None:
    """The exception of the page word by word: the examples above compare its type only."""
    import numpy as np
    import pytest

    from stresstest.errors import InputError
    from stresstest.scenarios.entropy_pooling import pool_views
    from stresstest.scenarios.views import mean_view, probability_view

    x = np.linspace(-0.3, 0.3, 101)
    views = [
        mean_view("good year", x, ">=", 0.05),
        probability_view("mostly down", x < 0.0, ">=", 0.999),
        mean_view("any", x, "<=", 1.0),
    ]
    with pytest.raises(InputError) as caught:
        pool_views(views, np.full(101, 1.0 / 101.0))
    assert f"stresstest.errors.InputError: {caught.value}" in PAGE.read_text(encoding="utf-8")


def test_the_set_on_the_page_is_the_shipped_one() -> None:
    block = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    quoted = parse_document(block[1], "page").data
    shipped = read_document(ROOT / "shocks" / "sets" / "ai_outlook.yaml").data
    assert quoted == {key: shipped[key] for key in quoted}
