import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { deploy } from "./deployed.mjs";
import { reply, SECRET, upstream } from "./support.mjs";

const LIMITS = { purge: { requests: 50, perMs: 1_000 }, default: { requests: 50, perMs: 1_000 }, "sources.update": { requests: 50, perMs: 1_000 }, "sources.create": { requests: 50, perMs: 1_000 }, imageboss: { requests: 50, perMs: 1_000 } };
const addresses = (count, from = 0) => Array.from({ length: count }, (_, at) => `https://a.imgix.net/${from + at}.jpg`);
const purged = (one) => JSON.parse(one.body).data.attributes.url;
const ok = reply(200, { data: { type: "purges", id: "p1" } }, { "x-request-id": "r-1" });

let up;
let here;
before(async () => {
  up = await upstream(ok);
  here = await deploy(up.origin, { limits: LIMITS, options: { bodyMs: 1_500, uploadMs: 3_000 } });
});
after(async () => {
  await here?.close();
  await up?.close();
});
beforeEach(() => {
  up.seen.length = 0;
  up.set(ok);
});

describe("a job", () => {
  test("is planned with its time, and nothing is sent before it is started", async () => {
    const made = await here.job.create({ provider: "imgix", operation: "purge", items: addresses(120) });

    assert.equal(made.status, 201);
    const { id, ...plan } = made.json;
    assert.deepEqual({ ...plan, created: 0 }, { provider: "imgix", operation: "purge", state: "planned", by: "tests", created: 0, started: null, ended: null, total: 120, planned: 120, sent: 0, ok: 0, failed: 0, unknown: 0, rateClass: "purge", etaMs: 2 * 1_050 });
    assert.equal(up.seen.length, 0);

    assert.equal((await here.job.do(id, "start")).json.state, "running");
    const done = await here.job.until(id, ({ state }) => state == "done");
    assert.deepEqual([done.ok, done.planned, done.etaMs], [120, 0, 0]);
    assert.deepEqual(up.seen.map(purged).sort(), addresses(120).sort());
    const items = await here.job.items(id);
    assert.deepEqual(items.map(({ seq }) => seq), Array.from({ length: 120 }, (_, at) => at));
    assert.deepEqual({ ...items[7], at: 0 }, { seq: 7, args: ["https://a.imgix.net/7.jpg"], state: "ok", tries: 0, at: 0, requestId: "r-1", error: null, value: { id: "p1" } });
  });

  test("that is started twice at once runs once", async () => {
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: addresses(30) })).json;
    const answers = await Promise.all(Array.from({ length: 8 }, () => here.job.do(id, "start")));

    for (const { status } of answers) assert.equal(status, 200);
    await here.job.until(id, ({ state }) => state == "done");
    assert.equal(up.seen.length, 30);
    // It is over: nobody can start it again.
    const again = await here.job.do(id, "start");
    assert.deepEqual([again.status, again.json.code], [409, "conflict"]);
  });

  test("can be paused, goes on where it was, and can be given up", async () => {
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: addresses(400) })).json;
    await here.job.do(id, "start");
    await here.job.until(id, (told) => told.ok > 20, "begun");
    await here.job.do(id, "pause");
    const paused = await here.job.until(id, ({ sent }) => sent == 0, "at rest");
    assert.equal(paused.state, "paused");
    assert.ok(paused.planned > 0 && paused.ok < 400);
    const before = up.seen.length;
    assert.equal(before, paused.ok);
    await new Promise((done) => setTimeout(done, 1_200));
    assert.equal(up.seen.length, before);

    await here.job.do(id, "resume");
    await here.job.until(id, (told) => told.ok > paused.ok + 20, "going on");
    const cancelled = await here.job.do(id, "cancel");
    assert.equal(cancelled.json.state, "cancelled");
    await here.job.until(id, ({ sent }) => sent == 0, "at rest");
    assert.equal((await here.job.do(id, "start")).json.code, "conflict");
    const told = await here.job.get(id);
    assert.equal(told.ok + told.planned, 400);
    assert.equal(new Set(up.seen.map(purged)).size, up.seen.length);
  });

  test("with one wrong item is refused as a whole, and the item named", async () => {
    for (const [items, words] of [
      [[...addresses(3), "nonsense", ...addresses(3)], /item 3: .*url/], [[["https://a.imgix.net/1.jpg", {}, 1]], /item 0: .* has 1 argument/], [[5], /item 0/], [[[]], /item 0/], [[null], /item 0/], [[], /needs items/],
    ]) {
      const { status, json } = await here.job.create({ provider: "imgix", operation: "purge", items });

      assert.deepEqual([status, json.code], [400, "bad-request"], JSON.stringify(items));
      assert.match(json.message, words);
    }
    for (const body of [{ provider: "imgix", operation: "sources.list", items: [1] }, { provider: "imgix", operation: "assets.upload", items: [1] }, { provider: "imgix", operation: "nothing", items: [1] }, { provider: "x", operation: "purge", items: [1] }, { provider: "imgix", operation: "purge", items: "x" }, "{", []])
      assert.deepEqual([(await here.job.create(body)).status], [400], JSON.stringify(body));
    assert.equal((await here.job.create("a=b", { headers: { "content-type": "text/plain" } })).status, 415);
    assert.equal(up.seen.length, 0);
  });

  test("takes no item that the gateway would not take as a request: no path that could be read as another, nothing that no audit tells of", async () => {
    const [id, url] = ["65b7704ee553fe668319d940", "https://a.imgix.net/1.jpg"];
    const paths = ["../sources/1", "..%2f", "%2e%2e/x", "a/%2e%2e/b", "a/%252e%252e/b", "\\..", "a\0b", "..;/x", "a%2f..", "a%00b", "\u2025/b", "a/\uff0e\uff0e/b", "a/.\u200b./b"].map((path) => ["imageboss", "purge", ["source", path]]);
    const ids = ["../x", "..%2fx", "%2e%2e", "a%2fb", "a/b", "a?b", "a#b", "a;b", "a%b"].map((id) => ["imageboss", "sources.delete", [id]]);
    const extras = [["imageboss", "sources.update", [id, { source: "x" }, { extra: { _method: "DELETE" } }]], ["imgix", "sources.update", [id, { name: "x" }, { extra: { enabled: false } }]], ["imgix", "purge", [url, { extra: { _destroy: true } }]], ["imgix", "sources.update", [id, { _method: "DELETE" }]], ["imgix", "sources.update", [id, { deployment: { _destroy: 1 } }]]];
    for (const [provider, operation, item] of [...paths, ...ids, ...extras]) {
      const { status, json } = await here.job.create({ provider, operation, items: [item] });
      assert.deepEqual([status, json.code, /^item 0: /.test(json.message)], [400, "bad-request", true], `${operation} ${JSON.stringify(item)}`);
    }
    assert.equal(up.seen.length, 0);
    const { json } = await here.job.create({ provider: "imageboss", operation: "purge", items: [["source", "/a b/c%d/\u00e4.jpg"], ["source", "100%/x"]] });
    assert.equal(json.total, 2);
    await here.job.do(json.id, "start");
    await here.job.until(json.id, ({ state }) => state == "done");
    assert.deepEqual(up.seen.map(({ url }) => url).sort(), ["/images/source/100%25/x", "/images/source/a%20b/c%25d/%C3%A4.jpg"]);
  });

  test("comes line by line, and what is no line, too slow or too much is refused and leaves nothing", async () => {
    const lines = (body, more) => here.ask("POST", "/api/jobs?provider=imgix&operation=purge", { headers: { "content-type": "application/x-ndjson" }, body, ...more });
    const before = (await here.asked("GET", "/jobs")).json.jobs.length;
    const address = JSON.stringify(addresses(1)[0]);
    const slow = await lines((sent) => sent.write(`${address}\n`));
    assert.deepEqual([slow.status, slow.json.code], [408, "too-slow"]);
    const dripping = await lines(async (sent) => {
      for (let at = 0; at < 100 && !sent.destroyed; at++) {
        sent.write(`${address}\n`);
        await new Promise((done) => setTimeout(done, 100));
      }
      sent.end();
    });
    assert.deepEqual([dripping.status, dripping.json.code], [408, "too-slow"]);
    for (const [body, status, words] of [
      [`${address}\n{\n`, 400, /line 2 is no JSON/], [`${address}\n${"[".repeat(40_000)}${"]".repeat(20_000)}`, 400, /line 2 is n/], [`${address}\n${"[".repeat(30_000)}${"]".repeat(30_000)}`, 400, /line 2 is nested/], [`\n${address}\n"${"x".repeat(70_000)}"`, 413, /line 2 is too long/], [Buffer.from([0x22, 0xff, 0x22]), 400, /UTF-8/], ["", 400, /needs items/],
    ]) {
      const { status: told, json } = await lines(body);
      assert.equal(told, status, json.message);
      assert.match(json.message, words);
    }
    assert.equal((await here.job.create(`{"provider":"imgix","operation":"purge","items":[${"[".repeat(50_000)}${"]".repeat(50_000)}]}`)).status, 400);
    assert.equal((await here.asked("GET", "/jobs")).json.jobs.length, before);

    const good = await lines(`\r\n${addresses(3).map((one) => JSON.stringify(one)).join("\r\n\n")}`);
    assert.deepEqual([good.status, good.json.total], [201, 3]);
  });

  test("of long items is taken in pieces that the object can hold", async () => {
    const long = "ä".repeat(60_000);
    const body = Array.from({ length: 500 }, (_, at) => JSON.stringify([`id${at}`, { name: long }])).join("\n");
    const made = await here.ask("POST", "/api/jobs?provider=imgix&operation=sources.update", { headers: { "content-type": "application/x-ndjson" }, body });

    assert.deepEqual([made.status, made.json.total], [201, 500], made.text);
    // They come out again, as they went in.
    const items = await here.job.items(made.json.id);
    assert.deepEqual([items.length, items[499].seq, items[499].args[1].name.length], [500, 499, 60_000]);
  });

  test("is for those who may do each of its calls", async () => {
    const as = (name) => ({ token: `${SECRET}-${name}` });
    const items = ["65b7704ee553fe668319d940"];
    assert.equal((await here.job.create({ provider: "imgix", operation: "purge", items: addresses(1) }, as("reader"))).json.code, "role-missing");
    assert.equal((await here.job.create({ provider: "imageboss", operation: "sources.delete", items }, as("writer"))).json.code, "role-missing");
    const { id } = (await here.job.create({ provider: "imageboss", operation: "sources.delete", items })).json;
    for (const verb of ["start", "cancel", "retry"]) assert.equal((await here.job.do(id, verb, as("writer"))).json.code, "role-missing");
    assert.equal((await here.asked("GET", `/jobs/${id}`, undefined, { token: "" })).status, 401);
    for (const path of ["/jobs/nothing", `/jobs/${id}/nothing`, `/jobs/${id}/start/x`]) assert.equal((await here.asked("POST", path)).status, 404, path);
  });
});

