// How often somebody may ask: a guard against floods, by network and by who is signed in.
import assert from "node:assert/strict";
import { test } from "node:test";

import { optionsFor, SECRET, start, upstream } from "./support.mjs";

const LIMITS = { default: null };
const from = (address) => ({ headers: { "cf-connecting-ip": address } });

async function withGate(limit, options, run) {
  const up = await upstream();
  const more = typeof limit == "number" ? { worker: { ratelimits: { CALLERS: { simple: { limit, period: 60 } } } } } : limit;
  const gate = await start(optionsFor(up.origin, { limits: LIMITS, ...options }), { file: "callers.worker.mjs", ...more });
  try {
    await run(gate, up);
  } finally {
    await gate.close();
    await up.close();
  }
}

function refused(answer) {
  assert.deepEqual([answer.status, answer.json.code, answer.headers["retry-after"], answer.headers["cache-control"]], [429, "too-many-requests", "10", "no-store"]);
  assert.match(answer.headers["content-type"], /^application\/json/);
}

test("who asks too often is refused, and nothing is forwarded, whether they may come in or not", async () => {
  await withGate(5, {}, async (gate, up) => {
    for (let at = 0; at < 5; at++) assert.equal((await gate.ask("GET", "/api/imgix/sources", from("192.0.2.1"))).status, 200);
    refused(await gate.ask("GET", "/api/imgix/sources", from("192.0.2.1")));
    // By name too: another network does not help.
    refused(await gate.ask("GET", "/api/imgix/sources", from("192.0.2.2")));
    // Without a sign-in it is the network alone.
    for (let at = 0; at < 5; at++) assert.equal((await gate.ask("GET", "/api/status", { token: "", ...from("192.0.2.3") })).status, 401);
    refused(await gate.ask("GET", "/api/status", { token: "", ...from("192.0.2.3") }));
    refused(await gate.ask("OPTIONS", "/api/status", { token: "", ...from("192.0.2.3") }));
    assert.equal((await gate.ask("GET", "/api/status", { token: "", ...from("192.0.2.4") })).status, 401);

    assert.equal(up.seen.length, 5);
  });
});

test("somebody else is not held up, and a network of version 6 counts as one", async () => {
  await withGate(3, { tokens: [{ name: "tests", secret: SECRET }, { name: "other", secret: `${SECRET}-other` }] }, async (gate) => {
    for (let at = 0; at < 4; at++) await gate.ask("GET", "/api/status", from("192.0.2.1"));
    refused(await gate.ask("GET", "/api/status", from("192.0.2.9")));
    assert.equal((await gate.ask("GET", "/api/status", { token: `${SECRET}-other`, ...from("192.0.2.9") })).status, 200);

    const same = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:0DB8:0000:0001:1:2:3:4"];
    for (const address of same) assert.equal((await gate.ask("GET", "/api/status", { token: "", ...from(address) })).status, 401, address);
    refused(await gate.ask("GET", "/api/status", { token: "", ...from("2001:db8::1:0:0:0:9") }));
    assert.equal((await gate.ask("GET", "/api/status", { token: "", ...from("2001:db8:0:2::1") })).status, 401);
    assert.equal((await gate.ask("GET", "/api/status", { token: "", ...from("::1") })).status, 401);
  });
});

for (const how of ["late", "at once", "with nothing"])
  test(`a counter that fails ${how} holds up nobody, and is not told of`, async () => {
    await withGate({ bindings: { HOW: how } }, {}, async (gate, up) => {
      const { status, text } = await gate.ask("GET", "/api/imgix/sources", from("192.0.2.1"));

      assert.deepEqual([status, text, up.seen.length], [200, "{}", 1]);
    });
  });
