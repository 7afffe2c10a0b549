// The network of a scenario: firms darken with what they lose, edges with the loss that can travel along them.

import { byId, el, fill, percent, row, svg, table } from "./format.js";

export function showNetwork(found) {
  byId("section-network").hidden = found === null;
  if (found === null) return;
  const rest = found.converged ? "" : " It does not come to rest: its numbers are no answer.";
  fill("network-words", `${found.title}. Ran: ${found.mechanisms.map((name) => name.replaceAll("_", " ")).join(", ")}.${rest} The darker a firm, the more of its value is lost; an arrow darkens with the loss of the firm that it comes from.`);
  const places = new Map(found.nodes.map((node) => [node.id, node]));
  const largest = Math.max(...found.edges.map((edge) => edge.amount), 1e-9);
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${found.width} ${found.height}`, class: "network", role: "img" },
    svg("title", {}, `Network ${found.title} after the scenario; the table below holds its numbers`),
    svg("defs", {}, svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, svg("path", { d: "M0,0 L8,4 L0,8 z", class: "tip" }))),
    found.bands.map((band) => [
      svg("rect", { x: 0, y: found.height - band.top + 1, width: found.width, height: band.top - band.bottom - 2, class: "band" }),
      svg("text", { x: 6, y: found.height - band.top + 14, class: "role" }, band.role),
    ]).flat(),
    found.edges.map((edge) => drawn(edge, places, largest)),
    found.nodes.map(node).flat(),
  );
  fill("network", drawing);
  const rows = found.firms.map((firm) => {
    const money = firm.failed_month !== null ? `money ends in month ${firm.failed_month.toFixed(1)}` : firm.doubt > 0.005 ? `money may end: ${percent(100 * firm.doubt, 0).replace("+", "").replace(" ", "\u00a0")}` : "";
    return row(firm.title, percent(firm.direct === null ? null : 100 * firm.direct), percent(firm.change === null ? null : 100 * firm.change), `${(100 * firm.debt_worth).toFixed(0)} %`, el("td", {}, money), el("td", {}, firm.unpriced ? "no price: reaches no position" : ""));
  });
  const head = [["Firm"], ["By lines", "number"], ["With the network", "number"], ["Its debt is worth", "number"], ["Money", ""], ["", ""]];
  fill("firms", rows.length ? table("Firms that change, the largest loss of money first", head, rows) : el("p", { class: "aside" }, "Nothing that the scenario states reaches the network."));
}

function drawn(edge, places, largest) {
  const from = places.get(edge.source);
  const to = places.get(edge.target);
  if (!from || !to || from === to) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  // Bent to one side, so that edges of both directions are told apart.
  const bend = Math.min(0.14 * length, 36);
  const [cx, cy] = [(from.x + to.x) / 2 - (bend * dy) / length, (from.y + to.y) / 2 + (bend * dx) / length];
  const start = towards(from, cx, cy, from.radius);
  const end = towards(to, cx, cy, to.radius + 2);
  const path = svg("path", { d: `M${start} Q${cx},${cy} ${end}`, class: "edge", "marker-end": "url(#arrow)" });
  path.style.strokeWidth = `${0.8 + 5 * Math.sqrt(edge.amount / largest)}`;
  path.style.opacity = `${0.12 + 0.85 * Math.min(1, 1.4 * edge.carries)}`;
  if (edge.carries > 0.02) path.classList.add("carrying");
  return path;
}

function towards(node, x, y, distance) {
  const length = Math.hypot(x - node.x, y - node.y) || 1;
  return `${node.x + (distance * (x - node.x)) / length},${node.y + (distance * (y - node.y)) / length}`;
}

// What is written inside a firm is read on its shade, whichever the page's own colours are.
function ink(depth) {
  if (depth === 0) return "";
  return depth > 5 ? "light" : "dark";
}

function node(found) {
  const depth = Math.round(Math.min(found.loss, 1) * 10);
  const name = svg("title", {}, `${found.id}: ${(100 * found.loss).toFixed(0)} % lost`);
  const circle = svg("circle", { cx: found.x, cy: found.y, r: found.radius, class: `firm depth-${depth}` }, name);
  const lines = [...found.lines, found.loss > 0.005 ? `-${(100 * found.loss).toFixed(0)} %` : ""].filter(Boolean);
  const inside = found.label_y < found.y && found.label_y > found.y - found.radius;
  const top = inside ? found.y - (lines.length * 9) / 2 + 7 : found.label_y + 8;
  const texts = lines.map((line, number) => svg("text", { x: found.x, y: top + 9 * number, class: `label ${inside ? ink(depth) : "outside"}` }, line));
  return [circle, ...texts];
}
