"""Sections on scenarios and their sources, on files and versions, and the block to sign."""

from __future__ import annotations

from stresstest.report.sections.blocks import Cell, Facts, Section, Table, columns, plain_rows
from stresstest.report.view.report import ReportView, ScenarioNote
from stresstest.report.view.wording import horizon_text, share_text

_ROLES = ("Prepared by", "Checked by", "Approved by")
_LONGEST = 300


def scenario_section(report: ReportView) -> Section | None:
    """Return every scenario with its sources and what it leaves out."""
    if not report.scenarios:
        return None
    rows = [
        (
            Cell(one.name),
            horizon_text(one.horizon),
            "; ".join(one.governance) or one.status or "not stated",
            _told(one),
            ", ".join(one.sources) or "none stated",
            _cut(" ".join(map(_ended, one.not_covered))) or "not stated",
        )
        for one in report.scenarios
    ]
    heads = columns("Scenario", "Over", "Who answers for it", "What happens", "Sources", "What it leaves out")
    table = Table(f"The {len(rows):,} scenarios", heads, plain_rows(rows), folded=True)
    return Section(
        "scenarios",
        "The scenarios and their sources",
        "Every scenario of this report",
        "a list of what will happen: each is a story that hangs together, with its sizes stated",
        (table,),
    )


def _told(one: ScenarioNote) -> str:
    set_to = "; ".join(f"{name} {value}" for name, value in one.drivers)
    parts = [one.title, _cut(one.narrative), f"Drivers: {set_to}" if set_to else ""]
    return " ".join(_ended(part) for part in parts if part) or "not stated"


def _cut(text: str) -> str:
    """Return text on one line, at a word's end where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0].rstrip(".,;:") + " …"


def _ended(text: str) -> str:
    return text if text.endswith((".", "…", "?", "!")) else f"{text}."


def provenance_section(report: ReportView) -> Section:
    """Return market, files and versions."""
    found = report.provenance
    total = sum(count for _, count in found.levels)
    levels = ", ".join(f"{count:,} {name}" for name, count in found.levels)
    pairs = [("Market", found.market), ("As of", found.as_of.isoformat())]
    pairs += [("Title", found.market_title)] if found.market_title else []
    pairs += [(f"Levels ({total:,})", levels)] if levels else []
    documented = dict(found.levels).get("documented", 0)
    pairs += [("Documented", f"{share_text(documented / total)} of levels")] if total else []
    pairs += [("Severity", f"{100.0 * report.severity:.4g} % of the stated sizes")]
    pairs += [(name, number) for name, number in found.versions]
    rows = [(one.name, one.what, Cell(one.digest, "code")) for one in found.files]
    blocks: list[Facts | Table] = [Facts(tuple(pairs))]
    if rows:
        title = f"SHA-256 of the {len(rows):,} inputs"
        note = "Of a file its bytes; of the market every level, so that the same levels give the same hash."
        blocks.append(Table(title, columns("Input", "What", "SHA-256"), plain_rows(rows), note, folded=True))
    return Section(
        "provenance",
        "Where the numbers come from",
        "Everything that this report was computed from",
        "a certificate: a hash says that a file is the same, not that it is right",
        tuple(blocks),
    )


def sign_section() -> Section:
    """Return the block to sign."""
    rows = [(role, "", "", "") for role in _ROLES]
    return Section(
        "sign-off",
        "Sign-off",
        "This report as a whole",
        "approved before it is signed",
        (Table("Sign-off", columns("", "Name", "Date", "Signature"), plain_rows(rows), kind="sign"),),
    )
