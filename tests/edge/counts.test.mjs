// How much of each limit is used, as the gateway tells it: held against what the provider was sent, counted here.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import { deploy } from "./deployed.mjs";
import { fleet } from "./fleet.mjs";
import { COMPATIBILITY, dist, JSON_API, KEYS, modulesOf, optionsFor, reply, SECRET, start, upstream } from "./support.mjs";

const { operations } = await import(pathToFileURL(`${dist}index.js`).href);

/** Windows that no machine outlasts, however busy. */
const LONG_MS = 600_000;
const ok = reply(200, { data: { type: "purges", id: "p1" } });
const purge = (at) => ({ headers: JSON_API, body: JSON.stringify({ data: { type: "purges", attributes: { url: `https://a.imgix.net/${at}.jpg` } } }) });
const objectOf = (className) => ({ file: "limits.gateway.worker.mjs", worker: { durableObjects: { RATE_LIMITS: { className, useSQLite: true } } } });
const read = async (gate, more) => {
  const answer = await gate.ask("GET", "/api/limits", more);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const near = (ms, wanted) => assert.ok(ms > wanted - 60_000 && ms <= wanted, `${ms} is not about ${wanted}`);

describe("the object", () => {
  let workers;
  before(async () => (workers = await fleet(1, { className: "Open" })));
  after(() => workers?.close());
  const call = (method, ...args) => workers.direct(method, ...args);
  const four = { requests: 4, perMs: LONG_MS };

  test("who only looks takes no slot, and nothing is written", async () => {
    const limit = { rateClass: "looked-at", ...four };
    const tickets = [];
    for (let at = 0; at < 6; at++) {
      for (let times = 0; times < 20; times++) await call("counts", [limit, { rateClass: "never-asked", ...four }]);
      tickets.push(...(await call("reserve", limit)).slots.map(({ ticket }) => ticket));
    }
    const stored = await call("stored");
    await call("counts", [limit, { rateClass: "never-asked", ...four }]);

    assert.deepEqual(tickets, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(await call("stored"), stored);
    assert.deepEqual(stored.map(({ name }) => name), ["looked-at"]);
    const { "looked-at": counted, "never-asked": never } = await call("counts", [limit, { rateClass: "never-asked", ...four }]);
    assert.deepEqual({ ...counted, nextMs: 0 }, { used: 4, waiting: 2, nextMs: 0 });
    near(counted.nextMs, LONG_MS + 1_000);
    assert.deepEqual(never, { used: 0, waiting: 0, nextMs: 0 });
  });

  test("a slot that is given back counts no more, and one that a refusal moved waits", async () => {
    const limit = { rateClass: "given-back", ...four };
    const slots = [];
    for (let at = 0; at < 3; at++) slots.push(...(await call("reserve", limit)).slots);
    await call("release", "given-back", slots[1].ticket);
    assert.deepEqual(await call("counts", [limit]), { "given-back": { used: 2, waiting: 0, nextMs: 0 } });

    await call("close", "given-back", 300_000);
    const { "given-back": closed } = await call("counts", [limit]);
    assert.equal(closed.used, 2);
    // Then one goes at a time, at half the rate.
    near(closed.nextMs, (2 * (LONG_MS + 1_000)) / 4);
  });

  test("what is about to be heard of is used, not waiting", async () => {
    const limit = { rateClass: "late", ...four };
    await call("reserve", { ...limit, lateMs: 5_000 });

    assert.deepEqual(await call("counts", [limit], 5_000), { late: { used: 1, waiting: 0, nextMs: 0 } });
  });

  test("where too many wait, nobody is promised a time", async () => {
    const limit = { rateClass: "one", requests: 1, perMs: LONG_MS };
    for (let at = 0; at < 2; at++) await call("reserve", limit);
    await call("crowd", "one", "nearly", 19_998);
    await call("crowd", "one", "full", 19_999);

    const { nearly, full } = await call("counts", [{ ...limit, rateClass: "nearly" }, { ...limit, rateClass: "full" }]);
    near(nearly.nextMs, 2 * (LONG_MS + 1_000));
    assert.deepEqual(full, { used: 1, waiting: 19_999, nextMs: null });
    assert.deepEqual((await call("reserve", { ...limit, rateClass: "full" })).slots, []);
  });

  test("what is no question is refused", async () => {
    for (const args of [[], ["x"], [[{ rateClass: "x" }]], [[{ rateClass: "x'", ...four }]], [[{ rateClass: "x", requests: 0, perMs: 1 }]], [[{ rateClass: "x", requests: 1, perMs: 1e12 }]], [[{ rateClass: "x", ...four }], -1], [Array(65).fill({ rateClass: "x", ...four })]])
      await assert.rejects(call("counts", ...args), /RangeError|TypeError/, JSON.stringify(args).slice(0, 100));
  });
});

test("what has been counted outlives the process", async () => {
  const folder = await mkdtemp(join(tmpdir(), "counts-"));
  const limit = { rateClass: "purge", requests: 4, perMs: LONG_MS };
  try {
    for (const used of [1, 2, 3]) {
      const workers = await fleet(1, { persist: folder });
      try {
        await workers.direct("reserve", limit);
        assert.deepEqual((await workers.direct("counts", [limit])).purge, { used, waiting: 0, nextMs: 0 });
      } finally {
        await workers.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("people, programs, other Workers of the account and jobs are counted together, and so is what waits", async () => {
  const up = await upstream(ok);
  const limit = { requests: 12, perMs: LONG_MS };
  const gate = await deploy(up.origin, {
    limits: { purge: limit, default: null },
    // Long enough that who has to wait does so at the gateway.
    options: { waitMs: 2 * LONG_MS },
    workers: [{ name: "other", compatibilityDate: COMPATIBILITY, modulesRoot: dist, modules: modulesOf("limits.worker.mjs"), durableObjects: { RATE_LIMITS: { className: "RateLimits", scriptName: "gateway" } } }],
  });
  const counts = async () => (await read(gate, { token: `${SECRET}-reader` })).providers.imgix.purge;
  const purges = () => up.seen.filter(({ url }) => url.endsWith("/purge")).length;
  try {
    assert.deepEqual(await counts(), { ...limit, used: 0, waiting: 0, nextMs: 0 });
    for (let at = 0; at < 3; at++) assert.equal((await gate.ask("POST", "/api/imgix/purge", purge(at))).status, 200);
    for (let at = 3; at < 5; at++) assert.equal((await gate.ask("POST", "/api/imgix/purge", { ...purge(at), token: `${SECRET}-writer` })).status, 200);
    assert.deepEqual([await counts(), purges()], [{ ...limit, used: 5, waiting: 0, nextMs: 0 }, 5]);

    const other = await gate.flare.getWorker("other");
    const work = { key: KEYS.imgix, calls: ["https://a.imgix.net/6.jpg", "https://a.imgix.net/7.jpg"], options: { baseUrl: `${up.origin}/imgix/api/v1`, limits: { purge: limit }, retries: 0 } };
    assert.deepEqual((await (await other.fetch("http://worker/", { method: "POST", body: JSON.stringify(work) })).json()).outcomes, [{ ok: true }, { ok: true }]);
    assert.deepEqual([await counts(), purges()], [{ ...limit, used: 7, waiting: 0, nextMs: 0 }, 7]);

    const { id } = (await gate.job.create({ provider: "imgix", operation: "purge", items: ["https://a.imgix.net/8.jpg", "https://a.imgix.net/9.jpg", "https://a.imgix.net/10.jpg"] })).json;
    await gate.job.do(id, "start");
    await gate.job.until(id, ({ state }) => state == "done");
    assert.deepEqual([await counts(), purges()], [{ ...limit, used: 10, waiting: 0, nextMs: 0 }, 10]);

    // Two are left, and two more have to wait, one of each caller.
    for (const [at, token] of [SECRET, `${SECRET}-writer`, SECRET, `${SECRET}-writer`].entries()) gate.ask("POST", "/api/imgix/purge", { ...purge(20 + at), token }).catch(() => {});
    let told = await counts();
    for (let times = 0; times < 400 && (told.used + told.waiting < 14 || purges() < 12); times++) {
      await sleep(50);
      told = await counts();
    }
    assert.deepEqual([{ ...told, nextMs: 0 }, purges()], [{ ...limit, used: 12, waiting: 2, nextMs: 0 }, 12]);
    near(told.nextMs, LONG_MS + 1_000);
    assert.equal((await read(gate)).source, "object");
  } finally {
    await gate.close();
    await up.close();
  }
});

describe("a gateway", () => {
  test("tells of every class of the accounts that it holds, and of limits that are not the usual ones", async () => {
    const up = await upstream(reply(200, { data: [] }));
    const gate = await start(optionsFor(up.origin, { limits: { "assets.get": null, default: { requests: 9, perMs: LONG_MS } } }), objectOf("RateLimits"));
    try {
      const { source, providers } = await read(gate);
      assert.equal(source, "object");
      const classes = (provider) => [...new Set(operations().filter((row) => row.provider == provider).map(({ rateClass }) => rateClass))].sort();
      for (const provider of ["imgix", "imageboss"]) assert.deepEqual(Object.keys(providers[provider]).sort(), classes(provider));
      assert.equal(providers.imgix["assets.get"], null);
      assert.deepEqual(providers.imgix["sources.create"], { requests: 60, perMs: 3_600_000, used: 0, waiting: 0, nextMs: 0 });
      await gate.ask("GET", "/api/imgix/sources");
      assert.deepEqual((await read(gate)).providers.imgix.default, { requests: 9, perMs: LONG_MS, used: 1, waiting: 0, nextMs: 0 });
      assert.equal((await read(gate)).providers.imageboss.imageboss.used, 0);
    } finally {
      await gate.close();
      await up.close();
    }
  });

  test("a provider without an account is not among them", async () => {
    const up = await upstream();
    const options = optionsFor(up.origin);
    delete options.providers.imageboss;
    const gate = await start(options, objectOf("RateLimits"));
    try {
      assert.deepEqual(Object.keys((await read(gate)).providers), ["imgix"]);
    } finally {
      await gate.close();
      await up.close();
    }
  });

  test("one that counts for its isolate alone says so", async () => {
    const up = await upstream(reply(200, { data: [] }));
    const limit = { requests: 2, perMs: LONG_MS };
    const gate = await start(optionsFor(up.origin, { limits: { default: limit }, waitMs: 50 }));
    try {
      for (const status of [200, 200, 429]) assert.equal((await gate.ask("GET", "/api/imgix/sources")).status, status);
      const { source, providers } = await read(gate);
      assert.equal(source, "isolate");
      assert.deepEqual({ ...providers.imgix.default, nextMs: 0 }, { ...limit, used: 2, waiting: 0, nextMs: 0 });
      near(providers.imgix.default.nextMs, LONG_MS + 1_000);
    } finally {
      await gate.close();
      await up.close();
    }
  });

  test("whoever is signed in may look, nobody else, and there is nothing to do but to look", async () => {
    const up = await upstream();
    const tokens = [{ name: "tests", secret: SECRET }, { name: "reader", secret: `${SECRET}-reader`, roles: [] }];
    const gate = await start(optionsFor(up.origin, { tokens }), objectOf("RateLimits"));
    const refused = async (status, code, method, path, more) => {
      const answer = await gate.ask(method, path, more);
      assert.deepEqual([answer.status, answer.json.code], [status, code], `${method} ${path}`);
      assert.doesNotMatch(answer.text, /CANARY|"used"|nextMs/);
    };
    try {
      await refused(401, "unauthenticated", "GET", "/api/limits", { token: "" });
      await refused(401, "unauthenticated", "GET", "/api/limits", { token: `${SECRET}-nobody` });
      await refused(403, "origin-refused", "GET", "/api/limits", { headers: { origin: "https://evil.example" } });
      await refused(403, "origin-refused", "GET", "/api/limits", { headers: { "sec-fetch-site": "cross-site" } });
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) await refused(404, "not-found", method, "/api/limits");
      for (const path of ["/api/limits/imgix", "/api/limitsx"]) await refused(404, "not-found", "GET", path);
      await refused(404, "path", "GET", "/api/limits/");
      const { status, text, headers } = await gate.ask("GET", "/api/limits?limit=1", { token: `${SECRET}-reader` });
      assert.deepEqual([status, headers["cache-control"]], [200, "no-store"]);
      assert.doesNotMatch(text, /CANARY|v1:|127\.0\.0\.1/);
      assert.equal(up.seen.length, 0);
    } finally {
      await gate.close();
      await up.close();
    }
  });
});

describe("an object that cannot be asked", () => {
  for (const className of ["Failing", "Silent", "Blind"])
    test(`${className}: it is said`, async () => {
      const up = await upstream(ok);
      const gate = await start(optionsFor(up.origin, { write: true }), objectOf(className));
      try {
        const { status, json, headers, text } = await gate.ask("GET", "/api/limits");
        assert.deepEqual([status, json.code, headers["retry-after"]], [503, "limits-unreachable", "5"]);
        assert.match(json.message, /cannot be reached/);
        assert.doesNotMatch(text, /CANARY|not today|Error/);
      } finally {
        await gate.close();
        await up.close();
      }
    });

  test("that it could not be asked how things stand holds up no write, and makes no read slower", async () => {
    const up = await upstream(ok);
    const gate = await start(optionsFor(up.origin, { write: true, waitMs: 50, limits: { default: { requests: 8, perMs: LONG_MS } } }), objectOf("Blind"));
    try {
      for (let at = 0; at < 8; at++) {
        assert.equal((await gate.ask("GET", "/api/limits")).status, 503);
        assert.equal((await gate.ask("POST", "/api/imgix/purge", purge(at))).status, 200);
        // Alone, the isolate would let one through, an eighth.
        assert.equal((await gate.ask("GET", "/api/imgix/sources")).status, 200);
      }
      assert.equal((await gate.ask("GET", "/api/imgix/sources")).status, 429);
    } finally {
      await gate.close();
      await up.close();
    }
  });
});
