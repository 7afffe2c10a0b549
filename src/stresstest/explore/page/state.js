// The state of the page, kept in its address so that a view can be shared; the server never sees the address.

export const state = {
  portfolios: [],
  shown: "",
  scenario: "",
  severity: "100%",
  settings: {},
  trades: {},
  by: "issuer",
  find: "",
  compared: null,
};

export function view() {
  const { portfolios, shown, scenario, severity, settings, trades, by, find } = state;
  return { portfolios, shown, scenario, severity, settings, trades, by, find };
}

export function setDriver(scenario, driver, value) {
  const own = { ...(state.settings[scenario] ?? {}) };
  if (value === null) delete own[driver];
  else own[driver] = value;
  const settings = { ...state.settings };
  if (Object.keys(own).length) settings[scenario] = own;
  else delete settings[scenario];
  state.settings = settings;
}

export function setTrades(portfolio, change) {
  const own = { quantities: {}, added: "", ...(state.trades[portfolio] ?? {}), ...change };
  const trades = { ...state.trades };
  if (Object.keys(own.quantities).length || own.added.trim()) trades[portfolio] = own;
  else delete trades[portfolio];
  state.trades = trades;
}

// What a line of the table of scenarios depends on: where it has not changed the line holds.
export function lineKey(name) {
  const { portfolios, shown, severity, settings, trades, by } = state;
  return JSON.stringify([portfolios, shown, severity, settings[name] ?? {}, trades, by]);
}

export function toAddress() {
  const words = new URLSearchParams();
  for (const name of state.portfolios) words.append("portfolio", name);
  if (state.portfolios.length > 1) words.set("shown", state.shown);
  words.set("scenario", state.scenario);
  if (state.severity !== "100%") words.set("severity", state.severity);
  for (const [scenario, own] of Object.entries(state.settings)) {
    for (const [driver, value] of Object.entries(own)) words.append("set", `${scenario}.${driver}=${value}`);
  }
  if (Object.keys(state.trades).length) words.set("trades", JSON.stringify(state.trades));
  if (state.by !== "issuer") words.set("by", state.by);
  if (state.find) words.set("find", state.find);
  if (state.compared !== null) words.set("compared", state.compared.join(","));
  return words.toString();
}

export function keepAddress() {
  history.replaceState(null, "", `#${toAddress()}`);
}

export function fromAddress(hash, opening) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const known = opening.portfolios.map((one) => one.name);
  state.portfolios = words.has("portfolio") ? words.getAll("portfolio") : known;
  state.shown = words.get("shown") ?? state.portfolios[0];
  state.scenario = words.get("scenario") ?? opening.scenarios[0].name;
  state.severity = words.get("severity") ?? "100%";
  state.settings = {};
  for (const text of words.getAll("set")) {
    const [name, ...value] = text.split("=");
    const dot = name.lastIndexOf(".");
    if (dot > 0) setDriver(name.slice(0, dot), name.slice(dot + 1), value.join("="));
  }
  state.trades = {};
  try {
    for (const [name, own] of Object.entries(JSON.parse(words.get("trades") ?? "{}"))) {
      setTrades(name, { quantities: { ...own.quantities }, added: String(own.added ?? "") });
    }
  } catch {
    // Trades of a torn address are none; the page says so nowhere else than in what it shows.
    state.trades = {};
  }
  state.by = words.get("by") ?? "issuer";
  state.find = words.get("find") ?? "";
  state.compared = words.has("compared") ? words.get("compared").split(",").filter(Boolean) : null;
}
