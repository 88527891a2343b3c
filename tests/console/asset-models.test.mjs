// What the screen of assets is made of, without the page: questions, tiles, changes, uploads and runs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Imgix } from "../../target/npm/package/dist/index.js";
import { createSandbox } from "../../target/npm/package/dist/sandbox.js";
import { load } from "./module.mjs";

const modules = await Promise.all([
  "screens/assets/query.ts", "screens/assets/geometry.ts", "screens/assets/changes.ts", "screens/assets/uploads.ts", "screens/assets/session.ts", "screens/assets/kept.ts", "screens/assets/run.ts", "screens/assets/asset.ts",
].map(load));
const { queryOf, windowOf, keyTarget, AssetDraft, LEAVES, Uploads, targetOf, bySession, keep, keptOf, Run, printed, pictureOf, addressOf, whyNoUpload, bytes, swatches, tagsOf } = Object.assign({}, ...modules);

test("what stands in the address becomes a question the API knows", () => {
  const { filter, sort, page } = queryOf({ q: " pan ", kind: "IMAGE", color: "#1f9f5f", custom: "sku = 12=3", faces: "1:", sort: "-file_size", per: "500" });

  assert.deepEqual(filter, { keyword: "pan", media_kind: "IMAGE", colors: "1f9f5f", face_count: "1:", "custom:sku": "12=3" });
  assert.deepEqual([sort, page], [["-file_size"], { limit: 500 }]);
  assert.deepEqual(queryOf({ sort: "nonsense", per: "7", custom: " = " }), { page: { limit: 100 } });
});

test("every filter and order is one that the package sends as it is", async () => {
  const client = new Imgix({ apiKey: "x", fetch: createSandbox().fetch, limits: { default: null } });
  const prepared = await client.dryRun.assets.list("a".repeat(24), queryOf({ q: "a", kind: "IMAGE", path: "b", tags: "c", cats: "d", color: "#ffffff", faces: "1:", frames: "true", custom: "e", sort: "date_created" }));

  assert.match(decodeURIComponent(prepared.url), /filter\[keyword\]=a&filter\[media_kind\]=IMAGE&filter\[origin_path\]=b&filter\[tags\]=c&filter\[categories\]=d&filter\[colors\]=ffffff&filter\[face_count\]=1:&filter\[has_frames\]=true&filter\[custom:e\]=/);
});

const TILES = { width: 100, height: 90, gap: 10 };

test("only tiles near what is in sight are drawn, however many there are", () => {
  const seen = windowOf(10_000, { width: 540, above: 20_000, height: 800 }, TILES);

  assert.equal(seen.columns, 5);
  assert.ok(seen.to - seen.from <= 5 * (8 + 7), `${seen.to - seen.from}`);
  assert.equal(seen.before % 100, 0);
  assert.equal(seen.before / 100 + Math.ceil((seen.to - seen.from) / 5) + seen.behind / 100, 2000);
});

test("a grid without room, without tiles or far away draws no nonsense", () => {
  for (const room of [{ width: 0, above: 0, height: 0 }, { width: 500, above: -9e9, height: 800 }, { width: 500, above: 9e9, height: 800 }])
    for (const count of [0, 1, 7]) {
      const { columns, from, to, before, behind } = windowOf(count, room, TILES);
      assert.ok(columns >= 1 && from >= 0 && from <= to && to <= count && before >= 0 && behind >= 0, JSON.stringify([count, room]));
    }
});

test("keys lead to tiles that are there", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageDown", "PageUp", "x"].map((key) => keyTarget(key, 6, 20, 5, 2)), [7, 5, 11, 1, 0, 19, 16, 0, undefined]);
  assert.equal(keyTarget("ArrowDown", 18, 20, 5, 2), 19);
  assert.equal(keyTarget("End", 0, 0, 5, 2), undefined);
});

const leaf = (name) => LEAVES.find(({ field }) => field.name === name);
const ASSET = { id: "s/a.jpg", type: "assets", name: "Old", description: null, categories: ["a", "b"], custom_fields: { sku: "1", lang: "de" } };

