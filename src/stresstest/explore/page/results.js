// The headline, the table of scenarios, limits, positions and their factors.

import { amount, breakable, byId, data, el, fill, level, percent, quantity, row, sign, table } from "./format.js";
import { setTrades, state } from "./state.js";

export function showHeadline(answer, title) {
  fill("headline-scenario", `${answer.scenario}${title ? `: ${title}` : ""}, severity ${state.severity}`);
  const lines = answer.portfolios.map((one) => headline(one.name, one));
  if (answer.portfolios.length > 1) lines.push(headline("together", answer.total));
  fill("headline-portfolios", lines);
  fill("command-line", answer.command ? ["The same on the command line: ", el("code", {}, answer.command)] : "With what-if trades: save portfolio and scenario, and run those files.");
}

function headline(name, one) {
  const failed = one.failed ? el("span", { class: "loss" }, `${one.failed} not valued`) : null;
  const base = el("span", { class: "aside" }, `of ${amount(one.base_value)} ${one.currency}${one.of === "gross value" ? ", per cent of gross value" : ""}`);
  return el(
    "li",
    { "data-portfolio": name },
    el("span", { class: "name" }, name),
    data(one.pnl, `${amount(one.pnl)} ${one.currency}`, `pnl ${sign(one.pnl)}`),
    one.percent === null ? null : data(one.percent, percent(one.percent), `percent ${sign(one.pnl)}`),
    base,
    failed,
  );
}

export function showScenarios(opening, lines, choose, compare) {
  const largest = Math.max(...[...lines.values()].map((line) => Math.abs(shownOf(line)?.percent ?? 0)), 1e-9);
  const rows = opening.scenarios.map((one) => {
    const line = lines.get(one.name);
    const own = line ? shownOf(line) : null;
    const box = el("input", { type: "checkbox", id: `compare-${one.name}`, checked: state.compared.includes(one.name), "aria-label": `Compare ${one.name}`, onchange: (event) => compare(one.name, event.target.checked) });
    const button = el("button", { type: "button", class: "link", "aria-pressed": String(one.name === state.scenario), title: one.title, onclick: () => choose(one.name) }, breakable(one.name));
    const failed = line?.problems ? line.problems[0]?.got ?? "impossible" : null;
    const cells = failed
      ? [el("td", { colspan: 3, class: "aside" }, failed)]
      : [data(own?.pnl, own ? amount(own.pnl) : "…", sign(own?.pnl)), data(own?.percent, own ? percent(own.percent) : "…", sign(own?.pnl)), barCell(own?.percent, largest)];
    const line_ = row(el("span", { class: "choice" }, box, button), el("td", { class: "over" }, one.horizon), ...cells);
    line_.classList.toggle("stale", Boolean(line?.stale));
    line_.dataset.scenario = one.name;
    return line_;
  });
  const head = [["Scenario"], ["Over", "over"], ["P&L", "number"], ["%", "number"], ["", "bars"]];
  keepFocus("scenarios", () => fill("scenarios", table(`P&L of ${state.shown}`, head, rows)));
}

export function shownOf(line) {
  return line.portfolios?.find((one) => one.name === state.shown) ?? null;
}

function barCell(value, largest) {
  return el("td", { class: "bars" }, bar(value ?? 0, largest));
}

// A bar whose length says what the number beside it says.
export function bar(value, largest) {
  const meter = el("span", { class: `bar ${sign(value)}`, "aria-hidden": "true" });
  meter.style.inlineSize = `${Math.min(100, (100 * Math.abs(value)) / largest)}%`;
  return meter;
}

// Writing a part anew must not take the focus from who works in it.
export function keepFocus(id, write) {
  const focused = document.activeElement;
  const inside = focused instanceof HTMLElement && byId(id).contains(focused) ? focused.id || focused.textContent : null;
  write();
  if (inside === null) return;
  const again = byId(inside) ?? [...byId(id).querySelectorAll("button")].find((button) => button.textContent === inside);
  again?.focus();
}

export function showLimits(lines) {
  const worst = new Map();
  for (const [scenario, line] of lines) {
    for (const limit of line.limits ?? []) {
      const key = `${limit.portfolio}/${limit.name}`;
      if (!worst.has(key) || (limit.loss ?? Infinity) > (worst.get(key).loss ?? Infinity)) worst.set(key, { ...limit, at: scenario });
    }
  }
  if (!worst.size) {
    fill("limits", el("p", { class: "aside" }, "No portfolio states a limit on these scenarios."));
    return;
  }
  const rows = [...worst.values()].map((limit) => {
    const told = el("td", { class: limit.breached ? "loss strong" : "" }, limit.breached ? "BREACHED" : "kept");
    const loss = limit.loss === null ? "beyond any" : `${(100 * limit.loss).toFixed(1)} %`;
    return row(`${limit.portfolio}: ${limit.name}`, told, loss, `${(100 * limit.max_loss).toFixed(1)} % of ${limit.of}`, el("td", {}, limit.at));
  });
  fill("limits", table("Limits against the worst of the scenarios compared", [["Limit"], [""], ["Loss", "number"], ["Allowed", "number"], ["In"]], rows));
}

