// The page: what was moved is answered at once, everything else when it is quiet.

import { scenarioOf, showNarrative, showPortfolios, showScenario, showShown, showSliders } from "./controls.js";
import { showHeat, showPath, showWaterfall } from "./charts.js";
import { byId, el, fill, showProblems } from "./format.js";
import { hedgeMoved, hedgeSettled, showPolicies } from "./hedge.js";
import { showNetwork } from "./network.js";
import { keepFocus, showChanges, showFactors, showHeadline, showLimits, showNotes, showPositions, showScenarios } from "./results.js";
import { Latest, Refused, ask, download, take } from "./server.js";
import { fromAddress, keepAddress, lineKey, setTrades, state } from "./state.js";

const QUIET = 160;
const MANY_POSITIONS = 2000;

let opening = null;
let timer = 0;
let turn = 0;
const lines = new Map();

const moves = new Latest(async () => {
  try {
    const answer = await ask("api/move");
    showProblems("problems", []);
    document.body.classList.remove("old");
    showHeadline(answer, scenarioOf(opening).title);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!error.superseded) failed(error.problems);
  }
});

function failed(problems) {
  // The numbers that stand there are of the move before: they fade, and the reason stands above them.
  document.body.classList.add("old");
  showProblems("problems", problems);
}

async function moved() {
  turn += 1;
  delete document.body.dataset.settled;
  hedgeMoved();
  clearTimeout(timer);
  await moves.ask();
  clearTimeout(timer);
  timer = setTimeout(settle, QUIET, turn);
}

// Everything that may wait, part by part; a move in between ends it, and it begins again afterwards.
async function settle(begun) {
  keepAddress();
  try {
    const detail = await ask("api/detail");
    if (begun !== turn) return;
    showDetail(detail);
    for (const name of order()) {
      const key = lineKey(name);
      if (lines.get(name)?.key === key) continue;
      const line = await lineOf(name);
      if (begun !== turn) return;
      lines.set(name, { ...line, key });
      showLines();
    }
    document.body.dataset.settled = String(begun);
    hedgeSettled();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!error.superseded && begun === turn) failed(error.problems);
  }
}

function order() {
  return [state.scenario, ...state.compared.filter((name) => name !== state.scenario)];
}

