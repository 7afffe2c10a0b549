"""Tables of realised moves."""

from __future__ import annotations

import pytest

from stresstest.errors import InputError
from stresstest.measures.realised import read_realised


def read(tmp_path, text):
    file = tmp_path / "moves.csv"
    file.write_text(text)
    return read_realised(file)


def test_texts_in_per_cent_and_numbers_in_per_cent(tmp_path):
    assert read(tmp_path, "issuer,return\nNVDA,-16.97%\nKO,+3.2%\nMETA,\n") == {"NVDA": -0.1697, "KO": 0.032}
    assert read(tmp_path, "ticker,return_percent,note\nNVDA,-17,\nKO,,\n") == {"NVDA": -0.17}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("issuer,move\nNVDA,1\n", "ST460] a table of columns issuer, move; expected issuer, and return"),
        ("issuer,return\nNVDA,-0.17\n", "-0.17"),
        ("issuer,return\nNVDA,-120%\n", "ST460] a return of -120 %; expected -100 % or more"),
        ("issuer,return_percent\nNVDA,1\nNVDA,2\n", "ST460] second row of NVDA; expected each name once"),
        ("issuer,return_percent\nNVDA,much\n", "much"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        read(tmp_path, text)
    assert message in error.value.problems[0].format()