test("only what is changed is sent, and what is emptied is null", () => {
  const draft = new AssetDraft(ASSET);
  assert.deepEqual(draft.changes(), {});
  draft.set(leaf("name"), "");
  draft.set(leaf("description"), "  ");
  draft.set(leaf("categories"), "b\n a \n");

  assert.deepEqual(draft.changes(), { name: null, categories: ["b", "a"] });
  assert.deepEqual(draft.differences().map(({ name }) => name), ["name", "categories"]);
});

test("merging sends what is new alone, and refuses to take away", () => {
  const draft = new AssetDraft(ASSET);
  draft.merge = true;
  draft.set(leaf("categories"), "a\nb\nc");
  draft.set(leaf("custom_fields"), [["sku", "2"], ["lang", "de"], ["size", "L"]]);
  assert.deepEqual(draft.changes(), { categories: ["c"], custom_fields: { sku: "2", size: "L" } });
  assert.equal(draft.problem(leaf("categories")), "");
  draft.set(leaf("categories"), "a");
  draft.set(leaf("custom_fields"), [["sku", "1"]]);

  assert.match(draft.problem(leaf("categories")), /b is taken away/);
  assert.match(draft.problem(leaf("custom_fields")), /lang is taken away/);
});

test("custom fields need names, each once", () => {
  const draft = new AssetDraft(ASSET);
  draft.set(leaf("custom_fields"), [["", "x"]]);
  assert.match(draft.problem(leaf("custom_fields")), /no name/);
  draft.set(leaf("custom_fields"), [["a", "1"], [" a", "2"]]);
  assert.match(draft.problem(leaf("custom_fields")), /twice/);
});

const file = (name, size = 1) => new File([new Uint8Array(size)], name);
const quiet = () => undefined;

test("folders are written in many ways and mean one", () => {
  for (const prefix of ["a/b", "/a/b/", " a/b ", "//a/b//"]) assert.equal(targetOf(prefix, file("x.jpg")), "a/b/x.jpg");
  assert.equal(targetOf(" / ", file("x.jpg")), "x.jpg");
  const uploads = new Uploads(quiet, quiet, quiet, quiet);
  for (const [prefix, isWrong] of [["a/b", false], ["/a/", false], ["", false], ["a//b", true], ["..", true], ["a/../b", true], ["./a", true], ["https://x/", true], ["a..b", false], ["50% off #1?", false]]) {
    uploads.set({ prefix });
    assert.equal(uploads.prefixProblem() !== "", isWrong, prefix);
  }
});

test("empty files, twins and wrong types keep themselves back, and nothing else", () => {
  const uploads = new Uploads(quiet, quiet, quiet, quiet);
  uploads.add([file("a.jpg"), file("a.jpg"), file("b.jpg", 0), file("c.jpg")]);
  assert.deepEqual(uploads.ready.map((one) => one.file.name), ["a.jpg", "c.jpg"]);
  uploads.set({ contentType: "picture" });
  assert.match(uploads.typeProblem(), /no media type/);
  assert.deepEqual(uploads.ready, []);
  uploads.set({ contentType: "image/svg+xml; charset=utf-8" });
  assert.equal(uploads.typeProblem(), "");
});

/** What there is outside of a list of uploads. */
const around = (part) => ({ cancel: async () => true, keep: quiet, isOnline: () => true, ...part });
const settled = async () => { for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done)); };

test("three files are under way at once, and every one has its own end", async () => {
  const gates = new Map();
  const done = [];
  const rounds = [];
  const send = ({ path }, signal) => new Promise((resolve, reject) => { gates.set(path, { resolve, reject }); signal.addEventListener("abort", () => reject(signal.reason)); });
  const uploads = new Uploads(send, quiet, ({ path }) => done.push(path), (count) => rounds.push(count));
  uploads.add(["1", "2", "3", "4", "5"].map((name) => file(name)));
  uploads.start();
  assert.deepEqual([...gates.keys()], ["1", "2", "3"]);
  uploads.stop(5);
  gates.get("1").resolve();
  gates.get("2").reject(new Error("lost"));
  await settled();
  assert.deepEqual([...gates.keys()], ["1", "2", "3", "4"]);
  uploads.stop(4);
  gates.get("3").resolve();
  await settled();

  assert.deepEqual(uploads.list.map(({ state }) => state), ["done", "failed", "done", "stopped", "stopped"]);
  assert.deepEqual([done, rounds], [["1", "3"], [2]]);
  uploads.retry(2, true);
  gates.get("2").resolve();
  await settled();
  assert.deepEqual([uploads.list[1].state, uploads.list[1].overwrite, uploads.list[1].failure], ["done", true, undefined]);
});

