// The deployment of `www`, bundled by wrangler as `npx wrangler deploy` does it, and run in workerd with what its settings say.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

import { ask, KEYS, miniflare, sandboxed, SECRET } from "./support.mjs";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
/** The settings as they stand, without the words between them. */
const settings = JSON.parse(readFileSync(at("www/wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));

let out;
let up;
const flares = [];
before(async () => {
  const { buildConsole } = await import("../../www/build.mjs");
  await buildConsole();
  out = mkdtempSync(join(tmpdir(), "deploy-"));
  const wrangler = join(createRequire(at("target/edge/package.json")).resolve("wrangler/package.json"), "../bin/wrangler.js");
  execFileSync(process.execPath, [wrangler, "deploy", "--config", at("www/wrangler.jsonc"), "--dry-run", "--outdir", out], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", WRANGLER_LOG_PATH: out },
  });
  up = await sandboxed();
});
after(async () => {
  for (const flare of flares) await flare.dispose();
  await up?.close();
  rmSync(out, { recursive: true, force: true });
});

/** Starts what was bundled, with the bindings of the settings and the secrets of the Worker. */
async function run(secrets, more = {}) {
  const types = { ".js": "ESModule", ".wasm": "CompiledWasm" };
  const modules = readdirSync(out).flatMap((name) => {
    const type = types[/\.[a-z]+$/.exec(name)?.[0]];
    return type ? [{ type, path: join(out, name) }] : [];
  });
  const flare = miniflare({
    ...more,
    name: settings.name,
    compatibilityDate: settings.compatibility_date,
    modulesRoot: out,
    modules: modules.sort((one, other) => one.type.localeCompare(other.type) * -1),
    bindings: { ...settings.vars, ...secrets },
    durableObjects: Object.fromEntries(settings.durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: settings.migrations[0].new_sqlite_classes.includes(class_name) }])),
    ratelimits: Object.fromEntries(settings.ratelimits.map(({ name, simple }) => [name, { simple }])),
    assets: { directory: at("www/dist"), binding: settings.assets.binding, routerConfig: { invoke_user_worker_ahead_of_assets: settings.assets.run_worker_first, has_user_worker: true } },
  });
  flares.push(flare);
  const { port } = await flare.ready;
  const asking = (...rest) => ask(Number(port), ...rest);
  return Object.assign(asking, { close: () => flares.splice(flares.indexOf(flare), 1)[0].dispose() });
}

const LIVE = () => ({
  IMGIX_API_KEY: KEYS.imgix, IMGIX_BASE_URL: `${up.origin}/imgix/api/v1`, IMAGEBOSS_API_KEY: KEYS.imageboss, IMAGEBOSS_BASE_URL: `${up.origin}/imageboss/v1`, IMAGEBOSS_IMAGE_BASE_URL: `${up.origin}/images`,
});

describe("the deployment", () => {
  test("as it stands serves the console, and nobody gets at the keys", async () => {
    const ask = await run(LIVE());
    const page = await ask("GET", "/", { token: "" });

    assert.equal(page.status, 200);
    assert.match(page.text, /<!doctype html>/i);
    assert.match(page.headers["content-security-policy"], /default-src 'none'/);
    assert.deepEqual([page.headers["x-content-type-options"], page.headers["referrer-policy"]], ["nosniff", "no-referrer"]);
    const script = /src="\/?([^"]+\.js)"/.exec(page.text)[1];
    assert.equal((await ask("GET", `/${script}`, { token: "" })).status, 200);
    assert.equal((await ask("GET", "/nothing", { token: "" })).status, 404);
    assert.equal((await ask("POST", "/", { token: "" })).status, 405);
    for (const token of ["", SECRET]) assert.equal((await ask("GET", "/api/imgix/sources", { token })).json.code, "not-configured");
    assert.equal(up.seen.length, 0);
  });

  test("with a token reads, and writes and deletes once its settings say so", async () => {
    const reading = await run({ ...LIVE(), GATEWAY_TOKEN: SECRET });
    assert.equal((await reading("GET", "/api/imgix/sources")).status, 200);
    const write = { headers: { "content-type": "application/json" }, body: '{"source":{"source":"deployed","source_type":"url","credential_attributes":{"url":"https://example.com/"}}}' };
    assert.equal((await reading("POST", "/api/imageboss/sources", write)).json.code, "writing-not-allowed");

    const writing = await run({ ...LIVE(), GATEWAY_TOKEN: SECRET, ALLOW_WRITE: "yes" });
    const made = await writing("POST", "/api/imageboss/sources", write);
    assert.ok(made.status < 300, made.text);
    assert.equal((await writing("DELETE", `/api/imageboss/sources/${made.json.id}`)).json.code, "deleting-not-allowed");
    const { json } = await writing("GET", "/api/audit");
    assert.deepEqual(json.entries.map(({ operation, who, outcome }) => [operation, who, outcome]), [["sources.create", "token", "ok"]]);
    assert.deepEqual((await writing("GET", "/api/jobs")).json, { jobs: [] });
  });

  test("lets jobs rest as soon as its settings forbid what they do", async () => {
    const durableObjectsPersist = mkdtempSync(join(tmpdir(), "rest-"));
    const purges = () => up.seen.filter(({ url }) => url.endsWith("/purge")).length;
    const told = async (ask, id) => (await ask("GET", `/api/jobs/${id}`)).json;
    const until = async (ask, id, fits) => {
      for (let at = 0; at < 400; at++) {
        if (fits(await told(ask, id))) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      assert.fail(JSON.stringify(await told(ask, id)));
    };
    const secrets = { ...LIVE(), GATEWAY_TOKEN: SECRET };
    const items = Array.from({ length: 40 }, (_, at) => `https://nordlicht.imgix.net/rest-${at}.jpg`);
    let ask = await run({ ...secrets, ALLOW_WRITE: "yes" }, { durableObjectsPersist });
    try {
      const { id } = (await ask("POST", "/api/jobs", { headers: { "content-type": "application/json" }, body: JSON.stringify({ provider: "imgix", operation: "purge", items }) })).json;
      await ask("POST", `/api/jobs/${id}/start`);
      await until(ask, id, ({ ok }) => ok >= 5);
      await ask.close();

      ask = await run(secrets, { durableObjectsPersist });
      const before = purges();
      assert.equal((await told(ask, id)).state, "running");
      await new Promise((done) => setTimeout(done, 1_500));
      assert.equal(purges(), before);
      await ask.close();

      ask = await run({ ...secrets, ALLOW_WRITE: "yes" }, { durableObjectsPersist });
      await until(ask, id, ({ state }) => state == "done");
      const end = await told(ask, id);
      assert.equal(end.ok + end.unknown, items.length);
      // What was on its way when the first Worker ended may have arrived.
      assert.ok(purges() >= end.ok && purges() <= items.length, String(purges()));
    } finally {
      await ask.close();
      rmSync(durableObjectsPersist, { recursive: true, force: true });
    }
  });

  test("needs nothing that is not in the repository or said in the README", () => {
    const readme = readFileSync(at("README.md"), "utf8");
    for (const name of ["ACCESS_TEAM", "ACCESS_AUDIENCE", "ALLOW_WRITE", "ALLOW_DELETE", "IMGIX_API_KEY", "IMAGEBOSS_API_KEY", "GATEWAY_TOKEN"]) assert.ok(readme.includes(name), name);
    for (const path of [`www/${settings.main}`, `www/${settings.alias["image-sources/cloudflare"]}`]) assert.ok(existsSync(at(path)), path);
  });
});