async function lineOf(name) {
  try {
    return await ask(`api/scenario/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof Refused) || error.superseded) throw error;
    return { problems: error.problems };
  }
}

function showDetail(detail) {
  showWaterfall(detail.waterfall, detail.by);
  showPath(detail.path);
  showNetwork(detail.network);
  showPositions(detail, drill, traded);
  showNotes(detail);
  showJumps();
  const by = byId("by");
  if (by.options.length !== detail.attributes.length) fill(by, detail.attributes.map((name) => el("option", { value: name }, name)));
  by.value = state.by;
}

function showLines() {
  for (const [name, line] of lines) line.stale = line.key !== lineKey(name);
  const compared = new Map([...lines].filter(([name]) => order().includes(name)));
  showScenarios(opening, lines, choose, compare);
  showLimits(compared);
  showHeat(compared);
}

function choose(name) {
  state.scenario = name;
  byId("scenario").value = name;
  showControls();
  moved();
}

function compare(name, wanted) {
  const known = opening.scenarios.map((one) => one.name);
  state.compared = known.filter((one) => (one === name ? wanted : state.compared.includes(one)));
  showLines();
  moved();
}

function traded(position, value) {
  const quantities = { ...(state.trades[state.shown]?.quantities ?? {}) };
  if (value === null || !Number.isFinite(value)) delete quantities[position];
  else quantities[position] = value;
  setTrades(state.shown, { quantities });
  changed();
}

// The book as a hedge leaves it; what was added before is part of what the hedge adds.
function hedged(portfolio, trades) {
  setTrades(portfolio, trades);
  if (portfolio === state.shown) byId("add-text").value = trades.added;
  changed();
}

async function drill(position, button) {
  const line = button.closest("tr");
  if (button.getAttribute("aria-expanded") === "true") {
    button.setAttribute("aria-expanded", "false");
    line.nextElementSibling?.remove();
    return;
  }
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    showFactors(line, await ask("api/position", { position }));
    button.setAttribute("aria-expanded", "true");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    showProblems("problems", error.problems);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function showControls() {
  const scenario = scenarioOf(opening);
  showNarrative(scenario);
  showSliders(scenario, moved);
  showShown(opening, changed);
}

function changed() {
  showControls();
  showChanges(changed);
  showLines();
  moved();
}

// Within the page by focus, not by address: the address holds the view.
function wireJumps() {
  // What is scrolled to, or has the focus, must not end up below the headline, whose height is its own.
  const head = byId("headline");
  new ResizeObserver(() => document.documentElement.style.setProperty("--head", `${head.offsetHeight}px`)).observe(head);
  const jump = (id) => {
    byId(id).focus({ preventScroll: true });
    byId(id).scrollIntoView();
  };
  byId("skip").onclick = (event) => {
    event.preventDefault();
    jump("results");
  };
  const titles = [...document.querySelectorAll("#results h2")];
  fill("jumps", titles.map((title) => el("button", { type: "button", class: "link", "data-to": title.id, onclick: () => jump(title.id) }, title.textContent)));
}

// A part that is not shown cannot be jumped to.
function showJumps() {
  for (const button of byId("jumps").children) button.hidden = byId(button.dataset.to).closest("section").hidden;
}

function wireButtons() {
  byId("as-written").onclick = () => {
    state.severity = "100%";
    const { [state.scenario]: _dropped, ...settings } = state.settings;
    state.settings = settings;
    showControls();
    moved();
  };
  byId("copy-link").onclick = async () => {
    keepAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      fill("saved", "The address of this view is on the clipboard; it holds the page's key.");
    } catch {
      fill("saved", "The browser does not let the page copy: take the address from its bar.");
    }
  };
  for (const [id, path] of [["save-scenario", "api/save/scenario"], ["save-portfolio", "api/save/portfolio"], ["save-report", "api/save/report"]]) {
    byId(id).onclick = () => save(byId(id), path);
  }
  byId("find").oninput = () => {
    state.find = byId("find").value;
    moved();
  };
  byId("by").onchange = () => {
    state.by = byId("by").value;
    showLines();
    moved();
  };
}

async function save(button, path) {
  button.disabled = true;
  fill("saved", "Making the file…");
  try {
    fill("saved", `Saved ${await download(path)}.`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fill("saved", "");
    showProblems("problems", error.problems);
  } finally {
    button.disabled = false;
  }
}

function wireTrades() {
  fill("add-type", opening.types.map((tag) => el("option", { value: tag }, tag)));
  byId("add-example").onclick = async () => {
    const found = await take(`api/template/${encodeURIComponent(byId("add-type").value)}`);
    const text = byId("add-text");
    text.value = `${text.value.trimEnd()}${text.value.trim() ? "\n" : ""}- ${found.text || `{id: what-if, type: ${found.type}, quantity: 1}`}`;
    text.focus();
  };
  byId("add").onsubmit = async (event) => {
    event.preventDefault();
    const before = state.trades;
    setTrades(state.shown, { added: byId("add-text").value });
    try {
      await ask("api/move");
      showProblems("add-problems", []);
      changed();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      state.trades = before;
      showProblems("add-problems", error.problems);
    }
  };
  byId("controls").onsubmit = (event) => event.preventDefault();
}

function restore() {
  fromAddress(location.hash, opening);
  const big = opening.portfolios.some((one) => one.positions > MANY_POSITIONS);
  // On a large book a path of many dates takes seconds: those are compared when ticked.
  state.compared ??= opening.scenarios.filter((one) => !(big && one.over_time)).map((one) => one.name);
  byId("find").value = state.find;
  showJumps();
  byId("add-text").value = state.trades[state.shown]?.added ?? "";
  showPortfolios(opening, changed);
  showScenario(opening, () => choose(state.scenario));
  changed();
}

async function start() {
  try {
    opening = await take("api/opening");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fill("headline-scenario", "The book cannot be opened.");
    showProblems("problems", error.problems);
    return;
  }
  fill("market", `Market ${opening.market}, as of ${opening.as_of}. Version ${opening.version}.`);
  wireJumps();
  wireButtons();
  wireTrades();
  showPolicies(opening, (problems) => showProblems("problems", problems), hedged);
  restore();
  addEventListener("hashchange", restore);
}

start();
