// What `npm start` serves: the very Worker of the deployment, with the sandbox behind it.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { workerds } from "./processes.mjs";
import { ask, dist } from "./support.mjs";

const { createSandbox } = await import(pathToFileURL(`${dist}sandbox.js`).href);
const { serveWorker } = await import("../../www/local.mjs");

let server;
let sandbox;
before(async () => {
  const { buildConsole } = await import("../../www/build.mjs");
  await buildConsole();
  sandbox = createSandbox();
  server = await serveWorker({ staticDir: fileURLToPath(new URL("../../www/dist", import.meta.url)), sandboxFetch: sandbox.fetch, sandboxFaults: sandbox.faults });
});
after(() => server?.close());
const get = (path, headers = {}) => ask(server.port, "GET", path, { token: "", headers: { host: `127.0.0.1:${server.port}`, ...headers } });

test("the console is there, and knows that the sandbox stands behind it", async () => {
  assert.match((await get("/")).text, /<!doctype html>/i);
  const { imgix, imageboss, gateway } = (await get("/api/status")).json;
  assert.deepEqual([imgix.mode, imageboss.mode, gateway.who.kind, gateway.may], ["sandbox", "sandbox", "access", { write: true, delete: true, reveal: true, audit: true }]);
});

test("its pages read, write and see what was written in the audit", async () => {
  const own = { origin: `http://127.0.0.1:${server.port}`, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const { json } = await get("/api/imageboss/sources", own);
  assert.ok(json.length > 5 && json.every(({ credentials }) => !credentials.secret_token || credentials.secret_token == "****"));
  const path = `/api/imageboss/sources/${json[0].id}`;
  const changed = await ask(server.port, "PATCH", path, { token: "", headers: { host: `127.0.0.1:${server.port}`, ...own }, body: '{"source":{"credential_attributes":{"bucket":"another-bucket"}}}' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await get("/api/audit")).json.entries[0].target, json[0].id);
  assert.notEqual((await get(path, { "x-reveal-secrets": "1" })).json.credentials.secret_token, "****");
});

test("nothing of what the sandbox holds is taken for its key and masked", async () => {
  const { json } = await get("/api/imgix/sources?page[size]=100");
  const said = JSON.stringify([json, (await get("/api/imageboss/sources")).json].map((answer) => answer.data ?? answer));
  assert.ok(said.includes("Agency sandbox"), "somebody has named a source like that");
  assert.deepEqual(said.match(/[^{,]*\*{4}[^,}]*/g)?.filter((found) => !/key|secret|token|sas|:\/\/\*{4}@/.test(found)) ?? [], []);
});

test("what the sandbox has beside the APIs is there as well, and what it hands out leads back", async () => {
  const [{ id }] = (await get("/api/imgix/sources")).json.data.filter(({ attributes }) => attributes.deployment.allows_upload && attributes.enabled);
  const headers = { host: `127.0.0.1:${server.port}`, origin: `http://127.0.0.1:${server.port}`, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const session = await ask(server.port, "POST", `/api/imgix/sources/${id}/upload-sessions/create/a.png`, { token: "", headers });
  const { url } = session.json.data.attributes;
  assert.ok(url.startsWith(`http://127.0.0.1:${server.port}/storage/`), url);
  assert.equal((await ask(server.port, "PUT", url.slice(url.indexOf("/storage")), { token: "", headers: { ...headers, "content-type": "application/octet-stream" }, body: "bytes" })).status, 200);
  const faults = await ask(server.port, "PUT", "/api/sandbox/faults", { token: "", headers, body: '{"latencyMs":1}' });
  assert.deepEqual([faults.status, (await get("/api/sandbox/faults")).json], [200, { latencyMs: 1 }]);
  assert.equal((await get("/imgix/api/v1/sources", { origin: "https://evil.example" })).status, 403);
});

test("pages of other sites and other names of this address get nothing", async () => {
  assert.equal((await get("/api/imgix/sources", { origin: "https://evil.example" })).status, 403);
  assert.equal((await get("/api/imgix/sources", { "sec-fetch-site": "cross-site" })).status, 403);
  for (const host of ["evil.example", `evil.example:${server.port}`, `127.0.0.1.evil.example:${server.port}`]) assert.equal((await get("/api/imgix/sources", { host })).status, 421, host);
});

test("headers that workerd's own tools read open no way around", async () => {
  const real = `http://127.0.0.1:${server.port}/api/imgix/sources`;
  const evil = { host: `evil.example:${server.port}` };
  for (const headers of [{ "mf-original-url": real }, { "mf-original-url": real, origin: `http://evil.example:${server.port}` }, { "mf-original-url": real.replace("127.0.0.1", "localhost") }])
    assert.equal((await get("/api/imgix/sources", { ...evil, ...headers })).status, 421, JSON.stringify(headers));
  assert.equal((await get("/", { ...evil, "mf-original-url": `http://127.0.0.1:${server.port}/` })).status, 421);
  // Past what signs people in, nobody is signed in.
  for (const more of [{}, evil]) assert.equal((await get("/api/imgix/sources", { ...more, "mf-route-override": "image-sources" })).status, 401);
  assert.equal((await get("/api/imgix/sources", { "cf-access-jwt-assertion": "x", authorization: "Bearer x" })).status, 200);
  assert.ok((await get("/api/imgix/sources", { "mf-proxy-shared-secret": "x" })).status >= 400);
});

test("there is one origin: other names of this machine lead to it", async () => {
  for (const name of ["localhost", "[::1]"]) {
    const { status, headers } = await get("/?q=a%20b", { host: `${name}:${server.port}` });
    assert.deepEqual([status, headers.location], [307, `http://127.0.0.1:${server.port}/?q=a%20b`]);
  }
});

test("whatever the sandbox does wrong comes through as a gateway says it", async () => {
  const told = {
    "500-html": [500, "provider-said"], "502-html": [502, "provider-said"], "503": [503, undefined], status: [403, undefined], redirect: [502, "provider-redirect"],
    reset: [502, "provider-unreachable"], truncate: [502, "provider-unreachable"], empty: [200, undefined], "not-json": [200, undefined], "invalid-utf8": [200, undefined], drift: [200, undefined], slow: [200, undefined], "429": [429, undefined],
  };
  try {
    for (const [kind, [status, code]] of Object.entries(told)) {
      sandbox.faults({ rules: [{ kind, provider: "imgix", ...(kind == "status" && { status: 403 }), ...(kind == "slow" && { delayMs: 100 }) }] });
      const answer = await get("/api/imgix/sources");
      assert.equal(answer.status, status, `${kind}: ${answer.text}`);
      assert.match(answer.headers["content-type"], /json/, kind);
      if (code) assert.equal(answer.json.code, code, kind);
      assert.doesNotMatch(answer.text, /<html|127\.0\.0\.1|\ufffd/i, kind);
    }
  } finally {
    sandbox.faults();
  }
  // Whoever asks the sandbox itself is told as well as a Worker can.
  sandbox.faults({ rules: [{ kind: "reset" }] });
  const direct = await get("/imgix/api/v1/sources", { authorization: "Bearer sandbox" });
  sandbox.faults();
  assert.deepEqual([direct.status, direct.text], [502, "the sandbox broke the connection"]);
});

test("with a key in the environment it is the real account, and the key stays with the Worker", async () => {
  const key = "ak_CANARY_local_key_0123";
  const kept = mkdtempSync(join(tmpdir(), "local-"));
  const { start } = await import("../../pkg-template/tools/start.mjs");
  const live = await start({ port: 0, env: { IMGIX_API_KEY: key }, kept });
  try {
    assert.deepEqual(live.behind.map((line) => /LIVE account, by IMGIX_API_KEY|sandbox/.exec(line)[0]), ["LIVE account, by IMGIX_API_KEY", "sandbox"]);
    const seen = [];
    for (const path of ["/", "/api/status", "/api/imageboss/sources", "/api/audit", "/api/jobs"]) seen.push(await ask(live.port, "GET", path, { token: "" }));
    assert.deepEqual(seen.map(({ status }) => status), [200, 200, 200, 200, 200]);
    assert.deepEqual([seen[1].json.imgix.mode, seen[1].json.imageboss.mode], ["live", "sandbox"]);
    for (const { text, headers } of seen) assert.ok(!(text + JSON.stringify(headers)).includes(key));
    for (const pid of workerds()) assert.ok(!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(key));
    const [folder, ...others] = readdirSync(kept);
    assert.deepEqual([others, statSync(join(kept, folder)).mode & 0o077], [[], 0]);
    const files = readdirSync(kept, { recursive: true }).map((name) => join(kept, name)).filter((path) => statSync(path).isFile());
    assert.ok(files.length > 0);
    for (const path of files) assert.ok(!(path + readFileSync(path)).includes(key), path);
    // Another account finds nothing of this one: no job goes on with another key.
    await (await start({ port: 0, env: { IMGIX_API_KEY: `${key}-other` }, kept })).close();
    assert.equal(readdirSync(kept).length, 2);
  } finally {
    await live.close();
    rmSync(kept, { recursive: true, force: true });
  }
});

test("a port that is taken is said to be, and the next one is tried", async () => {
  const { start } = await import("../../pkg-template/tools/start.mjs");
  const next = await start({ port: server.port, env: {} });
  await next.close();
  assert.ok(next.port > server.port && next.port <= server.port + 20);
  await assert.rejects(serveWorker({ port: server.port, staticDir: ".", sandboxFetch: sandbox.fetch }), { code: "EADDRINUSE" });
});