export function showPositions(detail, drill, traded) {
  const found = detail.positions;
  const largest = Math.max(...found.lines.map((one) => Math.abs(one.pnl ?? 0)), 1e-9);
  const own = state.trades[state.shown]?.quantities ?? {};
  const rows = found.lines.map((one) => {
    const name = el("button", { type: "button", class: "link", "aria-expanded": "false", onclick: (event) => drill(one.id, event.currentTarget), title: one.name }, breakable(one.id));
    const box = el("input", { type: "number", step: "any", class: "quantity", id: `quantity-${one.id}`, "aria-label": `What-if quantity of ${one.id}` });
    box.value = own[one.id] ?? one.quantity;
    box.addEventListener("change", () => traded(one.id, box.value === "" ? null : Number(box.value)));
    const line = row(name, el("td", { class: "type" }, breakable(one.type)), el("td", { class: "number" }, box), el("td", { class: "number base" }, amount(one.base_value)), data(one.pnl, amount(one.pnl), sign(one.pnl)), percent(one.percent), barCell(one.pnl, largest));
    line.dataset.position = one.id;
    if (one.id in own) line.classList.add("changed");
    return line;
  });
  const more = found.found > found.lines.length ? `; the first ${found.lines.length} of ${found.found} are shown, find others by name` : "";
  const head = [["Position"], ["Type", "type"], ["Quantity", "number"], ["Base value", "number base"], ["P&L", "number"], ["% of all", "number"], ["", "bars"]];
  if (!rows.length) {
    fill("positions", el("p", { class: "aside" }, `No position of ${state.shown} has "${state.find}" in its name.`));
    return;
  }
  keepFocus("positions", () => fill("positions", table(`${found.all} positions, the largest loss first${more}`, head, rows)));
}

export function showFactors(line, answer) {
  const rows = answer.traces.flatMap((one) => {
    const largest = Math.max(...one.factors.map((item) => Math.abs(item.pnl ?? 0)), Math.abs(one.interaction ?? 0), 1e-9);
    const lines = one.factors.map((item) => row(item.factor, level(item.base), level(item.level), data(item.pnl, amount(item.pnl), sign(item.pnl)), barCell(item.pnl, largest)));
    if (one.left_out) lines.push(row(`${one.left_out} smaller factors`, "", "", ""));
    if (one.time) lines.push(row("time alone", "", "", data(one.time, amount(one.time), sign(one.time)), barCell(one.time, largest)));
    lines.push(row("together beyond each alone", "", "", data(one.interaction, amount(one.interaction), sign(one.interaction)), barCell(one.interaction, largest)));
    lines.push(row("P&L", "", "", data(one.pnl, amount(one.pnl), `strong ${sign(one.pnl)}`)));
    return lines;
  });
  const head = [["Factor"], ["Base", "number"], ["Scenario", "number"], ["P&L", "number"], ["", "bars"]];
  const name = line.dataset.position;
  const inner = table(`${name}: each factor moved alone`, head, rows);
  const cell = el("td", { colspan: 7, class: "drill" }, inner);
  line.after(el("tr", { class: "drill-row" }, cell));
}

export function showNotes(detail) {
  const failed = detail.failures.map((one) => `${one.position} in ${one.scenario}: ${one.message}`);
  const notes = [...failed, ...detail.warnings];
  fill("notes", notes.length ? notes.map((text) => el("li", {}, text)) : el("li", { class: "aside" }, "Nothing to tell."));
}

export function showChanges(changed) {
  const parts = [];
  for (const [portfolio, own] of Object.entries(state.trades)) {
    for (const [position, value] of Object.entries(own.quantities ?? {})) {
      const undo = () => {
        const quantities = { ...own.quantities };
        delete quantities[position];
        setTrades(portfolio, { quantities });
        changed();
      };
      parts.push(el("li", {}, `${portfolio}: ${position} at ${quantity(value)} `, el("button", { type: "button", class: "link", onclick: undo, "aria-label": `Undo ${position}` }, "undo")));
    }
    const added = (own.added ?? "").split("\n").filter((line) => line.trim());
    if (added.length) {
      const undo = () => {
        setTrades(portfolio, { added: "" });
        changed();
      };
      parts.push(el("li", {}, `${portfolio}: added ${added.length === 1 ? "a position" : `${added.length} lines of positions`} `, el("button", { type: "button", class: "link", onclick: undo, "aria-label": "Undo added positions" }, "undo")));
    }
  }
  fill("changes", parts.length ? el("ul", {}, parts) : el("p", { class: "aside" }, "No trade yet."));
}
