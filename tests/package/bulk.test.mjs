// Many calls of one operation: paced, resumable, never one of them twice.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bossWith, expectError, failure, freshKey, imgixWith, json, library } from "./support.mjs";

const { journalPlaces } = library;
const FREE = { limits: { purge: null, default: null, "sources.update": null, "assets.refresh": null } };
const purged = () => json({ data: { id: "p", type: "purges", attributes: {} } });
const urls = (count) => Array.from({ length: count }, (_, index) => `https://a.imgix.net/${index}.jpg`);
const urlOf = (request) => JSON.parse(request.body).data.attributes.url;

const all = async (bulk) => {
  const results = [];
  for await (const result of bulk) results.push(result);
  return results;
};

test("every item is done once, each result comes with its item, and the plan is known before", async () => {
  const { client, seen } = imgixWith(purged, { limits: { purge: { requests: 10, perMs: 1_000 } } });
  const bulk = client.purgeAll(urls(8));
  assert.deepEqual(bulk.plan, { operation: "purge", rateClass: "purge", total: 8, etaMs: 0 });
  assert.equal(client.purgeAll(urls(200)).plan.etaMs, 19_000);
  assert.equal(seen.length, 0);

  const results = await all(bulk);

  assert.deepEqual(new Set(seen.map(urlOf)), new Set(urls(8)));
  assert.deepEqual(results.map(({ index, item, outcome, value }) => [index, item, outcome, value]), urls(8).map((url, index) => [index, url, "ok", { id: "p", alreadyQueued: false }]));
  assert.deepEqual(bulk.progress, { total: 8, done: 8, ok: 8, failed: 0, unknown: 0 });
});

test("an iterable of any length is taken up no faster than it is done", async () => {
  let taken = 0;
  function* endless() {
    for (;;) yield `https://a.imgix.net/${taken++}.jpg`;
  }
  const { client } = imgixWith(purged, FREE);
  let seen = 0;
  for await (const { outcome } of client.purgeAll(endless())) {
    assert.equal(outcome, "ok");
    assert.ok(taken - seen <= 12, `${taken} taken, ${seen} seen`);
    if (++seen == 2_000) break;
  }
  assert.equal(client.purgeAll(endless()).plan.total, undefined);
});

test("what fails is told beside what succeeds", async () => {
  const { client } = imgixWith((url, init) => (urlOf(init).endsWith("/2.jpg") ? json({ errors: [{ title: "Bad" }] }, 400) : urlOf(init).endsWith("/3.jpg") ? json("", 500) : purged()), FREE);
  const progress = [];
  const bulk = client.purgeAll(["not an address", ...urls(5)], { onProgress: (now) => progress.push(now), retries: 0 });
  const results = (await all(bulk)).sort((a, b) => a.index - b.index);

  assert.deepEqual(results.map(({ outcome }) => outcome), ["failed", "ok", "ok", "failed", "unknown", "ok"]);
  expectError(results[0].error, "InvalidInputError", { sent: false });
  expectError(results[3].error, "DeclinedError");
  assert.deepEqual(journalPlaces(bulk.journal().open), [4]);
  assert.deepEqual(journalPlaces(bulk.journal().failed), [0, 3]);
  assert.deepEqual(progress.at(-1), { total: 6, done: 6, ok: 3, failed: 2, unknown: 1 });
});

