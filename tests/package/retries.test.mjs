// What is sent again, when, and what is never sent twice. Time is virtual: no pause is waited for.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { BOSS_INPUT, IMGIX_INPUT, IMGIX_SOURCE, bossWith, everyOperation, expectError, failure, imgixWith, json, turn, virtually } from "./support.mjs";

const types = (events) => events.map(({ type }) => type);
const never = () => new Promise(() => {});
const reset = () => Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) }));
const refused = () => Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }) }));
const truncated = () =>
  json(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) }), 200);

/** Failures after which nobody knows what happened. */
const UNCERTAIN = { "a 500": () => json("{}", 500), "a 503": () => json("<html>", 503), "a reset": reset, "a truncated answer": truncated, "no answer": never, "a 408": () => json("{}", 408) };
/** Failures that prove that nothing happened. */
const CERTAIN = { "a 429": () => json("{}", 429, { "retry-after": "0" }), "a refused connection": refused };

const operations = everyOperation();
const fast = { retries: 2, timeoutMs: 50 };
/** The own requests of an operation: without the look whether a lost creation happened. */
const own = (seen, row) => seen.filter(({ method }) => method === row.method);

test("the operations that are not safe to repeat are these", () => {
  assert.deepEqual(operations.filter(({ row }) => row.retry === "unsent").map(({ row }) => `${row.provider} ${row.name}`), [
    "imgix sources.create", "imgix assets.refresh", "imgix assets.upload", "imgix uploadSessions.create", "imageboss sources.create",
  ]);
});

for (const { row, good, clientWith, run } of operations) {
  describe(`${row.provider} ${row.name}`, () => {
    for (const [what, fail] of Object.entries(UNCERTAIN)) {
      test(row.retry === "safe" ? `is sent again after ${what}` : `is sent once, whatever happened after ${what}`, () =>
        virtually(async () => {
          const { client, seen, events } = clientWith((url, init, count) => (count <= 2 ? fail() : json(good)), fast);
          if (row.retry === "unsent") {
            const error = await failure(run(client));
            assert.equal(own(seen, row).length, 1);
            expectError(error, error.name, { outcome: "unknown", sent: true, attempts: 1, operation: row.name });
            assert.deepEqual([events.at(-1).outcome, events.at(-1).mayHaveHappened], ["failed", true]);
          } else {
            await run(client);
            // Deleting answers at once; a body that breaks off does not matter there.
            assert.equal(seen.length, 3);
            assert.equal(types(events).filter((type) => type === "retry").length, 2);
          }
        }));
    }
    for (const [what, fail] of Object.entries(CERTAIN)) {
      test(`is sent again after ${what}`, () =>
        virtually(async () => {
          const { client, seen } = clientWith((url, init, count) => (count <= 2 ? fail() : json(good)), fast);
          await run(client);
          assert.equal(seen.length, 3);
        }));
    }
    test("is not sent again without retries, and after what does not pass", () =>
      virtually(async () => {
        for (const [fail, options] of [[() => json("{}", 500), { retries: 0 }], [refused, { retries: 0 }], [() => json("{}", 400), {}], [() => json("{}", 404), {}], [() => json("{}", 425), {}], [() => json("x", 302), {}]]) {
          const { client, seen } = clientWith(fail, { ...fast, ...options });
          await failure(run(client));
          assert.equal(own(seen, row).length, 1);
        }
      }));
    test("gives up after so many retries, with the last failure", () =>
      virtually(async () => {
        const { client, seen } = clientWith(refused, { retries: 3 });
        const error = await failure(run(client));
        expectError(error, "NetworkError", { attempts: 4, sent: false, outcome: "none", operation: row.name });
        assert.equal(seen.length, 4);
      }));
  });
}

