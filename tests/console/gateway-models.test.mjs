// What the gateway's screens make of its answers, without a browser: differences, filters, files, refusals, and lists by page.
import assert from "node:assert/strict";
import { test } from "node:test";

import Papa from "papaparse";

import { load } from "./bundled.mjs";

const { canBeGiven, changesOf, plannedRows, stateText, valueAt, queryOf, readFilter, everything, isFiltered, operationNames, printed, linesOf, asked, askedFor, refusalOf, Refused, Gateway, Listing } = await load(
  "screens/audit/entry.ts", "screens/audit/filter.ts", "gateway/files.ts", "gateway/answers.ts", "gateway/gateway.ts", "model/listing.ts",
);
const CANARY = "CANARY-0123456789";

const entry = (more) => ({ seq: 1, at: 1, ended: 2, who: "me", kind: "token", provider: "imageboss", operation: "sources.update", target: "a", outcome: "ok", fields: [], ...more });
const told = ({ rows }) => rows.map(({ path, before, after }) => [path, before.map(({ text }) => text).join("|"), after.map(({ text }) => text).join("|")]);
const answer = (body, status = 200) => new Response(typeof body === "string" ? body : JSON.stringify(body), { status });

test("of two states only what differs is told, list by list and map by map", () => {
  const before = { id: "a", name: "one", credentials: { bucket: "b", region: "r", list: ["x", "y"], map: { k: "1" } }, gone: 1 };
  const after = { id: "a", name: "one", credentials: { bucket: "c", region: "r", list: ["x", "z"], map: { k: "2" } }, came: false };

  assert.deepEqual(told(changesOf(entry({ before, after }))), [["credentials.bucket", "b", "c"], ["credentials.list", "x|y", "x|z"], ["credentials.map.k", "1", "2"], ["gone", "1", ""], ["came", "", "false"]]);
  const [, list] = changesOf(entry({ before, after })).rows;
  assert.deepEqual(list.after.map(({ isNews }) => isNews), [false, true]);
  assert.deepEqual(told(changesOf(entry({ before, after: before }))), []);
});

test("of a write without an end what was to change is told, beside what was there", () => {
  const before = { source: "s", credentials: { bucket: "b", require_token: "true" } };
  const fields = [{ path: "credential_attributes.bucket", value: "c" }, { path: "credential_attributes.require_token", value: true }, { path: "credential_attributes.secret_access_key", value: "****" }];

  assert.deepEqual(told(changesOf(entry({ before, fields, outcome: "declined" }))), [["credential_attributes.bucket", "b", "c"], ["credential_attributes.secret_access_key", "", "a secret: sent, shown nowhere"]]);
  assert.deepEqual(told(changesOf(entry({ fields: [{ path: "url", value: "https://user:pass@a.example/" }] }))), [["url", "", "https://••••@a.example/"]]);
});

test("answers of another shape are no reason to fail", () => {
  for (const fields of [undefined, null, "x", 5, {}]) assert.deepEqual(told(changesOf(entry({ fields }))), []);
  assert.deepEqual(told(changesOf(entry({ fields: [{ path: null, value: null }, { path: 5 }] }))), [["", "", ""], ["5", "", ""]]);
  assert.deepEqual(told(changesOf(entry({ before: { __proto__: null, constructor: "a" }, after: { constructor: "b" } }))), [["constructor", "a", "b"]]);
  assert.equal(valueAt({ deployment: null }, "deployment.a.b"), undefined);
  assert.equal(valueAt(undefined, "a"), undefined);
  assert.equal(valueAt({}, "constructor"), undefined);
  assert.equal(valueAt({ deployment: { "robots.txt": "allow-all" } }, "deployment.robots.txt"), "allow-all");
});

