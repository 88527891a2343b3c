// What every test of the package shares: the built package, with its memory in view, and a `fetch` that remembers.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Where the package is; another copy of it can be tested by IMAGE_SOURCES_PACKAGE. */
export const packageUrl = new URL(
  process.env.IMAGE_SOURCES_PACKAGE ? `${pathToFileURL(process.env.IMAGE_SOURCES_PACKAGE)}/` : "../../target/npm/package/",
  import.meta.url,
);

/** Every instance of a module that was made, newest last. */
export const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    instances.push(this);
  }
};

export const library = await import(new URL("dist/index.js", packageUrl));
export const { Imgix, ImageBoss } = library;

/** Bytes of memory that the client's wasm holds now. */
export const memory = () => instances.at(-1).exports.memory.buffer.byteLength;

export const IMGIX_URL = "https://api.imgix.com/api/v1";
export const BOSS_URL = "https://api.imageboss.me/v1";
export const CODES = [
  "required", "unknown", "type", "range", "value", "format", "suspicious", "masked", "read-only", "not-updatable", "mismatch", "empty",
  "taken", "write-only", "declined", "server", "unreadable", "redirect", "too-large", "repeated-cursor", "rate-limited", "network",
  "timeout", "drift", "internal",
];

/** A `fetch` that remembers what it was asked; `answer` is an answer, a list of answers, or a function. */
export function recorder(answer) {
  const seen = [];
  const fetch = async (...given) => {
    const [url, init] = given;
    seen.push({ url, init, ...init, headers: { ...init?.headers }, given });
    const next = Array.isArray(answer) ? answer[Math.min(seen.length, answer.length) - 1] : answer;
    return typeof next == "function" ? next(url, init, seen.length) : next?.clone?.() ?? next;
  };
  return { fetch, seen };
}

/** No limits, no retries: one call is one request unless a test says otherwise. */
const calm = (provider) => ({
  retries: 0,
  limits: Object.fromEntries(library.operations().filter((row) => row.provider === provider).map(({ rateClass }) => [rateClass, null])),
});

let accounts = 0;
/** A key of which nobody else has taken slots: clients of one key and base address share their limits. */
export const freshKey = () => `ak_${++accounts}`;

const make = (provider, Client) => {
  const usual = calm(provider);
  return (answer, options) => {
    const { fetch, seen } = recorder(answer);
    const events = [];
    const client = new Client({ apiKey: "ak_test", ...usual, fetch, onEvent: (event) => events.push(event), ...options });
    return { client, seen, events };
  };
};

export const imgixWith = make("imgix", Imgix);
export const bossWith = make("imageboss", ImageBoss);

export const json = (body, status = 200, headers) =>
  new Response(typeof body == "string" || body instanceof Uint8Array || body instanceof ReadableStream ? body : JSON.stringify(body), { status, headers });

const fixtures = new URL("../fixtures/", import.meta.url);
export const fixture = (name) => JSON.parse(readFileSync(new URL(name, fixtures), "utf8"));
export const fixtureText = (name) => readFileSync(new URL(name, fixtures), "utf8");
export const fixtureNames = (folder, pattern) => readdirSync(new URL(folder, fixtures)).filter((name) => pattern.test(name));

export const IMGIX_SOURCE = fixture("imgix/source-get.200.webfolder.json");
export const BOSS_SOURCE = fixture("imageboss/get-200-s3.json");
export const IMGIX_INPUT = fixture("imgix/source-create.request.webfolder.json").data.attributes;
export const BOSS_INPUT = fixture("imageboss/request-create-url.json").source;

/** Every way to call a client, each with valid arguments; `writes` tells whether it changes anything. */
export const CALLS = {
  imgix: {
    "sources.list": { run: (client, options) => client.sources.list(options), good: fixtureText("imgix/sources-list.200.page0.json") },
    "sources.get": { run: (client, options) => client.sources.get("s1", options), good: JSON.stringify(IMGIX_SOURCE) },
    "sources.create": { run: (client, options) => client.sources.create(IMGIX_INPUT, options), writes: true, good: JSON.stringify(IMGIX_SOURCE) },
    "sources.update": { run: (client, options) => client.sources.update("s1", { name: "n" }, options), writes: true, good: JSON.stringify(IMGIX_SOURCE) },
    "sources.enable": { run: (client, options) => client.sources.enable("s1", options), writes: true, good: JSON.stringify(IMGIX_SOURCE) },
    "sources.disable": { run: (client, options) => client.sources.disable("s1", options), writes: true, good: JSON.stringify(IMGIX_SOURCE) },
  },
  imageboss: {
    "sources.list": { run: (client, options) => client.sources.list(options), good: fixtureText("imageboss/list-200-all-types.json") },
    "sources.get": { run: (client, options) => client.sources.get("s1", options), good: JSON.stringify(BOSS_SOURCE) },
    "sources.create": { run: (client, options) => client.sources.create(BOSS_INPUT, options), writes: true, good: JSON.stringify(BOSS_SOURCE) },
    "sources.update": { run: (client, options) => client.sources.update("s1", { source: "n" }, options), writes: true, good: JSON.stringify(BOSS_SOURCE) },
    "sources.delete": { run: (client, options) => client.sources.delete("s1", options), writes: true, good: "", nothing: true },
  },
};

