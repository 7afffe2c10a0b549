"""The loss table: base value, then each scenario with a loss bar, the worst first, and who loses most."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from stresstest.cli.run.document import RunReport
from stresstest.cli.run.funding_text import print_funding
from stresstest.cli.run.margin_text import print_margin
from stresstest.cli.run.path_text import path_text
from stresstest.cli.run.sample_text import sample_texts
from stresstest.cli.run.views import Mover, PortfolioView, ScenarioLine
from stresstest.cli.terminal import (
    ALARM,
    ASIDE,
    HEAD,
    bar,
    compact,
    money,
    percent,
    safe,
    share,
    signed_style,
)
from stresstest.measures.limits import HARD, OK, WARNING, LimitCheck
from stresstest.measures.reconciliation import Reconciliation
from stresstest.portfolio.model import Limit
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.governance_notes import UNSTATED, status_counts

_LONGEST_NAME = 30
_NAMED = 5


def print_portfolio(console: Console, view: PortfolioView, report: RunReport) -> None:
    """Print the headline of a portfolio, its loss table and what a reader must know beside it."""
    _print_headline(console, view, report)
    _print_scenarios(console, view)
    drawn = sample_texts(report.stress, report.views.index(view))
    for line in [Text(""), *drawn] if drawn else []:
        console.print(line, soft_wrap=False)
    print_funding(console, view)
    print_margin(console, view)
    for line in _remarks(view):
        console.print(line, soft_wrap=False)


def _print_headline(console: Console, view: PortfolioView, report: RunReport) -> None:
    result, market = view.result, report.stress.result.book.market
    title = Text.assemble("  ", safe(view.title)) if view.title else Text()
    console.print(Text.assemble(safe(result.name, HEAD), title))
    console.print(
        Text.assemble(
            f"Base value {result.currency} {money(result.base_value)}, {_positions(view)}, market ",
            safe(market.name),
            f" ({_age(report.market_age_days)} old)",
            "" if report.severity == 1.0 else f", severity {100.0 * report.severity:.4g} %",
        )
    )
    if view.counts_gross:
        console.print(_small_base(result))
    if view.reconciliation is not None:
        _print_reconciliation(console, view.reconciliation, result.currency)
    console.print()


def _small_base(result: PortfolioResult) -> Text:
    """Return why per cent are of gross value: the base value is small, or negative, against it."""
    size = "negative" if result.base_value < 0.0 else f"{share(result.base_value / result.gross_value)} of it"
    text = f"Per cent are of the gross value, {money(result.gross_value)}, what is held and owed added up: "
    return safe(f"{text}the base value is {size}", ASIDE)


def _positions(view: PortfolioView) -> str:
    count = len(view.result.position_ids)
    return "1 position" if count == 1 else f"{count:,} positions"


def _age(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"


def _print_reconciliation(console: Console, found: Reconciliation, currency: str) -> None:
    dated = f" of {found.stated_on.isoformat()}" if found.stated_on else ""
    relative = 100.0 * found.share
    console.print(
        f"Stated NAV{dated} {currency} {money(found.net_asset_value)}: "
        f"the base value differs by {compact(found.difference)} ({percent(relative)})"
    )
    if not found.within:
        left = f", without {_named(found.without_value)}" if found.without_value else ""
        console.print(safe(f"  not a match within {100.0 * found.tolerance:g} %{left}", ALARM))
    sources = [gap for gap in found.gaps if gap.difference][:_NAMED]
    if sources:
        named = ", ".join(f"{gap.position} {compact(gap.difference)}" for gap in sources)
        console.print(
            safe(f"  largest sources: {named}; in other positions {compact(found.unexplained)}", ASIDE)
        )


def _print_scenarios(console: Console, view: PortfolioView) -> None:
    lines = view.scenarios
    name_width = min(max((cell_len(line.name) for line in lines), default=0), _LONGEST_NAME)
    name_width = max(name_width, len("scenario"))
    heading = f"P&L {view.result.currency}"
    pnl_width = max([len(heading), *(len(money(line.pnl)) for line in lines)])
    bar_width = max(console.width - name_width - pnl_width - 27, 8)
    largest = max((abs(line.pnl) for line in lines), default=0.0)
    unit = "% gross" if view.counts_gross else "%"
    head = f"{'scenario':<{name_width}} {'over':>5}  {heading:>{pnl_width}}  {unit:>9} {'reach':>6}"
    console.print(Text(head, HEAD))
    for line in lines:
        name = set_cell_size(safe(line.name).plain, name_width)
        row = Text(f"{name} {line.horizon:>5}  ")
        part = percent(view.shown_percent(line.pnl))
        figures = f"{money(line.pnl):>{pnl_width}}  {part:>9} {share(line.reach):>6}  "
        row.append(figures, signed_style(line.pnl))
        row.append_text(bar(line.pnl, largest, bar_width, ascii_only=console.options.ascii_only))
        console.print(row, no_wrap=True, overflow="crop")
        if line.path is not None:
            console.print(path_text(line.path), no_wrap=True, overflow="ellipsis")
        if line.worst_movers:
            console.print(_movers(line, console.width), no_wrap=True, overflow="ellipsis")


def _movers(line: ScenarioLine, width: int) -> Text:
    """Return the positions that lose most, the last ones left out where the line is too narrow for them."""
    text = "  " + ", ".join(_mover(mover) for mover in line.worst_movers)
    for count in range(len(line.worst_movers), 0, -1):
        text = "  " + ", ".join(_mover(mover) for mover in line.worst_movers[:count])
        if cell_len(text) <= width:
            break
    return Text(text, ASIDE)


def _mover(mover: Mover) -> str:
    return f"{safe(mover.position).plain} {compact(mover.pnl)}"


def _remarks(view: PortfolioView) -> list[Text]:
    horizons = {line.name: f" over {line.horizon}" for line in view.scenarios if line.horizon}
    remarks = [_limit(check, horizons.get(check.scenario, "")) for check in view.limits]
    remarks += [_unchecked(limit) for limit in view.unchecked]
    remarks += [remark for remark in (_unreached(view), _proxied(view), _failed(view)) if remark is not None]
    return [Text(""), *remarks] if remarks else []


def _unchecked(limit: Limit) -> Text:
    name = limit.name or "limit"
    return safe(f"Not checked {name}: scenario {limit.scenario} was not run", ALARM)


def _limit(check: LimitCheck, horizon: str) -> Text:
    verdict = _VERDICTS[check.level].copy()
    name = check.limit.name or f"limit on {check.limit.scenario}"
    size = f"loss {100.0 * check.loss:.1f} % of {check.limit.of}" if check.loss > 0.0 else "no loss"
    if math.isinf(check.loss) and check.loss > 0.0:
        size = f"a loss on a {check.limit.of} value of 0"
    allowed = f", limit {100.0 * check.limit.max_loss:g} %"
    if check.limit.warning is not None:
        allowed += f", warning {100.0 * check.limit.warning:g} %"
    owner = safe(f", owner {check.limit.owner}") if check.limit.owner else Text()
    return Text.assemble(verdict, safe(name), f": {size} in ", safe(check.scenario), horizon, allowed, owner)


_VERDICTS = {HARD: Text("BREACHED ", ALARM), WARNING: Text("WARNING ", ALARM), OK: Text("Kept ")}


def _unreached(view: PortfolioView) -> Text | None:
    """Return the positions that no scenario reaches, with their number and share of gross value.

    The share alone would not show a swap at par, whose base value is nothing.
    """
    covered = view.coverage
    if covered is None:
        return None
    rows = [row for row in range(len(covered.position_ids)) if not covered.reached[row].any()]
    if not rows:
        return None
    rows.sort(key=lambda row: -float(covered.gross[row]))
    total = float(covered.gross.sum())
    held = float(covered.gross[rows].sum()) / total if total else 0.0
    names = _named(covered.position_ids[row] for row in rows)
    size = f"{len(rows):,} of {len(covered.position_ids):,} positions, {share(held)} of gross value"
    return safe(f"Reached by no scenario ({size}): {names}")


def _proxied(view: PortfolioView) -> Text | None:
    result = view.result
    names = [item.position for item in result.proxied]
    if not names or result.units is None:
        return None
    rows = [result.position_ids.index(name) for name in names]
    value = float(abs(result.position_value[rows, 0]).sum())
    part = share(value / result.gross_value) if result.gross_value else "-"
    return safe(f"Valued as stated and moved through a proxy ({part} of gross value): {_named(names)}")


def _failed(view: PortfolioView) -> Text | None:
    names = dict.fromkeys(failure.position for failure in view.result.failures)
    if not names:
        return None
    return safe(f"Without a value in some scenario, left out of its total: {_named(names)}", ALARM)


def _named(names: Iterable[str]) -> str:
    """Return the first few names and how many more there are."""
    found = list(names)
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(found[:_NAMED]) + more


def print_notes(console: Console, report: RunReport) -> None:
    """Print what a reader of the numbers must know: warnings of the scenarios, lines that reached nothing."""
    stress = report.stress
    nowhere: dict[str, list[str]] = {}
    for line in stress.compiled.unmatched:
        nowhere.setdefault(line.text, []).append(line.scenario)
    notes = [str(warning) for warning in stress.result.warnings]
    counts = status_counts(stress.scenarios)
    if set(counts) - {UNSTATED}:
        stated = ", ".join(f"{count} {status}" for status, count in counts.items())
        notes.append(f"status of the scenarios: {stated}")
    notes += [
        f"{text} reaches nothing in this market ({', '.join(names)})" for text, names in nowhere.items()
    ]
    if notes:
        console.print()
    for note in dict.fromkeys(notes):
        console.print(safe(f"Note: {note}", ASIDE))
