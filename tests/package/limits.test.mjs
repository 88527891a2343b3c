// Limits: whose requests are counted together, what a full class means, and limiters of the caller's own.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, test } from "node:test";
import { IMGIX_SOURCE, bossWith, expectError, failure, thrown, freshKey, imgixWith, json, turn, virtually } from "./support.mjs";

const never = () => new Promise(() => {});
const ONE = { default: { requests: 1, perMs: 1_000 } };
const turns = async (count = 4) => {
  for (let round = 0; round < count; round++) await turn();
};

/** When requests of a client leave, in milliseconds since the first. */
function timed(time, options, answer = json(IMGIX_SOURCE)) {
  const at = [];
  const { client, events } = imgixWith(() => (at.push(time.now()), answer.clone()), options);
  return { client, events, at };
}

describe("limits", () => {
  test("no window holds more than it may, a first burst goes at once", () =>
    virtually(async (time) => {
      const { client, at } = timed(time, { apiKey: freshKey(), limits: { default: { requests: 4, perMs: 1_000 } } });
      await Promise.all(Array.from({ length: 20 }, () => client.sources.get("s")));
      assert.equal(at.length, 20);
      for (const from of at) assert.ok(at.filter((ms) => ms >= from && ms < from + 1_000).length <= 4, at.join());
      assert.equal(at[3] - at[0], 0);
      assert.ok(at[19] - at[0] <= 4_000 * 1.05);
    }));

  test("the provider's own hold unless others are given: imgix 4 a second, ImageBoss too", () =>
    virtually(async (time) => {
      for (const clientWith of [imgixWith, bossWith]) {
        const at = [];
        const { client } = clientWith(() => (at.push(time.now()), json(clientWith === imgixWith ? { data: [] } : [])), { apiKey: freshKey(), limits: undefined });
        await Promise.all(Array.from({ length: 5 }, () => client.sources.list().then(() => {})));
        assert.ok(at[3] === at[0] && at[4] - at[0] > 1_000);
      }
    }));

  test("are shared by clients of one key and base address, and by no others", () =>
    virtually(async (time) => {
      const apiKey = freshKey();
      const later = async (options) => {
        const { client, at } = timed(time, { limits: ONE, ...options });
        const began = time.now();
        await client.sources.get("s");
        return at[0] > began;
      };
      assert.equal(await later({ apiKey }), false);
      assert.equal(await later({ apiKey: freshKey() }), false);
      assert.equal(await later({ apiKey, baseUrl: "https://h.example/" }), false);
      assert.equal(await later({ apiKey, limits: { default: null } }), false);
      assert.equal(await later({ apiKey }), true);
      assert.equal(await later({ apiKey, baseUrl: "https://api.imgix.com/api/v1/" }), true);
    }));

  test("count by class, and the stricter of two holds", () =>
    virtually(async (time) => {
      const apiKey = freshKey();
      const { client, at } = timed(time, { apiKey, limits: { ...ONE, "sources.update": { requests: 1, perMs: 1_000 } } });
      await Promise.all([client.sources.get("s"), client.sources.update("s", { name: "n" })]);
      assert.equal(at[0], at[1]);
      const loose = timed(time, { apiKey, limits: { default: { requests: 100, perMs: 1_000 } } });
      await loose.client.sources.get("s");
      assert.ok(loose.at[0] - at[0] >= 1_000);
    }));

  test("a wait is told, with the class and the time", () =>
    virtually(async (time) => {
      const { client, events } = timed(time, { apiKey: freshKey(), limits: ONE });
      await client.sources.get("s");
      assert.ok(events.every(({ type }) => type !== "wait"));
      events.length = 0;
      await client.sources.get("s");
      assert.deepEqual(events.map(({ type }) => type), ["wait", "request", "response", "end"]);
      assert.equal(events[0].rateClass, "default");
      assert.ok(events[0].ms >= 1_000 && events[0].ms <= 1_100);
    }));

  test("a slot beyond the deadline is refused at once, says when, and takes no place", () =>
    virtually(async (time) => {
      const { client, at } = timed(time, { apiKey: freshKey(), limits: { default: { requests: 1, perMs: 60_000 } } });
      await client.sources.get("s");
      const began = time.now();
      for (let round = 0; round < 3; round++) {
        const error = await failure(client.sources.get("s", { deadlineMs: 5_000 }));
        expectError(error, "RateLimitError", { sent: false, outcome: "none", attempts: 0, code: "rate-limited", operation: "sources.get" });
        assert.ok(error.retryAfterMs > 59_000 && error.retryAfterMs <= 61_000, `${error.retryAfterMs}`);
      }
      assert.equal(time.now(), began);
      assert.equal(time.timers.size, 0);
      await client.sources.get("s");
      assert.ok(at.length === 2 && at[1] - at[0] <= 61_100);
    }));

  test("an aborted wait gives its place to those behind it", () =>
    virtually(async (time) => {
      const { client, at } = timed(time, { apiKey: freshKey(), limits: ONE });
      await client.sources.get("s");
      const controller = new AbortController();
      const aborted = Array.from({ length: 5 }, () => failure(client.sources.get("s", { signal: controller.signal })));
      await turns(1);
      const last = client.sources.get("s");
      await turns(1);
      controller.abort("reason");
      assert.deepEqual(new Set(await Promise.all(aborted)), new Set(["reason"]));
      await last;
      assert.ok(at[1] - at[0] <= 1_100, `${at[1] - at[0]}`);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    }));

  test("a thousand waiting calls end at once", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE), { apiKey: freshKey(), limits: { default: { requests: 1, perMs: 60_000 } }, deadlineMs: 86_400_000 });
    await client.sources.get("s");
    const controller = new AbortController();
    const all = Array.from({ length: 1_000 }, () => failure(client.sources.get("s", { signal: controller.signal })));
    await turns();
    const began = performance.now();
    controller.abort("reason");
    await Promise.all(all);
    await turns();
    // Far above what it takes, and far below what each looking again for each would.
    assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
  });

  test("a 429 closes its class for every client of the account until it said", () =>
    virtually(async (time) => {
      const apiKey = freshKey();
      const limits = { default: { requests: 10, perMs: 1_000 } };
      const refused = imgixWith(() => json("{}", 429, { "retry-after": "30" }), { apiKey, limits });
      const began = time.now();
      expectError(await failure(refused.client.sources.get("s")), "RateLimitError", { sent: true, status: 429, retryAfterMs: 30_000, outcome: "none" });
      const { client, at } = timed(time, { apiKey, limits: { ...limits, "sources.update": null } });
      await client.sources.update("s", { name: "n" });
      await client.sources.get("s");
      assert.ok(at[0] - began < 1_000 && at[1] - began >= 30_000);
    }));
});

