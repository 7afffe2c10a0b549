// Waterfall, heat map and path: each a picture with its numbers in the same table.

import { amount, data, el, fill, percent, row, sign, svg, table } from "./format.js";
import { shownOf } from "./results.js";
import { state } from "./state.js";

const WIDTH = 240;

// Bars that begin where the one before ended, a line of the table each.
export function showWaterfall(parts, by) {
  let at = 0;
  const ends = parts.map((part) => [at, (at += part.pnl ?? 0)]);
  const low = Math.min(0, ...ends.flat());
  const high = Math.max(0, ...ends.flat());
  const scale = WIDTH / (high - low || 1);
  const drawn = (from, to, name) => {
    const left = (Math.min(from, to) - low) * scale;
    const width = Math.max(Math.abs(to - from) * scale, 1);
    const zero = svg("line", { x1: -low * scale, x2: -low * scale, y1: 0, y2: 16, class: "zero" });
    return svg("svg", { viewBox: `0 0 ${WIDTH} 16`, class: "step", "aria-hidden": "true", preserveAspectRatio: "none" }, zero, svg("rect", { x: left, y: 2, width, height: 12, class: name }));
  };
  const rows = parts.map((part, number) => {
    const [from, to] = ends[number];
    return row(words(part.part), data(part.pnl, amount(part.pnl), sign(part.pnl)), percent(part.percent), el("td", { class: "bars" }, drawn(from, to, sign(part.pnl))));
  });
  rows.push(row(el("strong", {}, "P&L"), data(at, amount(at), `strong ${sign(at)}`), "", el("td", { class: "bars" }, drawn(0, at, `total ${sign(at)}`))));
  fill("waterfall", table(`${state.scenario}, ${state.shown}, by ${by}`, [["Part"], ["P&L", "number"], ["%", "number"], ["", "bars"]], rows));
}

function words(part) {
  const known = { direct: "what lines state", propagated: "propagation", aged: "time", interaction: "together beyond each alone" };
  return known[part] ?? part.replaceAll("_", " ");
}

const STEPS = [0.05, 0.5, 2, 5, 10, 20];

// The shade says the size; the number in each cell says it without colour.
function shade(value) {
  if (value === null || value === undefined || Math.abs(value) < STEPS[0]) return "";
  const depth = STEPS.filter((step) => Math.abs(value) >= step).length;
  return `${value < 0 ? "loss" : "gain"}-${depth}`;
}

export function showHeat(lines) {
  const columns = [...lines].filter(([name, line]) => state.compared.includes(name) && line.groups);
  if (!columns.length) {
    fill("heat", el("p", { class: "aside" }, "Tick scenarios above to compare them here."));
    return;
  }
  const worst = (line) => shownOf(line)?.pnl ?? 0;
  columns.sort((one, other) => worst(one[1]) - worst(other[1]));
  const rows = new Map();
  for (const [name, line] of columns) {
    for (const group of line.groups.lines) {
      const key = group.rest ? "others" : group.group;
      if (!rows.has(key)) rows.set(key, new Map());
      rows.get(key).set(name, group);
    }
  }
  const size = (cells) => Math.min(...[...cells.values()].map((group) => group.percent ?? 0));
  const ordered = [...rows].sort((one, other) => (one[0] === "others") - (other[0] === "others") || size(one[1]) - size(other[1]));
  const body = ordered.map(([group, cells]) =>
    row(
      group,
      columns.map(([name]) => {
        const value = cells.get(name)?.percent ?? null;
        return el("td", { class: `number heat ${shade(value)}` }, cells.has(name) ? percent(value ?? 0).replace(/^\+| %$/g, "") : "");
      }),
    ),
  );
  const head = [[columns[0][1].groups.by], ...columns.map(([name]) => [name, "turned"])];
  fill("heat", table(`P&L of ${state.shown} in per cent of its value, worst scenario first`, head, body));
}

export function showPath(points) {
  const section = document.getElementById("section-path");
  section.hidden = points.length === 0;
  if (!points.length) return;
  const values = points.flatMap((point) => [point.before, point.after]);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const y = (value) => 150 - (140 * (value - low)) / (high - low || 1);
  const x = (number) => 10 + (580 * number) / Math.max(points.length - 1, 1);
  const line = points.flatMap((point, number) => [`${x(number)},${y(point.before)}`, `${x(number)},${y(point.after)}`]).join(" ");
  const lowest = points.findIndex((point) => Math.min(point.before, point.after) === low);
  const marks = [...new Set([0, lowest, points.length - 1])].map((number) => {
    const point = points[number];
    const value = number === 0 ? point.before : Math.min(point.before, point.after);
    const anchor = number === 0 ? "start" : number === points.length - 1 ? "end" : "middle";
    return svg("text", { x: x(number), y: y(value) > 80 ? y(value) - 6 : y(value) + 14, "text-anchor": anchor }, `${point.date}: ${amount(value)}`);
  });
  const title = svg("title", {}, `Value of ${state.shown} along ${state.scenario}`);
  const drawing = svg("svg", { viewBox: "0 -10 600 180", class: "path", role: "img" }, title, svg("polyline", { points: line }), marks);
  const rows = points.map((point) => row(point.date, amount(point.before), amount(point.after)));
  const numbers = el("details", {}, el("summary", {}, "Numbers"), table("Value by date", [["Date"], ["Before the shocks", "number"], ["After", "number"]], rows));
  fill("path", drawing, numbers);
}
