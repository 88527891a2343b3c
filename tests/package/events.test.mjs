// Events, drift and `responseCheck`; and listeners that misbehave.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BOSS_SOURCE, IMGIX_SOURCE, bossWith, everyCall, expectError, failure, fixture, imgixWith, json, turn } from "./support.mjs";

const types = (events) => events.map(({ type }) => type);

describe("events of a call", () => {
  for (const [provider, operation, call, clientWith] of everyCall()) {
    test(`${provider} ${operation}: request, response, end, tied together`, async () => {
      const { client, seen, events } = clientWith(json(call.good, 200, { "x-request-id": "r1" }));
      const began = Date.now();
      await call.run(client);
      assert.deepEqual(types(events), ["request", "response", "end"]);
      const [request, response, end] = events;
      for (const event of events) {
        assert.deepEqual([event.provider, event.operation, event.call], [provider, operation, request.call]);
        assert.ok(event.at >= began - 1 && event.at <= Date.now() + 1);
      }
      assert.deepEqual([request.attempt, request.method, request.url], [1, seen[0].method, seen[0].url]);
      assert.deepEqual([response.attempt, response.status, response.requestId], [1, 200, "r1"]);
      assert.ok(response.ms >= 0 && end.ms >= 0);
      assert.deepEqual([end.outcome, end.mayHaveHappened, end.attempts], ["ok", false, 1]);
      const more = clientWith(json(call.good));
      await call.run(more.client);
      await call.run(more.client);
      assert.notEqual(more.events[0].call, more.events[3].call);
    });
  }

  test("a refused call has no events but perhaps an end", async () => {
    const { client, events } = imgixWith(json(IMGIX_SOURCE));
    await failure(client.sources.get(""));
    assert.deepEqual(types(events).filter((type) => type !== "end"), []);
  });

  test("after a failure without an answer there is no response", async () => {
    const { client, events } = imgixWith(() => Promise.reject(new Error("x")));
    await failure(client.sources.create(fixture("imgix/source-create.request.webfolder.json").data.attributes));
    assert.deepEqual(types(events), ["request", "end"]);
    assert.deepEqual([events[1].outcome, events[1].mayHaveHappened, events[1].attempts], ["failed", true, 1]);
  });

  test("events hold only what their type has", async () => {
    const { client, events } = imgixWith(json(IMGIX_SOURCE));
    await client.sources.get("s");
    const own = { request: ["attempt", "method", "url"], response: ["attempt", "status", "ms", "requestId"], end: ["outcome", "mayHaveHappened", "attempts", "ms"] };
    for (const event of events) {
      const given = Object.entries(event).filter(([, value]) => value !== undefined).map(([name]) => name);
      for (const name of given) assert.ok(["call", "provider", "operation", "at", "type", ...own[event.type]].includes(name), `${event.type}.${name}`);
    }
  });

  test("input that is suspicious is sent, with a warning", async () => {
    const { client, seen, events } = bossWith(json(BOSS_SOURCE));
    await client.sources.update("s", { source: "-odd.name" });
    assert.equal(seen.length, 1);
    assert.deepEqual(types(events), ["warning", "request", "response", "end"]);
    assert.ok(events[0].problems.length > 0);
    for (const problem of events[0].problems) assert.deepEqual([problem.level, typeof problem.message, problem.field], ["warning", "string", "source"]);
  });
});

describe("listeners", () => {
  const LISTENERS = {
    "that throws": () => { throw new Error("no"); },
    "that throws nothing": () => { throw undefined; },
    "that gives a promise": () => new Promise(() => {}),
    "that changes the event": (event) => { for (const name of Object.keys(event)) event[name] = "changed"; },
    "that freezes the event": (event) => void Object.freeze(event),
    "of another kind of function": async () => {},
  };
  for (const [what, onEvent] of Object.entries(LISTENERS)) {
    test(`one ${what} changes nothing for the call`, async () => {
      for (const [, , call, clientWith] of everyCall()) {
        const plain = await call.run(clientWith(json(call.good)).client);
        const given = await call.run(clientWith(json(call.good), { onEvent }).client);
        assert.deepEqual(JSON.stringify(given), JSON.stringify(plain));
        expectError(await failure(call.run(clientWith(json("{}", 500), { onEvent }).client)), "ServerError");
        expectError(await failure(call.run(clientWith(() => Promise.reject(new Error("x")), { onEvent }).client)), "NetworkError");
      }
    });
  }

  test("one whose promise rejects is no unhandled rejection", async () => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    await imgixWith(json(IMGIX_SOURCE), { onEvent: async () => { throw new Error("no"); } }).client.sources.get("s");
    for (let round = 0; round < 3; round++) await turn();
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });
});