test("what is under way cannot be taken off the list, and options do not reach it any more", async () => {
  const uploads = new Uploads(() => new Promise(quiet), quiet, quiet, quiet);
  uploads.set({ prefix: "a" });
  uploads.add([file("1"), file("2")]);
  uploads.start();
  uploads.set({ prefix: "b", overwrite: true });
  uploads.remove(1);
  uploads.clear();

  assert.deepEqual(uploads.list.map(({ path, overwrite }) => [path, overwrite]), [["a/1", false], ["a/2", false]]);
});

/** The steps of a session against the sandbox, or against answers of one's own. */
function steps({ answers = {}, file = new File(["bytes"], "a.bin"), ahead = 0 } = {}) {
  const sandbox = createSandbox({ completeMs: 0, now: () => Date.now() + ahead, sleep: async () => undefined });
  const seen = [];
  const told = [];
  const client = new Imgix({
    apiKey: "sandbox",
    retries: 0,
    limits: { default: null },
    fetch: (url, init) => {
      const step = init.method === "PUT" ? "put" : /upload-sessions\/(\w+)/.exec(url)[1];
      seen.push(step);
      return answers[step]?.() ?? sandbox.fetch(url, init);
    },
  });
  const begun = () => client.uploadSessions.create("65b7704ee553fe668319d940", "a.bin", { contentType: "a/b" });
  const run = (stage, signal = new AbortController().signal) => bySession({ client, source: "65b7704ee553fe668319d940", path: "a.bin", file, type: "a/b", signal, tell: (one) => told.push(one) }, stage);
  return { sandbox, seen, told, client, begun, run };
}

const answer = (attributes, status = 200) => () => Response.json({ data: { id: "s", type: "upload_sessions", attributes } }, { status });

test("an open session goes on with its step; one that has ended gets a follower, and that is told", async () => {
  await Promise.all([["CANCELED", /cancelled/], ["CANCELLED", /cancelled/], ["EXPIRED", /expired/], ["FAILED", /failed/], ["ERROR", /failed/]].map(async ([status, words]) => {
    let first = true;
    const { seen, told, run } = steps({ answers: { status: () => (first ? ((first = false), answer({ status })()) : undefined) } });
    await run({ step: "close", session: { id: "gone", url: "https://h.example/x?sig=1" } });
    assert.deepEqual(seen, ["status", "create", "put", "close", "status"], status);
    assert.match(told.find(({ note }) => note).note, words);
  }));
  const { seen, told, run, begun } = steps();
  const { id, url } = await begun();
  await run({ step: "bytes", session: { id, url, type: "a/b", until: Date.now() - 1 } });
  assert.deepEqual(seen, ["create", "status", "create", "put", "close", "status"], "the page's clock says that it is over, whatever imgix says");
  assert.match(told.find(({ note }) => note).note, /expired/);
});

test("what imgix says of a session decides where it goes on, also what nobody has documented", async () => {
  const wait = ["status"];
  const close = ["close", ...wait];
  await Promise.all([["bytes", "CLOSED", wait], ["bytes", "COMPLETE", []], ["close", "COMPLETE", []], ["close", "ELSE", close], ["close", 7, close], ["close", undefined, close], ["wait", "PENDING", wait], ["bytes", "PENDING", ["put", ...close]]].map(async ([step, status, expected]) => {
    let first = true;
    const complete = answer({ status: "COMPLETE" });
    const { seen, run } = steps({ answers: { status: () => (first ? ((first = false), answer({ status })()) : complete()), put: () => new Response(""), close: answer({ status: "CLOSED" }) } });
    await run({ step, session: { id: "s", url: "https://h.example/x?sig=1", type: "a/b" } });
    assert.deepEqual(seen, ["status", ...expected], `${step} ${status}`);
  }));
});

