// Jobs while everything happens at once: pauses, kills, connections that break, refusals. Whatever the order, nothing is lost,
// nothing is sent twice that may have happened, and the counts are those of the items.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { deploy } from "./deployed.mjs";
import { reply, upstream } from "./support.mjs";

const LIMITS = { purge: { requests: 60, perMs: 1_000 }, "sources.update": { requests: 60, perMs: 1_000 }, default: { requests: 100, perMs: 1_000 } };

/** Numbers from a seed, so that a run can be repeated: `CHAOS_SEED=5`. */
function randomOf(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

/** Which things happened at the provider, in order, by what they are done to. */
async function provider(random) {
  const happened = new Map();
  const asked = new Map();
  const names = new Map();
  const up = await upstream();
  up.set(async (incoming, response, one) => {
    const target = incoming.method == "POST" ? JSON.parse(one.body).data.attributes.url : incoming.url.split("/").at(-1);
    const source = () => ({ data: { type: "sources", id: target, attributes: { name: names.get(target) ?? "old" } } });
    if (incoming.method == "GET") return reply(200, source())(incoming, response);
    await sleep(random(40));
    const dice = random(100);
    if (dice < 8) return reply(429, { errors: [{ detail: "slow" }] }, { "retry-after": "1" })(incoming, response);
    asked.set(target, (asked.get(target) ?? 0) + 1);
    if (dice < 14) return response.destroy();
    happened.set(target, (happened.get(target) ?? 0) + 1);
    if (incoming.method == "PATCH") names.set(target, JSON.parse(one.body).data.attributes.name);
    if (dice < 20) return response.destroy();
    return reply(200, incoming.method == "PATCH" ? source() : { data: { type: "purges", id: "p" } })(incoming, response);
  });
  return { up, happened, asked, names };
}

const seeds = process.env.CHAOS_SEED ? [Number(process.env.CHAOS_SEED)] : [1, 2];
for (const seed of seeds)
  test(`two jobs, seed ${seed}`, async () => {
    const random = randomOf(seed);
    const folder = await mkdtemp(join(tmpdir(), "chaos-"));
    const { up, happened, asked, names } = await provider(random);
    let here = await deploy(up.origin, { persist: folder, limits: LIMITS });
    try {
      const urls = Array.from({ length: 150 }, (_, at) => `https://a.imgix.net/${at}.jpg`);
      const ids = Array.from({ length: 60 }, (_, at) => `s${at}`);
      const purges = (await here.job.create({ provider: "imgix", operation: "purge", items: urls })).json.id;
      const updates = (await here.job.create({ provider: "imgix", operation: "sources.update", items: ids.map((id) => [id, { name: `new ${id}` }]) })).json.id;
      for (const id of [purges, updates]) await here.job.do(id, "start");
      for (let turn = 0; turn < 14; turn++) {
        await sleep(100 + random(400));
        const id = random(2) ? purges : updates;
        if (turn % 5 == 3) {
          await here.kill();
          here = await deploy(up.origin, { persist: folder, limits: LIMITS });
        } else await here.job.do(id, ["pause", "start", "resume", "start"][random(4)]);
        const { total, planned, sent, ok, failed, unknown } = await here.job.get(id);
        assert.equal(planned + sent + ok + failed + unknown, total);
      }
      for (const id of [purges, updates]) await here.job.do(id, "start");
      const [one, other] = [await here.job.until(purges, ({ state }) => state == "done", "done", 60_000), await here.job.until(updates, ({ state }) => state == "done", "done", 60_000)];

      assert.deepEqual([one.planned, one.sent, one.failed, one.ok + one.unknown], [0, 0, 0, 150]);
      // A purge that may have happened cannot be looked up, so none has left twice.
      for (const url of urls) assert.ok((asked.get(url) ?? 0) <= 1, `${url}: ${asked.get(url)}`);
      for (const { args, state } of await here.job.items(purges)) if (state == "ok") assert.equal(happened.get(args[0]), 1, args[0]);
      // A source can: it is as it was to be, and nothing has happened to it twice.
      assert.deepEqual([other.planned, other.sent, other.failed, other.unknown, other.ok], [0, 0, 0, 0, 60]);
      for (const id of ids) assert.deepEqual([names.get(id), happened.get(id)], [`new ${id}`, 1]);
    } finally {
      await here.close();
      await up.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