describe("limits and others", () => {
  test("a slow token of a gateway lets no two requests leave together, and is asked for once for each", () =>
    virtually(async (time) => {
      let asked = 0;
      const token = () => time.sleep(5_000 - 1_000 * asked++).then(() => "t");
      for (const limiter of [undefined, { reserve: () => 0 }]) {
        asked = 0;
        const { client, at } = timed(time, { apiKey: undefined, gateway: { url: `/api/${freshKey()}`, token }, limits: ONE, limiter });
        await Promise.all(Array.from({ length: 4 }, () => client.sources.get("s")));
        assert.equal(asked, 4);
        if (!limiter) for (let call = 1; call < 4; call++) assert.ok(at[call] - at[call - 1] >= 1_000, at.join());
      }
    }));

  test("a token that never comes ends with the time of an attempt, a wrong one at once, and neither takes a place", () =>
    virtually(async (time) => {
      const apiKey = undefined;
      for (const token of [never, () => "with space", () => 7, () => { throw new Error("no"); }]) {
        const gateway = { url: `/api/${freshKey()}`, token };
        const { client, seen } = imgixWith(json(IMGIX_SOURCE), { apiKey, gateway, limits: ONE, timeoutMs: 3_000, retries: 0 });
        const error = await failure(client.sources.get("s"));
        expectError(error, token === never ? "TimeoutError" : "NetworkError", { sent: false, outcome: "none", attempts: 0 });
        assert.equal(seen.length, 0);
        const began = time.now();
        const good = timed(time, { apiKey, gateway: { url: gateway.url }, limits: ONE });
        await good.client.sources.get("s");
        assert.equal(good.at[0], began);
        assert.equal(time.timers.size, 0);
      }
    }));

  test("what clients without a limit send is known to those with one", () =>
    virtually(async (time) => {
      const apiKey = freshKey();
      const free = timed(time, { apiKey, limits: { default: null } });
      await Promise.all(Array.from({ length: 3 }, () => free.client.sources.get("s")));
      assert.deepEqual(new Set(free.at).size, 1);
      const { client, at } = timed(time, { apiKey, limits: ONE });
      await client.sources.get("s");
      assert.ok(at[0] - free.at[0] >= 1_000);
    }));

  test("an account is not forgotten before its window is over, however many others there are", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    const limits = { default: { requests: 1, perMs: 3_600_000 } };
    const apiKey = freshKey();
    await imgixWith(json(IMGIX_SOURCE), { apiKey, limits }).client.sources.get("s");
    for (let round = 0; round < 3; round++) {
      for (let other = 0; other < 300; other++) imgixWith(json(IMGIX_SOURCE), { apiKey: freshKey(), limits });
      for (let rest = 0; rest < 5; rest++) {
        collect();
        await turn();
      }
    }
    expectError(await failure(imgixWith(json(IMGIX_SOURCE), { apiKey, limits }).client.sources.get("s")), "RateLimitError", { sent: false });
  });
});