test("an answer without id or address opens nothing, and a file that is gone is asked for", async () => {
  for (const attributes of [{}, { url: 7 }, { url: null }]) {
    const { seen, told, run } = steps({ answers: { create: answer(attributes) } });
    await assert.rejects(run({ step: "open" }), /without an id or an address/);
    assert.deepEqual([seen, told.some(({ session }) => session)], [["create", "cancel"], false]);
  }
  const { seen, told, run } = steps({ file: null, answers: { status: () => Response.json({}, { status: 404 }) } });
  await assert.rejects(run({ step: "close", session: { id: "s" } }), /does not know the session any more; choose the file again/);
  assert.deepEqual([seen, told], [["status"], [{ step: "open", session: undefined }]]);
  const lost = steps({ answers: { status: () => Promise.reject(new TypeError("x")) } });
  await assert.rejects(lost.run({ step: "close", session: { id: "s" } }), { name: "NetworkError" });
  assert.deepEqual([lost.seen, lost.told], [["status"], []], "who cannot be asked has not said that it is gone");
});

test("a session lasts as long as its own clock says, from when it was opened", async () => {
  const { told, run } = steps({ ahead: -5 * 3_600_000 });
  const before = Date.now();
  await run({ step: "open" });
  const { until } = told.find(({ session }) => session).session;

  assert.ok(until - before >= 8 * 3_600_000 && until - Date.now() <= 8 * 3_600_000, `${until - before}`);
});

test("what is kept of uploads is that of an account and a source, and no other page's", async () => {
  const store = new Map();
  const held = new Set();
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: { query: async () => ({ held: [...held].map((name) => ({ name })) }), request: async (name) => void held.add(name) } } });
  globalThis.sessionStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value), removeItem: (key) => store.delete(key) };
  const one = { path: "a/b.bin", session: "s1", step: "close", name: "b.bin", size: 7, lastModified: 1, contentType: "" };
  keep(["gateway", "source"], [one]);
  keep(["keys 1", "source"], [{ ...one, session: "s2" }]);
  keep(["gateway", "other"], []);

  const sessions = async (owner) => (await keptOf(owner)).map(({ session }) => session);
  assert.deepEqual(await sessions(["gateway", "source"]), ["s1"]);
  assert.deepEqual([await keptOf(["gateway", "other"]), await keptOf(["keys 2", "source"])], [[], []]);
  // What a tab that was duplicated finds: another page holds one of them, and nobody the other.
  held.add("upload-session s3");
  store.set("upload-sessions", JSON.stringify(["s3", "s4"].map((session) => ({ ...one, session, owner: ["keys 3", "source"] }))));
  assert.deepEqual(await sessions(["keys 3", "source"]), ["s4"]);
  assert.ok(held.has("upload-session s4"));
  keep(["keys 3", "source"], []);
  // What is kept while the locks are asked for hides nothing that was there.
  store.set("upload-sessions", JSON.stringify([{ ...one, session: "s6", owner: ["keys 3", "source"] }]));
  const asking = sessions(["keys 3", "source"]);
  keep(["keys 3", "source"], []);
  assert.deepEqual(await asking, ["s6"]);
  for (const locks of [undefined, { query: () => Promise.reject(new Error("no")), request: () => Promise.reject(new Error("no")) }]) {
    navigator.locks = locks;
    keep(["keys 4", "source"], [{ ...one, session: "s5" }]);
    assert.deepEqual(await sessions(["keys 4", "source"]), ["s5"]);
    keep(["keys 4", "source"], []);
  }
  keep(["gateway", "source"], []);
  keep(["keys 1", "source"], []);
  assert.equal(store.size, 0);
  for (const odd of ["{", "7", "null", '[1,null,{"owner":["gateway","source"]}]']) {
    store.set("upload-sessions", odd);
    assert.deepEqual(await keptOf(["gateway", "source"]), []);
  }
  store.clear();
  globalThis.sessionStorage = { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); } };
  keep(["gateway", "source"], [one]);
  assert.deepEqual(await keptOf(["gateway", "source"]), []);
  delete globalThis.sessionStorage;
  delete globalThis.navigator;
});

test("of what is listed, open sessions are kept with their step and no address, and cancelled when it leaves the list", async () => {
  const kept = [];
  const cancelled = [];
  const session = { id: "s1", url: "https://h.example/x?sig=secret" };
  const send = async (_, __, tell) => {
    tell({ step: "bytes", session });
    tell({ step: "close" });
    throw new Error("no");
  };
  const uploads = new Uploads(send, quiet, quiet, quiet, around({ cancel: async ({ id }) => cancelled.push(id) > 0, keep: (list) => kept.push(list) }));
  uploads.add([file("a.bin", 7)]);
  uploads.start();
  await settled();
  assert.deepEqual(kept.at(-1).map(({ session, step, name, size }) => [session, step, name, size]), [["s1", "close", "a.bin", 7]]);
  assert.doesNotMatch(JSON.stringify(kept), /secret/);
  assert.equal(uploads.list[0].failure.unsure, false);
  uploads.clear();
  assert.deepEqual([uploads.list.length, cancelled], [1, []], "what can go on is not cleared");
  uploads.close();

  assert.deepEqual([cancelled, kept.at(-1)], [["s1"], []]);
});