describe("a journal", () => {
  /** Runs until so many results are there, then leaves. */
  const begin = async (client, items, leaveAfter, options) => {
    const bulk = client.purgeAll(items, options);
    let count = 0;
    for await (const _ of bulk) if (++count == leaveAfter) break;
    return JSON.parse(JSON.stringify(bulk.journal()));
  };

  test("lets a later run go on: nothing is done twice, what is open is told and left", async () => {
    const sent = [];
    const { client } = imgixWith((url, init) => (sent.push(urlOf(init)), purged()), FREE);
    const journal = await begin(client, urls(100), 30);
    const before = new Set(sent);
    assert.ok(before.size >= 30 && journal.taken >= before.size);
    sent.length = 0;

    const bulk = client.purgeAll(urls(100), { journal });
    const results = await all(bulk);

    assert.equal(sent.filter((url) => before.has(url)).length, 0);
    assert.deepEqual(new Set(urls(100).filter((url, index) => !before.has(url) && !journalPlaces(journal.open).includes(index))), new Set(sent));
    assert.equal(results.length, sent.length);
    assert.equal(bulk.progress.done, 100);
    assert.deepEqual(bulk.journal().open, journal.open);
  });

  test("knows what was taken up and never sent, and a later run sends it", async () => {
    const { client, seen } = imgixWith(purged, { apiKey: "ak_waits", limits: { purge: { requests: 3, perMs: 60_000 } } });
    const bulk = client.purgeAll(urls(8));
    let count = 0;
    for await (const _ of bulk) if (++count == 3) break;
    const journal = bulk.journal();
    assert.deepEqual([seen.length, journalPlaces(journal.open), journal.left.length > 0], [3, [], true]);

    const free = imgixWith(purged, FREE);
    const results = await all(free.client.purgeAll(urls(8), { journal: Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(journal))).reverse()) }));
    assert.deepEqual([...seen, ...free.seen].map(urlOf).sort(), urls(8));
    assert.equal(results.length, 5);
  });

  test("is kept one at a time, and at the end", async () => {
    const { client } = imgixWith(purged, FREE);
    let stored;
    let saving = 0;
    await all(
      client.purgeAll(urls(12), {
        save: async (journal) => {
          assert.equal(++saving, 1);
          await new Promise((done) => setTimeout(done, journal.taken % 3));
          saving--;
          stored = journal;
        },
      }),
    );
    assert.deepEqual([stored.taken, journalPlaces(stored.open)], [12, []]);
  });

  test("that is damaged, of another version, operation or of other items is refused, and nothing is sent", async () => {
    const { client, seen } = imgixWith(purged, FREE);
    const journal = await begin(client, urls(20), 10);
    seen.length = 0;
    for (const [what, bad, items = urls(20)] of [
      ["version 1", { ...journal, version: 1 }],
      ["another version", { ...journal, version: 3 }],
      ["another operation", { ...journal, operation: "assets.refresh" }],
      ["damaged", { ...journal, taken: journal.taken + 1 }],
      ["damaged", { ...journal, open: ["3"] }],
      ["damaged", { ...journal, open: ["x"] }],
      ["damaged", { ...journal, open: 7 }],
      ["damaged", { ...journal, failed: ["1"] }],
      ["a text", JSON.stringify(journal)],
      ["a number", 7],
      ["a list", []],
      ["an empty object", {}],
      ["other items", journal, urls(20).reverse()],
      ["fewer items", journal, urls(3)],
    ]) {
      const error = await failure(all(client.purgeAll(items, { journal: bad })));
      expectError(error, "InvalidInputError");
      assert.equal(error.problems[0].field, "journal", what);
    }
    assert.equal(seen.length, 0);
  });

  test("stays small, however many items fail, and a later run goes on from it", async () => {
    const count = 4_000;
    const { client } = imgixWith((url, init) => (/[02468]\.jpg$/.test(urlOf(init)) ? json("", /0\.jpg$/.test(urlOf(init)) ? 500 : 400) : purged()), FREE);
    let longest = 0;
    const bulk = client.purgeAll(urls(count), { retries: 0, save: (journal) => (longest = Math.max(longest, JSON.stringify(journal).length)) });
    for await (const _ of bulk);

    assert.deepEqual(bulk.progress, { total: count, done: count, ok: count / 2, failed: count * 0.4, unknown: count / 10 });
    // Two bits for each, to base 16, and what stands between them.
    assert.ok(longest < count * 0.6 + 500, `${longest} bytes`);
    const journal = JSON.parse(JSON.stringify(bulk.journal()));
    assert.deepEqual(journalPlaces(journal.failed).slice(0, 5), [2, 4, 6, 8, 12]);
    assert.deepEqual(journalPlaces(journal.open).slice(0, 3), [0, 10, 20]);

    const later = client.purgeAll(urls(count + 2), { journal });
    assert.deepEqual((await all(later)).map(({ index, outcome }) => [index, outcome]), [[count, "unknown"], [count + 1, "ok"]]);
    assert.deepEqual(later.progress, { total: count + 2, done: count + 2, ok: count / 2 + 1, failed: count * 0.4, unknown: count / 10 + 1 });
  });

  test("lists its places, and nothing else has any", () => {
    assert.deepEqual(journalPlaces([]), []);
    assert.deepEqual(journalPlaces([null, "", "5", "0"]), [2000, 2002]);
    for (const bad of [undefined, null, 7, ["x"], [{}], [Symbol("x")], [-1]]) {
      assert.throws(() => journalPlaces(bad), (error) => (expectError(error, "InvalidInputError"), true));
    }
  });

  test("stays what it was until the items are known to be the same", async () => {
    const { client, seen } = imgixWith(purged, FREE);
    const journal = await begin(client, urls(20), 10);
    seen.length = 0;
    const bulk = client.purgeAll(urls(20).reverse(), { journal });
    await failure(all(bulk));
    assert.deepEqual(bulk.journal(), journal);
    assert.equal(seen.length, 0);
  });

  test("is kept before anything is sent, and a keeper that fails ends the run", async () => {
    const order = [];
    const { client } = imgixWith((url, init) => (order.push(`sent ${urlOf(init).at(-5)}`), purged()), FREE);
    await all(client.purgeAll(urls(3), { save: async (journal) => void order.push(...journalPlaces(journal.open).map((place) => `kept ${place}`)) }));
    for (const index of [0, 1, 2]) assert.ok(order.indexOf(`kept ${index}`) < order.indexOf(`sent ${index}`) && order.includes(`kept ${index}`), order.join());

    const error = await failure(all(client.purgeAll(urls(3), { save: () => Promise.reject(new Error("disk full")) })));
    assert.equal(error.message, "disk full");

    // What was never sent is not lost.
    const bulk = client.purgeAll(urls(3), { save: () => Promise.reject(new Error("disk full")) });
    await failure(all(bulk));
    assert.deepEqual([journalPlaces(bulk.journal().open), bulk.journal().left.length > 0], [[], true]);
  });
});

