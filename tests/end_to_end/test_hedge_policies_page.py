"""`docs/hedge-policies.md`: its files are valid or fail as it says, its tables are those of shipped files."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from tests.cli.runner import ROOT, run

from stresstest.hedging.policies.measure_keys import MEASURES
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.policy_wording import rule_text
from stresstest.io.resources import names

PAGE = (ROOT / "docs" / "hedge-policies.md").read_text(encoding="utf-8")
FILES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("line", "output"), COMMANDS, ids=[line for line, _ in COMMANDS])
def test_a_command_prints_what_the_page_says(
    line: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    assert program == "stresstest"
    _, out, err = run(*arguments)
    assert (out + err).strip() == output.strip()


def test_the_page_has_examples() -> None:
    assert len(FILES) == len(COMMANDS) == 2


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_is_described(key: str) -> None:
    measure = MEASURES[key]
    (row,) = re.findall(rf"^\| `{key}` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    assert row[0] == measure.meaning
    assert set(re.findall(r"\w+", row[1])) - {"or"} == set(measure.fields)


@pytest.mark.parametrize("name", [name for name, _ in names("hedges")])
def test_every_shipped_number_stands_with_its_reason(name: str) -> None:
    section = PAGE.partition(f"### {name}\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", section, re.MULTILINE)
    expected = [
        (rule.name, rule_text(rule), " ".join(rule.reason.split())) for rule in load_policy(name).rules
    ]
    assert rows == expected


def test_the_python_of_the_page_prints_what_it_says() -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", PAGE, re.DOTALL)
    assert blocks
    for block in blocks:
        example = doctest.DocTestParser().get_doctest(block, {}, "docs/hedge-policies.md", None, 0)
        assert doctest.DocTestRunner().run(example).failed == 0
