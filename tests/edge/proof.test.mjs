// What the whole promises, under load and under fire.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { deploy } from "./deployed.mjs";
import { fleet, strict } from "./fleet.mjs";
import { dist, reply, sandboxed, SECRET, upstream } from "./support.mjs";

const library = await import(pathToFileURL(`${dist}index.js`).href);

/** As many slots as a Worker holds when it is killed are lost, so it does not take all of them in advance. */
const AT_ONCE = 20;

/** Calls of each Worker; the whole is `EDGE_CALLS=500`, which takes some minutes. */
const CALLS = Number(process.env.EDGE_CALLS ?? 20);

test("sixteen Workers, and workerd killed five times meanwhile: nothing lost, nothing doubled, nothing over the limit", async (t) => {
  // Low enough to be reached, however many calls there are: what is never met cannot be kept.
  const limit = { requests: Math.min(5 * CALLS, 400), perMs: 5_000 };
  const provider = await upstream();
  const counter = strict(limit);
  provider.set(counter.answer);
  const folder = await mkdtemp(join(tmpdir(), "proof-"));
  const size = 16;
  const all = Array.from({ length: size }, (_, worker) => Array.from({ length: CALLS }, (_, at) => `https://a.imgix.net/${worker}-${at}.jpg`)).flat();
  // Those that were cut off on their way say nothing yet.
  const asked = () => provider.seen.filter(({ body }) => body).map(({ body }) => JSON.parse(body).data.attributes.url);
  const arrived = () => new Set(asked());
  let open = [...all];
  let kills = 0;
  let workers;
  try {
    while (open.length) {
      workers = await fleet(size, { persist: folder });
      const options = { baseUrl: `${provider.origin}/api/v1`, limits: { purge: limit }, retries: 0, deadlineMs: 120_000 };
      const share = Math.ceil(open.length / size);
      const running = workers.names.map((name, worker) => workers.run(name, { calls: open.slice(worker * share, (worker + 1) * share), atOnce: AT_ONCE, options }));
      for (const one of running) one.catch(() => {});
      if (kills < 5) {
        const goal = Math.floor((all.length * (kills + 1)) / 7);
        while (arrived().size < goal) await new Promise((done) => setTimeout(done, 20));
        kills++;
        await workers.kill();
      } else {
        for (const { outcomes } of await Promise.all(running)) for (const outcome of outcomes) assert.deepEqual(outcome, { ok: true });
        await workers.close();
      }
      // Whoever runs calls looks what has arrived before it sends anything again; what left before the end may still be on its way.
      await provider.settled();
      const there = arrived();
      open = all.filter((url) => !there.has(url));
    }
    assert.equal(kills, 5);
    assert.deepEqual([arrived().size, asked().length, counter.refused], [all.length, all.length, 0]);
    assert.ok(counter.worst() <= limit.requests, String(counter.worst()));
    t.diagnostic(`${all.length} calls in ${((counter.times.at(-1) - counter.times[0]) / 1000).toFixed(0)} s, worst window ${counter.worst()} of ${limit.requests}`);
  } finally {
    await workers.kill();
    await provider.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("a job of 100,000 purges is planned with its time, goes on at once, and holds no more memory than one of 20,000", async (t) => {
  const up = await upstream(reply(200, { data: { type: "purges", id: "1" } }));
  const here = await deploy(up.origin);
  const planned = async (count) => {
    const lines = Array.from({ length: count }, (_, at) => JSON.stringify(`https://example.imgix.net/some/path/of/pictures/number-${at}.jpg`)).join("\n");
    const made = await here.ask("POST", "/api/jobs?provider=imgix&operation=purge", { headers: { "content-type": "application/x-ndjson" }, body: lines });
    assert.equal(made.status, 201, made.text);
    assert.equal((await here.job.items(made.json.id)).length, count);
    return made.json;
  };
  try {
    const empty = here.memory();
    await planned(20_000);
    const before = here.memory();
    const { id, total, etaMs, state } = await planned(100_000);
    const grown = here.memory() - before;
    // 10,000 windows of one second and its margin, of which the first costs nothing.
    assert.deepEqual([total, etaMs, state, up.seen.length], [100_000, 9_999 * 1_050, "planned", 0]);
    await here.job.do(id, "start");
    await here.job.until(id, ({ ok }) => ok >= 20, "going on");
    // Five times as many items, all of which went in and came out: what is held of them would be seen.
    const [first, more] = [before - empty, grown].map((bytes) => bytes / (1 << 20));
    t.diagnostic(`${first.toFixed(0)} MiB for the first 20,000 items, ${more.toFixed(0)} for 100,000 more`);
    assert.ok(more < Math.max(64, first), `${more.toFixed(0)} MiB`);
    assert.equal((await here.job.do(id, "cancel")).json.state, "cancelled");
  } finally {
    await here.close();
    await up.close();
  }
});

test("two tabs, one job: both start it, both follow it, it runs once", async () => {
  const up = await upstream(reply(200, { data: { type: "purges", id: "1" } }));
  const here = await deploy(up.origin, { limits: { purge: { requests: 20, perMs: 1_000 } } });
  try {
    const { id } = (await here.job.create({ provider: "imgix", operation: "purge", items: Array.from({ length: 60 }, (_, at) => `https://a.imgix.net/${at}.jpg`) })).json;
    const tab = async () => {
      await here.job.do(id, "start");
      return here.job.until(id, ({ state }) => state == "done");
    };
    const [one, other] = await Promise.all([tab(), tab()]);

    assert.deepEqual([one.ok, other.ok, up.seen.length, new Set(up.seen.map(({ body }) => body)).size], [60, 60, 60, 60]);
  } finally {
    await here.close();
    await up.close();
  }
});

test("the package's clients do everything through the gateway, knowing no key", async () => {
  const up = await sandboxed();
  const limits = Object.fromEntries([...new Set(library.operations().map(({ rateClass }) => rateClass))].map((name) => [name, null]));
  const here = await deploy(up.origin, { limits });
  try {
    const access = (provider) => ({
      gateway: { url: `${here.url}/api/${provider}`, token: () => SECRET }, responseCheck: "error",
      limits: Object.fromEntries(library.operations().filter((row) => row.provider === provider).map(({ rateClass }) => [rateClass, null])),
    });
    const [imgix, boss] = [new library.Imgix(access("imgix")), new library.ImageBoss(access("imageboss"))];
    const sources = [];
    for await (const source of imgix.sources.list({ page: { size: 20 }, sort: ["name"] })) sources.push(source);
    assert.ok(sources.length > 20);
    const { id } = sources.find(({ deployment }) => deployment.type == "s3");
    const changed = await imgix.sources.update(id, { deployment: { cache_ttl_error: 77 } });
    // What was read through the gateway to be merged is written as it was: no mask has come into it.
    assert.deepEqual([changed.deployment.cache_ttl_error, changed.deployment.s3_access_key], [77, sources.find((source) => source.id == id).deployment.s3_access_key]);
    assert.equal((await imgix.sources.disable(id)).enabled, false);
    assert.equal((await imgix.sources.enable(id)).enabled, true);
    const uploads = sources.find(({ deployment, enabled }) => deployment.allows_upload && enabled);
    const asset = await imgix.assets.upload(uploads.id, "a folder/ä b.png", new Blob(["bytes"], { type: "image/png" }));
    assert.match(asset.origin_path, /ä b\.png$/);
    assert.equal((await imgix.assets.get(uploads.id, "a folder/ä b.png")).id, asset.id);
    assert.equal((await imgix.assets.update(uploads.id, "a folder/ä b.png", { description: "x" })).description, "x");
    assert.equal((await imgix.purge(`https://${sources[0].deployment.imgix_subdomains[0]}.imgix.net/a.jpg`)).alreadyQueued, false);
    assert.ok((await imgix.reports.list()).items.length >= 0);

    const made = await boss.sources.create({ source: "throughthegateway", source_type: "url", credential_attributes: { url: "https://example.com/" } });
    assert.equal(made.source, "throughthegateway");
    await boss.purge("throughthegateway", "a/b.jpg");
    await boss.sources.delete(made.id);
    await assert.rejects(boss.sources.get(made.id), (error) => error instanceof library.NotFoundError && error.status === 404);
    // What the gateway itself says is told as it says it.
    const reader = new library.Imgix({ gateway: { url: `${here.url}/api/imgix`, token: `${SECRET}-reader` } });
    await assert.rejects(reader.sources.update(id, { name: "x" }), (error) => error instanceof library.PermissionError && /writing needs the role `write`/.test(error.message) && error.outcome == "declined");
    await assert.rejects(new library.Imgix({ gateway: { url: `${here.url}/api/imgix` } }).sources.list(), (error) => error instanceof library.AuthenticationError);
  } finally {
    await here.close();
    await up.close();
  }
});