/** Every call of both providers as `[provider, operation, call, with]`. */
export const everyCall = () =>
  Object.entries(CALLS).flatMap(([provider, calls]) =>
    Object.entries(calls).map(([operation, call]) => [provider, operation, call, provider == "imgix" ? imgixWith : bossWith]),
  );

/** What a promise rejects with; fails if it does not. */
export async function failure(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  assert.fail(`this should have failed, and gave ${JSON.stringify(value)}`);
}

/** What a function throws. */
export function thrown(run) {
  let value;
  try {
    value = run();
  } catch (error) {
    return error;
  }
  assert.fail(`this should have thrown, and gave ${JSON.stringify(value)}`);
}

const KINDS = {
  InvalidInputError: "invalid",
  AuthenticationError: "declined",
  PermissionError: "declined",
  NotFoundError: "declined",
  ConflictError: "declined",
  DeclinedError: "declined",
  RateLimitError: "rate-limited",
  ServerError: "server",
  UnreadableResponseError: "unreadable",
  NetworkError: "network",
  TimeoutError: "timeout",
  InternalError: "internal",
};

/** Is this an error as section 5 of the contract has it, with these properties? `code` is the first problem's. */
export function expectError(error, name, { code, ...expected } = {}) {
  assert.ok(error instanceof Error, `no error but ${String(error)}`);
  assert.equal(error.name, name, error.stack);
  assert.ok(error instanceof library.ImageSourcesError && error instanceof library[name] && library.isImageSourcesError(error));
  for (const other of Object.keys(KINDS)) assert.equal(error instanceof library[other], other === name, `instanceof ${other}`);
  assert.equal(error.kind, KINDS[name]);
  assert.equal(typeof error.attempts, "number");
  assert.equal(typeof error.sent, "boolean");
  assert.ok(["none", "declined", "unknown"].includes(error.outcome), error.outcome);
  assert.match(error.stack, new RegExp(name));
  assert.ok(error.message.length > 5 && error.message.length < 100_000, `a message of ${error.message.length} characters: ${error.message.slice(0, 200)}`);
  assert.doesNotMatch(error.message, /\.$/);
  assert.match(error.message, /^[^A-Z]/);
  assert.ok(Array.isArray(error.problems) && error.problems.length > 0);
  for (const problem of error.problems) {
    assert.deepEqual(Object.keys(problem).sort(), ["code", "field", "level", "message"]);
    for (const text of Object.values(problem)) assert.equal(typeof text, "string");
    assert.ok(CODES.includes(problem.code), problem.code);
    assert.ok(problem.message.length > 0);
    assert.ok(["error", "warning"].includes(problem.level));
  }
  if (error.bodyText !== undefined) assert.ok(Buffer.byteLength(error.bodyText) <= 8192);
  if (code) assert.equal(error.problems[0].code, code);
  for (const [property, value] of Object.entries(expected)) assert.deepEqual(error[property], value, `${property} of: ${error.stack}`);
}

/** After all promises and callbacks that are ready have run. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs something on virtual time: whoever waits by a timer waits for no real time. What is waited for is given a few
 * turns, then the clock jumps to the next timer. Fails if nothing is left that could end it.
 */
