// The hedge answer: asked for, made in the background, cancellable.

import { amount, byId, data, el, fill, percent, problemText, quantity, row, sign, table } from "./format.js";
import { Refused, ask, take } from "./server.js";
import { lineKey, state } from "./state.js";

let watching = false;
let asked = null;
let problems = () => {};
let apply = () => {};

// What a hedge depends on: where it has not changed the answer holds.
function hedgeKey() {
  const { shown, scenario } = state;
  return JSON.stringify([shown, lineKey(scenario), byId("policy").value]);
}

async function askHedge() {
  const key = hedgeKey();
  fill("hedge");
  try {
    await ask("api/hedge", { policy: byId("policy").value });
    asked = key;
    hedgeMoved();
    watch();
  } catch (error) {
    if (error instanceof Refused) problems(error.problems);
    else throw error;
  }
}

// The answer belongs to what it was asked of: it fades once something moves.
export function hedgeMoved() {
  byId("hedge").classList.toggle("stale", asked !== null && asked !== hedgeKey());
}

export function hedgeSettled() {
  hedgeMoved();
  if (byId("hedge-live").checked && asked !== hedgeKey()) askHedge();
}

export function showPolicies(opening, told, taken) {
  problems = told;
  apply = taken;
  fill("policy", opening.policies.map((name) => el("option", { value: name }, name)));
  byId("policy").onchange = hedgeSettled;
  byId("hedge-live").onchange = hedgeSettled;
  byId("hedge-ask").onclick = askHedge;
  byId("hedge-cancel").onclick = async () => showJob(await take("api/hedge", "DELETE"));
  take("api/hedge").then((job) => {
    if (job.status === "running") watch();
  });
}

async function watch() {
  if (watching) return;
  watching = true;
  try {
    for (;;) {
      const job = await take("api/hedge");
      showJob(job);
      if (job.status !== "running") break;
      await new Promise((done) => setTimeout(done, 400));
    }
  } catch (error) {
    if (error instanceof Refused) problems(error.problems);
    else throw error;
  } finally {
    watching = false;
    byId("hedge-cancel").hidden = true;
    byId("hedge-ask").disabled = false;
  }
}

function showJob(job) {
  const running = job.status === "running";
  byId("hedge-cancel").hidden = !running;
  byId("hedge-ask").disabled = running;
  const seconds = `${Math.floor(job.seconds ?? 0)} s`;
  if (running) fill("hedge-progress", el("progress", { max: job.steps, value: job.step - 1 || null, "aria-label": "Hedge" }), ` ${job.doing} (step ${job.step} of ${job.steps}, ${seconds})`);
  else if (job.status === "cancelled") fill("hedge-progress", `Cancelled after ${seconds}.`);
  else if (job.status === "failed") fill("hedge-progress", "No answer: ", el("span", { class: "loss" }, job.problems.map(problemText).join(" ")));
  else fill("hedge-progress", `Done in ${seconds}.`);
  if (job.answer) showAnswer(job.answer, job.trades);
}

function showAnswer(plan, trades) {
  const parts = [el("h3", {}, `${plan.policy}: ${plan.status.replaceAll("_", " ")}`)];
  if (plan.diagnosis) {
    const rules = plan.diagnosis.conflict.map((rule) => el("li", {}, `${rule.rule}: ${rule.reason || rule.measure}`));
    parts.push(el("p", {}, "No trades keep to all of these rules:"), el("ul", {}, rules));
  }
  if (plan.trades.length) {
    const rows = plan.trades.map((trade) => row(trade.label || trade.instrument, el("td", {}, trade.action), quantity(trade.quantity), amount(trade.value), amount(trade.cost), el("td", {}, trade.reason)));
    parts.push(table(`Trades, values in ${plan.currency}`, [["Instrument"], ["Action"], ["Quantity", "number"], ["Value", "number"], ["Cost", "number"], ["Why"]], rows));
    if (trades) parts.push(el("p", {}, el("button", { type: "button", id: "hedge-apply", onclick: () => apply(plan.portfolio, trades) }, "Put these trades into the book"), el("span", { class: "aside" }, " as what-if trades: everything above answers for the hedged book; what the trades cost then lowers its base value")));
  }
  const before = [...plan.scenarios].sort((one, other) => one.pnl_before - other.pnl_before);
  const lines = before.map((one) => row(one.name, el("td", {}, one.horizon), data(one.pnl_before, percent(one.pnl_before_percent), sign(one.pnl_before)), data(one.pnl_after, percent(one.pnl_after_percent), sign(one.pnl_after)), el("td", {}, one.role.replaceAll("_", " "))));
  if (lines.length) parts.push(table("Before and after, per cent of base value; after includes what the trades cost", [["Scenario"], ["Over"], ["Before", "number"], ["After", "number"], ["Used"]], lines));
  const held = plan.challenges.map((one) => el("li", {}, `${one.name ?? ""}: ${one.text ?? one.finding ?? ""}`));
  if (held.length) parts.push(el("h4", {}, "Reasons to reject it"), el("ul", {}, held));
  if (plan.notes.length) parts.push(el("ul", { class: "aside" }, plan.notes.map((text) => el("li", {}, text))));
  fill("hedge", parts);
}