describe("a limiter of the caller's own", () => {
  const limited = (limiter, options, answer = json(IMGIX_SOURCE)) => imgixWith(answer, { limits: undefined, apiKey: "ak-CANARY-limiter", limiter, ...options });

  test("is asked for every request, with account, class and limit; the account does not tell the key", async () => {
    const asked = [];
    const { client } = limited({ reserve: (...given) => (asked.push(given), 0) });
    await client.sources.update("s", { deployment: { cache_ttl_value: 5 } });
    await client.sources.get("s");
    assert.deepEqual(asked.map(([, rateClass, limit]) => [rateClass, limit]), [
      ["sources.update", { requests: 60, perMs: 3_600_000 }], ["default", { requests: 4, perMs: 1_000 }], ["default", { requests: 4, perMs: 1_000 }],
    ]);
    const [account] = asked[0];
    assert.ok(typeof account == "string" && account.length >= 8 && asked.every(([other]) => other === account));
    for (const form of ["CANARY", Buffer.from("ak-CANARY-limiter").toString("base64"), Buffer.from("ak-CANARY-limiter").toString("hex")]) assert.ok(!account.includes(form));
    const other = [];
    await limited({ reserve: (account) => (other.push(account), 0) }, { apiKey: "ak-CANARY-limites" }).client.sources.get("s");
    assert.notEqual(other[0], account);
  });

  test("is called as a method of its object, and not for a class without limit", async () => {
    class Limiter {
      #count = 0;
      reserve() {
        return this.#count++ && 0;
      }
      get count() {
        return this.#count;
      }
    }
    const limiter = new Limiter();
    await limited(limiter).client.sources.get("s");
    await limited(limiter, { limits: { default: null } }).client.sources.get("s");
    assert.equal(limiter.count, 1);
  });

  test("its wait is honoured, and told", () =>
    virtually(async (time) => {
      for (const [wait, ms] of [[5_000, 5_000], [Promise.resolve(250.5), 251], [0, 0], [-5, 0], [-Infinity, 0]]) {
        const at = [];
        const { client, events } = limited({ reserve: () => wait }, {}, () => (at.push(time.now()), json(IMGIX_SOURCE)));
        const began = time.now();
        await client.sources.get("s");
        assert.ok(Math.abs(at[0] - began - ms) < 1, `${at[0] - began} for ${ms}`);
        assert.deepEqual(events.filter(({ type }) => type === "wait").map(({ rateClass }) => rateClass), ms ? ["default"] : []);
      }
    }));

  test("a wait beyond the deadline is refused at once, and the slot given back", async () => {
    for (const ms of [120_001, Infinity, 1e300]) {
      const released = [];
      const { client, seen } = limited({ reserve: () => ms, release: (...given) => void released.push(given) });
      const error = await failure(client.sources.get("s"));
      expectError(error, "RateLimitError", { sent: false, attempts: 0, outcome: "none" });
      assert.ok(error.retryAfterMs >= 120_001);
      assert.equal(seen.length, 0);
      assert.deepEqual(released.map(([, rateClass]) => rateClass), ["default"]);
    }
  });

  const SENSELESS = {
    "throws": () => { throw new Error("broken"); }, "throws nothing": () => { throw undefined; }, "rejects": () => Promise.reject(new Error("broken")),
    "gives undefined": () => undefined, "gives null": () => null, "gives NaN": () => NaN, "gives text": () => "5", "gives a bigint": () => 5n, "gives a symbol": () => Symbol("x"), "gives an object": () => ({}), "gives true": () => true,
  };
  for (const [what, reserve] of Object.entries(SENSELESS)) {
    test(`that ${what} fails the call, and nothing is sent`, () =>
      virtually(async (time) => {
        for (const retries of [0, 2]) {
          let asked = 0;
          const { client, seen } = limited({ reserve: () => (asked++, reserve()) }, { retries });
          const error = await failure(client.sources.update("s", { name: "n" }));
          expectError(error, "NetworkError", { sent: false, outcome: "none", attempts: 0, operation: "sources.update" });
          assert.match(error.message, /limiter/);
          assert.deepEqual([asked, seen.length, time.timers.size], [retries + 1, 0, 0]);
        }
      }));
  }

  test("without `reserve`, or with something else in its place, makes no client", () => {
    for (const limiter of [{}, [], { reserve: 7 }, { reserve: null }]) {
      expectError(thrown(() => limited(limiter)), "InvalidInputError", { code: "type", provider: "imgix" });
      assert.equal(thrown(() => limited(limiter)).problems[0].field, "limiter");
    }
    for (const limiter of [undefined, { reserve: () => 0 }, new (class { reserve() { return 0; } })()]) limited(limiter);
  });

  test("that never answers is waited for until the deadline; a slot that comes late is given back", () =>
    virtually(async (time) => {
      let late;
      const released = [];
      const { client, seen } = limited({ reserve: () => new Promise((resolve) => (late = resolve)), release: (...given) => void released.push(given) }, { retries: 2 });
      const began = time.now();
      const error = await failure(client.sources.get("s", { deadlineMs: 3_000 }));
      expectError(error, "TimeoutError", { sent: false, outcome: "none", attempts: 0 });
      assert.ok(Math.abs(time.now() - began - 3_000) < 2);
      assert.equal(released.length, 0);
      late(0);
      await turns();
      assert.deepEqual([released.length, seen.length, time.timers.size], [1, 0, 0]);
    }));

  test("an abort while it is asked ends the call at once; the slot that comes is given back once", () =>
    virtually(async (time) => {
      let give;
      const released = [];
      const { client, seen, events } = limited({ reserve: () => new Promise((resolve) => (give = resolve)), release: (...given) => void released.push(given) });
      const controller = new AbortController();
      const promise = failure(client.sources.update("s", { name: "n" }, { signal: controller.signal }));
      await turns();
      let done = false;
      promise.then(() => (done = true));
      controller.abort("reason");
      await turn();
      assert.ok(done);
      assert.equal(await promise, "reason");
      assert.equal(events.at(-1).mayHaveHappened, false);
      assert.equal(released.length, 0);
      give(0);
      await turns();
      assert.deepEqual(released.map(([, rateClass]) => rateClass), ["sources.update"]);
      assert.deepEqual([seen.length, time.timers.size], [0, 0]);
    }));

  test("an abort while its slot is waited for gives the slot back, one after sending does not", async () => {
      for (const [ms, count] of [[60_000, 1], [0, 0]]) {
        const released = [];
        const { client } = limited({ reserve: () => ms, release: (...given) => void released.push(given) }, {}, never);
        const controller = new AbortController();
        const promise = failure(client.sources.get("s", { signal: controller.signal }));
        await turns();
        controller.abort("reason");
        assert.equal(await promise, "reason");
        assert.equal(released.length, count);
      }
    });

  test("the slot of a merge is taken before its read, kept through it, and given back if it comes to nothing", async () => {
    for (const [never, ends] of [["PATCH", []], ["GET", ["sources.update"]]]) {
      const [asked, back] = [[], []];
      const limiter = { reserve: (account, rateClass) => (asked.push(rateClass), 0), release: (account, rateClass) => void back.push(rateClass) };
      const { client, seen } = limited(limiter, {}, (url, { method }) => (method === never ? new Promise(() => {}) : json(IMGIX_SOURCE)));
      const controller = new AbortController();
      const promise = failure(client.sources.update("s", { deployment: { cache_ttl_value: 5 } }, { signal: controller.signal }));
      while (seen.at(-1)?.method !== never) await turns();
      assert.deepEqual([asked, back], [["sources.update", "default"], []]);
      controller.abort("reason");
      assert.equal(await promise, "reason");
      assert.deepEqual(back, ends);
    }
  });

  test("an abort between a merge's read and its write cannot have changed anything", async () => {
      let asked = 0;
      const { client, events } = limited({ reserve: () => (asked++ ? never() : 0) });
      const controller = new AbortController();
      const promise = failure(client.sources.update("s", { deployment: { cache_ttl_value: 5 } }, { signal: controller.signal }));
      await turns(8);
      assert.equal(asked, 2);
      controller.abort("reason");
      assert.equal(await promise, "reason");
      assert.equal(events.at(-1).mayHaveHappened, false);
    });

  test("`close` is called on a 429, with the time", () =>
    virtually(async () => {
      for (const [headers, least, most] of [[{ "retry-after": "30" }, 30_000, 30_000], [{}, 1_000, 1_100]]) {
        const closed = [];
        const { client } = limited({ reserve: () => 0, close: (...given) => void closed.push(given) }, {}, () => json("{}", 429, headers));
        await failure(client.sources.get("s"));
        assert.equal(closed.length, 1);
        const [account, rateClass, ms] = closed[0];
        assert.ok(typeof account == "string" && account.length >= 8, String(account));
        assert.equal(rateClass, "default");
        assert.ok(ms >= least && ms <= most, `${ms}`);
      }
    }));

  test("`release` and `close` may be missing, throw or reject", () =>
    virtually(async () => {
      const unhandled = [];
      const note = (reason) => unhandled.push(reason);
      process.on("unhandledRejection", note);
      for (const bad of [undefined, 7, () => { throw new Error("no"); }, async () => { throw new Error("no"); }, never]) {
        const refused = limited({ reserve: () => 0, close: bad, release: bad }, {}, json("{}", 429));
        expectError(await failure(refused.client.sources.get("s")), "RateLimitError");
        expectError(await failure(limited({ reserve: () => Infinity, close: bad, release: bad }).client.sources.get("s")), "RateLimitError");
      }
      await turns();
      process.off("unhandledRejection", note);
      assert.deepEqual(unhandled, []);
    }));
});