describe("what may have happened", () => {
  test("is looked for, and not sent again if it is there", async () => {
    const names = new Map();
    let lose = true;
    up.set((asked, response, one) => {
      const id = asked.url.split("/").at(-1);
      if (asked.method == "PATCH") {
        names.set(id, JSON.parse(one.body).data.attributes.name);
        // It has happened, and nobody is told.
        if (lose) return response.destroy();
      }
      return reply(200, { data: { type: "sources", id, attributes: { name: names.get(id) ?? "old" } } })(asked, response);
    });
    const items = ["a1", "a2", "a3"].map((id) => [id, { name: `new ${id}` }]);
    const { id } = (await here.job.create({ provider: "imgix", operation: "sources.update", items })).json;
    await here.job.do(id, "start");
    const told = await here.job.until(id, ({ state }) => state == "done");
    lose = false;

    assert.deepEqual([told.ok, told.unknown, told.failed], [3, 0, 0]);
    assert.equal(up.seen.filter(({ method }) => method == "PATCH").length, 3);
  });

  test("is sent again if it is certainly not there", async () => {
    const names = new Map();
    let lost = 0;
    up.set((asked, response, one) => {
      const id = asked.url.split("/").at(-1);
      if (asked.method == "PATCH" && lost < 2) return lost++, response.destroy();
      if (asked.method == "PATCH") names.set(id, JSON.parse(one.body).data.attributes.name);
      return reply(200, { data: { type: "sources", id, attributes: { name: names.get(id) ?? "old" } } })(asked, response);
    });
    const { id } = (await here.job.create({ provider: "imgix", operation: "sources.update", items: [["b1", { name: "new" }], ["b2", { name: "new" }]] })).json;
    await here.job.do(id, "start");

    const told = await here.job.until(id, ({ state }) => state == "done");
    assert.deepEqual([told.ok, told.unknown], [2, 0]);
    assert.deepEqual([...names.values()], ["new", "new"]);
  });

  test("is left open where nothing can tell, and sent again only because somebody says so", async () => {
    let lose = true;
    up.set((asked, response) => (lose ? response.destroy() : ok(asked, response)));
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: addresses(4) })).json;
    await here.job.do(id, "start");
    const told = await here.job.until(id, ({ state }) => state == "done");
    assert.deepEqual([told.unknown, told.ok, up.seen.length], [4, 0, 4]);
    assert.match((await here.job.items(id))[0].error, /may have happened/);

    lose = false;
    assert.equal((await here.job.do(id, "retry")).json.code, "bad-request");
    assert.equal((await here.job.do(id, "retry?state=failed")).json.state, "done");
    assert.equal((await here.job.do(id, "retry?state=unknown")).json.state, "running");
    const again = await here.job.until(id, ({ state }) => state == "done");
    assert.deepEqual([again.ok, again.unknown, up.seen.length], [4, 0, 8]);
  });

  test("is not sent again because an item says so", async () => {
    up.set((_, response) => response.destroy());
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: addresses(3).map((one) => [one, { retries: 5, timeoutMs: 60_000, deadlineMs: 600_000 }]) })).json;
    await here.job.do(id, "start");
    const told = await here.job.until(id, ({ state }) => state == "done");

    assert.deepEqual([told.unknown, up.seen.length], [3, 3]);
  });

  test("does not come of slots: however late one is, there is time for the answer", async () => {
    const there = await deploy(up.origin, { limits: { purge: { requests: 1, perMs: 8_000 } } });
    up.set((asked, response) => setTimeout(() => ok(asked, response), 4_000));
    try {
      const { id } = (await there.job.create({ provider: "imgix", operation: "purge", items: addresses(2) })).json;
      await there.job.do(id, "start");
      const told = await there.job.until(id, ({ state }) => state == "done");

      assert.deepEqual([told.ok, told.unknown, up.seen.length], [2, 0, 2]);
    } finally {
      await there.close();
    }
  });

  test("a creation is only taken for done if what it made is there", async () => {
    const made = [];
    up.set((asked, response, one) => {
      if (asked.method == "POST") {
        const { attributes } = JSON.parse(one.body).data;
        if (attributes.name != "gone") made.push({ type: "sources", id: `s${made.length}`, attributes: { ...attributes, deployment: { ...attributes.deployment, cache_ttl_error: 300 } } });
        return response.destroy();
      }
      return reply(200, { data: made, meta: {} })(asked, response);
    });
    const source = (name) => ({ name, deployment: { type: "webfolder", webfolder_base_url: "https://example.com/", imgix_subdomains: [`s-${name}`] } });
    const { id } = (await here.job.create({ provider: "imgix", operation: "sources.create", items: [source("there"), source("gone")] })).json;
    await here.job.do(id, "start");
    const told = await here.job.until(id, ({ state }) => state == "done");

    assert.deepEqual([told.ok, told.unknown], [1, 1]);
    assert.equal(up.seen.filter(({ method }) => method == "POST").length, 2);
  });
});