describe("drift", () => {
  const drifting = { ...IMGIX_SOURCE.data.attributes, name: 7, enabled: "yes", deployment: { ...IMGIX_SOURCE.data.attributes.deployment, imgix_subdomains: "x", cache_ttl_value: "31536000", default_params: { a: 1 }, custom_domains: [1] } };
  const document = { data: { id: "s", type: "sources", attributes: drifting } };
  const PATHS = ["name", "enabled", "deployment.imgix_subdomains", "deployment.cache_ttl_value", "deployment.default_params.a", "deployment.custom_domains.0"];

  test("a value of another type is given as it is, and told once with its path", async () => {
    const { client, events } = imgixWith(json(document));
    const value = await client.sources.get("s");
    assert.deepEqual(value, { ...drifting, id: "s", type: "sources" });
    const drift = events.filter(({ type }) => type === "drift");
    assert.deepEqual(drift.map(({ path }) => path).sort(), [...PATHS].sort());
    for (const event of drift) assert.ok(typeof event.expected == "string" && typeof event.found == "string" && event.expected !== event.found);
    const name = drift.find(({ path }) => path === "name");
    assert.deepEqual([name.expected, name.found], ["string", "number"]);
    assert.equal(types(events).at(-1), "end");
  });

  test("over a list each path is told once", async () => {
    const { client, events } = imgixWith(json({ data: Array.from({ length: 50 }, () => document.data) }));
    await client.sources.list();
    const paths = events.filter(({ type }) => type === "drift").map(({ path }) => path);
    assert.deepEqual([...new Set(paths)].length, paths.length);
  });

  test("is told once per path in a call of several answers, and anew in the next call", async () => {
    const { client, events } = imgixWith((url, init, count) => json({ data: { ...document.data, attributes: { ...drifting, deployment_status: count % 4 ? "deploying" : "deployed" } } }));
    const told = () => events.splice(0).filter(({ type }) => type === "drift").map(({ path }) => path).sort();
    for (let round = 0; round < 2; round++) {
      await client.sources.waitUntilDeployed("s", { intervalMs: 1 });
      assert.deepEqual(told(), [...PATHS].sort());
      await client.sources.update("s", { deployment: { cache_ttl_error: 60 } });
      assert.deepEqual(told(), [...PATHS].sort());
    }
  });

  test("null, missing and unknown attributes and unknown values are no drift", async () => {
    for (const attributes of [{}, { name: null, enabled: null, deployment: null }, { new_one: 7, deployment: { type: "brand_new", other: [] } }, { deployment_status: "paused", deployment: { cache_ttl_behavior: "whatever" } }]) {
      const { client, events } = imgixWith(json({ data: { id: "s", type: "sources", attributes } }));
      await client.sources.get("s");
      assert.deepEqual(events.filter(({ type }) => type === "drift"), []);
    }
  });

  test('`responseCheck: "error"` makes it an error that names each field', async () => {
    const { client } = imgixWith(json(document), { responseCheck: "error" });
    const error = await failure(client.sources.get("s"));
    expectError(error, "UnreadableResponseError", { code: "drift", status: 200, sent: true, outcome: "none" });
    assert.deepEqual(error.problems.map(({ field }) => field).sort(), [...PATHS].sort());
    expectError(await failure(client.sources.update("s", { name: "n" })), "UnreadableResponseError", { outcome: "unknown" });
    assert.ok(await imgixWith(json(IMGIX_SOURCE), { responseCheck: "error" }).client.sources.get("s"));
    const silent = imgixWith(json(document), { responseCheck: "error", onEvent: undefined });
    expectError(await failure(silent.client.sources.get("s")), "UnreadableResponseError");
  });

  test('`responseCheck: "off"` looks at nothing but the grammar', async () => {
    const { client, events } = imgixWith(json(document), { responseCheck: "off" });
    assert.deepEqual(await client.sources.get("s"), { ...drifting, id: "s", type: "sources" });
    assert.deepEqual(types(events), ["request", "response", "end"]);
    expectError(await failure(imgixWith(json("{"), { responseCheck: "off" }).client.sources.get("s")), "UnreadableResponseError");
  });

  test("an attribute set of another type altogether", async () => {
    for (const attributes of [null, 7, [], "x"]) {
      const { client, events } = imgixWith(json({ data: { id: "s", type: "sources", attributes } }));
      // Nothing that was sent is lost.
      assert.deepEqual(await client.sources.get("s"), { id: "s", type: "sources", ...(attributes !== null && { attributes }) });
      if (attributes !== null) assert.equal(events.filter(({ type }) => type === "drift").length, 1, String(attributes));
    }
  });

  test("ImageBoss: what might be a wrapper is taken off, with drift", async () => {
    for (const [body, run] of [[{ source: BOSS_SOURCE }, (client) => client.sources.get("s")], [{ sources: [BOSS_SOURCE] }, async (client) => (await client.sources.list()).items[0]]]) {
      const { client, events } = bossWith(json(body));
      assert.deepEqual(await run(client), BOSS_SOURCE);
      assert.equal(events.filter(({ type }) => type === "drift").length, 1);
    }
  });
});