test("a secret that nobody masked is shown nowhere", () => {
  const before = { id: "a", secure_url_token: CANARY, deployment: { s3_secret_key: CANARY, s3_access_key: "AKIAIOSFODNN7EXAMPLE" } };
  const after = { id: "a", secure_url_token: `${CANARY}2`, deployment: { s3_secret_key: `${CANARY}2`, s3_access_key: "AKIAIOSFODNN7ANOTHER" } };
  const fields = [{ path: "deployment.s3_secret_key", value: CANARY }];
  const shown = JSON.stringify([changesOf(entry({ provider: "imgix", before, after, fields })), changesOf(entry({ provider: "imgix", fields })), plannedRows({ changes: before }, after), stateText(before)]);

  assert.ok(!shown.includes(CANARY));
  assert.match(shown, /••••MPLE/);
  assert.match(shown, /••••THER/);
  assert.deepEqual([canBeGiven("deployment.s3_secret_key", {}), canBeGiven("deployment.s3_access_key", {}), canBeGiven("name", { name: "x" })], [true, false, false]);
  assert.equal(canBeGiven("deployment.webfolder_base_url", { deployment: { webfolder_base_url: "https://****@a.example/" } }), true);
});

test("filters come out of an address and go into a query; what cannot be asked for is left out", () => {
  const filter = readFilter({ api: "imgix", op: "purge", who: " me ", from: "2026-01-31", to: "2026-01-31", entry: "5", view: "audit" });
  assert.equal(queryOf(filter).toString(), `provider=imgix&operation=purge&who=me&since=${Date.UTC(2026, 0, 31)}&until=${Date.UTC(2026, 1, 1) - 1}`);
  assert.ok(isFiltered(filter));
  assert.deepEqual(everything(), { api: "", op: "", who: "", of: "", outcome: "", from: "", to: "" });
  for (const day of ["", "yesterday", "2026-02-30x", "2026-13-01", "26-01-01", "2026-01-31T00:00Z"]) assert.equal(queryOf(readFilter({ from: day, to: day })).toString(), "", day);
  assert.ok(operationNames("").includes("sources.delete") && operationNames("").includes("jobs.start") && !operationNames("").includes("sources.list"));
  assert.ok(!operationNames("imgix").includes("sources.delete"));
});

const all = async (items) => {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
};

test("lines come as they were sent, however they are cut", async () => {
  const values = [{ a: "ü✓\u2028" }, [1], "x".repeat(5_000), null];
  const bytes = new TextEncoder().encode(`${values.map((value) => JSON.stringify(value)).join("\n")}\n`);
  for (const size of [1, 7, 4_096, bytes.length]) {
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size));
    const body = new ReadableStream({ start: (controller) => (parts.forEach((part) => controller.enqueue(part)), controller.close()) });
    assert.deepEqual(await all(linesOf(new Response(body))), values, String(size));
  }
  assert.deepEqual(await all(linesOf(new Response(""))), []);
  assert.deepEqual(await all(linesOf(new Response('{"a":1}'))), [{ a: 1 }], "without a last line feed");
  await assert.rejects(all(linesOf(new Response('{"a":1}\n{"a'))), SyntaxError);
  let isCancelled = false;
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new TextEncoder().encode("1\n")), cancel: () => (isCancelled = true) });
  for await (const one of linesOf(new Response(endless))) if (one === 1) break;
  await new Promise((done) => setTimeout(done));
  assert.ok(isCancelled, "who stops reading stops the sender");
});

test("a file of very many lines comes in parts, safe from formulas", async () => {
  const texts = ["=1", "+1", "-1", "@x", "\t=1", "a,\"b\"\nc", ""];
  async function* items() {
    for (let at = 0; at < 30_000; at += 1) yield { text: texts[at % texts.length] };
  }
  const counts = [];
  const parts = await printed(items(), [["text", ({ text }) => text]], "csv", (count) => counts.push(count));
  const rows = Papa.parse(parts.join("").replace(/^\ufeff/, "")).data;
  assert.equal(rows.length, 30_002, "with the heading and the end");
  assert.deepEqual(rows.slice(1, 1 + texts.length).map(([cell]) => cell), ["'=1", "'+1", "'-1", "'@x", "'\t=1", "a,\"b\"\nc", ""]);
  assert.ok(parts.length >= 2 && counts.at(-1) === 30_000 && counts.length >= 2);
  assert.deepEqual(JSON.parse((await printed(items(), [], "json", () => {})).join("")).length, 30_000);
  assert.deepEqual(JSON.parse((await printed((async function* () {})(), [], "json", () => {})).join("")), []);
});