test("a gateway that allows no writing any more lets jobs be ended, and none be begun", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jobs-"));
  const limits = { ...LIMITS, purge: { requests: 1, perMs: 60_000 } };
  let there = await deploy(up.origin, { persist: folder, limits });
  try {
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push((await there.job.create({ provider: "imgix", operation: "purge", items: addresses(20) })).json.id);
    for (const id of ids.slice(0, 2)) await there.job.do(id, "start");
    await there.close();
    there = await deploy(up.origin, { persist: folder, limits, options: { write: false } });

    for (const verb of ["start", "resume", "retry?state=failed"]) assert.equal((await there.job.do(ids[2], verb)).json.code, "writing-not-allowed", verb);
    assert.equal((await there.job.do(ids[0], "pause")).json.state, "paused");
    assert.equal((await there.job.do(ids[1], "cancel")).json.state, "cancelled");
    assert.equal((await there.job.do(ids[1], "cancel", { token: `${SECRET}-reader` })).json.code, "role-missing");
  } finally {
    await there.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("what fails is said and does not hold up the rest; a refusal for being too fast is no failure", async () => {
  let busy = 3;
  up.set((asked, response, one) => {
    if (purged(one).includes("/3.jpg")) return reply(403, { errors: [{ title: "Forbidden", detail: "not yours" }] })(asked, response);
    if (busy-- > 0) return reply(429, { errors: [{ detail: "slow" }] }, { "retry-after": "1" })(asked, response);
    return ok(asked, response);
  });
  const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: addresses(8) })).json;
  await here.job.do(id, "start");
  const told = await here.job.until(id, ({ state }) => state == "done");

  assert.deepEqual([told.ok, told.failed, told.unknown], [7, 1, 0]);
  const [failed] = (await here.job.items(id)).filter(({ state }) => state == "failed");
  assert.deepEqual(failed.args, ["https://a.imgix.net/3.jpg"]);
  assert.match(failed.error, /not yours/);
});

