"""The digest: over what was found, not over how it is laid out."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from stresstest.batch.store.digest import digest_of_folder
from stresstest.batch.store.tables import encode_table

NAMES = ["a", "b", "c"]
CURRENCY = {"a": "USD", "b": "EUR", "c": "USD"}
BASE = {"a": 10.0, "b": 20.0, "c": -0.0}
PNL = {"crash": {"a": -1.5, "b": np.nan, "c": 0.1}, "burst/10": {"a": 1.0, "b": 2.0, "c": 3.0}}


def write(path: Path, table: pa.Table) -> None:
    path.mkdir(parents=True)
    (path / "part.parquet").write_bytes(encode_table(table))


def write_run(root: Path, groups: list[list[str]], *, long: bool = False) -> Path:
    for number, names in enumerate(groups):
        group = f"group={number:04d}"
        keys = {
            "portfolio": names,
            "currency": [CURRENCY[name] for name in names],
            "base_value": [BASE[name] for name in names],
        }
        write(root / "portfolios" / group, pa.table(keys))
        crash = [None if np.isnan(PNL["crash"][name]) else PNL["crash"][name] for name in names]
        if long:
            table = pa.table({"portfolio": names, "scenario": ["crash"] * len(names), "pnl": crash})
        else:
            table = pa.table({**keys, "crash": pa.array(crash, pa.float64())})
        write(root / "pnl" / group, table)
        burst = [PNL["burst/10"][name] for name in names]
        write(root / "draws" / group, pa.table({"portfolio": names, "burst/10": burst}))
    return root


def test_the_layout_does_not_matter(tmp_path: Path) -> None:
    digests = {
        digest_of_folder(write_run(tmp_path / "one", [NAMES])),
        digest_of_folder(write_run(tmp_path / "two", [["c"], ["b", "a"]])),
        digest_of_folder(write_run(tmp_path / "long", [["a", "b"], ["c"]], long=True)),
    }
    assert len(digests) == 1


def test_it_is_what_the_documentation_says(tmp_path: Path) -> None:
    def text(value: str) -> bytes:
        return len(value.encode()).to_bytes(4, "little") + value.encode()

    total = hashlib.sha256(b"stresstest/digest/1\n" + text("burst/10") + text("crash"))
    for name in NAMES:
        numbers = np.array([BASE[name], PNL["burst/10"][name], PNL["crash"][name]])
        row = text(name) + text(CURRENCY[name]) + numbers.astype("<f8").tobytes()
        total.update(hashlib.sha256(row).digest())
    assert digest_of_folder(write_run(tmp_path / "run", [NAMES])) == total.hexdigest()


@pytest.mark.parametrize("change", ["value", "currency", "base", "name"])
def test_every_part_of_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    before = digest_of_folder(write_run(tmp_path / "before", [NAMES]))
    if change == "value":
        monkeypatch.setitem(PNL["crash"], "a", np.nextafter(-1.5, 0.0))
    elif change == "currency":
        monkeypatch.setitem(CURRENCY, "a", "EUR")
    elif change == "base":
        monkeypatch.setitem(BASE, "c", 0.0)
    else:
        monkeypatch.setitem(PNL, "burst/10", dict.fromkeys(NAMES, 1.0))
    assert digest_of_folder(write_run(tmp_path / "after", [NAMES])) != before


def test_a_portfolio_in_two_groups_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'b' stands in two groups"):
        digest_of_folder(write_run(tmp_path, [["a", "b"], ["b", "c"]]))


def test_a_portfolio_twice_in_a_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="stands twice"):
        digest_of_folder(write_run(tmp_path, [["a", "b", "b"]]))
