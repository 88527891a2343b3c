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
const CALM = {
  imgix: { retries: 0, limits: { default: null, "sources.create": null, "sources.update": null } },
  imageboss: { retries: 0, limits: { imageboss: null } },
};

const make = (provider, Client) => (answer, options) => {
  const { fetch, seen } = recorder(answer);
  const events = [];
  const client = new Client({ apiKey: "ak_test", ...CALM[provider], fetch, onEvent: (event) => events.push(event), ...options });
  return { client, seen, events };
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