test("what is done is done, however odd the answer: it is not told as failed, and not done again", async () => {
  for (const id of ["i".repeat(3 << 20), { a: 1 }, ["x"], 7]) {
    up.seen.length = 0;
    up.set(reply(200, { data: { type: "sources", id, attributes: { name: "abc" } } }, { "x-request-id": "r".repeat(5_000) }));
    const job = (await here.job.create({ provider: "imgix", operation: "sources.update", items: [["65b7704ee553fe668319d940", { name: "abc" }]] })).json;
    await here.job.do(job.id, "start");
    const done = await here.job.until(job.id, ({ state }) => state == "done");
    const what = JSON.stringify(id).slice(0, 20);

    assert.equal(up.seen.filter(({ method }) => method == "PATCH").length, 1, what);
    assert.deepEqual([done.failed, done.sent, done.ok + done.unknown], [0, 0, 1], what);
    const [item] = await here.job.items(job.id);
    assert.ok(JSON.stringify(item).length < 2_000, what);
    const [entry] = (await here.asked("GET", "/audit?limit=1")).json.entries;
    assert.deepEqual([entry.operation, entry.outcome === "declined"], ["sources.update", false], what);
    if (done.ok) assert.equal(entry.outcome, "ok", what);
    assert.ok(JSON.stringify(entry).length < 4_000, what);
  }
});

