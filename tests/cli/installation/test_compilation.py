from __future__ import annotations

import re

from tests.cli.runner import run

from stresstest.catalog import instrument_types
from stresstest.cli.installation.compilation import warm_up


def test_every_type_is_compiled_and_the_folder_named() -> None:
    code, out, _ = run("warmup")
    assert code == 0
    compiled = re.match(r"compiled (.*) in [\d.]+ s\n", out)
    assert compiled is not None
    assert set(compiled[1].split(", ")) == set(instrument_types())
    assert "kept in " in out


def test_kernels_have_one_signature_each() -> None:
    """More than one would mean that writable, sliced or otherwise different arrays reach a kernel."""
    from stresstest.instruments.european_option import kernel

    warm_up()
    assert len(kernel.revalue.signatures) == 1