test("without a connection nothing is begun, and what waits for its turn goes on when there is one", async () => {
  let isOnline = false;
  const sent = [];
  const uploads = new Uploads(async ({ path }) => sent.push(path), quiet, quiet, quiet, around({ isOnline: () => isOnline }));
  uploads.add(["1", "2", "3", "4"].map((name) => file(name)));
  uploads.start();
  await settled();
  assert.deepEqual([sent, uploads.running], [[], 4]);
  isOnline = true;
  assert.equal(uploads.online(), 4);
  await settled();

  assert.deepEqual([sent, uploads.running], [["1", "2", "3", "4"], 0]);
});

test("who stops when all bytes have left is told that the asset may be there, and of a session that could not be cancelled", async () => {
  const session = { id: "s1", url: "https://h.example/x" };
  const ways = {
    simple: [{ way: "one request", bytes: 7 }],
    part: [{ way: "one request", bytes: 3 }],
    bytes: [{ step: "bytes", session }, { way: "session", bytes: 7 }],
    wait: [{ step: "bytes", session }, { step: "close" }, { step: "wait" }],
  };
  const send = ({ path }, signal, tell) => (ways[path].forEach(tell), new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
  const uploads = new Uploads(send, quiet, quiet, quiet, around({ cancel: async () => false }));
  for (const path of Object.keys(ways)) {
    uploads.add([file(path, 7)]);
    uploads.start();
    uploads.stopAll();
    await settled();
  }

  assert.deepEqual(uploads.list.map(({ state, note }) => [state, /may be there/.test(note), /could not be cancelled/.test(note)]), [
    ["stopped", true, false], ["stopped", false, false], ["stopped", false, true], ["stopped", true, false],
  ]);
});

test("a session whose opening was stopped is cancelled when its id is known, and of one whose answer cannot be read nobody is sure", async () => {
  let open;
  const { seen, run } = steps({ answers: { create: () => new Promise((done) => (open = () => done(answer({ url: "https://h.example/x" })()))) } });
  const stop = new AbortController();
  const stopped = assert.rejects(run({ step: "open" }, stop.signal), { name: "AbortError" });
  await settled();
  stop.abort();
  await stopped;
  assert.deepEqual(seen, ["create"]);
  open();
  for (let turn = 0; turn < 100 && !seen.includes("cancel"); turn += 1) await settled();
  assert.deepEqual(seen, ["create", "cancel"]);

  const unread = steps({ answers: { create: () => new Response("{", { headers: { "content-type": "application/json" } }) } });
  const uploads = new Uploads((_, signal, tell) => (tell({ step: "open" }), unread.run({ step: "open" }, signal)), quiet, quiet, quiet);
  uploads.add([file("a.bin", 7)]);
  uploads.start();
  while (uploads.running > 0) await settled();
  assert.equal(uploads.list[0].failure.unsure, true);
});

function setUp(rules = []) {
  const sandbox = createSandbox({ faults: { rules } });
  const client = new Imgix({ apiKey: "sandbox", fetch: sandbox.fetch, limits: { purge: null, "assets.refresh": null }, retries: 0 });
  const targets = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].map((path) => ({ path, item: `https://nordlicht.imgix.net/${path}` }));
  return { sandbox, work: { title: "Purge", operation: "purge", targets, begin: (items, options) => client.purgeAll(items, options) } };
}

const over = (work, before = (run) => run.now()) =>
  new Promise((done) => {
    const run = new Run(work, (run) => !run.isOpen && done(run), 1e6);
    before(run);
  });

test("what is taken back in time was never sent", async () => {
  const { sandbox, work } = setUp();
  const run = await over(work, (run) => run.undo());
  run.now();
  await settled();

  assert.equal(run.state, "undone");
  assert.deepEqual(sandbox.log.filter(({ operation }) => operation === "purge"), []);
});

