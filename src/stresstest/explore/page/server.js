// Talks to the server of this page. Of moves the latest wins: one is under way, at most one waits, none queues.

import { view } from "./state.js";

export class Refused extends Error {
  constructor(problems, superseded) {
    super("refused");
    this.problems = problems;
    this.superseded = superseded;
  }
}

const GONE = { code: "", got: "The server does not answer. Is stresstest explore still running?" };

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused([GONE], false);
  }
  if (response.headers.has("Content-Disposition")) return response;
  let told;
  try {
    told = await response.json();
  } catch {
    told = { refused: true, problems: [{ code: "", got: `The server answers ${response.status}.` }] };
  }
  if (told.refused) throw new Refused(told.problems, told.superseded === true);
  return told;
}

function send(path, body) {
  return answerOf(
    fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  );
}

export async function ask(path, more = {}) {
  return send(path, { view: view(), ...more });
}

export async function take(path, method = "GET") {
  return answerOf(fetch(path, { method }));
}

export async function download(path) {
  const response = await send(path, { view: view() });
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "download";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
}

export class Latest {
  constructor(work) {
    this.work = work;
    this.busy = false;
    this.waiting = false;
  }

  async ask() {
    if (this.busy) {
      this.waiting = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.waiting = false;
        await this.work();
      } while (this.waiting);
    } finally {
      this.busy = false;
    }
  }
}
