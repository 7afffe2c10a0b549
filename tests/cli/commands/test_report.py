"""`stresstest report`, `run --report`, `hedge --report`: what is written, and what is refused before work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import DRIVEN, PORTFOLIO, write_samples
from tests.hedging.small_hedges import POLICY, POSITIONS
from tests.report.page.structure import Structure
from tests.report.reading.documents import document


@pytest.fixture
def sample(tmp_path: Path) -> dict[str, Path]:
    other = PORTFOLIO.replace("name: sample", "name: other").replace("Two shares", "Two more shares")
    return write_samples(tmp_path, other=other, driven=DRIVEN, report="", policy=POLICY)


def parts(target: Path) -> list[str]:
    """Return the anchors of the sections of a page that is well formed."""
    found = Structure(target.read_text(encoding="utf-8"))
    assert found.mistakes == []
    return [tag.attributes["id"] for tag in found.named("section") if "id" in tag.attributes]


def test_of_a_portfolio(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    done = run("report", sample["portfolio"], "--shocks", sample["fall"], "-o", target, "--title", "For <us>")
    assert (done.code, done.out) == (0, "")
    assert str(target) in done.err
    assert {"notes", "losses", "severity", "provenance", "sign-off"} <= set(parts(target))
    assert "<h1>For &lt;us&gt;</h1>" in target.read_text(encoding="utf-8")


def test_of_several_portfolios_with_drivers_and_severity(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    books = sample["portfolio"], sample["other"]
    options = "--set", "cut=20%", "--severity", "50%", "--threads", "1"
    done = run("report", *books, "--shocks", sample["driven"], *options, "-o", target)
    assert done.code == 0, done.err
    assert {"losses", "losses-2", "heat-2"} <= set(parts(target))
    text = target.read_text(encoding="utf-8").replace("<wbr>", "")
    assert "cut 20%" in text
    assert "at 50 % of its size" in text


def test_of_a_result_document(tmp_path: Path) -> None:
    source, target = tmp_path / "result.json", tmp_path / "page.html"
    source.write_text(json.dumps(document()), encoding="utf-8")
    done = run("report", source, "-o", target)
    assert done.code == 0, done.err
    assert {"losses", "heat", "waterfall", "paths", "network"} <= set(parts(target))
    again = tmp_path / "again.html"
    run("report", source, "-o", again)
    assert again.read_bytes() == target.read_bytes()


def test_of_a_run_beside_its_output(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    plain = run("run", sample["portfolio"], "--shocks", sample["fall"])
    done = run("run", sample["portfolio"], "--shocks", sample["fall"], "--report", target)
    assert (done.code, done.out) == (0, plain.out)
    direct = tmp_path / "direct.html"
    run("report", sample["portfolio"], "--shocks", sample["fall"], "-o", direct)
    assert target.read_bytes() == direct.read_bytes()


@pytest.mark.parametrize("verb", ["hedge", "report"])
def test_of_a_hedge(verb: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    book = tmp_path / "book.yaml"
    document = {"version": 1, "name": "small", "currency": "USD", "positions": POSITIONS}
    book.write_text(json.dumps(document), encoding="utf-8")
    target = tmp_path / "page.html"
    shocks = [part for name in ("time_bomb", "boom_continues") for part in ("--shocks", name)]
    asked = {
        "hedge": ["--policy", policy, "--no-challenges", "--report", target],
        "report": ["--hedge", policy, "-o", target],
    }
    done = run(verb, book, *shocks, *asked[verb])
    assert done.code == 0, done.err
    assert {"losses", "hedge"} <= set(parts(target))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("page.pdf", "error[ST147] output format '.pdf'; expected .html or .htm"),
        ("nowhere/page.html", "nowhere"),
        ("report.yaml", "error[ST147] output format '.yaml'"),
    ],
)
@pytest.mark.parametrize("verb", ["report", "run", "hedge"])
def test_a_place_that_cannot_be_written_is_refused(
    name: str, says: str, verb: str, sample: dict[str, Path], tmp_path: Path
) -> None:
    option = {"report": ["-o"], "run": ["--report"], "hedge": ["--policy", "buffett", "--report"]}[verb]
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(verb, sample["portfolio"], *option, tmp_path / name)
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_file_that_exists_is_kept_but_by_force(sample: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("mine", encoding="utf-8")
    asked = ["report", sample["portfolio"], "--shocks", sample["fall"], "-o", target]
    done = run(*asked)
    assert done.code == 2
    assert "--force" in done.err
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(*asked, "--force").code == 0
    assert "losses" in parts(target)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{}", "schema"),
        ("[]", "the whole"),
        ("not json", "the whole"),
        ('{"schema": "stresstest/hedge/1"}', "schema"),
        ('{"schema": "stresstest/result/1"}', "field required"),
    ],
)
def test_what_is_no_result_is_refused_with_the_place(content: str, says: str, tmp_path: Path) -> None:
    source = tmp_path / "result.json"
    source.write_text(content, encoding="utf-8")
    done = run("report", source, "-o", tmp_path / "page.html")
    assert done.code == 2
    assert f"{source}: error[ST413]" in done.err
    assert says in done.err
    assert "stresstest/result/1" in done.err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    "options", [["--shocks", "time_bomb"], ["--severity", "50%"], ["--hedge", "buffett"], ["--market", "x"]]
)
def test_a_result_is_not_computed_again(options: list[str], tmp_path: Path) -> None:
    source = tmp_path / "result.json"
    source.write_text(json.dumps(document()), encoding="utf-8")
    done = run("report", source, "-o", tmp_path / "page.html", *options)
    assert done.code == 2
    assert options[0] in done.err


def test_two_results_are_refused(tmp_path: Path) -> None:
    done = run("report", tmp_path / "a.json", tmp_path / "b.json", "-o", tmp_path / "page.html")
    assert done.code == 2
    assert "2 sources" in done.err


def test_a_result_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    done = run("report", tmp_path / "missing.json", "-o", tmp_path / "page.html")
    assert done.code == 2
    assert "missing.json" in done.err
    assert "Traceback" not in done.err


def test_problems_of_inputs_are_told_as_everywhere(sample: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(PORTFOLIO.replace("NVDA", "NVDIA"), encoding="utf-8")
    done = run("report", bad, "--shocks", sample["fall"], "-o", tmp_path / "page.html")
    assert done.code == 2
    assert f"{bad}:7:" in done.err
    assert "did you mean 'NVDA'?" in done.err


def test_hostile_titles_and_ids_are_text(tmp_path: Path) -> None:
    text = PORTFOLIO.replace("Two shares and cash", "</script><b onclick=x>").replace(
        "id: soft", "id: '<img src=x>'"
    )
    book = tmp_path / "book.yaml"
    book.write_text(text, encoding="utf-8")
    fall = write_samples(tmp_path)["fall"]
    target = tmp_path / "page.html"
    done = run("report", book, "--shocks", fall, "-o", target)
    assert done.code == 0, done.err
    found = Structure(target.read_text(encoding="utf-8"))
    assert not found.named("script", "img", "b")
    assert any("<img src=x>" in one for one in found.texts)
    assert any("</script><b onclick=x>" in one for one in found.texts)
