import assert from "node:assert/strict";
import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { strict } from "./fleet.mjs";
import { dependency, dist, upstream } from "./support.mjs";

const { redisLimiter } = await import(pathToFileURL(`${dist}redis.js`).href);
const FAST = { requests: 4, perMs: 1_000 };
const HOUR = { requests: 60, perMs: 3_600_000 };

/** A real Redis on a socket of its own. */
async function redis(folder) {
  const socket = join(folder, "redis.sock");
  const server = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", folder], { stdio: ["ignore", "pipe", "inherit"] });
  server.on("error", () => {});
  await new Promise((resolve, reject) => {
    server.once("error", () => reject(new Error("redis-server is missing: `apt-get install redis-server`")));
    server.stdout.on("data", (text) => String(text).includes("ready to accept connections") && resolve());
  });
  return { socket, close: async () => (server.kill("SIGKILL"), await once(server, "exit")) };
}

let folder;
let server;
const clients = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "redis-"));
  server = await redis(folder);
});
after(async () => {
  for (const client of clients) await client.disconnect?.();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});
const KINDS = {
  "node-redis": async () => {
    const { createClient } = await dependency("redis");
    const client = createClient({ socket: { path: server.socket } });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  },
  ioredis: async () => {
    const { Redis } = await dependency("ioredis");
    const client = new Redis(server.socket, { lazyConnect: true });
    client.on("error", () => {});
    await client.connect();
    clients.push(client);
    return client;
  },
  "a function": async () => {
    const client = await KINDS["node-redis"]();
    return (command) => client.sendCommand(command);
  },
};
/** Told at once, however far ahead. */
const now = { deadlineMs: 0 };

for (const [kind, connect] of Object.entries(KINDS))
  describe(`with ${kind}`, () => {
    let limiter;
    before(async () => (limiter = redisLimiter(await connect(), `key of ${kind}`)));

    test("slots are those of the sliding log", async () => {
      const waits = [];
      for (let at = 0; at < 125; at++) waits.push(await limiter.reserve("", "hour", HOUR, { ...now }));

      for (const ms of waits.slice(0, 60)) assert.ok(ms <= 500, String(ms));
      for (const [from, to, least] of [[60, 120, 3_600_000], [120, 125, 7_200_000]]) for (const ms of waits.slice(from, to)) assert.ok(ms > least - 60_000 && ms <= least + 3_000, String(ms));
    });

    test("the stricter of two limits holds, and classes and accounts do not count together", async () => {
      for (let at = 0; at < 4; at++) await limiter.reserve("", "a", FAST, { ...now });
      assert.ok((await limiter.reserve("", "a", { requests: 100, perMs: 1_000 }, { ...now })) > 500);
      assert.ok((await limiter.reserve("", "b", FAST, { ...now })) <= 400);
      assert.ok((await redisLimiter(await connect(), "another key").reserve("", `a ${kind}`, FAST, { ...now })) <= 400);
    });
    test("a slot is given back by who took it, and by nobody else", async () => {
      const limit = { requests: 4, perMs: 60_000 };
      const calls = Array.from({ length: 6 }, () => ({ ...now }));
      for (const call of calls) await limiter.reserve("", "back", limit, call);
      await limiter.release("", "back", {});
      await limiter.release("", "back");
      const full = [{ ...now }, { ...now }];
      for (const call of full) assert.ok((await limiter.reserve("", "back", limit, call)) < 64_000);
      const over = { ...now };
      assert.ok((await limiter.reserve("", "back", limit, over)) > 100_000);
      for (const call of [over, calls[4]]) await limiter.release("", "back", call);
      assert.ok((await limiter.reserve("", "back", limit, { ...now })) < 64_000);
    });

    test("a refusal moves those who wait", async () => {
      const limit = { requests: 4, perMs: 3_000 };
      for (let at = 0; at < 4; at++) await limiter.reserve("", "shut", limit, { ...now });
      const waiting = limiter.reserve("", "shut", limit, { deadlineMs: 60_000 });
      await limiter.close("", "shut", 5_000);
      assert.ok((await limiter.reserve("", "shut", limit, { ...now })) > 4_000);
      // The one that was promised a slot after three seconds is told anew.
      const began = performance.now();
      const rest = await waiting;
      assert.ok(performance.now() - began + rest >= 4_300, `${performance.now() - began} + ${rest}`);
    });
  });

test("of the key nothing is in the Redis, and what is over goes away by itself", async () => {
  const client = await KINDS["node-redis"]();
  const keys = await client.sendCommand(["KEYS", "*"]);

  assert.ok(keys.length > 10 && keys.every((key) => !key.includes("key of")), keys.join());
  for (const key of keys) assert.ok(Number(await client.sendCommand(["PTTL", key])) > 0, key);
});

test("what is no client and no key is refused", async () => {
  for (const client of [undefined, null, {}, "redis://localhost"]) assert.throws(() => redisLimiter(client, "k"), TypeError);
  for (const key of [undefined, "", 5]) assert.throws(() => redisLimiter(() => {}, key), TypeError);
});

test("a Redis that is gone fails the call, and slots outlive it", async () => {
  const own = await mkdtemp(join(tmpdir(), "redis-"));
  let there = await redis(own);
  const { createClient } = await dependency("redis");
  const connect = async () => {
    const client = createClient({ socket: { path: there.socket, reconnectStrategy: false } });
    client.on("error", () => {});
    return client.connect();
  };
  try {
    const limiter = redisLimiter(await connect(), "k");
    for (let at = 0; at < 60; at++) await limiter.reserve("", "hour", HOUR, { ...now });
    await there.close();
    await assert.rejects(limiter.reserve("", "hour", HOUR, { ...now }));

    there = await redis(own);
    const again = redisLimiter(await connect(), "k");
    assert.ok((await again.reserve("", "hour", HOUR, { ...now })) > 3_500_000);
    // A Redis that forgets its scripts is told them anew.
    await (await connect()).sendCommand(["SCRIPT", "FLUSH"]);
    assert.ok((await again.reserve("", "hour", HOUR, { ...now })) > 3_500_000);
  } finally {
    await there.close();
    await rm(own, { recursive: true, force: true });
  }
});

test("eight processes keep one limit, and nothing is refused, lost or doubled", async () => {
  // A window in which the start of a process on a busy machine is a small part.
  const limit = { requests: 8, perMs: 8_000 };
  const provider = await upstream();
  const counter = strict(limit);
  provider.set(counter.answer);
  const program = fileURLToPath(new URL("redis.process.mjs", import.meta.url));
  try {
    const told = await Promise.all(
      Array.from({ length: 8 }, async (_, process) => {
        const child = fork(program, [server.socket, `${provider.origin}/api/v1`, String(process), JSON.stringify(limit)]);
        const [[outcome]] = await Promise.all([once(child, "message"), once(child, "exit")]);
        return outcome;
      }),
    );

    assert.deepEqual(told, Array(8).fill({ ok: 3, failed: 0 }));
    assert.deepEqual([counter.refused, counter.times.length, new Set(provider.seen.map(({ body }) => body)).size], [0, 24, 24]);
    assert.ok(counter.worst() <= 8, String(counter.worst()));
  } finally {
    await provider.close();
  }
});

test("the version of Redis is one that the script may rely on", () => {
  const [, major] = /v=(\d+)\./.exec(execFileSync("redis-server", ["--version"], { encoding: "utf8" }));
  assert.ok(Number(major) >= 7);
});
