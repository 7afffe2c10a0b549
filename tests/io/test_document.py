"""Documents: what scalars mean, where values stand, what is refused, and that nothing else can happen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstest.errors import InputError
from stresstest.io import document
from stresstest.io.builder import MAX_DEPTH, TreeBuilder
from stresstest.io.document import Document, parse_document, read_document

PORTFOLIO = """version: 1
name: ai_growth_fund
currency: USD
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 40_000}
  - {id: nvda-put, type: european_option, underlying: NVDA, right: put, strike: 160,
     expiry: 2026-01-16, multiplier: 100, quantity: 200}
  - {id: crwv-2030, type: fixed_bond, issuer: CRWV, coupon: 9.25%, maturity: 2030-06-01,
     frequency: 2, day_count: 30/360, quantity: 5_000_000}   # face
limits:
  - {scenario: any, max_loss: 25%, of: base}
"""

SCALARS: list[tuple[str, Any]] = [
    ("true", True),
    ("false", False),
    *[(word, word) for word in ("True", "FALSE", "yes", "no", "No", "on", "off", "y", "n")],
    ("null", None),
    ("~", None),
    ("", None),
    ("Null", "Null"),
    ("0", 0),
    ("-7", -7),
    ("+7", 7),
    ("40_000", 40000),
    ("1_0000_0", 100000),
    *[(text, text) for text in ("_1", "1_", "1__0", "010", "-010", "0o17", "0x1F", "0b1", "1e", "1.2.3")],
    ("1e-4", 1e-4),
    ("1E4", 1e4),
    ("1.5", 1.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("-0.0", 0.0),
    ("1_000.5", 1000.5),
    ("12:30", "12:30"),
    ("1:30:00", "1:30:00"),
    ("2026-01-16", date(2026, 1, 16)),
    ("2026-02-30", "2026-02-30"),
    ("2026-1-6", "2026-1-6"),
    ("2026-01-16T10:00:00", "2026-01-16T10:00:00"),
    ("'12'", "12"),
    ('"true"', "true"),
    ("'2026-01-16'", "2026-01-16"),
    ("30/360", "30/360"),
    ("9.25%", "9.25%"),
    ("+150bp", "+150bp"),
    ("NaN", "NaN"),
    ("inf", "inf"),
    ("=", "="),
    ("\N{ARABIC-INDIC DIGIT ONE}", "\N{ARABIC-INDIC DIGIT ONE}"),
    ("1" + "0" * 100, 10**100),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalar_is_taken_for_what_it_is(text: str, value: object) -> None:
    got = parse_document(f"a: {text}\n", "a.yaml").data["a"]
    assert got == value
    assert type(got) is type(value)


def test_block_scalars_and_empty_collections() -> None:
    text = "a: |\n  two\n  lines\nb: >-\n  one\n  line\nc: []\nd: {}\ne:\n- 1\n- - 2\n"
    data = parse_document(text, "a.yaml").data
    assert data == {"a": "two\nlines\n", "b": "one line", "c": [], "d": {}, "e": [1, [2]]}


def test_keys_are_text() -> None:
    data = parse_document("1Y: 1\n10: 2\ntrue: 3\nnull: 4\n2026-01-16: 5\n'': 6\n'<<': 7\n", "a.yaml").data
    assert list(data) == ["1Y", "10", "true", "null", "2026-01-16", "", "<<"]


@pytest.mark.parametrize(
    ("path", "value_at", "key_at"),
    [
        (("name",), (2, 7), (2, 1)),
        (("positions",), (5, 3), (4, 1)),
        (("positions", 1), (6, 5), (6, 5)),
        (("positions", 1, "strike"), (6, 81), (6, 73)),
        (("positions", 1, "expiry"), (7, 14), (7, 6)),
        (("positions", 2, "nothing"), (8, 5), (8, 5)),
        (("positions", 99), (5, 3), (4, 1)),
        (("positions", 0, "id", "deeper"), (5, 10), (5, 6)),
        (("nothing",), (1, 1), (1, 1)),
        ((), (1, 1), (1, 1)),
    ],
)
def test_location(path: tuple[str | int, ...], value_at: tuple[int, int], key_at: tuple[int, int]) -> None:
    parsed = parse_document(PORTFOLIO, "p.yaml")
    assert (parsed.location(path).line, parsed.location(path).column) == value_at
    if path and path[-1] not in ("nothing", 99, "deeper"):
        assert (parsed.location(path, key=True).line, parsed.location(path, key=True).column) == key_at
    assert parsed.location(path).file == "p.yaml"


def test_locator_is_below_its_prefix() -> None:
    parsed = parse_document(PORTFOLIO, "p.yaml")
    locate = parsed.locator("positions", 1)
    assert locate(("strike",)) == parsed.location(("positions", 1, "strike"))
    assert locate(("strike",), key=True) == parsed.location(("positions", 1, "strike"), key=True)


def test_columns_count_characters_not_bytes() -> None:
    parsed = parse_document("größe: {ä: 1}\n".encode(), "a.yaml")
    assert parsed.location(("größe", "ä")).column == 12


def test_byte_order_mark_and_line_ends() -> None:
    parsed = parse_document(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "a.yaml")
    assert parsed.data == {"a": 1, "b": 2}
    assert (parsed.location(("b",)).line, parsed.location(("b",)).column) == (2, 4)
    assert parsed.location(("a",)).column == 4


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]), max_size=8
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcxyz_1é ", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), json_values, min_size=1, max_size=4),
    st.booleans(),
)
def test_json_is_read_as_it_is_and_every_leaf_is_found(data: dict[str, object], indented: bool) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2 if indented else None)
    parsed = parse_document(text, "a.json")
    assert parsed.data == data
    lines = text.split("\n")
    for path, leaf in leaves(data):
        place = parsed.location(path)
        assert lines[place.line - 1][place.column - 1 :].startswith(json.dumps(leaf, ensure_ascii=False))


@given(json_values)
def test_block_style_is_read_as_it_is(data: object) -> None:
    text = yaml.safe_dump({"a": data}, allow_unicode=True, default_style='"', width=1000)
    expected = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (builds text only)
    try:
        assert parse_document(text, "a.yaml").data == expected
    except InputError as error:
        # The dumper tags what the quotes would turn into text; nothing else may be refused.
        assert {problem.code for problem in error.problems} == {"ST116"}
        assert "!!" in text


def well_formed_or_refused(content: bytes | str) -> None:
    try:
        assert isinstance(parse_document(content, "a.yaml"), Document)
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.location.file == "a.yaml"
            assert problem.code.startswith("ST1")
            assert "\n" not in problem.format()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_refused(content: bytes) -> None:
    well_formed_or_refused(content)


@given(st.text(max_size=200))
def test_any_text_is_a_document_or_refused(content: str) -> None:
    well_formed_or_refused(content)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([*list("ab:-[]{},&*!|>'\"%@`#?~<0.\t\n \\"), "- ", ": ", "\n  ", "<<", "---\n"]))
)
def test_any_yaml_like_text_is_a_document_or_refused(parts: list[str]) -> None:
    well_formed_or_refused("".join(parts))


@given(st.integers(0, len(PORTFOLIO)), st.sampled_from("'\"{}[]:,&*!\t\x00-\n|\ud800"))
def test_a_damaged_portfolio_is_a_document_or_refused(place: int, character: str) -> None:
    well_formed_or_refused(PORTFOLIO[:place] + character + PORTFOLIO[place:])


def test_depth_of_64_is_read() -> None:
    data = parse_document("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), "a.yaml").data
    depth = 0
    while data:
        data = data["a"] if isinstance(data, dict) else data[0]
        depth += 1
    assert depth == MAX_DEPTH - 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_a_million_levels_are_refused_at_once(opening: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_document(opening * 1_000_000, "a.yaml")
    assert caught.value.problems[-1].code in ("ST112", "ST110", "ST120")


def test_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_NODES", 100)
    assert len(parse_document("[" + "1," * 99 + "]", "a.yaml").data) == 99
    with pytest.raises(InputError) as caught:
        parse_document("[" + "1," * 1000 + "]", "a.yaml")
    (problem,) = caught.value.problems
    assert problem.code == "ST113"
    assert "Parquet" in problem.expected


def test_a_long_value_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        parse_document(f"a: '{'x' * (1 << 20)}x'\n", "a.yaml")
    assert [problem.code for problem in caught.value.problems] == ["ST114"]


def test_the_python_parser_gives_the_same_events(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        PORTFOLIO,
        "a: &x [1, 'b']\nb: *x\nc: !!str 1\n<<: {}\n",
        "- a\n- ? b\n- |\n c\n",
        "a: 1\n--- \nb: 2\n",
    ]
    seen = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        monkeypatch.setattr(document, "_EVENT_SOURCE", loader)
        for text in texts:
            try:
                parsed = parse_document(text, "a.yaml")
                seen.append((parsed.data, [parsed.location(path) for path, _ in leaves(parsed.data)]))
            except InputError as error:
                seen.append(error.problems)
    assert seen[: len(texts)] == seen[len(texts) :]


def test_files_that_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    large = tmp_path / "large.yaml"
    with large.open("wb") as stream:
        stream.truncate(document.MAX_BYTES + 1)
    cases = {tmp_path / "none.yaml": "ST100", tmp_path: "ST102", pipe: "ST102", large: "ST103"}
    cases[Path(f"{tmp_path}/\0.yaml")] = "ST101"
    for path, code in cases.items():
        with pytest.raises(InputError) as caught:
            read_document(path)
        (problem,) = caught.value.problems
        assert problem.code == code
    with pytest.raises(InputError, match="give large position lists as CSV or Parquet"):
        read_document(large)


def test_a_file_is_called_as_asked(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(PORTFOLIO, encoding="utf-8")
    assert read_document(source).file == str(source)
    assert read_document(source, file="-").location(("name",)).file == "-"


def test_a_million_positions_are_refused_early(tmp_path: Path) -> None:
    source = tmp_path / "million.yaml"
    line = b"  - {id: position_000000, type: equity, issuer: NVDA, quantity: 100}\n"
    source.write_bytes(b"version: 1\npositions:\n" + line * 1_000_000)
    start = time.perf_counter()
    with pytest.raises(InputError, match="CSV or Parquet"):
        read_document(source)
    assert time.perf_counter() - start < 1.0


def test_a_small_document_takes_about_a_millisecond() -> None:
    times = []
    for _ in range(20):
        start = time.perf_counter()
        parse_document(PORTFOLIO, "p.yaml")
        times.append(time.perf_counter() - start)
    assert min(times) < 5e-3


def test_reading_documents_loads_no_pydantic_and_no_numpy() -> None:
    code = (
        "import sys; from stresstest.io.document import parse_document; parse_document('a: 1', 'a');"
        "print([m for m in ('pydantic', 'numpy', 'pyarrow', 'numba', 'pandas') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_builder_takes_one_event_at_a_time() -> None:
    builder = TreeBuilder("a.yaml", 10)
    assert all(builder.feed(event) for event in yaml.parse("a: [1, x]"))
    assert builder.root == {"a": [1, "x"]}
    assert builder.marks[id(builder.root)] == {"a": (0, 3, 0, 0)}
    assert builder.marks[id(builder.root["a"])] == [(0, 4), (0, 7)]