test("each has its own outcome, and only what failed is left to repeat", async () => {
  const { work } = setUp([{ kind: "status", status: 403, operation: "purge", every: 2 }]);
  const run = await over(work);
  const results = run.results();

  assert.deepEqual(results.map(({ outcome }) => outcome), ["ok", "failed", "ok", "failed"]);
  assert.match(results[1].words, /403.*Purge/);
  assert.deepEqual(run.left().map(({ path }) => path), ["b.jpg", "d.jpg"]);
});

test("a stopped run tells what was sent and what was not", async () => {
  const { work } = setUp([{ kind: "hang", operation: "purge" }]);
  const run = await over(work, (run) => {
    run.now();
    setTimeout(() => run.stop(), 50);
  });

  assert.equal(run.failure, undefined);
  assert.deepEqual(run.results().map(({ outcome }) => outcome), ["unknown", "unknown", "unknown", "unknown"]);
  assert.deepEqual(run.left(), []);
});

test("results that are copied begin no formula and stay in their cells", () => {
  const text = printed([{ path: "=cmd|' /C calc'!A0", outcome: "ok", words: "" }, { path: " +1", outcome: "failed", words: "two\nlines\tand a tab" }, { path: "@x", outcome: "ok", words: "-1" }]);

  assert.deepEqual(text.split("\n"), ["path\toutcome\tremark", "'=cmd|' /C calc'!A0\tok\t", "' +1\tfailed\ttwo lines and a tab", "'@x\tok\t'-1"]);
});

const ROW = { provider: "imgix", id: "s", name: "S", hosts: ["a.imgix.net"], enabled: true };
const image = { id: "s/a b/50% #1?.jpg", type: "assets", origin_path: "/a b/50% #1?.jpg", media_kind: "IMAGE" };

test("pictures come from the source's host, encoded, or say why there are none", () => {
  assert.equal(pictureOf(image, ROW).address, "https://a.imgix.net/a%20b/50%25%20%231%3F.jpg?w=240&h=240&fit=max&auto=format,compress");
  assert.match(pictureOf(image, { ...ROW, secured: true }).why, /signed/);
  assert.match(pictureOf(image, { ...ROW, enabled: false }).why, /disabled/);
  assert.match(pictureOf({ ...image, media_kind: "VIDEO", content_type: "video/mp4" }, ROW).why, /video\/mp4/);
  assert.match(pictureOf(image, undefined).why, /no host/);
  for (const host of ["javascript:alert(1)", "evil.example/x", "a.imgix.net@evil.example", "a b", ""]) assert.match(pictureOf(image, { ...ROW, hosts: [host] }).why, /no host/);
  assert.equal(addressOf("a.imgix.net", "ö/\"x\".jpg"), "https://a.imgix.net/%C3%B6/%22x%22.jpg");
});

test("sources that take no uploads say why", () => {
  assert.equal(whyNoUpload({ enabled: true, deployment: { type: "s3", allows_upload: true } }), "");
  assert.equal(whyNoUpload({ enabled: true, deployment: { type: "s3" } }), "");
  assert.match(whyNoUpload({ enabled: true, deployment: { type: "webfolder" } }), /web address.*only reads/);
  assert.match(whyNoUpload({ enabled: true, deployment: { type: "gcs", allows_upload: false } }), /may not write/);
  assert.match(whyNoUpload({ enabled: false, deployment: { type: "s3", allows_upload: true } }), /disabled/);
});

test("sizes, colours and tags of others are taken as they are meant, or not at all", () => {
  assert.deepEqual([0, 1, 999, 1000, 1_234_567, 5e12].map(bytes), ["0 B", "1 B", "999 B", "1 kB", "1.2 MB", "5,000 GB"]);
  assert.deepEqual(swatches({ colors: { dominant_colors: { a: "#fff", b: "#1f9F5f", c: "red", d: "#ff", e: "url(x)", f: null, g: "#12345\n" } } }), [["a", "#fff"], ["b", "#1f9F5f"]]);
  assert.deepEqual(swatches({ colors: null }), []);
  assert.deepEqual(tagsOf({ tags: { a: 0.2, gone: 0, b: 0.9 } }), [["b", 0.9], ["a", 0.2]]);
});
