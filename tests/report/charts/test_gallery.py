from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.report.dressed import PLAN, whole

from stresstest.report.charts.gallery import CHARTS, vector_of
from stresstest.report.sections.blocks import Beside, Figure
from stresstest.report.sections.document import document_of


def figures() -> Iterator[tuple[Figure, bool]]:
    """Yield every figure of the whole report, and whether a table of its numbers stands beside it."""
    for section in document_of(whole()).sections:
        for place, block in enumerate(section.blocks):
            if isinstance(block, Beside):
                yield block.figure, bool(block.table.rows)
            elif isinstance(block, Figure):
                following = section.blocks[place + 1 : place + 2]
                yield block, any(getattr(one, "rows", ()) for one in following)


FIGURES = list(figures())


def test_every_kind_of_chart_is_shown() -> None:
    # who loses where is a table whose cells have heat, the chart of it is for the library
    assert {figure.kind for figure, _ in FIGURES} == CHARTS.keys() - {"heatmap"}
    assert PLAN.frontiers


@pytest.mark.parametrize(("figure", "has_table"), FIGURES, ids=[figure.kind for figure, _ in FIGURES])
def test_a_figure_has_a_title_a_description_and_a_table(figure: Figure, has_table: bool) -> None:
    assert has_table
    assert len(figure.description) > 40
    assert figure.title
    assert vector_of(figure, "x") == vector_of(figure, "x")
    assert f">{figure.title}</title>" in vector_of(figure, "x")
    assert f">{figure.description}</desc>" in vector_of(figure, "x")
