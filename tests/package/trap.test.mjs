// A failure of the wasm itself: typed, told to every running call, and forgotten by the next one.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** Timers of a dead instance must not keep this process. */
const SHORT = { timeoutMs: 300 };

/** What the next call into the module does in place of its work, by the name of the export and, of a client, what it is asked of which call. */
let sabotage;
const { Instance } = WebAssembly;
let made = 0;
WebAssembly.Instance = class extends Instance {
  constructor(...given) {
    super(...given);
    made++;
    const exports = {};
    for (const [name, value] of Object.entries(super.exports)) {
      exports[name] =
        typeof value != "function"
          ? value
          : (...input) => {
              if (sabotage?.(name == "ask" ? `${name} ${input[1]} ${input[2]}` : name)) throw new WebAssembly.RuntimeError("unreachable");
              return value(...input);
            };
    }
    Object.defineProperty(this, "exports", { value: exports });
  }
};
const { IMGIX_INPUT, IMGIX_SOURCE, Imgix, bossWith, expectError, failure, imgixWith, json, library, thrown, turn } = await import("./support.mjs");

const uncaught = [];
process.on("uncaughtException", (error) => uncaught.push(error));
process.on("unhandledRejection", (error) => uncaught.push(error));

// What an earlier test left is that test's fault.
beforeEach(() => void (uncaught.length = 0));

/** What a client is asked, as in `src/wasm/client.rs`. */
const [ANSWER, OPEN, CHECK, ABORT, BEGIN, SHOW, FORGET, SCRUB, KEEP] = [2, 62, 63, 64, 65, 66, 67, 68, 69].map((what) => new RegExp(`^ask ${what} \\d`));

/** The next call of an export whose name matches traps. */
const trapNext = (pattern) => {
  sabotage = (name) => {
    if (!pattern.test(name)) return false;
    sabotage = undefined;
    return true;
  };
};

async function quiet() {
  for (let round = 0; round < 5; round++) await turn();
  assert.deepEqual(uncaught.splice(0).map((error) => error?.stack ?? error), []);
}

for (const [what, pattern] of Object.entries({ "as a call begins": BEGIN, "as an answer is read": ANSWER, "in the allocator": /malloc/ })) {
  test(`a trap ${what} ends the running calls with InternalError, and the next call works`, async () => {
    const waiting = imgixWith(() => new Promise(() => {}), SHORT);
    const running = [failure(waiting.client.sources.get("a")), failure(waiting.client.sources.update("b", { name: "n" })), failure(bossWith(() => new Promise(() => {}), SHORT).client.sources.get("c"))];
    await turn();
    const { client, seen } = imgixWith(json(IMGIX_SOURCE));
    const before = made;
    trapNext(pattern);
    const error = await failure(client.sources.get("s"));

    expectError(error, "InternalError");
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
    for (const ended of await Promise.all(running)) expectError(ended, "InternalError");
    for (let round = 0; round < 100; round++) assert.equal((await client.sources.get("s")).id, IMGIX_SOURCE.data.id);
    assert.ok(seen.length >= 100);
    assert.equal(made, before + 1, "one new instance");
    await quiet();
  });
}

test("a trap in the dead instance's late callbacks reaches nobody", async () => {
  let answer;
  const late = imgixWith(() => new Promise((resolve) => (answer = resolve)), SHORT);
  const running = failure(late.client.sources.get("a"));
  await turn();
  trapNext(BEGIN);
  expectError(await failure(imgixWith(json(IMGIX_SOURCE)).client.sources.get("s")), "InternalError");
  expectError(await running, "InternalError");
  answer(json(IMGIX_SOURCE));
  await quiet();
  assert.ok(await late.client.sources.create(IMGIX_INPUT, { timeoutMs: 50 }).then(() => true, (error) => error.name === "TimeoutError"));
  await quiet();
});

test("the calls that a trap ended leave no timers", async () => {
  await new Promise((done) => setTimeout(done, 350));
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const running = failure(imgixWith(() => new Promise(() => {}), SHORT).client.sources.get("a"));
  await turn();
  trapNext(BEGIN);
  await failure(imgixWith(json(IMGIX_SOURCE)).client.sources.get("s"));
  await running;
  assert.equal(timers(), before);
});

test("a write that was on its way when the core failed may have happened", async () => {
  const running = failure(imgixWith(() => new Promise(() => {}), SHORT).client.sources.create(IMGIX_INPUT));
  await turn();
  trapNext(BEGIN);
  await failure(imgixWith(json(IMGIX_SOURCE)).client.sources.get("s"));
  expectError(await running, "InternalError", { provider: "imgix", operation: "sources.create", outcome: "unknown", sent: true });
  await quiet();
});