export async function virtually(run) {
  const real = { setTimeout, clearTimeout };
  const timers = new Map();
  let now = 1_000;
  let number = 0;
  let over = false;
  globalThis.setTimeout = (callback, ms = 0, ...given) => {
    // Beyond 31 bits a timer fires at once, as on every platform.
    timers.set(++number, { at: now + (ms > 2 ** 31 - 1 ? 1 : Math.max(0, ms)), run: () => callback(...given) });
    return number;
  };
  globalThis.clearTimeout = (id) => void timers.delete(id);
  const clock = Object.getOwnPropertyDescriptor(performance, "now");
  performance.now = () => now;
  const time = { now: () => now, timers, sleep: (ms) => new Promise((done) => globalThis.setTimeout(done, ms)) };
  try {
    const running = (async () => run(time))().finally(() => (over = true));
    running.catch(() => {});
    for (let idle = 0; !over; ) {
      for (let round = 0; round < 6 && !over; round++) await turn();
      if (over) break;
      const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next) {
        assert.ok(++idle < 500, "nothing is left that could end this");
        await new Promise((done) => real.setTimeout(done, 1));
        continue;
      }
      idle = 0;
      timers.delete(next[0]);
      now = Math.max(now, next[1].at);
      next[1].run();
    }
    return await running;
  } finally {
    Object.assign(globalThis, real);
    if (clock) Object.defineProperty(performance, "now", clock);
    else delete performance.now;
  }
}

/** What each operation can be called with, and a good answer; in the order of `operations()`. */
export const ARGUMENTS = {
  imgix: {
    "sources.list": [[], fixtureText("imgix/sources-list.200.page0.json")],
    "sources.get": [["s1"], JSON.stringify(IMGIX_SOURCE)],
    "sources.create": [[IMGIX_INPUT], JSON.stringify(IMGIX_SOURCE)],
    "sources.update": [["s1", { name: "n" }], JSON.stringify(IMGIX_SOURCE)],
    "sources.enable": [["s1"], JSON.stringify(IMGIX_SOURCE)],
    "sources.disable": [["s1"], JSON.stringify(IMGIX_SOURCE)],
    "sources.waitUntilDeployed": [["s1"], JSON.stringify(IMGIX_SOURCE)],
    "assets.list": [["s1"], fixtureText("imgix/assets-list.200.last.json")],
    "assets.get": [["s1", "a/b.jpg"], fixtureText("imgix/asset-get.200.image.json")],
    "assets.update": [["s1", "a/b.jpg", { name: "n" }], fixtureText("imgix/asset-update.200.json")],
    "assets.add": [["s1", "a/b.jpg"], fixtureText("imgix/asset-add.202.json")],
    "assets.refresh": [["s1", "a/b.jpg"], fixtureText("imgix/asset-refresh.200.json")],
    "assets.upload": [["s1", "a/b.jpg", "bytes"], fixtureText("imgix/asset-upload.200.json")],
    "uploadSessions.create": [["s1", "a/b.jpg"], fixtureText("imgix/upload-session-create.200.json")],
    "uploadSessions.status": [["s1", "u1"], fixtureText("imgix/upload-session-status.200.pending.json")],
    "uploadSessions.close": [["s1", "u1"], fixtureText("imgix/upload-session-close.200.json")],
    "uploadSessions.cancel": [["s1", "u1"], fixtureText("imgix/upload-session-cancel.200.json")],
    "uploadSessions.waitUntilComplete": [["s1", "u1"], fixtureText("imgix/upload-session-status.200.complete.json")],
    purge: [["https://example.imgix.net/a.jpg"], fixtureText("imgix/purge.200.json")],
    publish: [["https://example.imgix.net/a.jpg", "s1"], fixtureText("imgix/publish.200.json")],
    unpublish: [["https://example.imgix.net/a.jpg", "s1"], fixtureText("imgix/unpublish.200.json")],
    "reports.list": [[], fixtureText("imgix/reports-list.200.json")],
    "reports.get": [["r1"], fixtureText("imgix/report-get.200.json")],
  },
  imageboss: {
    "sources.list": [[], fixtureText("imageboss/list-200-all-types.json")],
    "sources.get": [["s1"], JSON.stringify(BOSS_SOURCE)],
    "sources.create": [[BOSS_INPUT], JSON.stringify(BOSS_SOURCE)],
    "sources.update": [["s1", { source: "n" }], JSON.stringify(BOSS_SOURCE)],
    "sources.delete": [["s1"], ""],
    purge: [["my-source", "a/b.jpg"], ""],
  },
};

/** The method of a client, or of its dry run, that has this name. */
export const method = (target, name) => name.split(".").reduce((group, step) => group[step], target);

/** Every operation there is, as `{ row, good, clientWith, run(client, options) }`. */
export const everyOperation = () =>
  library.operations().map((row) => {
    const [given, good] = ARGUMENTS[row.provider][row.name];
    return { row, good, clientWith: row.provider === "imgix" ? imgixWith : bossWith, run: (client, options) => method(client, row.name)(...given, options) };
  });