test("an abort ends the run at once; what was under way is open in the journal", async () => {
  const controller = new AbortController();
  const { client, seen } = imgixWith((url, init) => (urlOf(init).endsWith("/5.jpg") ? new Promise(() => {}) : purged()), FREE);
  const bulk = client.purgeAll(urls(1_000), { signal: controller.signal });
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 20);

  const error = await failure(
    (async () => {
      for await (const _ of bulk) await new Promise((done) => setTimeout(done, 1));
    })(),
  );

  assert.equal(error, reason);
  assert.ok(journalPlaces(bulk.journal().open).includes(5), JSON.stringify(bulk.journal()));
  const count = seen.length;
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(seen.length, count);
  await assert.rejects(all(client.purgeAll(urls(3), { signal: AbortSignal.abort(reason) })), (thrown) => thrown === reason);
});

test("what an abort finds while its journal is being kept has not failed: a later run sends it", async () => {
  const { client, seen } = imgixWith(purged, FREE);
  const stop = new AbortController();
  const bulk = client.purgeAll(urls(3), { signal: stop.signal, save: ({ taken }) => taken === 3 && stop.abort(new Error("enough")) });
  await assert.rejects(all(bulk), /enough/);
  const journal = bulk.journal();
  assert.deepEqual([journalPlaces(journal.failed), journal.left], [[], [2]]);

  const rest = await all(client.purgeAll(urls(3), { journal }));

  assert.deepEqual(rest.map(({ index, outcome }) => [index, outcome]), [[2, "ok"]]);
  assert.deepEqual(seen.map(urlOf).sort(), urls(3));
});

