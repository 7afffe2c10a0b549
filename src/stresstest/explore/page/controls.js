// Portfolios, scenario, severity and drivers: what a reader moves.

import { byId, el, fill } from "./format.js";
import { setDriver, state } from "./state.js";

const MOST_SEVERITY = 200;

export function scenarioOf(opening, name = state.scenario) {
  return opening.scenarios.find((one) => one.name === name) ?? { name, drivers: [] };
}

export function showPortfolios(opening, changed) {
  const several = opening.portfolios.length > 1;
  fill(
    "portfolios",
    opening.portfolios.map((one) => {
      const box = el("input", {
        type: "checkbox",
        id: `portfolio-${one.name}`,
        checked: state.portfolios.includes(one.name),
        disabled: !several,
        onchange: () => {
          const chosen = opening.portfolios.map((other) => other.name).filter((name) => byId(`portfolio-${name}`).checked);
          if (!chosen.length) {
            box.checked = true;
            return;
          }
          state.portfolios = chosen;
          if (!chosen.includes(state.shown)) state.shown = chosen[0];
          changed();
        },
      });
      const label = el("label", { for: `portfolio-${one.name}`, title: one.title }, `${one.name} (${one.positions} positions)`);
      return el("div", { class: "choice" }, box, label);
    }),
  );
}

export function showScenario(opening, changed) {
  const select = byId("scenario");
  fill(select, opening.scenarios.map((one) => el("option", { value: one.name }, one.title ? `${one.name}: ${one.title}` : one.name)));
  select.value = state.scenario;
  select.onchange = () => {
    state.scenario = select.value;
    changed();
  };
}

export function showNarrative(scenario) {
  const over = scenario.over_time ? ", in steps over time" : "";
  const network = scenario.network ? `, through the network ${scenario.network}` : "";
  fill("about", `Over ${scenario.horizon}${over}${network}.`);
  fill("narrative", scenario.narrative);
  byId("narrative").closest("details").hidden = !scenario.narrative;
  const notice = byId("notice");
  notice.hidden = !scenario.defaults;
  fill(notice, scenario.defaults ? "Issuers default in this scenario, or can: what claims recover is an assumption of it." : "");
}

// One slider with its number beside it: both have the label, a step and a range.
function slider(id, label, range, moved) {
  const unit = range.unit ?? "";
  const attributes = { min: range.low, max: range.high, step: range.step };
  const bar = el("input", { type: "range", id, ...attributes, "aria-describedby": `${id}-about` });
  const box = el("input", { type: "number", id: `${id}-number`, ...attributes, step: "any", "aria-label": `${label}, number` });
  bar.value = range.points;
  box.value = range.points;
  const told = () => bar.setAttribute("aria-valuetext", `${box.value}${unit}`);
  bar.addEventListener("input", () => {
    box.value = bar.value;
    told();
    moved(`${bar.value}${unit}`);
  });
  box.addEventListener("change", () => {
    if (box.value === "" || !Number.isFinite(Number(box.value))) {
      box.value = bar.value;
      return;
    }
    bar.value = box.value;
    told();
    moved(`${box.value}${unit}`);
  });
  told();
  const measure = range.measure ? ` ${range.measure}` : "";
  const about = el("p", { id: `${id}-about`, class: "aside" }, `${range.low}${unit} to ${range.high}${unit}${measure}. ${range.about ?? ""}`);
  return el(
    "div",
    { class: "slider" },
    el("label", { for: id }, label),
    el("span", { class: "value" }, box, el("span", { class: "unit" }, unit || range.measure || "")),
    bar,
    about,
  );
}

function choice(id, driver, scenario, moved) {
  const select = el("select", { id }, driver.choices.map((word) => el("option", { value: word }, word)));
  select.value = state.settings[scenario]?.[driver.name] ?? driver.value;
  select.addEventListener("change", () => {
    setDriver(scenario, driver.name, select.value === driver.value ? null : select.value);
    moved();
  });
  return el("div", { class: "slider" }, el("label", { for: id }, words(driver.name)), select, el("p", { class: "aside" }, driver.description));
}

function words(name) {
  return name.replaceAll("_", " ");
}

export function showSliders(scenario, moved) {
  const severity = { low: 0, high: MOST_SEVERITY, step: 1, unit: "%", points: parseFloat(state.severity), about: "Scales every shift of every scenario; 100% is as written." };
  const parts = [
    slider("severity", "Severity", severity, (text) => {
      state.severity = text;
      moved();
    }),
  ];
  for (const driver of scenario.drivers) {
    const id = `driver-${driver.name}`;
    if (driver.choices) {
      parts.push(choice(id, driver, scenario.name, moved));
      continue;
    }
    const stated = state.settings[scenario.name]?.[driver.name];
    const points = stated === undefined ? driver.points : parseFloat(stated);
    parts.push(
      slider(id, words(driver.name), { ...driver, points, about: driver.description }, (text) => {
        setDriver(scenario.name, driver.name, text === driver.value ? null : text);
        moved();
      }),
    );
  }
  fill("sliders", parts);
}

export function showShown(opening, changed) {
  const nav = byId("shown");
  nav.hidden = state.portfolios.length < 2;
  fill(
    nav,
    state.portfolios.map((name) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(name === state.shown),
          onclick: () => {
            state.shown = name;
            changed();
          },
        },
        name,
      ),
    ),
  );
}
