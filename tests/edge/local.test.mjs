// What `npm start` serves: the very Worker of the deployment, with the sandbox behind it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { ask, dependency, dist } from "./support.mjs";

const { Miniflare } = await dependency("miniflare");
const { createSandbox } = await import(pathToFileURL(`${dist}sandbox.js`).href);
const { serveWorker } = await import("../../www/local.mjs");

let server;
let sandbox;
before(async () => {
  const { buildConsole } = await import("../../www/build.mjs");
  await buildConsole();
  sandbox = createSandbox();
  server = await serveWorker({ Miniflare, staticDir: fileURLToPath(new URL("../../www/dist", import.meta.url)), sandboxFetch: sandbox.fetch, sandboxFaults: sandbox.faults });
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

test("a port that is taken is said to be", async () => {
  await assert.rejects(serveWorker({ Miniflare, port: server.port, staticDir: ".", sandboxFetch: sandbox.fetch }), { code: "EADDRINUSE" });
});