describe("events of retries", () => {
  test("come in order, with what their type has", () =>
    virtually(async () => {
      const { client, events } = imgixWith((url, init, count) => (count === 1 ? json("{}", 503, { "retry-after": "2", "x-request-id": "r1" }) : count === 2 ? reset() : json(IMGIX_SOURCE)), { retries: 2 });
      await client.sources.get("s");
      assert.deepEqual(types(events), ["request", "response", "retry", "request", "retry", "request", "response", "end"]);
      const [, response, first, , second] = events;
      assert.deepEqual([response.attempt, response.status, response.requestId], [1, 503, "r1"]);
      assert.deepEqual([first.attempt, first.because], [1, "503"]);
      assert.ok(first.afterMs >= 2_000 && first.afterMs <= 2_500, first.afterMs);
      assert.deepEqual([second.attempt, second.because], [2, "network"]);
      assert.ok(second.afterMs >= 0 && second.afterMs <= 1_000);
      assert.deepEqual(events.filter(({ type }) => type === "request").map(({ attempt }) => attempt), [1, 2, 3]);
      const end = events.at(-1);
      assert.deepEqual([end.outcome, end.attempts, end.mayHaveHappened], ["ok", 3, false]);
      assert.ok(end.ms >= 2_000);
      assert.equal(new Set(events.map(({ call }) => call)).size, 1);
      for (const event of events) {
        assert.deepEqual([event.provider, event.operation, typeof event.at], ["imgix", "sources.get", "number"]);
        const { call, provider, operation, at, type, ...rest } = event;
        const fields = { request: ["attempt", "method", "url"], response: ["attempt", "status", "ms", "requestId"], retry: ["attempt", "afterMs", "because"], end: ["outcome", "mayHaveHappened", "attempts", "ms"] };
        for (const name of Object.keys(rest)) assert.ok(fields[type].includes(name), `${type}.${name}`);
      }
    }));

  test("a timeout is told as such", () =>
    virtually(async () => {
      const { client, events } = imgixWith((url, init, count) => (count === 1 ? never() : json(IMGIX_SOURCE)), { retries: 1, timeoutMs: 100 });
      await client.sources.get("s");
      assert.equal(events.find(({ type }) => type === "retry").because, "timeout");
    }));

  test("a write that may have happened in an earlier attempt is `unknown`, whatever the last one said", () =>
    virtually(async () => {
      const { client, events } = imgixWith((url, init, count) => (count === 1 ? json("{}", 500) : json("{}", 422)), { retries: 1 });
      expectError(await failure(client.sources.update("s", { name: "n" })), "DeclinedError", { attempts: 2, outcome: "unknown", status: 422 });
      assert.equal(events.at(-1).mayHaveHappened, true);
    }));
});

