// Aborts, timeouts and the deadline: at once, with the caller's reason, and nothing is left behind.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import vm from "node:vm";
import { IMGIX_SOURCE, bossWith, everyCall, expectError, failure, imgixWith, json, turn } from "./support.mjs";

const never = () => new Promise(() => {});
const endless = (status = 200, headers) =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":')) }), { status, headers });
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

/** A signal that counts its listeners, whoever adds them. */
function counted(controller = new AbortController()) {
  const { signal } = controller;
  const count = { added: 0, removed: 0 };
  for (const [name, key] of [["addEventListener", "added"], ["removeEventListener", "removed"]]) {
    const original = signal[name];
    signal[name] = (...given) => {
      count[key]++;
      return original.apply(signal, given);
    };
  }
  return { controller, signal, count };
}

/** Has this promise settled by the end of this turn? */
async function settled(promise) {
  let done = false;
  promise.then(() => (done = true), () => (done = true));
  await turn();
  return done;
}

describe("aborts", () => {
  for (const [provider, operation, call, clientWith] of everyCall()) {
    test(`${provider} ${operation}: aborted before, nothing is sent and the reason is given as it is`, async () => {
      for (const reason of [new Error("mine"), "a string", 0, null, { any: "thing" }, Symbol("s")]) {
        const { client, seen, events } = clientWith(json(call.good));
        assert.equal(await failure(call.run(client, { signal: AbortSignal.abort(reason) })), reason);
        assert.equal(seen.length, 0);
        assert.deepEqual(events, []);
      }
      const error = await failure(call.run(clientWith(json(call.good)).client, { signal: AbortSignal.abort() }));
      assert.equal(error.name, "AbortError");
    });

    test(`${provider} ${operation}: aborted while it waits, it ends in the same turn`, async () => {
      const { client, seen, events } = clientWith(never);
      const { controller, signal } = counted();
      const promise = failure(call.run(client, { signal }));
      await turn();
      assert.equal(seen.length, 1);
      const reason = new Error("mine");
      controller.abort(reason);

      assert.ok(await settled(promise));
      assert.equal(await promise, reason);
      assert.ok(seen[0].signal.aborted, "the fetch is told");
      assert.equal(getEventListeners(signal, "abort").length, 0);
      const end = events.at(-1);
      assert.deepEqual([end.type, end.outcome, end.mayHaveHappened], ["end", "aborted", Boolean(call.writes)]);
    });

    test(`${provider} ${operation}: aborted while the body comes`, async () => {
      const { client, seen } = clientWith(() => endless());
      const { controller, signal } = counted();
      const promise = failure(call.run(client, { signal }));
      // An operation that gives nothing may not read the body.
      for (let round = 0; round < 5; round++) await turn();
      const reason = new Error("mine");
      controller.abort(reason);
      assert.ok(await settled(promise));
      assert.equal(await promise, reason);
      assert.ok(seen[0].signal.aborted);
      assert.equal(getEventListeners(signal, "abort").length, 0);
    });

    test(`${provider} ${operation}: after the end an abort changes nothing, and no listener is left`, async () => {
      for (const answer of [json(call.good), json("{}", 500), json("{}", 404), () => Promise.reject(new TypeError("failed"))]) {
        const { client } = clientWith(answer);
        const { controller, signal, count } = counted();
        await call.run(client, { signal }).then(() => {}, () => {});
        assert.ok(count.added > 0 && count.removed >= count.added, JSON.stringify(count));
        assert.equal(getEventListeners(signal, "abort").length, 0);
        controller.abort();
      }
    });
  }

  test("an already aborted signal wins over wrong input", async () => {
    const { client } = imgixWith(json(IMGIX_SOURCE));
    const reason = new Error("mine");
    const options = { signal: AbortSignal.abort(reason), retries: 99 };
    assert.equal(await failure(client.sources.create({ nme: 7 }, options)), reason);
    assert.equal(await failure(client.sources.get("", options)), reason);
    assert.equal(await failure(client.sources.list(options)), reason);
    assert.equal(await failure(client.sources.update(undefined, undefined, options)), reason);
  });

  test("refused input leaves no listener", async () => {
    const { signal, count } = counted();
    expectError(await failure(imgixWith(never).client.sources.get("", { signal })), "InvalidInputError");
    assert.equal(count.added, count.removed);
  });

  test("aborted in the same turn as it was called", async () => {
    const { client } = imgixWith(never);
    const controller = new AbortController();
    const promise = client.sources.get("s", { signal: controller.signal });
    controller.abort("reason");
    assert.equal(await failure(promise), "reason");
  });

  test("aborted from within a listener, at every event, the call ends once", async () => {
    for (const type of ["request", "response", "drift", "warning", "end"]) {
      const controller = new AbortController();
      const { client, events } = imgixWith(json({ ...IMGIX_SOURCE, errors: [] }), {
        onEvent: (event) => {
          events.push(event);
          if (event.type === type) controller.abort("reason");
        },
      });
      const outcome = await client.sources.update("s", { name: "n" }, { signal: controller.signal }).then(() => "ok", (error) => error);
      assert.ok(["ok", "reason"].includes(outcome), `${type}: ${outcome}`);
      assert.equal(events.filter((event) => event.type === "end").length, 1);
    }
  });

  test("aborted from within `fetch` itself", async () => {
    const controller = new AbortController();
    const { client } = imgixWith(() => {
      controller.abort("reason");
      return json(IMGIX_SOURCE);
    });
    assert.equal(await failure(client.sources.get("s", { signal: controller.signal })), "reason");
  });

  test("both requests of a merging update are covered", async () => {
    for (const stage of [1, 2]) {
      const controller = new AbortController();
      const { client, seen, events } = imgixWith((url, init, count) => (count === stage ? never() : json(IMGIX_SOURCE)));
      const promise = failure(client.sources.update("s", { deployment: { cache_ttl_value: 5 } }, { signal: controller.signal }));
      for (let round = 0; round < 5; round++) await turn();
      assert.equal(seen.length, stage);
      controller.abort("reason");
      assert.ok(await settled(promise));
      assert.equal(await promise, "reason");
      assert.equal(events.at(-1).mayHaveHappened, stage === 2, "only the PATCH may have changed something");
    }
  });

  test("waiting for the gateway's token can be aborted", async () => {
    const controller = new AbortController();
    const { client, seen } = imgixWith(json(IMGIX_SOURCE), { apiKey: undefined, gateway: { url: "/api", token: never } });
    const promise = failure(client.sources.get("s", { signal: controller.signal }));
    await turn();
    controller.abort("reason");
    assert.ok(await settled(promise));
    assert.equal(await promise, "reason");
    assert.equal(seen.length, 0);
  });

  test("a signal of another realm works like any other", async () => {
    const { Controller } = vm.runInNewContext(`
      class Signal {
        aborted = false;
        reason = undefined;
        listeners = new Set();
        addEventListener(type, listener) { if (type === "abort") this.listeners.add(listener); }
        removeEventListener(type, listener) { this.listeners.delete(listener); }
        get [Symbol.toStringTag]() { return "AbortSignal"; }
      }
      ({ Controller: class { signal = new Signal(); abort(reason) {
        this.signal.aborted = true; this.signal.reason = reason;
        for (const listener of this.signal.listeners) listener.call(this.signal, { type: "abort" });
      } } })`);
    const controller = new Controller();
    const { client } = bossWith(never);
    const promise = failure(client.sources.list({ signal: controller.signal }));
    await turn();
    assert.equal(controller.signal.listeners.size, 1);
    const reason = new Error("mine");
    controller.abort(reason);
    assert.ok(await settled(promise));
    assert.equal(await promise, reason);
    assert.equal(controller.signal.listeners.size, 0);
    assert.equal(await failure(client.sources.list({ signal: controller.signal })), reason);
  });

  test("`AbortSignal.timeout` and `AbortSignal.any` give their own reasons", async () => {
    const keep = setTimeout(() => {}, 1_000);
    const { client } = imgixWith(never);
    const error = await failure(client.sources.get("s", { signal: AbortSignal.timeout(1) }));
    assert.equal(error.name, "TimeoutError");
    assert.ok(error instanceof DOMException);
    const reason = {};
    const controller = new AbortController();
    const promise = failure(client.sources.get("s", { signal: AbortSignal.any([controller.signal]) }));
    controller.abort(reason);
    assert.equal(await promise, reason);
    clearTimeout(keep);
  });

  test("one signal for many calls: all end, no listener is left", async () => {
    const { client } = imgixWith(never);
    const controller = new AbortController();
    const all = Array.from({ length: 100 }, () => failure(client.sources.get("s", { signal: controller.signal })));
    await turn();
    controller.abort("reason");
    assert.deepEqual(new Set(await Promise.all(all)), new Set(["reason"]));
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("the signal of a list covers the whole walk", async () => {
    const controller = new AbortController();
    const page = (number) => json({ data: [{ id: String(number), type: "sources", attributes: {} }], meta: { pagination: { currentPage: number, hasNextPage: true, nextPage: number + 1, pageSize: 1 } } });
    const { client, seen } = imgixWith((url, init, count) => page(count - 1));
    const walk = (async () => {
      for await (const { id } of client.sources.list({ signal: controller.signal })) if (id === "3") controller.abort("reason");
    })();
    assert.equal(await failure(walk), "reason");
    assert.equal(seen.length, 4);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });

  test("no timer is left after the end of a call, however it ended", async () => {
    await turn();
    const before = timers();
    const controller = new AbortController();
    const outcomes = [
      imgixWith(json(IMGIX_SOURCE)).client.sources.get("s"), failure(imgixWith(json("{}", 500)).client.sources.get("s")), failure(imgixWith(() => Promise.reject(new Error("x"))).client.sources.get("s")),
      failure(imgixWith(never).client.sources.get("s", { signal: controller.signal })), failure(imgixWith(never).client.sources.get("s", { timeoutMs: 1 })), failure(imgixWith(never).client.sources.get("")),
    ];
    setTimeout(() => controller.abort(), 2);
    await Promise.all(outcomes);
    await turn();
    assert.equal(timers(), before);
  });
});

describe("timeouts and the deadline", () => {
  for (const [provider, operation, call, clientWith] of everyCall()) {
    test(`${provider} ${operation}: a fetch that never answers`, async () => {
      for (const options of [{ timeoutMs: 2 }, { deadlineMs: 2 }, { timeoutMs: 1_000, deadlineMs: 2 }, { timeoutMs: 2, deadlineMs: 1_000 }, { timeoutMs: 0.5 }]) {
        const { client, seen } = clientWith(never);
        const error = await failure(call.run(client, options));
        expectError(error, "TimeoutError", { provider, operation, sent: true, attempts: 1, outcome: call.writes ? "unknown" : "none", code: "timeout" });
        assert.ok(seen[0].signal.aborted);
      }
    });
  }

  test("those of the constructor hold for every call, those of a call win", async () => {
    const { client } = imgixWith(never, { timeoutMs: 2 });
    expectError(await failure(client.sources.get("s")), "TimeoutError");
    const first = await Promise.race([failure(client.sources.get("s", { timeoutMs: 500 })).then(() => "slow"), failure(client.sources.get("s", { timeoutMs: 1 })).then(() => "quick")]);
    assert.equal(first, "quick");
  });

  test("a body that never ends is cut off too, and the status is kept", async () => {
    for (const [status, given] of [[200, {}], [500, { "x-request-id": "r1" }]]) {
      const { client, seen } = imgixWith(() => endless(status, given));
      const error = await failure(client.sources.get("s", { timeoutMs: 5 }));
      expectError(error, "TimeoutError", { sent: true, status });
      assert.ok(seen[0].signal.aborted);
    }
  });

  test("one deadline for both requests of a merging update", async () => {
    const { client, seen } = imgixWith((url, init, count) => (count === 1 ? json(IMGIX_SOURCE) : never()));
    expectError(await failure(client.sources.update("s", { deployment: { cache_ttl_value: 5 } }, { deadlineMs: 5, timeoutMs: 1_000 })), "TimeoutError", { operation: "sources.update", outcome: "unknown" });
    assert.equal(seen.length, 2);
    const slow = imgixWith(never);
    expectError(await failure(slow.client.sources.update("s", { deployment: { cache_ttl_value: 5 } }, { deadlineMs: 5 })), "TimeoutError", { operation: "sources.update", outcome: "none" });
    assert.equal(slow.seen.length, 1);
  });

  test("a token that never comes is a timeout for which nothing was sent", async () => {
    const { client, seen } = imgixWith(json(IMGIX_SOURCE), { apiKey: undefined, gateway: { url: "/api", token: never } });
    const error = await failure(client.sources.update("s", { name: "n" }, { timeoutMs: 2 }));
    assert.equal(seen.length, 0);
    expectError(error, "TimeoutError", { sent: false, outcome: "none" });
  });

  test("the answer that comes after the timeout changes nothing", async () => {
    let late;
    const { client } = imgixWith(() => new Promise((resolve) => (late = resolve)));
    expectError(await failure(client.sources.get("s", { timeoutMs: 1 })), "TimeoutError");
    late(json(IMGIX_SOURCE));
    for (let round = 0; round < 3; round++) await turn();
    const { client: other } = imgixWith(json(IMGIX_SOURCE));
    assert.ok(await other.sources.get("s"));
  });
});