test("a refusal says what it is, and of a write whether it may have happened", async () => {
  const reject = async (given, words, isWrite, unsure) => {
    const thrown = await asked(async () => (given instanceof Error ? Promise.reject(given) : given), "x").then(() => assert.fail("accepted"), (thrown) => thrown);
    assert.ok(thrown instanceof Refused);
    const { title, message, unsure: isUnsure } = refusalOf(thrown, isWrite);
    assert.match(`${title}: ${message}`, words);
    assert.equal(isUnsure, unsure, `${title}`);
  };
  await reject(new TypeError("x"), /cannot be reached: it did not answer/, false, false);
  await reject(new TypeError("x"), /cannot be reached/, true, true);
  await reject(answer({ code: "conflict", message: "no" }, 409), /The gateway declined: no/, true, false);
  await reject(answer({ code: "constructor", message: { a: 1 } }, 400), /declined: it answered 400/, true, false);
  await reject(answer("<html>", 502), /The gateway failed: it answered 502/, true, true);
  await reject(answer({ error: "not sent: this page is read-only" }, 423), /declined: not sent/, true, false);
  await reject(answer({ code: "unauthenticated", message: "sign in first" }, 401), /sign in again: sign in first/, false, false);
  await assert.rejects(askedFor(async () => answer("no JSON"), "x"), (thrown) => /cannot be read/.test(refusalOf(thrown).title));
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(asked(() => Promise.reject(stop.signal.reason), "x", { signal: stop.signal }), { name: "AbortError" });
});

test("what a gateway has is found out by asking, and by using it", async () => {
  const asking = [];
  const say = { audit: 200, jobs: 404, limits: 404 };
  const gateway = new Gateway("/api", async (path) => (asking.push(path), say[path.split(/[?/]/)[0]] ? answer({}, say[path.split(/[?/]/)[0]]) : Promise.reject(new TypeError("away"))));
  await gateway.probe();
  assert.deepEqual([asking, [...gateway.offers]], [["audit?limit=1", "jobs?limit=1", "limits?limit=1"], ["audit"]]);
  say.jobs = 403;
  say.limits = 503;
  await gateway.ask("jobs");
  await gateway.ask("limits");
  assert.deepEqual([...gateway.offers], ["audit", "jobs", "limits"]);
  say.jobs = say.audit = say.limits = 0;
  await gateway.probe();
  await assert.rejects(gateway.ask("audit"));
  assert.deepEqual([...gateway.offers], ["audit", "jobs", "limits"], "what is away for a moment is still there");
});

const pages = (...all) => {
  const page = (at) => ({ items: all[at], hasMore: at + 1 < all.length, next: async () => page(at + 1) });
  return async () => page(0);
};

test("a list comes page by page, each item once, and a newer question ends the older", async () => {
  const list = new Listing((item) => item, () => {});
  await list.ask(pages([1, 2], [2, 3], [4]));
  await Promise.all([list.more(), list.more()]);
  assert.deepEqual([list.items, list.hasMore], [[1, 2, 3], true]);
  await list.goOn();
  await list.goOn();
  assert.deepEqual([list.items, list.hasMore, list.isLoading], [[1, 2, 3, 4], false, false]);

  let answerLate;
  const late = list.ask(() => new Promise((resolve) => (answerLate = resolve)));
  await list.ask(pages(["new"]));
  answerLate({ items: ["old"], hasMore: false, next: async () => null });
  await late;
  assert.deepEqual([list.items, list.failure, list.isLoading], [["new"], undefined, false]);
});

test("a page that fails leaves what was there, and is asked for again", async () => {
  let isAway = true;
  const second = async () => {
    if (isAway) throw new Error("away");
    return { items: [2], hasMore: false, next: async () => null };
  };
  const list = new Listing((item) => item, () => {}, (thrown) => ({ title: thrown.message }));
  await list.ask(async () => ({ items: [1], hasMore: true, next: second }));
  await list.more();
  assert.deepEqual([list.items, list.failure], [[1], { title: "away" }]);
  await list.more();
  assert.equal(list.failure.title, "away", "nothing is asked by itself again");
  isAway = false;
  await list.goOn();
  assert.deepEqual([list.items, list.failure, list.hasMore], [[1, 2], undefined, false]);
});