describe("pauses", () => {
  /** Runs calls that fail and gives the pauses between their requests. */
  const pauses = (header, retries = 3, status = 503, options = {}) =>
    virtually(async (time) => {
      const at = [];
      const { client } = imgixWith(() => {
        at.push(time.now());
        return json("{}", status, header);
      }, { retries, deadlineMs: 86_400_000, ...options });
      const error = await failure(client.sources.get("s"));
      return { gaps: at.slice(1).map((ms, index) => ms - at[index]), error, ms: time.now() - at[0] };
    });

  test("have full jitter, from 500 ms doubling up to 20 s", async () => {
    const chances = [];
    const { random } = Math;
    try {
      for (const chance of [0, 0.5, 0.999]) {
        Math.random = () => chance;
        chances.push((await pauses({}, 8)).gaps);
      }
    } finally {
      Math.random = random;
    }
    assert.deepEqual(chances[0], Array(8).fill(0));
    const near = (found, expected) => found.forEach((ms, index) => assert.ok(Math.abs(ms - expected[index]) <= 40, `${found} for ${expected}`));
    near(chances[1], [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    near(chances[2], [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  });

  const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
  test("`Retry-After` is heard in both forms, and measured by the answer's own clock", async () => {
    for (const [header, least] of [[{ "retry-after": "7" }, 7_000], [{ "retry-after": "Sun, 06 Nov 1994 08:49:47 GMT", date: DATE }, 10_000]]) {
      for (const status of [429, 503]) {
        const { gaps } = await pauses(header, 2, status);
        for (const ms of gaps) assert.ok(ms >= least && ms <= least + 1_000, `${ms} for ${JSON.stringify(header)}`);
      }
    }
  });

  test("hostile values neither hot-loop nor sleep for ever", async () => {
    const { random } = Math;
    Math.random = () => 0.5;
    try {
      const none = ["-1", "-3000000", "1e9", "1e999", "0x10", "NaN", "Infinity", "soon", "5 seconds", "1.5", "", " ", "1, 2", "\u00ff", "Fri, 31 Dec 9999", "Sun, 06 Nov 1994 08:49:47 GMT", "2147483648ms", "+5"];
      for (const value of none) {
        const { gaps } = await pauses({ "retry-after": value }, 2);
        assert.deepEqual(gaps.map((ms) => Math.round(ms / 250)), [1, 2], `${value}: ${gaps}`);
      }
      // The past means at once: the pause is our own.
      for (const header of [{ "retry-after": "0" }, { "retry-after": "Sun, 06 Nov 1994 08:49:07 GMT", date: DATE }, { "retry-after": "Mon, 01 Jan 1990 00:00:00 GMT", date: DATE }]) {
        const { gaps } = await pauses(header, 2);
        assert.deepEqual(gaps.map((ms) => Math.round(ms / 250)), [1, 2], JSON.stringify(header));
      }
      // More than the deadline allows is not slept through but told.
      for (const value of ["3000000", "2147483648", "9".repeat(400), "4294967296", "121"]) {
        const { gaps, error, ms } = await pauses({ "retry-after": value }, 2, 503, { deadlineMs: 120_000 });
        assert.deepEqual(gaps, [], value);
        assert.ok(ms < 10);
        expectError(error, "ServerError", { status: 503, attempts: 1 });
        assert.ok(error.retryAfterMs > 120_000 && error.retryAfterMs <= 86_400_000, `${error.retryAfterMs}`);
      }
      const far = await pauses({ "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT", date: DATE }, 2, 429, { deadlineMs: 120_000 });
      expectError(far.error, "RateLimitError", { status: 429, attempts: 1, retryAfterMs: 86_400_000 });
    } finally {
      Math.random = random;
    }
  });

  test("`timeoutMs` is for each attempt, the deadline for all", () =>
    virtually(async (time) => {
      const began = time.now();
      const { client, seen } = imgixWith(never, { retries: 10, timeoutMs: 1_000, deadlineMs: 5_000 });
      const error = await failure(client.sources.get("s"));
      expectError(error, "TimeoutError", { sent: true });
      assert.ok(time.now() - began <= 5_000 && seen.length >= 2 && seen.length <= 5, `${time.now() - began} ms, ${seen.length}`);
      assert.equal(error.attempts, seen.length);
      assert.ok(seen.every(({ signal }) => signal.aborted));
      assert.equal(time.timers.size, 0);
    }));

  test("an operation of bytes has more time", () =>
    virtually(async (time) => {
      const began = time.now();
      expectError(await failure(imgixWith(never).client.assets.upload("s", "a.jpg", "x")), "TimeoutError");
      assert.equal(time.now() - began, 600_000);
      const get = time.now();
      expectError(await failure(imgixWith(never).client.sources.get("s")), "TimeoutError");
      assert.equal(time.now() - get, 30_000);
    }));
});

describe("an abort during a pause", () => {
  for (const [what, answer, options] of [
    ["before a retry", () => json("{}", 503, { "retry-after": "60" }), { retries: 5 }],
    ["for a slot", json(IMGIX_SOURCE), { limits: { default: { requests: 1, perMs: 60_000 } } }],
    ["after a 429", () => json("{}", 429, { "retry-after": "60" }), { retries: 5, limits: { default: { requests: 100, perMs: 1_000 } } }],
    ["between two looks", json({ data: { id: "s", type: "sources", attributes: { deployment_status: "deploying" } } }), {}],
  ]) {
    test(`${what} ends the call at once, and leaves no timer and no listener`, () =>
      virtually(async (time) => {
        const { client, seen, events } = imgixWith(answer, { apiKey: `ak_abort_${what.replaceAll(" ", "")}`, ...options });
        if (what === "for a slot") await client.sources.get("s");
        const controller = new AbortController();
        const promise = failure((what === "between two looks" ? client.sources.waitUntilDeployed : client.sources.get)("s", { signal: controller.signal, deadlineMs: 3_600_000 }));
        for (let round = 0; round < 4; round++) await turn();
        const before = seen.length;
        const began = time.now();
        assert.equal(time.timers.size, 1);
        let done = false;
        promise.then(() => (done = true));
        const reason = { my: "reason" };
        controller.abort(reason);
        await turn();
        assert.ok(done);
        assert.equal(await promise, reason);
        assert.deepEqual([time.timers.size, seen.length, time.now()], [0, before, began]);
        assert.equal(getEventListeners(controller.signal, "abort").length, 0);
        assert.deepEqual([events.at(-1).type, events.at(-1).outcome, events.at(-1).mayHaveHappened], ["end", "aborted", false]);
      }));
  }

  test("of a write that may have happened says so", () =>
    virtually(async () => {
      const { client, events } = imgixWith(() => json("{}", 500, { "retry-after": "60" }), { retries: 5 });
      const controller = new AbortController();
      const promise = failure(client.sources.update("s", { name: "n" }, { signal: controller.signal }));
      for (let round = 0; round < 4; round++) await turn();
      controller.abort("reason");
      assert.equal(await promise, "reason");
      assert.deepEqual([events.at(-1).outcome, events.at(-1).mayHaveHappened], ["aborted", true]);
    }));
});

describe("a lost creation at ImageBoss", () => {
  const NOW = "Tue, 24 Nov 2026 12:00:00 GMT";
  const stored = (created_at, more) => json([{ id: "n1", source: BOSS_INPUT.source, source_type: "url", created_at, ...more }], 200, { date: NOW });
  const lost = (fail, list) => bossWith((url, init) => (init.method === "POST" ? fail() : typeof list === "function" ? list() : list.clone()), { timeoutMs: 50 });

  for (const [what, fail] of Object.entries({ "a 500": () => json("{}", 500), "a reset": reset, "no answer": never, "a truncated answer": truncated, "an answer that cannot be read": () => json("nonsense", 201) })) {
    test(`after ${what}: what is there and new is the answer, with a warning`, () =>
      virtually(async () => {
        const { client, seen, events } = lost(fail, stored("2026-11-24T12:00:00Z"));
        assert.equal((await client.sources.create(BOSS_INPUT)).id, "n1");
        assert.deepEqual(seen.map(({ method }) => method), ["POST", "GET"]);
        const [warning] = events.filter(({ type }) => type === "warning");
        assert.equal(warning.problems[0].level, "warning");
        assert.deepEqual([events.at(-1).outcome, events.at(-1).attempts], ["ok", 1]);
      }));
  }

  test("what is old, of another name or not there is not taken for it, and the error says what was seen", () =>
    virtually(async () => {
      for (const [list, words] of [
        [stored("2026-11-24T11:00:00Z"), /before the call/], [stored("2026-11-24T12:00:00Z", { source: "other" }), /not there/], [json([], 200, { date: NOW }), /not there/],
        [stored(undefined), /cannot be told/], [stored("nonsense"), /cannot be told/], [json([{ id: "n1", source: BOSS_INPUT.source, created_at: "2026-11-24T12:00:00Z" }]), /cannot be told/],
        [() => json("{}", 401), /looking for it failed/], [() => json("x", 200), /looking for it failed/], [never, /looking for it failed/],
      ]) {
        const { client, seen } = lost(() => json("{}", 500), list);
        const error = await failure(client.sources.create(BOSS_INPUT));
        expectError(error, "ServerError", { status: 500, outcome: "unknown", attempts: 1, operation: "sources.create" });
        assert.match(error.message, words);
        assert.equal(seen.filter(({ method }) => method === "POST").length, 1);
      }
    }));

  test("what was declined or never sent is not looked for", () =>
    virtually(async () => {
      for (const fail of [() => json("{}", 422), () => json("{}", 404), refused, () => json("{}", 302)]) {
        const { client, seen } = lost(fail, stored("2026-11-24T12:00:00Z"));
        await failure(client.sources.create(BOSS_INPUT));
        assert.equal(seen.length, 1);
      }
    }));
});

describe("other answers to a repetition", () => {
  test("a delete answered 404 on a retry is success, at first it is not", () =>
    virtually(async () => {
      for (const fail of [() => json("{}", 500), reset, never]) {
        const { client } = bossWith((url, init, count) => (count === 1 ? fail() : json("{}", 404)), { retries: 1, timeoutMs: 50 });
        assert.equal(await client.sources.delete("s"), undefined);
      }
      expectError(await failure(bossWith(json("{}", 404)).client.sources.delete("s")), "NotFoundError", { outcome: "declined" });
      // A refused connection has removed nothing.
      const { client } = bossWith((url, init, count) => (count === 1 ? refused() : json("{}", 404)), { retries: 1 });
      expectError(await failure(client.sources.delete("s")), "NotFoundError");
    }));

  test("a slot that never comes is one behind the deadline, told as a day at most", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE), { limits: undefined, limiter: { reserve: () => Infinity } });
    const error = await failure(client.sources.get("s"));
    expectError(error, "RateLimitError", { sent: false, attempts: 0, retryAfterMs: 86_400_000 });
    assert.match(error.message, /could leave in 86400000 ms$/);
    assert.equal(seen.length, 0);
  });

  test("the read before a merge is repeated too, and does not count as an attempt", () =>
    virtually(async () => {
      const { client, seen, events } = imgixWith((url, init, count) => (count === 1 ? json("{}", 503) : json(IMGIX_SOURCE)), { retries: 1 });
      await client.sources.update("s", { deployment: { cache_ttl_value: 5 } });
      assert.deepEqual(seen.map(({ method }) => method), ["GET", "GET", "PATCH"]);
      assert.equal(events.at(-1).attempts, 1);
    }));

  test("a create without limits, over every failure there is, is never sent twice", () =>
    virtually(async () => {
      let created = 0;
      for (let round = 0; round < 60; round++) {
        const failures = Object.values(UNCERTAIN);
        const { client, seen } = imgixWith(() => (created++, failures[round % failures.length]()), { retries: 10, timeoutMs: 20 });
        await failure(client.sources.create(IMGIX_INPUT));
        assert.equal(seen.length, 1);
      }
      assert.equal(created, 60);
    }));
});
