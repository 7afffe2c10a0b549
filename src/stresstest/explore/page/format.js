// Numbers as `stresstest run` prints them, and elements whose text is only ever text.

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SVG = "http://www.w3.org/2000/svg";

export const NONE = "n/a";

export function amount(value) {
  if (value === null || value === undefined) return NONE;
  // As `run` does: rounded half to even is not told apart at whole units of money.
  return value > -0.5 && value < 0.5 ? "0" : WHOLE.format(value);
}

export function quantity(value) {
  if (value === null || value === undefined) return NONE;
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 }).format(value);
}

export function percent(value, digits = 1) {
  if (value === null || value === undefined) return NONE;
  const text = value.toFixed(digits);
  const plain = Number(text) === 0 ? (0).toFixed(digits) : text;
  return `${value > 0 && Number(text) !== 0 ? "+" : ""}${plain} %`;
}

export function level(value) {
  if (value === null || value === undefined) return NONE;
  return Number(value.toPrecision(6)).toString();
}

// A number that a reader of the page's data can take exactly, with the text that people read.
export function data(value, text, className = "") {
  return el("data", { value: value === null || value === undefined ? "" : String(value), class: className }, text);
}

export function sign(value) {
  if (value === null || value === undefined || value === 0) return "";
  return value < 0 ? "loss" : "gain";
}

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false || value === "") continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function el(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

export function fill(id, ...children) {
  const node = typeof id === "string" ? byId(id) : id;
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// A name with places where a line may end; its text stays what it is.
export function breakable(text) {
  const parts = text.match(/[^_]{1,24}_*|_+/g) ?? [];
  return parts.flatMap((part, number) => (number ? [document.createElement("wbr"), part] : [part]));
}

// A table: head is a list of [text, class], rows are lists of cells.
export function table(caption, head, rows) {
  return el(
    "table",
    {},
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, head.map(([text, name]) => el("th", { scope: "col", class: name }, name === "turned" ? el("span", {}, text) : text)))),
    el("tbody", {}, rows),
  );
}

export function row(first, ...cells) {
  return el("tr", {}, el("th", { scope: "row" }, typeof first === "string" ? breakable(first) : first), cells.flat().map((cell) => (cell instanceof Element && cell.tagName === "TD" ? cell : el("td", { class: "number" }, cell))));
}

export function problemText(problem) {
  let text = "";
  if (problem.file && problem.file !== "page") text += problem.line ? `${problem.file}:${problem.line}:${problem.column}: ` : `${problem.file}: `;
  text += problem.code ? `error[${problem.code}] ${problem.got}` : problem.got;
  if (problem.expected) text += `; expected ${problem.expected}`;
  if (problem.suggestion) text += `; did you mean '${problem.suggestion}'?`;
  return text;
}

export function showProblems(id, problems) {
  const node = byId(id);
  node.hidden = problems.length === 0;
  fill(node, problems.length ? el("ul", {}, problems.map((problem) => el("li", {}, problemText(problem)))) : null);
}