test("jobs that wait for their limit hold up no other, and each has its turn", async () => {
  const slow = { requests: 1, perMs: 3_600_000 };
  const other = await deploy(up.origin, { limits: { ...LIMITS, "sources.update": slow, imageboss: slow } });
  try {
    const begin = async (provider, operation, items) => {
      const { id } = (await other.job.create({ provider, operation, items })).json;
      await other.job.do(id, "start");
      return id;
    };
    const waiting = [];
    for (let at = 0; at < 7; at++) waiting.push(await begin("imgix", "sources.update", Array.from({ length: 3 }, () => ["65b7704ee553fe668319d940", { name: "x" }])));
    const quick = [];
    for (let at = 0; at < 7; at++) quick.push(await begin("imgix", "purge", addresses(10, 10 * at)));
    for (const id of quick) await other.job.until(id, ({ state }) => state == "done", "done", 30_000);
    for (const id of waiting) assert.equal((await other.job.get(id)).state, "running");
    assert.equal(up.seen.filter(({ url }) => url.endsWith("/purge")).length, 70);
    assert.equal(up.seen.filter(({ method }) => method == "PATCH").length, 1);
  } finally {
    await other.close();
  }
});

test("secrets of items are in no export, and gone from the journal when the item is over", async () => {
  up.set((asked, response) => reply(200, { id: "s1", source: "x", source_type: "s3", credentials: {} })(asked, response));
  const items = [["65b7704ee553fe668319d940", { credential_attributes: { secret_access_key: "CANARY-secret-access-key" } }]];
  const { id } = (await here.job.create({ provider: "imageboss", operation: "sources.update", items })).json;
  assert.doesNotMatch(JSON.stringify(await here.job.items(id)), /CANARY/);
  await here.job.do(id, "start");
  await here.job.until(id, ({ state }) => state == "done");

  assert.match(up.seen.at(-1).body, /CANARY-secret-access-key/);
  assert.doesNotMatch(JSON.stringify(await here.job.items(id)), /CANARY/);
});

describe("objects that fail now and then", () => {
  const run = async (classes, count) => {
    const there = await deploy(up.origin, { limits: LIMITS, classes });
    try {
      const { id } = (await there.job.create({ provider: "imgix", operation: "purge", items: addresses(count) })).json;
      await there.job.do(id, "start");
      const { ok: done, failed, unknown } = await there.job.until(id, ({ state }) => state == "done", "done", 60_000);
      assert.deepEqual({ done, failed, unknown }, { done: count, failed: 0, unknown: 0 });
      assert.deepEqual(up.seen.map(purged).sort(), addresses(count).sort());
    } finally {
      await there.close();
    }
  };

  test("alarms are rung again, and nothing is lost or sent twice", () => run({ JOBS: "Stumbling" }, 30));
  test("slots that cannot be had are asked for again, and no item fails for it", () => run({ RATE_LIMITS: "Gone" }, 20));
});