test("traps in constructors and functions are InternalError too", async () => {
  for (const [pattern, run] of [
    [OPEN, () => new Imgix({ apiKey: "k" })],
    [CHECK, () => library.checkSource("imgix", {})],
  ]) {
    trapNext(pattern);
    expectError(thrown(run), "InternalError");
    run();
  }
  const { client } = imgixWith(json(IMGIX_SOURCE));
  for (const pattern of [SHOW, /^keeps$/]) {
    trapNext(pattern);
    expectError(await failure(client.dryRun.sources.get("s")), "InternalError");
    assert.ok(await client.dryRun.sources.get("s"));
  }
  await quiet();
});

test("what a platform object throws through wasm is caught", async () => {
  for (const junk of [7n, Symbol("s"), 1e15]) {
    const error = await failure(bossWith(() => ({ status: 200, arrayBuffer: () => junk })).client.sources.get("s", { timeoutMs: 50 }));
    assert.ok(library.isImageSourcesError(error));
    await quiet();
  }
});

test("a trap while a call is ended from outside changes nothing for how it ends", async () => {
  const controller = new AbortController();
  const running = failure(imgixWith(() => new Promise(() => {}), SHORT).client.sources.get("a", { signal: controller.signal }));
  const other = failure(imgixWith(() => new Promise(() => {}), SHORT).client.sources.get("b"));
  await turn();
  trapNext(ABORT);
  controller.abort("reason");
  assert.equal(await running, "reason");
  expectError(await other, "InternalError");
  assert.ok(await imgixWith(json(IMGIX_SOURCE)).client.sources.get("s"));
  await quiet();
});

test("a trap while a cause is searched for secrets still gives the error, without the cause", async () => {
  for (const pattern of [SCRUB, FORGET]) {
    const { client } = imgixWith(() => Promise.reject(cause));
    const cause = new Error("with ak_test");
    trapNext(pattern);
    const error = await failure(client.sources.get("s"));
    assert.ok(library.isImageSourcesError(error));
    assert.equal(error.name, "NetworkError");
    if (pattern == SCRUB) assert.notEqual(error.cause, cause);
    assert.ok(await imgixWith(json(IMGIX_SOURCE)).client.sources.get("s"));
    await quiet();
  }
});

test("a trap while a token is noted for the gateway", async () => {
  trapNext(KEEP);
  const { client } = imgixWith(json(IMGIX_SOURCE), { apiKey: undefined, gateway: { url: "/api", token: "t" } });
  expectError(await failure(client.sources.get("s")), "InternalError", { operation: "sources.get" });
  assert.ok(await client.sources.get("s"));
  await quiet();
});

test("calls that wait, for a slot or before a retry, end with the core, and so do walks of lists", async () => {
  const limits = { default: { requests: 1, perMs: 60_000 } };
  const slot = imgixWith(json(IMGIX_SOURCE), { apiKey: "trap-slot", limits });
  await slot.client.sources.get("a");
  const retry = imgixWith(() => json("{}", 503, { "retry-after": "60" }), { retries: 1 });
  const limiter = imgixWith(json(IMGIX_SOURCE), { limits, limiter: { reserve: () => new Promise(() => {}) } });
  const running = [slot, retry, limiter].map(({ client }) => failure(client.sources.get("b")));
  for (let round = 0; round < 5; round++) await turn();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  assert.ok(timers() >= 3);
  const before = timers();
  trapNext(BEGIN);
  expectError(await failure(bossWith(json({ id: "1" })).client.sources.get("s")), "InternalError");
  for (const ended of await Promise.all(running)) expectError(ended, "InternalError");
  assert.equal(timers(), before - 3);
  assert.ok(await retry.client.dryRun.sources.get("s"));
  await quiet();
});

test("a stack that is nearly full breaks a call, and not those that follow", async () => {
  const { client } = imgixWith(json(IMGIX_SOURCE));
  const odd = [];
  let tries = 0;
  const deep = () => {
    try {
      deep();
    } catch {
      // Here the stack is full.
    }
    // On the way back there is a little more room at every step.
    if (tries++ < 400) {
      try {
        library.checkSource("imgix", IMGIX_INPUT);
        client.sources.get("s").catch(() => {});
      } catch (error) {
        if (!(error instanceof RangeError) && !library.isImageSourcesError(error)) odd.push(error);
      }
    }
  };
  deep();
  assert.deepEqual(odd, []);
  for (let round = 0; round < 100; round++) assert.ok(await client.sources.get("s"));
  assert.deepEqual(library.checkSource("imgix", IMGIX_INPUT), []);
  await quiet();
});
