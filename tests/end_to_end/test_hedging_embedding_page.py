"""Every example of `docs/hedging-embedding.md` runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from tests.architecture.source_tree import ROOT

PAGE = (ROOT / "docs" / "hedging-embedding.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_example_prints_what_the_page_says() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") >= 6
    names: dict[str, object] = {}
    for code, expected in EXAMPLES:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "docs/hedging-embedding.md", "exec"), names)  # noqa: S102 - the page's own code
        assert printed.getvalue() == expected