describe("secrets of items", () => {
  const CANARY = "CANARY-secret-access-key";
  const changes = { credential_attributes: { secret_access_key: CANARY, url: "https://user:CANARY-password@example.com/" } };
  const create = (items) => here.job.create({ provider: "imageboss", operation: "sources.update", items });
  const stored = async () => (await here.ask("GET", "/stored")).text;

  test("that failed are sent no more, and no mask is sent in their place", async () => {
    up.set(reply(422, { error: "no" }));
    const { id } = (await create([["65b7704ee553fe668319d940", changes]])).json;
    assert.match(await stored(), /CANARY/);
    await here.job.do(id, "start");
    assert.equal((await here.job.until(id, ({ state }) => state == "done")).failed, 1);
    assert.doesNotMatch(await stored(), /CANARY/);
    const before = up.seen.length;
    await here.job.do(id, "retry?state=failed");
    const told = await here.job.until(id, ({ state }) => state == "done");

    assert.deepEqual([told.failed, up.seen.length], [1, before]);
    assert.match((await here.job.items(id))[0].error, /held secrets, which are not kept/);
  });

  const answers = { "nothing, and may have happened": (_, response) => response.destroy(), "a refusal for being too fast, late": (asked, response) => setTimeout(() => reply(429, { error: "slow" })(asked, response), 700) };
  for (const [what, answer] of Object.entries(answers))
    test(`of a job that is given up are gone, and it is over for good: the provider says ${what}`, async () => {
      up.set(answer);
      const ids = Array.from({ length: 150 }, (_, at) => [`65b7704ee553fe668319${String(at).padStart(4, "0")}`, changes]);
      const { id } = (await create(ids)).json;
      await here.job.do(id, "start");
      await here.job.until(id, ({ unknown, sent }) => unknown + sent > 0, "begun");
      await here.job.do(id, "cancel");
      await here.job.until(id, ({ sent }) => sent == 0, "at rest");
      const told = await here.job.get(id);

      assert.equal(told.planned + told.unknown + told.ok + told.failed, 150);
      assert.doesNotMatch(await stored(), /CANARY/);
      const before = up.seen.length;
      for (const verb of ["start", "resume", "retry?state=unknown", "retry?state=failed&state=unknown"]) assert.equal((await here.job.do(id, verb)).json.code, "conflict", verb);
      await new Promise((done) => setTimeout(done, 500));
      assert.equal(up.seen.length, before);
    });

  test("that are masks are refused", async () => {
    for (const value of [{ credential_attributes: { secret_access_key: "****" } }, { credential_attributes: { url: "https://****@example.com/" } }]) {
      const { status, json } = await create([["65b7704ee553fe668319d940", value]]);
      assert.deepEqual([status, json.code], [400, "bad-request"]);
      assert.match(json.message, /mask/);
    }
  });
});

test("workerd is killed in the middle, again and again: nothing is lost and nothing is sent twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jobs-"));
  const count = 240;
  let there;
  try {
    there = await deploy(up.origin, { persist: folder, limits: LIMITS });
    const { id } = (await there.job.create({ provider: "imgix", operation: "purge", items: addresses(count) })).json;
    await there.job.do(id, "start");
    for (let life = 1; life <= 4; life++) {
      await there.job.until(id, (told) => told.ok >= life * 40, `at ${life * 40}`);
      await there.kill();
      there = await deploy(up.origin, { persist: folder, limits: LIMITS });
    }
    const told = await there.job.until(id, ({ state }) => state == "done");

    assert.equal(told.ok + told.unknown, count);
    assert.ok(told.unknown <= 4 * 6, `${told.unknown} unknown`);
    const sent = up.seen.map(purged);
    assert.equal(new Set(sent).size, sent.length, "something was sent twice");
    // What was under way when it ended may or may not have left.
    assert.ok(sent.length >= told.ok && sent.length <= count);
    const items = await there.job.items(id);
    for (const { args, state } of items) if (state == "ok") assert.ok(sent.includes(args[0]));
  } finally {
    await there?.close();
    await rm(folder, { recursive: true, force: true });
  }
});