test("an item of which only the read before a merge has left is done by a later run", async () => {
  const stored = json({ data: { id: "s", type: "sources", attributes: { deployment: { type: "webfolder" } } } });
  const items = ["a", "b", "c"].map((id) => [id, { deployment: { cache_ttl_error: 60 } }]);
  const { client, seen } = imgixWith((url, { method }) => (method === "GET" && url.endsWith("c") ? new Promise(() => {}) : stored.clone()), { ...FREE, deadlineMs: undefined });
  const stop = new AbortController();
  const bulk = client.sources.updateAll(items, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await assert.rejects(all(bulk), /enough/);

  assert.deepEqual(seen.filter(({ url }) => url.endsWith("c")).map(({ method }) => method), ["GET"]);
  const { open, left, taken } = bulk.journal();
  assert.deepEqual([journalPlaces(open), left, taken], [[], [2], 3]);
});

test("an item whose write was refused and waits to be sent again is done by a later run", async () => {
  const { client, seen } = imgixWith(() => json("{}", 429, { "retry-after": "60" }), { ...FREE, retries: 2 });
  const stop = new AbortController();
  const bulk = client.purgeAll(urls(2), { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await assert.rejects(all(bulk), /enough/);

  assert.equal(seen.length, 2);
  assert.deepEqual([journalPlaces(bulk.journal().open), bulk.journal().left.sort()], [[], [0, 1]]);
});

test("a journal that takes its time to be kept leaves nothing in doubt that was never sent", async () => {
  const { client, seen } = imgixWith(purged, FREE);
  const stop = new AbortController();
  const save = () => new Promise((done) => setTimeout(done, 20));
  const bulk = client.purgeAll(urls(30), { signal: stop.signal, save });
  await assert.rejects(async () => {
    for await (const { index } of bulk) if (index === 2) stop.abort(new Error("enough"));
  }, /enough/);

  const { open, failed, left, taken } = bulk.journal();
  assert.ok(journalPlaces(open).length <= 1, `in doubt: ${journalPlaces(open)}`);
  assert.deepEqual(journalPlaces(failed), []);
  assert.equal(seen.length, taken - left.length);
});

test("a key that is refused ends the run: what has left comes to its end, nothing more leaves, and a later run does the rest", async () => {
  let good = true;
  let answer;
  const { client, seen } = imgixWith((url, init) => {
    if (!good) return setTimeout(() => answer(purged()), 5), json("", 401);
    return urlOf(init).endsWith("/2.jpg") ? new Promise((done) => (answer = done)) : purged();
  }, FREE);
  const bulk = client.purgeAll(urls(1_000));
  const results = [];
  const error = await failure(
    (async () => {
      for await (const result of bulk) good = results.push(result) < 20;
    })(),
  );

  expectError(error, "AuthenticationError", { operation: "purge" });
  const journal = JSON.parse(JSON.stringify(bulk.journal()));
  assert.ok(seen.length < 60, `${seen.length} were sent`);
  assert.ok(results.some(({ index }) => index === 2) && results.every(({ outcome }) => outcome === "ok"));
  assert.deepEqual([journalPlaces(journal.open), journalPlaces(journal.failed)], [[], []]);
  assert.equal(journal.taken, results.length + journal.left.length);

  const free = imgixWith(purged, FREE);
  const rest = await all(free.client.purgeAll(urls(1_000), { journal }));
  assert.deepEqual([...results, ...rest].map(({ index }) => index).sort((a, b) => a - b), urls(1_000).map((_, index) => index));
});

test("a redirect, as to a sign-in that is over, ends the run, and nothing is in doubt", async () => {
  const { client, seen } = imgixWith(() => new Response(null, { status: 302, headers: { location: "https://login.example/" } }), FREE);
  const bulk = client.purgeAll(urls(100));
  expectError(await failure(all(bulk)), "UnreadableResponseError", { code: "redirect" });

  const { open, failed } = bulk.journal();
  assert.deepEqual([journalPlaces(open), journalPlaces(failed)], [[], []]);
  assert.ok(seen.length <= 10, `${seen.length} were sent`);
});

describe("what cannot leave", () => {
  const lost = Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
  const no = () => {
    throw new Error("not now");
  };
  for (const [what, answer, options] of [
    ["without a connection", () => Promise.reject(lost), {}],
    ["without a limiter", purged, { limiter: { reserve: no }, limits: undefined }],
    ["without a gateway's token", purged, { apiKey: undefined, gateway: { url: "https://gateway.example/x", token: no } }],
  ]) {
    test(`${what} ends the run, has not failed, and is done by a later run`, async () => {
      const { client, seen } = imgixWith(answer, { ...FREE, ...options });
      const bulk = client.purgeAll(urls(300));
      const error = await failure(all(bulk));
      expectError(error, error.name, { sent: false, outcome: "none", operation: "purge" });
      assert.deepEqual(bulk.progress, { total: 300, done: 0, ok: 0, failed: 0, unknown: 0 });
      const journal = bulk.journal();
      assert.ok(journal.taken <= 10 && seen.length <= 10, `${journal.taken} were taken up`);
      assert.deepEqual([journalPlaces(journal.open), journalPlaces(journal.failed), journal.left.length], [[], [], journal.taken]);

      const free = imgixWith(purged, FREE);
      assert.equal((await all(free.client.purgeAll(urls(300), { journal }))).length, 300);
      assert.deepEqual(new Set(free.seen.map(urlOf)), new Set(urls(300)));
    });
  }

  test("before the run's deadline ends the run; before an item's own, only that item has failed", async () => {
    for (const [items, options] of [[urls(2), { deadlineMs: 500 }], [[urls(1)[0], [urls(2)[1], { deadlineMs: 500 }]], {}]]) {
      const { client, seen } = imgixWith(purged, { apiKey: freshKey(), limits: { purge: { requests: 1, perMs: 3_600_000 } } });
      const bulk = client.purgeAll(items, options);
      const results = [];
      const run = (async () => {
        for await (const result of bulk) results.push(result);
      })();
      const { left, failed } = options.deadlineMs ? (expectError(await failure(run), "RateLimitError", { sent: false }), bulk.journal()) : (await run, bulk.journal());
      assert.deepEqual([results.map(({ outcome }) => outcome), left, journalPlaces(failed)], options.deadlineMs ? [["ok"], [1], []] : [["ok", "failed"], [], [1]]);
      assert.equal(seen.length, 1);
    }
  });
});

test("after a refused key nobody waits for a source that gives nothing, nor for slots", async () => {
  async function* stuck() {
    yield* urls(8);
    await new Promise(() => {});
  }
  const { client, seen } = imgixWith(() => json("", 401), { apiKey: freshKey(), limits: { purge: { requests: 3, perMs: 3_600_000 } } });
  const bulk = client.purgeAll(stuck());
  expectError(await failure(all(bulk)), "AuthenticationError");
  const { taken, left, open } = bulk.journal();
  assert.deepEqual([left.length, journalPlaces(open), seen.length <= 3], [taken, [], true]);
});

test("a right that is missing for some is no reason to stop", async () => {
  const { client } = imgixWith((url, init) => (urlOf(init).endsWith("/2.jpg") ? json("", 403) : purged()), FREE);
  const results = await all(client.purgeAll(urls(30)));
  assert.deepEqual([results.length, results.filter(({ outcome }) => outcome === "failed").length], [30, 1]);
});

test("junk in place of items, options and operations is refused, and nothing is sent", async () => {
  const { client, seen } = imgixWith(purged, FREE);
  for (const items of [undefined, null, 7, "text", {}, Symbol("x")]) expectError(await failure(all(client.purgeAll(items))), "InvalidInputError");
  for (const options of [{ save: 5 }, { signal: {} }, { signal: 5 }, Object.defineProperty({}, "save", { enumerable: true, get() { throw new Error("boo"); } })])
    expectError(await failure(all(client.purgeAll(urls(1), options))), "InvalidInputError");
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const boo = () => {
    throw new Error("boo");
  };
  for (const items of [
    { get length() { return boo(); } }, { get [Symbol.iterator]() { return boo(); } }, { [Symbol.iterator]: boo }, { [Symbol.iterator]: () => 5 }, { [Symbol.iterator]() {} }, { [Symbol.iterator]: 5 },
    { [Symbol.iterator]: () => ({ next: 5 }) }, { [Symbol.asyncIterator]: async () => boo() }, revoked.proxy,
  ]) {
    const error = await failure(all(client.purgeAll(items)));
    expectError(error, "InvalidInputError", { sent: false, operation: "purge" });
    assert.equal(error.problems[0].field, "items");
  }
  for (const name of ["sources.list", "nothing", "uploadSessions.put", "__proto__", undefined, 7]) {
    // Not even this throws at once.
    const bulk = client.bulk(name, []);
    expectError(await failure(all(bulk)), "InvalidInputError");
  }
  const bulk = client.purgeAll([]);
  assert.deepEqual(await all(bulk), []);
  expectError(await failure(all(bulk)), "InvalidInputError");
  assert.equal(seen.length, 0);

  async function* broken() {
    yield urls(1)[0];
    throw new Error("the file is cut off");
  }
  await assert.rejects(all(client.purgeAll(broken())), /cut off/);
});

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
};

test("an item that cannot be read fails alone, and a later run knows it", async () => {
  const circle = [urls(1)[0]];
  circle.push(circle);
  const items = [urls(1)[0], 1n, circle, Object.assign([], { toJSON() { throw new Error("boo"); } }), [urls(2)[1], { sourceId: 1n }], urls(3)[2], Object.defineProperty([], 0, { enumerable: true, get() { throw new Error("boo"); } }), revoked(), [urls(1)[0], { get sourceId() { throw new Error("boo"); } }]];
  const { client, seen } = imgixWith(purged, FREE);
  const bulk = client.purgeAll(items);
  const results = (await all(bulk)).sort((a, b) => a.index - b.index);
  assert.deepEqual(results.map(({ outcome }) => outcome), ["ok", "failed", "failed", "failed", "failed", "ok", "failed", "failed", "failed"]);
  for (const { error, outcome } of results) if (outcome == "failed") expectError(error, "InvalidInputError", { sent: false });
  assert.deepEqual(bulk.journal().open.filter((block) => block && +`0x${block}`), []);
  assert.deepEqual(await all(client.purgeAll(items, { journal: bulk.journal() })), []);
  assert.equal(seen.length, 2);
});

test("an option that is wrong ends the run before anything is done, and a later run does everything", async () => {
  for (const options of [{ timout: 5000 }, { deadlineMs: "60000" }, { retries: -1 }]) {
    const { client, seen } = imgixWith(purged, FREE);
    const first = client.purgeAll(urls(3), options);
    expectError(await failure(all(first)), "InvalidInputError");
    assert.equal(seen.length, 0);

    const results = await all(client.purgeAll(urls(3), { journal: first.journal() }));

    assert.deepEqual(results.map(({ index, outcome }) => [index, outcome]).sort(), [[0, "ok"], [1, "ok"], [2, "ok"]]);
  }
});

test("an item brings its own options along", async () => {
  const { client, seen } = imgixWith(purged, FREE);
  await all(client.purgeAll([[urls(1)[0], { subImage: true }], urls(2)[1]]));

  assert.deepEqual(seen.map(({ body }) => JSON.parse(body).data.attributes.sub_image), [true, undefined]);
});

test("an abort waits for no journal, and what was not sent is not in doubt", async () => {
  for (const save of [() => new Promise(() => {}), () => new Promise((done) => setTimeout(done, 300))]) {
    const { client, seen } = imgixWith(purged, FREE);
    const controller = new AbortController();
    const run = client.purgeAll(urls(5), { save, signal: controller.signal });
    const ended = failure(all(run));
    await new Promise((done) => setTimeout(done, 10));
    controller.abort(new Error("enough"));
    const winner = await Promise.race([ended, new Promise((done) => setTimeout(done, 250, "the journal"))]);

    assert.equal(winner.message, "enough");
    assert.equal(seen.length, 0);
    assert.deepEqual(library.journalPlaces(run.journal().open), []);
  }
});

test("any operation can be done to many things, with its own options", async () => {
  const { client, seen } = imgixWith((url) => json({ data: { id: "s1", type: url.includes("/assets/") ? "assets" : "sources", attributes: {} } }), FREE);
  assert.deepEqual((await all(client.sources.updateAll([["a", { name: "1" }], ["b", { name: "2" }]]))).map(({ outcome }) => outcome), ["ok", "ok"]);
  assert.deepEqual((await all(client.bulk("sources.disable", ["a", "b"]))).map(({ outcome }) => outcome), ["ok", "ok"]);
  assert.deepEqual((await all(client.assets.refreshAll([["a", "x.jpg"]]))).map(({ outcome }) => outcome), ["ok"]);
  assert.deepEqual((await all(client.assets.updateAll([["a", "x.jpg", { name: "n" }]]))).map(({ outcome }) => outcome), ["ok"]);
  assert.equal((await all(client.purgeAll(urls(1), { subImage: true, sourceId: "s1" })))[0].outcome, "ok");
  assert.equal(JSON.parse(seen.at(-1).body).data.attributes.sub_image, true);

  const boss = bossWith(() => new Response(null, { status: 202 }), { limits: { "imageboss.purge": null } });
  assert.deepEqual((await all(boss.client.purgeAll([["shop", "a.jpg"]]))).map(({ outcome }) => outcome), ["ok"]);
  assert.equal(boss.seen[0].url, "https://img.imageboss.me/shop/a.jpg");
});
